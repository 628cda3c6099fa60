//! One run of one town under one scenario, straight from docs/model.md: a number at a time, exp and ln of the
//! standard library, formulas evaluated by name. It shares with the engine the case, the keyed streams, what a word of
//! a stream means and the table of the law of delivery (which has tests of its own), and nothing else.

use std::collections::BTreeMap;

use boljam::case::{
    Case, Driver, Effect, Event, Input, Link, Parameter, PlanShape, PriceProcess, Scaling, Scenario,
    SubIndicatorKind,
};
use boljam::math::{uniform_high, uniform_low};
use boljam::model::{DeliveryLaw, Options, Origin};
use boljam::random::{Stream, key};

/// A year of a run. Vectors are in the order of the case or its method.
pub(super) struct Year {
    pub(super) log_prices: Vec<f64>,
    pub(super) price_level: f64,
    pub(super) links: Vec<f64>,
    pub(super) drivers: Vec<f64>,
    pub(super) sub_indicators: Vec<f64>,
    pub(super) composites: Vec<f64>,
    pub(super) population: f64,
    pub(super) persons: Vec<f64>,
    pub(super) events: Vec<usize>,
    pub(super) reached: Vec<usize>,
}

/// What is simulated.
pub(super) struct Oracle<'a> {
    case: &'a Case,
    seed: u64,
    stress: Option<usize>,
    /// Last year of which events are known.
    known: Option<i32>,
    town: usize,
    scenario: usize,
    parameters_drawn: bool,
    /// Planned mono-profile degree of each year.
    mono: Vec<f64>,
}

/// Values by name, as formulas see them.
type Values = BTreeMap<String, f64>;

fn apply(link: Link, x: f64) -> f64 {
    match link {
        Link::Log => x.ln(),
        Link::Logit => (x / (100.0 - x)).ln(),
        Link::Identity => x,
    }
}

fn invert(link: Link, z: f64) -> f64 {
    match link {
        Link::Log => z.exp(),
        Link::Logit => 100.0 / (1.0 + (-z).exp()),
        Link::Identity => z,
    }
}

/// Lower Cholesky factor, by the textbook.
fn cholesky(a: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut l = vec![vec![0.0; a.len()]; a.len()];
    for i in 0..a.len() {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            l[i][j] = if i == j { (a[i][i] - sum).sqrt() } else { (a[i][j] - sum) / l[j][j] };
        }
    }
    l
}

