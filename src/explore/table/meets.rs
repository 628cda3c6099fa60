//! Which rows of a table meet a condition.

use super::{Cells, Table};
use crate::condition::{Condition, Test, Value};
use crate::explore::read::Fault;

impl Table {
    /// For each row whether it meets the condition, whose names are columns; nothing where a cell that the condition asks
    /// for is empty.
    ///
    /// # Errors
    /// Every test that no column answers, with its place in the condition.
    ///
    /// # Examples
    /// ```
    /// use boljam::{condition::Condition, explore::table::Table};
    /// let table = Table::parse("y,lead\n1,inertial\n5,inertial\n7,green\n,green\n").unwrap();
    /// let condition = Condition::parse("y > 3 and lead = inertial").unwrap();
    /// assert_eq!(table.meets(&condition).unwrap(), [Some(false), Some(true), Some(false), None]);
    /// ```
    pub fn meets(&self, condition: &Condition) -> Result<Vec<Option<bool>>, Vec<Fault>> {
        let mut faults = Vec::new();
        if condition.at_least.is_some() {
            faults.push(Fault::new(
                "",
                "'in .. %' speaks of many runs, but a row is one: it meets a condition or not",
            ));
        }
        let tests = condition.tests();
        let mut answers: Vec<(&Test, Vec<Option<bool>>)> = Vec::new();
        for test in tests {
            match self.answers(test) {
                Ok(answer) => answers.push((test, answer)),
                Err(message) => faults.push(Fault::new(format!("at character {}", test.subject.at), message)),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let of_row = |row: usize| {
            if answers.iter().any(|(_, answers)| answers[row].is_none()) {
                return None;
            }
            // The tests are those of this very condition, so that each is found.
            let answer =
                |test: &Test| answers.iter().find(|(t, _)| std::ptr::eq(*t, test)).map(|(_, a)| a[row]);
            Some(condition.holds(&|test| answer(test) == Some(Some(true))))
        };
        Ok((0..self.rows()).map(of_row).collect())
    }

    fn answers(&self, test: &Test) -> Result<Vec<Option<bool>>, String> {
        let name = &test.subject.text;
        match (self.column(name).map_err(|fault| fault.message)?, &test.value) {
            (Cells::Numbers(values), Value::Number(bound)) => {
                let answer = |x: &f64| (!x.is_nan()).then(|| test.operator.holds(*x, *bound));
                Ok(values.iter().map(answer).collect())
            }
            (Cells::Numbers(_), Value::Word(word)) => {
                Err(format!("'{word}' is not allowed (column '{name}' holds numbers)"))
            }
            (Cells::Words { codes, levels }, value) => {
                let wanted = match value {
                    Value::Word(word) if !test.operator.orders() => levels.iter().position(|l| l == word),
                    _ => None,
                };
                let known =
                    || levels.iter().filter(|l| !l.is_empty()).cloned().collect::<Vec<_>>().join(", ");
                let Some(wanted) = wanted else {
                    return Err(format!("column '{name}' holds words: it can be = or != one of {}", known()));
                };
                let is_equal = test.operator == crate::condition::Operator::Equal;
                let answer = |code: &u32| {
                    let has = !levels[*code as usize].is_empty();
                    has.then_some((*code as usize == wanted) == is_equal)
                };
                Ok(codes.iter().map(answer).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_that_no_column_answers_is_told() {
        let table = Table::parse("y,lead\n1,a\n2,b\n").unwrap();
        let condition = Condition::parse("z > 1 or y = a or lead > 3 or lead = c in 5%").unwrap();
        let told: Vec<String> =
            table.meets(&condition).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(told[0], "'in .. %' speaks of many runs, but a row is one: it meets a condition or not");
        assert_eq!(told[1], "at character 1: no column 'z' (there are: y, lead)");
        assert_eq!(told[2], "at character 10: 'a' is not allowed (column 'y' holds numbers)");
        assert_eq!(told[3], "at character 19: column 'lead' holds words: it can be = or != one of a, b");
        assert_eq!(told.len(), 5);
    }
}
