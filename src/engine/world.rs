//! What all towns and scenarios of a run have in common: prices, the region's noise, the region's indices, and the
//! drivers' parameters where they are drawn.

use super::drawn_parameters::{DrawnParameters, TileParameters};
use super::tile::{TILE, TileRow, TileStream, Words};
use super::vector_level::Job;
use crate::math;
use crate::model::{Branch, Model, PriceLaw};

/// The common part of a block of runs: per tile and year (the base year first) a row for each commodity's
/// log price since the base year, each driver's regional innovation, each index of the region.
#[derive(Debug)]
pub(crate) struct World {
    rows: Vec<TileRow>,
    /// Place of each driver's regional innovation among the noise rows; none if it has no regional part.
    noise_slot: Vec<Option<usize>>,
    parameters: DrawnParameters,
    dimensions: Dimensions,
}

#[derive(Debug, Clone, Copy)]
struct Dimensions {
    commodities: usize,
    noises: usize,
    indices: usize,
    years: usize,
}

impl Dimensions {
    fn width(&self) -> usize {
        self.commodities + self.noises + self.indices
    }
}

impl World {
    /// Room for `tiles` tiles.
    pub(crate) fn new(model: &Model, tiles: usize) -> Self {
        let mut noises = 0;
        let noise_slot = model
            .noise
            .region_sd
            .iter()
            .enumerate()
            .map(|(i, sd)| {
                let drawn = model.parameters.as_ref().and_then(|law| law.region_sd[i].as_ref());
                let has_part = drawn.map_or(*sd > 0.0, |values| values.iter().any(|sd| *sd > 0.0));
                has_part.then(|| {
                    noises += 1;
                    noises - 1
                })
            })
            .collect();
        let dimensions = Dimensions {
            commodities: model.prices.commodities(),
            noises,
            indices: model.region.sigma.len(),
            years: model.years.len(),
        };
        let rows = TileRow::zeros(tiles * dimensions.years * dimensions.width());
        Self { rows, noise_slot, parameters: DrawnParameters::new(model, tiles), dimensions }
    }

    fn year(&self, tile: usize, t: usize) -> &[TileRow] {
        let width = self.dimensions.width();
        &self.rows[(tile * self.dimensions.years + t) * width..][..width]
    }

    /// ln P\[t\] - ln P\[0\] of each commodity.
    #[inline(always)]
    pub(crate) fn prices(&self, tile: usize, t: usize) -> &[TileRow] {
        &self.year(tile, t)[..self.dimensions.commodities]
    }

    /// Regional part of a driver's innovation, sd included.
    #[inline(always)]
    pub(crate) fn noise(&self, tile: usize, t: usize, driver: usize) -> Option<&TileRow> {
        let slot = self.noise_slot[driver]?;
        Some(&self.year(tile, t)[self.dimensions.commodities + slot])
    }

    /// Value of each index of the region.
    #[inline(always)]
    pub(crate) fn indices(&self, tile: usize, t: usize) -> &[TileRow] {
        &self.year(tile, t)[self.dimensions.commodities + self.dimensions.noises..]
    }

    /// The drawn parameters of a tile.
    #[inline(always)]
    pub(crate) fn parameters(&self, tile: usize) -> TileParameters<'_> {
        self.parameters.tile(tile)
    }

    /// Draws the world of `tiles` tiles of runs from `first_run` on.
    #[inline(always)]
    fn fill(&mut self, model: &Model, first_run: u64, tiles: usize) {
        let Dimensions { commodities, noises, years, .. } = self.dimensions;
        let width = self.dimensions.width();
        let mut scratch = WorldBuffers::new(model);
        for (tile, rows) in self.rows.chunks_mut(years * width).take(tiles).enumerate() {
            let run = first_run + (tile * TILE) as u64;
            draw_prices(&model.prices, run, rows, width, &mut scratch);
            if let Some(law) = &model.parameters {
                self.parameters.draw(law, run, tile);
            }
            let parameters = self.parameters.tile(tile);
            draw_noise(model, run, rows, (width, commodities), &self.noise_slot, parameters, &mut scratch);
            draw_indices(model, run, rows, width, commodities + noises, &mut scratch);
        }
    }
}

/// Draws a world at a vector level.
pub(crate) struct FillWorld<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) model: &'a Model,
    pub(crate) first_run: u64,
    pub(crate) tiles: usize,
}

impl Job for FillWorld<'_> {
    #[inline(always)]
    fn run(self) {
        self.world.fill(self.model, self.first_run, self.tiles);
    }
}

