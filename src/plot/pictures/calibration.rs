//! What the panel says of the dynamics: densities before and after, and how towns shrink towards one another.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use crate::calibrate::{DriverFit, PanelFit, TownSummary, from_scale, to_scale};
use crate::case::{Case, Parameter};
use crate::math;
use crate::plot::canvas::{Canvas, write};
use crate::plot::font::text_width;
use crate::plot::key::{KeyEntry, Mark};
use crate::plot::lines::cut;
use crate::plot::palette::{GRID, INK, MARK, MUTED, WALK, tint};
use crate::plot::panel::Panel;
use crate::plot::sheet::{Frame, sheet};
use crate::plot::theme::{CAPTION, LABEL, MARGIN, STRONG, WIDTH};
use crate::plot::ticks::ticks;
use crate::text::Text;

/// A picture of a fit, which belongs to no result folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalibrationPicture {
    /// Its name, without an ending.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// The picture as SVG.
    pub svg: String,
}

/// Height of a driver's row of densities, and of the panel in it.
const ROW: i32 = 230;
const DENSITY: i32 = 120;
/// Distance of panels.
const GAP: i32 = 36;
/// Height of a town's line, and of what stands around a driver's towns.
const LINE: i32 = 28;
const AROUND: i32 = 86;
/// Room for the names of towns.
const NAMES: i32 = 150;
/// Prior sds to either side that a density shows.
const SIDES: f64 = 3.0;
/// Points of a density.
const POINTS: usize = 120;

/// The pictures of a fit: one where no exposure is fitted town by town, none where nothing is fitted.
pub fn calibration_pictures(case: &Case, fit: &PanelFit, text: &Text) -> Vec<CalibrationPicture> {
    let mut pictures = Vec::new();
    if fit.drivers.iter().any(DriverFit::is_informed) {
        pictures.push(densities(case, fit, text));
    }
    let towns: Vec<TownSummary> = fit.towns(case).into_iter().filter(|t| t.exposure.is_some()).collect();
    if !towns.is_empty() {
        pictures.push(shrinkage(case, fit, &towns, text));
    }
    pictures
}

fn caption(fit: &PanelFit, text: &Text) -> String {
    let values = [
        ("chains", fit.effort.chains.to_string()),
        ("steps", fit.effort.kept.to_string()),
        ("seed", fit.seed.to_string()),
    ];
    text.fill("calibrate.picture_caption", &values)
}

fn entry(text: &Text, key: &str, mark: Mark) -> KeyEntry {
    KeyEntry { label: text.get(key).to_owned(), mark }
}

/// A row a driver, a column a parameter.
fn densities(case: &Case, fit: &PanelFit, text: &Text) -> CalibrationPicture {
    let informed: Vec<&DriverFit> = fit.drivers.iter().filter(|f| f.is_informed()).collect();
    let series = || informed.iter().flat_map(|f| &f.series);
    let years = series().flat_map(|s| &s.observations).map(|o| o.year);
    let count = 1 + years.clone().max().unwrap_or(0) - years.min().unwrap_or(0);
    let mut towns: Vec<usize> = series().map(|s| s.town).collect();
    towns.sort_unstable();
    towns.dedup();
    let values = [("count", count.to_string()), ("towns", towns.len().to_string())];
    let frame = Frame {
        title: text.fill("calibrate.picture_densities", &values),
        note: text.get("calibrate.picture_densities_note").to_owned(),
        key: vec![
            entry(text, "calibrate.key_before", Mark::Patch(tint(MUTED, 0.35))),
            entry(text, "calibrate.key_after", Mark::Patch(tint(WALK, 0.5))),
            entry(text, "calibrate.key_case", Mark::Line(INK)),
        ],
        caption: caption(fit, text),
    };
    let picture = sheet(ROW * informed.len() as i32, &frame, |canvas| {
        for (row, driver) in informed.iter().enumerate() {
            let top = ROW * row as i32;
            let name = text.name(&case.drivers[driver.driver].label);
            write(canvas, name, (MARGIN, top + 6), STRONG, INK, (HPos::Left, VPos::Top));
            for (column, parameter) in Parameter::ALL.into_iter().enumerate() {
                density(canvas, driver, parameter, (column as i32, top), text);
            }
        }
    });
    CalibrationPicture { name: "densities", title: frame.title, svg: picture.svg }
}

