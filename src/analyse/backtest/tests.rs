//! Panels of which the truth is known, and the shipped one by hand.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, StandardNormal};

use super::forecasts::Scored;
use super::origin::case_at;
use super::*;
use crate::analyse::mixture;
use crate::case::{PanelValue, Source};
use crate::engine::{RunValue, Selected, record};
use crate::model::{ClosedForm, Model, Options};

fn shipped() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

/// A case with some text of a file changed.
fn changed(file: &str, change: &dyn Fn(&str) -> String) -> Case {
    let mut source = Source::embedded();
    let text = source.files.get_mut(file).unwrap();
    *text = change(text);
    Case::load(&source, &[]).unwrap()
}

fn driver(case: &Case, id: &str) -> usize {
    case.drivers.iter().position(|d| d.id == id).unwrap()
}

fn gap(backtest: &Backtest, driver: &str) -> Option<Gap> {
    backtest.left_out.iter().find(|(id, _)| id == driver).map(|(_, gap)| *gap)
}

fn row<'a>(rows: &'a [Score], driver: &str) -> &'a Score {
    let group = Group { driver: Some(driver.to_owned()), ..Group::default() };
    rows.iter().find(|s| s.group == group).unwrap()
}

fn marks(score: &Score, by: Forecaster) -> &ForecasterScore {
    score.marks.iter().find(|m| m.forecaster == by).unwrap()
}

/// A town's steps: draws of a normal and the number of years to a series on the link scale.
type Path = dyn Fn(&mut dyn FnMut() -> f64, usize) -> Vec<f64>;

/// The shipped case with a panel of wear alone, 2002 to 2021: `path` gives each town's steps on the link scale, of which
/// the last ends at its base value. Wear has no price exposure, and no cross-impact is left.
fn with_panel(persistence: f64, sigma: f64, path: &Path) -> Case {
    let mut case = shipped();
    // Parameters are those that are given here.
    case.posterior = None;
    let wear = driver(&case, "wear");
    (case.drivers[wear].persistence, case.drivers[wear].sigma) = (persistence, sigma);
    case.cross_impacts.clear();
    let model = Model::compile(&case, &Options::of(&case)).unwrap();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(17);
    let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
    case.panel.clear();
    for law in &model.towns {
        let z = path(&mut normal, 20);
        for (k, x) in z.iter().enumerate() {
            let value = case.drivers[wear].link.invert(law.base_link[wear] + x - z[z.len() - 1]);
            case.panel.push(PanelValue {
                town: case.towns[law.index].id.clone(),
                year: 2002 + k as i32,
                indicator: "fixed_asset_wear".to_owned(),
                value,
                unit: "percent".to_owned(),
                source: "made up".to_owned(),
                note: String::new(),
            });
        }
    }
    case
}

fn walk(sigma: f64, drift: f64) -> impl Fn(&mut dyn FnMut() -> f64, usize) -> Vec<f64> {
    move |normal, years| {
        let mut z = 0.0;
        (0..years)
            .map(|_| {
                z += drift + sigma * normal();
                z
            })
            .collect()
    }
}

/// Where the panel is the model's own random walk, its intervals hold what they say and outcomes spread evenly, blind or
/// not; with half the sigma they do not, and the verdict says so.
#[test]
fn a_true_model_is_calibrated_and_a_narrow_one_is_caught() {
    let truth = backtest(&with_panel(1.0, 0.1, &walk(0.1, 0.0))).unwrap();
    // One year ahead no two forecasts overlap: 144 draws, 3 standard deviations either way. Three years ahead the
    // third of that counts.
    for (ahead, off) in [(1, 0.12), (3, 0.2)] {
        let group = Group { driver: Some("wear".to_owned()), ahead: Some(ahead), ..Group::default() };
        let score = truth.drawn.iter().find(|s| s.group == group).unwrap();
        for by in [Forecaster::Model, Forecaster::Blind, Forecaster::Walk] {
            let found = marks(score, by);
            for (share, inside) in INTERVALS.iter().zip(found.coverage) {
                assert!((inside - share).abs() < off, "{by:?}, {ahead}: {inside} for {share}");
            }
            let most = score.forecasts as f64 / PIT_BINS as f64 * (1.0 + 4.2 * off);
            assert!(found.pit.iter().all(|n| (*n as f64) < most), "{by:?}, {ahead}: {:?}", found.pit);
        }
    }
    assert!(!truth.verdicts.iter().any(|v| v.1.worse || v.1.narrow), "{:?}", truth.verdicts);
    let narrow = backtest(&with_panel(1.0, 0.05, &walk(0.1, 0.0))).unwrap();
    let verdict = narrow.verdicts.iter().find(|v| v.0 == "wear").unwrap().1;
    assert!(verdict.narrow && verdict.grade == Grade::LittleSkill, "{verdict:?}");
    assert!(marks(row(&narrow.drawn, "wear"), Forecaster::Model).coverage[2] < 0.75);
    // The blind model takes its sigma from the panel and does not care.
    assert_eq!(
        marks(row(&narrow.drawn, "wear"), Forecaster::Blind).coverage,
        marks(row(&truth.drawn, "wear"), Forecaster::Blind).coverage
    );
}

