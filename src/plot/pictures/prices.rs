//! Prices: history, the runs' fan, and where each of the two branches of the mixture alone would go.

use std::ops::Range;

use plotters::coord::combinators::LogCoord;
use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{CommodityPrices, MEDIAN, PriceFan};
use crate::plot::band::BANDS;
use crate::plot::canvas::{Canvas, write, write_lines};
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::font::text_width;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::kind::FigureKind;
use crate::plot::labels::moved_apart;
use crate::plot::lines::{cut, wrap_at_most};
use crate::plot::palette::{GRID, INK, MUTED, PRICE, REVERTING, WALK, tint};
use crate::plot::panel::Panel;
use crate::plot::ranges::ends;
use crate::plot::sheet::{Frame, SHEET, share_out, sheet};
use crate::plot::table::Table;
use crate::plot::theme::{CAPTION, HEADING, LABEL, MARGIN, WIDTH};
use crate::plot::ticks::log_ticks;

const COLUMNS: usize = 2;
const HEIGHT: i32 = 380;
const LEFT: i32 = 72;
const RIGHT: i32 = 96;
const ABOVE: i32 = 74;
const BELOW: i32 = 30;
/// Places of the middle eight tenths among the quantiles.
const MIDDLE: (usize, usize) = (3, 7);

/// A panel a commodity.
pub(super) fn draw(context: &Context<'_>) -> Vec<Figure> {
    let commodities = &context.results.prices.commodities;
    let columns = COLUMNS.min(commodities.len()).max(1);
    let rows = vec![HEIGHT; commodities.len().div_ceil(columns)];
    let sheets = share_out(&rows, SHEET);
    let each = (WIDTH as i32 - 2 * MARGIN) / columns as i32;
    let draw = |(s, rows): (usize, &Range<usize>)| {
        let mut frame = frame(context);
        context.sheet_of(&mut frame, (s, sheets.len()));
        let on_sheet = &commodities[rows.start * columns..(rows.end * columns).min(commodities.len())];
        let picture = sheet(HEIGHT * rows.len() as i32, &frame, |canvas| {
            for (k, commodity) in on_sheet.iter().enumerate() {
                let left = MARGIN + (k % columns) as i32 * each;
                let top = (k / columns) as i32 * HEIGHT;
                draw_commodity(context, canvas, commodity, [left, top, left + each, top + HEIGHT]);
            }
        });
        context.figure(FigureKind::Prices, None, frame, picture, table(context, on_sheet)).on_sheet(s)
    };
    sheets.iter().enumerate().map(draw).collect()
}

fn frame(context: &Context<'_>) -> Frame {
    let (prices, text) = (&context.results.prices, context.text);
    let finding = stress_finding(context).unwrap_or_else(|| finding(context));
    let values = [("year", context.horizon().to_string()), ("finding", finding)];
    let branches = prices.commodities.iter().any(|c| c.walk.is_some() && c.reverting.is_some());
    let branches = if branches { format!(" {}", text.get("plot.prices_branches")) } else { String::new() };
    let note = [("runs", text.number(prices.runs as f64, 0)), ("branches", branches)];
    Frame {
        title: text.fill("plot.prices", &values),
        note: text.fill("plot.prices_note", &note),
        key: key(context),
        caption: context.region_caption(),
    }
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

/// The commodity and the towns that live on it: by name where a line holds them, else how many they are.
fn heading(context: &Context<'_>, commodity: &CommodityPrices, room: f64) -> String {
    let text = context.text;
    let name = text.name(&commodity.name);
    let towns: Vec<String> = commodity.towns.iter().map(|(_, name, _)| text.name(name).to_owned()).collect();
    if towns.is_empty() {
        return name.to_owned();
    }
    let named = format!("{name}: {}", text.list(&towns));
    if text_width(&named, HEADING) <= room {
        return named;
    }
    format!("{name}: {}", text.fill("plot.prices_towns", &[("count", towns.len().to_string())]))
}

/// A panel on which equal distances up are equal ratios.
type RatioPanel<'c, 's> = Panel<'c, 's, LogCoord<f64>>;

fn draw_commodity(
    context: &Context<'_>,
    canvas: &Canvas<'_>,
    commodity: &CommodityPrices,
    [left, top, right, bottom]: [i32; 4],
) {
    let text = context.text;
    let room = f64::from(right - left - 24);
    let name = cut(&heading(context, commodity, room), HEADING, room);
    write(canvas, &name, (left, top + 10), HEADING, INK, (HPos::Left, VPos::Top));
    let unit = wrap_at_most(text.unit(&commodity.unit, commodity.unit_name.as_ref()), CAPTION, room, 2);
    write_lines(canvas, &unit, (left, top + 38), CAPTION, MUTED, HPos::Left);
    let simulated = context.years();
    let first = commodity.observed.first().map_or(simulated[0], |o| f64::from(o.0));
    let x = (first.min(simulated[0]), context.span().1);
    let rect = [left + LEFT, top + ABOVE, right - RIGHT, bottom - BELOW];
    let panel = Panel::of_ratios(canvas, rect, x, range(commodity));
    log_axis(context, &panel);
    // Years whose prices are given are drawn as observed; the fan opens from the last of them.
    let given = context.results.prices.given.min(simulated.len() - 1);
    let years = &simulated[given..];
    let prices =
        |fan: &PriceFan, q: usize| fan[given..].iter().map(|y| y.quantiles[q].value).collect::<Vec<f64>>();
    for (low, high, share, _) in BANDS {
        panel.band(years, &prices(&commodity.all, low), &prices(&commodity.all, high), tint(PRICE, share));
    }
    if let Some(level) = commodity.level {
        panel.dashes(&[(panel.x.0, level), (panel.x.1, level)], MUTED, 1);
    }
    let line =
        |fan: &PriceFan, q: usize| years.iter().copied().zip(prices(fan, q)).collect::<Vec<(f64, f64)>>();
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
            .map(|((year, price), factor)| (year, price / factor))
            .collect();
        panel.dashes(&without, PRICE, 2);
    }
    let observed: Vec<(f64, f64)> = commodity.observed.iter().map(|(y, p)| (f64::from(*y), *p)).collect();
    panel.line(&observed, INK, 3);
    end_labels(context, &panel, commodity);
}

