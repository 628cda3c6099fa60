//! Where the variance comes from, as a table and in sentences.

use std::fmt::Write as _;

use crate::analyse::Estimate;
use crate::experiment::variance::{
    Part, PartShare, Variance, VarianceShares, in_unit, made, part, percent, quantity, weights,
};
use crate::model::Quantity;
use crate::report::records::Records;
use crate::text::Text;

/// A part that is smaller than this stands in no sentence.
const TOLD: f64 = 0.01;

/// variance.csv: town, year, quantity, part, share, `share_mcse`, total, `total_mcse`, sd, `sd_mcse`, unit, undefined.
pub fn table(shares: &VarianceShares) -> String {
    let mut rows = Records::new(&[
        "town",
        "year",
        "quantity",
        "part",
        "share",
        "share_mcse",
        "total",
        "total_mcse",
        "sd",
        "sd_mcse",
        "undefined",
        "unit",
    ]);
    for town in &shares.towns {
        for (year, quantities) in shares.years.iter().zip(&town.years) {
            for (quantity, variance) in shares.quantities.iter().zip(quantities) {
                let (year, sd) = (year.to_string(), variance.sd);
                for part in &variance.parts {
                    let total = part.total.unwrap_or(Estimate::new(f64::NAN, f64::NAN));
                    rows.row(
                        &[&town.id, &year, &quantity.id, part.part.name()],
                        &[
                            &part.share.value,
                            &part.share.mcse,
                            &total.value,
                            &total.mcse,
                            &sd.value,
                            &sd.mcse,
                            &variance.undefined,
                        ],
                        &[&quantity.unit],
                    );
                }
            }
        }
    }
    rows.finish()
}

/// Sentences about the last year, as Markdown: each town and quantity.
pub fn sentences(text: &Text, shares: &VarianceShares) -> String {
    let last = shares.years.len() - 1;
    let year = shares.years[last].to_string();
    let mut out = format!("# {}\n\n", text.fill("variance.title", &[("year", &year)]));
    let weights = weights(text, shares);
    let values = [("weights", weights), ("made", made(text, shares))];
    let _ = writeln!(out, "{}", text.fill("variance.intro", &values));
    for town in &shares.towns {
        let _ = writeln!(out, "\n## {}\n", text.name(&town.name));
        for (quantity, variance) in shares.quantities.iter().zip(&town.years[last]) {
            let _ = writeln!(out, "- {}", sentence(text, quantity, variance));
        }
    }
    out
}

fn sentence(text: &Text, of: &Quantity, variance: &Variance) -> String {
    let name = quantity(text, of);
    if variance.parts.is_empty() {
        return text.fill("variance.nothing", &[("quantity", &name)]);
    }
    let mut alone: Vec<_> =
        variance.parts.iter().filter(|p| p.total.is_some() && p.share.value >= TOLD).collect();
    alone.sort_by(|a, b| b.share.value.total_cmp(&a.share.value));
    let told = |p: &&PartShare| format!("{} {}", part(text, p.part), percent(text, p.share));
    let parts = text.list(&alone.iter().map(told).collect::<Vec<_>>());
    let interaction = |which: Part| {
        let found = variance.parts.iter().find(|p| p.part == which);
        found.map_or_else(String::new, |p| percent(text, p.share))
    };
    let sd = in_unit(text, variance.sd.value, of);
    let (with, among) = (interaction(Part::WithScenario), interaction(Part::AmongSources));
    let values =
        [("quantity", name.as_str()), ("sd", &sd), ("parts", &parts), ("with", &with), ("among", &among)];
    text.fill("variance.sentence", &values)
}