/// Rows that are needed only while a tile is drawn.
struct WorldBuffers {
    stream: TileStream,
    words: Words,
    normals: Vec<TileRow>,
    a: Vec<TileRow>,
    b: Vec<TileRow>,
    c: Vec<TileRow>,
    weight: TileRow,
}

impl WorldBuffers {
    fn new(model: &Model) -> Self {
        let n = model.prices.commodities().max(model.region.sigma.len()).max(model.links.len());
        Self {
            stream: TileStream::EMPTY,
            words: Words([0; TILE]),
            normals: TileRow::zeros(2 * n + 2),
            a: TileRow::zeros(n),
            b: TileRow::zeros(n),
            c: TileRow::zeros(n),
            weight: TileRow::ZERO,
        }
    }
}

/// Prices of a tile; see [`PriceLaw`] for the formulas. Words of a run: one for the branch, one for every
/// two mu; then each year one for every two normals (2 n + 1 of them) and one for the two uniforms.
#[inline(always)]
fn draw_prices(law: &PriceLaw, run: u64, rows: &mut [TileRow], width: usize, s: &mut WorldBuffers) {
    let n = law.commodities();
    let WorldBuffers { stream, words, normals, a: walk, b: reverting, c: mu, weight } = s;
    stream.start(law.model_key, run);
    stream.next(words);
    for p in 0..TILE {
        weight.0[p] = match law.branch {
            Branch::Drawn(probability) => f64::from(u8::from(math::uniform_high(words.0[p]) < probability)),
            Branch::Fixed(share) => share,
        };
    }
    stream.normals(words, &mut mu[..n]);
    if law.key != law.model_key {
        stream.start(law.key, run);
        stream.skip(words, 1 + n.div_ceil(2));
    }
    for c in 0..n {
        for p in 0..TILE {
            mu[c].0[p] = law.ln_level[c] + law.level_se[c] * mu[c].0[p];
        }
        walk[c] = TileRow([law.start[c]; TILE]);
        reverting[c] = walk[c];
    }
    for (t, year) in rows.chunks_mut(width).enumerate().skip(1) {
        // Given years draw as well, so that a year's draws do not depend on how many years are given.
        stream.normals(words, &mut normals[..=2 * n]);
        stream.next(words);
        let stress = &law.stress[t - 1];
        if let Some(given) = law.given.get(t - 1) {
            for c in 0..n {
                year[c] = TileRow([given[c] + stress[c]; TILE]);
            }
            continue;
        }
        let scale = &mut normals[2 * n].0;
        for p in 0..TILE {
            let chi4 = -2.0 * math::ln(math::uniform_high(words.0[p]) * math::uniform_low(words.0[p]));
            let q = (chi4 + scale[p] * scale[p]) * (1.0 / 3.0);
            let q = if q > law.floor { q } else { law.floor };
            scale[p] = 1.0 / q.sqrt();
        }
        for c in 0..n {
            let (w, m, level) = (&mut walk[c].0, &mut reverting[c].0, &mu[c].0);
            let (sw, sm, rho) = (law.sd_walk[c], law.sd_reverting[c], law.reversion[c]);
            let (bw, bm) = (sw / 12.0_f64.sqrt(), sm / 12.0_f64.sqrt());
            let shift = stress[c] - law.ln_base[c];
            let (mut g, mut h) = (TileRow::ZERO, TileRow::ZERO);
            for (j, factor) in law.factor[c].iter().enumerate().filter(|(_, f)| **f != 0.0) {
                for p in 0..TILE {
                    g.0[p] += factor * normals[j].0[p];
                    h.0[p] += factor * normals[n + j].0[p];
                }
            }
            let scale = &normals[2 * n].0;
            for p in 0..TILE {
                let (e, u) = (g.0[p] * scale[p], h.0[p] * scale[p]);
                let w_new = w[p] - law.drift + sw * e;
                let m_new = m[p] - rho * (m[p] - level[p]) + sm * e;
                let w_mean = 0.5 * (w[p] + w_new) + bw * u;
                let m_mean = 0.5 * (m[p] + m_new) + bm * u;
                year[c].0[p] = m_mean + weight.0[p] * (w_mean - m_mean) + shift;
                w[p] = w_new;
                m[p] = m_new;
            }
        }
    }
}

