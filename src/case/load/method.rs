//! method.toml: sub-indicators, composites, scales, outcomes.

use super::super::fault::Faults;
use super::super::toml_reader::{Node, check_names};
use super::super::{
    Better, Class, ClassLevel, Composite, FirstPassage, Headline, Monotown, PersonQuantity, SubIndicator,
    SubIndicatorKind,
};
use super::loader::Loader;
use crate::formula::Formula;

pub(super) const FILE: &str = "method.toml";

pub(super) const BETTER: [(&str, Better); 3] =
    [("higher", Better::Higher), ("lower", Better::Lower), ("neither", Better::Neither)];

/// The method before drivers and events are known: formulas are read, not all of their names checked.
pub(super) struct Draft {
    pub(super) levels: Vec<ClassLevel>,
    pub(super) sub_indicators: Vec<SubIndicator>,
    pub(super) composites: Vec<Composite>,
    pub(super) mono_degree: Option<Formula>,
    pub(super) population_growth: Option<Formula>,
    pub(super) persons: Vec<PersonQuantity>,
    pub(super) first_passages: Vec<(FirstPassage, Option<String>)>,
    pub(super) share_split: [String; 3],
    pub(super) headline: Headline,
    pub(super) monotown: Option<Monotown>,
}

impl Draft {
    pub(super) fn symbols(&self) -> Vec<String> {
        self.sub_indicators.iter().map(|s| s.symbol.clone()).collect()
    }
}

pub(super) fn read(loader: &mut Loader<'_>, scenarios: &[String]) -> Draft {
    let table = loader.toml(FILE);
    let top = Node::new(FILE, String::new(), &table);
    loader.toml_assumptions(&top, &table);
    let faults = &mut loader.faults;
    let levels: Vec<ClassLevel> = top.nodes("level", faults).iter().map(|n| read_level(n, faults)).collect();
    let sub_indicators: Vec<SubIndicator> =
        top.nodes("sub_indicator", faults).iter().map(|n| read_sub_indicator(n, faults)).collect();
    check_twice("level", levels.iter().map(|l| &l.id), faults);
    check_twice("sub_indicator", sub_indicators.iter().map(|s| &s.symbol), faults);
    let composites: Vec<Composite> = top
        .nodes("composite", faults)
        .iter()
        .map(|n| read_composite(n, &levels, scenarios, faults))
        .collect();
    let persons: Vec<PersonQuantity> =
        top.nodes("persons", faults).iter().map(|n| read_persons(n, faults)).collect();
    let first_passages: Vec<(FirstPassage, Option<String>)> =
        top.nodes("first_passage", faults).iter().map(|n| read_first_passage(n, faults)).collect();
    check_twice("composite", composites.iter().map(|c| &c.symbol), faults);
    check_twice("persons", persons.iter().map(|p| &p.id), faults);
    check_twice("first_passage", first_passages.iter().map(|f| &f.0.id), faults);
    for (second, _) in first_passages.iter().filter(|f| f.0.last_resort).skip(1) {
        let place = format!("first_passage.{}.last_resort", second.id);
        faults.add(FILE, place, "another outcome is the last resort already");
    }
    let share_split = top.node("share_split", faults).map(|n| {
        let texts = [n.text("share", faults), n.text("part", faults), n.text("rest", faults)];
        n.finish(faults);
        texts
    });
    if composites.iter().filter(|c| c.scale.is_some()).count() == 0 {
        faults.add(FILE, "composite", "at least one composite needs a scale");
    }
    let mut draft = Draft {
        mono_degree: top.formula("mono_degree", faults),
        population_growth: top.formula("population_growth", faults),
        levels,
        sub_indicators,
        composites,
        persons,
        first_passages,
        share_split: share_split.unwrap_or_default(),
        headline: super::headline::read(&top, faults),
        monotown: None,
    };
    draft.monotown = super::monotown::read(&top, &draft.symbols(), faults);
    top.finish(faults);
    check_composites(&draft, faults);
    draft
}

fn check_twice<'a>(place: &str, ids: impl Iterator<Item = &'a String>, faults: &mut Faults) {
    let mut seen: Vec<&String> = Vec::new();
    for (k, id) in ids.enumerate() {
        if seen.contains(&id) {
            faults.add(FILE, format!("{place}.{id}"), format!("'{id}' stands twice (entry {})", k + 1));
        }
        seen.push(id);
    }
}

fn read_level(node: &Node<'_>, faults: &mut Faults) -> ClassLevel {
    let level = ClassLevel { id: node.filled("id", faults), name: node.name("name", faults) };
    node.finish(faults);
    level
}

fn read_sub_indicator(node: &Node<'_>, faults: &mut Faults) -> SubIndicator {
    let switch = node.flag("switch", faults);
    let (mut range, mut formula) = ((0.0, 100.0), None);
    if switch {
        for key in ["range", "formula"] {
            if node.has(key) {
                faults.add(FILE, node.place(key), "a switch is 0 or 100 and has none");
            }
        }
    } else {
        formula = node.formula("formula", faults);
        range = read_range(node, faults);
    }
    let sub_indicator = SubIndicator {
        symbol: node.new_id("symbol", faults),
        label: node.name("name", faults),
        unit: node.text("unit", faults),
        better: node.choice("better", &BETTER, faults),
        kind: formula.map_or(SubIndicatorKind::Switch, SubIndicatorKind::Formula),
        range,
        tracked: node.flag("tracked", faults),
    };
    node.text("source", faults);
    node.finish(faults);
    sub_indicator
}

