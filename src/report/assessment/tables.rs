//! The assessment for the terminal: one table for each composite, then classes, votes and leaders.

use crate::assess::{Assessment, Estimate, Spread, TownAssessment};
use crate::case::{Class, Composite, SubIndicator};
use crate::formula::Formula;
use crate::report::audit::words::variant_name;
use crate::report::grid::Grid;
use crate::text::Text;

pub(super) fn tables(assessment: &Assessment, text: &Text) -> String {
    let writer = Writer { assessment, text };
    let (complete, incomplete): (Vec<_>, Vec<_>) =
        assessment.towns.iter().partition(|town| town.spread.is_none());
    let values = [("year", &assessment.year.to_string()), ("variant", &variant(assessment, text))];
    let mut parts = vec![text.fill("assess.title", &values.map(|(key, value)| (key, value.as_str()))) + "\n"];
    if !complete.is_empty() {
        parts.extend(writer.scaled(&|c, scale| writer.composite(c, scale, &complete)));
        parts.push(writer.votes(&complete));
    }
    let spreads: Vec<(&str, &Spread)> =
        incomplete.iter().filter_map(|town| Some((text.name(&town.name), town.spread.as_ref()?))).collect();
    if let Some((_, first)) = spreads.first() {
        let values = [("draws", text.number(first.draws as f64, 0)), ("seed", assessment.seed.to_string())];
        let values = [(values[0].0, values[0].1.as_str()), (values[1].0, values[1].1.as_str())];
        parts.push(text.fill("assess.missing", &values) + "\n");
        parts.extend(writer.scaled(&|c, scale| writer.spread(c, scale, &spreads)));
        parts.push(writer.lead(&spreads));
    }
    parts.join("\n")
}

/// The variant, with the readings that are not the method's first.
fn variant(assessment: &Assessment, text: &Text) -> String {
    let readings = assessment.readings.iter().map(|(composite, name)| format!(", {composite}: {name}"));
    format!("{}{}", variant_name(assessment.variant, text), readings.collect::<String>())
}

struct Writer<'a> {
    assessment: &'a Assessment,
    text: &'a Text,
}

impl<'a> Writer<'a> {
    /// A table for each composite that has a scale.
    fn scaled(&self, table: &dyn Fn(usize, &[Class]) -> String) -> Vec<String> {
        self.assessment.method.scaled().map(|(c, _, scale)| table(c, scale)).collect()
    }

    fn title(&self, composite: &Composite) -> String {
        format!("{}: {}", composite.symbol, self.text.name(&composite.label))
    }

