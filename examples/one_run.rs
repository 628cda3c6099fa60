//! Replays single runs and picks out the worst of them: what happened on the way?
//!
//! `cargo run --release --example one_run`

use std::error::Error;

use boljam::analyse::class_changes;
use boljam::case::{Case, Source};
use boljam::engine;
use boljam::model::{Model, Options};

fn main() -> Result<(), Box<dyn Error>> {
    let case = Case::load(&Source::embedded(), &[])?;
    let options = Options::select(&case, &["temirtau"], &["inertial"], None)?;
    let model = Model::compile(&case, &options)?;
    let (town, scenario) = (options.town(&case, "temirtau")?, options.scenario(&case, "inertial")?);
    let unemployment = case.drivers.iter().position(|d| d.id == "unemployment").ok_or("no unemployment")?;
    let last = |run: u64| {
        engine::replay(&model, town, scenario, run).years.last().map_or(0.0, |y| y.drivers[unemployment])
    };
    let worst = (0..500).max_by(|a, b| last(*a).total_cmp(&last(*b))).unwrap_or(0);
    let trajectory = engine::replay(&model, town, scenario, worst);
    println!("run {worst} of 500 ends with {:.1} % unemployed in Temirtau:", last(worst));
    for (t, year) in trajectory.years.iter().enumerate() {
        for event in &year.events {
            println!("  {}  {}", model.years[t], case.events[*event].label.en);
        }
        for change in class_changes(&case, &trajectory).iter().filter(|c| c.t == t) {
            let composite = &case.method.composites[change.composite];
            println!(
                "  {}  {} changes class at {:.1}",
                model.years[t], composite.symbol, year.composites[change.composite]
            );
        }
    }
    Ok(())
}
