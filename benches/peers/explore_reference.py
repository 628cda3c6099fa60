"""Writes tests/reference/explore.csv: what the field's reference tools make of points that boljam makes as well.

Run from the root of the repository, in an environment with explore_requirements.txt:
`python benches/peers/explore_reference.py`. SALib gives the sensitivity indices, EMA Workbench the peeling
trajectories, scikit-learn the tree, SciPy Friedman's test (of which Kendall's W is a multiple).

Points are plain Sobol points, and the models (but Ishigami's) use + - * / alone, so that both sides work on the same
bits. A row is: what, number (of a row or a step), name, value.
"""

import csv
import logging
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from ema_workbench.analysis import prim
from SALib.analyze import delta, morris, pawn, sobol
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from scipy.stats import friedmanchisquare, qmc
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

ROWS: list[tuple[str, int, str, float]] = []


def add(what: str, number: int, name: str, value: float) -> None:
    ROWS.append((what, number, name, float(value)))


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def g(x: np.ndarray) -> np.ndarray:
    """Sobol's G with a = 0, 1, 4.5, 9, 99, 99, for as many factors as there are."""
    y = np.ones(len(x))
    for k, a in zip(range(x.shape[1]), [0.0, 1.0, 4.5, 9.0, 99.0, 99.0]):
        y = y * ((np.abs(4.0 * x[:, k] - 2.0) + a) / (1.0 + a))
    return y


def problem(names: int, low: float, high: float, groups: list[str] | None = None) -> dict:
    found = {"num_vars": names, "names": [f"x{k}" for k in range(names)], "bounds": [[low, high]] * names}
    return found | ({"groups": groups} if groups else {})


def variance_based() -> None:
    cases = [
        ("ishigami", ishigami, problem(3, -np.pi, np.pi), 1024),
        ("g", g, problem(6, 0.0, 1.0), 512),
        ("g grouped", g, problem(6, 0.0, 1.0, ["a", "b", "a", "c", "c", "b"]), 256),
    ]
    for name, model, of, n in cases:
        x = sobol_sample.sample(of, n, calc_second_order=True, scramble=False, skip_values=0)
        for row in [0, 1, 2, 5, 100, len(x) - 1]:
            for k, value in enumerate(x[row]):
                add(f"points {name}", row, str(k), value)
        found = sobol.analyze(of, model(x), calc_second_order=True, num_resamples=2, seed=1)
        for k in range(len(found["S1"])):
            add(f"sobol {name}", k, "S1", found["S1"][k])
            add(f"sobol {name}", k, "ST", found["ST"][k])
            for j in range(k + 1, len(found["S1"])):
                add(f"sobol {name}", k, f"S2 {j}", found["S2"][k, j])
        x = sobol_sample.sample(of, n, calc_second_order=False, scramble=False, skip_values=0)
        found = sobol.analyze(of, model(x), calc_second_order=False, num_resamples=2, seed=1)
        for k in range(len(found["S1"])):
            add(f"sobol first {name}", k, "S1", found["S1"][k])
            add(f"sobol first {name}", k, "ST", found["ST"][k])
    many = qmc.Sobol(d=2048, scramble=False).random(64)
    for row in [1, 2, 37, 63]:
        for k in [0, 1, 2, 39, 511, 1110, 2047]:
            add("sequence", row, str(k), many[row, k])


def screening() -> None:
    for name, groups in [("single", None), ("grouped", ["a", "b", "a", "c"])]:
        of = problem(4, 0.0, 1.0, groups)
        x = morris_sample.sample(of, 40, num_levels=6, seed=7)
        y = g(x) + x[:, 0] * x[:, 3]
        for row, point in enumerate(x):
            for k, value in enumerate(point):
                add(f"trajectories {name}", row, str(k), value)
        found = morris.analyze(of, x, y, num_levels=6, num_resamples=2, seed=1)
        for k in range(len(found["mu_star"])):
            for index in ["mu", "mu_star", "sigma"]:
                value = found[index][k]
                if not np.ma.is_masked(value) and not np.isnan(value):
                    add(f"morris {name}", k, index, value)


def given_data() -> None:
    for n in [300, 1000, 4096]:
        x = qmc.Sobol(d=5, scramble=False).random(n)
        # The last factor has five levels: ties.
        x[:, 4] = np.floor(x[:, 4] * 5.0)
        y = g(x[:, :4]) + 0.125 * x[:, 4]
        of = problem(5, 0.0, 1.0)
        for slices in [10, 7]:
            found = pawn.analyze(of, x, y, S=slices)
            for k in range(5):
                for index in ["minimum", "mean", "median", "maximum", "CV", "stdev"]:
                    add(f"pawn {n} {slices}", k, index, found[index][k])
        exponent = 2.0 / (7.0 + np.tanh((1500.0 - n) / 500.0))
        classes = int(np.round(min(int(np.ceil(n**exponent)), 48)))
        edges, grid = np.linspace(0, n, classes + 1), np.linspace(y.min(), y.max(), 100)
        for k in range(5):
            add(f"delta {n}", k, "uncorrected", delta.calc_delta(y, grid, x[:, k], edges))


def discovery() -> None:
    for name, n in [("sharp", 1000), ("noisy", 2000)]:
        x = qmc.Sobol(d=4, scramble=False).random(n)
        y = (x[:, 0] > 0.6) & (x[:, 1] > 0.2) & (x[:, 1] < 0.7)
        if name == "noisy":
            # A tenth is turned round by a rule that no box can tell.
            scattered = (x[:, 2] * 1237.0) % 1.0
            y = y ^ (scattered < 0.1)
            x[:, 3] = np.floor(x[:, 3] * 8.0)
        box = prim.Prim(pd.DataFrame(x, columns=list("abcd")), y, threshold=0.5).find_box()
        for step, row in box.peeling_trajectory.iterrows():
            for index in ["coverage", "density", "mass", "res_dim"]:
                add(f"prim {name}", step, index, row[index])
            for factor, (lower, upper) in box.qp[step].items():
                limits = box.box_lims[step][factor]
                add(f"prim {name}", step, f"{factor} from", limits[0])
                add(f"prim {name}", step, f"{factor} to", limits[1])
                add(f"prim {name}", step, f"{factor} p from", lower)
                add(f"prim {name}", step, f"{factor} p to", upper)
        tree = DecisionTreeClassifier(min_samples_leaf=int(0.05 * n), random_state=0).fit(x, y)
        leaves = tree.apply(x)
        # Children are numbered in the order of a walk that goes left first.
        for number, leaf in enumerate(sorted(set(leaves))):
            add(f"cart {name}", number, "rows", (leaves == leaf).sum())
            add(f"cart {name}", number, "of interest", y[leaves == leaf].sum())


def agreement() -> None:
    rankings = np.array([[1, 2, 2, 4, 5, 6, 7], [1, 1, 3, 3, 6, 5, 7], [2, 1, 5, 4, 3, 6, 6]])
    statistic, p = friedmanchisquare(*rankings.T)
    add("friedman", 0, "statistic", statistic)
    add("friedman", 0, "p", p)


def main() -> None:
    variance_based()
    screening()
    given_data()
    discovery()
    agreement()
    with Path("tests/reference/explore.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["what", "number", "name", "value"])
        writer.writerows((what, number, name, repr(value)) for what, number, name, value in ROWS)
    print(len(ROWS), "rows")


if __name__ == "__main__":
    main()
