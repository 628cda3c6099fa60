//! Estimates as people read them, and words that are no stronger than the evidence.

use crate::analyse::{
    Distribution, Estimate, MEDIAN, QUANTILES, Quantity, Results, TRIAL_RUNS, UndefinedQuantity,
};
use crate::case::{Case, Notice};
use crate::text::Text;

/// A share of runs with its margin, as `86.9 ± 0.7 %`; a bound (`< 0.04 %`, `> 99.96 %`) where the margin
/// reaches 0 or 100 %. An exact share has none.
pub(crate) fn percent(text: &Text, e: Estimate) -> String {
    e.percent(text)
}

/// The same as it stands within a sentence, bounds in words.
pub(crate) fn percent_told(text: &Text, e: Estimate) -> String {
    e.percent_told(text)
}

/// A difference with its margin, as `-1.23 ± 0.04`.
pub(crate) fn difference(text: &Text, e: Estimate) -> String {
    text.difference(e.value, 2.0 * e.mcse)
}

/// A number with as many decimals as its size bears.
pub(crate) fn number(text: &Text, x: f64) -> String {
    text.readable(x)
}

/// Median and the range that holds 90 % of runs, as `22.0 (15.1 to 30.4)`.
pub(crate) fn median_and_range(text: &Text, d: &Distribution) -> String {
    let [low, high] = [0.05, 0.95].map(|p| {
        let k = QUANTILES.iter().position(|q| *q == p).unwrap_or(MEDIAN);
        number(text, d.quantiles[k].value)
    });
    let median = number(text, d.quantiles[MEDIAN].value);
    if low == high {
        return median;
    }
    text.fill("number.median", &[("median", &median), ("range", &text.range(&low, &high))])
}

/// That so few runs are a trial.
pub(crate) fn trial(runs: u64, text: &Text) -> String {
    let [runs, least] = [runs, TRIAL_RUNS].map(|n| text.number(n as f64, 0));
    text.fill("report.trial", &[("runs", runs), ("least", least)])
}

/// The unit of a quantity of the case's files as people read it.
pub(crate) fn unit<'a>(text: &'a Text, case: &'a Case, id: &'a str) -> &'a str {
    text.unit(id, case.names.get(id))
}

/// A quantity as it heads a column: its label and its unit.
pub(crate) fn label_with_unit(text: &Text, quantity: &Quantity) -> String {
    let unit = text.unit(&quantity.unit, quantity.unit_name.as_ref());
    format!("{}, {unit}", text.name(&quantity.label))
}

/// What a user should know about a case, or about one town of it, although it is no fault: a sentence each.
pub(crate) fn notices(case: &Case, of: Option<&str>, text: &Text) -> Vec<String> {
    sentences(case, &case.notices, of, text)
}

/// Notices of a case, or those about one town of it: a sentence each.
pub(crate) fn sentences(case: &Case, notices: &[Notice], of: Option<&str>, text: &Text) -> Vec<String> {
    let town = |id: &str| case.town(id).map_or(id.to_owned(), |t| text.name(&case.towns[t].name).to_owned());
    let driver = |id: &String| {
        let known = case.drivers.iter().find(|d| d.id == *id);
        known.map_or_else(|| id.clone(), |d| text.name(&d.label).to_owned())
    };
    let sentence = |notice: &Notice| match notice {
        Notice::AtEdge { town: id, driver: at, base } => {
            let values = [("town", town(id)), ("driver", driver(at)), ("base", number(text, *base))];
            text.fill("notice.at_edge", &values)
        }
        Notice::Odd { file, place, what, values } => {
            let said = text.fill(what, values);
            if place.is_empty() { format!("{file}: {said}") } else { format!("{file}: {place}: {said}") }
        }
        Notice::FormulaDiffers { town: id, symbol, given, computed } => {
            let numbers = [("given", given), ("computed", computed)].map(|(k, x)| (k, text.number(*x, 2)));
            let ids = [("town", town(id)), ("symbol", symbol.clone())];
            text.fill("notice.formula_differs", &[ids, numbers].concat())
        }
        Notice::SharesDiffer { a, b, listed, realised } => {
            let ids = [("a", driver(a)), ("b", driver(b))];
            let numbers = [("listed", listed), ("realised", realised)].map(|(k, x)| (k, text.number(*x, 2)));
            text.fill("notice.shares_differ", &[ids, numbers].concat())
        }
        Notice::Undefined { town: id, scenario, place, values } => {
            let known = scenario.as_ref().and_then(|id| case.scenarios.iter().find(|s| s.id == *id));
            let name = known.map_or("", |s| text.name(&s.name));
            let key = if scenario.is_some() { "notice.undefined_plan" } else { "notice.undefined_end" };
            let town = town(id);
            let values = [
                ("town", town.as_str()),
                ("place", place.as_str()),
                ("values", values.as_str()),
                ("scenario", name),
            ];
            text.fill(key, &values)
        }
    };
    notices.iter().filter(|n| of.is_none_or(|id| n.town() == Some(id))).map(sentence).collect()
}

