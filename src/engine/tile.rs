//! Tiles: 128 runs in lock-step, a row of numbers for each thing.

use crate::formula::Operator;
use crate::math;
use crate::model::{Bank, Operand, Operation};
use crate::random;

/// Runs in a tile. 128 numbers are 1 KiB: a whole town's rows stay in the first-level cache.
pub(crate) const TILE: usize = 128;

/// Tiles in a block: the unit of parallel work and of exact summation.
pub(crate) const BLOCK_TILES: usize = 4;
/// Runs in a block.
pub(crate) const BLOCK: usize = BLOCK_TILES * TILE;

/// One number for each run of a tile.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct TileRow(pub(crate) [f64; TILE]);

impl TileRow {
    pub(crate) const ZERO: Self = Self([0.0; TILE]);

    /// A block of zero rows.
    pub(crate) fn zeros(count: usize) -> Vec<Self> {
        vec![Self::ZERO; count]
    }

    /// True when all its numbers are finite.
    #[inline(always)]
    pub(crate) fn is_finite(&self) -> bool {
        // 0 times a number is 0 unless that is infinite or NaN, and NaN stays in a sum.
        const LANES: usize = 16;
        let mut lanes = [0.0; LANES];
        for chunk in self.0.as_chunks::<LANES>().0 {
            for l in 0..LANES {
                lanes[l] += chunk[l] * 0.0;
            }
        }
        lanes.iter().sum::<f64>() == 0.0
    }

    /// The same numbers, NaN where they are not finite.
    pub(crate) fn undefined_as_nan(&self) -> Self {
        Self(self.0.map(|x| if x.is_finite() { x } else { f64::NAN }))
    }
}

/// One word for each run of a tile.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Words(pub(crate) [u64; TILE]);

/// The streams of one key for the runs of a tile, stepped together.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub(crate) struct TileStream {
    state: [[u64; TILE]; 4],
}

impl TileStream {
    pub(crate) const EMPTY: Self = Self { state: [[0; TILE]; 4] };

    /// Starts the streams of runs `first_run..first_run + TILE`.
    #[inline(always)]
    pub(crate) fn start(&mut self, key: u64, first_run: u64) {
        for p in 0..TILE {
            let state = random::initial_state(key, first_run + p as u64);
            for w in 0..4 {
                self.state[w][p] = state[w];
            }
        }
    }

    /// The next word of each run.
    #[inline(always)]
    pub(crate) fn next(&mut self, words: &mut Words) {
        let [a, b, c, d] = &mut self.state;
        for p in 0..TILE {
            let (word, state) = random::step([a[p], b[p], c[p], d[p]]);
            words.0[p] = word;
            [a[p], b[p], c[p], d[p]] = state;
        }
    }

    /// Passes over so many words.
    #[inline(always)]
    pub(crate) fn skip(&mut self, words: &mut Words, count: usize) {
        for _ in 0..count {
            self.next(words);
        }
    }

    /// Fills rows with standard normals, two from each word; an odd last row drops its twin.
    #[inline(always)]
    pub(crate) fn normals(&mut self, words: &mut Words, rows: &mut [TileRow]) {
        for pair in rows.chunks_mut(2) {
            self.next(words);
            if let [a, b] = pair {
                for p in 0..TILE {
                    (a.0[p], b.0[p]) = math::normal_pair(words.0[p]);
                }
            } else if let [a] = pair {
                for p in 0..TILE {
                    a.0[p] = math::normal_pair(words.0[p]).0;
                }
            }
        }
    }
}

/// A value for each run of a tile, or one for all.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Same(f64),
    Each(&'a TileRow),
}

impl Value<'_> {
    /// The value of one run of the tile.
    pub(crate) fn at(self, p: usize) -> f64 {
        match self {
            Value::Same(x) => x,
            Value::Each(row) => row.0[p],
        }
    }
}

/// The rows that programs read, in the order of [`Bank`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Banks<'a>(pub(crate) [&'a [TileRow]; Bank::COUNT]);

