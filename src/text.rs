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
                "parameters" => self.get("uncertainty.parameters"),
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
    /// no-break space and a decimal comma in Kazakh and Russian. What is undefined is said to be.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::En);
    /// assert_eq!(text.number(1_234_567.891, 1), "1,234,567.9");
    /// assert_eq!(text.number(-0.04, 1), "0.0");
    /// assert_eq!(text.number(f64::NAN, 1), "undefined");
    /// assert_eq!(Text::of(Language::Ru).number(-1_234.56, 1), "-1\u{a0}234,6");
    /// ```
    pub fn number(&self, value: f64, decimals: usize) -> String {
        if value.is_nan() {
            return self.get("undefined.number").to_owned();
        }
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

    /// A share with the interval that holds its true value: `86.9 ± 0.7 %`, with the longer arm of the interval; a
    /// bound (`< 0.04 %`, `> 99.96 %`) where that arm reaches 0 or 100 %. What is printed is never narrower than the
    /// interval: ends are rounded outwards. An exact share, whose interval is a point, stands alone.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::En);
    /// assert_eq!(text.share(0.8689, (0.8621, 0.8755)), "86.9 ± 0.7 %");
    /// assert_eq!(text.share(0.515, (0.4989, 0.5310)), "51.5 ± 1.7 %");
    /// assert_eq!(text.share(0.0, (0.0, 0.00036)), "< 0.04 %");
    /// assert_eq!(text.share(1.0, (0.8316, 1.0)), "> 83 %");
    /// assert_eq!(text.share(1.0, (1.0, 1.0)), "100 %");
    /// ```
    pub fn share(&self, share: f64, interval: (f64, f64)) -> String {
        match Claim::of(100.0 * share, (100.0 * interval.0, 100.0 * interval.1)) {
            Claim::Less(bound, decimals) => self.percent_of(&format!("< {}", self.number(bound, decimals))),
            Claim::More(bound, decimals) => self.percent_of(&format!("> {}", self.number(bound, decimals))),
            about @ Claim::About { .. } => self.share_about(&about),
        }
    }

    /// A share as [`Text::share`] has it, its bounds in words, as they stand within a sentence.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// assert_eq!(Text::of(Language::En).share_told(1.0, (0.8316, 1.0)), "more than 83 %");
    /// assert_eq!(Text::of(Language::Kk).share_told(0.0, (0.0, 0.00036)), "0,04\u{a0}%-дан аз");
    /// ```
    pub fn share_told(&self, share: f64, interval: (f64, f64)) -> String {
        let told = |key, bound, decimals| {
            self.fill(key, &[("share", self.percent_of(&self.number(bound, decimals)))])
        };
        match Claim::of(100.0 * share, (100.0 * interval.0, 100.0 * interval.1)) {
            Claim::Less(bound, decimals) => told("percent.less", bound, decimals),
            Claim::More(bound, decimals) => told("percent.more", bound, decimals),
            about @ Claim::About { .. } => self.share_about(&about),
        }
    }

    fn share_about(&self, claim: &Claim) -> String {
        let Claim::About { value, margin, decimals } = *claim else { return String::new() };
        let value = self.number(value, decimals);
        if margin > 0.0 {
            return self.percent_of(&format!("{value} ± {}", self.number(margin, decimals)));
        }
        self.percent_of(&value)
    }

    /// A share where there is little room: in whole percent, and its margin only where that is more than one and a
    /// half points; below one percent and above 99 a bound, as where the interval reaches 0 or 100 %.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let text = Text::of(Language::En);
    /// assert_eq!(text.share_short(0.874, (0.867, 0.881)), "87 %");
    /// assert_eq!(text.share_short(0.874, (0.82, 0.92)), "87 ± 5 %");
    /// assert_eq!(text.share_short(0.0004, (0.0001, 0.001)), "< 1 %");
    /// assert_eq!(text.share_short(1.0, (0.158, 1.0)), "> 15 %");
    /// assert_eq!(text.share_short(1.0, (0.9996, 1.0)), "> 99 %");
    /// ```
    pub fn share_short(&self, share: f64, interval: (f64, f64)) -> String {
        let (value, low, high) = (100.0 * share, 100.0 * interval.0, 100.0 * interval.1);
        if low == high {
            return self.percent_of(&self.number(value, 0));
        }
        let margin = (value - low).max(high - value);
        let whole = |x: f64| self.number(x, 0);
        self.percent_of(&if value - margin <= 0.0 || high <= 1.0 {
            format!("< {}", whole(high.ceil()))
        } else if value + margin >= 100.0 || low >= 99.0 {
            format!("> {}", whole(low.floor()))
        } else if margin <= 1.5 {
            whole(value)
        } else {
            let rounded = value.round();
            format!("{} ± {}", whole(rounded), whole((rounded - low).max(high - rounded).ceil()))
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

    /// A count with its noun in the form that the number asks for: the keys `<key>.one`, `<key>.few` (in Russian 2 to
    /// 4, 22 to 24 ..) and `<key>.many`.
    ///
    /// # Examples
    /// ```
    /// use boljam::text::{Language, Text};
    /// let years = |language, n| Text::of(language).counted("years", n);
    /// assert_eq!([1, 3].map(|n| years(Language::En, n)), ["1 year", "3 years"]);
    /// assert_eq!([1, 3, 5, 11, 21, 22].map(|n| years(Language::Ru, n)),
    ///            ["1 год", "3 года", "5 лет", "11 лет", "21 год", "22 года"]);
    /// assert_eq!([1, 3].map(|n| years(Language::Kk, n)), ["1 жыл", "3 жыл"]);
    /// ```
    pub fn counted(&self, key: &str, n: u64) -> String {
        let form = match (self.language, n % 10, n % 100) {
            (Language::En, ..) if n == 1 => "one",
            (Language::En, ..) | (_, _, 11..=14) => "many",
            (_, 1, _) => "one",
            (_, 2..=4, _) => "few",
            _ => "many",
        };
        self.fill(&format!("{key}.{form}"), &[("n", n.to_string())])
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
}

/// What is printed of a share, in percent.
enum Claim {
    /// An upper bound, and its decimals.
    Less(f64, usize),
    /// A lower bound, and its decimals.
    More(f64, usize),
    /// A value with its margin; 0 where it is exact.
    About { value: f64, margin: f64, decimals: usize },
}

impl Claim {
    fn of(value: f64, (low, high): (f64, f64)) -> Self {
        if low == high {
            return Self::About { value, margin: 0.0, decimals: 0 };
        }
        // One digit of the margin, two where rounding it up to one would widen it by more than a quarter.
        let arm = (value - low).max(high - value);
        let rounded = |decimals: usize| {
            let value = outwards(value, decimals, f64::round);
            (value, outwards((value - low).max(high - value), decimals, f64::ceil))
        };
        let one_digit = decimals_of(arm);
        let is_wide = rounded(one_digit).1 > 1.25 * arm;
        let decimals = if is_wide { one_digit + 1 } else { one_digit };
        let (value, margin) = rounded(decimals);
        if value - margin <= 0.0 {
            let decimals = decimals_of(high);
            Self::Less(outwards(high, decimals, f64::ceil), decimals)
        } else if value + margin >= 100.0 {
            let decimals = decimals_of(100.0 - low);
            Self::More(outwards(low, decimals, f64::floor), decimals)
        } else {
            Self::About { value, margin, decimals }
        }
    }
}

/// Decimals that show one digit of a number, six at most.
fn decimals_of(x: f64) -> usize {
    (-x.log10().floor()).clamp(0.0, 6.0) as usize
}

/// Rounded so to these decimals; what is a round number but for the last bits stays.
fn outwards(x: f64, decimals: usize, round: fn(f64) -> f64) -> f64 {
    let scale = 10_f64.powi(decimals as i32);
    let nearest = (x * scale).round();
    let is_round = (x * scale - nearest).abs() < 1e-7;
    (if is_round { nearest } else { round(x * scale) }) / scale
}

/// Decimals that show an error with one digit, six at most; two where there is no error.
fn decimals_for(error: f64) -> usize {
    if error > 0.0 { (-(error / 0.95).log10()).ceil().clamp(0.0, 6.0) as usize } else { 2 }
}

/// True for a text that a spreadsheet would take for a formula: it begins with `=` or `@`, or with a sign and is
/// neither a number nor made of digits and the marks of printed numbers. In tables an apostrophe stands before it.
pub(crate) fn is_formula(text: &str) -> bool {
    let is_mark = |c: char| c.is_numeric() || ".,; %±‰\u{a0}\u{202f}".contains(c);
    text.starts_with(['=', '@'])
        || text.strip_prefix(['+', '-']).is_some_and(|rest| !rest.chars().all(is_mark))
            && text.parse::<f64>().is_err()
}
