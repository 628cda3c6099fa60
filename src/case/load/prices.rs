//! Commodities and prices: case.toml, prices.toml, price_history.csv, `price_process.csv`.

use super::super::toml_reader::Node;
use super::super::{Commodity, ObservedPrice, PriceModel, PriceProcess};
use super::loader::Loader;

pub(super) fn read(loader: &mut Loader<'_>, top: &Node<'_>, base_year: i32) -> (Vec<Commodity>, PriceModel) {
    let mut commodities = read_commodities(loader, top);
    commodities.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: Vec<String> = commodities.iter().map(|c| c.id.clone()).collect();
    read_observed(loader, &mut commodities, &ids, base_year);
    read_process(loader, &mut commodities, &ids);
    let correlation = super::correlations::read(loader, "price_correlations.csv", &ids);
    let table = loader.toml("prices.toml");
    let node = Node::new("prices.toml", String::new(), &table);
    loader.toml_assumptions(&node, &table);
    let process = read_choice(loader, &node, &ids, base_year);
    let faults = &mut loader.faults;
    let model = PriceModel {
        process,
        inflation: node.number("inflation", -0.5, 1.0, faults),
        degrees_of_freedom: node.integer("degrees_of_freedom", 5, 5, faults) as u32,
        scale_floor: node.number("scale_floor", 1e-6, 1.0, faults),
        correlation,
    };
    node.finish(faults);
    (commodities, model)
}

fn read_commodities(loader: &mut Loader<'_>, top: &Node<'_>) -> Vec<Commodity> {
    let faults = &mut loader.faults;
    let mut commodities: Vec<Commodity> = Vec::new();
    for node in top.nodes("commodity", faults) {
        let id = node.new_id("id", faults);
        if commodities.iter().any(|c| c.id == id) {
            faults.add(node.file, node.place("id"), format!("'{id}' stands twice"));
        }
        commodities.push(Commodity {
            name: node.name("name", faults),
            unit: node.text("unit", faults),
            observed: Vec::new(),
            reversion: 0.0,
            sd_reverting: 0.0,
            sd_walk: 0.0,
            level: 1.0,
            level_se: 0.0,
            basis: String::new(),
            id,
        });
        node.finish(faults);
    }
    if commodities.is_empty() {
        faults.add(top.file, "commodity", "the case needs at least one [[commodity]]");
    }
    commodities
}

fn read_observed(loader: &mut Loader<'_>, commodities: &mut [Commodity], ids: &[String], base_year: i32) {
    let columns = ["commodity", "year", "average", "december"];
    let table = loader.csv("price_history.csv", &["commodity", "year"], &columns);
    let faults = &mut loader.faults;
    for row in table.iter() {
        let observed = ObservedPrice {
            year: row.year("year", faults),
            average: row.number("average", 1e-9, 1e12, faults),
            december: row.number("december", 1e-9, 1e12, faults),
        };
        if let Some(c) = row.id("commodity", ids, faults) {
            commodities[c].observed.push(observed);
        }
    }
    for commodity in commodities.iter_mut() {
        commodity.observed.sort_by_key(|o| o.year);
        let years: Vec<i32> = commodity.observed.iter().map(|o| o.year).collect();
        for gap in years.windows(2).filter(|w| w[1] > w[0] + 1) {
            let message = format!("{}: no price between {} and {}", commodity.id, gap[0], gap[1]);
            faults.add("price_history.csv", "", message);
        }
        if !years.contains(&base_year) {
            faults.add(
                "price_history.csv",
                "",
                format!("{}: no price in the base year {base_year}", commodity.id),
            );
        }
    }
    let last = |c: &Commodity| c.observed.last().map(|o| o.year);
    if let Some(first) = commodities.first() {
        for other in commodities.iter().filter(|c| last(c) != last(first)) {
            let (a, b) = (last(first).unwrap_or(0), last(other).unwrap_or(0));
            let message =
                format!("{} ends in {b}, {} in {a}: all must end in the same year", other.id, first.id);
            faults.add("price_history.csv", "", message);
        }
    }
}

