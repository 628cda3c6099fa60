//! What the futures hang on: indices with their intervals, their shares over the years, the plane of Morris, tornado and
//! spider.

mod areas;
mod bars;
mod plane;
mod shown;
mod swings;

use crate::case::Case;
use crate::experiment::futures::{Estimated, Output};
use crate::explore::analysis::Method;
use crate::text::Text;
use shown::{MOST, Shown};

pub use shown::SensitivityFigure;
pub use swings::swing_figures;

/// The index that a method's pictures show.
fn main_index(method: Method) -> &'static str {
    match method {
        Method::Sobol => "ST",
        Method::Morris => "mu_star",
        Method::Pawn => "pawn_median",
        Method::Delta => "delta",
        Method::Regional => "ks",
        Method::Shapley => "shapley",
    }
}

/// A picture for each output, of its last year where it has several; for an output over all years one of the shares by
/// year as well.
pub fn sensitivity_figures(
    case: &Case,
    outputs: &[Output],
    estimated: &[Estimated],
    method: Method,
    caption: &str,
    text: &Text,
) -> Vec<SensitivityFigure> {
    let shown = Shown { case, caption, text };
    let mut figures = Vec::new();
    let all: Vec<(&Output, &Estimated)> = outputs.iter().zip(estimated).collect();
    for (number, years) in all.chunk_by(|a, b| a.0.name == b.0.name).take(MOST).enumerate() {
        let Some((output, found)) = years.last() else { continue };
        if method == Method::Morris {
            figures.push(plane::plane(&shown, output, found, format!("morris-{}", number + 1)));
        } else {
            let name = main_index(method);
            figures.push(bars::bars(&shown, output, found, method, name, format!("indices-{}", number + 1)));
        }
        let shares = matches!(method, Method::Sobol | Method::Shapley);
        if shares && years.len() > 1 {
            let of = if method == Method::Sobol { "S1" } else { "shapley" };
            figures.extend(areas::areas(&shown, years, of, format!("years-{}", number + 1)));
        }
    }
    figures
}
