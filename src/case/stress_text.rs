//! Stresses in one line: `copper=-40%@2027:years=2:fade=3+event.strike@2028+plan.investment=-30%@2028:years=3`.
//!
//! `+` joins parts. A part is a shock to a price, `COMMODITY=CHANGE%@YEAR`, or to a plan, `plan.DRIVER=CHANGE%@YEAR`, with
//! `:years=N` at full size and `:fade=H`, the half-life in years after that: with `years` alone it is over after them, with
//! `fade` alone it begins to fade after a year, with neither it stays; or an event that is made to happen, `event.ID@YEAR`.

use std::fmt;

use super::{Case, ForcedEvent, Link, Name, PlanShock, PriceShock, Stress};

/// Everything that is wrong with a stress in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadStress(pub Vec<String>);

impl fmt::Display for BadStress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for BadStress {}

/// Size, year and course of a shock.
struct Shock {
    change: f64,
    start: i32,
    years: i32,
    half_life: Option<f64>,
    path: Vec<f64>,
}

impl Stress {
    /// Reads a stress in one line; its years lie after the case's base year and up to the horizon.
    ///
    /// # Errors
    /// [`BadStress`]: every fault, with what was given and what is allowed.
    ///
    /// # Examples
    /// ```
    /// use boljam::case::{Case, Source, Stress};
    /// let case = Case::load(&Source::embedded(), &[])?;
    /// let stress = Stress::parse(&case, 2035, "copper=-40%@2027:years=2:fade=3+coal=-20%@2028").unwrap();
    /// let copper = case.commodities.iter().position(|c| c.id == "copper").unwrap();
    /// assert_eq!((stress.shocks.len(), stress.start()), (2, Some(2027)));
    /// assert!((stress.log_price(copper, 2031) - 0.5 * 0.6_f64.ln()).abs() < 1e-15);
    /// let faults = Stress::parse(&case, 2035, "tin=-40%@2027:fade=0").unwrap_err();
    /// assert_eq!(faults.0.len(), 2);
    /// # Ok::<(), boljam::case::Faults>(())
    /// ```
    pub fn parse(case: &Case, horizon: i32, text: &str) -> Result<Self, BadStress> {
        let mut faults = Vec::new();
        let mut stress = Self {
            id: text.to_owned(),
            name: Name { en: String::new(), kk: String::new(), ru: String::new() },
            shocks: Vec::new(),
            events: Vec::new(),
            plans: Vec::new(),
            basis: "as asked".to_owned(),
        };
        let years = (case.base_year + 1, horizon);
        for part in split(text) {
            read_part(case, years, part, &mut stress, &mut faults);
        }
        stress.name = name(case, &stress);
        if faults.is_empty() { Ok(stress) } else { Err(BadStress(faults)) }
    }
}

/// What people call it: its parts, with size and first year.
fn name(case: &Case, stress: &Stress) -> Name {
    let mut parts: Vec<(&Name, Option<f64>, i32)> = Vec::new();
    parts
        .extend(stress.shocks.iter().map(|s| (&case.commodities[s.commodity].name, Some(s.change), s.start)));
    parts.extend(stress.events.iter().map(|e| (&case.events[e.event].label, None, e.year)));
    parts.extend(stress.plans.iter().map(|p| (&case.drivers[p.driver].label, Some(p.change), p.start)));
    let said = |of: &dyn Fn(&Name) -> String, year: &dyn Fn(i32) -> String| {
        let part = |(name, change, start): &(&Name, Option<f64>, i32)| match change {
            Some(change) => format!("{} {:+} % {}", of(name), (1e4 * change).round() / 100.0, year(*start)),
            None => format!("{} {}", of(name), year(*start)),
        };
        parts.iter().map(part).collect::<Vec<_>>().join(" + ")
    };
    Name {
        en: said(&|n| n.en.clone(), &|y| format!("in {y}")),
        kk: said(&|n| n.kk.clone(), &|y| format!("({y})")),
        ru: said(&|n| n.ru.clone(), &|y| format!("({y})")),
    }
}

