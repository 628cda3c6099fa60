//! Pictures of stress tests: the towns' courses with and without, a table of colours, depth against recovery.

mod depth;
mod heat;
mod response;
mod shown;
mod surface;

pub use shown::StressFigure;
pub use surface::surface_figures;

use crate::case::Case;
use crate::experiment::stress::{ItemKind, StressTest};
use crate::text::Text;
use shown::Shown;

/// Pictures of each stress, `1-response`, `1-heat`, `1-depth` ..: the course of what prices move at once, the output of the
/// enterprise; depth and recovery of the index that the case tells first. How far output falls is the town's mix times its
/// exposure, by construction the same under every scenario; what an index does is not.
pub fn stress_figures(case: &Case, test: &StressTest, text: &Text) -> Vec<StressFigure> {
    let part = &case.drivers[case.method.share_split.part].id;
    let index = case.method.headline.index.as_ref().unwrap_or(part);
    let places = |id: &str| {
        let quantity = test.quantity(id)?;
        let item = test.items.iter().position(|item| item.kind == ItemKind::Quantity(quantity))?;
        Some((quantity, item))
    };
    let (Some(part), Some(index)) = (places(part), places(index)) else { return Vec::new() };
    let shown = |k: usize, (quantity, item): (usize, usize)| Shown { test, k, quantity, item, text };
    let of = |k: usize| {
        let (part, index) = (shown(k, part), shown(k, index));
        [response::draw(&part), heat::draw(&index), depth::draw(&index)]
    };
    (0..test.stressed.len()).flat_map(of).collect()
}
