//! Ensembles as bytes: what a result folder keeps, a checkpoint holds and a shard hands on.
//!
//! ```text
//! file      = magic, format, version, key, ensemble, flag [spread], SHA-256 of all that
//! ensemble  = first run, end, fingerprint of the plans, towns (whole tallies), runs by towns together,
//!             sums of control variates
//! spread    = first run, end, fingerprint of the plans, towns (sums of the quantities alone)
//! ```
//!
//! Counts are varints with runs of zeros in short (see [`codec`]), sums are varints of 128 bits, smallest and
//! largest values are IEEE 754 in eight bytes. Where bins and gauges lie is not stored: it is a function of
//! the case and the options, and the fingerprint tells whether the reader's are the writer's. The bytes are a
//! function of the ensembles alone.

mod codec;
mod error;

use sha2::{Digest, Sha256};

use super::binning::{Axis, BINS, Binning};
use super::ensemble::{Ensemble, NotAdjacent, no_controls};
use super::higher_moments::HigherMoments;
use super::joint_counts::Shape;
use super::spread::Spread;
use super::sums::{Gauge, Moments};
use super::tally::Tally;
use super::tally_plan::{SumsPlans, TallyPlan, TallyPlans};
use super::tile::BLOCK;
use super::tracks::Tracks;
use codec::{Reader, Writer};
use error::FORMAT;
pub use error::StoreError;

/// What every file begins with.
const MAGIC: &[u8; 8] = b"boljam\x1a\n";
/// More runs than this no file can claim.
const MAX_RUNS: u64 = 1_000_000_000;
/// The square of the most votes that a candidate can have.
const MOST_SQUARED: u64 = 255 * 255;
const CHECKSUM: usize = 32;

/// Hash of all that makes two ensembles parts of one: inputs, settings, options, seed.
pub type Key = [u8; 32];

/// What a study has computed: all of it, or what is done so far, or a shard's part.
#[derive(Debug, Clone, PartialEq)]
pub struct Ensembles {
    /// The runs themselves.
    pub main: Ensemble,
    /// The spread of the same runs with missing inputs at their best; none where no input is drawn.
    pub at_best: Option<Spread>,
}

impl Ensembles {
    /// The bytes of a file.
    pub fn encode(&self, key: &Key) -> Vec<u8> {
        let mut out = Writer::default();
        out.bytes(MAGIC);
        out.varint(FORMAT.into());
        out.text(env!("CARGO_PKG_VERSION"));
        out.bytes(key);
        write_head(&mut out, &self.main.runs, &fingerprint(&self.main.plans));
        for tally in &self.main.tallies {
            write_tally(&mut out, tally);
        }
        out.counts(self.main.joint.iter().copied());
        for sum in self.main.controls.iter().flatten() {
            out.signed(*sum);
        }
        out.varint(u128::from(self.at_best.is_some()));
        if let Some(spread) = &self.at_best {
            write_head(&mut out, &spread.runs, &fingerprint_of_sums(&spread.plans));
            spread.moments.iter().flatten().for_each(|moments| write_moments(&mut out, moments));
        }
        let checksum = Sha256::digest(&out.0);
        out.bytes(&checksum);
        out.0
    }

    /// True when all runs up to `end` have been made.
    pub fn is_complete(&self, end: u64) -> bool {
        let spread = self.at_best.as_ref().is_none_or(|spread| spread.range() == self.main.range());
        self.main.range().end == end && spread
    }

    /// Adds the runs that follow.
    ///
    /// # Errors
    /// [`NotAdjacent`] when `next` does not begin where this ends.
    pub fn append(&mut self, next: &Self) -> Result<(), NotAdjacent> {
        if let (Some(spread), Some(next)) = (&mut self.at_best, &next.at_best) {
            spread.append(next)?;
        }
        self.main.append(&next.main)
    }

