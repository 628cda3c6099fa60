//! Formulas of the case files: a small language of numbers, names, `+ - * /`, comparisons, `and`, `or` and
//! the functions `sqrt`, `mean`, `min`, `max`.
//!
//! Takes a text; gives an expression tree that [`Formula::eval`] computes for one set of values and the
//! engine compiles into operations on tiles of runs. A comparison is 1 when it holds and 0 when not, by the rule
//! of [`exceeds`]; `and` is the product of its sides and `or` their maximum.
//!
//! What has no value is *undefined*: the square root of a negative number, a division by 0, and all that is
//! computed from either. It is NaN here, whatever the operation, and nothing makes it a number again. A sum or
//! difference that is smaller than the rounding of its sides is 0, so that sqrt(0.3 - 0.1 - 0.2) is 0 and
//! 1 / (0.3 - 0.1 - 0.2) undefined, as in decimals.

mod bound;
mod parse;

use std::fmt;

pub use bound::{TOLERANCE, exceeds, raised};

/// A sum of numbers of opposite sign that is a smaller part of the larger one is 0. Formulas and links leave
/// errors of some 1e-14.
const CANCELLED: f64 = 1e-12;

/// A parsed formula.
///
/// # Examples
/// ```
/// use boljam::formula::Formula;
/// let degree = Formula::parse("sqrt(TDm1 * TDm2)")?;
/// let value = degree.eval(&|name| if name == "TDm1" { 82.0 } else { 12.0 });
/// assert!((value - 31.37).abs() < 0.01);
/// # Ok::<(), boljam::formula::FormulaError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    text: String,
    expr: Expr,
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A constant.
    Number(f64),
    /// A value known by name.
    Name(String),
    /// sqrt(x), undefined below 0.
    Sqrt(Box<Expr>),
    /// Two values into one.
    Binary(Operator, Box<Expr>, Box<Expr>),
}

/// What a [`Expr::Binary`] node computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// a + b.
    Add,
    /// a - b.
    Subtract,
    /// a * b.
    Multiply,
    /// a / b.
    Divide,
    /// The smaller one.
    Min,
    /// The larger one.
    Max,
    /// 1 if b is above a by the rule of [`exceeds`], else 0.
    Less,
    /// 1 if a is not above b, else 0.
    LessOrEqual,
}

impl Operator {
    /// The result for two numbers, NaN where it is undefined.
    #[inline(always)]
    pub fn apply(self, a: f64, b: f64) -> f64 {
        let undefined = a.is_nan() | b.is_nan();
        match self {
            Self::Add => uncancelled(a + b, a, b),
            Self::Subtract => uncancelled(a - b, a, b),
            Self::Divide if b == 0.0 => f64::NAN,
            Self::Min | Self::Max | Self::Less | Self::LessOrEqual if undefined => f64::NAN,
            _ => self.apply_sure(a, b),
        }
    }

    /// The same in fewer steps, where nothing can go wrong: addition of numbers from 0 up, division by a number
    /// above 0, the smaller, the larger and comparisons of what is never undefined.
    #[inline(always)]
    pub fn apply_sure(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Subtract => uncancelled(a - b, a, b),
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Min => {
                if b < a {
                    b
                } else {
                    a
                }
            }
            Self::Max => {
                if b > a {
                    b
                } else {
                    a
                }
            }
            Self::Less => f64::from(u8::from(exceeds(b, a))),
            Self::LessOrEqual => f64::from(u8::from(!exceeds(a, b))),
        }
    }
}

/// A sum of `a` and `b` or their difference, 0 where it is within their rounding.
#[inline(always)]
fn uncancelled(sum: f64, a: f64, b: f64) -> f64 {
    let (a, b) = (a.abs(), b.abs());
    let larger = if b > a { b } else { a };
    if sum.abs() <= CANCELLED * larger { 0.0 } else { sum }
}

/// Why a text is no formula.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {message}")]
pub struct FormulaError {
    /// Position of the fault, counted from 1.
    pub at: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

impl Formula {
    /// The formula that is a number.
    pub fn constant(value: f64) -> Self {
        Self { text: value.to_string(), expr: Expr::Number(value) }
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The root of its tree.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// Every name it uses, once, in order of appearance.
    pub fn names(&self) -> Vec<&str> {
        fn walk<'a>(expr: &'a Expr, names: &mut Vec<&'a str>) {
            match expr {
                Expr::Number(_) => {}
                Expr::Name(name) if names.contains(&name.as_str()) => {}
                Expr::Name(name) => names.push(name),
                Expr::Sqrt(x) => walk(x, names),
                Expr::Binary(_, a, b) => {
                    walk(a, names);
                    walk(b, names);
                }
            }
        }
        let mut names = Vec::new();
        walk(&self.expr, &mut names);
        names
    }

