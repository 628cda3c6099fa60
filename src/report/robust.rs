//! What is robust, as cards, CSV and JSON.

use std::fmt::Write as _;

use serde_json::json;

use super::assessment::Format;
use super::grid::Grid;
use super::records::Records;
use crate::analyse::Estimate;
use crate::case::Case;
use crate::engine::RunValue;
use crate::experiment::robust::{
    CriterionValues, FactorRegret, Robustness, TownRobustness, criterion_id, is_share,
};
use crate::experiment::run_words;
use crate::explore::robust::Criterion;
use crate::model::Model;
use crate::text::Text;

/// Factors that a card names.
const NAMED: usize = 3;

/// What was found, with what tells it.
#[derive(Debug, Clone, Copy)]
pub struct RobustReport<'a> {
    /// The case.
    pub case: &'a Case,
    /// The model that was asked.
    pub model: &'a Model,
    /// What was found.
    pub found: &'a Robustness,
    /// The language.
    pub text: &'a Text,
}

impl RobustReport<'_> {
    /// In a format.
    ///
    /// # Errors
    /// JSON that cannot be written, which there is none of.
    pub fn render(&self, format: Format) -> Result<String, serde_json::Error> {
        Ok(match format {
            Format::Table => self.cards(),
            Format::Csv => self.csv(),
            Format::Json => self.json()? + "\n",
        })
    }

    /// robust.csv: `town,scenario,criterion,value,mcse,rank`; a town's `kendall_w` has no scenario, and `cost` no error.
    pub fn csv(&self) -> String {
        let mut records = Records::new(&["town", "scenario", "criterion", "value", "mcse", "rank"]);
        for town in &self.found.towns {
            let id = self.case.towns[town.town].id.as_str();
            for (path, scenario) in self.found.scenarios.iter().enumerate() {
                let scenario = self.case.scenarios[*scenario].id.as_str();
                for of in &town.criteria {
                    let e = of.values[path];
                    let name = criterion_id(of.criterion);
                    records.row(&[id, scenario, name], &[&e.value, &e.mcse, &of.ranks[path]], &[]);
                }
                if let Some(cost) = town.costs[path] {
                    records.row(&[id, scenario, "cost"], &[&cost, &f64::NAN, &f64::NAN], &[]);
                }
            }
            let w = town.agreement.map_or(f64::NAN, |agreement| agreement.w);
            records.row(&[id, "", "kendall_w"], &[&w, &f64::NAN, &f64::NAN], &[]);
        }
        records.finish()
    }

    /// `robust_factors.csv`: mean regret where what is drawn is low, middling and high.
    pub fn factors_csv(&self) -> String {
        let mut records = Records::new(&[
            "town",
            "scenario",
            "factor",
            "of_scenario",
            "class",
            "from",
            "to",
            "runs",
            "regret",
            "mcse",
        ]);
        for town in &self.found.towns {
            let id = self.case.towns[town.town].id.as_str();
            for factor in &town.factors {
                let name = factor.column.name(self.case, self.model);
                let own = factor.path.map(|p| self.case.scenarios[self.found.scenarios[p]].id.as_str());
                for (k, class) in factor.classes.iter().enumerate() {
                    let class_name = (k + 1).to_string();
                    for (path, regret) in class.regret.iter().enumerate() {
                        if factor.path.is_some_and(|own| own != path) {
                            continue;
                        }
                        let scenario = self.case.scenarios[self.found.scenarios[path]].id.as_str();
                        records.row(
                            &[id, scenario, &name, own.unwrap_or(""), &class_name],
                            &[&class.range.0, &class.range.1, &class.runs, &regret.value, &regret.mcse],
                            &[],
                        );
                    }
                }
            }
        }
        records.finish()
    }

    fn json(&self) -> Result<String, serde_json::Error> {
        let number = |x: f64| if x.is_finite() { json!(x) } else { json!(null) };
        let town = |town: &TownRobustness| {
            let rows: Vec<serde_json::Value> = town
                .criteria
                .iter()
                .flat_map(|of| {
                    self.found.scenarios.iter().enumerate().map(move |(path, scenario)| {
                        json!({
                            "scenario": self.case.scenarios[*scenario].id,
                            "criterion": criterion_id(of.criterion),
                            "value": number(of.values[path].value),
                            "mcse": number(of.values[path].mcse),
                            "rank": of.ranks[path],
                        })
                    })
                })
                .collect();
            json!({
                "town": self.case.towns[town.town].id,
                "runs": town.runs,
                "undefined": town.undefined,
                "enough": number(town.enough),
                "kendall_w": town.agreement.map(|a| a.w),
                "criteria": rows,
            })
        };
        serde_json::to_string_pretty(&json!({
            "yardstick": self.found.yardstick.name,
            "year": self.found.year,
            "better": if self.found.is_cost { "lower" } else { "higher" },
            "runs": self.found.runs,
            "seed": self.found.seed,
            "towns": self.found.towns.iter().map(town).collect::<Vec<_>>(),
        }))
    }

    /// A card a town.
    fn cards(&self) -> String {
        let (text, found) = (self.text, self.found);
        let better = text.get(if found.is_cost { "robust.lower" } else { "robust.higher" });
        let values = [
            ("yardstick", run_words::thing(text, self.case, self.model, &found.yardstick)),
            ("year", found.year.to_string()),
            ("better", better.to_owned()),
            ("runs", text.number(found.runs as f64, 0)),
            ("seed", found.seed.to_string()),
        ];
        let mut out = text.fill("robust.title", &values);
        out.push('\n');
        for town in &found.towns {
            let _ = write!(out, "\n{}", self.card(town));
        }
        let _ = writeln!(out, "\n{}", text.get("robust.note"));
        out
    }

    fn card(&self, town: &TownRobustness) -> String {
        let text = self.text;
        let name = text.name(&self.case.towns[town.town].name).to_owned();
        let scenarios =
            self.found.scenarios.iter().map(|s| text.name(&self.case.scenarios[*s].name).to_owned());
        let mut grid = Grid::new(std::iter::once(name).chain(scenarios).collect()).right();
        for of in &town.criteria {
            let cells = (0..of.values.len()).map(|path| {
                let rank = text.number(of.ranks[path], usize::from(of.ranks[path].fract() != 0.0));
                format!("{} ({rank})", self.value(of, path))
            });
            grid.row(std::iter::once(self.criterion(of.criterion, town)).chain(cells).collect());
        }
        if town.costs.iter().any(Option::is_some) {
            let cost = |cost: &Option<f64>| cost.map_or_else(|| "-".to_owned(), |cost| text.readable(cost));
            let cells = town.costs.iter().map(cost);
            grid.row(std::iter::once(text.get("robust.cost").to_owned()).chain(cells).collect());
        }
        let mut out = grid.render();
        if let Some(agreement) = town.agreement {
            let _ = writeln!(out, "{}", text.fill("robust.agreement", &[("w", text.number(agreement.w, 2))]));
        }
        if town.undefined > 0 {
            let values = [("runs", text.number(town.undefined as f64, 0))];
            let _ = writeln!(out, "{}", text.fill("robust.undefined", &values));
        }
        for factor in named_factors(town) {
            let _ = writeln!(out, "{}", self.factor(factor));
        }
        out
    }

    /// A criterion in words.
    pub fn criterion(&self, criterion: Criterion, town: &TownRobustness) -> String {
        let text = self.text;
        let name = text.get(&format!("criterion.{}", criterion_id(criterion))).to_owned();
        match criterion {
            Criterion::Satisficing(_) => {
                let enough =
                    run_words::number(text, self.case, self.model, &self.found.yardstick, town.enough);
                let key = if self.found.is_cost { "robust.at_most" } else { "robust.at_least" };
                format!("{name} ({})", text.fill(key, &[("x", enough)]))
            }
            Criterion::Hurwicz(optimism) => format!("{name}, {}", text.number(optimism, 2)),
            _ => name,
        }
    }

    /// A value with 1.96 of its errors; the extremes have none, since no sample bounds them.
    pub fn value(&self, of: &CriterionValues, path: usize) -> String {
        let (text, Estimate { value, mcse, .. }) = (self.text, of.values[path]);
        if is_share(of.criterion) {
            return text.percent_of(&text.number(100.0 * value, 1));
        }
        let extreme = matches!(of.criterion, Criterion::MaxRegret | Criterion::Wald | Criterion::Hurwicz(_));
        let digits = text.readable(value);
        if extreme || mcse.is_nan() { digits } else { format!("{digits} ± {}", text.readable(1.96 * mcse)) }
    }

    /// What regret depends on, in a sentence.
    fn factor(&self, factor: &FactorRegret) -> String {
        let text = self.text;
        let (path, _) = factor.largest_difference();
        let (Some(first), Some(last)) = (factor.classes.first(), factor.classes.last()) else {
            return String::new();
        };
        let regret = |e: Estimate| text.readable(e.value);
        let values = [
            ("scenario", text.name(&self.case.scenarios[self.found.scenarios[path]].name).to_owned()),
            ("factor", run_words::column(text, self.case, self.model, &factor.column)),
            ("low", regret(first.regret[path])),
            ("high", regret(last.regret[path])),
        ];
        let is_event = matches!(factor.column.thing.value, RunValue::Happened(_));
        text.fill(if is_event { "robust.factor_event" } else { "robust.factor" }, &values)
    }
}

/// The factors whose classes differ most in mean regret.
fn named_factors(town: &TownRobustness) -> Vec<&FactorRegret> {
    let mut all: Vec<&FactorRegret> = town.factors.iter().filter(|f| f.classes.len() > 1).collect();
    all.sort_by(|a, b| b.largest_difference().1.abs().total_cmp(&a.largest_difference().1.abs()));
    // A price in several years, or an event under several scenarios, is told once.
    let mut told: Vec<&FactorRegret> = Vec::new();
    for factor in all {
        let is_new = told.iter().all(|known| known.column.thing.value != factor.column.thing.value);
        if is_new && told.len() < NAMED {
            told.push(factor);
        }
    }
    told
}