fn times(l: &[Vec<f64>], w: &[f64]) -> Vec<f64> {
    l.iter().map(|row| row.iter().zip(w).map(|(a, b)| a * b).sum()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// n normals, two from a word; an odd last word drops its second.
fn normals(stream: &mut Stream, n: usize) -> Vec<f64> {
    let pairs = (0..n.div_ceil(2)).flat_map(|_| <[f64; 2]>::from(stream.normal_pair()));
    pairs.take(n).collect()
}

impl<'a> Oracle<'a> {
    pub(super) fn new(case: &'a Case, options: &Options, town: usize, scenario: usize) -> Self {
        let (seed, stress) = (options.seed, options.stress);
        let parameters_drawn = options.uncertainty.parameters;
        let known = case.known_until.filter(|_| options.origin == Origin::Known);
        let mut oracle =
            Self { case, seed, stress, known, town, scenario, parameters_drawn, mono: Vec::new() };
        oracle.mono = oracle.years().into_iter().map(|year| oracle.planned_mono(year)).collect();
        oracle
    }

    fn years(&self) -> Vec<i32> {
        (self.case.base_year..=self.case.horizon).collect()
    }

    fn stream(&self, subject: &str, source: &str, run: u64) -> Stream {
        Stream::new(key(self.seed, subject, source), run)
    }

    /// Share of the plan that a run delivers.
    fn share(&self, run: u64) -> f64 {
        let delivery = &self.case.scenarios[self.scenario].delivery;
        let r = self.case.delivery_correlation;
        let town = &self.case.towns[self.town].id;
        let common = normals(&mut self.stream("region", "delivery", run), 1)[0];
        let own = normals(&mut self.stream(town, "delivery", run), 1)[0];
        DeliveryLaw::new(delivery, true).share(r.sqrt() * common + (1.0 - r).sqrt() * own)
    }

    /// A driver's plan in a year, of two Delta and a share.
    fn plan(&self, driver: usize, year: i32, delta: f64, reference: f64, share: f64) -> f64 {
        let own = &self.case.scenarios[self.scenario];
        let (p, r) =
            (&own.plan[self.town][driver], &self.case.scenarios[self.case.reference].plan[self.town][driver]);
        let tau = |year: i32| self.reached(p.start, p.by, year);
        let tau_reference = |year: i32| self.reached(r.start, r.by, year);
        let before = year - own.delivery.late;
        tau_reference(year) * reference + share * (tau(before) * delta - tau_reference(before) * reference)
    }

    fn reached(&self, start: i32, by: i32, year: i32) -> f64 {
        let s = (f64::from(year - start) / f64::from(by - start)).clamp(0.0, 1.0);
        match self.case.plan_shape {
            PlanShape::Linear => s,
            PlanShape::Smoothstep => 3.0 * s.powi(2) - 2.0 * s.powi(3),
        }
    }

    /// ln P[t] - ln P[0] of each commodity, a year each.
    fn prices(&self, run: u64) -> Vec<Vec<f64>> {
        let case = self.case;
        let n = case.commodities.len();
        let observed = |c: usize, year: i32| case.commodities[c].observed.iter().find(|o| o.year == year);
        let last = case.commodities[0].observed.last().unwrap().year;
        let mut stream = self.stream("world", "prices", run);
        let u = uniform_high(stream.word());
        let walks = match case.prices.process {
            PriceProcess::Mixture { walk } => u < walk,
            PriceProcess::RandomWalk | PriceProcess::Fixed(_) => true,
            PriceProcess::MeanReversion => false,
        };
        let errors = normals(&mut stream, n);
        let factor = cholesky(&case.prices.correlation);
        let mut z: Vec<f64> = (0..n).map(|c| observed(c, last).unwrap().december.ln()).collect();
        let mut paths = vec![vec![0.0; n]];
        for year in self.years().into_iter().skip(1) {
            let w = normals(&mut stream, 2 * n + 1);
            let word = stream.word();
            let q = (-2.0 * (uniform_high(word) * uniform_low(word)).ln() + w[2 * n].powi(2)) / 3.0;
            let scale = q.max(case.prices.scale_floor).sqrt();
            let (g, h) = (times(&factor, &w[..n]), times(&factor, &w[n..2 * n]));
            let mut row = Vec::new();
            for c in 0..n {
                let commodity = &case.commodities[c];
                let price = match &case.prices.process {
                    PriceProcess::Fixed(path) => {
                        let t = (year - case.base_year) as usize;
                        path[c].get(t - 1).or(path[c].last()).unwrap().ln()
                    }
                    _ if year <= last => observed(c, year).unwrap().average.ln(),
                    _ => {
                        let (pull, s) = if walks {
                            (-(1.0 + case.prices.inflation).ln(), commodity.sd_walk)
                        } else {
                            let mu = commodity.level.ln() + commodity.level_se * errors[c];
                            (-commodity.reversion * (z[c] - mu), commodity.sd_reverting)
                        };
                        let next = z[c] + pull + s * g[c] / scale;
                        let average = f64::midpoint(z[c], next) + s * h[c] / scale / 12.0_f64.sqrt();
                        z[c] = next;
                        average
                    }
                };
                row.push(price - observed(c, case.base_year).unwrap().average.ln() + self.shock(c, year));
            }
            paths.push(row);
        }
        paths
    }

    /// What the stress adds to a log price.
    fn shock(&self, commodity: usize, year: i32) -> f64 {
        let shocks = self.stress.iter().flat_map(|s| &self.case.stresses[*s].shocks);
        let size = |s: &boljam::case::PriceShock| {
            let after = year - (s.start + s.years - 1);
            let left = s.half_life.map_or(1.0, |half| 0.5_f64.powf(f64::from(after.max(0)) / half));
            if year < s.start { 0.0 } else { (1.0 + s.change).ln() * left }
        };
        shocks.filter(|s| s.commodity == commodity).map(size).sum()
    }

    /// Value of each index of the region, a year each.
    fn indices(&self, run: u64, prices: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let laws = &self.case.region_indices;
        let mut stream = self.stream("region", "indices", run);
        let errors = normals(&mut stream, laws.len());
        let mut r = vec![0.0; laws.len()];
        let mut years = vec![vec![1.0; laws.len()]];
        for (year, prices) in self.years().into_iter().zip(prices).skip(1) {
            let w = normals(&mut stream, laws.len());
            let level = dot(&self.case.region_mix, prices);
            let mut row = Vec::new();
            for (k, law) in laws.iter().enumerate() {
                r[k] = law.persistence * r[k] + law.sigma * w[k];
                let delta = law.shift + law.shift_sd * errors[k];
                let tau = self.reached(law.start, law.by, year);
                row.push((tau * delta + law.price_exposure * level + r[k]).exp());
            }
            years.push(row);
        }
        years
    }

    /// Sub-indicators of the base year.
    fn inputs(&self, run: u64) -> Vec<f64> {
        let town = &self.case.towns[self.town];
        let mut stream = self.stream(&town.id, "inputs", run);
        let mut draw = |input: &Input, kind: &SubIndicatorKind| {
            let u = uniform_high(stream.word());
            match (input, kind) {
                (Input::Printed { value, .. }, _) => *value,
                (Input::Missing { low, high, .. }, _) if low == high => *low,
                (Input::Missing { low, mode, high, .. }, SubIndicatorKind::Switch) => {
                    if u < (low + mode + high) / 300.0 { 100.0 } else { 0.0 }
                }
                // The inverse of the triangular distribution function.
                (Input::Missing { low, mode, high, .. }, _) => {
                    if u < (mode - low) / (high - low) {
                        low + (u * (high - low) * (mode - low)).sqrt()
                    } else {
                        high - ((1.0 - u) * (high - low) * (high - mode)).sqrt()
                    }
                }
            }
        };
        town.inputs.iter().zip(&self.case.method.sub_indicators).map(|(i, s)| draw(i, &s.kind)).collect()
    }

    /// Base values of the drivers for some sub-indicators.
    fn base(&self, inputs: &[f64]) -> Vec<f64> {
        let mut v: Values = self.case.towns[self.town].levels.clone();
        v.extend(
            self.case.method.sub_indicators.iter().map(|s| s.symbol.clone()).zip(inputs.iter().copied()),
        );
        self.case.drivers.iter().map(|d| d.base.eval(&|name| v[name])).collect()
    }

    /// Adds what formulas of the method say to values that hold drivers, indices, base values and switches.
    fn outcomes(&self, v: &mut Values) {
        for s in &self.case.method.sub_indicators {
            if let SubIndicatorKind::Formula(formula) = &s.kind {
                let x = formula.eval(&|name| v[name]);
                v.insert(s.symbol.clone(), x);
            }
        }
        for c in &self.case.method.composites {
            let x = c.formula.eval(&|name| v[name]);
            v.insert(c.symbol.clone(), x);
        }
    }

    /// Names of base values, with `base.` before them.
    fn base_names(&self, inputs: &[f64], base: &[f64]) -> Values {
        let drivers = self.case.drivers.iter().map(|d| &d.id).zip(base);
        let symbols = self.case.method.sub_indicators.iter().map(|s| &s.symbol).zip(inputs);
        drivers.chain(symbols).map(|(name, x)| (format!("base.{name}"), *x)).collect()
    }

    /// The mono-profile degree of the plan itself in a year.
    fn planned_mono(&self, year: i32) -> f64 {
        let case = self.case;
        let inputs: Vec<f64> = case.towns[self.town].inputs.iter().map(Input::best).collect();
        let base = self.base(&inputs);
        let mut v = self.base_names(&inputs, &base);
        for (i, d) in case.drivers.iter().enumerate() {
            let plan = &case.scenarios[self.scenario].plan[self.town][i];
            let reference = &case.scenarios[case.reference].plan[self.town][i];
            let share = case.scenarios[self.scenario].delivery.mean;
            let z = apply(d.link, base[i]) + self.plan(i, year, plan.shift, reference.shift, share);
            v.insert(d.id.clone(), if at_edge(d.link, base[i]) { base[i] } else { invert(d.link, z) });
        }
        for r in &case.region_indices {
            v.insert(format!("region.{}", r.id), (self.reached(r.start, r.by, year) * r.shift).exp());
        }
        v.extend(case.method.sub_indicators.iter().map(|s| s.symbol.clone()).zip(inputs));
        self.outcomes(&mut v);
        case.method.mono_degree.eval(&|name| v[name]).clamp(0.0, 1.0)
    }

    /// The whole run.
    pub(super) fn run(&self, run: u64) -> Vec<Year> {
        let case = self.case;
        let town = &case.towns[self.town];
        let scenario = &case.scenarios[self.scenario];
        let n = case.drivers.len();
        let prices = self.prices(run);
        let indices = self.indices(run, &prices);
        let inputs = self.inputs(run);
        let parameters = self.parameters(run);
        let base = self.base(&inputs);
        // A driver stays where the run's own base value is the edge of its range.
        let frozen: Vec<bool> = base.iter().zip(&case.drivers).map(|(x, d)| at_edge(d.link, *x)).collect();
        let factor = cholesky(&case.correlation);
        let common = normals(&mut self.stream(&town.id, "plan", run), n);
        let r = case.plan_correlation;
        let deltas = |scenario: &Scenario| -> Vec<f64> {
            let own = normals(&mut self.stream(&format!("{}/{}", town.id, scenario.id), "plan", run), n);
            let plan = scenario.plan[self.town].iter().enumerate();
            plan.map(|(i, p)| p.shift + p.sd * (r.sqrt() * common[i] + (1.0 - r).sqrt() * own[i])).collect()
        };
        let (delta, reference) = (deltas(scenario), deltas(&case.scenarios[case.reference]));
        let share = self.share(run);
        let mut region_noise = self.stream("region", "noise", run);
        let mut town_noise = self.stream(&town.id, "noise", run);
        let mut state = State::new(case, &inputs);
        let mut luck: Vec<Stream> = case
            .events
            .iter()
            .map(|e| self.stream(&format!("{}/{}", town.id, e.id), "events", run))
            .collect();
        let mut population = town.levels["population"];
        let mut years = Vec::new();
        for (t, year) in self.years().into_iter().enumerate() {
            let level = dot(&town.mix, &prices[t]);
            let mono = self.mono[t];
            let mut happening = Vec::new();
            if t > 0 {
                let regional = times(&factor, &normals(&mut region_noise, n));
                let local = times(&factor, &normals(&mut town_noise, n));
                let uniforms: Vec<f64> = luck.iter_mut().map(|s| uniform_high(s.word())).collect();
                happening = state.happen(
                    self,
                    &frozen,
                    &uniforms,
                    level,
                    (year, if t as i32 > scenario.delivery.late { share } else { 0.0 }),
                );
                let pulls: Vec<f64> = (0..n).map(|i| self.pull(i, mono, &frozen, &state.departure)).collect();
                for i in 0..n {
                    let [sigma, phi, _, rho] = parameters[i];
                    let e = sigma * (rho.sqrt() * regional[i] + (1.0 - rho).sqrt() * local[i]);
                    state.d[i] = phi * state.d[i] + (1.0 - phi) * pulls[i] + e + state.shock[i];
                }
            }
            let mut v = self.base_names(&inputs, &base);
            let mut links = vec![0.0; n];
            for (i, d) in case.drivers.iter().enumerate().filter(|(i, _)| !frozen[*i]) {
                let scale = if d.exposure_scale == Scaling::Mono { mono } else { 1.0 };
                state.departure[i] = scale * parameters[i][2] * level + state.d[i] + state.steps[i];
                let planned = self.plan(i, year, delta[i], reference[i], share);
                links[i] = apply(d.link, base[i]) + planned + state.departure[i];
            }
            let value = |i: usize| if frozen[i] { base[i] } else { invert(case.drivers[i].link, links[i]) };
            let drivers: Vec<f64> = (0..n).map(value).collect();
            v.extend(case.drivers.iter().map(|d| d.id.clone()).zip(drivers.iter().copied()));
            let regional = case.region_indices.iter().map(|r| format!("region.{}", r.id));
            v.extend(regional.zip(indices[t].iter().copied()));
            if t > 0 {
                let growth = case.method.population_growth.eval(&|name| v[name]);
                population *= (1.0 + growth / 1000.0).max(0.0);
            }
            v.insert("population".to_owned(), population);
            v.extend(state.switches.iter().map(|(k, x)| (case.method.sub_indicators[*k].symbol.clone(), *x)));
            self.outcomes(&mut v);
            let reached = if t > 0 { state.reach(case, &v) } else { Vec::new() };
            years.push(Year {
                log_prices: prices[t].clone(),
                price_level: level,
                links,
                drivers,
                sub_indicators: case.method.sub_indicators.iter().map(|s| v[&s.symbol]).collect(),
                composites: case.method.composites.iter().map(|c| v[&c.symbol]).collect(),
                population,
                persons: case.method.persons.iter().map(|p| p.formula.eval(&|name| v[name])).collect(),
                events: happening,
                reached,
            });
        }
        years
    }

    /// Sum of c_j (y_j + S_j), last year's.
    fn pull(&self, i: usize, mono: f64, frozen: &[bool], departure: &[f64]) -> f64 {
        let acting = self.case.cross_impacts.iter().filter(|c| c.to == i && !frozen[c.from] && !frozen[i]);
        let effect = |scale: Scaling| if scale == Scaling::Mono { mono } else { 1.0 };
        let sum: f64 = acting.map(|c| c.effect * effect(c.scale) * departure[c.from]).sum();
        sum
    }

    /// sigma, phi, B and rho of each driver: the case's, or a row of the posterior where the run draws one.
    fn parameters(&self, run: u64) -> Vec<[f64; 4]> {
        let own = |d: &Driver| [d.sigma, d.persistence, d.price_exposure, d.regional_share];
        let mut all: Vec<[f64; 4]> = self.case.drivers.iter().map(own).collect();
        if let Some(posterior) = self.case.posterior.as_ref().filter(|_| self.parameters_drawn) {
            let u = uniform_high(self.stream("drivers", "parameters", run).word());
            let row = &posterior.draws[(u * posterior.draws.len() as f64).floor() as usize];
            for ((driver, parameter), x) in posterior.columns.iter().zip(row) {
                let place = match parameter {
                    Parameter::Sigma => 0,
                    Parameter::Persistence => 1,
                    Parameter::PriceExposure => 2,
                    Parameter::RegionalShare => 3,
                };
                all[*driver][place] = *x;
            }
        }
        all
    }
}

fn at_edge(link: Link, x: f64) -> bool {
    match link {
        Link::Log => x <= 0.0,
        Link::Logit => x <= 0.0 || x >= 100.0,
        Link::Identity => false,
    }
}

/// What a run carries from year to year.
struct State {
    d: Vec<f64>,
    departure: Vec<f64>,
    steps: Vec<f64>,
    shock: Vec<f64>,
    /// Switches by their index among the sub-indicators.
    switches: BTreeMap<usize, f64>,
    happened: Vec<bool>,
    streak: Vec<usize>,
    closed: Vec<bool>,
}

impl State {
    fn new(case: &Case, inputs: &[f64]) -> Self {
        let zeros = vec![0.0; case.drivers.len()];
        let is_switch = |k: &usize| matches!(case.method.sub_indicators[*k].kind, SubIndicatorKind::Switch);
        Self {
            d: zeros.clone(),
            departure: zeros.clone(),
            steps: zeros.clone(),
            shock: zeros,
            switches: (0..inputs.len()).filter(is_switch).map(|k| (k, inputs[k])).collect(),
            happened: vec![false; case.events.len()],
            streak: vec![0; case.method.first_passages.len()],
            closed: vec![false; case.method.first_passages.len()],
        }
    }

    fn chance(oracle: &Oracle<'_>, event: &Event, level: f64, share: f64) -> f64 {
        let case = oracle.case;
        let town = &case.towns[oracle.town];
        let gap = |c: usize| {
            let commodity = &case.commodities[c];
            let base = commodity.observed.iter().find(|o| o.year == case.base_year).unwrap();
            base.average.ln() - commodity.level.ln()
        };
        let gaps: Vec<f64> = (0..town.mix.len()).map(gap).collect();
        let (own, reference) = (event.probability[oracle.scenario], event.probability[case.reference]);
        let usual = reference + share * (own - reference);
        match event.trigger {
            Some(t) if level + dot(&town.mix, &gaps) < t.price_below.ln() => usual * t.multiplier,
            _ => usual,
        }
    }

    /// Events of a year, by their index in the case, and what they do.
    fn happen(
        &mut self,
        oracle: &Oracle<'_>,
        frozen: &[bool],
        uniforms: &[f64],
        level: f64,
        (year, share): (i32, f64),
    ) -> Vec<usize> {
        let mut happening = Vec::new();
        self.shock.fill(0.0);
        for (e, event) in oracle.case.events.iter().enumerate() {
            let setting = |effect: &Effect| match *effect {
                Effect::Switch { sub_indicator, on } => Some((sub_indicator, if on { 100.0 } else { 0.0 })),
                _ => None,
            };
            let stands =
                event.effects.iter().filter_map(setting).any(|(k, value)| self.switches[&k] == value);
            let listed = oracle
                .case
                .chronicle
                .iter()
                .any(|known| (known.event, known.year) == (Some(e), year) && known.towns[oracle.town]);
            let happens = match oracle.known {
                Some(last) if year <= last => listed,
                _ => uniforms[e] < Self::chance(oracle, event, level, share),
            };
            let hit = event.towns[oracle.town] && happens;
            if !hit || stands || (event.once && self.happened[e]) {
                continue;
            }
            self.happened[e] = true;
            happening.push(e);
            for effect in &event.effects {
                match *effect {
                    Effect::Plan { driver, shift } if !frozen[driver] => self.steps[driver] += shift,
                    Effect::Shock { driver, shift } if !frozen[driver] => self.shock[driver] += shift,
                    Effect::Switch { sub_indicator, on } => {
                        self.switches.insert(sub_indicator, if on { 100.0 } else { 0.0 });
                    }
                    _ => {}
                }
            }
        }
        happening
    }

    /// Outcomes first reached in a year.
    fn reach(&mut self, case: &Case, v: &Values) -> Vec<usize> {
        let mut reached = Vec::new();
        for (k, outcome) in case.method.first_passages.iter().enumerate() {
            if outcome.unless_event.is_some_and(|e| self.happened[e]) {
                self.closed[k] = true;
            }
            let holds = outcome.condition.eval(&|name| v[name]) > 0.0;
            self.streak[k] = if holds { self.streak[k] + 1 } else { 0 };
            if self.streak[k] >= outcome.lasting && !self.closed[k] {
                self.closed[k] = true;
                reached.push(k);
            }
        }
        reached
    }
}
