//! `boljam sensitivity --output`: what the futures of a case hang on.

use super::futures_arguments::FuturesArguments;
use super::sensitivity::{Arguments, MethodName, note};
use super::{BadInput, data, print, progress};
use crate::analyse::{Batches, Study};
use crate::archive::{SensitivityFiles, Staging, write_sensitivity};
use crate::case::Case;
use crate::engine::{self, BLOCK_RUNS};
use crate::experiment::futures::{
    Factors, Output, Responses, Swings, estimate, evaluate, lean, one_at_a_time, outputs, scope,
};
use crate::explore::analysis::{Analysis, Method};
use crate::explore::factor::Group;
use crate::explore::{Points, latin_hypercube, morris, sobol};
use crate::model::Options;
use crate::plot::{Raster, SensitivityFigure, sensitivity_figures, swing_figures};
use crate::report::indices::{IndexRow, render};
use crate::report::{assessment::Format, futures as tables};
use crate::text::Text;

/// Trajectories are chosen from so many times as many.
const POOL: usize = 4;
/// Where a law has no ends, a grid of levels goes from here to there.
const ENDS: (f64, f64) = (0.025, 0.975);
/// More runs of one town than this in all are refused.
const MOST: u64 = 1 << 40;

/// The points, in the two shapes that are needed.
struct Design {
    /// Values of the factors.
    values: Points,
    /// What the analyser looks at: values, or the grid of morris.
    seen: Points,
    /// What moves as one, over the columns of `seen`.
    groups: Vec<Group>,
}

/// `boljam sensitivity --output` and `--list`.
pub(super) fn futures(arguments: &Arguments) -> anyhow::Result<()> {
    let own = &arguments.futures;
    if !arguments.case.towns.is_empty() || !arguments.case.scenarios.is_empty() {
        let message = "--towns, --scenarios: the outputs name their towns and scenarios";
        return Err(BadInput(message.to_owned()).into());
    }
    let (case, options) = arguments.case.load()?;
    let text = own.lang.text();
    if own.list {
        return print(&tables::list(&case, arguments.format.format())?);
    }
    super::case::tell_notices(&case, &options, &text);
    let options = narrowed(&case, options, &own.output);
    let lean = lean(&case, options.uncertainty.parameters);
    engine::with_threads(own.threads.unwrap_or(0).into(), || {
        let study = Study::new(&lean, &options)?;
        let asked = asked(&case, &study, &own.output)?;
        let job =
            Job { arguments, case: &case, options: &options, study: &study, outputs: &asked, text: &text };
        match arguments.method.unwrap_or(MethodName::Sobol).method() {
            Some(method) => job.indices(method),
            None => job.swings(),
        }
    })
}

/// Options with the towns, scenarios and years that the outputs need. Unknown ones are told with all that is unknown, by
/// [`asked`], of a study that has everything.
fn narrowed(case: &Case, options: Options, names: &[String]) -> Options {
    let scope = scope(names);
    let Ok(select) = Options::select(case, &scope.towns, &scope.scenarios, None) else {
        // Cheap enough for a message.
        return options;
    };
    let last = scope.last.filter(|year| (case.base_year + 1..=options.horizon).contains(year));
    let horizon = last.unwrap_or(options.horizon);
    Options { towns: select.towns, scenarios: select.scenarios, horizon, ..options }
}

/// The outputs, or everything that is wrong with their names.
fn asked(case: &Case, study: &Study<'_>, names: &[String]) -> anyhow::Result<Vec<Output>> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (k, name) in names.iter().enumerate() {
        match outputs(name, case, study) {
            _ if names[..k].contains(name) => faults.push(format!("--output {name}: it stands twice")),
            Ok(outputs) => found.extend(outputs),
            Err(error) => faults.push(format!("--output {name}: {error}")),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(BadInput(faults.join("\n  ")).into()) }
}

/// A study with all that is asked of it.
struct Job<'a> {
    arguments: &'a Arguments,
    case: &'a Case,
    options: &'a Options,
    study: &'a Study<'a>,
    outputs: &'a [Output],
    text: &'a Text,
}

