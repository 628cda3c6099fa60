//! What an observer of the runs gets to see.

use super::drawn_parameters::TileParameters;
use super::tile::{Banks, TileRow, Value};
use super::town_state::PathState;
use crate::model::{Operand, YearLaw};

/// Looks at the runs as they go by: `block` before each block of some that are looked at in turn, with its
/// place among them; for each year and scenario `begin`, then `tile` for each tile of the block, then `end`.
pub(crate) trait Observer {
    fn block(&mut self, _place: usize) {}
    fn begin(&mut self, _t: usize, _path: usize) {}
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>);
    fn end(&mut self, _t: usize, _path: usize) {}
}

/// Two observers look at the same runs, the first one first.
impl<A: Observer, B: Observer> Observer for (A, B) {
    #[inline(always)]
    fn block(&mut self, place: usize) {
        self.0.block(place);
        self.1.block(place);
    }

    #[inline(always)]
    fn begin(&mut self, t: usize, path: usize) {
        self.0.begin(t, path);
        self.1.begin(t, path);
    }

    #[inline(always)]
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        self.0.tile(t, path, tile, view);
        self.1.tile(t, path, tile, view);
    }

    #[inline(always)]
    fn end(&mut self, t: usize, path: usize) {
        self.0.end(t, path);
        self.1.end(t, path);
    }
}

/// One tile of one year and scenario.
pub(crate) struct View<'a> {
    /// Values of the drivers.
    pub(crate) values: &'a [TileRow],
    /// The same on the link scale.
    pub(crate) links: &'a [TileRow],
    /// What programs read.
    pub(crate) banks: Banks<'a>,
    /// Results of the outcome program.
    pub(crate) results: &'a [TileRow],
    /// Innovations of the year, the same for all scenarios; of no meaning in the base year.
    pub(crate) innovations: &'a [TileRow],
    /// Base-year link of each driver of which runs differ in the base year.
    pub(crate) base_link: &'a [Option<Box<TileRow>>],
    /// Log prices since the base year, of each commodity.
    pub(crate) prices: &'a [TileRow],
    /// Log price level of the town's mix since the base year.
    pub(crate) price: &'a TileRow,
    /// Parameters that are drawn.
    pub(crate) parameters: TileParameters<'a>,
    /// Plan errors, deviations, events, first passages.
    pub(crate) state: &'a PathState,
    /// The plan's numbers of the year.
    pub(crate) year: &'a YearLaw,
    /// Number of the tile's first run.
    pub(crate) first_run: u64,
    /// How many runs of the tile count.
    pub(crate) runs: usize,
}

impl<'a> View<'a> {
    /// The value of an operand.
    #[inline(always)]
    pub(crate) fn value(&self, operand: Operand) -> Value<'a> {
        self.banks.value(operand, self.results)
    }
}
