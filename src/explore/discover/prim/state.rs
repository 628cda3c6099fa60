//! The box as it stands, and which rows lie outside of it and why.

use rayon::prelude::*;
use statrs::distribution::{Binomial, DiscreteCDF};

use super::step::Step;
use crate::explore::discover::{Bounds, Column, Restriction};

/// A new bound of one side.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Move {
    pub(super) column: usize,
    pub(super) to: Bound,
}

/// An end of a side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Bound {
    Lower(f64),
    Upper(f64),
    Level(u32),
}

impl Bound {
    /// Number of the condition that the bound stands for: lower ends and categories are even, upper ends odd.
    fn condition(self, column: usize) -> usize {
        2 * column + usize::from(matches!(self, Self::Upper(_)))
    }
}

/// A row: how many conditions it breaks, and the sum of their numbers, which is the condition if there is one.
#[derive(Debug, Clone, Copy, Default)]
struct Broken {
    count: u32,
    sum: u32,
}

pub(super) struct State<'a> {
    pub(super) columns: &'a [Column],
    pub(super) of_interest: &'a [bool],
    /// Rows of interest in all.
    pub(super) interest: usize,
    /// All rows by each column.
    orders: Vec<Vec<usize>>,
    /// Rows of the box by each column.
    pub(super) inside: Vec<Vec<u32>>,
    /// Sides of the first box, and of this one.
    whole: Vec<Bounds>,
    pub(super) bounds: Vec<Bounds>,
    broken: Vec<Broken>,
    /// Rows that break one condition alone, and those of interest among them.
    sole: Vec<(usize, usize)>,
    /// Rows in the box, and those of interest among them.
    pub(super) rows: usize,
    pub(super) found: usize,
}

impl<'a> State<'a> {
    pub(super) fn new(columns: &'a [Column], of_interest: &'a [bool]) -> Self {
        let interest = of_interest.iter().filter(|y| **y).count();
        let orders: Vec<Vec<usize>> = columns.par_iter().map(Column::order).collect();
        let whole: Vec<Bounds> = columns.iter().map(Column::whole).collect();
        let short = |order: &Vec<usize>| order.iter().map(|row| *row as u32).collect();
        Self {
            columns,
            of_interest,
            interest,
            inside: orders.iter().map(short).collect(),
            orders,
            bounds: whole.clone(),
            whole,
            broken: vec![Broken::default(); of_interest.len()],
            sole: vec![(0, 0); 2 * columns.len()],
            rows: of_interest.len(),
            found: interest,
        }
    }

    /// Factors that leave out nothing, if this one takes these bounds.
    pub(super) fn unrestricted(&self, column: usize, bounds: &Bounds) -> usize {
        let side = |c: usize| if c == column { bounds } else { &self.bounds[c] };
        (0..self.columns.len()).filter(|c| *side(*c) == self.whole[*c]).count()
    }

    /// The side of a column with another bound.
    pub(super) fn with(&self, column: usize, bound: Bound) -> Bounds {
        match (&self.bounds[column], bound) {
            (Bounds::Range { to, .. }, Bound::Lower(from)) => Bounds::Range { from, to: *to },
            (Bounds::Range { from, .. }, Bound::Upper(to)) => Bounds::Range { from: *from, to },
            (Bounds::Levels(levels), Bound::Level(level)) => {
                let mut levels = levels.clone();
                levels[level as usize] ^= true;
                Bounds::Levels(levels)
            }
            (bounds, _) => bounds.clone(),
        }
    }

    pub(super) fn whole(&self, column: usize) -> &Bounds {
        &self.whole[column]
    }

    /// Rows that the condition of a bound alone keeps out, in the order of its column.
    pub(super) fn kept_out_by(&self, column: usize, bound: Bound) -> impl Iterator<Item = usize> {
        let condition = bound.condition(column) as u32;
        let alone = move |row: &usize| self.broken[*row].count == 1 && self.broken[*row].sum == condition;
        self.orders[column].iter().copied().filter(alone)
    }

    /// Takes rows out of the box.
    pub(super) fn tighten(&mut self, step: &Move) {
        let leaves = self.between(step);
        for row in leaves {
            self.change(row, step.to.condition(step.column), true);
        }
        self.bounds[step.column] = self.with(step.column, step.to);
        let broken = &self.broken;
        self.inside.par_iter_mut().for_each(|rows| rows.retain(|row| broken[*row as usize].count == 0));
    }

