//! What the panel says of the dynamics: for the terminal, and as tables.

use std::fmt::Write as _;

use super::grid::Grid;
use super::names::Names;
use super::records::Records;
use crate::calibrate::{
    Check, Convergence, LeftOut, Omission, PanelFit, ParameterSummary, Range, Statistic, TownSummary,
};
use crate::case::{Case, Parameter, Posterior};

/// Towns in the table for people: those whose base year is furthest from its level.
const FURTHEST: usize = 6;

/// For people: first what the panel cannot inform, then what it says, the trends beside the plan, the base year, the
/// checks, and what was left out.
pub fn table(fit: &PanelFit, checks: &[Check], names: Names<'_>) -> String {
    let text = names.text;
    let parameters = fit.parameters();
    let (silent, informed): (Vec<_>, Vec<_>) = parameters.into_iter().partition(|p| !p.has_series);
    let mut out = text.get("calibrate.title").to_owned() + "\n";
    let reference = text.quoted(text.name(&names.case.scenarios[names.case.reference].name));
    let mut part = |title: &str, body: String| {
        let title = text.fill(title, &[("reference", reference.as_str())]);
        let _ = write!(out, "\n{title}\n\n{body}");
    };
    if !silent.is_empty() {
        part("calibrate.silent", silent_table(&silent, names));
    }
    if !informed.is_empty() {
        part("calibrate.informed", informed_table(&informed, names));
        part("calibrate.trends", trends_table(fit, names));
        part("calibrate.levels", levels_table(fit, names));
    }
    if !checks.is_empty() {
        part("calibrate.checks", checks_table(checks, names));
    }
    if !fit.left_out.is_empty() {
        let lines = fit.left_out.iter().map(|l| format!("  {}\n", left_out(l, names)));
        part("calibrate.left_out", lines.collect());
    }
    out
}

fn grid(names: Names<'_>, keys: &[&str]) -> Grid {
    Grid::new(keys.iter().map(|key| names.text.get(key).to_owned()).collect()).right()
}

fn driver(names: Names<'_>, place: usize) -> &str {
    names.text.name(&names.case.drivers[place].label)
}

fn parameter_name(names: Names<'_>, parameter: Parameter) -> &str {
    names.text.get(match parameter {
        Parameter::Sigma => "calibrate.sigma",
        Parameter::Persistence => "calibrate.persistence",
        Parameter::PriceExposure => "calibrate.price_exposure",
        Parameter::RegionalShare => "calibrate.regional_share",
    })
}

fn statistic_name(names: Names<'_>, statistic: Statistic) -> &str {
    names.text.get(match statistic {
        Statistic::Spread => "calibrate.spread",
        Statistic::Largest => "calibrate.largest",
        Statistic::Memory => "calibrate.memory",
        Statistic::Common => "calibrate.common",
        Statistic::Unevenness => "calibrate.unevenness",
        Statistic::Prices => "calibrate.prices",
    })
}

/// Median (5 to 95 %).
fn told(range: Range, decimals: usize, names: Names<'_>) -> String {
    let [low, median, high] = range.map(|x| names.text.number(x, decimals));
    format!("{median} ({})", names.text.range(&low, &high))
}

/// A row a driver, a column a parameter.
fn silent_table(silent: &[ParameterSummary], names: Names<'_>) -> String {
    let mut keys = vec!["calibrate.driver"];
    keys.extend([
        "calibrate.sigma",
        "calibrate.persistence",
        "calibrate.price_exposure",
        "calibrate.regional_share",
    ]);
    let mut grid = grid(names, &keys);
    let mut drivers: Vec<usize> = silent.iter().map(|p| p.driver).collect();
    drivers.sort_unstable();
    drivers.dedup();
    for place in drivers {
        let of = |parameter: Parameter| {
            let found = silent.iter().find(|p| (p.driver, p.parameter) == (place, parameter));
            found.map_or_else(
                || names.text.number(parameter.of(&names.case.drivers[place]), 2),
                |p| told(p.prior, 2, names),
            )
        };
        let mut row = vec![driver(names, place).to_owned()];
        row.extend(Parameter::ALL.map(of));
        grid.row(row);
    }
    grid.render()
}

