//! A survey of experts: tables, CSV and JSON of `boljam survey`; its questionnaire; weights from it.

use serde::Serialize;

use super::assessment::Format;
use super::choice::json;
use super::grid::Grid;
use super::records::Records;
use crate::case::Case;
use crate::experiment::survey::{Answers, Consensus, ExpertStanding, agreement, consensus, standing};
use crate::text::Text;

/// Which of the tables a CSV file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurveyTable {
    /// What experts together say: symbol, answers, place, mean_rank, geometric_mean, borda, sd, best, worst, weight.
    Consensus,
    /// Who stands where: expert, answers, correlation, p, apart, w_without, cluster.
    Experts,
}

/// Writes what a survey says; CSV is one table, the others are all of it.
pub fn render(case: &Case, answers: &Answers, which: SurveyTable, format: Format, text: &Text) -> String {
    match (format, which) {
        (Format::Table, _) => table(case, answers, text),
        (Format::Json, _) => json(&[Whole::of(answers)]),
        (Format::Csv, SurveyTable::Consensus) => consensus_csv(&consensus(answers)),
        (Format::Csv, SurveyTable::Experts) => experts_csv(&standing(answers).experts),
    }
}

/// A questionnaire: a row for each sub-indicator with its name and unit, an empty column for an expert.
pub fn template(case: &Case, text: &Text) -> String {
    let mut records = Records::new(&[
        "symbol",
        text.get("survey.question"),
        text.get("table.unit"),
        text.get("survey.expert_column"),
    ]);
    for sub in &case.method.sub_indicators {
        let unit = text.unit(&sub.unit, case.names.get(&sub.unit));
        records.row(&[&sub.symbol, text.name(&sub.label), unit, ""], &[], &[]);
    }
    records.finish()
}

/// Weights of sub-indicators as a file that `boljam choice --weights` reads.
pub fn weights(answers: &Answers) -> String {
    let mut records = Records::new(&["symbol", "weight"]);
    for one in consensus(answers) {
        records.row(&[&one.symbol], &[&one.weight], &[]);
    }
    records.finish()
}

fn or_nan(x: Option<f64>) -> f64 {
    x.unwrap_or(f64::NAN)
}

fn consensus_csv(all: &[Consensus]) -> String {
    let header = [
        "symbol",
        "answers",
        "place",
        "mean_rank",
        "geometric_mean",
        "borda",
        "sd",
        "best",
        "worst",
        "weight",
    ];
    let mut records = Records::new(&header);
    for c in all {
        let (best, worst) = c.ends.unwrap_or((f64::NAN, f64::NAN));
        let (mean, geometric, sd) = (or_nan(c.mean_rank), or_nan(c.geometric_mean), or_nan(c.sd));
        records.row(
            &[&c.symbol],
            &[&c.answers, &c.place, &mean, &geometric, &c.borda, &sd, &best, &worst, &c.weight],
            &[],
        );
    }
    records.finish()
}

fn experts_csv(all: &[ExpertStanding]) -> String {
    let mut records =
        Records::new(&["expert", "answers", "correlation", "p", "apart", "w_without", "cluster"]);
    for e in all {
        let (correlation, p, w) = (or_nan(e.correlation), or_nan(e.p), or_nan(e.w_without));
        records.row(&[&e.expert], &[&e.answers, &correlation, &p, &e.apart, &w, &e.cluster], &[]);
    }
    records.finish()
}

#[derive(Debug, Serialize)]
struct Whole {
    experts: usize,
    w: Option<f64>,
    chi_squared: Option<f64>,
    degrees: Option<usize>,
    p: Option<f64>,
    silhouette: Option<f64>,
    consensus: Vec<One>,
    standing: Vec<Member>,
}

#[derive(Debug, Serialize)]
struct One {
    symbol: String,
    answers: usize,
    place: usize,
    mean_rank: Option<f64>,
    geometric_mean: Option<f64>,
    borda: f64,
    sd: Option<f64>,
    best: Option<f64>,
    worst: Option<f64>,
    weight: f64,
}

#[derive(Debug, Serialize)]
struct Member {
    expert: String,
    answers: usize,
    correlation: Option<f64>,
    p: Option<f64>,
    apart: bool,
    w_without: Option<f64>,
    cluster: usize,
}

