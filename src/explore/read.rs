//! Reading a table of factors: text in, factors or every fault out.

use toml::{Table, Value};

use super::{Factor, Factors, Law};

/// A fault of a text: its place in it, what stands there and what is allowed. Whoever read the file adds its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line and column, or the path of keys; empty for the whole.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

impl Fault {
    /// A fault.
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.place.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.place, self.message)
        }
    }
}

/// Distributions and their keys; `weights` alone may be left out.
const LAWS: [(&str, &[&str]); 6] = [
    ("uniform", &["low", "high"]),
    ("loguniform", &["low", "high"]),
    ("triangular", &["low", "mode", "high"]),
    ("normal", &["mean", "sd"]),
    ("lognormal", &["mean", "sd"]),
    ("discrete", &["values", "weights"]),
];

/// Reads factors from TOML: a `[[factor]]` each with `name`, perhaps a `group`, and a `distribution` with its numbers
/// (`uniform` if none is named).
///
/// | distribution | numbers |
/// |---|---|
/// | `uniform`, `loguniform` | `low`, `high` |
/// | `triangular` | `low`, `mode`, `high` |
/// | `normal`, `lognormal` | `mean`, `sd` (of the logarithm for the latter) |
/// | `discrete` | `values`, perhaps `weights` |
///
/// # Errors
/// Every fault: unknown keys, missing or impossible numbers, names that stand twice.
///
/// # Examples
/// ```
/// let text = "[[factor]]\nname = \"x1\"\nlow = -3.14\nhigh = 3.14\n";
/// let factors = boljam::explore::read::factors(text).unwrap();
/// assert_eq!(factors.0[0].law.quantile(0.5), 0.0);
/// ```
pub fn factors(text: &str) -> Result<Factors, Vec<Fault>> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().map_or("", |span| text.get(..span.start).unwrap_or(""));
        let line = before.matches('\n').count() + 1;
        vec![Fault::new(format!("line {line}"), error.message().to_owned())]
    })?;
    let mut faults = Vec::new();
    for key in table.keys().filter(|key| *key != "factor") {
        faults.push(Fault::new(key, "unknown key (known here: factor)"));
    }
    let list = match table.get("factor") {
        Some(Value::Array(list)) if !list.is_empty() => list.as_slice(),
        Some(_) => {
            faults.push(Fault::new("factor", "must be a list of tables: [[factor]]"));
            &[]
        }
        None => {
            faults.push(Fault::new("", "no factor (a [[factor]] for each, with name, low and high)"));
            &[]
        }
    };
    let mut factors = Factors::default();
    for (number, value) in list.iter().enumerate() {
        let named = value.get("name").and_then(Value::as_str).unwrap_or_default();
        let label = if named.is_empty() { (number + 1).to_string() } else { named.to_owned() };
        let place = format!("factor.{label}");
        match value {
            Value::Table(table) => factors.0.extend(factor(table, &place, &mut faults)),
            other => faults.push(Fault::new(place, format!("{other} is not allowed (a table)"))),
        }
    }
    check_names(&factors, &mut faults);
    if faults.is_empty() { Ok(factors) } else { Err(faults) }
}

/// Names stand once, and no group is called as a factor outside of it.
fn check_names(factors: &Factors, faults: &mut Vec<Fault>) {
    for (place, factor) in factors.0.iter().enumerate() {
        if factors.0[..place].iter().any(|f| f.name == factor.name) {
            faults.push(Fault::new(format!("factor.{}", factor.name), "the name stands twice"));
        }
        let namesake = |f: &&Factor| factor.group.as_ref() == Some(&f.name) && f.group != factor.group;
        if let Some(other) = factors.0.iter().find(namesake) {
            let message = format!("'{}' is a factor outside of the group as well", other.name);
            faults.push(Fault::new(format!("factor.{}.group", factor.name), message));
        }
    }
}

/// Reads one factor.
pub(crate) fn factor(table: &Table, place: &str, faults: &mut Vec<Fault>) -> Option<Factor> {
    let before = faults.len();
    let mut keys = Keys { table, place, faults };
    let name = keys.text("name").unwrap_or_else(|| {
        keys.fault("name", "is missing (a text)".to_owned());
        String::new()
    });
    let group = keys.text("group");
    let law = keys.law();
    (faults.len() == before).then(|| law.map(|law| Factor { name, group, law })).flatten()
}

/// A table of a factor, and the faults found in it.
struct Keys<'a> {
    table: &'a Table,
    place: &'a str,
    faults: &'a mut Vec<Fault>,
}

