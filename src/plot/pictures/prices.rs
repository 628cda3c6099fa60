//! Prices: history, the runs' fan, and where each of the two branches of the mixture alone would go.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{CommodityPrices, MEDIAN, PriceFan};
use crate::plot::band::BANDS;
use crate::plot::context::Context;
use crate::plot::labels::moved_apart;
use crate::plot::palette::{INK, MUTED, PRICE, REVERTING, WALK, tint};
use crate::plot::panel::{Panel, log_ticks};
use crate::plot::theme::{
    Canvas, CAPTION, Frame, HEADING, KeyEntry, LABEL, MARGIN, Mark, WIDTH, cut, figure, wrap, write,
    write_lines,
};
use crate::plot::{Figure, FigureKind, Table};

const COLUMNS: usize = 2;
const HEIGHT: i32 = 380;
const LEFT: i32 = 72;
const RIGHT: i32 = 96;
const ABOVE: i32 = 74;
const BELOW: i32 = 30;
/// Places of the middle eight tenths among the quantiles.
const MIDDLE: (usize, usize) = (3, 7);

/// A panel a commodity.
pub(super) fn draw(context: &Context<'_>) -> Option<Figure> {
    let (prices, text) = (&context.results.prices, context.text);
    if prices.commodities.is_empty() {
        return None;
    }
    let year = context.horizon().to_string();
    let runs = text.number(prices.runs as f64, 0);
    let frame = Frame {
        title: text.fill(
            "plot.prices",
            &[
                ("year", year.as_str()),
                ("finding", &stress_finding(context).unwrap_or_else(|| finding(context))),
            ],
        ),
        note: text.fill("plot.prices_note", &[("runs", runs)]),
        key: key(context),
        caption: context.region_caption(),
    };
    let columns = COLUMNS.min(prices.commodities.len());
    let rows = prices.commodities.len().div_ceil(columns) as i32;
    let picture = figure((HEIGHT * rows) as u32, &frame, |canvas| {
        let each = (WIDTH as i32 - 2 * MARGIN) / columns as i32;
        for (k, commodity) in prices.commodities.iter().enumerate() {
            let left = MARGIN + (k % columns) as i32 * each;
            let top = (k / columns) as i32 * HEIGHT;
            draw_commodity(context, canvas, commodity, [left, top, left + each, top + HEIGHT]);
        }
    });
    Some(context.figure(FigureKind::Prices, None, frame, picture, table(context)))
}

fn key(context: &Context<'_>) -> Vec<KeyEntry> {
    let text = context.text;
    let prices = &context.results.prices.commodities;
    let mut key: Vec<KeyEntry> = BANDS
        .iter()
        .rev()
        .map(|b| KeyEntry {
            label: text.fill("plot.band", &[("share", b.3)]),
            mark: Mark::Patch(tint(PRICE, b.2)),
        })
        .collect();
    let mut entry = |key_: &str, mark: Mark| key.push(KeyEntry { label: text.get(key_).to_owned(), mark });
    entry("plot.median", Mark::Line(PRICE));
    entry("plot.history", Mark::Line(INK));
    if prices.iter().any(|c| c.walk.is_some()) {
        entry("plot.walk", Mark::Line(WALK));
        entry("plot.reverting", Mark::Dashes(REVERTING));
    }
    if prices.iter().any(|c| c.level.is_some()) {
        entry("plot.level", Mark::Dashes(MUTED));
    }
    if prices.iter().any(is_stressed) {
        entry("plot.unstressed", Mark::Dashes(PRICE));
    }
    key
}

fn is_stressed(commodity: &CommodityPrices) -> bool {
    commodity.stress.iter().any(|factor| *factor != 1.0)
}

/// What a stress does: the commodity that it hits most, and in which year.
fn stress_finding(context: &Context<'_>) -> Option<String> {
    let (results, text) = (context.results, context.text);
    let hit = |c: &CommodityPrices| {
        let factors = c.stress.iter().copied().enumerate();
        factors.max_by(|a, b| a.1.ln().abs().total_cmp(&b.1.ln().abs()).then(b.0.cmp(&a.0)))
    };
    let commodities = results.prices.commodities.iter().filter(|c| is_stressed(c));
    let order = |a: &(&CommodityPrices, (usize, f64)), b: &(&CommodityPrices, (usize, f64))| {
        a.1.1.ln().abs().total_cmp(&b.1.1.ln().abs())
    };
    let (commodity, (t, factor)) = commodities.filter_map(|c| Some((c, hit(c)?))).max_by(order)?;
    let (share, year) =
        (text.percent_of(&text.number(100.0 * factor, 0)), results.setup.years[t].to_string());
    let values = [("commodity", text.name(&commodity.name)), ("share", &share), ("stress_year", &year)];
    Some(text.fill("plot.prices_stress", &values))
}

