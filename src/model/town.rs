//! A town as the engine needs it: base values, outcome program, events, and a path for each scenario.

use super::noise::SparseRow;
use super::options::{Options, Origin};
use super::path::{self, PathLaw};
use super::path_delivery::PathDelivery;
use super::program::{Bank, Known, KnownRows, Operand, Program, Sign, SymbolTable};
use super::region::sparse_mix;
use super::town_base::{TownBase, known_inputs};
use crate::assess::InputLaw;
use crate::case::{Case, Effect, Link, SubIndicatorKind};
use crate::math;
use crate::random;

/// One town.
#[derive(Debug, Clone)]
pub struct TownLaw {
    /// Index in the case.
    pub index: usize,
    /// Its id, of which its keys are made.
    pub id: String,
    /// Id of the reference scenario, of which the keys of its plan errors are made.
    pub reference: String,
    /// Key of its innovations.
    pub noise_key: u64,
    /// Key of its missing inputs.
    pub inputs_key: u64,
    /// Key of its plan errors common to all scenarios.
    pub plan_key: u64,
    /// Key of its own part of delivery.
    pub delivery_key: u64,
    /// Its price mix.
    pub mix: SparseRow,
    /// How each sub-indicator's base value is drawn.
    pub inputs: Vec<InputLaw>,
    /// Base value of each driver with inputs at their best.
    pub base: Vec<f64>,
    /// The same on the link scale; 0 where that is the edge of its range.
    pub base_link: Vec<f64>,
    /// True for a driver that stays at its base value in every run, because that is the edge of its range.
    pub frozen: Vec<bool>,
    /// True for a driver whose base value is drawn and may be at the edge of its range, or undefined: in a run in
    /// which it is, it stays there.
    pub may_stay: Vec<bool>,
    /// True for one of these that stays in a share of the runs, because a drawn switch decides it.
    pub has_atom: Vec<bool>,
    /// True for a driver that an event of the town can move for good.
    pub has_steps: Vec<bool>,
    /// Computes the base values of drivers from drawn inputs (bank [`Bank::Base`], the sub-indicators).
    pub base_program: Program,
    /// Where the base program leaves each driver's base value.
    pub base_values: Vec<Operand>,
    /// Indices into the sub-indicators that are moving or drawn switches, in the order of the state bank.
    pub switches: Vec<usize>,
    /// Computes a year's outcomes.
    pub outcome: OutcomeProgram,
    /// Events that can happen here.
    pub events: Vec<EventLaw>,
    /// One path a scenario of the options.
    pub paths: Vec<PathLaw>,
    /// Base population.
    pub population: f64,
}

/// The outcomes of a year: where each value is once the program has run on
/// (drivers, region indices, base values, state).
#[derive(Debug, Clone, Default)]
pub struct OutcomeProgram {
    /// The operations.
    pub program: Program,
    /// Value of each sub-indicator of the method.
    pub sub_indicators: Vec<Operand>,
    /// Value of each composite of the method, intermediate ones included.
    pub composites: Vec<Operand>,
    /// Value of each count of persons.
    pub persons: Vec<Operand>,
    /// 1 where the condition of a first-passage outcome holds.
    pub conditions: Vec<Operand>,
    /// Population growth, per thousand: computed before the rest, which may read the population.
    pub growth: GrowthProgram,
}

/// The program of population growth.
#[derive(Debug, Clone)]
pub struct GrowthProgram {
    /// The operations.
    pub program: Program,
    /// The result.
    pub value: Operand,
}

impl Default for GrowthProgram {
    fn default() -> Self {
        Self { program: Program::default(), value: Operand::Constant(0.0) }
    }
}

