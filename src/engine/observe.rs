//! What an observer of the runs gets to see.

use super::tile::{Banks, Row, Value};
use super::town::PathState;
use crate::model::{Operand, YearLaw};

/// Looks at the runs as they go by: for each year and scenario `begin`, then `tile` for each tile of the
/// block, then `end`.
pub(crate) trait Observer {
    fn begin(&mut self, _t: usize, _path: usize) {}
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>);
    fn end(&mut self, _t: usize, _path: usize) {}
}

impl<O: Observer> Observer for &mut O {
    #[inline(always)]
    fn begin(&mut self, t: usize, path: usize) {
        (**self).begin(t, path);
    }

    #[inline(always)]
    fn tile(&mut self, t: usize, path: usize, tile: usize, view: &View<'_>) {
        (**self).tile(t, path, tile, view);
    }

    #[inline(always)]
    fn end(&mut self, t: usize, path: usize) {
        (**self).end(t, path);
    }
}

/// One tile of one year and scenario.
pub(crate) struct View<'a> {
    /// Values of the drivers.
    pub(crate) values: &'a [Row],
    /// The same on the link scale.
    pub(crate) links: &'a [Row],
    /// What programs read.
    pub(crate) banks: Banks<'a>,
    /// Results of the outcome program.
    pub(crate) results: &'a [Row],
    /// Innovations of the year, the same for all scenarios; of no meaning in the base year.
    pub(crate) innovations: &'a [Row],
    /// Base-year link of each driver of which runs differ in the base year.
    pub(crate) base_link: &'a [Option<Box<Row>>],
    /// Log prices since the base year, of each commodity.
    pub(crate) prices: &'a [Row],
    /// Log price level of the town's mix since the base year.
    pub(crate) price: &'a Row,
    /// Plan errors, deviations, events, first passages.
    pub(crate) state: &'a PathState,
    /// The plan's numbers of the year.
    pub(crate) year: &'a YearLaw,
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