    fn level(&self, class: &Class) -> &'a str {
        self.text.name(&self.assessment.method.levels[class.level].name)
    }

    /// A row: a label, then a cell for each town.
    fn row(label: &str, towns: &[&TownAssessment], cell: &dyn Fn(&TownAssessment) -> String) -> Vec<String> {
        std::iter::once(label.to_owned()).chain(towns.iter().map(|town| cell(town))).collect()
    }

    fn header(&self, towns: &[&TownAssessment]) -> Grid {
        Grid::new(Self::row("", towns, &|town| self.text.name(&town.name).to_owned())).right()
    }

    /// A composite with its sub-indicators, its value and its class: a column a town.
    fn composite(&self, c: usize, scale: &[Class], towns: &[&TownAssessment]) -> String {
        let method = &self.assessment.method;
        let mut grid = self.header(towns);
        let used = self.names_used(c);
        for (k, sub_indicator) in method.sub_indicators.iter().enumerate() {
            if used.contains(&sub_indicator.symbol) {
                let SubIndicator { symbol, label, unit, .. } = sub_indicator;
                let unit = self.text.unit(unit, self.assessment.names.get(unit));
                let label = format!("{symbol}  {}, {unit}", self.text.name(label));
                grid.row(Self::row(&label, towns, &|town| self.short(town.score.sub_indicators[k])));
            }
        }
        for (k, part) in method.composites.iter().enumerate() {
            if k == c || used.contains(&part.symbol) {
                let label = format!("{} = {}", part.symbol, self.formula(k));
                grid.row(Self::row(&label, towns, &|town| self.short(town.score.composites[k])));
            }
        }
        grid.row(Self::row(self.text.get("assess.class"), towns, &|town| self.class(town, c)));
        let bounds = scale.iter().enumerate().map(|(k, class)| {
            let key = if k + 1 < scale.len() { "assess.to" } else { "assess.above" };
            self.text.fill(key, &[("class", self.level(class)), ("bound", &self.short(class.upper))])
        });
        let bounds = bounds.collect::<Vec<_>>().join(", ");
        format!(
            "{}\n{}{}: {bounds}\n",
            self.title(&method.composites[c]),
            grid.render(),
            self.text.get("assess.scale")
        )
    }

    fn class(&self, town: &TownAssessment, c: usize) -> String {
        let scale = self.assessment.method.composites[c].scale.as_deref().unwrap_or_default();
        let class = town.score.classes[c].and_then(|class| scale.get(class));
        class.map_or_else(String::new, |class| self.level(class).to_owned())
    }

    /// The formula of a composite in the chosen reading.
    fn formula(&self, composite: usize) -> &'a Formula {
        let composite = &self.assessment.method.composites[composite];
        let chosen = self.assessment.readings.iter().find(|(symbol, _)| *symbol == composite.symbol);
        let alternative =
            chosen.and_then(|(_, name)| composite.alternatives.iter().find(|(known, _)| known == name));
        alternative.map_or(&composite.formula, |(_, formula)| formula)
    }

    /// Names that a composite's formula uses, those of the composites within it included.
    fn names_used(&self, composite: usize) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut open = vec![composite];
        while let Some(c) = open.pop() {
            for name in self.formula(c).names() {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                    let earlier = &self.assessment.method.composites[..c];
                    open.extend(earlier.iter().position(|part| part.symbol == name));
                }
            }
        }
        names
    }

    fn votes(&self, towns: &[&TownAssessment]) -> String {
        let mut grid = self.header(towns);
        for (c, composite, _) in self.assessment.method.scaled() {
            grid.row(Self::row(&composite.symbol, towns, &|town| self.class(town, c)));
        }
        for (s, (_, name)) in self.assessment.scenarios.iter().enumerate() {
            grid.row(Self::row(self.text.name(name), towns, &|town| town.score.votes[s].to_string()));
        }
        let leading = |town: &TownAssessment| {
            let leaders = town.score.lead.leaders.iter();
            let names = leaders.map(|s| self.text.name(&self.assessment.scenarios[*s].1));
            names.collect::<Vec<_>>().join(" + ")
        };
        grid.row(Self::row(self.text.get("assess.leading"), towns, &leading));
        let margin = |town: &TownAssessment| town.score.lead.margin.to_string();
        grid.row(Self::row(self.text.get("assess.margin"), towns, &margin));
        format!("{}\n{}", self.text.get("assess.votes"), grid.render())
    }

    /// A composite's distribution: a row a town.
    fn spread(&self, c: usize, scale: &[Class], towns: &[(&str, &Spread)]) -> String {
        let fixed = ["assess.mean", "assess.sd", "assess.p5", "assess.p50", "assess.p95"];
        let fixed = fixed.map(|key| self.text.get(key).to_owned());
        let names = scale.iter().map(|class| self.level(class).to_owned());
        let mut grid = Grid::new(std::iter::once(String::new()).chain(fixed).chain(names).collect()).right();
        for (name, spread) in towns {
            let values = &spread.composites[c];
            let [low, median, high] = values.quantiles;
            let numbers = [values.mean.value, values.sd, low, median, high].map(|x| self.short(x));
            let classes = values.classes.iter().map(|p| percent(self.text, *p));
            grid.row(std::iter::once((*name).to_owned()).chain(numbers).chain(classes).collect());
        }
        format!("{}\n{}", self.title(&self.assessment.method.composites[c]), grid.render())
    }

    /// Votes and lead of the towns with missing inputs.
    fn lead(&self, towns: &[(&str, &Spread)]) -> String {
        let scenarios = &self.assessment.scenarios;
        let table = |key: &str, value: &dyn Fn(&Spread, usize) -> String| {
            let names = scenarios.iter().map(|(_, name)| self.text.name(name).to_owned());
            let mut grid = Grid::new(std::iter::once(String::new()).chain(names).collect()).right();
            for (name, spread) in towns {
                let cells = (0..scenarios.len()).map(|s| value(spread, s));
                grid.row(std::iter::once((*name).to_owned()).chain(cells).collect());
            }
            format!("{}\n{}", self.text.get(key), grid.render())
        };
        let errors = towns.iter().flat_map(|(_, spread)| {
            let classes = spread.composites.iter().flat_map(|c| c.classes.iter());
            let leads = spread.scenarios.iter().flat_map(|s| [&s.lead, &s.alone, &s.among]);
            classes.chain(leads).map(|p| p.error)
        });
        let largest = self.short(100.0 * errors.fold(0.0, f64::max));
        let parts = [
            table("assess.mean_votes", &|spread, s| self.short(spread.scenarios[s].votes.value)),
            table("assess.lead", &|spread, s| percent(self.text, spread.scenarios[s].lead)),
            table("assess.alone", &|spread, s| percent(self.text, spread.scenarios[s].alone)),
            self.text.fill("assess.mcse", &[("error", &largest)]) + "\n",
        ];
        parts.join("\n")
    }

    /// At most two decimals, as many as are needed.
    fn short(&self, x: f64) -> String {
        let number = self.text.number(x, 2);
        number.trim_end_matches('0').trim_end_matches(['.', ',']).to_owned()
    }
}

/// A probability in percent.
fn percent(text: &Text, probability: Estimate) -> String {
    text.percent_of(&text.number(100.0 * probability.value, 1))
}
