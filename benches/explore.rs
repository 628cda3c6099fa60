//! The analysers of `explore` at the sizes of benches/peers/explore_run.py: `cargo bench --bench explore`.

use std::hint::black_box;

use boljam::explore::discover::{Column, Settings, prim};
use boljam::explore::factor::Group;
use boljam::explore::{Points, given, latin_hypercube, morris, shapley, sobol};
use criterion::{Criterion, criterion_group, criterion_main};

const FACTORS: usize = 20;

/// Sobol's G.
fn g(x: &[f64]) -> f64 {
    x.iter().enumerate().fold(1.0, |y, (k, x)| {
        let a = k as f64 / 2.0;
        y * (((4.0 * x - 2.0).abs() + a) / (1.0 + a))
    })
}

fn responses(points: &Points) -> Vec<f64> {
    points.rows().map(g).collect()
}

fn explore(c: &mut Criterion) {
    let groups: Vec<Group> = (0..FACTORS).map(|k| Group { name: k.to_string(), members: vec![k] }).collect();
    let mut group = c.benchmark_group("explore");
    group.sample_size(10);

    if let Ok(points) = sobol::saltelli(8192, &groups, false, Some(0)) {
        let y = responses(&points);
        group.bench_function("sobol, 8192 blocks of 22, 100 resamples", |b| {
            b.iter(|| black_box(sobol::indices(&y, FACTORS, false, 100, 0)));
        });
    }
    let points = morris::trajectories(2000, &groups, 4, 0);
    let y = responses(&points);
    group.bench_function("morris, 2000 trajectories of 20 factors, 100 resamples", |b| {
        b.iter(|| black_box(morris::effects(&points, &y, &groups, 4, 100, 0)));
    });
    let points = latin_hypercube(10_000, FACTORS, 0);
    let (x, y): (Vec<Vec<f64>>, _) = ((0..FACTORS).map(|k| points.column(k)).collect(), responses(&points));
    group.bench_function("pawn, 10000 x 20", |b| b.iter(|| black_box(given::pawn(&x, &y, 10, 0, 0))));
    group.bench_function("delta, 10000 x 20, 100 resamples", |b| {
        b.iter(|| black_box(given::delta(&x, &y, 100, 0)));
    });
    let (few, rows) = (&x[..6], 2000);
    let few: Vec<Vec<f64>> = few.iter().map(|x| x[..rows].to_vec()).collect();
    group.bench_function("shapley, 2000 x 6, 100 resamples", |b| {
        b.iter(|| black_box(shapley::shapley(&few, &y[..rows], 100, 0)));
    });
    let points = latin_hypercube(100_000, FACTORS, 1);
    let noise = latin_hypercube(100_000, 1, 2).column(0);
    let inside = |x: &[f64]| x[0] > 0.6 && x[1] > 0.2 && x[1] < 0.7;
    let of_interest: Vec<bool> = points.rows().zip(noise).map(|(x, u)| inside(x) ^ (u < 0.05)).collect();
    let columns: Vec<Column> = (0..FACTORS).map(|k| Column::Numbers(points.column(k))).collect();
    group.bench_function("prim, 100000 x 20", |b| {
        b.iter(|| black_box(prim(&columns, &of_interest, Settings::default())));
    });
    group.finish();
}

criterion_group!(benches, explore);
criterion_main!(benches);