/// Where a rival is the truth, it is the one chosen, and the model is worse beyond the error.
#[test]
fn a_true_rival_wins() {
    let scores = backtest(&with_panel(0.7, 0.05, &walk(0.05, 0.08))).unwrap();
    let score = row(&scores.drawn, "wear");
    assert_eq!(score.rival, Forecaster::Drift);
    assert!(score.gain.unwrap().high < 0.0);
    let best = score.marks.iter().min_by(|a, b| a.crps.total_cmp(&b.crps)).unwrap();
    let by_log = score.marks.iter().min_by(|a, b| a.log_score.total_cmp(&b.log_score)).unwrap();
    assert_eq!((best.forecaster, by_log.forecaster), (Forecaster::Drift, Forecaster::Drift));
    let verdict = scores.verdicts.iter().find(|v| v.0 == "wear").unwrap().1;
    assert!(verdict.worse && verdict.grade == Grade::LittleSkill);
    // White noise around a level: an autoregression knows, a walk does not.
    let noise = |normal: &mut dyn FnMut() -> f64, years: usize| (0..years).map(|_| normal()).collect();
    let scores = backtest(&with_panel(1.0, 1.4, &noise)).unwrap();
    let score = row(&scores.drawn, "wear");
    assert!(marks(score, Forecaster::Autoregression).crps < 0.9 * marks(score, Forecaster::Walk).crps);
}

