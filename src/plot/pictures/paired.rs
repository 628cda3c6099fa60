//! What each scenario changes against the reference one, run by run: median, bands, and the probability of being
//! better at the horizon.

use plotters::style::text_anchor::{HPos, VPos};

use crate::analyse::{Estimate, MEDIAN, Paired, QuantityKind, ScenarioResults, Sureness, TownResults};
use crate::case::Better;
use crate::plot::band::BANDS;
use crate::plot::canvas::{Canvas, write, write_lines};
use crate::plot::context::Context;
use crate::plot::figure::Figure;
use crate::plot::font::text_width;
use crate::plot::headings::Headings;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::kind::FigureKind;
use crate::plot::lines::{cut, words, wrap};
use crate::plot::palette::{INK, MUTED, scenario_colour, tint};
use crate::plot::panel::{Panel, RIGHT, place};
use crate::plot::ranges::ends;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::table::Table;
use crate::plot::tested::tested_in_words;
use crate::plot::theme::{CAPTION, LABEL, STRONG, leading};

const ROW: i32 = 200;

/// A row a measure, a column a scenario beside the reference; none where nothing was compared.
pub(super) fn draw(context: &Context<'_>, town: &TownResults) -> Option<Figure> {
    let text = context.text;
    let compared: Vec<&ScenarioResults> = town.scenarios.iter().filter(|s| s.paired.is_some()).collect();
    let reference = town.scenarios.iter().find(|s| s.paired.is_none())?;
    if compared.is_empty() {
        return None;
    }
    let measures = measures(context, compared[0]);
    let (name, year) = (text.name(&town.name), context.horizon().to_string());
    let against = text.quoted(text.name(&reference.name));
    let finding = finding(context, &compared, &measures, &against);
    let mut key: Vec<KeyEntry> = BANDS
        .iter()
        .rev()
        .map(|b| KeyEntry {
            label: text.fill("plot.band", &[("share", b.3)]),
            mark: Mark::Patch(tint(MUTED, b.2)),
        })
        .collect();
    key.push(KeyEntry { label: text.get("plot.median").to_owned(), mark: Mark::Line(MUTED) });
    key.push(KeyEntry {
        label: text.fill("plot.paired_zero", &[("reference", &against)]),
        mark: Mark::Line(INK),
    });
    let pairs = compared[0].paired.iter().flatten().last();
    let quantities: Vec<usize> = measures.iter().filter_map(|k| Some(pairs?.get(*k)?.quantity)).collect();
    let frame = Frame {
        title: text.fill(
            "plot.paired",
            &[("town", name), ("year", &year), ("reference", &against), ("finding", &finding)],
        ),
        note: text.fill("plot.paired_note", &[("reference", against.as_str()), ("year", &year)])
            + &tested_in_words(context, &quantities),
        key,
        caption: context.caption(town),
    };
    let columns = compared.len();
    let paths = compared.iter().map(|s| (context.candidate(s), &s.name));
    let headings = Headings::of_paths(context, paths);
    let picture = sheet(headings.more() + ROW * measures.len() as i32, &frame, |canvas| {
        for (row, k) in measures.iter().enumerate() {
            let top = headings.more() + row as i32 * ROW;
            let y = range(&compared, *k);
            for (column, scenario) in compared.iter().enumerate() {
                let panel = Panel::new(canvas, place(column, columns, top, ROW), context.span(), y);
                draw_panel(context, &panel, scenario, *k, column == 0);
                if row == 0 {
                    headings.write(canvas, column, (panel.rect[0], panel.rect[1] - 2));
                }
            }
            side(context, canvas, place(columns - 1, columns, top, ROW), compared[0], *k);
        }
    });
    let table = table(context, &compared, &measures);
    Some(context.figure(FigureKind::Paired, Some(town), frame, picture, table))
}

/// Places among the paired quantities of what is shown: the first index, the one that is told first, and all that is no
/// index. The other indices are in the table of results.
fn measures(context: &Context<'_>, scenario: &ScenarioResults) -> Vec<usize> {
    let Some(first) = scenario.paired.as_ref().and_then(|years| years.first()) else { return Vec::new() };
    let shown = |pair: &Paired| match context.results.quantities[pair.quantity].kind {
        QuantityKind::Composite(k) => k == 0 || Some(k) == context.main_index(),
        _ => true,
    };
    (0..first.len()).filter(|k| shown(&first[*k])).collect()
}

fn cells(scenario: &ScenarioResults, k: usize) -> impl Iterator<Item = &Paired> {
    scenario.paired.iter().flatten().map(move |year| &year[k])
}

/// A range that holds zero and the widest bands of all scenarios.
fn range(compared: &[&ScenarioResults], k: usize) -> (f64, f64) {
    let widest = compared.iter().flat_map(|s| cells(s, k)).flat_map(|pair| {
        let quantiles = &pair.difference.quantiles;
        [quantiles[BANDS[0].0].value, quantiles[BANDS[0].1].value]
    });
    let (low, high) = ends(widest.chain([0.0]));
    let span = (high - low).max(1e-9);
    // Room for words on the side of zero where less is.
    if high > -low { (low - 0.3 * span, high + 0.05 * span) } else { (low - 0.05 * span, high + 0.3 * span) }
}