fn read_process(loader: &mut Loader<'_>, commodities: &mut [Commodity], ids: &[String]) {
    let columns =
        ["commodity", "reversion", "reversion_se", "sd_reverting", "sd_walk", "level", "level_se", "basis"];
    let table = loader.csv("price_process.csv", &["commodity"], &columns);
    let faults = &mut loader.faults;
    let mut seen = vec![false; ids.len()];
    for row in table.iter() {
        row.number("reversion_se", 0.0, 10.0, faults);
        let values = [
            row.number("reversion", 0.0, 1.0, faults),
            row.number("sd_reverting", 0.0, 10.0, faults),
            row.number("sd_walk", 0.0, 10.0, faults),
            row.number("level", 1e-9, 1e12, faults),
            row.number("level_se", 0.0, 10.0, faults),
        ];
        if let Some(c) = row.id("commodity", ids, faults) {
            seen[c] = true;
            let commodity = &mut commodities[c];
            [
                commodity.reversion,
                commodity.sd_reverting,
                commodity.sd_walk,
                commodity.level,
                commodity.level_se,
            ] = values;
            row.text("basis").clone_into(&mut commodity.basis);
        }
    }
    for (id, _) in ids.iter().zip(&seen).filter(|(_, seen)| !**seen) {
        faults.add("price_process.csv", "", format!("{id} is missing"));
    }
}

#[derive(Clone, Copy)]
enum Choice {
    Mixture,
    RandomWalk,
    MeanReversion,
    Fixed,
}

fn read_choice(loader: &mut Loader<'_>, node: &Node<'_>, ids: &[String], base_year: i32) -> PriceProcess {
    let words = [
        ("mixture", Choice::Mixture),
        ("random_walk", Choice::RandomWalk),
        ("mean_reversion", Choice::MeanReversion),
        ("fixed", Choice::Fixed),
    ];
    let choice = node.choice("process", &words, &mut loader.faults);
    let walk = node.number("walk", 0.0, 1.0, &mut loader.faults);
    let file = node.text_or("fixed_prices", "", &mut loader.faults);
    match choice {
        Choice::Mixture => PriceProcess::Mixture { walk },
        Choice::RandomWalk => PriceProcess::RandomWalk,
        Choice::MeanReversion => PriceProcess::MeanReversion,
        Choice::Fixed if file.is_empty() => {
            loader.faults.add(node.file, "fixed_prices", "is missing: the file with the fixed prices");
            PriceProcess::RandomWalk
        }
        Choice::Fixed => PriceProcess::Fixed(read_fixed(loader, &file, ids, base_year)),
    }
}

/// Years from the one after the base year on, without gaps.
fn read_fixed(loader: &mut Loader<'_>, file: &str, ids: &[String], base_year: i32) -> Vec<Vec<f64>> {
    let table = loader.csv(file, &["commodity", "year"], &["commodity", "year", "price"]);
    let faults = &mut loader.faults;
    let mut rows: Vec<Vec<(i32, f64)>> = vec![Vec::new(); ids.len()];
    for row in table.iter() {
        let point = (row.year("year", faults), row.number("price", 1e-9, 1e12, faults));
        if let Some(c) = row.id("commodity", ids, faults) {
            rows[c].push(point);
        }
    }
    for (id, path) in ids.iter().zip(&mut rows) {
        path.sort_by_key(|p| p.0);
        let whole = path.iter().enumerate().all(|(k, p)| p.0 == base_year + 1 + k as i32);
        if path.is_empty() || !whole {
            let first = base_year + 1;
            faults.add(file, "", format!("{id}: years must run from {first} on without gaps"));
        }
    }
    rows.into_iter().map(|path| path.into_iter().map(|p| p.1).collect()).collect()
}
