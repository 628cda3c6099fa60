//! Sensitivity and discovery beside the field's reference tools, on the same points: tests/reference/explore.csv, made by
//! benches/peers/explore_reference.py.

mod analytic;
mod commands;

use boljam::explore::discover::{Bounds, Column, Settings, cart, prim};
use boljam::explore::factor::Group;
use boljam::explore::{Points, given, morris, sobol};

/// The rows of the reference.
struct Reference(Vec<(String, usize, String, f64)>);

impl Reference {
    fn read() -> Self {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/explore.csv");
        let mut reader = csv::Reader::from_path(path).unwrap();
        Self(reader.deserialize().collect::<Result<_, _>>().unwrap())
    }

    fn of<'a>(&'a self, what: &'a str) -> impl Iterator<Item = (usize, &'a str, f64)> {
        let rows = self.0.iter().filter(move |row| row.0 == what);
        let mut rows = rows.map(|row| (row.1, row.2.as_str(), row.3)).peekable();
        assert!(rows.peek().is_some(), "no {what}");
        rows
    }
}

fn near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {found}, not {expected}");
}

fn groups(of: &[&str]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (k, name) in of.iter().enumerate() {
        match groups.iter_mut().find(|g| g.name == *name) {
            Some(group) => group.members.push(k),
            None => groups.push(Group { name: (*name).to_owned(), members: vec![k] }),
        }
    }
    groups
}

fn ishigami(unit: &[f64]) -> f64 {
    let x: Vec<f64> = unit.iter().map(|u| u * (2.0 * std::f64::consts::PI) - std::f64::consts::PI).collect();
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

/// Sobol's G.
fn g(x: &[f64]) -> f64 {
    let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0];
    x.iter().zip(a).fold(1.0, |y, (x, a)| y * (((4.0 * x - 2.0).abs() + a) / (1.0 + a)))
}

#[test]
fn plain_points_are_those_of_scipy() {
    let points = sobol::sobol_points(64, 2048, None).unwrap();
    for (row, column, value) in Reference::read().of("sequence") {
        assert_eq!(points.row(row)[column.parse::<usize>().unwrap()], value, "{row} {column}");
    }
}

/// Name, groups of the factors, blocks, model.
type Case<'a> = (&'a str, &'a [&'a str], usize, fn(&[f64]) -> f64);

#[test]
fn sobol_indices_are_those_of_salib() {
    let reference = Reference::read();
    let singles = ["a", "b", "c", "d", "e", "f"];
    let cases: [Case<'_>; 3] = [
        ("ishigami", &singles[..3], 1024, ishigami),
        ("g", &singles, 512, g),
        ("g grouped", &["a", "b", "a", "c", "c", "b"], 256, g),
    ];
    for (name, of, n, model) in cases {
        let groups = groups(of);
        for second in [true, false] {
            let points = sobol::saltelli(n, &groups, second, None).unwrap();
            let y: Vec<f64> = points.rows().map(model).collect();
            let found = sobol::indices(&y, groups.len(), second, 0, 0).unwrap();
            let what = format!("sobol {}{name}", if second { "" } else { "first " });
            for (k, index, value) in reference.of(&what) {
                let estimate = match index {
                    "S1" => found.first[k],
                    "ST" => found.total[k],
                    pair => {
                        let j: usize = pair[3..].parse().unwrap();
                        found.second.iter().find(|s| (s.0, s.1) == (k, j)).unwrap().2
                    }
                };
                near(estimate.value, value, &format!("{what} {k} {index}"));
            }
            let scale = |u: f64| if name == "ishigami" { (2.0 * u - 1.0) * std::f64::consts::PI } else { u };
            for (row, column, value) in reference.of(&format!("points {name}")).filter(|_| second) {
                near(scale(points.row(row)[column.parse::<usize>().unwrap()]), value, "a point");
            }
        }
    }
}

#[test]
fn elementary_effects_are_those_of_salib() {
    let reference = Reference::read();
    for (name, of) in [("single", ["a", "b", "c", "d"]), ("grouped", ["a", "b", "a", "c"])] {
        let values = reference.of(&format!("trajectories {name}")).map(|row| row.2).collect();
        let points = Points::new(4, values);
        let y: Vec<f64> = points.rows().map(|x| g(x) + x[0] * x[3]).collect();
        let found = morris::effects(&points, &y, &groups(&of), 6, 50, 0).unwrap();
        for (k, index, value) in reference.of(&format!("morris {name}")) {
            let group = found.groups[k];
            let estimate = match index {
                "mu" => group.mu,
                "mu_star" => group.mu_star.value,
                _ => group.sigma,
            };
            near(estimate, value, &format!("{name} {k} {index}"));
        }
    }
}

