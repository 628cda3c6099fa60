//! What to run: seed, horizon, towns, scenarios, which uncertainties are drawn.

use crate::case::Case;

/// Which sources of uncertainty are drawn; the others stay at their mean.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uncertainty {
    /// What we do not know about plans: town plans, region plans, long-run prices mu, the price branch.
    pub plan: bool,
    /// Inputs that the source does not print.
    pub inputs: bool,
    /// What varies by itself: innovations, price innovations, region noise, events.
    pub shocks: bool,
    /// Parameters of the drivers of which the case has draws.
    pub parameters: bool,
}

impl Uncertainty {
    /// Everything is drawn but parameters, which stand at the case's values (the default).
    pub const ALL: Self = Self { plan: true, inputs: true, shocks: true, parameters: false };
    /// Nothing is drawn.
    pub const NONE: Self = Self { plan: false, inputs: false, shocks: false, parameters: false };

    /// The uncertainty of a name: `none`, or `plan`, `inputs`, `shocks`, `all` (these three) and `parameters` joined
    /// by `+`.
    ///
    /// # Examples
    /// ```
    /// use boljam::model::Uncertainty;
    /// let some = Uncertainty::parse("plan+shocks").unwrap();
    /// assert_eq!((some.name().as_str(), some.inputs), ("plan+shocks", false));
    /// assert!(Uncertainty::parse("luck").is_none());
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        if name == "none" {
            return Some(Self::NONE);
        }
        let mut some = Self::NONE;
        for part in name.split('+') {
            match part {
                "plan" => some.plan = true,
                "inputs" => some.inputs = true,
                "shocks" => some.shocks = true,
                "parameters" => some.parameters = true,
                "all" => some = Self { parameters: some.parameters, ..Self::ALL },
                _ => return None,
            }
        }
        Some(some)
    }

    /// Its name: `none`, or the parts joined by `+` (`plan+inputs`, `all+parameters`).
    pub fn name(self) -> String {
        let parts = [
            (self.plan, "plan"),
            (self.inputs, "inputs"),
            (self.shocks, "shocks"),
            (self.parameters, "parameters"),
        ];
        match self {
            Self::ALL => "all".to_owned(),
            Self { plan: true, inputs: true, shocks: true, parameters: true } => "all+parameters".to_owned(),
            Self::NONE => "none".to_owned(),
            _ => parts.iter().filter(|p| p.0).map(|p| p.1).collect::<Vec<_>>().join("+"),
        }
    }
}

/// From where a forecast looks ahead: what of the years after the base year is taken as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The base year: events of all later years are chance. Prices are taken as observed all the same.
    Base,
    /// The last year of which the case knows what happened ([`Case::known_until`]): up to then the events of its
    /// chronicle happen and no others. The same as the base year where the case does not say.
    Known,
}

impl Origin {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Base, Self::Known];

    /// Its name: `base`, `known`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Known => "known",
        }
    }

    /// The origin of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.name() == name)
    }
}

/// The place of a town among the towns that are run ([`Options::towns`]), which is not its place in the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunTown(pub usize);

/// The place of a scenario among the scenarios that are run ([`Options::scenarios`]), which is not its place in the
/// case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunScenario(pub usize);

/// What to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Seed of every draw.
    pub seed: u64,
    /// Last simulated year.
    pub horizon: i32,
    /// Indices of the towns to run, ascending.
    pub towns: Vec<usize>,
    /// Indices of the scenarios to run, ascending.
    pub scenarios: Vec<usize>,
    /// What is drawn.
    pub uncertainty: Uncertainty,
    /// From where it looks ahead.
    pub origin: Origin,
    /// Index of a price stress of the case to lay on.
    pub stress: Option<usize>,
}

impl Options {
    /// The case's own seed and horizon, all towns, all scenarios, everything drawn, no stress; from the end of what the
    /// case knows.
    pub fn of(case: &Case) -> Self {
        Self {
            seed: case.seed,
            horizon: case.horizon,
            towns: (0..case.towns.len()).collect(),
            scenarios: (0..case.scenarios.len()).collect(),
            uncertainty: Uncertainty::ALL,
            origin: if case.known_until.is_some() { Origin::Known } else { Origin::Base },
            stress: None,
        }
    }