/// What was undefined in some of the runs, or beyond the range of sums: a sentence each.
pub(crate) fn undefined(results: &Results, text: &Text) -> Vec<String> {
    let town = |id: &str| results.towns.iter().find(|t| t.id == id).map_or("", |t| text.name(&t.name));
    let named = |id: &str| {
        let quantities = results.quantities.iter().map(|q| (q.id.as_str(), &q.label));
        let outcomes = results.first_passages.iter().map(|(id, name)| (id.as_str(), name));
        let mut all = quantities.chain(outcomes);
        all.find(|(known, _)| *known == id).map_or("", |(_, name)| text.name(name))
    };
    let sentence = |undefined: &UndefinedQuantity| {
        let [cases, of] = [undefined.cases, undefined.of].map(|n| text.number(n as f64, 0));
        let names = [("town", town(&undefined.town)), ("quantity", named(&undefined.quantity))];
        let Some((run, scenario, year)) = &undefined.first else {
            return text.fill("undefined.saturated", &names);
        };
        let (run, year) = (run.to_string(), year.to_string());
        let replay = format!("boljam replay --town {} --scenario {scenario} --run {run}", undefined.town);
        let counts = [("cases", cases.as_str()), ("of", &of), ("year", &year), ("replay", &replay)];
        text.fill("undefined.runs", &[names.as_slice(), counts.as_slice()].concat())
    };
    results.undefined.iter().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_double::{distribution, estimate};
    use crate::text::Language;

    fn text() -> Text {
        Text::of(Language::En)
    }

    #[test]
    fn a_share_shows_as_many_digits_as_its_error_allows() {
        let share = |value, mcse| percent(&text(), estimate(value, mcse));
        assert_eq!(share(0.87, 0.006), "87.0 ± 1.2 %");
        assert_eq!(share(0.8689, 0.0034), "86.9 ± 0.7 %");
        assert_eq!(share(0.0042, 0.0004), "0.42 ± 0.08 %");
        assert_eq!(share(1.0, 0.0), "100 %");
    }

    #[test]
    fn a_share_within_its_error_of_none_or_all_is_a_bound() {
        let share = |value, mcse| percent(&text(), estimate(value, mcse));
        assert_eq!(share(0.0, 0.00014), "< 0.03 %");
        assert_eq!(share(0.0001, 0.00015), "< 0.04 %");
        assert_eq!(share(1.0, 0.00014), "> 99.97 %");
        assert_eq!(share(0.9999, 0.00015), "> 99.96 %");
    }

    #[test]
    fn numbers_read_easily() {
        let numbers =
            [12_345_678.4, 1234.4, 99.96, 22.0, 5.123, 0.456, -0.001, -5.13].map(|x| number(&text(), x));
        assert_eq!(numbers, ["12,345,678", "1,234", "100", "22.0", "5.1", "0.46", "0.00", "-5.1"]);
        assert_eq!(median_and_range(&text(), &distribution(20.0)), "20.0 (17.0 to 23.0)");
        assert_eq!(difference(&text(), estimate(-1.234, 0.02)), "-1.23 ± 0.04");
        assert_eq!(difference(&text(), estimate(1234.5, 20.0)), "+1,234 ± 40");
    }
}