impl Job<'_> {
    fn batches(&self) -> Batches {
        let FuturesArguments { runs, batches, .. } = self.arguments.futures;
        let count = u64::from(batches);
        Batches { count: count as usize, runs: runs.div_ceil(count * BLOCK_RUNS) * BLOCK_RUNS }
    }

    fn factors(&self, words: &[String]) -> Result<Factors<'_>, BadInput> {
        let factors = Factors::choose(self.case, self.options, words)
            .map_err(|error| BadInput(format!("--factors: {error}")))?;
        if !factors.idle.is_empty() {
            eprintln!("note: {} factors of other scenarios or towns are left out", factors.idle.len());
        }
        Ok(factors)
    }

    fn refuse_work(&self, points: usize) -> Result<(), BadInput> {
        let batches = self.batches();
        let runs = (points as u64).saturating_mul(batches.count as u64).saturating_mul(batches.runs);
        if runs > MOST {
            return Err(BadInput(format!(
                "{points} points of {} runs are too many",
                batches.count as u64 * batches.runs
            )));
        }
        Ok(())
    }

    /// Sobol, morris and the methods that take any sample.
    fn indices(&self, method: Method) -> anyhow::Result<()> {
        let Arguments { second_order, levels, resamples, .. } = *self.arguments;
        let (words, given) = self.given()?;
        let factors = self.factors(&words)?;
        let dependent = factors.dependent();
        if matches!(method, Method::Pawn | Method::Delta | Method::Regional) && !dependent.is_empty() {
            let list = dependent.join("; ");
            let message = format!(
                "--method: it looks at one factor at a time, and these depend on each other: {list} (sobol and morris move \
                 them as one; shapley shares out what they do together)"
            );
            return Err(BadInput(message).into());
        }
        let design = match given {
            Some(points) => {
                let groups = factors.groups_of_factors();
                Design { values: points.clone(), seen: points, groups }
            }
            None => self.design(method, &factors)?,
        };
        self.refuse_work(design.values.len())?;
        let bar = progress::bar(design.values.len() as u64);
        let responses =
            evaluate(self.study, &factors, &design.values, self.outputs, self.batches(), &|done, _| {
                bar.set_position(done as u64);
            });
        bar.finish_and_clear();
        let names = factors.names();
        let analysis = Analysis {
            method,
            second_order,
            levels,
            resamples: resamples as usize,
            seed: self.options.seed,
            names: &names,
            groups: &design.groups,
            points: Some(&design.seen),
            behaves: None,
        };
        let estimated = estimate(&analysis, &responses).map_err(BadInput)?;
        for (output, found) in self.outputs.iter().zip(&estimated) {
            let failed = &found.analysed;
            note(&output.name, design.values.len(), failed.failed, &failed.left_out);
        }
        let rows = tables::rows(self.outputs, &estimated);
        let figures = |text: &Text| {
            sensitivity_figures(
                self.case,
                self.outputs,
                &estimated,
                method,
                &self.caption(&design, text),
                text,
            )
        };
        let noise = estimated.iter().map(|e| e.noise).fold(0.0, f64::max);
        if noise > 0.5 {
            eprintln!(
                "note: the noise of the runs makes {:.0} % of the variance of the largest index: more --runs help more than \
                 a larger --n",
                100.0 * noise
            );
        }
        self.finish(&rows, &factors, Some((&design, &responses)), &figures)
    }

    fn swings(&self) -> anyhow::Result<()> {
        if self.arguments.futures.points.is_some() || self.arguments.futures.n.is_some() {
            let message = "--method one-at-a-time: it has points of its own, without --points and --n";
            return Err(BadInput(message.to_owned()).into());
        }
        let factors = self.factors(&self.arguments.factors)?;
        self.refuse_work(5 * factors.factors.len() + 1)?;
        let bar = progress::bar(1);
        let swings: Vec<Swings> =
            one_at_a_time(self.study, &factors, self.outputs, self.batches(), &|done, total| {
                bar.set_length(total as u64);
                bar.set_position(done as u64);
            });
        bar.finish_and_clear();
        let rows = tables::swing_rows(self.outputs, &swings, &factors);
        let failed = swings[0].swings.iter().filter(|s| s.change.value.is_nan()).count();
        note(&self.outputs[0].name, swings[0].swings.len() + 1, failed, "their changes");
        let figures = |text: &Text| {
            let caption = self.made(text);
            swing_figures(self.case, &factors, self.outputs, &swings, &caption, text)
        };
        self.finish(&rows, &factors, None, &figures)
    }

    /// The points of a file, with the names of its columns.
    fn given(&self) -> anyhow::Result<(Vec<String>, Option<Points>)> {
        let Some(path) = &self.arguments.futures.points else {
            return Ok((self.arguments.factors.clone(), None));
        };
        let table = data::table(path)?;
        let known: Vec<&str> = self.case.factors.factors.iter().map(|f| f.name.as_str()).collect();
        // Responses of an earlier result may stand beside the factors.
        let names: Vec<&str> =
            known.into_iter().filter(|name| table.names.iter().any(|n| n == name)).collect();
        if names.is_empty() {
            let message = format!("{}: no column is called as a factor of factors.toml", path.display());
            return Err(BadInput(message).into());
        }
        let points = data::points(&table, &names).map_err(|faults| data::refuse(path, &faults))?;
        Ok((names.into_iter().map(str::to_owned).collect(), Some(points)))
    }

    fn design(&self, method: Method, factors: &Factors<'_>) -> Result<Design, BadInput> {
        let Arguments { second_order, levels, .. } = *self.arguments;
        let n = self.arguments.futures.n.unwrap_or(match method {
            Method::Sobol => 128,
            Method::Morris => 20,
            _ => 1024,
        }) as usize;
        let (groups, width, seed) = (&factors.groups, factors.axes.len(), self.options.seed);
        let rows = match method {
            Method::Sobol if second_order => n * (2 * groups.len() + 2),
            Method::Sobol => n * (groups.len() + 2),
            Method::Morris => n * (groups.len() + 1),
            _ => n,
        };
        if rows.saturating_mul(width) > 1 << 28 {
            return Err(BadInput(format!("--n {n}: {rows} points of {width} factors are too many numbers")));
        }
        self.refuse_work(rows)?;
        Ok(match method {
            Method::Sobol => {
                if !n.is_power_of_two() {
                    eprintln!("note: --n {n} is no power of two, which would balance the points best");
                }
                let unit = sobol::saltelli(n, groups, second_order, Some(seed))
                    .map_err(|e| BadInput(e.to_string()))?;
                let values = factors.values(&unit, (0.0, 1.0));
                Design { seen: unit, values, groups: groups.clone() }
            }
            Method::Morris => {
                let many = morris::trajectories(n * POOL, groups, levels, seed);
                let unit = morris::spread_out(&many, groups.len() + 1, n);
                let values = factors.values(&unit, ENDS);
                Design { seen: unit, values, groups: groups.clone() }
            }
            _ => {
                let unit = latin_hypercube(n, width, seed);
                let values = factors.values(&unit, (0.0, 1.0));
                Design { seen: values.clone(), values, groups: factors.groups_of_factors() }
            }
        })
    }

    /// How it was made, for captions.
    fn made(&self, text: &Text) -> String {
        let batches = self.batches();
        let values = [
            ("runs", text.number((batches.count as u64 * batches.runs) as f64, 0)),
            ("seed", self.options.seed.to_string()),
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ];
        text.fill("futures.made", &values) + &text.fill("caption.source", &[("case", &self.case.id)])
    }

    fn caption(&self, design: &Design, text: &Text) -> String {
        let points = text.number(design.values.len() as f64, 0);
        text.fill("futures.points", &[("points", &points)]) + &self.made(text)
    }

    /// Prints the table, or writes the folder and tells of it.
    fn finish(
        &self,
        rows: &[IndexRow],
        factors: &Factors<'_>,
        points: Option<(&Design, &Responses)>,
        figures: &dyn Fn(&Text) -> Vec<SensitivityFigure>,
    ) -> anyhow::Result<()> {
        let format = self.arguments.format.format();
        if let Some(place) = &self.arguments.futures.out {
            let staging = Staging::new(place, self.arguments.futures.force)?;
            let raster = Raster::new(1600, 150);
            let mut pictures = Vec::new();
            for figure in figures(self.text) {
                pictures.push((format!("figures/{}.png", figure.name), raster.png(&figure.svg)?));
                pictures.push((format!("figures/{}.svg", figure.name), figure.svg.into_bytes()));
            }
            let batches = self.batches();
            let method = self.arguments.method.unwrap_or(MethodName::Sobol);
            let files = SensitivityFiles {
                case: self.case,
                options: self.options,
                settings: &self.arguments.case.set,
                method: clap::ValueEnum::to_possible_value(&method)
                    .map_or_else(String::new, |v| v.get_name().to_owned()),
                outputs: self.arguments.futures.output.clone(),
                runs: batches.count as u64 * batches.runs,
                table: render(rows, Format::Csv)?,
                points: points.map(|(design, responses)| {
                    let table = tables::points(factors, &design.values, self.outputs, responses);
                    (table, tables::factors_file(factors))
                }),
                pictures,
            };
            write_sensitivity(staging, &files)?;
        }
        print(&render(rows, format)?)
    }
}