/// Parts between `+`; one before a digit is a sign.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices('+') {
        let sign = text[at + 1..].starts_with(|c: char| c.is_ascii_digit() || c == '.');
        if !sign {
            parts.push(text[from..at].trim());
            from = at + 1;
        }
    }
    parts.push(text[from..].trim());
    parts
}

fn read_part(case: &Case, years: (i32, i32), part: &str, stress: &mut Stress, faults: &mut Vec<String>) {
    let mut unknown = |what: &str, word: &str, known: Vec<&str>| {
        faults.push(format!("'{part}': no {what} '{word}' in the case (known: {})", known.join(", ")));
    };
    let subject = part.split(['=', '@']).next().unwrap_or_default().trim();
    if let Some(id) = subject.strip_prefix("event.") {
        let place = case.events.iter().position(|e| e.id == id);
        if place.is_none() {
            unknown("event", id, case.events.iter().map(|e| e.id.as_str()).collect());
        }
        let said = part[subject.len()..].trim();
        match said.strip_prefix('@').map(|year| read_year(year, years)) {
            Some(Ok(year)) => stress.events.extend(place.map(|event| ForcedEvent { event, year })),
            Some(Err(fault)) => faults.push(format!("'{part}': {fault}")),
            None => faults.push(format!("'{part}': an event is told as event.ID@YEAR")),
        }
        return;
    }
    if let Some(id) = subject.strip_prefix("plan.") {
        let place = case.drivers.iter().position(|d| d.id == id);
        match place {
            None => unknown("driver", id, case.drivers.iter().map(|d| d.id.as_str()).collect()),
            Some(driver) if case.drivers[driver].link == Link::Identity => faults.push(format!(
                "'{part}': a change in percent of '{id}' has no meaning (only of drivers on a log or logit scale)"
            )),
            Some(_) => {}
        }
        let shock = read_shock(part, subject, years, faults);
        if let (Some(driver), Some(Shock { change, start, years, half_life, path })) = (place, shock) {
            stress.plans.push(PlanShock { driver, change, start, years, half_life, path });
        }
        return;
    }
    let place = case.commodities.iter().position(|c| c.id == subject);
    if place.is_none() && !subject.is_empty() {
        unknown("commodity", subject, case.commodities.iter().map(|c| c.id.as_str()).collect());
    }
    let shock = read_shock(part, subject, years, faults);
    if let (Some(commodity), Some(Shock { change, start, years, half_life, path })) = (place, shock) {
        stress.shocks.push(PriceShock { commodity, change, start, years, half_life, path });
    }
}

/// What stands after the subject: `=CHANGE%@YEAR[:years=N][:fade=H]`. Every fault of it is noted.
fn read_shock(part: &str, subject: &str, span: (i32, i32), faults: &mut Vec<String>) -> Option<Shock> {
    let before = faults.len();
    let mut fault = |message: String| faults.push(format!("'{part}': {message}"));
    let form =
        "a shock is told as NAME=CHANGE%@YEAR[:years=N][:fade=HALF_LIFE], such as copper=-40%@2027:years=2";
    let Some((change, rest)) = part[subject.len()..].trim().strip_prefix('=').and_then(|s| s.split_once('@'))
    else {
        fault(form.to_owned());
        return None;
    };
    let mut rest = rest.split(':');
    let year = rest.next().unwrap_or_default();
    let percent = change.trim().strip_suffix('%').and_then(|x| x.trim().parse::<f64>().ok());
    let allowed = "a percentage from -99 to 10000, such as -40%";
    let change = match percent {
        Some(x) if (-99.0..=10_000.0).contains(&x) => x / 100.0,
        _ => {
            fault(format!("the change '{}' is not allowed ({allowed})", change.trim()));
            0.0
        }
    };
    let start = read_year(year, span).map_err(&mut fault).unwrap_or(span.0);
    let mut shock = Shock { change, start, years: 1, half_life: None, path: Vec::new() };
    let mut ends = false;
    for option in rest {
        match option.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
            Some(("years", value)) => match value.parse::<i32>() {
                Ok(years) if (1..=200).contains(&years) => (shock.years, ends) = (years, true),
                _ => fault(format!("years={value} is not allowed (a whole number from 1 to 200)")),
            },
            Some(("fade", value)) => match value.parse::<f64>() {
                Ok(half) if (0.01..=1000.0).contains(&half) => shock.half_life = Some(half),
                _ => fault(format!("fade={value} is not allowed (a half-life from 0.01 to 1000 years)")),
            },
            _ => fault(format!("'{option}' is not known (known: years=N, fade=HALF_LIFE)")),
        }
    }
    if ends && shock.half_life.is_none() {
        // Over after its years: a path that ends with nothing.
        shock.path = vec![change; shock.years as usize];
        shock.path.push(0.0);
        shock.years += 1;
    }
    (faults.len() == before).then_some(shock)
}

