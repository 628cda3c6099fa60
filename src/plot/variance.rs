//! Where the variance comes from, over the years: stacked areas after Hawkins and Sutton (2009).

use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{RGBColor, WHITE};

use super::canvas::{Canvas, write};
use super::font::text_width;
use super::key::{KeyEntry, Mark};
use super::lines::cut;
use super::palette::{INK, MUTED, ink_on};
use super::panel::{Panel, place};
use super::sheet::{Frame, sheet};
use super::theme::{LABEL, STRONG};
use crate::experiment::variance::{
    Part, TownVariance, Variance, VarianceShares, in_unit, largest, made, part, percent, quantity,
    quantity_short, weights,
};
use crate::model::VarianceSource;
use crate::text::Text;

/// Height of a row of panels with its headings.
const ROW: i32 = 540;
/// Room above a row for what its panels are of.
const HEAD: i32 = 30;
/// Panels side by side, at most.
const COLUMNS: usize = 4;
/// A share whose number may stand on it.
const NAMED: f64 = 0.05;

/// A picture of a town's variance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VarianceFigure {
    /// Its name, which is also its path without an ending: `temirtau/variance`.
    pub name: String,
    /// Its title: the finding in words.
    pub title: String,
    /// The picture as SVG.
    pub svg: String,
}

/// A picture a town: a panel for each quantity, shares of its variance year by year. Shares that are estimated below 0
/// are drawn as nothing; what is printed on an area is its share.
pub fn variance_figures(shares: &VarianceShares, text: &Text) -> Vec<VarianceFigure> {
    shares.towns.iter().map(|town| figure(shares, town, text)).collect()
}

fn figure(shares: &VarianceShares, town: &TownVariance, text: &Text) -> VarianceFigure {
    let last = shares.years.len() - 1;
    let year = shares.years[last].to_string();
    let mut told = shares.quantities.iter().zip(&town.years[last]);
    let finding = told.find_map(|(q, variance)| Some((q, largest(variance)?)));
    let title = match finding {
        Some((q, (which, share))) => {
            let (name, source, share) = (quantity_short(text, q), part(text, which), percent(text, share));
            let values = [
                ("town", text.name(&town.name)),
                ("year", &year),
                ("quantity", name),
                ("source", &source),
                ("share", &share),
            ];
            text.fill("variance.finding", &values)
        }
        None => text.fill("variance.no_finding", &[("town", text.name(&town.name))]),
    };
    let order = order(town);
    let patch = |which: &Part| KeyEntry { label: part(text, *which), mark: Mark::Patch(colour(*which)) };
    let mut caption = made(text, shares);
    caption.push_str(&text.fill("caption.source", &[("case", &shares.case)]));
    let frame = Frame {
        title,
        note: text.fill("variance.note", &[("weights", &weights(text, shares))]),
        key: order.iter().map(patch).collect(),
        caption,
    };
    let columns = shares.quantities.len().clamp(1, COLUMNS);
    let rows = shares.quantities.len().div_ceil(columns) as i32;
    let picture = sheet(rows * (HEAD + ROW), &frame, |canvas| {
        for q in 0..shares.quantities.len() {
            let top = HEAD + (q / columns) as i32 * (HEAD + ROW);
            let rect = place(q % columns, columns, top, ROW);
            draw_panel(canvas, rect, (shares, town, text), q, &order, q % columns == 0);
        }
    });
    let name = format!("{}/variance", town.id);
    VarianceFigure { name, title: frame.title, svg: picture.svg }
}

/// The parts that some quantity has in some year, from the bottom up.
fn order(town: &TownVariance) -> Vec<Part> {
    let cells = || town.years.iter().flatten().flat_map(|variance| &variance.parts);
    let matters = |which: Part| cells().any(|p| p.part == which && p.share.value != 0.0);
    let sources = VarianceSource::ALL.map(Part::Source);
    let all = [Part::Scenario].into_iter().chain(sources).chain([Part::WithScenario, Part::AmongSources]);
    all.filter(|which| matters(*which)).collect()
}

