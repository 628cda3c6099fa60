//! Conditions on results: `[town.][scenario.][year.]quantity op value [and|or ..] [in p%]`.
//!
//! Takes a text; gives a tree of tests. What the names stand for is up to whoever asks: columns of a table, quantities
//! of a case. `and` binds closer than `or`, parentheses closer than both. `in p%` at the end asks that the whole holds
//! in at least so many percent of the runs.

mod expr;
mod parse;

use std::fmt;

pub use expr::{ConditionError, Expr, Operator, Subject, Test, Value};

/// A condition.
///
/// # Examples
/// ```
/// use boljam::condition::{Condition, Value};
/// let condition = Condition::parse("balkhash.2035.unemployment > 15 and lead = inertial in 60%")?;
/// assert_eq!(condition.at_least, Some(0.6));
/// let tests = condition.tests();
/// assert_eq!(tests[0].subject.year(), Some(2035));
/// assert_eq!(tests[1].value, Value::Word("inertial".to_owned()));
/// assert!(!condition.holds(&|test| test.subject.quantity() == "lead"));
/// # Ok::<(), boljam::condition::ConditionError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    /// Its tree.
    pub expr: Expr,
    /// In which share of the runs it is to hold, 0 to 1, if it says so.
    pub at_least: Option<f64>,
}

impl Condition {
    /// Reads a condition. Names of other signs than letters, digits, `_` and dots stand in double quotes or backticks.
    ///
    /// # Errors
    /// A [`ConditionError`] with the position of the first fault.
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let (expr, at_least) = parse::parse(text)?;
        Ok(Self { text: text.to_owned(), expr, at_least })
    }

    /// Every test, in order of appearance.
    pub fn tests(&self) -> Vec<&Test> {
        fn walk<'a>(expr: &'a Expr, tests: &mut Vec<&'a Test>) {
            match expr {
                Expr::Test(test) => tests.push(test),
                Expr::All(of) | Expr::Any(of) => of.iter().for_each(|expr| walk(expr, tests)),
            }
        }
        let mut tests = Vec::new();
        walk(&self.expr, &mut tests);
        tests
    }

    /// Whether it holds, given which tests hold; `at_least` is not looked at.
    pub fn holds(&self, test: &dyn Fn(&Test) -> bool) -> bool {
        fn walk(expr: &Expr, test: &dyn Fn(&Test) -> bool) -> bool {
            match expr {
                Expr::Test(t) => test(t),
                Expr::All(of) => of.iter().all(|expr| walk(expr, test)),
                Expr::Any(of) => of.iter().any(|expr| walk(expr, test)),
            }
        }
        walk(&self.expr, test)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, known: &[(&str, f64)]) -> bool {
        Condition::parse(text).unwrap().holds(&|test| {
            let value = known.iter().find(|k| k.0 == test.subject.text).unwrap().1;
            matches!(test.value, Value::Number(x) if test.operator.holds(value, x))
        })
    }

    #[test]
    fn and_binds_closer_than_or() {
        let known = [("a", 1.0), ("b", 2.0), ("c", 3.0)];
        assert!(holds("a = 1 or b = 0 and c = 0", &known));
        assert!(!holds("(a = 1 or b = 0) and c = 0", &known));
        assert!(holds("a != 2 and b >= 2 and c < 3.5e0", &known));
        assert!(holds("a > -2", &known));
    }

    #[test]
    fn names_are_paths_and_may_stand_in_quotes() {
        let condition = Condition::parse("2035.TDea <= 40 or `GDP, real` > 1 or балқаш.халық > 5").unwrap();
        let subjects: Vec<&str> = condition.tests().iter().map(|t| t.subject.text.as_str()).collect();
        assert_eq!(subjects, ["2035.TDea", "GDP, real", "балқаш.халық"]);
        let subject = &condition.tests()[0].subject;
        assert_eq!((subject.year(), subject.quantity()), (Some(2035), "TDea"));
        let lead = Condition::parse("lead = \"more of the same\" in 12.5 %").unwrap();
        assert_eq!(lead.tests()[0].value, Value::Word("more of the same".to_owned()));
        assert_eq!(lead.at_least, Some(0.125));
    }

    #[test]
    fn faults_name_their_place() {
        let fault = |text: &str| Condition::parse(text).unwrap_err().to_string();
        assert_eq!(fault(""), "at character 1: expected the name of a quantity, found the end");
        assert_eq!(fault("y"), "at character 2: expected <, <=, >, >=, = or !=, found the end");
        assert_eq!(fault("y > "), "at character 5: expected a number, found the end");
        assert_eq!(fault("y > inertial"), "at character 5: expected a number, found 'inertial'");
        assert_eq!(fault("y = and"), "at character 5: expected a number or a word, found 'and'");
        assert_eq!(
            fault("3 < y"),
            "at character 1: expected the name of a quantity, found '3' (the number comes last)"
        );
        assert_eq!(fault("y > 3 z > 4"), "at character 7: expected 'and', 'or', 'in' or the end, found 'z'");
        assert_eq!(fault("(y > 3"), "at character 7: expected ')', found the end");
        assert_eq!(
            fault("y > 3 in 0%"),
            "at character 10: '0' is not allowed (a share above 0 and up to 100 %)"
        );
        assert_eq!(fault("y > 3 in 60"), "at character 12: expected '%', found the end");
        assert_eq!(fault("y => 3"), "at character 3: '=>' has no meaning (>= is meant?)");
        assert_eq!(fault("y $ 3"), "at character 3: '$' has no meaning in a condition");
        assert_eq!(fault("`y > 3"), "at character 1: the quote is not closed");
        assert!(fault(&"(".repeat(500)).contains("nested"));
    }

    #[test]
    fn nothing_holds_of_nan() {
        use Operator::*;
        for operator in [Less, LessOrEqual, Greater, GreaterOrEqual, Equal, NotEqual] {
            assert!(!operator.holds(f64::NAN, 1.0));
        }
    }
}