/// The commodity whose middle eight tenths of runs are the widest apart at the horizon.
fn finding(context: &Context<'_>) -> String {
    let text = context.text;
    let last = |c: &CommodityPrices, q: usize| c.all.last().map_or(1.0, |year| year.quantiles[q].value);
    let width = |c: &&CommodityPrices| last(c, MIDDLE.1) / last(c, MIDDLE.0);
    let widest = context.results.prices.commodities.iter().max_by(|a, b| width(a).total_cmp(&width(b)));
    let Some(widest) = widest else { return String::new() };
    let today = widest.observed.last().copied().unwrap_or((0, 1.0));
    let times = |q: usize| text.number(last(widest, q) / today.1, 1);
    let (low, high, year) = (times(MIDDLE.0), times(MIDDLE.1), today.0.to_string());
    let values = [("commodity", text.name(&widest.name)), ("low", &low), ("high", &high), ("today", &year)];
    text.fill(if low == high { "plot.prices_fixed" } else { "plot.prices_finding" }, &values)
}

fn draw_commodity(
    context: &Context<'_>,
    canvas: &Canvas<'_>,
    commodity: &CommodityPrices,
    [left, top, right, bottom]: [i32; 4],
) {
    let text = context.text;
    let room = f64::from(right - left - 24);
    let name = text.name(&commodity.name);
    let towns: Vec<String> = commodity.towns.iter().map(|(_, name, _)| text.name(name).to_owned()).collect();
    let heading = if towns.is_empty() { name.to_owned() } else { format!("{name}: {}", text.list(&towns)) };
    write(canvas, &cut(&heading, HEADING, room), (left, top + 10), HEADING, INK, (HPos::Left, VPos::Top));
    let unit = wrap(text.unit(&commodity.unit, commodity.unit_name.as_ref()), CAPTION, room);
    write_lines(canvas, &unit[..unit.len().min(2)], (left, top + 38), CAPTION, MUTED, HPos::Left);
    let simulated: Vec<f64> = context.results.setup.years.iter().map(|y| f64::from(*y)).collect();
    let first = commodity.observed.first().map_or(simulated[0], |o| f64::from(o.0));
    let x = (first.min(simulated[0]), simulated[simulated.len() - 1]);
    let frame = [left + LEFT, top + ABOVE, right - RIGHT, bottom - BELOW];
    let panel = Panel { canvas, frame, x, y: range(commodity) };
    log_axis(context, &panel);
    // Years whose prices are given are drawn as observed; the fan opens from the last of them.
    let given = context.results.prices.given.min(simulated.len() - 1);
    let years = &simulated[given..];
    let logs = |fan: &PriceFan, q: usize| {
        fan[given..].iter().map(|y| y.quantiles[q].value.ln()).collect::<Vec<f64>>()
    };
    for (low, high, share, _) in BANDS {
        panel.band(years, &logs(&commodity.all, low), &logs(&commodity.all, high), tint(PRICE, share));
    }
    if let Some(level) = commodity.level {
        panel.dashes(&[(panel.x.0, level.ln()), (panel.x.1, level.ln())], MUTED, 1);
    }
    let line =
        |fan: &PriceFan, q: usize| years.iter().copied().zip(logs(fan, q)).collect::<Vec<(f64, f64)>>();
    if let Some(fan) = &commodity.walk {
        panel.line(&line(fan, MIDDLE.0), WALK, 2);
        panel.line(&line(fan, MIDDLE.1), WALK, 2);
    }
    // Broken, so that the two are told apart in grey print.
    if let Some(fan) = &commodity.reverting {
        panel.dashes(&line(fan, MIDDLE.0), REVERTING, 2);
        panel.dashes(&line(fan, MIDDLE.1), REVERTING, 2);
    }
    panel.line(&line(&commodity.all, MEDIAN), PRICE, 4);
    if is_stressed(commodity) {
        let without: Vec<(f64, f64)> = line(&commodity.all, MEDIAN)
            .into_iter()
            .zip(&commodity.stress[given..])
            .map(|((year, log), factor)| (year, log - factor.ln()))
            .collect();
        panel.dashes(&without, PRICE, 2);
    }
    let observed: Vec<(f64, f64)> = commodity.observed.iter().map(|(y, p)| (f64::from(*y), p.ln())).collect();
    panel.line(&observed, INK, 3);
    ends(context, &panel, commodity)
}