    /// Reads a file of the study with this key and these plans.
    ///
    /// # Errors
    /// [`StoreError`] for everything that is not just that.
    pub fn decode(
        bytes: &[u8],
        key: &Key,
        plans: &TallyPlans,
        at_best: Option<&SumsPlans>,
    ) -> Result<Self, StoreError> {
        let content = check_outside(bytes)?;
        let mut input = Reader(&content[MAGIC.len()..]);
        input.varint()?;
        let version = input.text()?;
        if version != env!("CARGO_PKG_VERSION") {
            return Err(StoreError::Version(version));
        }
        if input.bytes(key.len())? != key {
            return Err(StoreError::Key);
        }
        let runs = read_head(&mut input, &fingerprint(plans))?;
        let mut tallies = Vec::with_capacity(plans.0.len());
        for plan in plans.0.iter() {
            tallies.push(read_tally(&mut input, plan, runs.end - runs.start)?);
        }
        let mut main = Ensemble {
            runs,
            tallies,
            plans: plans.clone(),
            joint: Shape::of(plans).table(),
            controls: no_controls(plans),
        };
        let count = main.runs();
        input.counts(count, main.joint.iter_mut(), |place, n| *place = n)?;
        if main.joint.chunks(plans.0.len() + 1).any(|counts| counts.iter().sum::<u64>() != count) {
            return Err(StoreError::Counts);
        }
        for sum in main.controls.iter_mut().flatten() {
            *sum = input.signed()?;
        }
        let spread = match (input.varint()?, at_best) {
            (0, None) => None,
            (1, Some(plans)) => Some(read_spread(&mut input, plans)?),
            _ => return Err(StoreError::Damaged),
        };
        if !input.0.is_empty() {
            return Err(StoreError::Damaged);
        }
        Ok(Self { main, at_best: spread })
    }
}

/// Looks at magic, format and checksum; gives what the checksum is of.
fn check_outside(bytes: &[u8]) -> Result<&[u8], StoreError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(StoreError::Foreign)?;
    let format = Reader(rest).varint()?;
    if format != u128::from(FORMAT) {
        return Err(StoreError::Format(u64::try_from(format).unwrap_or(u64::MAX)));
    }
    let (content, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(StoreError::Damaged)?;
    if content.len() < MAGIC.len() || Sha256::digest(content)[..] != checksum[..] {
        return Err(StoreError::Damaged);
    }
    Ok(content)
}

fn write_head(out: &mut Writer, runs: &std::ops::Range<u64>, fingerprint: &Key) {
    out.varint(runs.start.into());
    out.varint(runs.end.into());
    out.bytes(fingerprint);
}

fn read_head(input: &mut Reader<'_>, fingerprint: &Key) -> Result<std::ops::Range<u64>, StoreError> {
    let (start, end) = (input.count(MAX_RUNS)?, input.count(MAX_RUNS)?);
    if start > end || start % BLOCK as u64 != 0 {
        return Err(StoreError::Counts);
    }
    if input.bytes(CHECKSUM)? != fingerprint {
        return Err(StoreError::Edges);
    }
    Ok(start..end)
}

fn write_tally(out: &mut Writer, tally: &Tally) {
    out.counts(tally.counts.as_flattened().iter().map(|n| u64::from(*n)));
    out.counts(tally.above.iter().copied());
    out.counts(tally.leaders.iter().copied());
    out.counts(tally.vote_squares.iter().copied());
    out.counts(tally.reached.iter().copied());
    out.counts(tally.pair_counts.as_flattened().iter().map(|n| u64::from(*n)));
    out.counts(tally.better.as_flattened().iter().copied());
    out.counts(tally.unknown.iter().copied());
    for part in tally.first_undefined.as_flattened() {
        // The largest number stands for none; one more is 0.
        out.varint(part.wrapping_add(1).into());
    }
    tally.moments.iter().chain(&tally.pair_moments).for_each(|moments| write_moments(out, moments));
    for (sums, saturated) in tally.higher.iter().chain(&tally.pair_higher).map(HigherMoments::parts) {
        for sum in sums {
            out.signed(sum);
        }
        out.varint(saturated.into());
    }
}