impl Keys<'_> {
    fn fault(&mut self, key: &str, message: String) {
        self.faults.push(Fault::new(format!("{}.{key}", self.place), message));
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.table.get(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            other => {
                self.fault(key, format!("{other} is not allowed (a text in quotes, not empty)"));
                Some(String::new())
            }
        }
    }

    fn law(&mut self) -> Option<Law> {
        let name = self.text("distribution").unwrap_or_else(|| "uniform".to_owned());
        let Some((name, wanted)) = LAWS.iter().find(|law| law.0 == name) else {
            let known = LAWS.map(|law| law.0).join(", ");
            if !name.is_empty() {
                self.fault("distribution", format!("'{name}' is not allowed (known: {known})"));
            }
            return None;
        };
        for key in self.table.keys() {
            if !["name", "group", "distribution"].contains(&key.as_str()) && !wanted.contains(&key.as_str()) {
                let known = wanted.join(", ");
                self.fault(key, format!("unknown key (known here: name, group, distribution, {known})"));
            }
        }
        match *name {
            "normal" | "lognormal" => {
                let (mean, sd) = (self.number("mean"), self.number("sd"));
                self.check(sd > 0.0 || sd.is_nan(), "sd", sd, "a number above 0");
                Some(if *name == "normal" { Law::Normal { mean, sd } } else { Law::LogNormal { mean, sd } })
            }
            "discrete" => self.discrete(),
            _ => {
                let low = self.number("low");
                let mode = if *name == "triangular" { self.number("mode") } else { low };
                let high = self.number("high");
                self.check(
                    high > low || high.is_nan() || low.is_nan(),
                    "high",
                    high,
                    &format!("a number above low, which is {low}"),
                );
                let between = *name != "triangular" || !(mode < low || mode > high);
                self.check(between, "mode", mode, &format!("a number from {low} to {high}"));
                if *name == "loguniform" {
                    self.check(low > 0.0 || low.is_nan(), "low", low, "a number above 0");
                    return Some(Law::LogUniform { low, high });
                }
                let is_uniform = *name == "uniform";
                Some(if is_uniform {
                    Law::Uniform { low, high }
                } else {
                    Law::Triangular { low, mode, high }
                })
            }
        }
    }

    fn discrete(&mut self) -> Option<Law> {
        let values = self.numbers("values")?;
        let weights = if self.table.contains_key("weights") {
            self.numbers("weights")?
        } else {
            vec![1.0; values.len()]
        };
        if weights.len() != values.len() {
            let (w, v) = (weights.len(), values.len());
            self.fault("weights", format!("{w} weights for {v} values"));
        }
        if weights.iter().any(|w| *w <= 0.0) {
            self.fault("weights", "weights must be above 0".to_owned());
        }
        Some(Law::Discrete { values, weights })
    }

    fn check(&mut self, good: bool, key: &str, value: f64, allowed: &str) {
        if !good {
            self.fault(key, format!("{value} is not allowed ({allowed})"));
        }
    }

    /// A finite number; NaN, which no check minds, where there is a fault.
    fn number(&mut self, key: &str) -> f64 {
        match self.table.get(key) {
            None => self.fault(key, "is missing (a number)".to_owned()),
            Some(value) => match finite(value) {
                Some(number) => return number,
                None => self.fault(key, format!("{value} is not allowed (a number)")),
            },
        }
        f64::NAN
    }

    fn numbers(&mut self, key: &str) -> Option<Vec<f64>> {
        let value = self.table.get(key);
        let list: Option<Vec<f64>> =
            value.and_then(Value::as_array).and_then(|list| list.iter().map(finite).collect());
        if list.as_ref().is_none_or(Vec::is_empty) {
            let found = value.map_or_else(|| "is missing".to_owned(), |v| format!("{v} is not allowed"));
            self.fault(key, format!("{found} (a list of numbers)"));
            return None;
        }
        list
    }
}

fn finite(value: &Value) -> Option<f64> {
    let number = value.as_float().or_else(|| value.as_integer().map(|x| x as f64));
    number.filter(|x| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told_at_once() {
        let text = r#"
            seed = 3
            [[factor]]
            name = "a"
            low = 2
            high = 1
            sd = 1
            [[factor]]
            name = "a"
            distribution = "normal"
            mean = "x"
            sd = 0
            [[factor]]
            distribution = "beta"
            [[factor]]
            name = "c"
            distribution = "discrete"
            values = [1, 2]
            weights = [1, 0, 3]
            [[factor]]
            name = "d"
            group = "e"
            distribution = "triangular"
            low = 0
            mode = 4
            high = 3
            [[factor]]
            name = "e"
            distribution = "loguniform"
            low = 0
        "#;
        let told: Vec<String> = factors(text).unwrap_err().iter().map(ToString::to_string).collect();
        let wanted = [
            "seed: unknown key (known here: factor)",
            "factor.a.sd: unknown key (known here: name, group, distribution, low, high)",
            "factor.a.high: 1 is not allowed (a number above low, which is 2)",
            "factor.a.mean: \"x\" is not allowed (a number)",
            "factor.a.sd: 0 is not allowed (a number above 0)",
            "factor.3.name: is missing (a text)",
            "factor.3.distribution: 'beta' is not allowed (known: uniform, loguniform, triangular, normal, lognormal, discrete)",
            "factor.c.weights: 3 weights for 2 values",
            "factor.c.weights: weights must be above 0",
            "factor.d.mode: 4 is not allowed (a number from 0 to 3)",
            "factor.e.high: is missing (a number)",
            "factor.e.low: 0 is not allowed (a number above 0)",
        ];
        for line in wanted {
            assert!(told.iter().any(|t| t == line), "{line} not in\n{}", told.join("\n"));
        }
        assert_eq!(told.len(), wanted.len(), "{}", told.join("\n"));
    }

    #[test]
    fn names_stand_once_and_groups_are_no_factors() {
        let text = "[[factor]]\nname='a'\nlow=0\nhigh=1\n[[factor]]\nname='a'\nlow=0\nhigh=1\ngroup='b'\n\
                    [[factor]]\nname='b'\nlow=0\nhigh=1\n";
        let told = factors(text).unwrap_err();
        assert_eq!(told.len(), 2);
        assert_eq!(told[1].to_string(), "factor.a.group: 'b' is a factor outside of the group as well");
        assert!(factors("x = [").unwrap_err()[0].place == "line 1");
        assert!(factors("").unwrap_err()[0].message.contains("no factor"));
        assert!(factors("factor = 3").unwrap_err()[0].message.contains("[[factor]]"));
    }
}
