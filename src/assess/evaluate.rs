//! Composites from sub-indicators: the method's formulas in their order, with the chosen readings.

use crate::case::Method;
use crate::formula::Formula;

/// Which formula of a composite to use where the source gives several (default: the method's first).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// (index of the composite, index into its alternatives).
    chosen: Vec<(usize, usize)>,
}

/// A reading that the method does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{composite} has no reading '{wanted}' (it has: {known})")]
pub struct UnknownReading {
    /// The composite asked for.
    pub composite: String,
    /// The reading asked for.
    pub wanted: String,
    /// The readings there are.
    pub known: String,
}

impl Reading {
    /// The method's formulas but for one composite, which uses the alternative of that name
    /// (`"TDm"`, `"complement"`).
    ///
    /// # Errors
    /// [`UnknownReading`] when the method has no such composite or alternative.
    pub fn with(method: &Method, composite: &str, alternative: &str) -> Result<Self, UnknownReading> {
        let place = method.composites.iter().position(|c| c.symbol == composite);
        let names = place.map_or(&[][..], |i| &method.composites[i].alternatives);
        match place.zip(names.iter().position(|(name, _)| name == alternative)) {
            Some(choice) => Ok(Self { chosen: vec![choice] }),
            None => Err(UnknownReading {
                composite: composite.to_owned(),
                wanted: alternative.to_owned(),
                known: match names {
                    [] => "none".to_owned(),
                    _ => names.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
                },
            }),
        }
    }

    /// What was chosen: (composite, name of the alternative).
    pub(super) fn names(&self, method: &Method) -> Vec<(String, String)> {
        let name = |&(c, a): &(usize, usize)| {
            let composite = method.composites.get(c)?;
            Some((composite.symbol.clone(), composite.alternatives.get(a)?.0.clone()))
        };
        self.chosen.iter().filter_map(name).collect()
    }

    fn formula<'m>(&self, method: &'m Method, composite: usize) -> &'m Formula {
        let composite_method = &method.composites[composite];
        let chosen = self.chosen.iter().find(|(c, _)| *c == composite);
        let alternative = chosen.and_then(|(_, a)| composite_method.alternatives.get(*a));
        alternative.map_or(&composite_method.formula, |(_, formula)| formula)
    }
}

/// The composites' formulas with their names looked up.
#[derive(Debug, Clone)]
pub struct Evaluator {
    /// Each formula with the places of its names in (sub-indicators, composites so far).
    formulas: Vec<(Formula, Vec<(String, usize)>)>,
}

impl Evaluator {
    /// Looks up the names of a method's formulas.
    pub fn new(method: &Method, reading: &Reading) -> Self {
        let formulas = (0..method.composites.len()).map(|i| {
            let formula = reading.formula(method, i);
            let known = method.sub_indicators.iter().map(|s| &s.symbol);
            let known: Vec<&String> = known.chain(method.composites[..i].iter().map(|c| &c.symbol)).collect();
            let place = |name: &str| Some((name.to_owned(), known.iter().position(|k| *k == name)?));
            (formula.clone(), formula.names().into_iter().filter_map(place).collect())
        });
        Self { formulas: formulas.collect() }
    }

    /// Value of each composite, intermediate ones included. A later formula may use earlier composites.
    pub fn composites(&self, sub_indicators: &[f64]) -> Vec<f64> {
        self.composites_with(sub_indicators, &[])
    }

    /// The same with some composites (index, value) given instead of computed.
    pub(super) fn composites_with(&self, sub_indicators: &[f64], given: &[(usize, f64)]) -> Vec<f64> {
        let mut values = sub_indicators.to_vec();
        for (i, (formula, places)) in self.formulas.iter().enumerate() {
            // A checked case has no unknown names; NaN would show one.
            let value_of = |name: &str| {
                places.iter().find(|(known, _)| known == name).map_or(f64::NAN, |(_, place)| values[*place])
            };
            let given = given.iter().find(|(composite, _)| *composite == i);
            values.push(given.map_or_else(|| formula.eval(&value_of), |(_, value)| *value));
        }
        values.split_off(sub_indicators.len())
    }
}