/// An event of a town.
#[derive(Debug, Clone)]
pub struct EventLaw {
    /// Index in the case.
    pub index: usize,
    /// Its id, of which its key is made.
    pub id: String,
    /// Key of its draws.
    pub key: u64,
    /// Yearly probability, by scenario of the options, where its plan is delivered in full.
    pub probability: Vec<f64>,
    /// Yearly probability under the reference: of a scenario of which nothing is delivered.
    pub reference: f64,
    /// Did it happen? For each year after the base year of which that is known; it is chance in the others.
    pub known: Vec<bool>,
    /// Years t in which a stress makes it happen, whatever is known.
    pub forced: Vec<usize>,
    /// True when it happens at most once a run.
    pub once: bool,
    /// (bound, factor): while the town's price level x is below the bound the probability is multiplied.
    pub trigger: Option<(f64, f64)>,
    /// Lasting steps: (driver, shift).
    pub steps: Vec<(usize, f64)>,
    /// Shocks of the year: (driver, shift).
    pub shocks: Vec<(usize, f64)>,
    /// Switches: (place in the state bank, value); empty ones are those that can never change.
    pub switches: Vec<(usize, f64)>,
    /// True when one of its switches stands for good already, so that it cannot happen.
    pub impossible: bool,
}

impl EventLaw {
    /// Whether it happens in year t > 0, where that is known or a stress says so.
    #[inline(always)]
    pub(crate) fn known_in(&self, t: usize) -> Option<bool> {
        if self.forced.contains(&t) { Some(true) } else { self.known.get(t - 1).copied() }
    }

    /// Largest chance that a scenario's delivery can give it, before any trigger: at one end of the share's range.
    pub fn highest(&self, path: usize, delivery: &PathDelivery) -> f64 {
        let most = delivery.most * (self.probability[path] - self.reference);
        // A little more, against rounding.
        (self.reference + most.max(0.0)) * (1.0 + 1e-12)
    }
}

impl TownLaw {
    pub(super) fn compile(case: &Case, options: &Options, years: &[i32], index: usize) -> Self {
        let town = &case.towns[index];
        let base = TownBase::new(case, options, index);
        let paths =
            options.scenarios.iter().map(|&s| path::compile(case, options, years, &base, s)).collect();
        let TownBase { inputs, base, base_link, program, values, frozen, may_stay, has_atom, .. } = base;
        let switches: Vec<usize> =
            (0..inputs.len()).filter(|&i| is_switch(case, i) && moves(case, index, i, inputs[i])).collect();
        let mut law = Self {
            index,
            id: town.id.clone(),
            reference: case.scenarios[case.reference].id.clone(),
            noise_key: 0,
            inputs_key: 0,
            plan_key: 0,
            delivery_key: 0,
            mix: sparse_mix(&town.mix),
            may_stay,
            has_atom,
            base_program: program,
            base_values: values,
            outcome: OutcomeProgram::default(),
            events: Vec::new(),
            paths,
            population: town.levels.get("population").copied().unwrap_or(f64::NAN),
            inputs,
            base,
            base_link,
            has_steps: vec![false; case.drivers.len()],
            frozen,
            switches,
        };
        law.compile_outcome(case);
        law.compile_events(case, options);
        law.reseed(options.seed);
        law
    }

    /// Makes the keys of all its draws from a seed.
    pub(super) fn reseed(&mut self, seed: u64) {
        let Self { id, reference, .. } = self;
        self.noise_key = random::key(seed, id, "noise");
        self.inputs_key = random::key(seed, id, "inputs");
        self.plan_key = random::key(seed, id, "plan");
        for event in &mut self.events {
            event.key = random::key(seed, &format!("{id}/{}", event.id), "events");
        }
        self.delivery_key = random::key(seed, id, "delivery");
        for path in &mut self.paths {
            path.plan_key = random::key(seed, &format!("{id}/{}", path.id), "plan");
            if let Some(delivery) = &mut path.delivery {
                delivery.reference_key = random::key(seed, &format!("{id}/{reference}"), "plan");
            }
        }
    }

    /// True when runs differ in their base year.
    pub fn is_uncertain(&self) -> bool {
        self.inputs.iter().any(|i| !matches!(i, InputLaw::Constant(_)))
    }