fn read_tally(input: &mut Reader<'_>, plan: &TallyPlan, runs: u64) -> Result<Tally, StoreError> {
    let mut tally = Tally::new(plan);
    input.counts(runs, tally.counts.as_flattened_mut().iter_mut(), |place, n| *place = n as u32)?;
    input.counts(runs, tally.above.iter_mut(), |place, n| *place = n)?;
    input.counts(runs, tally.leaders.iter_mut(), |place, n| *place = n)?;
    input.counts(runs * MOST_SQUARED, tally.vote_squares.iter_mut(), |place, n| *place = n)?;
    input.counts(runs, tally.reached.iter_mut(), |place, n| *place = n)?;
    input.counts(runs, tally.pair_counts.as_flattened_mut().iter_mut(), |place, n| *place = n as u32)?;
    input.counts(runs, tally.better.as_flattened_mut().iter_mut(), |place, n| *place = n)?;
    input.counts(runs, tally.unknown.iter_mut(), |place, n| *place = n)?;
    for part in tally.first_undefined.as_flattened_mut() {
        *part = input.count(2 * MAX_RUNS)?.wrapping_sub(1);
    }
    for moments in tally.moments.iter_mut().chain(&mut tally.pair_moments) {
        *moments = read_moments(input, runs)?;
    }
    for higher in tally.higher.iter_mut().chain(&mut tally.pair_higher) {
        let sums = [input.signed()?, input.signed()?];
        *higher = HigherMoments::of_parts(sums, input.count(MAX_RUNS)?);
    }
    let sum = |counts: &[u32; BINS]| counts.iter().map(|n| u64::from(*n)).sum::<u64>();
    let defined = |moments: &Moments| runs - moments.undefined;
    let cells = tally.moments.chunks(plan.tracks.sums());
    let tracks = cells.flat_map(|cell| &cell[..plan.tracks.len()]);
    let pairs = tally.pair_counts.iter().zip(&tally.pair_moments);
    let whole = tally.counts.iter().zip(tracks).all(|(counts, moments)| sum(counts) == defined(moments))
        && pairs.into_iter().all(|(counts, moments)| [0, defined(moments)].contains(&sum(counts)))
        && tally.leaders.chunks(plan.tracks.ballot.outcomes()).all(|table| table.iter().sum::<u64>() <= runs);
    if whole { Ok(tally) } else { Err(StoreError::Counts) }
}

fn read_spread(input: &mut Reader<'_>, plans: &SumsPlans) -> Result<Spread, StoreError> {
    let runs = read_head(input, &fingerprint_of_sums(plans))?;
    let mut spread = Spread { runs, ..Spread::empty(plans, 0) };
    for moments in spread.moments.iter_mut().flatten() {
        *moments = read_moments(input, spread.runs.end - spread.runs.start)?;
    }
    Ok(spread)
}

fn write_moments(out: &mut Writer, moments: &Moments) {
    let (sums, [min, max]) = moments.parts();
    for sum in sums {
        out.signed(sum);
    }
    out.bytes(&min.to_le_bytes());
    out.bytes(&max.to_le_bytes());
    out.varint(moments.undefined.into());
    out.varint(moments.saturated.into());
}

fn read_moments(input: &mut Reader<'_>, runs: u64) -> Result<Moments, StoreError> {
    let sums = [input.signed()?, input.signed()?];
    let ends = [input.float()?, input.float()?];
    if ends.iter().any(|x| x.is_nan()) {
        return Err(StoreError::Counts);
    }
    let counted = [input.count(runs)?, input.count(MAX_RUNS)?];
    Ok(Moments::of_parts(sums, ends, counted))
}

/// Hash of where everything lies.
fn fingerprint(plans: &TallyPlans) -> Key {
    let mut out = Writer::default();
    for plan in plans.0.iter() {
        note_tracks(&mut out, &plan.tracks);
        plan.binnings.iter().chain(&plan.pair_binnings).for_each(|binning| note_binning(&mut out, binning));
        for mean in &plan.controls.price {
            out.bytes(&mean.to_le_bytes());
        }
        note_gauges(&mut out, plan.gauges.iter().chain(&plan.pair_gauges));
    }
    Sha256::digest(&out.0).into()
}

/// The same for sums alone.
fn fingerprint_of_sums(plans: &SumsPlans) -> Key {
    let mut out = Writer::default();
    for plan in plans.0.iter() {
        note_tracks(&mut out, &plan.tracks);
        note_gauges(&mut out, plan.gauges.iter());
    }
    Sha256::digest(&out.0).into()
}

fn note_tracks(out: &mut Writer, tracks: &Tracks) {
    let shape = [tracks.years, tracks.paths, tracks.len(), tracks.pairs.len(), tracks.outcomes];
    let votes = [tracks.ballot.bounds, tracks.ballot.outcomes(), usize::from(tracks.splits)];
    let places = tracks.quantities.iter().chain(tracks.pairs.iter().map(|(quantity, _)| quantity));
    shape.iter().chain(&votes).chain(places).for_each(|n| out.varint(*n as u128));
}

fn note_gauges<'a>(out: &mut Writer, gauges: impl Iterator<Item = &'a Gauge>) {
    for Gauge { centre, unit } in gauges {
        out.bytes(&centre.to_le_bytes());
        out.bytes(&unit.to_le_bytes());
    }
}

fn note_binning(out: &mut Writer, binning: &Binning) {
    out.bytes(&binning.low.to_le_bytes());
    out.bytes(&binning.width.to_le_bytes());
    out.varint(match &binning.axis {
        Axis::Natural => 0,
        Axis::Link(_) => 1,
        Axis::Counted(values) => 2 + values.len() as u128,
    });
}