#[test]
fn pawn_and_delta_are_those_of_salib() {
    let reference = Reference::read();
    for n in [300, 1000, 4096] {
        let points = sobol::sobol_points(n, 5, None).unwrap();
        let mut x: Vec<Vec<f64>> = (0..5).map(|k| points.column(k)).collect();
        x[4].iter_mut().for_each(|v| *v = (*v * 5.0).floor());
        let y: Vec<f64> = points.rows().zip(&x[4]).map(|(row, level)| g(&row[..4]) + 0.125 * level).collect();
        for slices in [10, 7] {
            let found = given::pawn(&x, &y, slices, 0, 0);
            for (k, index, value) in reference.of(&format!("pawn {n} {slices}")) {
                let pawn = found[k];
                let estimate = match index {
                    "minimum" => pawn.minimum,
                    "mean" => pawn.mean,
                    "median" => pawn.median.value,
                    "maximum" => pawn.maximum.value,
                    "CV" => pawn.cv,
                    _ => pawn.sd,
                };
                near(estimate, value, &format!("pawn {n} {slices} {k} {index}"));
            }
        }
        let found = given::delta(&x, &y, 0, 0);
        for (k, _, value) in reference.of(&format!("delta {n}")) {
            near(found[k].uncorrected, value, &format!("delta {n} {k}"));
        }
    }
}

fn planted(name: &str) -> (Vec<Column>, Vec<bool>) {
    let n = if name == "sharp" { 1000 } else { 2000 };
    let points = sobol::sobol_points(n, 4, None).unwrap();
    let mut of_interest: Vec<bool> = points.rows().map(|x| x[0] > 0.6 && x[1] > 0.2 && x[1] < 0.7).collect();
    let mut x: Vec<Vec<f64>> = (0..4).map(|k| points.column(k)).collect();
    if name == "noisy" {
        for (interest, x) in of_interest.iter_mut().zip(&x[2]) {
            *interest ^= (x * 1237.0) % 1.0 < 0.1;
        }
        x[3].iter_mut().for_each(|v| *v = (*v * 8.0).floor());
    }
    (x.into_iter().map(Column::Numbers).collect(), of_interest)
}

#[test]
fn the_peeling_of_a_planted_box_is_that_of_ema_workbench() {
    let reference = Reference::read();
    for name in ["sharp", "noisy"] {
        let (columns, of_interest) = planted(name);
        let found = prim(&columns, &of_interest, Settings::default());
        let mut last = 0;
        for (step, index, value) in reference.of(&format!("prim {name}")) {
            last = step;
            let Some(at) = found.steps.get(step) else { panic!("{name}: only {} steps", found.steps.len()) };
            let estimate = match index {
                "coverage" => at.coverage,
                "density" => at.density,
                "mass" => at.mass,
                "res_dim" => at.restrictions.len() as f64,
                of_factor => {
                    let (factor, what) = of_factor.split_once(' ').unwrap();
                    let factor = "abcd".find(factor).unwrap();
                    let side = at.restrictions.iter().find(|r| r.factor == factor).unwrap();
                    let Bounds::Range { from, to } = side.bounds else { panic!("a range") };
                    match what {
                        "from" => from,
                        "to" => to,
                        // The peer writes -1 where an end restricts nothing.
                        "p from" => side.p_from.unwrap_or(-1.0),
                        _ => side.p_to.unwrap_or(-1.0),
                    }
                }
            };
            near(estimate, value, &format!("{name} step {step} {index}"));
        }
        assert_eq!(found.steps.len(), last + 1, "{name}");
    }
}

#[test]
fn the_leaves_of_a_tree_are_those_of_scikit_learn() {
    let reference = Reference::read();
    for name in ["sharp", "noisy"] {
        let (columns, of_interest) = planted(name);
        let leaves = cart(&columns, &of_interest, of_interest.len() / 20);
        for (leaf, index, value) in reference.of(&format!("cart {name}")) {
            let found = if index == "rows" { leaves[leaf].rows } else { leaves[leaf].of_interest };
            assert_eq!(found as f64, value, "{name} leaf {leaf}: {index}");
        }
        assert_eq!(leaves.len(), reference.of(&format!("cart {name}")).count() / 2);
    }
}

#[test]
fn half_samples_find_the_planted_factors() {
    let (columns, of_interest) = planted("noisy");
    let found = prim(&columns, &of_interest, Settings::default());
    let again = found.reproduce(&columns, &of_interest, Settings::default(), 10, 0);
    for factor in [0, 1] {
        let one = again.iter().find(|r| r.step == found.balanced && r.factor == factor).unwrap();
        assert!(one.at_coverage > 0.9 && one.at_density > 0.9, "{one:?}");
    }
    assert_eq!(again, found.reproduce(&columns, &of_interest, Settings::default(), 10, 0));
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let points = sobol::sobol_points(700, 4, Some(0)).unwrap();
    let x: Vec<Vec<f64>> = (0..4).map(|k| points.column(k)).collect();
    let y: Vec<f64> = points.rows().map(g).collect();
    let of_interest: Vec<bool> = y.iter().map(|y| *y > 1.5).collect();
    let columns: Vec<Column> = x.iter().cloned().map(Column::Numbers).collect();
    let all = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let spread = morris::spread_out(&morris::trajectories(40, &groups(&["a", "b"]), 4, 0), 3, 8);
            let indices = sobol::indices(&y, 5, false, 20, 0).unwrap();
            format!(
                "{indices:?} {:?} {:?} {:?} {:?} {:?} {spread:?}",
                given::pawn(&x, &y, 10, 20, 0),
                given::delta(&x, &y, 20, 0),
                given::regional(&x, &of_interest, 20, 0),
                boljam::explore::shapley::shapley(&x, &y, 20, 0),
                prim(&columns, &of_interest, Settings::default()),
            )
        })
    };
    let one = all(1);
    assert!(one == all(2) && one == all(5));
}
