//! Every word that people read, in one catalogue a language (src/text/*.toml).

use std::collections::BTreeMap;

use crate::case::Name;

/// A language of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
}

/// The catalogue of one language.
#[derive(Debug, Clone)]
pub struct Text {
    language: Language,
    strings: BTreeMap<String, String>,
}

impl Text {
    /// The catalogue of a language.
    pub fn of(language: Language) -> Self {
        let source = match language {
            Language::En => include_str!("text/en.toml"),
        };
        // A test reads every catalogue, so that this cannot fail in use.
        Self { language, strings: toml::from_str(source).unwrap_or_default() }
    }

    /// A string; the key itself where the catalogue lacks it, which a test excludes.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.strings.get(key).map_or(key, String::as_str)
    }

    /// A string with `{name}` replaced by values.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::En);
    /// assert_eq!(text.fill("caption.runs", &[("runs", "100"), ("seed", "7"), ("version", "0.1.0")]),
    ///            "100 runs, seed 7, boljam 0.1.0");
    /// ```
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut string = self.get(key).to_owned();
        for (name, value) in values {
            string = string.replace(&format!("{{{name}}}"), value);
        }
        string
    }

    /// The name of something in this language.
    pub fn name<'a>(&self, name: &'a Name) -> &'a str {
        match self.language {
            Language::En => &name.en,
        }
    }

    /// A number with so many decimals and thousands apart.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::En);
    /// assert_eq!(text.number(1_234_567.891, 1), "1,234,567.9");
    /// assert_eq!(text.number(-0.04, 1), "0.0");
    /// ```
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
        let mut grouped = String::new();
        for (k, digit) in whole.chars().enumerate() {
            if k > 0 && (whole.len() - k).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let is_zero = plain.chars().all(|c| matches!(c, '0' | '.'));
        let sign = if value < 0.0 && !is_zero { "-" } else { "" };
        fraction.map_or_else(|| format!("{sign}{grouped}"), |f| format!("{sign}{grouped}.{f}"))
    }

    /// A probability as a percentage that claims no more than a finite number of runs can show:
    /// never 0 or 100.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::En);
    /// assert_eq!(text.percent(0.874), "87 %");
    /// assert_eq!(text.percent(0.0004), "below 1 %");
    /// assert_eq!(text.percent(0.9999), "over 99 %");
    /// assert_eq!(text.percent(1.0), "over 99 %");
    /// ```
    pub fn percent(&self, share: f64) -> String {
        let percent = 100.0 * share;
        if percent < 1.0 {
            return self.get("percent.below_one").to_owned();
        }
        if percent > 99.0 {
            return self.get("percent.over_99").to_owned();
        }
        format!("{percent:.0} %")
    }
}
