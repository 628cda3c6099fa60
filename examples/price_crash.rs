//! How large must a fall of the copper price be before it changes which scenario leads in Balkhash?
//!
//! `cargo run --release --example price_crash`

use std::error::Error;

use boljam::analyse::{self, leader};
use boljam::case::{Case, PriceShock, Source, Stress};
use boljam::engine::Effort;
use boljam::model::Options;

fn main() -> Result<(), Box<dyn Error>> {
    let mut case = Case::load(&Source::embedded(), &[])?;
    let copper = case.commodities.iter().position(|c| c.id == "copper").ok_or("no copper")?;
    println!("fall   leads in 2030 if innovative   share of the lead   mono-profile degree, median");
    for fall in [0.0, 0.2, 0.4, 0.6, 0.8] {
        let shock = PriceShock {
            commodity: copper,
            change: -fall,
            start: 2028,
            years: 3,
            half_life: None,
            path: Vec::new(),
        };
        let mut stress: Stress = case.stresses[0].clone();
        stress.shocks = vec![shock];
        case.stresses = vec![stress];
        let stress = case.stresses[0].id.clone();
        let options = Options {
            horizon: 2030,
            ..Options::select(&case, &["balkhash"], &["innovative"], Some(&stress))?
        };
        let results = analyse::study(&case, &options, Effort::runs(4000), &|_, _| {})?;
        let (place, share) = leader(results.cell("balkhash", "innovative", 2030)?);
        let mono = results.distribution("balkhash", "innovative", 2030, "TDm")?.median();
        println!(
            "{:3.0} %  {:26}  {:5.1} ± {:.1} %         {:5.1} ± {:.1}",
            100.0 * fall,
            results.candidates[place].1.en,
            100.0 * share.value,
            100.0 * share.mcse,
            mono.value,
            mono.mcse
        );
    }
    Ok(())
}