fn read_year(text: &str, (first, last): (i32, i32)) -> Result<i32, String> {
    let text = text.trim();
    let year = text.parse::<i32>().ok().filter(|year| (first..=last).contains(year));
    year.ok_or_else(|| format!("the year '{text}' is not allowed (a year from {first} to {last})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;

    fn faults(text: &str) -> Vec<String> {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        Stress::parse(&case, 2035, text).unwrap_err().0
    }

    #[test]
    fn every_fault_of_a_line_is_told_with_what_is_allowed() {
        assert_eq!(
            faults("tin=-140%@2019:fade=0"),
            [
                "'tin=-140%@2019:fade=0': no commodity 'tin' in the case (known: coal, copper, iron_ore, lead, steel, zinc)",
                "'tin=-140%@2019:fade=0': the change '-140%' is not allowed (a percentage from -99 to 10000, such as -40%)",
                "'tin=-140%@2019:fade=0': the year '2019' is not allowed (a year from 2022 to 2035)",
                "'tin=-140%@2019:fade=0': fade=0 is not allowed (a half-life from 0.01 to 1000 years)",
            ]
        );
        let of = |text: &str, part: &str| {
            let found = faults(text);
            assert!(found.len() == 1 && found[0].contains(part), "{text}: {found:?}");
        };
        of("copper=-40%@2036", "a year from 2022 to 2035");
        of("copper=-40@2027", "the change '-40'");
        of("copper=nan%@2027", "the change 'nan%'");
        of("copper=-40%@2027:years=0", "1 to 200");
        of("copper=-40%@2027:depth=3", "known: years=N");
        of("copper", "a shock is told as");
        of("", "a shock is told as");
        of("event.strike@2028", "known: accident, agglomeration");
        of("event.accident=3", "event.ID@YEAR");
        of("event.accident@1999", "a year from 2022");
        of("plan.luck=-30%@2028", "no driver 'luck'");
        of("plan.net_migration=-30%@2028", "log or logit");
        assert_eq!(faults("tin=-4%@2027+brass=-4%@2027").len(), 2);
    }

    #[test]
    fn parts_are_read_as_they_are_written() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let text = "copper=+20%@2027 + event.accident@2028 + plan.investment=-30%@2028:years=3:fade=2.5";
        let stress = Stress::parse(&case, 2035, text).unwrap();
        assert_eq!((stress.shocks[0].change, stress.shocks[0].half_life), (0.2, None));
        assert_eq!((stress.events[0].year, stress.plans[0].years), (2028, 3));
        assert_eq!(stress.plans[0].half_life, Some(2.5));
        assert_eq!(stress.start(), Some(2027));
        assert_eq!(
            stress.name.en,
            "copper +20 % in 2027 + emergency at the enterprise in 2028 + fixed-capital \
            investment over the region's base total -30 % in 2028"
        );
        // Years alone: over after them. Neither: it stays.
        let log = |text: &str, year: i32| {
            let stress = Stress::parse(&case, 2035, text).unwrap();
            stress.log_price(stress.shocks[0].commodity, year)
        };
        let two = "copper=-40%@2027:years=2";
        assert_eq!(
            [2026, 2027, 2028, 2029, 2035].map(|year| log(two, year) == 0.0),
            [true, false, false, true, true]
        );
        assert_eq!(log("copper=-40%@2027", 2035), log("copper=-40%@2027", 2027));
        let half = log("copper=-40%@2027:fade=1", 2028) / log("copper=-40%@2027", 2027);
        assert!((half - 0.5).abs() < 1e-15);
    }
}
