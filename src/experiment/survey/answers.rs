//! Rankings as experts gave them.

use crate::explore::robust::ranks;

/// Rankings of things by experts: 1 matters most; several may share a rank, and some may be left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// What was ranked, by symbol.
    pub symbols: Vec<String>,
    /// Names of the experts who ranked two things or more.
    pub experts: Vec<String>,
    /// For each expert and thing the rank as given; none where it was left out.
    pub given: Vec<Vec<Option<f64>>>,
    /// Columns or rows without two ranks.
    pub empty: Vec<String>,
}

/// What is wrong with a table of rankings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n  "))]
pub struct AnswerFaults(pub Vec<String>);

impl Answers {
    /// Reads rankings of these things in either layout:
    ///
    /// - a sheet: the header begins with `symbol`, a row for each thing, a column for each expert; columns without any
    ///   number (names, units) are passed over,
    /// - a form: the header is `expert` and the symbols, a row for each expert.
    ///
    /// Cells are separated by commas, or by semicolons where the header has them.
    ///
    /// # Errors
    /// [`AnswerFaults`] with every fault.
    ///
    /// # Examples
    /// ```
    /// use boljam::experiment::survey::Answers;
    /// let symbols = ["a", "b", "c"].map(str::to_owned);
    /// let sheet = Answers::parse("symbol,what,Ann,Bob\na,first,1,2\nb,second,2,\nc,third,2,1\n", &symbols).unwrap();
    /// let form = Answers::parse("expert,a,b,c\nAnn,1,2,2\nBob,2,,1\n", &symbols).unwrap();
    /// assert_eq!(sheet.given, form.given);
    /// assert_eq!(sheet.full()[0], [1.0, 2.5, 2.5]);
    /// ```
    pub fn parse(text: &str, symbols: &[String]) -> Result<Self, AnswerFaults> {
        let mut faults = Vec::new();
        let sheet = Sheet::parse(text, &mut faults)?;
        let places = sheet.places(symbols, &mut faults);
        let most = symbols.len() as f64;
        let (mut names, mut experts, mut given, mut empty) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for person in 1..sheet.across() {
            let cells: Vec<&Cell> =
                places.iter().map(|k| k.map_or(&NO_CELL, |k| sheet.cell(k, person))).collect();
            let name = sheet.cell(0, person).text.clone();
            if sheet.has_labels && cells.iter().all(|cell| cell.text.parse::<f64>().is_err()) {
                // Names and units: a column with words only.
                if cells.iter().all(|cell| cell.text.is_empty()) {
                    empty.push(name);
                }
                continue;
            }
            let mut ranks = Vec::new();
            for (Cell { line, text }, symbol) in cells.into_iter().zip(symbols) {
                let rank = text.parse::<f64>().ok().filter(|r| (1.0..=most).contains(r));
                if rank.is_none() && !text.is_empty() {
                    let needed = format!("needed: a rank from 1 to {most}, or nothing");
                    faults.push(format!("line {line}: '{text}' for {symbol} of '{name}' ({needed})"));
                }
                ranks.push(rank);
            }
            if names.contains(&name) {
                faults.push(format!("expert '{name}' stands twice"));
            }
            names.push(name.clone());
            if ranks.iter().flatten().count() < 2 {
                empty.push(name);
            } else {
                experts.push(name);
                given.push(ranks);
            }
        }
        if faults.is_empty() && experts.is_empty() {
            faults.push("nobody ranked two sub-indicators or more".to_owned());
        }
        if faults.is_empty() {
            Ok(Self { symbols: symbols.to_vec(), experts, given, empty })
        } else {
            Err(AnswerFaults(faults))
        }
    }

    /// For each expert the ranks of what he ranked on the scale of all n things, none for what he left out: equal ones
    /// have their mean rank, and k ranks are spread over 1 to n, r -> (r - 1/2) n / k + 1/2.
    pub fn spread(&self) -> Vec<Vec<Option<f64>>> {
        let n = self.symbols.len() as f64;
        let of = |given: &Vec<Option<f64>>| {
            let known: Vec<f64> = given.iter().flatten().copied().collect();
            let k = known.len() as f64;
            let mut own = ranks(&known).into_iter().map(|r| (r - 0.5) * (n / k) + 0.5);
            given.iter().map(|g| g.and_then(|_| own.next())).collect()
        };
        self.given.iter().map(of).collect()
    }

    /// The same with what was left out in the middle of the scale, (n + 1) / 2: neither for nor against it (after Skillings
    /// and Mack 1981, doi:10.1080/00401706.1981.10486261).
    pub fn full(&self) -> Vec<Vec<f64>> {
        let middle = f64::midpoint(self.symbols.len() as f64, 1.0);
        let of = |ranks: Vec<Option<f64>>| ranks.into_iter().map(|r| r.unwrap_or(middle)).collect();
        self.spread().into_iter().map(of).collect()
    }
}

/// A cell with the line that it stands in.
#[derive(Debug, Clone)]
struct Cell {
    line: u64,
    text: String,
}