/// Pixels of column `column` of `columns`.
fn across(column: i32, columns: i32) -> (i32, i32) {
    let each = (WIDTH as i32 - 2 * MARGIN - GAP * (columns - 1)) / columns;
    let left = MARGIN + column * (each + GAP);
    (left, left + each)
}

fn density(
    canvas: &Canvas<'_>,
    driver: &DriverFit,
    parameter: Parameter,
    (column, top): (i32, i32),
    text: &Text,
) {
    let Some((mean, sd)) = driver.prior.on_scale(parameter) else { return };
    let (left, right) = across(column, Parameter::ALL.len() as i32);
    let heading = text.get(match parameter {
        Parameter::Sigma => "calibrate.sigma",
        Parameter::Persistence => "calibrate.persistence",
        Parameter::PriceExposure => "calibrate.price_exposure",
        Parameter::RegionalShare => "calibrate.regional_share",
    });
    write(canvas, heading, (left, top + 36), LABEL, MUTED, (HPos::Left, VPos::Top));
    let draws = driver.on_scale(parameter);
    let (low, high) = (mean - SIDES * sd, mean + SIDES * sd);
    let at = |k: usize| low + (high - low) * k as f64 / (POINTS as f64 - 1.0);
    let before: Vec<(f64, f64)> = (0..POINTS).map(|k| (at(k), normal(at(k), mean, sd))).collect();
    let kernel = bandwidth(&draws);
    let smooth = |x: f64| draws.iter().map(|d| normal(x, *d, kernel)).sum::<f64>() / draws.len() as f64;
    let after: Vec<(f64, f64)> = (0..POINTS).map(|k| (at(k), smooth(at(k)))).collect();
    let highest = before.iter().chain(&after).map(|p| p.1).fold(0.0, f64::max);
    let rect = [left, top + 62, right, top + 62 + DENSITY];
    let panel = Panel::new(canvas, rect, (low, high), (0.0, 1.05 * highest));
    panel.hill(&before, 0.0, tint(MUTED, 0.35), MUTED);
    panel.fill(&closed(&after), plotters::style::Color::mix(&WALK, 0.45));
    panel.line(&after, WALK, 2);
    panel.line(&[(mean, 0.0), (mean, 1.05 * highest)], INK, 1);
    panel.outline();
    let mut free = left - 100;
    for value in natural_ticks(parameter, (low, high)) {
        let z = to_scale(parameter, value);
        let (px, bottom) = panel.at(z, 0.0);
        let decimals = (0..4).find(|d| is_whole(value * 10.0_f64.powi(*d))).unwrap_or(4) as usize;
        let label = text.number(value, decimals);
        let half = text_width(&label, CAPTION) as i32 / 2 + 4;
        if px - half > free && px - half >= left - 6 && px + half <= right + 6 {
            write(canvas, &label, (px, bottom + 6), CAPTION, INK, (HPos::Center, VPos::Top));
            panel.line(&[(z, 0.0), (z, 0.04 * highest)], INK, 1);
            free = px + half;
        }
    }
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-9
}

fn closed(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let ends = [points.last(), points.first()].into_iter().flatten().map(|p| (p.0, 0.0));
    points.iter().copied().chain(ends).collect()
}

fn normal(x: f64, mean: f64, sd: f64) -> f64 {
    let u = (x - mean) / sd;
    math::exp(-0.5 * u * u) / (sd * (std::f64::consts::TAU).sqrt())
}