/// Regional innovations of a tile: one word for every two drivers, a year.
#[inline(always)]
fn draw_noise(
    model: &Model,
    run: u64,
    rows: &mut [TileRow],
    (width, offset): (usize, usize),
    slots: &[Option<usize>],
    parameters: TileParameters<'_>,
    s: &mut WorldBuffers,
) {
    let law = &model.noise;
    s.stream.start(law.region_key, run);
    for year in rows.chunks_mut(width).skip(1) {
        let normals = &mut s.normals[..slots.len()];
        s.stream.normals(&mut s.words, normals);
        for (i, slot) in slots.iter().enumerate() {
            let Some(slot) = slot else { continue };
            let out = &mut year[offset + slot];
            match parameters.region_sd(i) {
                None => combine(&law.factor[i], law.region_sd[i], normals, None, out),
                Some(sd) => {
                    combine(&law.factor[i], 1.0, normals, None, out);
                    for p in 0..TILE {
                        out.0[p] *= sd.0[p];
                    }
                }
            }
        }
    }
}

/// out = scale * sum of v * normals\[j\] over (j, v), and a common part where there is one.
#[inline(always)]
pub(super) fn combine(
    factor: &[(usize, f64)],
    scale: f64,
    normals: &[TileRow],
    common: Option<&TileRow>,
    out: &mut TileRow,
) {
    match factor {
        [a] => sum([*a], scale, normals, common, out),
        [a, b] => sum([*a, *b], scale, normals, common, out),
        [a, b, c] => sum([*a, *b, *c], scale, normals, common, out),
        [a, b, c, d] => sum([*a, *b, *c, *d], scale, normals, common, out),
        [a, b, c, d, rest @ ..] => {
            sum([*a, *b, *c, *d], scale, normals, None, out);
            for (j, v) in rest {
                let (x, v) = (&normals[*j].0, scale * v);
                for p in 0..TILE {
                    out.0[p] += v * x[p];
                }
            }
            if let Some(common) = common {
                for p in 0..TILE {
                    out.0[p] += common.0[p];
                }
            }
        }
        [] => *out = common.copied().unwrap_or(TileRow::ZERO),
    }
}

#[inline(always)]
fn sum<const N: usize>(
    factor: [(usize, f64); N],
    scale: f64,
    normals: &[TileRow],
    common: Option<&TileRow>,
    out: &mut TileRow,
) {
    let x: [&[f64; TILE]; N] = std::array::from_fn(|k| &normals[factor[k].0].0);
    let v: [f64; N] = std::array::from_fn(|k| scale * factor[k].1);
    let terms = |p: usize| {
        let mut sum = v[0] * x[0][p];
        for k in 1..N {
            sum += v[k] * x[k][p];
        }
        sum
    };
    match common {
        None => {
            for p in 0..TILE {
                out.0[p] = terms(p);
            }
        }
        Some(common) => {
            for p in 0..TILE {
                out.0[p] = terms(p) + common.0[p];
            }
        }
    }
}

/// Indices of a tile: plan errors first, one word for every two indices; then each year the same.
#[inline(always)]
fn draw_indices(
    model: &Model,
    run: u64,
    rows: &mut [TileRow],
    width: usize,
    offset: usize,
    s: &mut WorldBuffers,
) {
    let law = &model.region;
    let n = law.sigma.len();
    let WorldBuffers { stream, words, normals, a: errors, b: deviation, .. } = s;
    stream.start(law.plan_key, run);
    stream.normals(words, &mut errors[..n]);
    if law.key != law.plan_key {
        stream.start(law.key, run);
        stream.skip(words, n.div_ceil(2));
    }
    for (t, year) in rows.chunks_mut(width).enumerate() {
        let (common, indices) = year.split_at_mut(offset);
        if t == 0 {
            indices[..n].fill(TileRow([1.0; TILE]));
            deviation[..n].fill(TileRow::ZERO);
            continue;
        }
        let mut level = TileRow::ZERO;
        for (c, weight) in &law.mix {
            for p in 0..TILE {
                level.0[p] += weight * common[*c].0[p];
            }
        }
        stream.normals(words, &mut normals[..n]);
        for r in 0..n {
            let (planned, error) = (law.planned[t][r], law.reached[t][r] * law.shift_sd[r]);
            let (phi, sigma, exposure) = (law.persistence[r], law.sigma[r], law.price_exposure[r]);
            let (d, w, eps) = (&mut deviation[r].0, &normals[r].0, &errors[r].0);
            let out = &mut indices[r].0;
            for p in 0..TILE {
                d[p] = phi * d[p] + sigma * w[p];
                out[p] = math::exp(planned + error * eps[p] + exposure * level.0[p] + d[p]);
            }
        }
    }
}