/// Right of the panel: the median and the middle eight tenths at the horizon.
fn end_labels(context: &Context<'_>, panel: &RatioPanel<'_, '_>, commodity: &CommodityPrices) {
    let Some(last) = commodity.all.last() else { return };
    let values = [MIDDLE.1, MEDIAN, MIDDLE.0].map(|q| last.quantiles[q].value);
    let wishes = values.map(|v| panel.at(panel.x.1, panel.clip(v)).1);
    if values[0] == values[2] {
        return label(context, panel, values[1], wishes[1], PRICE);
    }
    let places = moved_apart(&wishes, 22, (panel.rect[1] + 8, panel.rect[3] - 8));
    for ((value, y), colour) in values.iter().zip(places).zip([MUTED, INK, MUTED]) {
        label(context, panel, *value, y, colour);
    }
}

fn label(context: &Context<'_>, panel: &RatioPanel<'_, '_>, value: f64, y: i32, colour: RGBColor) {
    let text = context.text.readable(value);
    write(panel.canvas, &text, (panel.rect[2] + 8, y), LABEL, colour, (HPos::Left, VPos::Center));
}

/// The lowest and highest price that is shown, with a margin.
fn range(commodity: &CommodityPrices) -> (f64, f64) {
    let bands =
        commodity.all.iter().flat_map(|y| [y.quantiles[BANDS[0].0].value, y.quantiles[BANDS[0].1].value]);
    let branches = [&commodity.walk, &commodity.reverting];
    let branches = branches.into_iter().flatten().flatten();
    let branches = branches.flat_map(|y| [y.quantiles[MIDDLE.0].value, y.quantiles[MIDDLE.1].value]);
    let all = bands.chain(branches).chain(commodity.observed.iter().map(|o| o.1)).chain(commodity.level);
    let (low, high) = ends(all.filter(|v| *v > 0.0));
    let low = low.max(f64::MIN_POSITIVE);
    let span = (high / low).ln().max(0.1);
    let margin = (0.05 * span).exp();
    (low / margin, high * margin)
}

/// Round prices left of the panel: equal distances are equal ratios.
fn log_axis(context: &Context<'_>, panel: &RatioPanel<'_, '_>) {
    panel.years();
    for price in log_ticks(panel.y.0, panel.y.1) {
        panel.line(&[(panel.x.0, price), (panel.x.1, price)], GRID, 1);
        let decimals = if price < 1.0 { 2 } else { usize::from(price < 10.0 && price.fract() != 0.0) };
        let at = (panel.rect[0] - 8, panel.at(panel.x.0, price).1);
        let label = context.text.number(price, decimals);
        write(panel.canvas, &label, at, LABEL, INK, (HPos::Right, VPos::Center));
    }
}

/// A row a commodity and year.
fn table(context: &Context<'_>, commodities: &[CommodityPrices]) -> Table {
    let (results, text) = (context.results, context.text);
    let start = ["table.commodity", "table.unit", "table.year", "plot.history", "plot.median"]
        .map(|k| text.get(k).to_owned());
    let bands = BANDS.iter().rev().map(|b| b.3.to_owned());
    let branches = ["plot.walk", "plot.reverting"].map(|key| text.get(key).to_owned());
    let mut table = Table::new(start.into_iter().chain(bands).chain(branches));
    let empty = || String::new();
    for commodity in commodities {
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
