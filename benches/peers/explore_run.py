"""Times `boljam sensitivity` and `boljam discover` beside SALib and EMA Workbench on the same tables, by turns.

Run from the root of the repository after `cargo build --release`, in an environment with explore_requirements.txt:
`python benches/peers/explore_run.py [--only sobol,delta,prim,pawn,morris]`.

Times are processor times. boljam's is that of the process, from the table in a file to the indices; the peer's that of
reading the same table with pandas, and that of its call, on arrays in memory. What boljam's analysers take alone, tells
`cargo bench --bench explore`, at the same sizes.
"""

import argparse
import logging
import resource
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from ema_workbench.analysis import prim
from SALib.analyze import delta, morris, pawn, sobol
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
BOLJAM = Path("target/release/boljam").resolve()
FACTORS = 20


def g(x: np.ndarray) -> np.ndarray:
    a = np.arange(x.shape[1]) / 2.0
    return np.prod((np.abs(4.0 * x - 2.0) + a) / (1.0 + a), axis=1)


def problem() -> dict:
    return {"num_vars": FACTORS, "names": [f"x{k}" for k in range(FACTORS)], "bounds": [[0.0, 1.0]] * FACTORS}


def of_boljam(arguments: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([BOLJAM, *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def of_peer(work) -> float:
    used = time.process_time()
    work()
    return time.process_time() - used


def compare(name: str, x: np.ndarray, y: np.ndarray, arguments: list[str], work) -> None:
    with tempfile.TemporaryDirectory() as home:
        table = Path(home) / "data.csv"
        pd.DataFrame(x, columns=problem()["names"]).assign(y=y).to_csv(table, index=False)
        ours = min(of_boljam([arguments[0], "--data", table, *arguments[1:]]) for _ in range(3))
        read = of_peer(lambda: pd.read_csv(table))
    theirs = of_peer(work)
    print(
        f"{name:8} boljam {ours:7.2f} s   peer: reading {read:7.2f} s, call {theirs:7.2f} s   "
        f"whole {(read + theirs) / ours:6.1f} x, call alone {theirs / ours:6.1f} x",
        flush=True,
    )


def response(method: str) -> list[str]:
    return ["sensitivity", "--response", "y", "--method", method, "--resamples", "100", "--format", "csv"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="sobol,morris,pawn,delta,prim")
    wanted = parser.parse_args().only.split(",")
    of, rng = problem(), np.random.default_rng(1)
    if "sobol" in wanted:
        x = sobol_sample.sample(of, 8192, calc_second_order=False, scramble=False)
        y = g(x)
        work = lambda: sobol.analyze(of, y, calc_second_order=False, num_resamples=100, seed=1)
        compare("sobol", x, y, response("sobol"), work)
    if "morris" in wanted:
        x = morris_sample.sample(of, 2000, num_levels=4, seed=1)
        y = g(x)
        compare("morris", x, y, response("morris"), lambda: morris.analyze(of, x, y, num_resamples=100, seed=1))
    sample = rng.random((10_000, FACTORS))
    values = g(sample)
    if "pawn" in wanted:
        # SALib has no intervals for PAWN: neither has this.
        ours = ["0" if a == "100" else a for a in response("pawn")]
        compare("pawn", sample, values, ours, lambda: pawn.analyze(of, sample, values, S=10))
    if "delta" in wanted:
        # "raw" resamples rows as they are, which is what the bootstrap here does.
        def work() -> None:
            n = len(values)
            exponent = 2.0 / (7.0 + np.tanh((1500.0 - n) / 500.0))
            edges = np.linspace(0, n, int(np.round(min(int(np.ceil(n**exponent)), 48))) + 1)
            grid = np.linspace(values.min(), values.max(), 100)
            for k in range(FACTORS):
                delta.bias_reduced_delta(values, grid, sample[:, k], edges, 100, 0.95, n, "raw", None, "x", 10)

        compare("delta", sample, values, response("delta"), work)
    if "prim" in wanted:
        x = rng.random((100_000, FACTORS))
        inside = (x[:, 0] > 0.6) & (x[:, 1] > 0.2) & (x[:, 1] < 0.7)
        y = inside ^ (rng.random(len(x)) < 0.05)
        frame = pd.DataFrame(x, columns=of["names"])
        ours = ["discover", "y > 0", "--resamples", "0", "--format", "csv"]
        compare("prim", x, y.astype(int), ours, lambda: prim.Prim(frame, y, threshold=0.5).find_box())


if __name__ == "__main__":
    main()
