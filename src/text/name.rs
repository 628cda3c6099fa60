//! Names in the three languages of the project.

use serde::{Deserialize, Serialize};

/// What a thing is called in English, Kazakh and Russian.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// English.
    pub en: String,
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
}

impl Name {
    /// A name of which some languages are given: one that is missing is English, else Russian, else Kazakh. None where
    /// none is given.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::Name;
    /// let name = Name::of([None, None, Some("Рудник".to_owned())]).unwrap();
    /// assert_eq!((name.en.as_str(), name.kk.as_str()), ("Рудник", "Рудник"));
    /// ```
    pub fn of([en, kk, ru]: [Option<String>; 3]) -> Option<Self> {
        let usual = en.clone().or_else(|| ru.clone()).or_else(|| kk.clone())?;
        let [en, kk, ru] = [en, kk, ru].map(|text| text.unwrap_or_else(|| usual.clone()));
        Some(Self { en, kk, ru })
    }
}
