//! Assesses one town in the base year and says by how much the choice of scenario hangs on one number.
//!
//! `cargo run --release --example assess_a_town`

use boljam::assess::{self, Reading, Variant};
use boljam::case::{Case, Setting, Source};
use boljam::report::assessment::{Format, render};
use boljam::text::{Language, Text};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = Text::of(Language::En);
    // The tidy rows of a case with some values changed: any value of any file can be set.
    let rows = |settings: &[Setting], variant: Variant| -> Result<String, boljam::case::Faults> {
        let case = Case::load(&Source::embedded(), settings)?;
        Ok(render(&assess::assess(&case, variant, &Reading::default()), Format::Csv, &text))
    };
    let of = |rows: &str, item: &str| {
        let row = rows.lines().find(|r| r.starts_with("karazhal,") && r.split(',').nth(2) == Some(item));
        row.map(|r| r.split(',').skip(3).take(2).collect::<Vec<_>>().join(" ")).unwrap_or_default()
    };
    for variant in [Variant::PrintedInputs, Variant::RawFractions, Variant::PrintedClasses] {
        let rows = rows(&[], variant)?;
        println!(
            "{:?}: Karazhal's demographic potential {}, leading {}",
            variant,
            of(&rows, "TDda"),
            of(&rows, "leading")
        );
    }
    for jobs in ["0.5", "1.9", "5.3"] {
        let setting = Setting::parse(&format!("assessment.karazhal.TDzhia3.value={jobs}"))?;
        let rows = rows(&[setting], Variant::PrintedInputs)?;
        println!(
            "jobs created {jobs} % of the region: own investment potential {}, leading {}",
            of(&rows, "TDzhia"),
            of(&rows, "leading")
        );
    }
    Ok(())
}