impl Whole {
    fn of(answers: &Answers) -> Self {
        let found = agreement(answers);
        let standing = standing(answers);
        let one = |c: Consensus| One {
            symbol: c.symbol,
            answers: c.answers,
            place: c.place,
            mean_rank: c.mean_rank,
            geometric_mean: c.geometric_mean,
            borda: c.borda,
            sd: c.sd,
            best: c.ends.map(|e| e.0),
            worst: c.ends.map(|e| e.1),
            weight: c.weight,
        };
        let expert = |e: ExpertStanding| Member {
            expert: e.expert,
            answers: e.answers,
            correlation: e.correlation,
            p: e.p,
            apart: e.apart,
            w_without: e.w_without,
            cluster: e.cluster,
        };
        Self {
            experts: answers.experts.len(),
            w: found.map(|f| f.w),
            chi_squared: found.map(|f| f.chi_squared),
            degrees: found.map(|f| f.degrees),
            p: found.map(|f| f.p),
            silhouette: standing.silhouette,
            consensus: consensus(answers).into_iter().map(one).collect(),
            standing: standing.experts.into_iter().map(expert).collect(),
        }
    }
}

fn table(case: &Case, answers: &Answers, text: &Text) -> String {
    let count = |n: usize| text.number(n as f64, 0);
    let mut out = match agreement(answers) {
        Some(found) => {
            let p = if found.p < 0.0001 {
                format!("< {}", text.number(0.0001, 4))
            } else {
                text.number(found.p, 4)
            };
            let values = [
                ("experts", count(answers.experts.len())),
                ("w", text.number(found.w, 3)),
                ("chi", text.number(found.chi_squared, 1)),
                ("degrees", count(found.degrees)),
                ("p", p),
            ];
            text.fill("survey.agreement", &values)
        }
        None => text.fill("survey.no_agreement", &[("experts", count(answers.experts.len()))]),
    };
    out.push_str("\n\n");
    let dash = |x: Option<f64>, digits: usize| x.map_or_else(|| "-".to_owned(), |x| text.number(x, digits));
    let heads = [
        "survey.place",
        "survey.symbol",
        "survey.mean_rank",
        "survey.geometric",
        "survey.borda",
        "survey.sd",
        "survey.range",
        "survey.weight",
        "survey.answers",
    ];
    let mut grid = Grid::new(heads.map(|key| text.get(key).to_owned()).to_vec());
    let mut all = consensus(answers);
    all.sort_by_key(|c| c.place);
    for c in &all {
        let label =
            case.method.sub_indicators.iter().find(|s| s.symbol == c.symbol).map(|s| text.name(&s.label));
        let ends = c
            .ends
            .map_or_else(|| "-".to_owned(), |(a, b)| text.range(&text.number(a, 1), &text.number(b, 1)));
        grid.row(vec![
            count(c.place),
            format!("{} {}", c.symbol, label.unwrap_or_default()),
            dash(c.mean_rank, 2),
            dash(c.geometric_mean, 2),
            text.number(c.borda, 1),
            dash(c.sd, 2),
            ends,
            text.number(c.weight, 4),
            count(c.answers),
        ]);
    }
    out.push_str(&grid.render());
    out.push('\n');
    let heads = [
        "survey.expert",
        "survey.answers",
        "survey.correlation",
        "survey.p",
        "survey.w_without",
        "survey.cluster",
    ];
    let mut grid =
        Grid::new(heads.map(|key| text.get(key).to_owned()).into_iter().chain([String::new()]).collect());
    let standing = standing(answers);
    for e in &standing.experts {
        grid.row(vec![
            e.expert.clone(),
            count(e.answers),
            dash(e.correlation, 2),
            dash(e.p, 3),
            dash(e.w_without, 3),
            count(e.cluster),
            if e.apart { text.get("survey.apart").to_owned() } else { String::new() },
        ]);
    }
    out.push_str(&grid.render());
    out.push('\n');
    out.push_str(&match standing.silhouette {
        Some(silhouette) => text.fill("survey.clusters", &[("silhouette", text.number(silhouette, 2))]),
        None => text.get("survey.one_cluster").to_owned(),
    });
    if !answers.empty.is_empty() {
        out.push(' ');
        out.push_str(&text.fill("survey.empty", &[("names", answers.empty.join(", "))]));
    }
    out.push('\n');
    out
}
