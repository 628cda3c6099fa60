//! A file for each scenario: its name, what it means, and its plan.

use toml::Value;

use super::super::Assumption;
use super::super::fault::Faults;
use super::super::toml_reader::Node;
use super::super::{Driver, Link, PlanEntry, PlanKind, Scenario};
use super::head::Head;
use super::loader::Loader;
use crate::math;

pub(super) fn read(
    loader: &mut Loader<'_>,
    head: &Head,
    towns: &[String],
    drivers: &[Driver],
) -> Vec<Scenario> {
    head.scenario_ids.iter().map(|id| read_scenario(loader, id, head, towns, drivers)).collect()
}

fn read_scenario(
    loader: &mut Loader<'_>,
    id: &str,
    head: &Head,
    towns: &[String],
    drivers: &[Driver],
) -> Scenario {
    let file = format!("{id}.toml");
    let table = loader.toml(&file);
    let top = Node::new(&file, String::new(), &table);
    let delivery = super::delivery::read(loader, &top, id, head);
    let faults = &mut loader.faults;
    let name = top.name("name", faults);
    let summary = top.name("summary", faults);
    let mut plan: Vec<Option<PlanEntry>> = vec![None; drivers.len()];
    if let Some(node) = top.node("plan", faults) {
        read_plan(&node, drivers, head, &mut plan, faults);
    }
    for (driver, _) in drivers.iter().zip(&plan).filter(|(_, entry)| entry.is_none()) {
        let (place, message) = (format!("plan.{}", driver.id), "is missing: each driver needs a plan");
        faults.missing(&file, &place, ("plan", &driver.id), message.to_owned());
    }
    let mut plans = vec![plan; towns.len()];
    if top.has("towns")
        && let Some(node) = top.node("towns", faults)
    {
        for (town, value) in node.entries() {
            match (towns.iter().position(|t| t == town), value) {
                (Some(t), Value::Table(own)) => {
                    let own = Node::new(&file, node.place(town), own);
                    read_plan(&own, drivers, head, &mut plans[t], faults);
                }
                (Some(_), other) => faults.refuse(&file, node.place(town), other, "a table of plan lines"),
                (None, _) => {
                    let known = towns.join(", ");
                    faults.add(&file, node.place(town), format!("unknown town (known: {known})"));
                }
            }
        }
    }
    top.finish(faults);
    for (driver, entry) in drivers.iter().zip(plans.first().into_iter().flatten()) {
        if let Some(e) = entry {
            let word = match e.kind {
                PlanKind::Multiple => "times",
                PlanKind::Odds => "odds times",
                PlanKind::Add => "plus",
            };
            loader.assumptions.push(Assumption {
                file: file.clone(),
                item: driver.id.clone(),
                value: format!("{word} {} by {}, sd {}", e.value, e.by, e.sd),
                basis: "assumption: what this future means, put into numbers".to_owned(),
            });
        }
    }
    let complete = |plan: Vec<Option<PlanEntry>>| plan.into_iter().flatten().collect();
    let plan = plans.into_iter().map(complete).collect();
    Scenario { id: id.to_owned(), name, summary, plan, delivery }
}

/// Lines `driver = { by, multiple | odds | add, sd, start, cost }`.
fn read_plan(
    node: &Node<'_>,
    drivers: &[Driver],
    head: &Head,
    plan: &mut [Option<PlanEntry>],
    faults: &mut Faults,
) {
    for (name, value) in node.entries() {
        let place = node.place(name);
        let Some(i) = drivers.iter().position(|d| d.id == *name) else {
            let known = drivers.iter().map(|d| d.id.as_str()).collect::<Vec<_>>().join(", ");
            let message = format!("unknown driver (known: {known})");
            faults.unknown(node.file, &place, (&node.path, name), message);
            continue;
        };
        match value {
            Value::Table(table) => {
                let line = Node::new(node.file, place, table);
                plan[i] = Some(read_line(&line, &drivers[i], head, faults));
            }
            other => faults.refuse(
                node.file,
                place,
                other,
                "a line such as { by = 2035, multiple = 1.2, sd = 0.1 }",
            ),
        }
    }
}

fn read_line(line: &Node<'_>, driver: &Driver, head: &Head, faults: &mut Faults) -> PlanEntry {
    let (key, kind) = match driver.link {
        Link::Log => ("multiple", PlanKind::Multiple),
        Link::Logit => ("odds", PlanKind::Odds),
        Link::Identity => ("add", PlanKind::Add),
    };
    let mut right = true;
    for other in ["multiple", "odds", "add"] {
        if line.has(other) && other != key {
            let message = format!("is not how {} is planned: it takes '{key}'", driver.id);
            faults.add(line.file, line.place(other), message);
            right = false;
        }
    }
    let by = line.integer("by", 1000, 3000, faults) as i32;
    let start =
        if line.has("start") { line.integer("start", 1000, 3000, faults) as i32 } else { head.base_year };
    if start < head.base_year {
        let allowed = format!("the base year {} or later", head.base_year);
        faults.refuse(line.file, line.place("start"), start, &allowed);
    }
    if by <= start {
        faults.refuse(line.file, line.place("by"), by, &format!("a year after its start {start}"));
    }
    // On a log or logit scale 0.2 is some 20 %: whoever writes 20 for that is told so.
    let sd = line.number("sd", 0.0, if kind == PlanKind::Add { 100.0 } else { 5.0 }, faults);
    let (low, high) = if kind == PlanKind::Add { (-1000.0, 1000.0) } else { (1e-6, 1e6) };
    let value = if right { line.number(key, low, high, faults) } else { 1.0 };
    let cost = line.has("cost").then(|| line.number("cost", 0.0, 1e12, faults));
    line.finish(faults);
    let shift = if kind == PlanKind::Add { value } else { math::ln(value) };
    PlanEntry { kind, value, shift, sd, start, by, cost }
}
