//! Reading formulas: a tokeniser and a recursive-descent parser.

use super::{Expr, Formula, FormulaError, Operator};

/// Deeper nesting is refused, so that no input exhausts the stack.
const MAX_DEPTH: usize = 50;
/// Longer formulas are refused for the same reason: a chain of operators is as deep as it is long.
const MAX_TOKENS: usize = 1000;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Word(String),
    Symbol(&'static str),
    End,
}

/// A token and the position of its first character, from 1.
type Placed = (Token, usize);

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// A [`FormulaError`] with the position of the first fault.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        Ok(Self { text: text.to_owned(), expr: parse(text)? })
    }
}

fn parse(text: &str) -> Result<Expr, FormulaError> {
    let tokens = tokenise(text)?;
    let mut parser = Parser { tokens, next: 0, depth: 0 };
    let expr = parser.disjunction()?;
    match parser.peek() {
        Token::End => Ok(expr),
        other => {
            let found = describe(other);
            parser.fault(format!("expected an operator or the end, found {found}"))
        }
    }
}

fn tokenise(text: &str) -> Result<Vec<Placed>, FormulaError> {
    const SYMBOLS: [&str; 11] = ["<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", ","];
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let start = i;
        let is_exponent = |i: usize| matches!(chars[i], '+' | '-') && matches!(chars[i - 1], 'e' | 'E');
        if chars[i].is_whitespace() {
            i += 1;
        } else if chars[i].is_ascii_digit() {
            while i < chars.len() && (chars[i].is_ascii_alphanumeric() || chars[i] == '.' || is_exponent(i)) {
                i += 1;
            }
            let word: String = chars[start..i].iter().collect();
            let number = word.parse::<f64>().ok().filter(|x| x.is_finite()).ok_or_else(|| FormulaError {
                at: start + 1,
                message: format!("'{word}' is not a finite number"),
            })?;
            tokens.push((Token::Number(number), start + 1));
        } else if chars[i].is_alphabetic() {
            while i < chars.len() && (chars[i].is_alphanumeric() || matches!(chars[i], '_' | '.')) {
                i += 1;
            }
            tokens.push((Token::Word(chars[start..i].iter().collect()), start + 1));
        } else {
            let symbol = SYMBOLS
                .into_iter()
                .find(|s| s.chars().enumerate().all(|(k, c)| chars.get(i + k) == Some(&c)))
                .ok_or_else(|| FormulaError {
                    at: start + 1,
                    message: format!("'{}' has no meaning in a formula", chars[i]),
                })?;
            tokens.push((Token::Symbol(symbol), start + 1));
            i += symbol.len();
        }
    }
    if let Some((_, at)) = tokens.get(MAX_TOKENS) {
        return Err(FormulaError { at: *at, message: format!("longer than {MAX_TOKENS} words and signs") });
    }
    tokens.push((Token::End, chars.len() + 1));
    Ok(tokens)
}

fn describe(token: &Token) -> String {
    match token {
        Token::Number(x) => format!("'{x}'"),
        Token::Word(word) => format!("'{word}'"),
        Token::Symbol(symbol) => format!("'{symbol}'"),
        Token::End => "the end".to_owned(),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn fault<T>(&self, message: String) -> Result<T, FormulaError> {
        Err(FormulaError { at: self.tokens[self.next].1, message })
    }

    fn advance(&mut self) {
        self.next = (self.next + 1).min(self.tokens.len() - 1);
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(s) if *s == symbol);
        if found {
            self.advance();
        }
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(w) if w == word);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), FormulaError> {
        if self.take(symbol) {
            return Ok(());
        }
        let found = describe(self.peek());
        self.fault(format!("expected '{symbol}', found {found}"))
    }

    fn disjunction(&mut self) -> Result<Expr, FormulaError> {
        let mut left = self.conjunction()?;
        while self.take_word("or") {
            left = binary(Operator::Max, left, self.conjunction()?);
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Result<Expr, FormulaError> {
        let mut left = self.comparison()?;
        while self.take_word("and") {
            left = binary(Operator::Multiply, left, self.comparison()?);
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Expr, FormulaError> {
        let left = self.sum()?;
        if self.take("<=") {
            Ok(binary(Operator::LessOrEqual, left, self.sum()?))
        } else if self.take("<") {
            Ok(binary(Operator::Less, left, self.sum()?))
        } else if self.take(">=") {
            Ok(binary(Operator::LessOrEqual, self.sum()?, left))
        } else if self.take(">") {
            Ok(binary(Operator::Less, self.sum()?, left))
        } else {
            Ok(left)
        }
    }

    fn sum(&mut self) -> Result<Expr, FormulaError> {
        let mut left = self.product()?;
        loop {
            if self.take("+") {
                left = binary(Operator::Add, left, self.product()?);
            } else if self.take("-") {
                left = binary(Operator::Subtract, left, self.product()?);
            } else {
                return Ok(left);
            }
        }
    }

    fn product(&mut self) -> Result<Expr, FormulaError> {
        let mut left = self.factor()?;
        loop {
            if self.take("*") {
                left = binary(Operator::Multiply, left, self.factor()?);
            } else if self.take("/") {
                left = binary(Operator::Divide, left, self.factor()?);
            } else {
                return Ok(left);
            }
        }
    }

    fn factor(&mut self) -> Result<Expr, FormulaError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fault(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        let expr = self.atom();
        self.depth -= 1;
        expr
    }

    fn atom(&mut self) -> Result<Expr, FormulaError> {
        if self.take("-") {
            return Ok(binary(Operator::Subtract, Expr::Number(0.0), self.factor()?));
        }
        if self.take("(") {
            let inner = self.disjunction()?;
            self.expect(")")?;
            return Ok(inner);
        }
        match self.peek().clone() {
            Token::Number(x) => {
                self.advance();
                Ok(Expr::Number(x))
            }
            Token::Word(word) if word != "and" && word != "or" => {
                let is_call = matches!(self.tokens[self.next + 1].0, Token::Symbol("("));
                if is_call {
                    return self.call(&word);
                }
                self.advance();
                Ok(Expr::Name(word))
            }
            other => self.fault(format!("expected a value, found {}", describe(&other))),
        }
    }

    fn call(&mut self, function: &str) -> Result<Expr, FormulaError> {
        if !matches!(function, "sqrt" | "mean" | "min" | "max") {
            return self.fault(format!("unknown function '{function}' (known: sqrt, mean, min, max)"));
        }
        self.advance();
        self.expect("(")?;
        let first = self.disjunction()?;
        if function == "sqrt" {
            self.expect(")")?;
            return Ok(Expr::Sqrt(Box::new(first)));
        }
        let operator = match function {
            "min" => Operator::Min,
            "max" => Operator::Max,
            _ => Operator::Add,
        };
        let mut folded = first;
        let mut count = 1.0;
        while self.take(",") {
            folded = binary(operator, folded, self.disjunction()?);
            count += 1.0;
        }
        self.expect(")")?;
        let is_mean = function == "mean";
        Ok(if is_mean { binary(Operator::Divide, folded, Expr::Number(count)) } else { folded })
    }
}

fn binary(operator: Operator, a: Expr, b: Expr) -> Expr {
    Expr::Binary(operator, Box::new(a), Box::new(b))
}
