//! What a user should know about a case although it is no fault.

/// Something odd that may be meant. Ids, to be looked up for people.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// A driver starts at the edge of its range, where it stays in every run.
    AtEdge {
        /// Id of the town.
        town: String,
        /// Id of the driver.
        driver: String,
        /// Its base value.
        base: f64,
    },
    /// A value or a line of a file that has no effect, is left out, or may be a slip.
    Odd {
        /// The file, relative to the case folder.
        file: String,
        /// Line and column, or the path of keys.
        place: String,
        /// Key of the text that says what is odd.
        what: &'static str,
        /// What the text names, by the name it has there.
        values: Vec<(&'static str, String)>,
    },
    /// A sub-indicator's formula does not give the assessed value in the base year, where runs start.
    FormulaDiffers {
        /// Id of the town.
        town: String,
        /// Symbol of the sub-indicator.
        symbol: String,
        /// Value in the assessment.
        given: f64,
        /// Value of the formula.
        computed: f64,
    },
    /// Two drivers whose regional shares differ, so that their innovations in a town correlate less than listed, by
    /// [`Notice::MATERIAL`] or more.
    SharesDiffer {
        /// Id of the first driver.
        a: String,
        /// Id of the second driver.
        b: String,
        /// Their correlation as listed.
        listed: f64,
        /// Their correlation in a town ([`super::Driver::town_correlation`]).
        realised: f64,
    },
    /// A formula gives no finite number where a plan ends, or with a driver or an input at the end of its scale.
    Undefined {
        /// Id of the town.
        town: String,
        /// Id of the scenario whose plan ends there; none for the ends of scales.
        scenario: Option<String>,
        /// The keys of the formula in method.toml.
        place: String,
        /// The formula and what its names stand for.
        values: String,
    },
}

impl Notice {
    /// A difference between a listed and a realised correlation from which on it is told: less than a sample of 400
    /// could tell from nothing, and a quarter of the weakest correlation that anybody would list.
    pub const MATERIAL: f64 = 0.05;

    /// Id of the town that it is about, where it is about one.
    pub fn town(&self) -> Option<&str> {
        match self {
            Self::AtEdge { town, .. } | Self::FormulaDiffers { town, .. } | Self::Undefined { town, .. } => {
                Some(town)
            }
            Self::SharesDiffer { .. } | Self::Odd { .. } => None,
        }
    }
}
