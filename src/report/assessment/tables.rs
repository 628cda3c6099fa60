//! The assessment for the terminal: one table for each composite, then classes, votes and leaders.

use std::fmt::Write as _;

use super::{class_name, variant_name};
use crate::assess::{Assessment, Estimate, Spread, TownAssessment};
use crate::case::{Class, Composite, SubIndicator};
use crate::formula::Formula;
use crate::report::layout::{columns, short};

pub(super) fn tables(assessment: &Assessment) -> String {
    let mut text = format!(
        "Assessment of {}, variant {}: the method's indices, classes and votes\n",
        assessment.year,
        variant_name(assessment)
    );
    let (complete, incomplete): (Vec<_>, Vec<_>) =
        assessment.towns.iter().partition(|town| town.spread.is_none());
    if !complete.is_empty() {
        for (c, composite) in assessment.method.composites.iter().enumerate() {
            if let Some(scale) = &composite.scale {
                text += "\n";
                text += &composite_table(assessment, (c, composite), scale, &complete);
            }
        }
        text += "\n";
        text += &vote_table(assessment, &complete);
    }
    let spreads: Vec<(&str, &Spread)> =
        incomplete.iter().filter_map(|town| Some((town.name.en.as_str(), town.spread.as_ref()?))).collect();
    if let Some((_, first)) = spreads.first() {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "\nTowns with missing inputs: distributions over {} draws of them (seed {})",
            first.draws, assessment.seed
        );
        for (c, composite) in assessment.method.composites.iter().enumerate() {
            if let Some(scale) = &composite.scale {
                text += &spread_table(assessment, (c, composite), scale, &spreads);
            }
        }
        text += &lead_table(assessment, &spreads);
    }
    text
}

/// A composite with its sub-indicators, its value and its class: a column a town.
fn composite_table(
    assessment: &Assessment,
    (c, composite): (usize, &Composite),
    scale: &[Class],
    towns: &[&TownAssessment],
) -> String {
    let method = &assessment.method;
    let row = |label: String, cell: &dyn Fn(&TownAssessment) -> String| {
        std::iter::once(label).chain(towns.iter().map(|town| cell(town))).collect::<Vec<_>>()
    };
    let mut rows = Vec::new();
    let used = names_used(assessment, c);
    for (k, sub_indicator) in method.sub_indicators.iter().enumerate() {
        if used.contains(&sub_indicator.symbol) {
            let SubIndicator { symbol, label, unit, .. } = sub_indicator;
            let cell = |town: &TownAssessment| short(town.score.sub_indicators[k], 2);
            rows.push(row(format!("{symbol}  {}, {unit}", label.en), &cell));
        }
    }
    for (k, part) in method.composites.iter().enumerate() {
        if k == c || used.contains(&part.symbol) {
            let label = format!("{} = {}", part.symbol, formula_used(assessment, k));
            rows.push(row(label, &|town| short(town.score.composites[k], 2)));
        }
    }
    let class = |town: &TownAssessment| {
        town.score.classes[c].map_or_else(String::new, |class| class_name(assessment, composite, class))
    };
    rows.push(row("class".to_owned(), &class));
    let header = row(String::new(), &|town| town.name.en.clone());
    format!(
        "{}: {}\n{}scale: {}\n",
        composite.symbol,
        composite.label.en,
        columns(&header, &rows),
        scale_line(assessment, scale)
    )
}

/// `low to 35, average to 70, high above`.
fn scale_line(assessment: &Assessment, scale: &[Class]) -> String {
    let name = |class: &Class| &assessment.method.levels[class.level].id;
    let classes = scale.iter().enumerate().map(|(k, class)| {
        if k + 1 < scale.len() {
            format!("{} to {}", name(class), class.upper)
        } else {
            format!("{} above", name(class))
        }
    });
    classes.collect::<Vec<_>>().join(", ")
}

/// The formula of a composite in the chosen reading.
fn formula_used(assessment: &Assessment, composite: usize) -> &Formula {
    let composite = &assessment.method.composites[composite];
    let chosen = assessment.readings.iter().find(|(symbol, _)| *symbol == composite.symbol);
    let alternative =
        chosen.and_then(|(_, name)| composite.alternatives.iter().find(|(known, _)| known == name));
    alternative.map_or(&composite.formula, |(_, formula)| formula)
}

