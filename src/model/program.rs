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
    /// sqrt(max(0, a)).
    Sqrt(Operand),
    /// An operator on two values.
    Binary(Operator, Operand, Operand),
}

/// A list of operations under construction, and the names known so far.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The operations in order; each reads only constants, rows and earlier results.
    pub operations: Vec<Operation>,
}

/// What names mean.
pub type SymbolTable = BTreeMap<String, Operand>;

impl Program {
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
                Operand::Constant(x) => Operand::Constant(Operator::Max.apply(x, 0.0).sqrt()),
                x => self.push(Operation::Sqrt(x)),
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
                        self.push(Operation::Binary(Operator::Multiply, a, Operand::Constant(1.0 / b)))
                    }
                    _ => self.push(Operation::Binary(*operator, a, b)),
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
                Operation::Sqrt(a) => Operator::Max.apply(self.scalar(a, row), 0.0).sqrt(),
                Operation::Binary(op, a, b) => op.apply(self.scalar(a, row), self.scalar(b, row)),
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
                Operation::Binary(_, a, b) => [self.leaves(a), self.leaves(b)].concat(),
            },
        };
        leaves.sort_unstable();
        leaves.dedup();
        leaves
    }

    fn push(&mut self, operation: Operation) -> Operand {
        let known = self.operations.iter().position(|o| *o == operation);
        Operand::Result(known.unwrap_or_else(|| {
            self.operations.push(operation);
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
    fn division_by_a_power_of_two_multiplies() {
        let mut program = Program::default();
        let names = SymbolTable::from([("x".to_owned(), Operand::Row(Bank::Driver, 0))]);
        program.compile(&Formula::parse("x / 4").unwrap(), &names);
        program.compile(&Formula::parse("x / 3").unwrap(), &names);
        let operators: Vec<Operator> = program
            .operations
            .iter()
            .filter_map(|o| if let Operation::Binary(op, ..) = o { Some(*op) } else { None })
            .collect();
        assert_eq!(operators, [Operator::Multiply, Operator::Divide]);
    }
}
