//! What the numbers of a case may be: factors.toml.

use toml::{Table, Value};

use super::super::fault::Faults;
use super::super::toml_reader::Node;
use super::super::{Adjustable, Case, CaseFactor, CaseFactors, Held, Name, Setting, name_matches};
use super::loader::Loader;
use crate::explore::{Law, read};

/// The file, which a case need not have.
const FILE: &str = "factors.toml";
/// Names that are told of a list that is long.
const TOLD: usize = 12;

/// An entry as it stands, before it is known what its name stands for.
#[derive(Debug)]
struct Entry {
    place: String,
    name: String,
    group: String,
    basis: String,
    span: Span,
}

/// What an entry says that its numbers may be.
#[derive(Debug)]
enum Span {
    /// The law itself.
    Law(Law),
    /// The case's own number, times so much.
    Times(f64, f64),
    /// The odds of the case's own share, times so much.
    Odds(f64, f64),
    /// The case's own number, plus so much.
    Plus(f64, f64),
    /// Words of a switch, each as likely as any other.
    AnyOf(Vec<String>),
}

/// The file as it stands.
#[derive(Debug, Default)]
pub(super) struct Draft {
    entries: Vec<Entry>,
    groups: Vec<(String, Name)>,
    held: Vec<Held>,
    correlations: Vec<(String, Vec<String>, f64)>,
}

/// Reads the file; nothing where the case has none.
pub(super) fn read(loader: &mut Loader<'_>) -> Draft {
    let mut draft = Draft::default();
    if !loader.source.files.contains_key(FILE) {
        return draft;
    }
    let table = loader.toml(FILE);
    let top = Node::new(FILE, String::new(), &table);
    let faults = &mut loader.faults;
    // The lists are read as tables of their own: a pattern may stand for hundreds of names.
    for (key, value) in table.iter().filter(|(key, _)| *key == "factor") {
        for (k, value) in value.as_array().into_iter().flatten().enumerate() {
            let named = value.get("name").and_then(Value::as_str);
            let place = format!("{key}.{}", named.map_or_else(|| (k + 1).to_string(), str::to_owned));
            match value {
                Value::Table(table) => draft.entries.extend(entry(table, place, faults)),
                other => faults.refuse(FILE, place, other, "a table"),
            }
        }
    }
    if top.has("factor") && !table.get("factor").is_some_and(Value::is_array) {
        faults.add(FILE, "factor", "must be a list of tables");
    }
    for node in top.nodes("group", faults) {
        let (id, name) = (node.filled("id", faults), node.name("name", faults));
        node.finish(faults);
        if !draft.entries.iter().any(|e| e.group == id) {
            faults.add(FILE, node.path.clone(), format!("no factor is in the group '{id}'"));
        }
        if draft.groups.iter().any(|g| g.0 == id) {
            faults.add(FILE, node.path.clone(), "the name stands twice");
        }
        draft.groups.push((id, name));
    }
    for node in top.nodes("held", faults) {
        let held = Held { name: node.filled("name", faults), basis: node.filled("basis", faults) };
        node.finish(faults);
        draft.held.push(held);
    }
    for node in top.nodes("correlation", faults) {
        let between = node.texts("between", faults);
        if between.len() != 2 && node.has("between") {
            faults.refuse(FILE, node.place("between"), format!("{} names", between.len()), "two factors");
        }
        let value = node.number("value", -0.999, 0.999, faults);
        node.finish(faults);
        draft.correlations.push((node.path.clone(), between, value));
    }
    top.finish(faults);
    draft
}

