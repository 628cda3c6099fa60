//! The futures: a plan each, what classes speak for them, and events by their yearly probability under each.

use toml::{Table, Value};

use super::super::Source;
use super::prices::name;
use super::request::{NewCase, SHIPPED};
use super::template::{fill, quoted, rows, title};
use super::towns::{word, words};
use crate::math;

/// Years over which the plans of the shipped case are reached.
const PLANNED: i32 = 14;
/// Yearly probabilities of the events, under every future.
const EVENTS: [(&str, &str); 3] =
    [("accident", "0.03"), ("enterprise_stop", "0.005"), ("agglomeration", "0.01")];

/// method.toml, events.csv and a file for each future.
pub(super) fn files(request: &NewCase) -> Vec<(String, String)> {
    let scenarios = request.scenarios.iter().map(|id| (format!("{id}.toml"), scenario(request, id)));
    let fixed = [("method.toml", method(request)), ("events.csv", events(request))];
    fixed.into_iter().map(|(name, text)| (name.to_owned(), text)).chain(scenarios).collect()
}

fn scenario(request: &NewCase, id: &str) -> String {
    let shipped = Source::embedded().files.remove(&format!("{id}.toml"));
    let shipped = shipped.filter(|_| SHIPPED.contains(&id)).and_then(|text| text.parse::<Table>().ok());
    let table = |key: &str| shipped.as_ref()?.get(key)?.as_table();
    let lang = request.language.code();
    let summary = |names: &Table| {
        let lines: Vec<String> =
            names.iter().map(|(language, text)| format!("{language} = {text}\n")).collect();
        lines.concat()
    };
    let written = word(&words(request.language), "summary");
    let unwritten =
        format!("{lang} = {} # fill me in: what this future means, in a sentence\n", quoted(&written));
    let reference = request.reference();
    let delivery = fill(include_str!("delivery.toml"), &[("reference", reference.to_owned())]);
    let todo = if shipped.is_some() {
        "what this future plans, line by line, with a room of people; now the lines of a shipped example"
    } else {
        "what this future plans, line by line, with a room of people; now nothing changes"
    };
    let values = [
        ("horizon", request.horizon.to_string()),
        ("town", request.towns[0].clone()),
        ("name", table("name").map_or_else(|| format!("{lang} = {}", quoted(&title(id))), name)),
        ("summary", table("summary").map_or(unwritten, summary)),
        ("delivery", if id == reference { String::new() } else { delivery }),
        ("plan_todo", todo.to_owned()),
    ];
    let head = fill(include_str!("scenario.toml"), &values).replace("\n\n\n", "\n\n");
    let reference_plan = Source::embedded().files.remove(&format!("{}.toml", SHIPPED[0]));
    let kinds: Table = reference_plan.and_then(|text| text.parse().ok()).unwrap_or_default();
    let kinds = kinds.get("plan").and_then(Value::as_table).cloned().unwrap_or_default();
    let line = |driver: &csv::StringRecord| {
        let line = table("plan").and_then(|plan| plan.get(&driver[0])).and_then(Value::as_table);
        let now = if line.is_some() { line } else { kinds.get(&driver[0]).and_then(Value::as_table) };
        plan_line(driver, now, line.is_some(), request)
    };
    let lines = rows(include_str!("drivers.csv")).map(|driver| line(&driver));
    head + &lines.collect::<String>()
}

/// `other_output = { by = 2040, multiple = 1.60, sd = 0.20 } # other industrial output`: as the shipped line, at its pace
/// where the horizon is nearer; without change where it only lends its kind.
fn plan_line(driver: &csv::StringRecord, line: Option<&Table>, is_own: bool, request: &NewCase) -> String {
    let number = |key: &str| {
        line.and_then(|l| l.get(key)).and_then(|v| v.as_float().or(v.as_integer().map(|i| i as f64)))
    };
    let pace = f64::from((request.horizon - request.base_year).min(PLANNED)) / f64::from(PLANNED);
    let change = match (number("multiple"), number("odds"), number("add")) {
        (Some(x), _, _) if is_own => format!("multiple = {:.2}", math::exp(math::ln(x) * pace)),
        (_, Some(x), _) if is_own => format!("odds = {:.2}", math::exp(math::ln(x) * pace)),
        (_, _, Some(x)) if is_own => format!("add = {:.1}", x * pace),
        (Some(_), _, _) => "multiple = 1.00".to_owned(),
        (_, Some(_), _) => "odds = 1.00".to_owned(),
        _ => "add = 0.0".to_owned(),
    };
    let sd = number("sd").unwrap_or(0.2);
    format!("{} = {{ by = {}, {change}, sd = {sd:.2} }} # {}\n", &driver[0], request.horizon, &driver[1])
}

fn events(request: &NewCase) -> String {
    let each = |value: &str| request.scenarios.iter().map(|_| value).collect::<Vec<_>>().join(",");
    let mut values = vec![("scenarios", request.scenarios.join(","))];
    values.extend(EVENTS.map(|(event, probability)| (event, each(probability))));
    fill(include_str!("events.csv"), &values)
}

/// The method; where the futures are not those of its selection matrix, the better a class, the later in their list are
/// those it speaks for.
fn method(request: &NewCase) -> String {
    let text = include_str!("method.toml");
    if request.has_shipped_futures() {
        return text.replace(" @votes_note@", "");
    }
    let note =
        "fill me in: which futures each class speaks for; now the better the class, the later in the list";
    let text = text.replace("@votes_note@", note);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (mut falls, mut block) = (false, Vec::new());
    for k in 0..lines.len() {
        if lines[k].starts_with("better = ") {
            falls = lines[k].contains("lower");
        }
        if lines[k].starts_with("  { class = ") {
            block.push(k);
            continue;
        }
        let count = block.len();
        for (place, line) in block.drain(..).enumerate() {
            let rank = if falls { count - 1 - place } else { place };
            let head = lines[line].split(", votes").next().unwrap_or_default().to_owned();
            lines[line] = format!("{head}, votes = [{}] }},", spoken_for(rank, count, &request.scenarios));
        }
    }
    lines.join("\n") + "\n"
}

/// The futures of the class of a rank from the worst, in quotes.
fn spoken_for(rank: usize, classes: usize, scenarios: &[String]) -> String {
    let first = rank * scenarios.len() / classes;
    let end = ((rank + 1) * scenarios.len() / classes).max(first + 1);
    scenarios[first..end].iter().map(|s| quoted(s)).collect::<Vec<_>>().join(", ")
}