/// The forecast is what the engine does from the same origin: mean and spread of the change over runs.
#[test]
fn the_forecast_is_the_engines() {
    let case = shipped();
    let wear_and_wage = ["profitable", "wage", "unemployment"].map(|id| driver(&case, id));
    for prices in PricesUsed::ALL {
        let then = case_at(&case, 2018, 2021, prices);
        let town = then.town("temirtau").unwrap();
        let options = Options { towns: vec![town], scenarios: vec![then.reference], ..Options::of(&then) };
        let model = Model::compile(&then, &options).unwrap();
        let law = &model.towns[0];
        let normal = ClosedForm::new(&model, law, &law.paths[0]);
        let selected: Vec<Selected> = wear_and_wage
            .iter()
            .map(|d| Selected { town: 0, path: 0, t: 3, value: RunValue::Link(*d) })
            .collect();
        let mut columns = vec![Vec::new(); selected.len()];
        record(&model, &selected, 0..8192, &mut |_, found| {
            for (all, some) in columns.iter_mut().zip(found) {
                all.extend_from_slice(some);
            }
        });
        let normal = normal.over_branches(3);
        for (column, d) in columns.iter().zip(wear_and_wage) {
            let n = column.len() as f64;
            let mean = column.iter().sum::<f64>() / n;
            let sd = (column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
            let exact = normal.covariance[(d, d)].sqrt();
            assert!((mean - normal.mean[d]).abs() < 4.0 * exact / n.sqrt(), "{prices:?} {d}: {mean}");
            assert!((sd / exact - 1.0).abs() < 0.05, "{prices:?} {d}: {sd} for {exact}");
        }
    }
}

/// Later years change neither a forecast nor the rival that is chosen.
#[test]
fn a_forecast_knows_no_later_year() {
    let later = |text: &str| -> String {
        let line = |l: &str| {
            let mut cells: Vec<String> = l.split(',').map(str::to_owned).collect();
            if cells[1] == "2020" && cells[2] == "unemployed" {
                cells[3] = (2.0 * cells[3].parse::<f64>().unwrap()).to_string();
            }
            cells.join(",") + "\n"
        };
        text.lines().map(line).collect()
    };
    let (case, other) = (shipped(), changed("panel.csv", &later));
    let unemployment = driver(&case, "unemployment");
    let of = |case: &Case| {
        let scored = forecasts(case, PricesUsed::Drawn, Extent::All).unwrap().0;
        let rivals = scores::chosen_rivals(&scored);
        let early = |(s, _): &(&Scored, usize)| s.driver == unemployment && s.origin + s.ahead < 2020;
        let kept: Vec<(Scored, usize)> =
            scored.iter().zip(rivals).filter(early).map(|(s, r)| (s.clone(), r)).collect();
        kept
    };
    assert!(!of(&case).is_empty());
    assert_eq!(of(&case), of(&other));
}

/// By hand for one series: unemployed in Temirtau, at the origin 2019 two years ahead. The walk's spread is that of the
/// pooled changes of 2018 and 2019.
#[test]
fn forecasts_start_at_the_last_known_value() {
    let case = shipped();
    let unemployment = driver(&case, "unemployment");
    let (scored, gaps) = forecasts(&case, PricesUsed::Known, Extent::All).unwrap();
    assert!(!gaps.iter().any(|g| g.0 == unemployment));
    // Eight towns; origins 2018, 2019, 2020 with three, two and one year ahead.
    assert_eq!(scored.iter().filter(|s| s.driver == unemployment).count(), 8 * 6);
    let model = Model::compile(&case, &Options::of(&case)).unwrap();
    let value = |town: usize, year: i32| {
        let count = |y: i32| {
            let is_it =
                |v: &&PanelValue| v.town == case.towns[town].id && v.year == y && v.indicator == "unemployed";
            case.panel.iter().find(is_it).unwrap().value
        };
        let percent = model.towns[town].base[unemployment] * count(year) / count(2021);
        (percent / (100.0 - percent)).ln()
    };
    let town = case.town("temirtau").unwrap();
    let is_it = |s: &&Scored| s.driver == unemployment && s.town == town && s.origin == 2019 && s.ahead == 2;
    let found = scored.iter().find(is_it).unwrap();
    let squares: f64 =
        (0..8).flat_map(|t| [2018, 2019].map(|y| (value(t, y) - value(t, y - 1)).powi(2))).sum();
    let expected = mixture::Mixture::normal(value(town, 2019), (2.0 * squares / 14.0).sqrt());
    let walk = found.by[Forecaster::ALL.iter().position(|f| *f == Forecaster::Walk).unwrap()].unwrap();
    assert!((walk.crps - expected.crps(value(town, 2021))).abs() < 1e-9);
    assert!((walk.pit - expected.cdf(value(town, 2021))).abs() < 1e-9);
}

/// Without the prices before 2020 the forecasts that need them are left out and counted; those that stay are the same,
/// and what needs no price is untouched.
#[test]
fn a_missing_price_is_no_price_of_1() {
    let late = changed("price_history.csv", &|text| {
        let is_late =
            |line: &&str| line.split(',').nth(1).is_none_or(|y| y.parse().map_or(true, |y: i32| y >= 2020));
        text.lines().filter(is_late).map(|line| line.to_owned() + "\n").collect()
    });
    let whole = shipped();
    let of = |case: &Case, id: &str| {
        let (scored, gaps) = forecasts(case, PricesUsed::Known, Extent::All).unwrap();
        let id = driver(case, id);
        let own: Vec<Scored> = scored.into_iter().filter(|s| s.driver == id).collect();
        (own, gaps.into_iter().find(|g| g.0 == id).map(|g| g.1))
    };
    let ((all, none), (some, gap)) = (of(&whole, "profitable"), of(&late, "profitable"));
    assert_eq!((none, gap), (None, Some(Gap::NoPrice(all.len() - some.len()))));
    assert!(!some.is_empty() && some.len() < all.len(), "{} of {}", some.len(), all.len());
    let key = |s: &Scored| (s.town, s.origin, s.ahead, s.by[0]);
    assert!(some.iter().all(|s| all.iter().any(|a| key(a) == key(s))));
    // Wear answers to prices through investment alone.
    let [whole, late] = [whole, late].map(|mut case| {
        case.cross_impacts.clear();
        case
    });
    let keys = |case: &Case| of(case, "wear").0.iter().map(key).collect::<Vec<_>>();
    assert_eq!(keys(&whole), keys(&late));
}

/// Nothing to score is told, driver by driver, composite by composite.
#[test]
fn what_is_not_scored_says_why() {
    let whole = backtest(&shipped()).unwrap();
    assert_eq!(gap(&whole, "culture"), Some(Gap::NoHistory));
    assert_eq!(gap(&whole, "wage"), None);
    let tested = |id: &str| whole.verdicts.iter().find(|v| v.0 == id).unwrap().1;
    assert_eq!(tested("culture"), Verdict::UNTESTED);
    assert!(tested("wage").narrow, "{:?}", tested("wage"));
    let case = shipped();
    assert_eq!(whole.untested.len(), case.method.scaled().count());
    let economy = whole.untested.iter().find(|u| u.composite == "TDea").unwrap();
    assert!(economy.lacks.contains(&"region.unemployment".to_owned()), "{economy:?}");
    let keep = |kept: &dyn Fn(&[&str]) -> bool| {
        let case = changed("panel.csv", &|text| {
            let line = |(k, l): &(usize, &str)| *k == 0 || kept(&l.split(',').collect::<Vec<_>>());
            text.lines().enumerate().filter(line).map(|(_, l)| l.to_owned() + "\n").collect()
        });
        backtest(&case).unwrap()
    };
    // One year: no change at all. One town: five changes before the last year would be needed, three are there.
    let year = keep(&|cells| cells[1] == "2021");
    assert_eq!((year.drawn.len(), gap(&year, "wage")), (0, Some(Gap::NoSeries)));
    let town = keep(&|cells| cells[0] == "temirtau");
    assert_eq!((town.drawn.len(), gap(&town, "wage")), (0, Some(Gap::FewChanges(3))));
}

/// The verdicts on quantities are those on the drivers, and one seed gives one result.
#[test]
fn quantities_have_the_verdicts_of_their_drivers() {
    let case = shipped();
    let (all, tested) = (backtest(&case).unwrap(), verdicts(&case));
    for (quantity, verdict) in quantities(&case).iter().zip(&tested) {
        let own = all.verdicts.iter().find(|v| v.0 == quantity.id);
        assert_eq!(*verdict, own.map_or(Verdict::UNTESTED, |v| v.1), "{}", quantity.id);
    }
    assert_eq!(all, backtest(&case).unwrap());
}