    /// A row of the base bank with inputs at their best: the sub-indicators, then the drivers' base values.
    pub(crate) fn best(&self, place: usize) -> f64 {
        match self.inputs.get(place) {
            Some(InputLaw::Constant(x)) => *x,
            Some(InputLaw::Triangular { mode, .. }) => *mode,
            Some(InputLaw::Switch(p)) if *p > 0.5 => 100.0,
            Some(InputLaw::Switch(_)) => 0.0,
            None => self.base[place - self.inputs.len()],
        }
    }

    /// What an operand of the outcome program is in the base year, with inputs at their best.
    pub(crate) fn at_base(&self, operand: Operand) -> f64 {
        let row = |bank: Bank, k: usize| match bank {
            Bank::Driver => self.base[k],
            Bank::Region => 1.0,
            Bank::Base => self.best(k),
            Bank::State => self.switches.get(k).map_or(self.population, |switch| self.best(*switch)),
        };
        self.outcome.program.scalar(operand, &row)
    }

    /// True when runs differ in a driver's base value.
    pub fn is_drawn(&self, driver: usize) -> bool {
        !self.frozen[driver] && !matches!(self.base_values[driver], Operand::Constant(_))
    }

    /// What is known of the rows that outcomes are computed from, but for the population.
    fn known_rows(&self, case: &Case) -> KnownRows {
        let mut rows = known_inputs(&self.inputs);
        for (i, driver) in case.drivers.iter().enumerate() {
            let base = self.base_program.known(self.base_values[i]);
            let sign = match driver.link {
                Link::Identity => Sign::Any,
                _ if self.may_stay[i] => Sign::NotNegative,
                Link::Log | Link::Logit => Sign::Positive,
            };
            rows.insert((Bank::Driver, i), Known { sign, ..base });
            rows.insert((Bank::Base, self.inputs.len() + i), base);
        }
        let indices = 0..case.region_indices.len();
        rows.extend(indices.map(|i| ((Bank::Region, i), Known::defined(Sign::Positive))));
        let switches = 0..self.switches.len();
        rows.extend(switches.map(|i| ((Bank::State, i), Known::defined(Sign::NotNegative))));
        rows
    }

    /// Rows of the base bank: the sub-indicators, then the drivers' base values.
    fn compile_outcome(&mut self, case: &Case) {
        let method = &case.method;
        let offset = method.sub_indicators.len();
        let mut names = SymbolTable::new();
        for (i, d) in case.drivers.iter().enumerate() {
            let now =
                if self.frozen[i] { Operand::Constant(self.base[i]) } else { Operand::Row(Bank::Driver, i) };
            let then = match self.base_values[i] {
                Operand::Constant(x) => Operand::Constant(x),
                _ => Operand::Row(Bank::Base, offset + i),
            };
            names.insert(d.id.clone(), now);
            names.insert(format!("base.{}", d.id), then);
        }
        for (i, r) in case.region_indices.iter().enumerate() {
            names.insert(format!("region.{}", r.id), Operand::Row(Bank::Region, i));
        }
        for (i, s) in method.sub_indicators.iter().enumerate() {
            let then = match self.inputs[i] {
                InputLaw::Constant(x) => Operand::Constant(x),
                _ => Operand::Row(Bank::Base, i),
            };
            names.insert(format!("base.{}", s.symbol), then);
        }
        let mut rows = self.known_rows(case);
        let mut growth = Program::reading(rows.clone());
        let value = growth.compile(&method.population_growth, &names);
        let population = Known { sign: Sign::NotNegative, ..growth.known(value) };
        rows.insert((Bank::State, self.switches.len()), population);
        names.insert("population".to_owned(), Operand::Row(Bank::State, self.switches.len()));
        let mut outcome =
            OutcomeProgram { growth: GrowthProgram { program: growth, value }, ..OutcomeProgram::default() };
        let mut program = Program::reading(rows);
        for (i, s) in method.sub_indicators.iter().enumerate() {
            let value = match (&s.kind, self.switches.iter().position(|&k| k == i)) {
                (SubIndicatorKind::Formula(formula), _) => program.compile(formula, &names),
                (SubIndicatorKind::Switch, Some(place)) => Operand::Row(Bank::State, place),
                (SubIndicatorKind::Switch, None) => names[&format!("base.{}", s.symbol)],
            };
            names.insert(s.symbol.clone(), value);
            outcome.sub_indicators.push(value);
        }
        for composite in &method.composites {
            let value = program.compile(&composite.formula, &names);
            names.insert(composite.symbol.clone(), value);
            outcome.composites.push(value);
        }
        outcome.persons = method.persons.iter().map(|p| program.compile(&p.formula, &names)).collect();
        outcome.conditions =
            method.first_passages.iter().map(|f| program.compile(&f.condition, &names)).collect();
        outcome.program = program;
        self.outcome = outcome;
    }