static NO_CELL: Cell = Cell { line: 0, text: String::new() };

/// A table with things down and experts across, whichever way it was written.
struct Sheet {
    /// Row 0 has the names of experts, column 0 the symbols of things.
    rows: Vec<Vec<Cell>>,
    /// True where columns may have names and units in place of ranks.
    has_labels: bool,
}

impl Sheet {
    fn parse(text: &str, faults: &mut Vec<String>) -> Result<Self, AnswerFaults> {
        let text = text.trim_start_matches('\u{feff}');
        // What spreadsheets write where the comma is the decimal sign.
        let semicolons = ["symbol;", "expert;"].iter().any(|start| text.starts_with(start));
        let mut reader = csv::ReaderBuilder::new();
        reader.delimiter(if semicolons { b';' } else { b',' });
        let mut reader =
            reader.has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    let cell = |c: &str| Cell { line, text: c.to_owned() };
                    rows.push(record.iter().map(cell).collect());
                }
                Err(error) => faults.push(error.to_string()),
            }
        }
        let first = rows.first().and_then(|cells| cells.first()).map_or("", |cell| cell.text.as_str());
        let has_labels = first == "symbol";
        if !has_labels && first != "expert" {
            let needed =
                "needed: 'symbol', then a column an expert; or 'expert', then a column a sub-indicator";
            return Err(AnswerFaults(vec![format!("line 1: the first column is '{first}' ({needed})")]));
        }
        let width = rows[0].len();
        for cells in &mut rows {
            if cells.len() > width {
                faults.push(format!("line {}: {} cells, the header has {width}", cells[0].line, cells.len()));
            }
            cells.resize(width, NO_CELL.clone());
        }
        if !has_labels {
            rows = (0..width).map(|k| rows.iter().map(|cells| cells[k].clone()).collect()).collect();
        }
        Ok(Self { rows, has_labels })
    }

    fn across(&self) -> usize {
        self.rows[0].len()
    }

    fn cell(&self, row: usize, column: usize) -> &Cell {
        &self.rows[row][column]
    }

    /// The row of each thing.
    fn places(&self, symbols: &[String], faults: &mut Vec<String>) -> Vec<Option<usize>> {
        let mut places: Vec<Option<usize>> = vec![None; symbols.len()];
        for k in 1..self.rows.len() {
            let thing = &self.cell(k, 0).text;
            match symbols.iter().position(|s| s == thing) {
                None => {
                    let known = symbols.join(", ");
                    faults.push(format!("unknown sub-indicator '{thing}' (known: {known})"));
                }
                Some(place) if places[place].is_some() => faults.push(format!("{thing} stands twice")),
                Some(place) => places[place] = Some(k),
            }
        }
        let absent = symbols.iter().zip(&places).filter(|(_, place)| place.is_none());
        let absent: Vec<&str> = absent.map(|(symbol, _)| symbol.as_str()).collect();
        if !absent.is_empty() {
            faults.push(format!("missing: {}", absent.join(", ")));
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols() -> Vec<String> {
        ["a", "b", "c", "d"].map(str::to_owned).to_vec()
    }

    #[test]
    fn few_ranks_are_spread_over_the_scale() {
        let answers =
            Answers::parse("expert,a,b,c,d\nAnn,4,,1,\nBob,1,1,3,4\nEve,,,2,\n", &symbols()).unwrap();
        assert_eq!(answers.experts, ["Ann", "Bob"]);
        assert_eq!(answers.empty, ["Eve"]);
        assert_eq!(answers.spread()[0], [Some(3.5), None, Some(1.5), None]);
        assert_eq!(answers.full(), [vec![3.5, 2.5, 1.5, 2.5], vec![1.5, 1.5, 3.0, 4.0]]);
    }

    #[test]
    fn semicolons_and_marks_of_spreadsheets_are_read() {
        let commas = Answers::parse("symbol,what,Ann\na,x,1\nb,y,2\nc,z,\nd,,3\n", &symbols()).unwrap();
        let text = "\u{feff}symbol;what, or why;Ann\r\na;x;1\r\nb;y;2\r\nc;z;\r\nd;;3\r\n";
        assert_eq!(Answers::parse(text, &symbols()).unwrap(), commas);
    }

    #[test]
    fn every_fault_is_told() {
        let fault = |text: &str| Answers::parse(text, &symbols()).unwrap_err().to_string();
        assert!(fault("").contains("the first column is ''"));
        let said = fault("expert,a,b,x,a\nAnn,1,9,2,1\nAnn,1,zwei,1,1\n");
        for part in [
            "unknown sub-indicator 'x'",
            "a stands twice",
            "missing: c, d",
            "'9' for b of 'Ann'",
            "line 3: 'zwei'",
            "'Ann' stands twice",
        ] {
            assert!(said.contains(part), "no {part} in {said}");
        }
        assert_eq!(fault("symbol,Ann\na,1\nb,\nc,\nd,\n"), "nobody ranked two sub-indicators or more");
    }
}
