//! Formulas compiled into straight-line operations, one value after another, which the engine applies to
//! tiles of runs.

use std::collections::BTreeMap;

use crate::formula::{Expr, Formula, Operator};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operand {
    /// The same for all runs.
    Constant(f64),
    /// A row of one of the banks that the engine supplies.
    Row(Bank, usize),
    /// The result of an earlier operation.
    Result(usize),
}

/// The sets of rows that a program may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bank {
    /// Values of the drivers.
    Driver,
    /// Values of the region's indices.
    Region,
    /// Base-year values that differ between runs.
    Base,
    /// State that events or accounting move: switches, then the population.
    State,
}

impl Bank {
    /// Number of banks.
    pub const COUNT: usize = 4;
}

/// One operation; its result is known by its place in the program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation {
    /// The square root, undefined below 0.
    Sqrt(Operand),
    /// An operator on two values, by [`Operator::apply`].
    Binary(Operator, Operand, Operand),
    /// The same by [`Operator::apply_sure`], where that is known to give the same.
    Sure(Operator, Operand, Operand),
}

/// The smallest that a value can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// Anything.
    Any,
    /// 0 or more, if it is defined.
    NotNegative,
    /// More than 0, if it is defined.
    Positive,
}

impl Sign {
    /// The sign of a number.
    pub fn of(x: f64) -> Self {
        if x > 0.0 {
            Self::Positive
        } else if x == 0.0 {
            Self::NotNegative
        } else {
            Self::Any
        }
    }
}

/// What is known of a value before any run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The smallest it can be.
    pub sign: Sign,
    /// True when it is defined in every run.
    pub defined: bool,
}

impl Known {
    /// A value that is defined in every run.
    pub fn defined(sign: Sign) -> Self {
        Self { sign, defined: true }
    }
}

/// What is known of the rows that a program reads; anything defined where nothing is said.
pub type KnownRows = BTreeMap<(Bank, usize), Known>;

/// A list of operations under construction, and the names known so far.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The operations in order; each reads only constants, rows and earlier results.
    pub operations: Vec<Operation>,
    /// What is known of each result, and of the rows.
    results: Vec<Known>,
    rows: KnownRows,
}

/// What names mean.
pub type SymbolTable = BTreeMap<String, Operand>;

impl Program {
    /// An empty program that reads rows of which so much is known.
    pub fn reading(rows: KnownRows) -> Self {
        Self { rows, ..Self::default() }
    }

    /// What is known of a value.
    pub fn known(&self, operand: Operand) -> Known {
        match operand {
            Operand::Constant(x) => Known { sign: Sign::of(x), defined: x.is_finite() },
            Operand::Row(bank, row) => {
                self.rows.get(&(bank, row)).copied().unwrap_or(Known::defined(Sign::Any))
            }
            Operand::Result(k) => self.results[k],
        }
    }

    /// Appends the operations of a formula; gives where its value will be. Constants are folded, so that a
    /// formula of constants adds nothing. A name that `names` does not know counts as 0 (the case is checked,
    /// so there is none).
    pub fn compile(&mut self, formula: &Formula, names: &SymbolTable) -> Operand {
        self.lower(formula.expr(), names)
    }

    fn lower(&mut self, expr: &Expr, names: &SymbolTable) -> Operand {
        match expr {
            Expr::Number(x) => Operand::Constant(*x),
            Expr::Name(name) => names.get(name).copied().unwrap_or(Operand::Constant(0.0)),
            Expr::Sqrt(x) => match self.lower(x, names) {
                Operand::Constant(x) => Operand::Constant(x.sqrt()),
                x => self.push(Operation::Sqrt(x), self.known_root(x)),
            },
            Expr::Binary(operator, a, b) => {
                let (a, b) = (self.lower(a, names), self.lower(b, names));
                match (operator, a, b) {
                    (_, Operand::Constant(a), Operand::Constant(b)) => {
                        Operand::Constant(operator.apply(a, b))
                    }
                    // Dividing by a power of two is exact, and so is multiplying by its inverse.
                    (Operator::Divide, a, Operand::Constant(b))
                        if b.to_bits() << 12 == 0 && b.is_normal() =>
                    {
                        self.binary(Operator::Multiply, a, Operand::Constant(1.0 / b))
                    }
                    _ => self.binary(*operator, a, b),
                }
            }
        }
    }

    /// The value of an operand for one run, given the value of each row.
    pub fn scalar(&self, operand: Operand, row: &dyn Fn(Bank, usize) -> f64) -> f64 {
        match operand {
            Operand::Constant(x) => x,
            Operand::Row(bank, place) => row(bank, place),
            Operand::Result(k) => match self.operations[k] {
                Operation::Sqrt(a) => self.scalar(a, row).sqrt(),
                Operation::Binary(op, a, b) | Operation::Sure(op, a, b) => {
                    op.apply(self.scalar(a, row), self.scalar(b, row))
                }
            },
        }
    }