fn informed_table(informed: &[ParameterSummary], names: Names<'_>) -> String {
    let text = names.text;
    let mut grid = grid(
        names,
        &[
            "calibrate.driver",
            "calibrate.parameter",
            "calibrate.before",
            "calibrate.after",
            "calibrate.narrowed",
            "calibrate.moved",
            "calibrate.rhat",
            "calibrate.bulk",
            "calibrate.tail",
        ],
    );
    for p in informed {
        let of = |f: &dyn Fn(&Convergence) -> f64, decimals: usize| {
            p.convergence.as_ref().map_or_else(String::new, |c| text.number(f(c), decimals))
        };
        grid.row(vec![
            driver(names, p.driver).to_owned(),
            parameter_name(names, p.parameter).to_owned(),
            told(p.prior, 2, names),
            told(p.posterior, 2, names),
            text.percent_of(&text.number(100.0 * p.narrowed, 0)),
            text.number(p.moved, 1),
            of(&|c| c.rhat, 3),
            of(&|c| c.bulk, 0),
            of(&|c| c.tail, 0),
        ]);
    }
    grid.render()
}

fn trends_table(fit: &PanelFit, names: Names<'_>) -> String {
    let text = names.text;
    let mut grid =
        grid(names, &["calibrate.driver", "calibrate.trend", "calibrate.planned", "calibrate.above_plan"]);
    for trend in fit.trends(names.case) {
        grid.row(vec![
            driver(names, trend.driver).to_owned(),
            told(trend.trend, 3, names),
            text.number(trend.planned, 3),
            text.number(trend.above_plan, 3),
        ]);
    }
    grid.render()
}

fn levels_table(fit: &PanelFit, names: Names<'_>) -> String {
    let mut towns = fit.towns(names.case);
    let distance = |t: &TownSummary| {
        let link = names.case.drivers[t.driver].link;
        let distance = (link.apply(t.printed) - link.apply(t.level[1])).abs();
        if distance.is_finite() { distance } else { 0.0 }
    };
    towns.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
    let mut grid =
        grid(names, &["calibrate.driver", "calibrate.town", "calibrate.printed", "calibrate.level"]);
    for t in towns.iter().take(FURTHEST) {
        grid.row(vec![
            driver(names, t.driver).to_owned(),
            names.text.name(&names.case.towns[t.town].name).to_owned(),
            names.text.number(t.printed, 1),
            told(t.level, 1, names),
        ]);
    }
    grid.render()
}

fn checks_table(checks: &[Check], names: Names<'_>) -> String {
    let text = names.text;
    let mut grid = grid(
        names,
        &[
            "calibrate.driver",
            "calibrate.statistic",
            "calibrate.observed",
            "calibrate.before",
            "calibrate.tail_probability",
            "calibrate.after",
            "calibrate.tail_probability",
        ],
    );
    for c in checks {
        grid.row(vec![
            driver(names, c.driver).to_owned(),
            statistic_name(names, c.statistic).to_owned(),
            text.number(c.observed, 2),
            told(c.before, 2, names),
            text.number(c.tail_before, 3),
            told(c.after, 2, names),
            text.number(c.tail_after, 3),
        ]);
    }
    grid.render()
}

fn left_out(left: &LeftOut, names: Names<'_>) -> String {
    let town = names.text.name(&names.case.towns[left.town].name);
    let year = left.year.map_or_else(String::new, |year| year.to_string());
    let values = [("driver", driver(names, left.driver)), ("town", town), ("year", year.as_str())];
    match left.why {
        Omission::NoSeries => names.text.fill("calibrate.no_series", &values[..2]),
        Omission::NoBase => names.text.fill("calibrate.no_base", &values[..2]),
        Omission::Missing => names.text.fill("calibrate.missing", &values),
        Omission::Edge => names.text.fill("calibrate.edge", &values),
        Omission::Alone => names.text.fill("calibrate.alone", &values),
        Omission::NoPrice => names.text.fill("calibrate.no_price", &values),
    }
}

/// All tables as CSV, by name.
pub fn files(case: &Case, fit: &PanelFit, checks: &[Check]) -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("posterior.csv", posterior(case, &fit.posterior(case))),
        ("calibration.csv", calibration(case, &fit.parameters())),
        ("trends.csv", trends(case, fit)),
        ("towns.csv", towns(case, fit)),
        ("observations.csv", observations(case, fit)),
    ];
    if !checks.is_empty() {
        files.push(("checks.csv", checks_csv(case, checks)));
    }
    files
}

/// Draws: `draw`, then a column `DRIVER.PARAMETER` each.
pub fn posterior(case: &Case, posterior: &Posterior) -> String {
    let name = |(driver, parameter): &(usize, Parameter)| {
        format!("{}.{}", case.drivers[*driver].id, parameter.name())
    };
    let mut header = vec!["draw".to_owned()];
    header.extend(posterior.columns.iter().map(name));
    let mut records = Records::new(&header.iter().map(String::as_str).collect::<Vec<_>>());
    for (k, draw) in posterior.draws.iter().enumerate() {
        let numbers: Vec<&dyn std::fmt::Display> = draw.iter().map(|x| x as &dyn std::fmt::Display).collect();
        records.row(&[&(k + 1).to_string()], &numbers, &[]);
    }
    records.finish()
}

