//! How large a fall it takes: the smallest shock to a price that brings a condition about.
//!
//! The shocks have one course in time and sizes from nothing to a fall of 90 %. p(f) is the share of runs in which the
//! condition holds at a fall f, all sizes under the same draws; what is sought is where p(f) meets the share that the
//! condition asks for. Common random numbers make p repeatable, not smooth, and it need not be monotone: a grid of tenths
//! is run first, every tenth in which some town's p crosses the share is divided into four, and all crossings are told, by
//! straight lines between neighbours. Two crossings within one step of the finer grid are seen as none. Around each stand
//! the falls at which p is within 1.96 errors sqrt(p(1 - p)/n) of the share.

use super::companions::with_companions;
use super::condition::RunCondition;
use super::plausible::distance;
use crate::analyse::Estimate;
use crate::case::{Case, Name, PriceShock, Stress};
use crate::engine::{Paired, PairedBlock, VectorLevel};
use crate::model::{Change, Model};

/// Steps of the first grid, and the largest fall.
const STEPS: usize = 9;
pub(super) const MOST: f64 = 0.9;
/// Parts of a step in which something crosses.
const PARTS: usize = 4;
pub(super) const Z: f64 = 1.96;

/// Course of the shocks in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReverseCourse {
    /// First year.
    pub start: i32,
    /// Years at full size.
    pub years: i32,
    /// What comes after.
    pub after: After,
}

/// What comes after the years at full size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum After {
    /// The fall fades with this half-life in years.
    Fades(f64),
    /// It stays.
    Stays,
    /// It is over.
    Over,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct ReverseDesign<'a> {
    /// The condition.
    pub condition: &'a RunCondition,
    /// Commodities whose fall is tried, each by itself.
    pub commodities: &'a [usize],
    /// How a fall goes on.
    pub course: ReverseCourse,
    /// True where other commodities stay as they are; else they move along.
    pub alone: bool,
    /// Runs of each size.
    pub runs: u64,
}

/// One town and scenario, places in the options, and a commodity of the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Reversed {
    /// The town.
    pub town: usize,
    /// The scenario.
    pub scenario: usize,
    /// The commodity.
    pub commodity: usize,
    /// Falls that were run, ascending, and the share of runs in which the condition holds at each.
    pub curve: Vec<(f64, Estimate)>,
    /// True where it holds in so many runs without any shock.
    pub already: bool,
    /// Where it begins or ceases to hold in so many runs, by the fall.
    pub crossings: Vec<Crossing>,
}

/// A fall at which the share of runs is met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// The fall, 0.4 for -40 %.
    pub fall: f64,
    /// Smallest fall around it that the runs do not tell from it.
    pub low: f64,
    /// Largest such fall.
    pub high: f64,
    /// True where the condition holds beyond it, up to the next one.
    pub begins: bool,
    /// Distance of the fall in standard deviations of the price law; none where no drawn year is shocked.
    pub distance: Option<f64>,
}

impl Reversed {
    /// The smallest fall that brings the condition about; none where it holds without, or no fall does.
    pub fn smallest(&self) -> Option<&Crossing> {
        if self.already { None } else { self.crossings.iter().find(|crossing| crossing.begins) }
    }
}

