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
    /// Id of the town that it is about.
    pub fn town(&self) -> &str {
        match self {
            Self::AtEdge { town, .. } | Self::FormulaDiffers { town, .. } | Self::Undefined { town, .. } => {
                town
            }
        }
    }
}
