//! The parameters that a run draws, a row for each: the same for all towns, scenarios and years.

use super::tile::{TILE, TileRow, TileStream, Words};
use crate::math;
use crate::model::{DrawnValues, Model, ParameterLaw};

/// What of a driver is drawn, in the order of the rows.
const KINDS: usize = 4;

/// Rows of the drawn parameters of some tiles; none where nothing is drawn.
#[derive(Debug)]
pub(crate) struct DrawnParameters {
    rows: Vec<TileRow>,
    /// Place of each driver's rows: region's sd, town's sd, persistence, price exposure.
    places: Vec<[Option<usize>; KINDS]>,
    /// Rows of a tile.
    width: usize,
}

/// Those of one tile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TileParameters<'a> {
    rows: &'a [TileRow],
    places: &'a [[Option<usize>; KINDS]],
}

fn tables(law: &ParameterLaw) -> [&DrawnValues; KINDS] {
    [&law.region_sd, &law.town_sd, &law.persistence, &law.price_exposure]
}

impl DrawnParameters {
    pub(super) fn new(model: &Model, tiles: usize) -> Self {
        let mut width = 0;
        let mut place = |values: &Option<Vec<f64>>| {
            values.as_ref().map(|_| {
                width += 1;
                width - 1
            })
        };
        let places = match &model.parameters {
            None => vec![[None; KINDS]; model.links.len()],
            Some(law) => (0..model.links.len()).map(|i| tables(law).map(|table| place(&table[i]))).collect(),
        };
        Self { rows: TileRow::zeros(tiles * width), places, width }
    }

    #[inline(always)]
    pub(super) fn tile(&self, tile: usize) -> TileParameters<'_> {
        TileParameters { rows: &self.rows[tile * self.width..][..self.width], places: &self.places }
    }

    /// Draws the rows of a tile: one word a run.
    #[inline(always)]
    pub(super) fn draw(&mut self, law: &ParameterLaw, run: u64, tile: usize) {
        let (mut stream, mut words) = (TileStream::EMPTY, Words([0; TILE]));
        stream.start(law.key, run);
        stream.next(&mut words);
        let drawn = words.0.map(|word| law.row(math::uniform_high(word)));
        let rows = &mut self.rows[tile * self.width..][..self.width];
        for (i, places) in self.places.iter().enumerate() {
            for (place, table) in places.iter().zip(tables(law)) {
                if let (Some(place), Some(values)) = (place, &table[i]) {
                    rows[*place].0 = drawn.map(|k| values[k]);
                }
            }
        }
    }
}

impl<'a> TileParameters<'a> {
    #[inline(always)]
    fn row(self, driver: usize, kind: usize) -> Option<&'a TileRow> {
        self.places[driver][kind].map(|place| &self.rows[place])
    }

    /// Sd of the regional part of a driver's innovation; none where it is the model's.
    #[inline(always)]
    pub(crate) fn region_sd(self, driver: usize) -> Option<&'a TileRow> {
        self.row(driver, 0)
    }

    /// Sd of the town's part.
    #[inline(always)]
    pub(crate) fn town_sd(self, driver: usize) -> Option<&'a TileRow> {
        self.row(driver, 1)
    }

    /// Persistence.
    #[inline(always)]
    pub(crate) fn persistence(self, driver: usize) -> Option<&'a TileRow> {
        self.row(driver, 2)
    }

    /// Elasticity to the price level, before its scale.
    #[inline(always)]
    pub(crate) fn price_exposure(self, driver: usize) -> Option<&'a TileRow> {
        self.row(driver, 3)
    }
}
