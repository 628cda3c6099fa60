//! Probe.
use boljam::{
    analyse,
    case::{Case, Source},
    engine::Effort,
    model::Options,
};
fn main() {
    let case = match Case::load(&Source::embedded(), &[]) {
        Ok(c) => c,
        Err(e) => {
            println!("{e}");
            return;
        }
    };
    for n in &case.notices {
        println!("{n}")
    }
    let t = std::time::Instant::now();
    let runs: u64 = std::env::args().nth(1).map_or(10000, |a| a.parse().unwrap());
    let r = analyse::study(&case, &Options::of(&case), Effort::runs(runs), &|_, _| {}).unwrap();
    println!("{:?}", t.elapsed());
    for town in &r.towns {
        for s in &town.scenarios {
            let c = s.years.last().unwrap();
            let m =
                |id: &str| c.quantities[r.quantities.iter().position(|q| q.id == id).unwrap()].quantiles[5];
            let l: Vec<String> = c.lead.iter().map(|e| format!("{:.3}±{:.3}", e.value, e.mcse)).collect();
            println!(
                "{:11}{:16} TDm {:6.2} TDea {:6.2} u {:5.2} unemployed {:7.0} lead {}",
                town.id,
                s.id,
                m("TDm").value,
                m("TDea").value,
                m("unemployment").value,
                m("unemployed").value,
                l.join(" ")
            );
        }
    }
}