    /// The same for some towns and scenarios by id, in any order (all where none are named), with a price stress.
    ///
    /// # Errors
    /// [`UnknownId`] naming the first that the case does not have, and those that it has.
    ///
    /// # Examples
    /// ```
    /// use boljam::{case::{Case, Source}, model::Options};
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// let options = Options::select(&case, &["temirtau", "abai"], &[] as &[&str], Some("copper_2008"))?;
    /// assert_eq!((options.towns.len(), options.scenarios.len()), (2, 4));
    /// let unknown = Options::select(&case, &["atlantis"], &["inertial"], None).unwrap_err();
    /// assert!(unknown.to_string().starts_with("no town 'atlantis' in the case (known: abai, balkhash,"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn select(
        case: &Case,
        towns: &[impl AsRef<str>],
        scenarios: &[impl AsRef<str>],
        stress: Option<&str>,
    ) -> Result<Self, UnknownId> {
        let all = Self::of(case);
        let stresses = stress.map(|id| places("stress", &[id], case.stresses.iter().map(|s| s.id.as_str())));
        Ok(Self {
            towns: chosen(all.towns, places("town", towns, case.towns.iter().map(|t| t.id.as_str()))?),
            scenarios: chosen(
                all.scenarios,
                places("scenario", scenarios, case.scenarios.iter().map(|s| s.id.as_str()))?,
            ),
            stress: stresses.transpose()?.and_then(|places| places.first().copied()),
            ..all
        })
    }

    /// A town's place among those that are run.
    ///
    /// # Errors
    /// [`UnknownId`] naming those that are.
    pub fn town(&self, case: &Case, id: &str) -> Result<RunTown, UnknownId> {
        let known = self.towns.iter().map(|t| case.towns[*t].id.as_str());
        Ok(RunTown(places("town", &[id], known)?[0]))
    }

    /// A scenario's place among those that are run.
    ///
    /// # Errors
    /// [`UnknownId`] naming those that are.
    pub fn scenario(&self, case: &Case, id: &str) -> Result<RunScenario, UnknownId> {
        let known = self.scenarios.iter().map(|s| case.scenarios[*s].id.as_str());
        Ok(RunScenario(places("scenario", &[id], known)?[0]))
    }
}

/// An id that is not known, and those that are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {what} '{id}' in the case{} (known: {})", near(id, known), known.join(", "))]
pub struct UnknownId {
    /// What was looked for: `town`, `scenario`, `stress`, `quantity`.
    pub what: &'static str,
    /// The id.
    pub id: String,
    /// Those that are known.
    pub known: Vec<String>,
}

/// What may have been meant: the known id that differs least, if by no more than a letter in four.
fn near(id: &str, known: &[String]) -> String {
    let distance = |k: &&String| strsim::damerau_levenshtein(&id.to_lowercase(), &k.to_lowercase());
    let nearest = known.iter().min_by_key(distance).filter(|k| distance(k) <= 1 + k.len() / 4);
    nearest.map_or_else(String::new, |k| format!(": is it '{k}'?"))
}

/// Places of ids among those that are known: ascending, each once.
///
/// # Errors
/// [`UnknownId`] for the first that is not among them.
pub fn places<'a>(
    what: &'static str,
    ids: &[impl AsRef<str>],
    known: impl Iterator<Item = &'a str>,
) -> Result<Vec<usize>, UnknownId> {
    let known: Vec<&str> = known.collect();
    let place = |id: &str| {
        let unknown =
            || UnknownId { what, id: id.to_owned(), known: known.iter().map(|k| (*k).to_owned()).collect() };
        known.iter().position(|k| *k == id).ok_or_else(unknown)
    };
    let mut places = ids.iter().map(|id| place(id.as_ref())).collect::<Result<Vec<_>, _>>()?;
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

/// All where none are named.
fn chosen(all: Vec<usize>, named: Vec<usize>) -> Vec<usize> {
    if named.is_empty() { all } else { named }
}
