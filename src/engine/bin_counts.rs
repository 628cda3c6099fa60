//! Counting the bins of a block of runs.

use super::binning::{BINS, Binning, FEW};
use super::tile::{BLOCK_TILES, TILE, TileRow};

/// The bin of what has none.
pub(super) const LOST: u16 = u16::MAX;

/// Bins of a block, a row a tile.
pub(super) type BlockBins = [[u16; TILE]; BLOCK_TILES];

/// Takes the bin from the runs that have no value.
#[cold]
pub(super) fn lose(row: &TileRow, bins: &mut [u16; TILE]) {
    for (bin, x) in bins.iter_mut().zip(&row.0) {
        *bin = if x.is_finite() { *bin } else { LOST };
    }
}

/// Counts the bins of a block but for the lost ones.
#[cold]
pub(super) fn count_defined(bins: &BlockBins, runs: &[usize; BLOCK_TILES], mut add: impl FnMut(usize)) {
    for (tile, runs) in bins.iter().zip(runs) {
        tile[..*runs].iter().filter(|bin| **bin != LOST).for_each(|bin| add(usize::from(*bin)));
    }
}

/// Adds a block's bins to the histograms of a cell.
#[inline(always)]
pub(super) fn count(
    bins: &[BlockBins],
    runs: &[usize; BLOCK_TILES],
    binnings: &[Binning],
    histograms: &mut [[u32; BINS]],
) {
    for k in 0..bins.len() {
        match binnings[k].few() {
            Some(few) if count_few(&bins[k], runs, few, &mut histograms[k]) => {}
            _ => scatter(&bins[k], runs, &mut histograms[k]),
        }
    }
}

/// Counts into a small table, in which most runs meet in a few places: in four columns, so that a run need not
/// wait for the one before it.
#[inline(always)]
pub(super) fn count_side_by_side(
    bins: &BlockBins,
    runs: &[usize; BLOCK_TILES],
    columns: &mut [[u32; 4]],
    table: &mut [u64],
) {
    for (tile, runs) in bins.iter().zip(runs) {
        let (chunks, rest) = tile[..*runs].as_chunks::<4>();
        for chunk in chunks {
            for c in 0..4 {
                columns[usize::from(chunk[c])][c] += 1;
            }
        }
        for bin in rest {
            columns[usize::from(*bin)][0] += 1;
        }
    }
    for (sum, column) in table.iter_mut().zip(columns) {
        *sum += u64::from(column.iter().sum::<u32>());
        *column = [0; 4];
    }
}

/// Counts where only a few bins can be: incrementing one counter again and again waits for itself, comparing
/// does not. False, and nothing done, if a run fell elsewhere.
#[inline(always)]
fn count_few(bins: &BlockBins, runs: &[usize; BLOCK_TILES], few: &[u16], counts: &mut [u32; BINS]) -> bool {
    let mut found = [0_u32; FEW];
    let mut total = 0;
    for (bin, found) in few.iter().zip(&mut found) {
        for (tile, runs) in bins.iter().zip(runs) {
            let mut here = 0_u16;
            for b in &tile[..*runs] {
                here += u16::from(b == bin);
            }
            *found += u32::from(here);
        }
        total += *found;
    }
    let all = total as usize == runs.iter().sum::<usize>();
    if all {
        for (bin, found) in few.iter().zip(found) {
            counts[usize::from(*bin) & (BINS - 1)] += found;
        }
    }
    all
}

/// Adds a block's bins to a histogram, one by one.
#[inline(always)]
fn scatter(bins: &BlockBins, runs: &[usize; BLOCK_TILES], counts: &mut [u32; BINS]) {
    for (tile, runs) in bins.iter().zip(runs) {
        // Eight at a time: the loop's own arithmetic would cost as much as the counting.
        let (chunks, rest) = tile[..*runs].as_chunks::<8>();
        for chunk in chunks {
            for bin in chunk {
                counts[usize::from(*bin) & (BINS - 1)] += 1;
            }
        }
        for bin in rest {
            counts[usize::from(*bin) & (BINS - 1)] += 1;
        }
    }
}