fn calibration(case: &Case, parameters: &[ParameterSummary]) -> String {
    let mut records = Records::new(&[
        "driver",
        "parameter",
        "informed",
        "prior_5",
        "prior_50",
        "prior_95",
        "posterior_5",
        "posterior_50",
        "posterior_95",
        "narrowed",
        "moved",
        "rhat",
        "ess_bulk",
        "ess_tail",
    ]);
    for p in parameters {
        let of = |f: &dyn Fn(&Convergence) -> f64| p.convergence.as_ref().map_or(f64::NAN, f);
        let informed = if p.has_series { "yes" } else { "no" };
        let [a, b, c] = p.prior;
        let [d, e, f] = p.posterior;
        let (rhat, bulk, tail) = (of(&|c| c.rhat), of(&|c| c.bulk), of(&|c| c.tail));
        records.row(
            &[&case.drivers[p.driver].id, p.parameter.name(), informed],
            &[&a, &b, &c, &d, &e, &f, &p.narrowed, &p.moved, &rhat, &bulk, &tail],
            &[],
        );
    }
    records.finish()
}

fn trends(case: &Case, fit: &PanelFit) -> String {
    let mut records =
        Records::new(&["driver", "trend_5", "trend_50", "trend_95", "planned", "probability_above_plan"]);
    for t in fit.trends(case) {
        let [a, b, c] = t.trend;
        records.row(&[&case.drivers[t.driver].id], &[&a, &b, &c, &t.planned, &t.above_plan], &[]);
    }
    records.finish()
}

fn towns(case: &Case, fit: &PanelFit) -> String {
    let mut records = Records::new(&[
        "driver",
        "town",
        "printed",
        "level_5",
        "level_50",
        "level_95",
        "exposure_alone",
        "exposure_alone_se",
        "exposure_5",
        "exposure_50",
        "exposure_95",
    ]);
    for t in fit.towns(case) {
        let [a, b, c] = t.level;
        let (alone, error) = t.alone.unwrap_or((f64::NAN, f64::NAN));
        let [d, e, f] = t.exposure.unwrap_or([f64::NAN; 3]);
        records.row(
            &[&case.drivers[t.driver].id, &case.towns[t.town].id],
            &[&t.printed, &a, &b, &c, &alone, &error, &d, &e, &f],
            &[],
        );
    }
    records.finish()
}

/// Every value that was used, with its error, and every one that was not.
fn observations(case: &Case, fit: &PanelFit) -> String {
    let mut records =
        Records::new(&["driver", "town", "year", "value", "link", "error_sd", "level", "left_out"]);
    for f in &fit.drivers {
        for s in &f.series {
            for o in &s.observations {
                let (year, sd, part) = (o.year, o.variance.sqrt(), s.segment(o.year) + 1);
                records.row(
                    &[&case.drivers[f.driver].id, &case.towns[s.town].id],
                    &[&year, &o.value, &o.link, &sd, &part],
                    &[""],
                );
            }
        }
    }
    for left in &fit.left_out {
        let why = match left.why {
            Omission::NoSeries => "no series",
            Omission::NoBase => "no value of the base year",
            Omission::Missing => "missing",
            Omission::Edge => "at the edge of the scale",
            Omission::Alone => "the only value of its level",
            Omission::NoPrice => "a price is missing",
        };
        let year = left.year.map_or_else(String::new, |year| year.to_string());
        records.row(
            &[&case.drivers[left.driver].id, &case.towns[left.town].id, &year, "", "", "", "", why],
            &[],
            &[],
        );
    }
    records.finish()
}

fn checks_csv(case: &Case, checks: &[Check]) -> String {
    let mut records = Records::new(&[
        "driver",
        "statistic",
        "observed",
        "prior_5",
        "prior_50",
        "prior_95",
        "prior_tail_probability",
        "posterior_5",
        "posterior_50",
        "posterior_95",
        "posterior_tail_probability",
    ]);
    for check in checks {
        let [a, b, c] = check.before;
        let [d, e, f] = check.after;
        records.row(
            &[&case.drivers[check.driver].id, check.statistic.name()],
            &[&check.observed, &a, &b, &c, &check.tail_before, &d, &e, &f, &check.tail_after],
            &[],
        );
    }
    records.finish()
}
