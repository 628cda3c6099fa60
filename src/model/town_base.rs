//! A town in its base year: how its inputs are drawn, and where its drivers start.

use super::options::Options;
use super::program::{Bank, Known, KnownRows, Operand, Program, Sign, SymbolTable};
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
    /// The same on the link scale; 0 where that is the edge of its range.
    pub(super) base_link: Vec<f64>,
    /// Computes the base values of drivers from drawn inputs (bank [`Bank::Base`], the sub-indicators).
    pub(super) program: Program,
    /// Where the program leaves each driver's base value.
    pub(super) values: Vec<Operand>,
    /// True for a driver that stays at its base value in every run, because that is the edge of its range.
    pub(super) frozen: Vec<bool>,
    /// True for a driver whose base value is drawn and may be at the edge of its range, or undefined: in a run in
    /// which it is, it stays there.
    pub(super) may_stay: Vec<bool>,
    /// True for one of these that stays in a share of the runs, because a drawn switch decides it.
    pub(super) has_atom: Vec<bool>,
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
        let link = |i: usize| case.drivers[i].link;
        let on_link = |i: usize| if link(i).is_edge(base[i]) { 0.0 } else { link(i).apply(base[i]) };
        let symbols = input_symbols(case, town, &inputs);
        let mut program = Program::reading(known_inputs(&inputs));
        let values: Vec<Operand> = case.drivers.iter().map(|d| program.compile(&d.base, &symbols)).collect();
        let drivers = 0..values.len();
        let frozen = |i: usize| matches!(values[i], Operand::Constant(x) if link(i).is_edge(x));
        let may_stay = |i: usize| reaches_edge(link(i), &inputs, &program, values[i]);
        let by_switch = |i: usize| {
            let leaves = program.leaves(values[i]);
            leaves.iter().any(|(_, input)| matches!(inputs[*input], InputLaw::Switch(_)))
        };
        Self {
            index,
            base_link: drivers.clone().map(on_link).collect(),
            frozen: drivers.clone().map(frozen).collect(),
            may_stay: drivers.clone().map(may_stay).collect(),
            has_atom: drivers.map(|i| may_stay(i) && by_switch(i)).collect(),
            inputs,
            base,
            program,
            values,
        }
    }
}

/// Base values of the drivers for given sub-indicators.
fn base_drivers(case: &Case, town: &Town, sub_indicators: &[f64]) -> Vec<f64> {
    let value_of = |name: &str| {
        let position = case.method.sub_indicators.iter().position(|s| s.symbol == name);
        position.map_or_else(|| town.levels.get(name).copied().unwrap_or(f64::NAN), |i| sub_indicators[i])
    };
    case.drivers.iter().map(|d| d.base.eval(&value_of)).collect()
}

/// Base levels and sub-indicators for the base formulas of drivers.
fn input_symbols(case: &Case, town: &Town, inputs: &[InputLaw]) -> SymbolTable {
    let levels = town.levels.iter().map(|(name, v)| (name.clone(), Operand::Constant(*v)));
    let mut symbols: SymbolTable = levels.collect();
    for (i, s) in case.method.sub_indicators.iter().enumerate() {
        let value = match inputs[i] {
            InputLaw::Constant(x) => Operand::Constant(x),
            _ => Operand::Row(Bank::Base, i),
        };
        symbols.insert(s.symbol.clone(), value);
    }
    symbols
}

/// What is known of drawn inputs.
pub(super) fn known_inputs(inputs: &[InputLaw]) -> KnownRows {
    let known = inputs.iter().map(|law| Known::defined(Sign::of(law.ends().0)));
    known.enumerate().map(|(i, known)| ((Bank::Base, i), known)).collect()
}

/// True when a drawn base value is at the edge of its range, or undefined, with some of its inputs at their ends,
/// and so may come there in a run.
fn reaches_edge(link: Link, inputs: &[InputLaw], program: &Program, value: Operand) -> bool {
    let leaves = program.leaves(value);
    // A formula of more inputs than can be tried out is taken to reach it; that costs a little time only.
    if leaves.len() > 8 || !program.known(value).defined {
        return !leaves.is_empty();
    }
    let end = |corner: usize, input: usize| {
        let (low, high) = inputs[input].ends();
        let k = leaves.iter().position(|leaf| leaf.1 == input).unwrap_or(0);
        if corner >> k & 1 == 0 { low } else { high }
    };
    let at = |corner: usize| program.scalar(value, &|_, input| end(corner, input));
    !leaves.is_empty() && (0..1_usize << leaves.len()).any(|corner| link.is_edge(at(corner)))
}
