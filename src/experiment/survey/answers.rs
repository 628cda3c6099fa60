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
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    rows.push((
                        line,
                        record.iter().map(|c| c.trim_start_matches('\u{feff}').to_owned()).collect(),
                    ));
                }
                Err(error) => faults.push(error.to_string()),
            }
        }
        let first = rows.first().and_then(|(_, cells)| cells.first()).map_or("", String::as_str);
        let is_sheet = match first {
            "symbol" => true,
            "expert" => false,
            other => {
                let message = format!(
                    "line 1: the first column is '{other}' (needed: 'symbol', then a column an expert; or 'expert', then a column a sub-indicator)"
                );
                return Err(AnswerFaults(vec![message]));
            }
        };
        // As a sheet: things down, experts across, with the line that each cell came from.
        let width = rows[0].1.len();
        for (line, cells) in &rows[1..] {
            if cells.len() > width {
                faults.push(format!("line {line}: {} cells, the header has {width}", cells.len()));
            }
        }
        let cell = |row: usize, column: usize| rows[row].1.get(column).map_or("", String::as_str);
        let (things, people): (Vec<usize>, Vec<usize>) = if is_sheet {
            ((1..rows.len()).collect(), (1..width).collect())
        } else {
            ((1..width).collect(), (1..rows.len()).collect())
        };
        let thing = |k: usize| if is_sheet { cell(k, 0) } else { cell(0, k) };
        let person = |k: usize| if is_sheet { cell(0, k) } else { cell(k, 0) };
        let answer = |thing: usize, person: usize| {
            if is_sheet {
                (rows[thing].0, cell(thing, person))
            } else {
                (rows[person].0, cell(person, thing))
            }
        };
        let mut places: Vec<Option<usize>> = vec![None; symbols.len()];
        for k in &things {
            match symbols.iter().position(|s| s == thing(*k)) {
                None => faults.push(format!(
                    "unknown sub-indicator '{}' (known: {})",
                    thing(*k),
                    symbols.join(", ")
                )),
                Some(place) if places[place].is_some() => faults.push(format!("{} stands twice", thing(*k))),
                Some(place) => places[place] = Some(*k),
            }
        }
        let absent = symbols.iter().zip(&places).filter(|(_, place)| place.is_none());
        let absent: Vec<&str> = absent.map(|(symbol, _)| symbol.as_str()).collect();
        if !absent.is_empty() && absent.len() < symbols.len() {
            faults.push(format!("missing: {}", absent.join(", ")));
        }
        let (mut names, mut experts, mut given, mut empty) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for p in people {
            let cells: Vec<(u64, &str)> =
                places.iter().map(|k| k.map_or((0, ""), |k| answer(k, p))).collect();
            let name = person(p).to_owned();
            if is_sheet && cells.iter().all(|(_, cell)| cell.parse::<f64>().is_err()) {
                // Names and units; a column with words only.
                if cells.iter().all(|(_, cell)| cell.is_empty()) {
                    empty.push(name);
                }
                continue;
            }
            let most = symbols.len() as f64;
            let mut ranks = Vec::new();
            for ((line, cell), symbol) in cells.into_iter().zip(symbols) {
                let rank = cell.parse::<f64>().ok().filter(|r| (1.0..=most).contains(r));
                if rank.is_none() && !cell.is_empty() {
                    faults.push(format!("line {line}: '{cell}' for {symbol} of '{name}' (needed: a rank from 1 to {most}, or nothing)"));
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
        let middle = (self.symbols.len() as f64 + 1.0) / 2.0;
        let of = |ranks: Vec<Option<f64>>| ranks.into_iter().map(|r| r.unwrap_or(middle)).collect();
        self.spread().into_iter().map(of).collect()
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