/// `{ name, group, basis }` with one of `times`, `odds`, `plus`, `any_of`, or a law of docs/explore.md.
fn entry(table: &Table, place: String, faults: &mut Faults) -> Option<Entry> {
    let node = Node::new(FILE, place.clone(), table);
    let (name, group) = (node.filled("name", faults), node.filled("group", faults));
    let basis = node.filled("basis", faults);
    let given: Vec<&str> =
        ["times", "odds", "plus", "any_of"].into_iter().filter(|k| table.contains_key(*k)).collect();
    let mut pair = |key: &'static str, least: f64, most: f64| {
        let ends = node.numbers(key, faults);
        match ends.as_slice() {
            [low, high] if low < high && *low >= least && *high <= most => Some((*low, *high)),
            _ => {
                let allowed = format!("two numbers from {least} to {most}, the smaller one first");
                faults.refuse(FILE, node.place(key), format!("{ends:?}"), &allowed);
                None
            }
        }
    };
    let span = match given.as_slice() {
        ["times"] => pair("times", 0.0, 1000.0).map(|(low, high)| Span::Times(low, high)),
        ["odds"] => pair("odds", 1e-3, 1000.0).map(|(low, high)| Span::Odds(low, high)),
        ["plus"] => pair("plus", -1e6, 1e6).map(|(low, high)| Span::Plus(low, high)),
        ["any_of"] => Some(Span::AnyOf(node.texts("any_of", faults))),
        [] => {
            // What is left is a factor as any model may have it.
            let mut rest = table.clone();
            rest.remove("basis");
            rest.remove("group");
            let mut more = Vec::new();
            let law = read::factor(&rest, &place, &mut more).map(|factor| Span::Law(factor.law));
            for fault in more {
                faults.add(FILE, fault.place, fault.message);
            }
            return Some(Entry { place, name, group, basis, span: law? });
        }
        several => {
            faults.add(
                FILE,
                place.clone(),
                format!("{} say the same thing: one is enough", several.join(" and ")),
            );
            return None;
        }
    };
    node.finish(faults);
    Some(Entry { place, name, group, basis, span: span? })
}

/// Finds out what the names stand for, and what the numbers may be. A number that a setting gives is known to whoever set
/// it, and is no factor; nor is one that the case has no use for as it stands.
pub(super) fn resolve(draft: Draft, case: &Case, settings: &[Setting], faults: &mut Faults) -> CaseFactors {
    let is_set = |name: &str| settings.iter().any(|s| format!("{}.{}", s.file, s.path.join(".")) == name);
    let all = case.adjustables();
    let mut found: Vec<Option<CaseFactor>> = vec![None; all.len()];
    for (number, entry) in draft.entries.iter().enumerate() {
        if draft.entries[..number].iter().any(|e| e.name == entry.name) {
            faults.add(FILE, entry.place.clone(), "the name stands twice");
        }
        let matched: Vec<usize> = (0..all.len()).filter(|k| name_matches(&entry.name, &all[*k].1)).collect();
        if matched.is_empty() && !is_moot(&entry.name, case) {
            faults.add(FILE, entry.place.clone(), unknown(&entry.name, &all));
        }
        for k in matched {
            let (what, name) = &all[k];
            if is_set(name) {
                continue;
            }
            match law(&entry.span, *what, case) {
                Ok(Some(law)) => {
                    let (group, basis) = (entry.group.clone(), entry.basis.clone());
                    found[k] = Some(CaseFactor { name: name.clone(), what: *what, law, group, basis });
                }
                // A pattern may meet numbers that do not move, such as an exposure of 0 times anything.
                Ok(None) if entry.name.contains('*') => {}
                Ok(None) => {
                    faults.add(FILE, entry.place.clone(), format!("{} cannot move so", what.value(case)));
                }
                Err(message) => faults.add(FILE, entry.place.clone(), format!("{name}: {message}")),
            }
        }
    }
    let factors: Vec<CaseFactor> = found.into_iter().flatten().collect();
    let mut correlations = Vec::new();
    for (place, between, value) in &draft.correlations {
        let find = |name: &String| factors.iter().position(|f| f.name == *name);
        let places: Vec<Option<usize>> = between.iter().map(find).collect();
        let lost = between.iter().zip(&places).filter(|p| p.1.is_none()).map(|p| p.0);
        let moot = |name: &String| is_moot(name, case) && all.iter().all(|number| number.1 != *name);
        for name in lost.filter(|name| !is_set(name) && !moot(name)) {
            faults.add(FILE, format!("{place}.between"), format!("'{name}' is no factor of this file"));
        }
        if let [Some(a), Some(b)] = places.as_slice() {
            if a == b {
                faults.add(FILE, format!("{place}.between"), "a factor is always correlated with itself");
            }
            correlations.push((*a, *b, *value));
        }
    }
    CaseFactors { factors, groups: draft.groups, held: draft.held, correlations }
}

