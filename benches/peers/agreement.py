"""Do a peer's statistics agree with boljam's within Monte Carlo error?

Both are estimates, so the test is z = difference / sqrt(e_boljam^2 + e_peer^2). boljam writes its error (`mcse`);
the peer's is the same one for its own number of runs. Statistics of a cell and of neighbouring years share their
draws, so that large z come in groups: the share beyond 2.6 may be a few times the 1 % of independent ones. Standard
deviations are left out: their `mcse` is that of a normal sample, far too small for heavy tails; quantiles stand in.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from case import Case
from findings import Statistics

# (table, column of the item, column of the statistic, column of the value); None: the mean is meant.
TABLES = [
    ("summary", "quantity", "statistic", "value"),
    ("paired", "quantity", "statistic", "value"),
    ("classes", "composite", "class", "probability"),
    ("choice", "candidate", "statistic", "value"),
    ("first_passage", "outcome", "statistic", "value"),
    ("split", "part", None, "value"),
]
LARGE, LARGE_SHARE, LARGEST = 2.6, 0.04, 7.0
# A share with so few runs behind it is not normal.
FEW = 30
# Left out: some distributions have a gap at their 5 % point (an enterprise that has stopped), across which the error of
# a quantile is not that of boljam's larger sample. The quartiles are far from any gap.
TAILS = ("q050", "q950")


@dataclass
class Compared:
    """One number of boljam's beside the peer's."""

    key: tuple[str, ...]
    boljam: float
    peer: float
    z: float


def compare(case: Case, folder: Path, boljam_runs: int, statistics: Statistics, runs: int) -> list[Compared]:
    """Every number that both have and that varies."""
    compared = []
    more = 1.0 + boljam_runs / runs
    for table, item_column, statistic_column, value_column in TABLES:
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                statistic = row[statistic_column] if statistic_column else "mean"
                array = statistics.get((table, row[item_column], statistic))
                if array is None or statistic == "sd" or statistic in TAILS:
                    continue
                place = (
                    case.towns.index(row["town"]),
                    int(row["year"]) - case.base_year,
                    case.scenarios.index(row["scenario"]),
                )
                ours, theirs, error = float(row[value_column]), float(array[place]), float(row["mcse"])
                scale = max(abs(ours), abs(theirs), 1e-9)
                if error < 1e-9 * scale or error < 1e-12:
                    # A constant, up to rounding.
                    z = 0.0 if abs(ours - theirs) <= 1e-5 * scale + 1e-4 else np.inf
                elif _rare(table, statistic, ours, min(runs, boljam_runs)):
                    continue
                else:
                    z = (theirs - ours) / (error * np.sqrt(more))
                key = (table, row["town"], row["scenario"], row["year"], row[item_column], statistic)
                compared.append(Compared(key, ours, theirs, z))
    return compared


def _rare(table: str, statistic: str, value: float, runs: int) -> bool:
    is_share = table in ("classes", "first_passage") or statistic in (
        "better",
        "lead_share",
        "lead_alone",
        "lead_among",
    )
    return is_share and min(value, 1.0 - value) * runs < FEW


def agrees(compared: list[Compared]) -> bool:
    """The verdict."""
    z = np.abs([c.z for c in compared])
    return bool(len(z) > 0 and (z > LARGE).mean() < LARGE_SHARE and z.max() < LARGEST)


def table(compared: list[Compared], chosen: set[tuple[str, ...]]) -> str:
    """The verdict in numbers, the chosen rows and the worst ones."""
    z = np.abs([c.z for c in compared])
    lines = [
        f"{len(z)} numbers compared: {(z > LARGE).mean():.2%} beyond {LARGE} standard errors, largest {z.max():.1f}"
    ]
    worst = sorted(compared, key=lambda c: -abs(c.z))[:3]
    rows = [("", c) for c in compared if c.key in chosen] + [("largest", c) for c in worst]
    for note, c in rows:
        lines.append(f"  {' '.join(c.key):72} boljam {c.boljam:12.6g}  peer {c.peer:12.6g}  z {c.z:6.2f} {note}")
    return "\n".join(lines)


def chosen(towns: list[str], year: str) -> set[tuple[str, ...]]:
    """What the printed table shows of some towns under diversification in one year."""
    scenario = "diversification"
    items = [("summary", "TDea", s) for s in ("mean", "q250", "q500", "q750")]
    items += [("summary", "TDm", "mean"), ("summary", "unemployment", "q750"), ("paired", "TDea", "mean")]
    items += [("classes", "TDea", "average"), ("choice", scenario, "lead_share"), ("split", "enterprise", "mean")]
    items += [("first_passage", "leaves_monotown", "first_in_year"), ("paired", "unemployed", "better")]
    return {(table, town, scenario, year, item, s) for town in towns for table, item, s in items}
