//! Assesses one town in the base year and says by how much the choice of scenario hangs on one number.
//!
//! `cargo run --release --example assess_a_town`

use std::error::Error;

use boljam::assess::{self, Reading, Score, Variant};
use boljam::case::{Case, Setting, Source};

fn main() -> Result<(), Box<dyn Error>> {
    for variant in [Variant::PrintedInputs, Variant::RawFractions, Variant::PrintedClasses] {
        let (case, score) = karazhal(&[], variant)?;
        let (value, class, leading) = told(&case, &score, "TDda")?;
        println!("{variant:?}: Karazhal's demographic potential {value:.2} ({class}), leading {leading}");
    }
    for jobs in [0.5, 1.9, 5.3] {
        // Any value of any file can be set.
        let setting = Setting::parse(&format!("assessment.karazhal.TDzhia3.value={jobs}"))?;
        let (case, score) = karazhal(&[setting], Variant::PrintedInputs)?;
        let (value, class, leading) = told(&case, &score, "TDzhia")?;
        println!(
            "jobs created {jobs} % of the region: own investment potential {value:.2} ({class}), leading {leading}"
        );
    }
    Ok(())
}

/// The town's score in a case with some values changed.
fn karazhal(settings: &[Setting], variant: Variant) -> Result<(Case, Score), Box<dyn Error>> {
    let case = Case::load(&Source::embedded(), settings)?;
    let assessment = assess::assess(&case, variant, &Reading::default());
    let town = assessment.towns.into_iter().find(|town| town.id == "karazhal").ok_or("no Karazhal")?;
    Ok((case, town.score))
}

/// Value and class of a composite, and the scenarios that lead.
fn told(case: &Case, score: &Score, symbol: &str) -> Result<(f64, String, String), Box<dyn Error>> {
    let place = case.method.composites.iter().position(|c| c.symbol == symbol).ok_or("no such composite")?;
    let scale = case.method.composites[place].scale.as_deref().unwrap_or_default();
    let class = score.classes[place].map(|c| case.method.levels[scale[c].level].name.en.clone());
    let leaders = score.lead.leaders.iter().map(|s| case.scenarios[*s].name.en.as_str());
    let leaders = leaders.collect::<Vec<_>>().join(", ");
    Ok((score.composites[place], class.unwrap_or_default(), leaders))
}
