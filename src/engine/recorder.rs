//! Looks at runs and keeps chosen values of each.

use super::ballot::Ballot;
use super::drawn_parameters::TileParameters;
use super::observer::{Observer, View};
use super::tile::{BLOCK_TILES, TILE, TileRow, Value};
use super::tracks::quantity_operands;
use crate::case::Parameter;
use crate::model::{Bank, Model, Operand, TownLaw};

/// A value of each run that is worth keeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selected {
    /// Place of the town in the options.
    pub town: usize,
    /// Place of the scenario in the options.
    pub path: usize,
    /// Year, 0 the base year.
    pub t: usize,
    /// What to keep.
    pub value: RunValue,
}

/// What can be kept of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunValue {
    /// A quantity, by its place in [`Model::quantities`].
    Quantity(usize),
    /// A driver on the link scale.
    Link(usize),
    /// A candidate scenario's share of the lead: 1/k if it is among k leaders.
    Lead(usize),
    /// The set of leaders: 2^s summed over them.
    Leaders,
    /// Votes for a candidate scenario.
    Votes(usize),
    /// ln P\[t\] - ln P\[0\] of a commodity.
    LogPrice(usize),
    /// A sub-indicator, by its index in the method.
    SubIndicator(usize),
    /// A sub-indicator as it is in the base year, drawn where it is missing.
    Input(usize),
    /// The shift of a driver's plan on the link scale: with its error, and what is not delivered left out.
    Plan(usize),
    /// Share of the plan that is delivered; 1 where it is all of it.
    Delivered,
    /// 1 if an event (its index in the case) has happened by the end of the year.
    Happened(usize),
    /// 1 if an outcome (its index in the method) has been reached by the end of the year.
    Reached(usize),
    /// A driver's parameter, where it is drawn.
    Parameter(usize, Parameter),
    /// An index of the region.
    Region(usize),
    /// What innovations alone have made of a driver on the link scale: c\[t\] = phi c\[t-1\] + e\[t\], c\[0\] = 0. The
    /// same for all scenarios.
    Chance(usize),
}

