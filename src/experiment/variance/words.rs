//! Parts of the variance in words.

use super::shares::{Part, Variance, VarianceShares};
use crate::analyse::Estimate;
use crate::case::Name;
use crate::model::{Quantity, QuantityKind, VarianceSource};
use crate::text::Text;

/// A part in words.
pub fn part(text: &Text, part: Part) -> String {
    let words = match part {
        Part::Scenario => text.get("variance.scenario"),
        Part::Source(VarianceSource::Delivery) => text.get("variance.delivery"),
        Part::Source(VarianceSource::PlanError) => text.get("variance.plan_error"),
        Part::Source(VarianceSource::Parameters) => text.get("uncertainty.parameters"),
        Part::Source(VarianceSource::PriceModel) => text.get("variance.price_model"),
        Part::Source(VarianceSource::PriceChance) => text.get("variance.price_chance"),
        Part::Source(VarianceSource::Events) => text.get("variance.events"),
        Part::Source(VarianceSource::Innovations) => text.get("variance.innovations"),
        Part::Source(VarianceSource::Inputs) => text.get("uncertainty.inputs"),
        Part::WithScenario => text.get("variance.with_scenario"),
        Part::AmongSources => text.get("variance.among_sources"),
    };
    words.to_owned()
}

/// A share in percent with 1.96 of its errors, which may be below 0: `45 ± 2 %`.
pub fn percent(text: &Text, share: Estimate) -> String {
    let error = 196.0 * share.mcse;
    let decimals = usize::from(error < 0.95);
    // Outwards, and never 0 ± 0 of what is estimated.
    let step = if decimals == 1 { 0.1 } else { 1.0 };
    let error = (error / step).ceil() * step;
    let number = text.number(100.0 * share.value, decimals);
    let number =
        if share.mcse > 0.0 { format!("{number} ± {}", text.number(error, decimals)) } else { number };
    text.percent_of(&number)
}

/// What a quantity is called: an index with its symbol.
pub fn quantity(text: &Text, quantity: &Quantity) -> String {
    let label = text.name(&quantity.label);
    if is_index(quantity) { format!("{label} ({})", quantity.id) } else { label.to_owned() }
}

/// The same where there is little room: an index by its symbol.
pub fn quantity_short<'a>(text: &'a Text, quantity: &'a Quantity) -> &'a str {
    if is_index(quantity) { &quantity.id } else { text.name(&quantity.label) }
}

/// A number of the quantity with its unit.
pub fn in_unit(text: &Text, value: f64, of: &Quantity) -> String {
    let number = text.number(value, if value.abs() < 10.0 { 2 } else { 0 });
    if is_index(of) { number } else { format!("{number} {}", text.unit(&of.unit, of.unit_name.as_ref())) }
}

fn is_index(quantity: &Quantity) -> bool {
    matches!(quantity.kind, QuantityKind::Composite(_))
}

/// What of the uncertainty is drawn and what is laid on, where that is not all and nothing; empty else.
fn conditions(text: &Text, shares: &VarianceShares) -> String {
    let stress =
        shares.stress.as_ref().map(|name| text.fill("caption.stress", &[("stress", text.name(name))]));
    let drawn = (shares.uncertainty != "all")
        .then(|| text.fill("caption.uncertainty", &[("what", text.uncertainty(&shares.uncertainty))]));
    [stress, drawn].into_iter().flatten().collect()
}

/// Runs, samples, seed, version, and on what conditions.
pub fn made(text: &Text, shares: &VarianceShares) -> String {
    let (runs, samples) = (text.number(shares.runs as f64, 0), shares.samples.to_string());
    let seed = shares.seed.to_string();
    let values = [
        ("runs", runs.as_str()),
        ("samples", &samples),
        ("seed", &seed),
        ("version", env!("CARGO_PKG_VERSION")),
    ];
    text.fill("variance.made", &values) + &conditions(text, shares)
}

/// Scenarios with their weights in words.
pub fn weights(text: &Text, shares: &VarianceShares) -> String {
    let one = |(_, name, weight): &(String, Name, f64)| {
        let percent = text.percent_of(&text.number(100.0 * weight, 0));
        format!("{} {percent}", text.quoted(text.name(name)))
    };
    text.list(&shares.scenarios.iter().map(one).collect::<Vec<_>>())
}

/// The largest part of those that are no interactions.
pub fn largest(variance: &Variance) -> Option<(Part, Estimate)> {
    let alone = variance.parts.iter().filter(|part| part.total.is_some());
    alone.max_by(|a, b| a.share.value.total_cmp(&b.share.value)).map(|part| (part.part, part.share))
}
