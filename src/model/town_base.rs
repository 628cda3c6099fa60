//! A town in its base year: how its inputs are drawn, and where its drivers start.

use super::options::Options;
use crate::assess::InputLaw;
use crate::case::{Case, Input, Link, Town};

/// What of a town is known before any plan. Vectors are over drivers but for the inputs.
#[derive(Debug, Clone)]
pub(super) struct TownBase {
    /// Index in the case.
    pub(super) index: usize,
    /// How each sub-indicator's base value is drawn.
    pub(super) inputs: Vec<InputLaw>,
    /// Base value with inputs at their best.
    pub(super) base: Vec<f64>,
    /// The same on the link scale; 0 for a driver that stays at the edge of its range.
    pub(super) base_link: Vec<f64>,
    /// True for a driver that stays at its base value, because that is the edge of its range.
    pub(super) frozen: Vec<bool>,
}

impl TownBase {
    pub(super) fn new(case: &Case, options: &Options, index: usize) -> Self {
        let town = &case.towns[index];
        let inputs: Vec<InputLaw> = (0..town.inputs.len())
            .map(|i| {
                let input = &town.inputs[i];
                let drawn = options.uncertainty.inputs;
                let kind = &case.method.sub_indicators[i].kind;
                if drawn { InputLaw::of(input, kind) } else { InputLaw::Constant(input.best()) }
            })
            .collect();
        let best: Vec<f64> = town.inputs.iter().map(Input::best).collect();
        let base: Vec<f64> = base_drivers(case, town, &best);
        let frozen: Vec<bool> = (0..base.len()).map(|i| is_edge(case.drivers[i].link, base[i])).collect();
        let base_link = (0..base.len())
            .map(|i| if frozen[i] { 0.0 } else { case.drivers[i].link.apply(base[i]) })
            .collect();
        Self { index, inputs, base, base_link, frozen }
    }
}

/// Base values of the drivers for given sub-indicators.
fn base_drivers(case: &Case, town: &Town, sub_indicators: &[f64]) -> Vec<f64> {
    let value_of = |name: &str| {
        let position = case.method.sub_indicators.iter().position(|s| s.symbol == name);
        position.map_or_else(|| town.levels.get(name).copied().unwrap_or(0.0), |i| sub_indicators[i])
    };
    case.drivers.iter().map(|d| d.base.eval(&value_of)).collect()
}

/// True when a driver cannot leave its base value: 0 on a log scale, 0 or 100 on a logit one.
fn is_edge(link: Link, base: f64) -> bool {
    match link {
        Link::Log => base <= 0.0,
        Link::Logit => base <= 0.0 || base >= 100.0,
        Link::Identity => false,
    }
}
