//! Reading conditions: a tokeniser and a recursive-descent parser.

use super::expr::{ConditionError, Expr, Operator, Subject, Test, Value};

/// Deeper nesting is refused, so that no input exhausts the stack.
const MAX_DEPTH: usize = 50;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64, String),
    Word(String),
    /// In quotes: a name even if it looks like a number or a word of the language.
    Quoted(String),
    Operator(Operator),
    Sign(char),
    End,
}

/// A token and the position of its first character, from 1.
type Placed = (Token, usize);

pub(super) fn parse(text: &str) -> Result<(Expr, Option<f64>), ConditionError> {
    let mut parser = Parser { tokens: tokenise(text)?, next: 0, depth: 0 };
    let expr = parser.any()?;
    let at_least = if parser.take_word("in") { Some(parser.share()?) } else { None };
    if parser.peek() == &Token::End {
        return Ok((expr, at_least));
    }
    let expected = if at_least.is_some() { "the end" } else { "'and', 'or', 'in' or the end" };
    parser.expected(expected)
}

fn fault<T>(at: usize, message: String) -> Result<T, ConditionError> {
    Err(ConditionError { at, message })
}

fn tokenise(text: &str) -> Result<Vec<Placed>, ConditionError> {
    const OPERATORS: [(&str, Operator); 7] = [
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("!=", Operator::NotEqual),
        ("==", Operator::Equal),
        ("<", Operator::Less),
        (">", Operator::Greater),
        ("=", Operator::Equal),
    ];
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut i = 0;
    while let Some(c) = chars.get(i).copied() {
        let start = i;
        let starts = |word: &str| word.chars().enumerate().all(|(k, c)| chars.get(i + k) == Some(&c));
        if c.is_whitespace() {
            i += 1;
            continue;
        }
        let token = if c == '"' || c == '`' {
            let end = (i + 1..chars.len()).find(|k| chars[*k] == c);
            let Some(end) = end else { return fault(start + 1, "the quote is not closed".to_owned()) };
            i = end + 1;
            Token::Quoted(chars[start + 1..end].iter().collect())
        } else if c.is_alphanumeric() || c == '_' || c == '-' || c == '.' {
            i += 1;
            while i < chars.len() && belongs(&chars, start, i) {
                i += 1;
            }
            let word: String = chars[start..i].iter().collect();
            // Words such as inf and nan are numbers to the standard library alone.
            match word.parse::<f64>() {
                Ok(x) if x.is_finite() && word.contains(|c: char| c.is_ascii_digit()) => {
                    Token::Number(x, word)
                }
                _ if c == '-' || c == '.' => return fault(start + 1, format!("'{word}' is not a number")),
                _ => Token::Word(word),
            }
        } else if starts("=>") || starts("=<") {
            let (found, meant) = if starts("=>") { ("=>", ">=") } else { ("=<", "<=") };
            return fault(start + 1, format!("'{found}' has no meaning ({meant} is meant?)"));
        } else if let Some((sign, operator)) = OPERATORS.iter().find(|(sign, _)| starts(sign)) {
            i += sign.len();
            Token::Operator(*operator)
        } else if matches!(c, '(' | ')' | '%') {
            i += 1;
            Token::Sign(c)
        } else {
            return fault(start + 1, format!("'{c}' has no meaning in a condition"));
        };
        tokens.push((token, start + 1));
    }
    tokens.push((Token::End, chars.len() + 1));
    Ok(tokens)
}

/// Whether the character at i goes on a name or number that began at `start`: the sign of an exponent does.
fn belongs(chars: &[char], start: usize, i: usize) -> bool {
    let exponent = matches!(chars[i], '+' | '-')
        && matches!(chars[i - 1], 'e' | 'E')
        && chars[start..i - 1].iter().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    chars[i].is_alphanumeric() || matches!(chars[i], '_' | '.') || exponent
}

fn describe(token: &Token) -> String {
    match token {
        Token::Number(_, word) | Token::Word(word) | Token::Quoted(word) => format!("'{word}'"),
        Token::Operator(_) => "a comparison".to_owned(),
        Token::Sign(sign) => format!("'{sign}'"),
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

    fn at(&self) -> usize {
        self.tokens[self.next].1
    }

    fn advance(&mut self) {
        self.next = (self.next + 1).min(self.tokens.len() - 1);
    }

    fn expected<T>(&self, what: &str) -> Result<T, ConditionError> {
        fault(self.at(), format!("expected {what}, found {}", describe(self.peek())))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(w) if w == word);
        if found {
            self.advance();
        }
        found
    }

    fn any(&mut self) -> Result<Expr, ConditionError> {
        let mut of = vec![self.all()?];
        while self.take_word("or") {
            of.push(self.all()?);
        }
        Ok(one_or(of, Expr::Any))
    }

    fn all(&mut self) -> Result<Expr, ConditionError> {
        let mut of = vec![self.atom()?];
        while self.take_word("and") {
            of.push(self.atom()?);
        }
        Ok(one_or(of, Expr::All))
    }

    fn atom(&mut self) -> Result<Expr, ConditionError> {
        if self.peek() != &Token::Sign('(') {
            return Ok(Expr::Test(self.test()?));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return fault(self.at(), format!("nested deeper than {MAX_DEPTH} levels"));
        }
        self.advance();
        let inner = self.any()?;
        if self.peek() != &Token::Sign(')') {
            return self.expected("')'");
        }
        self.advance();
        self.depth -= 1;
        Ok(inner)
    }

    fn test(&mut self) -> Result<Test, ConditionError> {
        let at = self.at();
        let text = match self.peek() {
            Token::Quoted(word) => word.clone(),
            Token::Word(word) if !is_reserved(word) => word.clone(),
            Token::Number(_, word) => {
                let found =
                    format!("expected the name of a quantity, found '{word}' (the number comes last)");
                return fault(at, found);
            }
            _ => return self.expected("the name of a quantity"),
        };
        self.advance();
        let Token::Operator(operator) = *self.peek() else {
            return self.expected("<, <=, >, >=, = or !=");
        };
        self.advance();
        let value = match self.peek() {
            Token::Number(x, _) => Value::Number(*x),
            Token::Word(word) if !operator.orders() && !is_reserved(word) => Value::Word(word.clone()),
            Token::Quoted(word) if !operator.orders() => Value::Word(word.clone()),
            _ if operator.orders() => return self.expected("a number"),
            _ => return self.expected("a number or a word"),
        };
        self.advance();
        Ok(Test { subject: Subject { text, at }, operator, value })
    }

    fn share(&mut self) -> Result<f64, ConditionError> {
        let Token::Number(percent, ref word) = *self.peek() else {
            return self.expected("a number of percent");
        };
        if !(percent > 0.0 && percent <= 100.0) {
            return fault(self.at(), format!("'{word}' is not allowed (a share above 0 and up to 100 %)"));
        }
        self.advance();
        if self.peek() != &Token::Sign('%') {
            return self.expected("'%'");
        }
        self.advance();
        Ok(percent / 100.0)
    }
}

fn is_reserved(word: &str) -> bool {
    matches!(word, "and" | "or" | "in")
}

fn one_or(mut of: Vec<Expr>, many: fn(Vec<Expr>) -> Expr) -> Expr {
    match of.pop() {
        Some(only) if of.is_empty() => only,
        Some(last) => {
            of.push(last);
            many(of)
        }
        None => many(of),
    }
}