    /// Its value, given the values of the names; NaN where it is undefined.
    pub fn eval(&self, value_of: &dyn Fn(&str) -> f64) -> f64 {
        fn walk(expr: &Expr, value_of: &dyn Fn(&str) -> f64) -> f64 {
            match expr {
                Expr::Number(x) => *x,
                Expr::Name(name) => value_of(name),
                Expr::Sqrt(x) => walk(x, value_of).sqrt(),
                Expr::Binary(op, a, b) => op.apply(walk(a, value_of), walk(b, value_of)),
            }
        }
        walk(&self.expr, value_of)
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> f64 {
        Formula::parse(text).unwrap().eval(&|name| name.len() as f64)
    }

    #[test]
    fn operators_bind_as_in_arithmetic() {
        assert_eq!(value("1 + 2 * 3 - 4 / 2"), 5.0);
        assert_eq!(value("-(2 - 5) * 2"), 6.0);
        assert_eq!(value("8 / 4 / 2"), 1.0);
    }

    #[test]
    fn functions_take_several_values() {
        assert_eq!(value("mean(1, 2, 3, 6)"), 3.0);
        assert_eq!(value("max(1, abc, 2) - min(4, ab)"), 1.0);
        assert_eq!(value("sqrt(16) + sqrt(9)"), 7.0);
    }

    #[test]
    fn conditions_are_zero_or_one() {
        assert_eq!(value("abc > 2 and abc <= 3"), 1.0);
        assert_eq!(value("abc > 3 or 1 >= 2"), 0.0);
        assert_eq!(value("1 < 2 or 0 > 1 and 0 > 1"), 1.0);
    }

    #[test]
    fn what_has_no_value_is_undefined_and_stays_so() {
        for text in [
            "sqrt(0 - 9)",
            "0 / 0",
            "1 / (ab - 2)",
            "1 / (1 / 0)",
            "min(5, 1 / 0)",
            "max(1 / 0, 5)",
            "max(5, 0 / 0)",
        ] {
            assert!(value(text).is_nan(), "{text}");
        }
        for text in ["1 / 0 > 1", "1 <= sqrt(0 - 1)", "1 / 0 < 1 and 0 > 1", "1 / 0 < 1 or 2 > 1"] {
            assert!(value(text).is_nan(), "{text}");
        }
    }

    #[test]
    fn decimals_on_a_bound_are_on_it() {
        assert_eq!(value("0.1 + 0.2 > 0.3"), 0.0);
        assert_eq!(value("0.1 + 0.2 <= 0.3"), 1.0);
        assert_eq!(value("0.3 < 0.1 + 0.2"), 0.0);
        assert_eq!(value("0.3 >= 0.1 + 0.2"), 1.0);
        assert_eq!(value("sqrt((15 + 17.7 + 5 + 2.3) / 4 * (20.1 + 9.9 + 5 + 5) / 4) <= 10"), 1.0);
        assert_eq!(value("10.000001 > 10"), 1.0);
        assert_eq!(value("1000000.01 > 1000000"), 1.0);
        // Differences that are nothing in decimals.
        assert_eq!(value("sqrt(0.3 - 0.1 - 0.2)"), 0.0);
        assert_eq!(value("sqrt(0.1 + 0.2 - 0.3)"), 0.0);
        assert!(value("1 / (0.1 + 0.2 - 0.3)").is_nan());
    }

    #[test]
    fn the_short_way_is_the_long_way_where_nothing_can_go_wrong() {
        use Operator::{Add, Divide, Less, LessOrEqual, Max, Min, Multiply, Subtract};
        let numbers = [0.0, 1e-300, 0.1, 0.3, 1.0, 7.5, 99.999, 1e9];
        for (a, b) in numbers.iter().flat_map(|a| numbers.map(|b| (*a, b))) {
            for operator in [Add, Subtract, Multiply, Divide, Min, Max, Less, LessOrEqual] {
                if operator != Divide || b > 0.0 {
                    assert_eq!(operator.apply(a, b), operator.apply_sure(a, b), "{operator:?} {a} {b}");
                }
            }
        }
    }

    #[test]
    fn names_may_be_dotted_and_are_listed_once() {
        let formula = Formula::parse("base.wage * region.wage / base.wage").unwrap();
        assert_eq!(formula.names(), ["base.wage", "region.wage"]);
    }

    #[test]
    fn faults_name_their_place() {
        let fault = |text: &str| Formula::parse(text).unwrap_err().to_string();
        assert_eq!(fault("1 +"), "at character 4: expected a value, found the end");
        assert_eq!(fault("(1 + 2"), "at character 7: expected ')', found the end");
        assert_eq!(fault("1 $ 2"), "at character 3: '$' has no meaning in a formula");
        assert_eq!(fault("log(2)"), "at character 1: unknown function 'log' (known: sqrt, mean, min, max)");
        assert_eq!(fault("1 2"), "at character 3: expected an operator or the end, found '2'");
        assert_eq!(fault(""), "at character 1: expected a value, found the end");
        assert!(fault(&"(".repeat(500)).contains("nested"));
        assert!(fault("1e999").contains("finite"));
    }
}