/// Asks a model. `progress(done, total)` counts runs.
pub fn reverse_stress(
    case: &Case,
    model: &Model,
    design: &ReverseDesign<'_>,
    level: VectorLevel,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Vec<Reversed> {
    let grid: Vec<f64> = (1..=STEPS).map(|k| MOST * k as f64 / STEPS as f64).collect();
    let total = design.runs * (2 * design.commodities.len()) as u64;
    let mut found = Vec::new();
    for (k, commodity) in design.commodities.iter().enumerate() {
        let done = |half: usize| progress(design.runs * (2 * k + half) as u64, total);
        let mut curves = run(case, model, design, *commodity, &grid, level);
        done(1);
        let crossed = |(low, high): (f64, f64)| {
            curves.iter().any(|(_, curve)| {
                let at = |f: f64| curve.iter().find(|point| point.0 == f).map_or(0.0, |point| point.1.value);
                (at(low) - design.condition.share >= 0.0) != (at(high) - design.condition.share >= 0.0)
            })
        };
        let mut ends = vec![0.0];
        ends.extend(&grid);
        let steps = ends.windows(2).map(|w| (w[0], w[1])).filter(|step| crossed(*step));
        let between =
            |(low, high): (f64, f64)| (1..PARTS).map(move |k| low + (high - low) * k as f64 / PARTS as f64);
        let finer: Vec<f64> = steps.flat_map(between).collect();
        if !finer.is_empty() {
            let more = run(case, model, design, *commodity, &finer, level);
            for ((_, curve), (_, more)) in curves.iter_mut().zip(more) {
                // Each run of sizes begins with the same runs without a shock.
                curve.extend(more.into_iter().skip(1));
                curve.sort_by(|a, b| a.0.total_cmp(&b.0));
            }
        }
        done(2);
        for ((town, scenario), curve) in curves {
            let share = design.condition.share;
            let already = curve[0].1.value >= share;
            let judged = |crossing: Crossing| Crossing {
                distance: distance(model, &stress(design, &[(*commodity, crossing.fall)])),
                ..crossing
            };
            let crossings = crossings(&curve, share).into_iter().map(judged).collect();
            found.push(Reversed { town, scenario, commodity: *commodity, curve, already, crossings });
        }
    }
    found
}

/// Falls of some commodities: (commodity, fall).
pub(super) fn stress(design: &ReverseDesign<'_>, falls: &[(usize, f64)]) -> Stress {
    let ReverseCourse { start, years, after } = design.course;
    let shock = |(commodity, fall): &(usize, f64)| {
        let change = -fall;
        let mut shock =
            PriceShock { commodity: *commodity, change, start, years, half_life: None, path: Vec::new() };
        match after {
            After::Fades(half) => shock.half_life = Some(half),
            After::Stays => {}
            After::Over => {
                shock.path = vec![change; years as usize];
                shock.path.push(0.0);
                shock.years += 1;
            }
        }
        shock
    };
    Stress {
        id: "reverse".to_owned(),
        name: Name { en: String::new(), kk: String::new(), ru: String::new() },
        shocks: falls.iter().map(shock).collect(),
        events: Vec::new(),
        plans: Vec::new(),
        basis: String::new(),
    }
}

/// A town and scenario with its share of runs at no fall and at each of some falls.
type Curve = ((usize, usize), Vec<(f64, Estimate)>);

fn run(
    case: &Case,
    model: &Model,
    design: &ReverseDesign<'_>,
    commodity: usize,
    falls: &[f64],
    level: VectorLevel,
) -> Vec<Curve> {
    let stresses: Vec<Stress> = falls.iter().map(|fall| stress(design, &[(commodity, *fall)])).collect();
    let shares = shares(case, model, design, &stresses, level);
    let curve = |(cell, shares): ((usize, usize), Vec<Estimate>)| {
        (cell, std::iter::once(0.0).chain(falls.iter().copied()).zip(shares).collect())
    };
    shares.into_iter().map(curve).collect()
}

/// Share of runs in which the condition holds, of each town and scenario that it speaks of: without a shock, then under
/// each of some stresses.
pub(super) fn shares(
    case: &Case,
    model: &Model,
    design: &ReverseDesign<'_>,
    stresses: &[Stress],
    level: VectorLevel,
) -> Vec<((usize, usize), Vec<Estimate>)> {
    let years = (model.years[0] + 1, model.years[model.years.len() - 1]);
    let shocked = |own: &Stress| {
        let all = if design.alone { own.clone() } else { with_companions(case, own, years).0 };
        model.vary(case, &[Change::Stress(all)]).1
    };
    let others: Vec<Model> = stresses.iter().map(shocked).collect();
    let condition = design.condition;
    let paired = Paired { base: model, others: &others, quantities: &condition.quantities };
    let (towns, paths) = (model.towns.len(), model.options.scenarios.len());
    let asked = |town: usize, path: usize| {
        condition.town.is_none_or(|only| only == town) && condition.scenario.is_none_or(|only| only == path)
    };
    // [town][other][path]: without and with.
    let mut counts = vec![vec![vec![[0_u64; 2]; paths]; stresses.len()]; towns];
    let work = |town: usize, _: usize, block: PairedBlock<'_>| -> Vec<[u64; 2]> {
        let of = |path: usize| {
            let mut count = [0; 2];
            if asked(town, path) {
                for run in condition.holds(model, &block, path) {
                    count[0] += u64::from(run[0]);
                    count[1] += u64::from(run[1]);
                }
            }
            count
        };
        (0..paths).map(of).collect()
    };
    paired.run(0..design.runs, level, &work, &mut |done: Vec<Vec<Vec<[u64; 2]>>>, _| {
        let into = counts.iter_mut().flatten().flatten();
        for (into, from) in into.zip(done.iter().flatten().flatten()) {
            into[0] += from[0];
            into[1] += from[1];
        }
    });
    let cells = (0..towns).flat_map(|town| (0..paths).map(move |path| (town, path)));
    let of = |(town, path): (usize, usize)| {
        let share = |count: u64| Estimate::share(count as f64, design.runs);
        let none = share(counts[town][0][path][0]);
        let with = counts[town].iter().map(|other| share(other[path][1]));
        ((town, path), std::iter::once(none).chain(with).collect())
    };
    cells.filter(|(town, path)| asked(*town, *path)).map(of).collect()
}