    /// Takes rows back into the box.
    pub(super) fn loosen(&mut self, step: &Move) {
        let comes = self.between(step);
        for row in comes {
            self.change(row, step.to.condition(step.column), false);
        }
        self.bounds[step.column] = self.with(step.column, step.to);
        let broken = &self.broken;
        let inside = |order: &Vec<usize>| {
            order.iter().filter(|row| broken[**row].count == 0).map(|row| *row as u32).collect()
        };
        self.inside = self.orders.par_iter().map(inside).collect();
    }

    /// All rows between the old and the new bound, whatever else holds of them.
    fn between(&self, step: &Move) -> Vec<usize> {
        let order = &self.orders[step.column];
        match (&self.columns[step.column], &self.bounds[step.column], step.to) {
            (Column::Numbers(x), Bounds::Range { from, .. }, Bound::Lower(new)) => {
                let (a, b) = (from.min(new), from.max(new));
                let edge = |v: f64| order.partition_point(|row| x[*row] < v);
                order[edge(a)..edge(b)].to_vec()
            }
            (Column::Numbers(x), Bounds::Range { to, .. }, Bound::Upper(new)) => {
                let (a, b) = (to.min(new), to.max(new));
                let edge = |v: f64| order.partition_point(|row| x[*row] <= v);
                order[edge(a)..edge(b)].to_vec()
            }
            (Column::Categories { codes, .. }, _, Bound::Level(level)) => {
                let edge = |v: u32| order.partition_point(|row| codes[*row] < v);
                order[edge(level)..edge(level + 1)].to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// A row comes to break a condition, or no longer does.
    fn change(&mut self, row: usize, condition: usize, breaks: bool) {
        let one = usize::from(self.of_interest[row]);
        self.count(row, one, false);
        let broken = &mut self.broken[row];
        if breaks {
            broken.count += 1;
            broken.sum += condition as u32;
        } else {
            broken.count -= 1;
            broken.sum -= condition as u32;
        }
        self.count(row, one, true);
    }

    /// Adds a row where it belongs, or takes it away.
    fn count(&mut self, row: usize, one: usize, adds: bool) {
        let Broken { count, sum } = self.broken[row];
        let (rows, found) = match count {
            0 => (&mut self.rows, &mut self.found),
            1 => {
                let (rows, found) = &mut self.sole[sum as usize];
                (rows, found)
            }
            _ => return,
        };
        if adds {
            *rows += 1;
            *found += one;
        } else {
            *rows -= 1;
            *found -= one;
        }
    }

    /// The box as a step of the trajectory.
    pub(super) fn step(&self) -> Step {
        let all = self.of_interest.len();
        let density = self.found as f64 / self.rows.max(1) as f64;
        Step {
            rows: self.rows,
            of_interest: self.found,
            coverage: self.found as f64 / self.interest as f64,
            density,
            mass: self.rows as f64 / all as f64,
            restrictions: (0..self.columns.len()).filter_map(|column| self.restriction(column)).collect(),
        }
    }

    fn restriction(&self, column: usize) -> Option<Restriction> {
        let (bounds, whole) = (&self.bounds[column], &self.whole[column]);
        let (lower, upper) = match (bounds, whole) {
            (Bounds::Range { from, to }, Bounds::Range { from: first, to: last }) => {
                (from != first, to != last)
            }
            _ => (bounds != whole, false),
        };
        let p = |condition: usize, restricts: bool| restricts.then(|| self.quasi_p(condition));
        (lower || upper).then(|| Restriction {
            factor: column,
            bounds: bounds.clone(),
            p_from: p(2 * column, lower),
            p_to: p(2 * column + 1, upper),
        })
    }

    /// P(X >= rows of interest in the box) for X binomial over the rows of the box, with the density of the box
    /// without this condition (Bryant and Lempert 2010).
    fn quasi_p(&self, condition: usize) -> f64 {
        let (more, more_found) = self.sole[condition];
        let density = (self.found + more_found) as f64 / (self.rows + more) as f64;
        let Some(below) = self.found.checked_sub(1) else { return 1.0 };
        Binomial::new(density, self.rows as u64).map_or(f64::NAN, |law| law.sf(below as u64))
    }
}