/// Names that a composite's formula uses, those of the composites within it included.
fn names_used(assessment: &Assessment, composite: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut open = vec![composite];
    while let Some(c) = open.pop() {
        for name in formula_used(assessment, c).names() {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
                open.extend(assessment.method.composites[..c].iter().position(|part| part.symbol == name));
            }
        }
    }
    names
}

fn vote_table(assessment: &Assessment, towns: &[&TownAssessment]) -> String {
    let row = |label: &str, cell: &dyn Fn(&TownAssessment) -> String| {
        std::iter::once(label.to_owned()).chain(towns.iter().map(|town| cell(town))).collect::<Vec<_>>()
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (c, composite) in assessment.method.composites.iter().enumerate() {
        if composite.scale.is_some() {
            let class = |town: &TownAssessment| {
                town.score.classes[c]
                    .map_or_else(String::new, |class| class_name(assessment, composite, class))
            };
            rows.push(row(&composite.symbol, &class));
        }
    }
    for (s, (_, name)) in assessment.scenarios.iter().enumerate() {
        rows.push(row(&name.en, &|town| town.score.votes[s].to_string()));
    }
    let leading = |town: &TownAssessment| {
        let leaders = town.score.lead.leaders.iter().map(|s| assessment.scenarios[*s].0.as_str());
        leaders.collect::<Vec<_>>().join(" + ")
    };
    rows.push(row("leading", &leading));
    rows.push(row("margin", &|town| town.score.lead.margin.to_string()));
    let header = row("", &|town| town.name.en.clone());
    format!("Classes, votes for each scenario, and who leads\n{}", columns(&header, &rows))
}

/// A composite's distribution: a row a town.
fn spread_table(
    assessment: &Assessment,
    (c, composite): (usize, &Composite),
    scale: &[Class],
    towns: &[(&str, &Spread)],
) -> String {
    let fixed = ["", "mean", "sd", "5 %", "median", "95 %"].map(str::to_owned);
    let names = (0..scale.len()).map(|class| class_name(assessment, composite, class));
    let header: Vec<String> = fixed.into_iter().chain(names).collect();
    let rows = towns.iter().map(|(name, spread)| {
        let values = &spread.composites[c];
        let [low, median, high] = values.quantiles.map(|x| short(x, 2));
        let fixed = [(*name).to_owned(), short(values.mean.value, 2), short(values.sd, 2), low, median, high];
        fixed.into_iter().chain(values.classes.iter().map(|p| percent(*p))).collect()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    format!("\n{}: {}\n{}", composite.symbol, composite.label.en, columns(&header, &rows))
}

fn lead_table(assessment: &Assessment, towns: &[(&str, &Spread)]) -> String {
    let names = assessment.scenarios.iter().map(|(_, name)| name.en.clone());
    let header: Vec<String> = std::iter::once(String::new()).chain(names).collect();
    let table = |value: &dyn Fn(&Spread, usize) -> String| {
        let rows = towns.iter().map(|(name, spread)| {
            let cells = (0..assessment.scenarios.len()).map(|s| value(spread, s));
            std::iter::once((*name).to_owned()).chain(cells).collect()
        });
        columns(&header, &rows.collect::<Vec<Vec<String>>>())
    };
    let errors = towns.iter().flat_map(|(_, spread)| {
        let classes = spread.composites.iter().flat_map(|c| c.classes.iter());
        classes.chain(spread.scenarios.iter().flat_map(|s| [&s.lead, &s.alone, &s.among])).map(|p| p.error)
    });
    format!(
        "\nMean number of votes\n{}\nShare of the lead (a shared lead is split)\n{}\nProbability of leading \
         alone\n{}\nThe Monte Carlo standard error of these probabilities is at most {} %.\n",
        table(&|spread, s| short(spread.scenarios[s].votes.value, 2)),
        table(&|spread, s| percent(spread.scenarios[s].lead)),
        table(&|spread, s| percent(spread.scenarios[s].alone)),
        short(100.0 * errors.fold(0.0, f64::max), 2)
    )
}

/// A probability in percent.
fn percent(probability: Estimate) -> String {
    format!("{:.1} %", 100.0 * probability.value)
}