fn draw_panel(
    canvas: &Canvas<'_>,
    rect: [i32; 4],
    (shares, town, text): (&VarianceShares, &TownVariance, &Text),
    q: usize,
    order: &[Part],
    labels: bool,
) {
    // What is decided in the base year varies with the missing inputs at most.
    let years: Vec<f64> = shares.years[1..].iter().map(|year| f64::from(*year)).collect();
    let cells: Vec<_> = town.years[1..].iter().map(|year| &year[q]).collect();
    let (first, last) = (years.first().copied().unwrap_or(0.0), years.last().copied().unwrap_or(1.0));
    let panel = Panel::new(canvas, rect, (first, last), (0.0, 100.0));
    let share = |which: Part| -> Vec<f64> {
        let of = |variance: &&Variance| {
            let found = variance.parts.iter().find(|p| p.part == which);
            found.map_or(0.0, |p| p.share.value.max(0.0))
        };
        cells.iter().map(of).collect()
    };
    let layers: Vec<(Part, Vec<f64>)> = order.iter().map(|which| (*which, share(*which))).collect();
    // Without the shares below 0 the others add up to a little more than 1.
    let sums: Vec<f64> =
        (0..years.len()).map(|t| layers.iter().map(|(_, s)| s[t]).sum::<f64>().max(1e-9)).collect();
    let mut floor = vec![0.0; years.len()];
    for (which, share) in &layers {
        let top: Vec<f64> =
            floor.iter().zip(share).zip(&sums).map(|((f, s), sum)| f + 100.0 * s / sum).collect();
        panel.band(&years, &floor, &top, colour(*which));
        let edge: Vec<(f64, f64)> = years.iter().copied().zip(top.iter().copied()).collect();
        panel.line(&edge, WHITE, 1);
        let value = share[years.len() - 1];
        // The area must be thick enough all along the number.
        let from = years.len().saturating_sub(3);
        let ceiling = top[from..].iter().copied().fold(f64::MAX, f64::min);
        let bottom = floor[from..].iter().copied().fold(f64::MIN, f64::max);
        let (at, up) = (panel.at(last, ceiling).1, panel.at(last, bottom).1);
        if value >= NAMED && up - at > LABEL.px as i32 {
            let label = text.percent_of(&text.number(100.0 * value, 0));
            let ink = ink_on(colour(*which));
            write(
                canvas,
                &label,
                (rect[2] - 8, i32::midpoint(at, up)),
                LABEL,
                ink,
                (HPos::Right, VPos::Center),
            );
        }
        floor = top;
    }
    let label = |y: f64, _: usize| text.percent_of(&text.number(y, 0));
    panel.axes_with(false, labels.then_some(&label));
    let of = &shares.quantities[q];
    let room = f64::from(rect[2] - rect[0]);
    let whole = quantity(text, of);
    let fits = text_width(&whole, STRONG) <= room;
    let name = if fits { whole } else { cut(quantity_short(text, of), STRONG, room) };
    write(canvas, &name, (rect[0], rect[1] - 34), STRONG, INK, (HPos::Left, VPos::Bottom));
    let sd = cells.last().map_or(0.0, |variance| variance.sd.value);
    let (sd, year) = (in_unit(text, sd, of), shares.years[shares.years.len() - 1].to_string());
    let said = text.fill("variance.sd", &[("sd", sd), ("year", year)]);
    let said = cut(&said, LABEL, room);
    write(canvas, &said, (rect[0], rect[1] - 10), LABEL, MUTED, (HPos::Left, VPos::Bottom));
}

/// Greens are what is decided, purple what is not known, blues are prices, warm colours chance, greys interactions.
fn colour(which: Part) -> RGBColor {
    match which {
        Part::Scenario => RGBColor(20, 104, 78),
        Part::Source(VarianceSource::Delivery) => RGBColor(84, 164, 116),
        Part::Source(VarianceSource::PlanError) => RGBColor(176, 214, 170),
        Part::Source(VarianceSource::Parameters) => RGBColor(142, 72, 150),
        Part::Source(VarianceSource::PriceModel) => RGBColor(0, 70, 160),
        Part::Source(VarianceSource::PriceChance) => RGBColor(112, 168, 226),
        Part::Source(VarianceSource::Events) => RGBColor(196, 70, 10),
        Part::Source(VarianceSource::Innovations) => RGBColor(240, 178, 84),
        Part::Source(VarianceSource::Inputs) => RGBColor(122, 84, 30),
        Part::WithScenario => RGBColor(110, 110, 118),
        Part::AmongSources => RGBColor(196, 196, 202),
    }
}
