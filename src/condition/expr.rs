//! The tree of a condition: tests joined by `and` and `or`.

/// A node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of them hold.
    All(Vec<Expr>),
    /// One of them holds.
    Any(Vec<Expr>),
    /// A comparison.
    Test(Test),
}

/// A comparison with a constant.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What is compared.
    pub subject: Subject,
    /// How.
    pub operator: Operator,
    /// With what.
    pub value: Value,
}

/// The name of what is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The name as written.
    pub text: String,
    /// Where it stands in the condition, in characters from 1.
    pub at: usize,
}

impl Subject {
    /// Its parts between dots.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.text.split('.')
    }

    /// The last part.
    pub fn quantity(&self) -> &str {
        self.text.rsplit('.').next().unwrap_or_default()
    }

    /// The part before the quantity that is a year of four digits.
    pub fn year(&self) -> Option<i32> {
        let (before, _) = self.text.rsplit_once('.')?;
        before.split('.').find(|part| part.len() == 4).and_then(|part| part.parse().ok())
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// <
    Less,
    /// <=
    LessOrEqual,
    /// >
    Greater,
    /// >=
    GreaterOrEqual,
    /// =
    Equal,
    /// !=
    NotEqual,
}

impl Operator {
    /// Whether it holds of two numbers; of NaN nothing does.
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Self::Less => a < b,
            Self::LessOrEqual => a <= b,
            Self::Greater => a > b,
            Self::GreaterOrEqual => a >= b,
            Self::Equal => a == b,
            Self::NotEqual => a != b && !a.is_nan() && !b.is_nan(),
        }
    }

    /// Whether it asks for an order, which words have not.
    pub fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// What a quantity is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A word, such as a scenario or a class.
    Word(String),
}

/// Why a text is no condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {message}")]
pub struct ConditionError {
    /// Position of the fault, counted from 1.
    pub at: usize,
    /// What is wrong and what was expected.
    pub message: String,
}
