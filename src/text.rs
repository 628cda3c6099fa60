//! Every word that people read, in one catalogue a language (src/text/*.toml).

mod name;

pub use name::Name;

use std::collections::BTreeMap;

/// A language of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::En, Self::Kk, Self::Ru];

    /// Its code of ISO 639-1, which is also its tag in HTML and SVG.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Kk => "kk",
            Self::Ru => "ru",
        }
    }
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
            Language::Kk => include_str!("text/kk.toml"),
            Language::Ru => include_str!("text/ru.toml"),
        };
        // A test reads every catalogue, so that this cannot fail in use.
        Self { language, strings: toml::from_str(source).unwrap_or_default() }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
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
    pub fn fill<V: AsRef<str>>(&self, key: &str, values: &[(&str, V)]) -> String {
        let mut string = self.get(key).to_owned();
        for (name, value) in values {
            string = string.replace(&format!("{{{name}}}"), value.as_ref());
        }
        string
    }

    /// The name of something in this language.
    pub fn name<'a>(&self, name: &'a Name) -> &'a str {
        match self.language {
            Language::En => &name.en,
            Language::Kk => &name.kk,
            Language::Ru => &name.ru,
        }
    }

    /// A unit as people read it: the case's own name of it, else the program's name of the units it knows,
    /// else as the files write it.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::Ru);
    /// assert_eq!(text.unit("percent", None), "%");
    /// assert_eq!(text.unit("persons", None), "чел.");
    /// assert_eq!(text.unit("bushel", None), "bushel");
    /// ```
    pub fn unit<'a>(&'a self, id: &'a str, name: Option<&'a Name>) -> &'a str {
        match (name, id) {
            (Some(name), _) => self.name(name),
            (None, "percent") => self.get("unit.percent"),
            (None, "per thousand") => self.get("unit.per_thousand"),
            (None, "persons") => self.get("unit.persons"),
            (None, "index") => self.get("unit.index"),
            (None, "0 or 100") => self.get("unit.switch"),
            (None, id) => id,
        }
    }

    /// Which parts of the uncertainty are drawn, from their ids joined by `+`.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// assert_eq!(Text::of(Language::En).uncertainty("plan+shocks"), "plans and shocks");
    /// assert_eq!(Text::of(Language::Kk).uncertainty("none"), "ештеңе");
    /// ```
    pub fn uncertainty(&self, ids: &str) -> String {
        let part = |id: &str| {
            let known = match id {
                "all" => self.get("uncertainty.all"),
                "none" => self.get("uncertainty.none"),
                "plan" => self.get("uncertainty.plan"),
                "inputs" => self.get("uncertainty.inputs"),
                "shocks" => self.get("uncertainty.shocks"),
                other => other,
            };
            known.to_owned()
        };
        self.list(&ids.split('+').map(part).collect::<Vec<_>>())
    }

    /// A name as it stands within a sentence: in quotation marks in Kazakh and Russian, where the words
    /// around it would otherwise have to inflect it.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// assert_eq!(Text::of(Language::En).quoted("Inertial"), "Inertial");
    /// assert_eq!(Text::of(Language::Kk).quoted("Инерциялық даму"), "«Инерциялық даму»");
    /// ```
    pub fn quoted(&self, name: &str) -> String {
        self.fill("name.quoted", &[("name", name)])
    }

    /// A number with so many decimals and thousands apart: a comma and a decimal point in English, a
    /// no-break space and a decimal comma in Kazakh and Russian.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::En);
    /// assert_eq!(text.number(1_234_567.891, 1), "1,234,567.9");
    /// assert_eq!(text.number(-0.04, 1), "0.0");
    /// assert_eq!(Text::of(Language::Ru).number(-1_234.56, 1), "-1\u{a0}234,6");
    /// ```
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let (thousands, point) = match self.language {
            Language::En => (',', '.'),
            Language::Kk | Language::Ru => ('\u{a0}', ','),
        };
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
        let mut grouped = String::new();
        for (k, digit) in whole.chars().enumerate() {
            if k > 0 && (whole.len() - k).is_multiple_of(3) {
                grouped.push(thousands);
            }
            grouped.push(digit);
        }
        let is_zero = plain.chars().all(|c| matches!(c, '0' | '.'));
        let sign = if value < 0.0 && !is_zero { "-" } else { "" };
        fraction.map_or_else(|| format!("{sign}{grouped}"), |f| format!("{sign}{grouped}{point}{f}"))
    }

    /// A number with its percent sign.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// assert_eq!(Text::of(Language::En).percent_of("95"), "95 %");
    /// assert_eq!(Text::of(Language::Kk).percent_of("0,5 ± 0,1"), "0,5 ± 0,1\u{a0}%");
    /// ```
    pub fn percent_of(&self, number: &str) -> String {
        self.fill("number.percent", &[("number", number)])
    }

    /// A share with its margin of error, as `86.9 ± 0.7 %`; a bound (`< 0.03 %`, `> 99.97 %`) where the margin
    /// reaches 0 or 100 %. An exact share has none.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::En);
    /// assert_eq!(text.share(0.8689, 0.0068), "86.9 ± 0.7 %");
    /// assert_eq!(text.share(0.0, 0.00028), "< 0.03 %");
    /// assert_eq!(text.share(1.0, 0.0), "100 %");
    /// ```
    pub fn share(&self, share: f64, margin: f64) -> String {
        let (value, margin) = (100.0 * share, 100.0 * margin);
        let number = |x: f64| self.number(x, decimals_for(margin));
        self.percent_of(&if margin <= 0.0 {
            self.number(value, 0)
        } else if value - margin <= 0.0 {
            format!("< {}", number(value + margin))
        } else if value + margin >= 100.0 {
            format!("> {}", number(value - margin))
        } else {
            format!("{} ± {}", number(value), number(margin))
        })
    }

    /// A difference with its margin of error, as `+1.23 ± 0.04`.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// assert_eq!(Text::of(Language::En).difference(1.234, 0.04), "+1.23 ± 0.04");
    /// ```
    pub fn difference(&self, value: f64, margin: f64) -> String {
        let decimals = decimals_for(margin);
        let sign = if value > 0.0 { "+" } else { "" };
        format!("{sign}{} ± {}", self.number(value, decimals), self.number(margin, decimals))
    }

    /// A number with as many decimals as its size bears.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::En);
    /// assert_eq!([1234.4, 22.0, 0.456].map(|x| text.readable(x)), ["1,234", "22.0", "0.46"]);
    /// ```
    pub fn readable(&self, value: f64) -> String {
        let decimals = match value.abs() {
            size if size >= 99.95 => 0,
            size if size >= 0.995 => 1,
            _ => 2,
        };
        self.number(value, decimals)
    }

    /// A range of two numbers that are written out already.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// assert_eq!(Text::of(Language::En).range("4.8", "23.6"), "4.8 to 23.6");
    /// assert_eq!(Text::of(Language::Ru).range("4,8", "23,6"), "4,8–23,6");
    /// assert_eq!(Text::of(Language::Ru).range("-4,8", "-2,6"), "-4,8 … -2,6");
    /// ```
    pub fn range(&self, low: &str, high: &str) -> String {
        // A dash between numbers would read as one more minus.
        let key = if low.starts_with('-') { "number.range_signed" } else { "number.range" };
        self.fill(key, &[("low", low), ("high", high)])
    }

    /// `a`, `a and b`, `a, b and c`.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let items = ["көмір", "мыс", "болат"].map(str::to_owned);
    /// assert_eq!(Text::of(Language::Kk).list(&items), "көмір, мыс және болат");
    /// ```
    pub fn list(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [rest @ .., last] => format!("{}{}{last}", rest.join(", "), self.get("list.and")),
        }
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
    /// assert_eq!(Text::of(Language::Ru).percent(0.0004), "менее 1\u{a0}%");
    /// ```
    pub fn percent(&self, share: f64) -> String {
        let percent = 100.0 * share;
        if percent < 1.0 {
            return self.get("percent.below_one").to_owned();
        }
        if percent > 99.0 {
            return self.get("percent.over_99").to_owned();
        }
        self.percent_of(&format!("{percent:.0}"))
    }
}

/// Decimals that show an error with one digit, six at most; two where there is no error.
fn decimals_for(error: f64) -> usize {
    if error > 0.0 { (-(error / 0.95).log10()).ceil().clamp(0.0, 6.0) as usize } else { 2 }
}