/// All crossings of a curve with a share, by straight lines, with the falls around each that errors do not tell apart.
fn crossings(curve: &[(f64, Estimate)], share: f64) -> Vec<Crossing> {
    let gap = |k: usize| curve[k].1.value - share;
    let mut found = Vec::new();
    for k in 1..curve.len() {
        let (below, above) = (gap(k - 1), gap(k));
        if (below >= 0.0) == (above >= 0.0) {
            continue;
        }
        let part = below / (below - above);
        let fall = curve[k - 1].0 + part * (curve[k].0 - curve[k - 1].0);
        // How far beyond its errors the curve is: above 0 it is told apart.
        let clear = |i: usize| gap(i).abs() - Z * curve[i].1.mcse;
        let here = -Z * (curve[k - 1].1.mcse + part * (curve[k].1.mcse - curve[k - 1].1.mcse));
        let between = |(from, inside): (f64, f64), (to, outside): (f64, f64)| {
            from + (to - from) * (-inside / (outside - inside)).clamp(0.0, 1.0)
        };
        let reach = |places: &mut dyn Iterator<Item = usize>, end: f64| {
            let mut last = (fall, here);
            for i in places {
                let now = (curve[i].0, clear(i));
                if now.1 > 0.0 {
                    return between(last, now);
                }
                last = now;
            }
            end
        };
        found.push(Crossing {
            fall,
            low: reach(&mut (0..k).rev(), 0.0),
            high: reach(&mut (k..curve.len()), curve[curve.len() - 1].0),
            begins: above >= 0.0,
            distance: None,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A curve that rises, falls and rises again has three crossings; their width is that of its errors over its slope.
    #[test]
    fn every_crossing_is_told_with_what_errors_leave_open() {
        let point = |(fall, p): (f64, f64)| (fall, Estimate::new(p, 0.02));
        let curve: Vec<_> =
            [(0.0, 0.1), (0.2, 0.9), (0.4, 0.1), (0.6, 0.1), (0.8, 0.7)].into_iter().map(point).collect();
        let found = crossings(&curve, 0.5);
        let at: Vec<(f64, bool)> = found.iter().map(|c| ((1e6 * c.fall).round() / 1e6, c.begins)).collect();
        assert_eq!(at, [(0.1, true), (0.3, false), (0.733_333, true)]);
        // Slope 4 a unit of fall: 1.96 * 0.02 / 4 either way.
        assert!((found[0].low - (0.1 - 0.0098)).abs() < 1e-9, "{:?}", found[0]);
        assert!((found[0].high - (0.1 + 0.0098)).abs() < 1e-9);
        assert!(crossings(&curve[2..4], 0.5).is_empty());
    }
}