/// Right of the panel: the median and the middle eight tenths at the horizon.
fn ends(context: &Context<'_>, panel: &Panel<'_, '_>, commodity: &CommodityPrices) {
    let Some(last) = commodity.all.last() else { return };
    let values = [MIDDLE.1, MEDIAN, MIDDLE.0].map(|q| last.quantiles[q].value);
    let wishes = values.map(|v| panel.at(panel.x.1, panel.clip(v.ln())).1);
    if values[0] == values[2] {
        return label(context, panel, values[1], wishes[1], PRICE);
    }
    let places = moved_apart(&wishes, 22, (panel.frame[1] + 8, panel.frame[3] - 8));
    for ((value, y), colour) in values.iter().zip(places).zip([MUTED, INK, MUTED]) {
        label(context, panel, *value, y, colour);
    }
}

fn label(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    value: f64,
    y: i32,
    colour: RGBColor,
) {
    let text = context.text.readable(value);
    write(panel.canvas, &text, (panel.frame[2] + 8, y), LABEL, colour, (HPos::Left, VPos::Center))
}

/// Logarithms of the lowest and highest price that is shown.
fn range(commodity: &CommodityPrices) -> (f64, f64) {
    let ends =
        commodity.all.iter().flat_map(|y| [y.quantiles[BANDS[0].0].value, y.quantiles[BANDS[0].1].value]);
    let branches = [&commodity.walk, &commodity.reverting];
    let branches = branches.into_iter().flatten().flatten();
    let branches = branches.flat_map(|y| [y.quantiles[MIDDLE.0].value, y.quantiles[MIDDLE.1].value]);
    let all = ends.chain(branches).chain(commodity.observed.iter().map(|o| o.1)).chain(commodity.level);
    let (low, high) = all.filter(|v| *v > 0.0).fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    let span = (high / low).ln().max(0.1);
    (low.ln() - 0.05 * span, high.ln() + 0.05 * span)
}

/// Round prices left of the panel: equal distances are equal ratios.
fn log_axis(context: &Context<'_>, panel: &Panel<'_, '_>) {
    panel.years();
    let ticks = log_ticks(panel.y.0.exp(), panel.y.1.exp());
    for price in ticks {
        let y = price.ln();
        panel.line(&[(panel.x.0, y), (panel.x.1, y)], crate::plot::palette::GRID, 1);
        let decimals = if price < 1.0 { 2 } else { usize::from(price < 10.0 && price.fract() != 0.0) };
        let at = (panel.frame[0] - 8, panel.at(panel.x.0, y).1);
        write(
            panel.canvas,
            &context.text.number(price, decimals),
            at,
            LABEL,
            INK,
            (HPos::Right, VPos::Center),
        );
    }
}

/// A row a commodity and year.
fn table(context: &Context<'_>) -> Table {
    let (results, text) = (context.results, context.text);
    let start = ["table.commodity", "table.unit", "table.year", "plot.history", "plot.median"]
        .map(|k| text.get(k).to_owned());
    let bands = BANDS.iter().rev().map(|b| b.3.to_owned());
    let branches = ["plot.walk", "plot.reverting"].map(|key| text.get(key).to_owned());
    let mut table = Table::new(start.into_iter().chain(bands).chain(branches));
    let empty = || String::new();
    for commodity in &results.prices.commodities {
        let unit = text.unit(&commodity.unit, commodity.unit_name.as_ref()).to_owned();
        let first = results.setup.years[0];
        for (year, price) in commodity.observed.iter().filter(|o| o.0 < first) {
            let cells = [
                text.name(&commodity.name).to_owned(),
                unit.clone(),
                year.to_string(),
                text.readable(*price),
            ];
            table.row(cells.into_iter().chain((0..6).map(|_| empty())));
        }
        for (t, year) in results.setup.years.iter().enumerate() {
            let q = &commodity.all[t].quantiles;
            let observed = commodity.observed.iter().find(|o| o.0 == *year);
            let middle = |fan: &PriceFan| {
                let q = &fan[t].quantiles;
                text.range(&text.readable(q[MIDDLE.0].value), &text.readable(q[MIDDLE.1].value))
            };
            let start = [
                text.name(&commodity.name).to_owned(),
                unit.clone(),
                year.to_string(),
                observed.map_or_else(empty, |o| text.readable(o.1)),
                text.readable(q[MEDIAN].value),
            ];
            let bands = BANDS.iter().rev().map(|(low, high, ..)| {
                text.range(&text.readable(q[*low].value), &text.readable(q[*high].value))
            });
            let branches =
                [&commodity.walk, &commodity.reverting].map(|fan| fan.as_ref().map_or_else(empty, middle));
            table.row(start.into_iter().chain(bands).chain(branches));
        }
    }
    table
}
