//! Factors: what is varied, by name, group and distribution.

use super::{Law, Points};

/// Something that is varied.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// Its name, the header of its column.
    pub name: String,
    /// The group it moves with, if any.
    pub group: Option<String>,
    /// Its distribution.
    pub law: Law,
}

/// Factors that move as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Name of the group, or of its only factor.
    pub name: String,
    /// Places of its factors.
    pub members: Vec<usize>,
}

/// All factors of a study, in the order of their columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Factors(pub Vec<Factor>);

impl Factors {
    /// The groups in order of first appearance; a factor without a group is one of its own.
    ///
    /// # Examples
    /// ```
    /// use boljam::explore::{Factor, Factors, Law};
    /// let factor = |name: &str, group: Option<&str>| Factor {
    ///     name: name.to_owned(),
    ///     group: group.map(str::to_owned),
    ///     law: Law::Uniform { low: 0.0, high: 1.0 },
    /// };
    /// let factors = Factors(vec![factor("a", Some("g")), factor("b", None), factor("c", Some("g"))]);
    /// let groups = factors.groups();
    /// assert_eq!(groups[0].members, [0, 2]);
    /// assert_eq!(groups[1].name, "b");
    /// ```
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (place, factor) in self.0.iter().enumerate() {
            let twin = factor.group.as_ref().and_then(|name| {
                let named = |group: &&mut Group| {
                    &group.name == name && self.0[group.members[0]].group.as_ref() == Some(name)
                };
                groups.iter_mut().find(named)
            });
            match twin {
                Some(group) => group.members.push(place),
                None => groups.push(Group {
                    name: factor.group.clone().unwrap_or_else(|| factor.name.clone()),
                    members: vec![place],
                }),
            }
        }
        groups
    }

    /// Names of the factors.
    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(|factor| factor.name.as_str()).collect()
    }

    /// Points of the unit cube as values of the factors.
    pub fn values(&self, unit: &Points) -> Points {
        let rows = unit.rows();
        let value = |row: &[f64]| self.0.iter().zip(row).map(|(f, u)| f.law.quantile(*u)).collect::<Vec<_>>();
        Points::new(self.0.len(), rows.flat_map(value).collect())
    }
}