    /// The rows an operand depends on, sorted, each once.
    pub fn leaves(&self, operand: Operand) -> Vec<(Bank, usize)> {
        let mut leaves = match operand {
            Operand::Constant(_) => Vec::new(),
            Operand::Row(bank, place) => vec![(bank, place)],
            Operand::Result(k) => match self.operations[k] {
                Operation::Sqrt(a) => self.leaves(a),
                Operation::Binary(_, a, b) | Operation::Sure(_, a, b) => {
                    [self.leaves(a), self.leaves(b)].concat()
                }
            },
        };
        leaves.sort_unstable();
        leaves.dedup();
        leaves
    }

    fn known_root(&self, a: Operand) -> Known {
        let of = self.known(a);
        Known { sign: of.sign.max(Sign::NotNegative), defined: of.defined && of.sign > Sign::Any }
    }

    /// Appends an operator, in the short way where that gives the same.
    fn binary(&mut self, operator: Operator, a: Operand, b: Operand) -> Operand {
        let (first, second) = (self.known(a), self.known(b));
        let (low, high) = (first.sign.min(second.sign), first.sign.max(second.sign));
        let both = first.defined && second.defined;
        let (sign, defined, is_sure) = match operator {
            Operator::Add if low > Sign::Any => (high, both, true),
            Operator::Add => (Sign::Any, both, false),
            Operator::Subtract => (Sign::Any, both, true),
            Operator::Multiply => (low, both, true),
            Operator::Divide => {
                let divides = second.sign == Sign::Positive;
                (low, both && divides, divides)
            }
            Operator::Min => (low, both, both),
            Operator::Max => (high, both, both),
            Operator::Less | Operator::LessOrEqual => (Sign::NotNegative, both, both),
        };
        let operation =
            if is_sure { Operation::Sure(operator, a, b) } else { Operation::Binary(operator, a, b) };
        self.push(operation, Known { sign, defined })
    }

    fn push(&mut self, operation: Operation, known: Known) -> Operand {
        let place = self.operations.iter().position(|o| *o == operation);
        Operand::Result(place.unwrap_or_else(|| {
            self.operations.push(operation);
            self.results.push(known);
            self.operations.len() - 1
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_fold_and_common_parts_are_computed_once() {
        let mut program = Program::default();
        let row = Operand::Row(Bank::Driver, 0);
        let names = SymbolTable::from([("x".to_owned(), row), ("c".to_owned(), Operand::Constant(9.0))]);
        let folded = program.compile(&Formula::parse("sqrt(c) + 2").unwrap(), &names);
        assert_eq!(folded, Operand::Constant(5.0));
        assert!(program.operations.is_empty());
        let a = program.compile(&Formula::parse("x * 3").unwrap(), &names);
        let b = program.compile(&Formula::parse("x * sqrt(c)").unwrap(), &names);
        assert_eq!((a, b), (Operand::Result(0), Operand::Result(0)));
    }

    #[test]
    fn what_can_be_undefined_is_known_beforehand() {
        let row = |k| Operand::Row(Bank::Driver, k);
        let signs = [Sign::Any, Sign::NotNegative, Sign::Positive];
        let rows = signs.iter().enumerate().map(|(k, s)| ((Bank::Driver, k), Known::defined(*s)));
        let mut program = Program::reading(rows.collect());
        let names =
            ["any", "zero", "above"].iter().enumerate().map(|(k, n)| ((*n).to_owned(), row(k))).collect();
        let mut defined = |text: &str| {
            let operand = program.compile(&Formula::parse(text).unwrap(), &names);
            program.known(operand).defined
        };
        for text in ["sqrt(zero * above)", "any / above", "100 * above / (above + zero)", "any - above > 3"] {
            assert!(defined(text), "{text}");
        }
        for text in
            ["sqrt(any)", "any / zero", "1 / (above - 5)", "sqrt(above - zero)", "min(5, 1 / any) > 2"]
        {
            assert!(!defined(text), "{text}");
        }
    }

    #[test]
    fn division_by_a_power_of_two_multiplies() {
        let mut program = Program::default();
        let names = SymbolTable::from([("x".to_owned(), Operand::Row(Bank::Driver, 0))]);
        program.compile(&Formula::parse("x / 4").unwrap(), &names);
        program.compile(&Formula::parse("x / 3").unwrap(), &names);
        let operators: Vec<Operator> = program
            .operations
            .iter()
            .filter_map(|o| match o {
                Operation::Binary(op, ..) | Operation::Sure(op, ..) => Some(*op),
                Operation::Sqrt(_) => None,
            })
            .collect();
        assert_eq!(operators, [Operator::Multiply, Operator::Divide]);
    }
}
