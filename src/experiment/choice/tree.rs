//! Formulas over places, with room for weights inside sums, means and products.

use crate::formula::{Expr, Operator};

use super::number::Quantity;
use super::weights::UNIT;

/// A formula whose names are places in a list of values.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Number(f64),
    Place(usize),
    Sqrt(Box<Tree>),
    Binary(Operator, Box<Tree>, Box<Tree>),
    /// So many times a part of a sum.
    Scaled(f64, Box<Tree>),
    /// A part of a product to this power.
    Power(f64, Box<Tree>),
}

impl Tree {
    /// A formula as it stands; none when a name has no place.
    pub(super) fn new(expr: &Expr, place: &dyn Fn(&str) -> Option<usize>) -> Option<Self> {
        Some(match expr {
            Expr::Number(x) => Self::Number(*x),
            Expr::Name(name) => Self::Place(place(name)?),
            Expr::Sqrt(x) => Self::Sqrt(Box::new(Self::new(x, place)?)),
            Expr::Binary(operator, a, b) => {
                Self::Binary(*operator, Box::new(Self::new(a, place)?), Box::new(Self::new(b, place)?))
            }
        })
    }

    /// The same with weights: in every sum (means are sums) a part counts w n for 1, in every product it stands to the
    /// power w n, for w its share of the weights of the n parts that have names. A part of several has their mean weight. `weight` gives the weight of a
    /// place. Shares are whole parts of 10^6, so that equal weights leave the formula as it is.
    #[must_use]
    pub(super) fn weighed(&self, weight: &dyn Fn(usize) -> f64) -> Self {
        match self {
            Self::Binary(operator, ..) if Chain::of(*operator).is_some() => {
                let chain = Chain::of(*operator);
                let mut parts = Vec::new();
                self.parts(chain, &mut parts);
                let named: Vec<f64> = parts.iter().filter_map(|part| part.weight(weight)).collect();
                let total: f64 = named.iter().sum();
                let times = if total > 0.0 { named.len() as f64 / total } else { 0.0 };
                self.rebuilt(chain, times, weight)
            }
            Self::Binary(operator, a, b) => {
                Self::Binary(*operator, Box::new(a.weighed(weight)), Box::new(b.weighed(weight)))
            }
            Self::Sqrt(x) => Self::Sqrt(Box::new(x.weighed(weight))),
            other => other.clone(),
        }
    }

    fn parts<'t>(&'t self, chain: Option<Chain>, parts: &mut Vec<&'t Tree>) {
        match self {
            Self::Binary(operator, a, b) if Chain::of(*operator) == chain => {
                a.parts(chain, parts);
                b.parts(chain, parts);
            }
            part => parts.push(part),
        }
    }

    fn rebuilt(&self, chain: Option<Chain>, times: f64, weight: &dyn Fn(usize) -> f64) -> Self {
        match self {
            Self::Binary(operator, a, b) if Chain::of(*operator) == chain => Self::Binary(
                *operator,
                Box::new(a.rebuilt(chain, times, weight)),
                Box::new(b.rebuilt(chain, times, weight)),
            ),
            part => {
                let inner = part.weighed(weight);
                // Without any weights all count alike.
                let share = part.weight(weight).filter(|_| times > 0.0).map_or(1.0, |w| w * times);
                let unit = f64::from(UNIT);
                match (chain, (share * unit).round() / unit) {
                    (_, 1.0) => inner,
                    (Some(Chain::Sum), share) => Self::Scaled(share, Box::new(inner)),
                    (_, share) => Self::Power(share, Box::new(inner)),
                }
            }
        }
    }

    /// Mean weight of the places in it, each once; none where it has no place.
    fn weight(&self, weight: &dyn Fn(usize) -> f64) -> Option<f64> {
        let places = self.places();
        let count = places.len() as f64;
        (count > 0.0).then(|| places.into_iter().map(weight).sum::<f64>() / count)
    }

    /// The places in it, ascending.
    pub(super) fn places(&self) -> Vec<usize> {
        fn walk(tree: &Tree, places: &mut Vec<usize>) {
            match tree {
                Tree::Number(_) => {}
                Tree::Place(place) => places.push(*place),
                Tree::Sqrt(x) | Tree::Scaled(_, x) | Tree::Power(_, x) => walk(x, places),
                Tree::Binary(_, a, b) => {
                    walk(a, places);
                    walk(b, places);
                }
            }
        }
        let mut places = Vec::new();
        walk(self, &mut places);
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Its value, given those of all places.
    pub(super) fn value<Q: Quantity>(&self, values: &[Q]) -> Q {
        match self {
            Self::Number(x) => Q::constant(*x),
            Self::Place(place) => values[*place].clone(),
            Self::Sqrt(x) => x.value(values).sqrt(),
            Self::Binary(operator, a, b) => Q::binary(*operator, &a.value(values), &b.value(values)),
            Self::Scaled(factor, x) => x.value(values).scaled(*factor),
            Self::Power(exponent, x) => x.value(values).power(*exponent),
        }
    }
}

/// What parts are joined to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chain {
    Sum,
    Product,
}

impl Chain {
    fn of(operator: Operator) -> Option<Self> {
        match operator {
            Operator::Add | Operator::Subtract => Some(Self::Sum),
            Operator::Multiply | Operator::Divide => Some(Self::Product),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::Formula;

    fn tree(text: &str) -> Tree {
        let formula = Formula::parse(text).unwrap();
        Tree::new(formula.expr(), &|name| ["a", "b", "c", "d"].iter().position(|k| *k == name)).unwrap()
    }

    #[test]
    fn equal_weights_leave_a_formula_as_it_is() {
        for text in ["mean(a, b, c, d)", "sqrt(a * b)", "100 - sqrt(a + b) / c", "min(a, b) * 2"] {
            assert_eq!(tree(text).weighed(&|_| 0.3), tree(text), "{text}");
            assert_eq!(tree(text).weighed(&|_| 0.0), tree(text), "{text}");
        }
    }

    #[test]
    fn parts_of_means_are_multiplied_and_those_of_products_raised() {
        let weights = [2.0, 1.0, 1.0, 0.0];
        let weighed = |text: &str| tree(text).weighed(&|place| weights[place]);
        let x = [3.0, 5.0, 7.0, 11.0];
        // mean = (2 a + b + c + 0 d) / 4.
        assert_eq!(weighed("mean(a, b, c, d)").value(&x), (6.0 + 5.0 + 7.0) / 4.0);
        // a^(4/3) b^(2/3), the weighted geometric mean squared.
        let expected = f64::powf(3.0, 1.333333) * f64::powf(5.0, 0.666667);
        assert!((weighed("a * b").value(&x) - expected).abs() < 1e-9);
        // One part with a name: nothing to share out, however the sum goes on inside.
        let expected = 100.0 - (1.333333 * 3.0 + 0.666667 * 5.0_f64).sqrt();
        assert!((weighed("100 - sqrt(a + b)").value(&x) - expected).abs() < 1e-12);
    }
}
