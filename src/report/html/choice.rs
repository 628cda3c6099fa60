//! What would change the choice: the nearest bounds of today's classes, and the runner-up at the horizon.

use maud::{Markup, html};

use super::Page;
use super::futures::OF_CHOICE;
use super::parts::{TableRow, cell, table};
use crate::analyse::{Cell, Estimate, ScenarioResults, TownResults, leader, likeliest_class};
use crate::assess::{Bound, Score, bounds};
use crate::case::{SubIndicatorKind, Town};
use crate::report::story::lead::foremost;
use crate::report::words::{difference, percent};

/// Decimals that show two digits of a distance: it is of interest because it is small.
fn decimals(x: f64) -> usize {
    if x == 0.0 { 0 } else { (1.0 - x.abs().log10().floor()).clamp(0.0, 6.0) as usize }
}

impl Page<'_> {
    pub(super) fn choice(&self, town: &TownResults, known: &Town) -> Markup {
        let score = self.score(known);
        let pictures = self.pictures_of(&town.id);
        html! {
            h3 { (self.get("page.choice")) }
            h4 { (self.text.fill("page.bounds", &[("year", &self.base_year())])) }
            p { (self.flips(&score)) }
            @if !town.complete { p.note { (self.get("page.bounds_mode")) } }
            (self.bounds(&score))
            h4 { (self.text.fill("page.runner_up", &[("year", &self.horizon())])) }
            ul { @for sentence in self.changes_of_lead(town) { li { (sentence) } } }
            (self.runners_up(town))
            p.note { (self.get("page.gap_note")) }
            @for (_, picture) in pictures.iter().filter(|(kind, _)| OF_CHOICE.contains(kind)) {
                (self.figure(picture))
            }
        }
    }

    /// Which single composite would change the lead, the nearest first.
    fn flips(&self, score: &Score) -> String {
        let bounds = bounds(self.case, score);
        let mut flips: Vec<&Bound> = bounds.iter().filter(|b| b.lead.leaders != score.lead.leaders).collect();
        flips.sort_by(|a, b| a.distance.abs().total_cmp(&b.distance.abs()));
        let leaders = self.leaders_of(&score.lead.leaders);
        let part = |b: &&Bound| {
            let values = [
                ("symbol", self.case.method.composites[b.composite].symbol.as_str()),
                ("by", &self.signed(b.distance)),
                ("leaders", &self.leaders_of(&b.lead.leaders)),
            ];
            self.text.fill("page.flip", &values)
        };
        let parts: Vec<String> = flips.iter().map(part).collect();
        let key = match (score.lead.leaders.len(), parts.is_empty()) {
            (1, false) => "page.flips",
            (1, true) => "page.flips_none",
            (_, false) => "page.flips_shared",
            (_, true) => "page.flips_shared_none",
        };
        self.text.fill(key, &[("leaders", &leaders), ("parts", &parts.join("; "))])
    }

    fn leaders_of(&self, leaders: &[usize]) -> String {
        let names: Vec<String> = leaders.iter().map(|s| self.text.quoted(self.candidate(*s))).collect();
        self.text.list(&names)
    }

    fn signed(&self, x: f64) -> String {
        format!("{}{}", if x > 0.0 { "+" } else { "" }, self.text.number(x, decimals(x)))
    }

    /// True when only switches make the composite, so that it moves in jumps or not at all.
    fn jumps(&self, composite: usize) -> bool {
        let method = &self.case.method;
        let is_switch = |name: &&str| {
            let of_name = method.sub_indicators.iter().find(|s| s.symbol == *name);
            of_name.is_some_and(|s| matches!(s.kind, SubIndicatorKind::Switch))
        };
        method.composites[composite].formula.names().iter().all(is_switch)
    }

    /// A row a composite: the nearest bound of its class, how far it is, and what is chosen beyond it.
    fn bounds(&self, score: &Score) -> Markup {
        let header = ["page.index", "page.value", "page.bound", "page.distance", "page.beyond", "page.then"];
        let header = header.map(|key| self.get(key).to_owned());
        let mut nearest: Vec<Bound> = Vec::new();
        for bound in bounds(self.case, score) {
            // The nearer one of a composite comes first.
            if nearest.last().is_none_or(|b| b.composite != bound.composite) {
                nearest.push(bound);
            }
        }
        let order = |b: &Bound| (self.jumps(b.composite), b.distance.abs());
        nearest.sort_by(|a, b| {
            let (a, b) = (order(a), order(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        let rows = nearest.iter().map(|b| {
            let composite = &self.case.method.composites[b.composite];
            let beyond = composite
                .scale
                .as_ref()
                .map_or("", |scale| self.text.name(&self.case.method.levels[scale[b.beyond].level].name));
            let label = html! { (composite.symbol) " " small { (self.text.name(&composite.label)) } };
            let then = self.leaders_of(&b.lead.leaders);
            let changes = b.lead.leaders != score.lead.leaders;
            let then = html! { @if changes { strong { (then) } } @else { (self.get("page.same")) } };
            // The value with as many decimals as show which side of the bound it is on.
            let [value, bound] = [score.composites[b.composite], b.bound]
                .map(|x| self.text.number(x, decimals(b.distance).clamp(1, 4)));
            let distance = html! {
                (self.signed(b.distance))
                @if self.jumps(b.composite) { " " small { (self.get("page.jumps")) } }
            };
            TableRow::plain(vec![label, cell(&value), cell(&bound), distance, cell(beyond), then])
        });
        let caption = self.text.fill("page.bounds", &[("year", &self.base_year())]);
        table(&caption, &header, &rows.collect::<Vec<_>>())
    }

    /// Along which paths the largest share of the lead changes hands between the base year and the horizon.
    fn changes_of_lead(&self, town: &TownResults) -> Vec<String> {
        let years = &self.results.setup.years;
        let change = |s: &ScenarioResults| {
            let last = leader(s.years.last()?).0;
            // The year from which on the last leader leads without a break.
            let since = s.years.iter().rposition(|year| leader(year).0 != last)?;
            let before = leader(&s.years[since]).0;
            let values = [
                ("path", self.text.quoted(self.text.name(&s.name))),
                ("from", self.text.quoted(self.candidate(before))),
                ("to", self.text.quoted(self.candidate(last))),
                ("year", years.get(since + 1)?.to_string()),
            ];
            Some(self.text.fill("page.lead_changes", &values))
        };
        town.scenarios.iter().filter_map(change).collect()
    }

    /// A row a future: the leader, the runner-up, the gap, and the index whose class is least settled.
    fn runners_up(&self, town: &TownResults) -> Markup {
        let header =
            ["page.future", "page.leads", "page.second", "page.gap", "page.margin", "page.least_settled"];
        let header = header.map(|key| self.get(key).to_owned());
        let rows = town.scenarios.iter().filter_map(|s| {
            let last = s.years.last()?;
            let ((first, share), second) = foremost(last);
            let named = |(place, share): (usize, Estimate)| {
                format!("{} {}", self.candidate(place), percent(self.text, share))
            };
            let gap = second.map_or_else(String::new, |(_, other)| self.gap(share, other));
            let cells = [
                self.text.name(&s.name).to_owned(),
                named((first, share)),
                second.map_or_else(String::new, named),
                gap,
                difference(self.text, last.margin).trim_start_matches('+').to_owned(),
                self.least_settled(last).unwrap_or_default(),
            ];
            Some(TableRow::of(&s.id, cells.iter().map(|c| cell(c)).collect()))
        });
        let caption = self.text.fill("page.runner_up", &[("year", &self.horizon())]);
        table(&caption, &header, &rows.collect::<Vec<_>>())
    }

    /// The difference of two shares of the lead in points. They move against one another, so that the error of
    /// the difference is at most the sum of theirs, which is what is written.
    fn gap(&self, first: Estimate, second: Estimate) -> String {
        let gap = Estimate::new(100.0 * (first.value - second.value), 100.0 * (first.mcse + second.mcse));
        let words = difference(self.text, gap);
        let words = words.trim_start_matches('+');
        if gap.value <= 2.0 * gap.mcse {
            return self.text.fill("page.gap_open", &[("gap", words)]);
        }
        words.to_owned()
    }

    /// The index whose likeliest class has the smallest probability.
    fn least_settled(&self, last: &Cell) -> Option<String> {
        let classes = (0..self.results.scaled.len()).map(|k| (k, likeliest_class(last, k)));
        let (k, (class, share)) = classes.min_by(|a, b| a.1.1.value.total_cmp(&b.1.1.value))?;
        let scaled = &self.results.scaled[k];
        let class = self.text.name(&scaled.classes[class].name);
        Some(format!("{}: {class} {}", scaled.symbol, percent(self.text, share)))
    }
}