fn draw_panel(
    context: &Context<'_>,
    panel: &Panel<'_, '_>,
    scenario: &ScenarioResults,
    k: usize,
    labels: bool,
) {
    let years = context.years();
    let colour = scenario_colour(context.candidate(scenario));
    panel.axes(true, labels, context.text);
    let quantile =
        |q: usize| cells(scenario, k).map(|p| p.difference.quantiles[q].value).collect::<Vec<f64>>();
    for (low, high, share, _) in BANDS {
        panel.band(&years, &quantile(low), &quantile(high), tint(colour, share));
    }
    panel.line(&[(panel.x.0, 0.0), (panel.x.1, 0.0)], INK, 2);
    let median: Vec<(f64, f64)> = years.iter().copied().zip(quantile(MEDIAN)).collect();
    panel.line(&median, colour, 4);
    let Some(better) = cells(scenario, k).last().and_then(|pair| pair.better) else { return };
    let label = context.text.fill("plot.better", &[("share", better.percent_short(context.text))]);
    let [left, top, right, bottom] = panel.rect;
    let up = panel.y.1 > -panel.y.0;
    let (y, down) = if up { (bottom - 8, VPos::Bottom) } else { (top + 10, VPos::Top) };
    let room = f64::from(right - left - 20);
    let size = if text_width(&label, STRONG) <= room { STRONG } else { CAPTION };
    write(panel.canvas, &cut(&label, size, room), (left + 10, y), size, INK, (HPos::Left, down));
}

/// What the row is, in which unit, and which way is better.
fn side(context: &Context<'_>, canvas: &Canvas<'_>, rect: [i32; 4], scenario: &ScenarioResults, k: usize) {
    let Some(pair) = cells(scenario, k).next() else { return };
    let quantity = &context.results.quantities[pair.quantity];
    let room = f64::from(RIGHT) - 18.0;
    let label = context.quantity_label(pair.quantity);
    let fits = words(&label).into_iter().all(|word| text_width(word, LABEL) <= room);
    let size = if fits { LABEL } else { CAPTION };
    let lines = wrap(&label, size, room);
    let at = (rect[2] + 12, rect[1]);
    write_lines(canvas, &lines, at, size, INK, HPos::Left);
    let better = match quantity.better {
        Better::Higher => "plot.more_is_better",
        Better::Lower => "plot.less_is_better",
        Better::Neither => return,
    };
    let below = cut(context.text.get(better), CAPTION, room);
    let at = (at.0, at.1 + leading(size) * lines.len() as i32 + 4);
    write(canvas, &below, at, CAPTION, MUTED, (HPos::Left, VPos::Top));
}

/// What may be said: the scenarios that are likely better in most of the measures, and in how many they are
/// likely worse.
fn finding(
    context: &Context<'_>,
    compared: &[&ScenarioResults],
    measures: &[usize],
    against: &str,
) -> String {
    let text = context.text;
    let counts: Vec<(usize, usize)> = compared.iter().map(|s| sides(s, measures)).collect();
    let all = compared.first().map_or(0, |s| {
        measures.iter().filter(|k| cells(s, **k).last().is_some_and(|p| p.better.is_some())).count()
    });
    let most = counts.iter().map(|c| c.0).max().unwrap_or(0);
    if most == 0 {
        return text.fill("plot.paired_none", &[("reference", against)]);
    }
    let best: Vec<usize> = (0..counts.len()).filter(|s| counts[*s].0 == most).collect();
    let names: Vec<String> = best.iter().map(|s| text.quoted(text.name(&compared[*s].name))).collect();
    let worse = best.iter().map(|s| counts[*s].1).max().unwrap_or(0);
    let (most, all, worse) = (most.to_string(), all.to_string(), worse.to_string());
    let scenarios = text.list(&names);
    let values = [
        ("scenarios", scenarios.as_str()),
        ("reference", against),
        ("count", &most),
        ("all", &all),
        ("worse", &worse),
    ];
    text.fill(if worse == "0" { "plot.paired_better" } else { "plot.paired_mixed" }, &values)
}

/// In how many measures a scenario is likely better at the horizon, and in how many likely worse: in two runs of
/// three, twice the error deducted.
fn sides(scenario: &ScenarioResults, measures: &[usize]) -> (usize, usize) {
    let likely = |e: Estimate| matches!(Sureness::of(e), Sureness::Clearly | Sureness::Mostly);
    let last = |k: &usize| cells(scenario, *k).last().and_then(|pair| pair.better);
    let better: Vec<Estimate> = measures.iter().filter_map(last).collect();
    let worse = |e: &Estimate| e.complement();
    (better.iter().filter(|e| likely(**e)).count(), better.iter().filter(|e| likely(worse(e))).count())
}

/// A row a measure, scenario and year.
fn table(context: &Context<'_>, compared: &[&ScenarioResults], measures: &[usize]) -> Table {
    let text = context.text;
    let start =
        ["table.quantity", "table.path", "table.year", "plot.median"].map(|key| text.get(key).to_owned());
    let bands = BANDS.iter().rev().map(|b| b.3.to_owned());
    let end = [text.get("table.better").to_owned()];
    let mut table = Table::new(start.into_iter().chain(bands).chain(end));
    for k in measures {
        for scenario in compared {
            for (year, pair) in context.results.setup.years.iter().zip(cells(scenario, *k)) {
                let q = &pair.difference.quantiles;
                let start = [
                    context.quantity_label(pair.quantity),
                    text.name(&scenario.name).to_owned(),
                    year.to_string(),
                    text.readable(q[MEDIAN].value),
                ];
                let bands = BANDS.iter().rev().map(|(low, high, ..)| {
                    text.range(&text.readable(q[*low].value), &text.readable(q[*high].value))
                });
                let better = pair.better.map_or_else(String::new, |b| b.percent(text));
                table.row(start.into_iter().chain(bands).chain([better]));
            }
        }
    }
    table
}