/// True for a number that a case has under other settings: of another price process, of a delivery that is whole, of
/// events, links or correlations of which it has none.
fn is_moot(name: &str, case: &Case) -> bool {
    let delivery = |s: &str| ["mean", "sd"].iter().any(|n| name == format!("{s}.delivery.{n}"));
    [("prices", "walk"), ("structure", "price_process")].map(Some).contains(&name.split_once('.'))
        || ["events.*", "cross_impacts.*", "correlations.*"].iter().any(|pattern| name.starts_with(pattern))
        || delivery("*")
        || case.scenarios.iter().any(|s| delivery(&s.id))
}

/// What to say of a name that stands for nothing: the nearest ones.
fn unknown(name: &str, all: &[(Adjustable, String)]) -> String {
    let mut near: Vec<&str> = all.iter().map(|a| a.1.as_str()).collect();
    near.sort_by_key(|n| strsim::damerau_levenshtein(n, name));
    near.truncate(TOLD);
    format!("no number of the case is called '{name}' (nearest of {}: {})", all.len(), near.join(", "))
}

/// The law of a number; none where it does not move so.
fn law(span: &Span, what: Adjustable, case: &Case) -> Result<Option<Law>, String> {
    let (own, (least, most)) = (what.value(case), what.range(case));
    let words = what.words(case);
    if let Span::AnyOf(chosen) = span {
        if words.is_empty() {
            return Err("is a number, which has no words (times, odds, plus, or low and high)".to_owned());
        }
        let place = |word: &String| {
            let found = words.iter().position(|w| w == word).map(|k| k as f64);
            found.ok_or_else(|| format!("'{word}' is not allowed (known: {})", words.join(", ")))
        };
        let mut values = chosen.iter().map(place).collect::<Result<Vec<f64>, _>>()?;
        values.sort_by(f64::total_cmp);
        values.dedup();
        if values.len() < 2 {
            return Err(format!("needs two words at least (known: {})", words.join(", ")));
        }
        let weights = vec![1.0; values.len()];
        return Ok(Some(Law::Discrete { values, weights }));
    }
    if !words.is_empty() {
        return Err(format!("is a switch: any_of = [..] with words among {}", words.join(", ")));
    }
    let uniform = |a: f64, b: f64| {
        let (low, high) = (a.min(b), a.max(b));
        (low < high).then_some(Law::Uniform { low, high })
    };
    let law = match *span {
        Span::Law(ref law) => Some(law.clone()),
        Span::Times(low, high) => uniform(own * low, own * high),
        Span::Odds(low, high) if (0.0..=1.0).contains(&own) => {
            let share = |times: f64| times * own / (1.0 - own + times * own);
            uniform(share(low), share(high))
        }
        Span::Odds(..) => return Err(format!("{own} is no share from 0 to 1, which alone has odds")),
        Span::Plus(low, high) => uniform(own + low, own + high),
        Span::AnyOf(_) => None,
    };
    let Some(law) = law else { return Ok(None) };
    let (low, high) = ends(&law);
    // Rounding may carry a bound past the end of the range.
    if low < least - 1e-9 || high > most + 1e-9 {
        return Err(format!("{low} to {high} is not allowed (from {least} to {most})"));
    }
    Ok(Some(law))
}

/// The ends of a law; of one without ends those of its 95 %.
fn ends(law: &Law) -> (f64, f64) {
    match law {
        Law::Normal { .. } | Law::LogNormal { .. } => (law.quantile(0.025), law.quantile(0.975)),
        Law::Discrete { values, .. } => {
            values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)))
        }
        _ => (law.quantile(0.0), law.quantile(1.0)),
    }
}