/// Keeps the selected values of a town's runs.
pub(super) struct Recorder<'a> {
    model: &'a Model,
    law: &'a TownLaw,
    town: usize,
    operands: Vec<Operand>,
    ballot: Ballot,
    selected: &'a [Selected],
    columns: &'a mut [Vec<f64>],
    /// Drivers whose chance is asked for, and c of each tile and of these drivers.
    chances: Vec<usize>,
    chance: Vec<TileRow>,
    /// 1 where an outcome has been reached: of each path, tile and outcome; none where nobody asks.
    reached: Vec<TileRow>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(
        model: &'a Model,
        town: usize,
        selected: &'a [Selected],
        columns: &'a mut [Vec<f64>],
    ) -> Self {
        let law = &model.towns[town];
        let of_town = || selected.iter().filter(|s| s.town == town);
        let mut chances: Vec<usize> = of_town()
            .filter_map(|s| match s.value {
                RunValue::Chance(driver) => Some(driver),
                _ => None,
            })
            .collect();
        chances.sort_unstable();
        chances.dedup();
        let asks = of_town().any(|s| matches!(s.value, RunValue::Reached(_)));
        let outcomes = if asks { model.first_passages.len() } else { 0 };
        Self {
            model,
            law,
            town,
            operands: quantity_operands(model, law),
            ballot: Ballot::new(model, law),
            selected,
            columns,
            chance: TileRow::zeros(BLOCK_TILES * chances.len()),
            chances,
            reached: TileRow::zeros(law.paths.len() * BLOCK_TILES * outcomes),
        }
    }

    fn is_first(&self, path: usize) -> bool {
        path == self.model.reference.unwrap_or(0)
    }

    /// Notes what sums up over the years.
    fn accumulate(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        if self.is_first(path) {
            let rows = &mut self.chance[tile * self.chances.len()..][..self.chances.len()];
            for (driver, c) in self.chances.iter().zip(rows) {
                if t == 0 || self.law.frozen[*driver] {
                    *c = TileRow::ZERO;
                    continue;
                }
                let (phi, e) = (view.parameters.persistence(*driver), &view.innovations[*driver]);
                for p in 0..TILE {
                    let phi = phi.map_or(self.model.noise.persistence[*driver], |row| row.0[p]);
                    c.0[p] = phi * c.0[p] + e.0[p];
                }
            }
        }
        let outcomes = self.outcomes();
        let rows = &mut self.reached[(path * BLOCK_TILES + tile) * outcomes..][..outcomes];
        for (so_far, now) in rows.iter_mut().zip(&view.state.reached) {
            for p in 0..TILE {
                so_far.0[p] = if t == 0 { 0.0 } else { so_far.0[p].max(now.0[p]) };
            }
        }
    }

    fn outcomes(&self) -> usize {
        self.reached.len() / (self.law.paths.len() * BLOCK_TILES).max(1)
    }

    /// The runs' values.
    fn values(&self, value: RunValue, path: usize, tile: usize, view: &View<'_>) -> Vec<f64> {
        let each = |value: Value<'_>| (0..view.runs).map(|p| value.at(p)).collect::<Vec<f64>>();
        let base = |place: usize| match self.law.inputs[place] {
            crate::assess::InputLaw::Constant(x) => Value::Same(x),
            _ => view.banks.value(Operand::Row(Bank::Base, place), view.results),
        };
        match value {
            RunValue::Quantity(q) => each(view.value(self.operands[q])),
            RunValue::Link(driver) => each(Value::Each(&view.links[driver])),
            RunValue::LogPrice(commodity) => each(Value::Each(&view.prices[commodity])),
            RunValue::SubIndicator(i) => each(view.value(self.law.outcome.sub_indicators[i])),
            RunValue::Input(i) => each(base(i)),
            RunValue::Plan(driver) => each(Value::Each(&view.state.shift[driver])),
            RunValue::Delivered => each(view.state.share.as_deref().map_or(Value::Same(1.0), Value::Each)),
            RunValue::Region(index) => {
                each(view.banks.value(Operand::Row(Bank::Region, index), view.results))
            }
            RunValue::Happened(event) => {
                let place = self.law.events.iter().position(|e| e.index == event);
                each(place.map_or(Value::Same(0.0), |k| Value::Each(&view.state.happened[k])))
            }
            RunValue::Reached(outcome) => {
                let row = (path * BLOCK_TILES + tile) * self.outcomes() + outcome;
                each(Value::Each(&self.reached[row]))
            }
            RunValue::Chance(driver) => {
                let place = self.chances.iter().position(|c| *c == driver).unwrap_or(0);
                each(Value::Each(&self.chance[tile * self.chances.len() + place]))
            }
            RunValue::Parameter(driver, which) => {
                (0..view.runs).map(|p| parameter(view.parameters, driver, which, p)).collect()
            }
            RunValue::Lead(_) | RunValue::Leaders | RunValue::Votes(_) => self.ballot(value, view),
        }
    }

    fn ballot(&self, value: RunValue, view: &View<'_>) -> Vec<f64> {
        let mut above = vec![0; self.ballot.bounds];
        let mut votes = [0; TILE];
        let mut leaders = [0; TILE];
        self.ballot.count(view, &mut above, &mut votes);
        self.ballot.leaders(&votes, &mut leaders);
        let mask = (1_u16 << self.ballot.candidates) - 1;
        let of = |(p, undefined): (usize, bool)| {
            let set = leaders[p] & mask;
            match value {
                RunValue::Votes(candidate) => (votes[p] >> (8 * candidate) & 0xff) as f64,
                _ if undefined => f64::NAN,
                RunValue::Lead(candidate) => f64::from(set >> candidate & 1) / f64::from(set.count_ones()),
                _ => f64::from(set),
            }
        };
        self.ballot.undefined(view)[..view.runs].iter().copied().enumerate().map(of).collect()
    }
}

/// A drawn parameter of a run; NaN where it is not drawn.
fn parameter(drawn: TileParameters<'_>, driver: usize, which: Parameter, p: usize) -> f64 {
    let at = |row: Option<&TileRow>| row.map_or(f64::NAN, |row| row.0[p]);
    let (region, town) = (at(drawn.region_sd(driver)), at(drawn.town_sd(driver)));
    match which {
        Parameter::Sigma => region.hypot(town),
        Parameter::RegionalShare => region * region / (region * region + town * town),
        Parameter::Persistence => at(drawn.persistence(driver)),
        Parameter::PriceExposure => at(drawn.price_exposure(driver)),
    }
}

impl Observer for Recorder<'_> {
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        self.accumulate(t, path, tile, view);
        for k in 0..self.selected.len() {
            let selected = self.selected[k];
            if (selected.town, selected.path, selected.t) == (self.town, path, t) {
                let values = self.values(selected.value, path, tile, view);
                self.columns[k].extend(values);
            }
        }
    }
}