/// Silverman's rule of thumb (1986, equation 3.28).
fn bandwidth(draws: &[f64]) -> f64 {
    let n = draws.len() as f64;
    let mean = draws.iter().sum::<f64>() / n;
    let sd = (draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    1.06 * sd * n.powf(-0.2)
}

/// Values worth a label between two ends on the scale of the prior.
fn natural_ticks(parameter: Parameter, (low, high): (f64, f64)) -> Vec<f64> {
    let shares = [0.5, 0.9, 0.1, 0.98, 0.02, 0.7, 0.3];
    let inside = |value: &f64| {
        let z = to_scale(parameter, *value);
        z > low && z < high
    };
    let mut values: Vec<f64> = match parameter {
        Parameter::Sigma => {
            let (from, to) = (from_scale(parameter, low), from_scale(parameter, high));
            let decades = (-4..3).flat_map(|k| [1.0, 2.0, 5.0].map(|m| m * 10.0_f64.powi(k)));
            decades.filter(|v| *v > from && *v < to).collect()
        }
        Parameter::PriceExposure => ticks(low, high).0,
        Parameter::Persistence | Parameter::RegionalShare => shares.into_iter().filter(inside).collect(),
    };
    values.sort_by(f64::total_cmp);
    values
}

/// A panel a driver, a line a town.
fn shrinkage(case: &Case, fit: &PanelFit, towns: &[TownSummary], text: &Text) -> CalibrationPicture {
    let mut drivers: Vec<usize> = towns.iter().map(|t| t.driver).collect();
    drivers.dedup();
    let frame = Frame {
        title: text.get("calibrate.picture_towns").to_owned(),
        note: text.get("calibrate.picture_towns_note").to_owned(),
        key: vec![
            entry(text, "calibrate.key_alone", Mark::Dot(MARK)),
            entry(text, "calibrate.key_pooled", Mark::Dot(WALK)),
            entry(text, "calibrate.key_common", Mark::Line(INK)),
        ],
        caption: caption(fit, text),
    };
    let most = drivers.iter().map(|d| towns.iter().filter(|t| t.driver == *d).count()).max().unwrap_or(0);
    let height = LINE * most as i32 + AROUND;
    let rows = drivers.len().div_ceil(2);
    let picture = sheet(height * rows as i32, &frame, |canvas| {
        for (k, driver) in drivers.iter().enumerate() {
            let own: Vec<&TownSummary> = towns.iter().filter(|t| t.driver == *driver).collect();
            driver_towns(
                canvas,
                case,
                &fit.drivers[*driver],
                &own,
                (k as i32 % 2, height * (k as i32 / 2)),
                text,
            );
        }
    });
    CalibrationPicture { name: "towns", title: frame.title, svg: picture.svg }
}

fn driver_towns(
    canvas: &Canvas<'_>,
    case: &Case,
    fit: &DriverFit,
    towns: &[&TownSummary],
    (column, top): (i32, i32),
    text: &Text,
) {
    let Some((mean, sd)) = fit.prior.on_scale(Parameter::PriceExposure) else { return };
    let (left, right) = across(column, 2);
    let name = cut(text.name(&case.drivers[fit.driver].label), STRONG, f64::from(right - left));
    write(canvas, &name, (left, top + 6), STRONG, INK, (HPos::Left, VPos::Top));
    let mut common = fit.values(Parameter::PriceExposure);
    common.sort_by(f64::total_cmp);
    let middle = common[common.len() / 2];
    let (low, high) = (mean.min(middle) - SIDES * sd, mean.max(middle) + SIDES * sd);
    let bottom = top + 40 + LINE * towns.len() as i32;
    let rect = [left + NAMES, top + 40, right, bottom];
    let panel = Panel::new(canvas, rect, (low, high), (0.0, towns.len() as f64));
    let (values, decimals) = ticks(low, high);
    for value in values {
        panel.line(&[(value, 0.0), (value, towns.len() as f64)], GRID, 1);
        let px = panel.at(value, 0.0).0;
        write(canvas, &text.number(value, decimals), (px, bottom + 6), LABEL, INK, (HPos::Center, VPos::Top));
    }
    panel.line(&[(middle, 0.0), (middle, towns.len() as f64)], INK, 2);
    let inside = |x: f64| x.clamp(low, high);
    let bar = |(from, to): (f64, f64), y: f64, colour: RGBColor| {
        panel.line(&[(inside(from), y), (inside(to), y)], colour, 2);
    };
    for (k, town) in towns.iter().enumerate() {
        let y = towns.len() as f64 - k as f64 - 0.5;
        let label = cut(text.name(&case.towns[town.town].name), LABEL, f64::from(NAMES - 10));
        let py = panel.at(low, y).1;
        write(canvas, &label, (left + NAMES - 8, py), LABEL, INK, (HPos::Right, VPos::Center));
        if let Some((alone, error)) = town.alone {
            bar((alone - 2.0 * error, alone + 2.0 * error), y + 0.17, MARK);
            if alone > low && alone < high {
                panel.dots(&[(alone, y + 0.17)], MARK);
            }
        }
        if let Some([from, pooled, to]) = town.exposure {
            bar((from, to), y - 0.17, WALK);
            panel.dots(&[(inside(pooled), y - 0.17)], WALK);
        }
    }
    panel.outline();
}