fn read_range(node: &Node<'_>, faults: &mut Faults) -> (f64, f64) {
    let values = node.numbers("range", faults);
    match values.as_slice() {
        [low, high] if low < high => (*low, *high),
        _ => {
            faults.add(FILE, node.place("range"), "must be two numbers, the smaller first");
            (f64::MIN, f64::MAX)
        }
    }
}

fn read_composite(
    node: &Node<'_>,
    levels: &[ClassLevel],
    scenarios: &[String],
    faults: &mut Faults,
) -> Composite {
    let mut alternatives = Vec::new();
    if node.has("alternatives")
        && let Some(table) = node.node("alternatives", faults)
    {
        for (name, value) in table.entries() {
            let text = value.as_str().unwrap_or_default();
            let place = table.place(name);
            let formula = super::super::toml_reader::parse_formula(FILE, &place, text, faults);
            alternatives.extend(formula.map(|f| (name.clone(), f)));
        }
    }
    let composite = Composite {
        symbol: node.new_id("symbol", faults),
        label: node.name("name", faults),
        better: node.choice("better", &BETTER, faults),
        formula: node.formula("formula", faults).unwrap_or_else(zero),
        alternatives,
        scale: node.has("scale").then(|| read_scale(node, levels, scenarios, faults)),
    };
    node.text("source", faults);
    node.finish(faults);
    composite
}

/// A formula that stands in for one that could not be read; the case is refused anyway.
fn zero() -> Formula {
    Formula::constant(0.0)
}

fn read_scale(
    node: &Node<'_>,
    levels: &[ClassLevel],
    scenarios: &[String],
    faults: &mut Faults,
) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    for class in node.nodes("scale", faults) {
        let id = class.text("class", faults);
        let level = levels.iter().position(|l| l.id == id);
        if level.is_none() {
            let known = levels.iter().map(|l| l.id.as_str()).collect::<Vec<_>>().join(", ");
            faults.refuse(FILE, class.place("class"), format!("'{id}'"), &format!("known: {known}"));
        }
        let upper = class.number("to", -1e9, 1e9, faults);
        let names = class.texts("votes", faults);
        for name in names.iter().filter(|n| !scenarios.contains(n)) {
            let known = scenarios.join(", ");
            faults.refuse(FILE, class.place("votes"), format!("'{name}'"), &format!("known: {known}"));
        }
        class.finish(faults);
        if let Some(last) = classes.last() {
            if upper <= last.upper {
                let allowed = format!("more than the bound of the class before, {}", last.upper);
                faults.refuse(FILE, class.place("to"), upper, &allowed);
            }
            if level.is_some_and(|l| l <= last.level) {
                faults.add(FILE, class.place("class"), "classes must ascend in the order of the levels");
            }
        }
        let votes = scenarios.iter().map(|s| names.contains(s)).collect();
        classes.push(Class { level: level.unwrap_or(0), upper, votes });
    }
    if classes.len() < 2 {
        faults.add(FILE, node.place("scale"), "a scale needs at least two classes");
    }
    classes
}

fn read_persons(node: &Node<'_>, faults: &mut Faults) -> PersonQuantity {
    let persons = PersonQuantity {
        id: node.new_id("id", faults),
        label: node.name("name", faults),
        better: node.choice("better", &BETTER, faults),
        formula: node.formula("formula", faults).unwrap_or_else(zero),
    };
    node.finish(faults);
    persons
}

fn read_first_passage(node: &Node<'_>, faults: &mut Faults) -> (FirstPassage, Option<String>) {
    let unless = node.has("unless_event").then(|| node.text("unless_event", faults));
    let outcome = FirstPassage {
        id: node.new_id("id", faults),
        label: node.name("name", faults),
        condition: node.formula("condition", faults).unwrap_or_else(zero),
        lasting: if node.has("lasting") { node.integer("lasting", 1, 100, faults) as usize } else { 1 },
        unless_event: None,
        last_resort: node.flag("last_resort", faults),
    };
    node.finish(faults);
    (outcome, unless)
}

/// Composites may use sub-indicators and earlier composites; the mono degree sub-indicators.
fn check_composites(draft: &Draft, faults: &mut Faults) {
    let mut names = draft.symbols();
    if let Some(formula) = &draft.mono_degree {
        check_names(FILE, "mono_degree", formula, &names, faults);
    }
    for composite in &draft.composites {
        let place = format!("composite.{}.formula", composite.symbol);
        for formula in std::iter::once(&composite.formula).chain(composite.alternatives.iter().map(|a| &a.1))
        {
            check_names(FILE, &place, formula, &names, faults);
        }
        names.push(composite.symbol.clone());
    }
}