impl<'a> Banks<'a> {
    /// The value of an operand, given the results of a program.
    #[inline(always)]
    pub(crate) fn value(&self, operand: Operand, results: &'a [TileRow]) -> Value<'a> {
        match operand {
            Operand::Constant(x) => Value::Same(x),
            Operand::Row(bank, row) => Value::Each(&self.0[bank as usize][row]),
            Operand::Result(k) => Value::Each(&results[k]),
        }
    }
}

/// Runs a program on a tile: the k-th operation's value goes into the k-th result.
#[inline(always)]
pub(crate) fn evaluate(operations: &[Operation], banks: Banks<'_>, results: &mut [TileRow]) {
    for (k, operation) in operations.iter().enumerate() {
        let (done, rest) = results.split_at_mut(k);
        let out = &mut rest[0].0;
        match *operation {
            Operation::Sqrt(a) => {
                if let Value::Each(a) = banks.value(a, done) {
                    for p in 0..TILE {
                        out[p] = a.0[p].sqrt();
                    }
                }
            }
            Operation::Sure(operator, a, b) => {
                let values = [banks.value(a, done), banks.value(b, done)];
                operate(out, operator, values, Operator::apply_sure);
            }
            Operation::Binary(operator, a, b) => {
                let values = [banks.value(a, done), banks.value(b, done)];
                operate(out, operator, values, Operator::apply);
            }
        }
    }
}

/// Applies an operator to a tile. The operator is chosen outside of the loop, which then vectorises.
#[inline(always)]
fn operate(
    out: &mut [f64; TILE],
    operator: Operator,
    [a, b]: [Value<'_>; 2],
    f: impl Fn(Operator, f64, f64) -> f64,
) {
    match operator {
        Operator::Add => apply(out, a, b, |a, b| f(Operator::Add, a, b)),
        Operator::Subtract => apply(out, a, b, |a, b| f(Operator::Subtract, a, b)),
        Operator::Multiply => apply(out, a, b, |a, b| f(Operator::Multiply, a, b)),
        Operator::Divide => apply(out, a, b, |a, b| f(Operator::Divide, a, b)),
        Operator::Min => apply(out, a, b, |a, b| f(Operator::Min, a, b)),
        Operator::Max => apply(out, a, b, |a, b| f(Operator::Max, a, b)),
        Operator::Less => apply(out, a, b, |a, b| f(Operator::Less, a, b)),
        Operator::LessOrEqual => apply(out, a, b, |a, b| f(Operator::LessOrEqual, a, b)),
    }
}

#[inline(always)]
fn apply(out: &mut [f64; TILE], a: Value<'_>, b: Value<'_>, f: impl Fn(f64, f64) -> f64) {
    match (a, b) {
        (Value::Each(a), Value::Each(b)) => {
            for p in 0..TILE {
                out[p] = f(a.0[p], b.0[p]);
            }
        }
        (Value::Each(a), Value::Same(b)) => {
            for p in 0..TILE {
                out[p] = f(a.0[p], b);
            }
        }
        (Value::Same(a), Value::Each(b)) => {
            for p in 0..TILE {
                out[p] = f(a, b.0[p]);
            }
        }
        // Programs fold constants, so this does not occur.
        (Value::Same(a), Value::Same(b)) => out.fill(f(a, b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, key};

    #[test]
    fn a_tile_stream_is_the_streams_of_its_runs() {
        let (mut tile, mut words) = (TileStream::EMPTY, Words([0; TILE]));
        let k = key(3, "a", "b");
        tile.start(k, 1000);
        let mut rows = TileRow::zeros(3);
        tile.normals(&mut words, &mut rows);
        for p in [0, 1, 77, 127] {
            let mut stream = Stream::new(k, 1000 + p as u64);
            let (a, b) = stream.normal_pair();
            assert_eq!([rows[0].0[p], rows[1].0[p], rows[2].0[p]], [a, b, stream.normal_pair().0]);
        }
    }
}