    /// Compiles the events that can happen here; their keys are made by [`Self::reseed`].
    pub(super) fn compile_events(&mut self, case: &Case, options: &Options) {
        self.events = (0..case.events.len())
            .filter(|&e| case.events[e].towns[self.index])
            .map(|e| self.compile_event(case, options, e))
            .filter(|e| !e.impossible)
            .collect();
        for (driver, _) in self.events.iter().flat_map(|e| &e.steps) {
            self.has_steps[*driver] = true;
        }
    }

    fn compile_event(&self, case: &Case, options: &Options, index: usize) -> EventLaw {
        let event = &case.events[index];
        let mut law = EventLaw {
            index,
            id: event.id.clone(),
            key: 0,
            probability: options.scenarios.iter().map(|&s| event.probability[s]).collect(),
            reference: event.probability[case.reference],
            known: match options.origin {
                Origin::Base => Vec::new(),
                Origin::Known => case.known_years(index, self.index),
            },
            forced: forced_years(case, options, index),
            once: event.once,
            trigger: event.trigger.map(|t| (self.trigger_bound(case, t.price_below), t.multiplier)),
            steps: Vec::new(),
            shocks: Vec::new(),
            switches: Vec::new(),
            impossible: !options.uncertainty.shocks,
        };
        for effect in &event.effects {
            match *effect {
                Effect::Plan { driver, shift } if !self.frozen[driver] => law.steps.push((driver, shift)),
                Effect::Shock { driver, shift } if !self.frozen[driver] => law.shocks.push((driver, shift)),
                Effect::Plan { .. } | Effect::Shock { .. } => {}
                Effect::Switch { sub_indicator, on } => {
                    let value = if on { 100.0 } else { 0.0 };
                    match self.switches.iter().position(|&k| k == sub_indicator) {
                        Some(place) => law.switches.push((place, value)),
                        None => law.impossible = true,
                    }
                }
            }
        }
        law
    }

    /// Bound on x at which sum_c w_c (ln P_c - ln mu_c) = ln(fraction), mu at its estimate.
    fn trigger_bound(&self, case: &Case, fraction: f64) -> f64 {
        let gap: f64 = self
            .mix
            .iter()
            .map(|&(c, w)| {
                let commodity = &case.commodities[c];
                let base = commodity.price(case.base_year).map_or(f64::NAN, |o| o.average);
                w * (math::ln(base) - math::ln(commodity.level))
            })
            .sum();
        math::ln(fraction) - gap
    }
}

/// Years after the base year in which the stress that is laid on makes an event happen.
fn forced_years(case: &Case, options: &Options, event: usize) -> Vec<usize> {
    let all = options.stress.iter().flat_map(|s| &case.stresses[*s].events);
    all.filter(|forced| forced.event == event)
        .filter_map(|forced| usize::try_from(forced.year - case.base_year).ok())
        .collect()
}

fn is_switch(case: &Case, sub_indicator: usize) -> bool {
    matches!(case.method.sub_indicators[sub_indicator].kind, SubIndicatorKind::Switch)
}

/// True when a switch differs between runs or can be moved by an event of the town.
fn moves(case: &Case, town: usize, switch: usize, law: InputLaw) -> bool {
    let InputLaw::Constant(value) = law else { return true };
    let sets = |effect: &Effect| match *effect {
        Effect::Switch { sub_indicator, on } => sub_indicator == switch && on != (value > 50.0),
        _ => false,
    };
    case.events.iter().any(|e| e.towns[town] && e.effects.iter().any(sets))
}
