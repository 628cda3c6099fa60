//! Weights of commodities in a price level.

use super::super::fault::Faults;
use super::super::toml_reader::Node;
use super::loader::Loader;

/// Weights of commodities, scaled to add up to 1.
pub(super) fn read_region(loader: &mut Loader<'_>, top: &Node<'_>, commodities: &[String]) -> Vec<f64> {
    let faults = &mut loader.faults;
    let Some(region) = top.node("region", faults) else { return vec![0.0; commodities.len()] };
    region.has("name");
    let weights = read(&region, commodities, faults);
    region.finish(faults);
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| w / if sum > 0.0 { sum } else { 1.0 }).collect()
}

/// The `mix` of a table: a non-negative weight for some commodities.
pub(super) fn read(node: &Node<'_>, commodities: &[String], faults: &mut Faults) -> Vec<f64> {
    let mut weights = vec![0.0; commodities.len()];
    let Some(mix) = node.node("mix", faults) else { return weights };
    let before = faults.0.len();
    for (commodity, value) in mix.entries() {
        let weight = value.as_float().or_else(|| value.as_integer().map(|x| x as f64));
        match (commodities.iter().position(|c| c == commodity), weight) {
            (Some(c), Some(w)) if w.is_finite() && w >= 0.0 => weights[c] = w,
            (Some(_), _) => {
                faults.refuse(node.file, mix.place(commodity), value, "a number that is not negative");
            }
            (None, _) => {
                let known = commodities.join(", ");
                faults.add(node.file, mix.place(commodity), format!("unknown commodity (known: {known})"));
            }
        }
    }
    if faults.0.len() == before && weights.iter().sum::<f64>() <= 0.0 {
        faults.add(node.file, node.place("mix"), "has no weight above 0");
    }
    weights
}
