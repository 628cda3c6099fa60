"""The case from its files: names, numbers and formulas as they stand there, towns and drivers in arrays.

Nothing of boljam is used: the files are read anew, by the rules of docs/data-formats.md.
"""

import csv
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

LINKS = {"log": 0, "logit": 1, "identity": 2}


@dataclass
class Event:
    """A row of events.csv."""

    id: str
    towns: list[bool]
    probability: np.ndarray  # by scenario
    once: bool
    price_below: float | None
    multiplier: float
    steps: list[tuple[int, float]] = field(default_factory=list)
    shocks: list[tuple[int, float]] = field(default_factory=list)
    switches: list[tuple[str, float]] = field(default_factory=list)


class Case:
    """A case folder. Arrays are over towns T, scenarios S, drivers K, commodities C, indices R."""

    def __init__(self, folder: Path):
        self.folder = folder
        head = self._toml("case.toml")
        self.years = list(range(head["base_year"], head["horizon"] + 1))
        self.base_year = head["base_year"]
        self.scenarios = head["scenarios"]
        self.reference = self.scenarios.index(head["reference"])
        self.plan_correlation = head["plan_correlation"]
        self.smooth = head["plan_shape"] == "smoothstep"
        self.commodities = [c["id"] for c in head["commodity"]]
        self.towns = [t["id"] for t in head["town"]]
        self.mix = np.array([self._weights(t["mix"]) for t in head["town"]])
        region = self._weights(head["region"]["mix"])
        self.region_mix = region / region.sum()
        self.method = self._toml("method.toml")
        self.symbols = [s["symbol"] for s in self.method["sub_indicator"]]
        self.switches = [s["symbol"] for s in self.method["sub_indicator"] if s.get("switch", False)]
        self._read_drivers()
        self._read_inputs()
        self._read_plans()
        self._read_region()
        self._read_prices()
        self.events = [self._event(row) for row in sorted(self._csv("events.csv"), key=lambda r: r["event"])]

    def _toml(self, name: str) -> dict:
        return tomllib.loads((self.folder / name).read_text(encoding="utf-8"))

    def _csv(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _column(self, rows: list[dict[str, str]], name: str) -> np.ndarray:
        return np.array([float(row[name]) for row in rows])

    def _weights(self, mix: dict[str, float]) -> np.ndarray:
        return np.array([mix.get(c, 0.0) for c in self.commodities])

    def _matrix(self, name: str, ids: list[str]) -> np.ndarray:
        matrix = np.eye(len(ids))
        for row in self._csv(name):
            a, b = ids.index(row["a"]), ids.index(row["b"])
            matrix[a, b] = matrix[b, a] = float(row["correlation"])
        return matrix

    def _read_drivers(self) -> None:
        rows = self._csv("drivers.csv")
        self.drivers = [row["driver"] for row in rows]
        self.links = [LINKS[row["link"]] for row in rows]
        self.base_formulas = [row["base"] for row in rows]
        self.sigma, self.persistence, self.exposure, self.regional_share = (
            self._column(rows, c) for c in ("sigma", "persistence", "price_exposure", "regional_share")
        )
        self.exposure_by_mono = [row["exposure_scale"] == "mono" for row in rows]
        self.correlation = self._matrix("correlations.csv", self.drivers)
        self.cross_impacts = [
            (
                self.drivers.index(r["from"]),
                self.drivers.index(r["to"]),
                float(r["long_run_effect"]),
                r["scale"] == "mono",
            )
            for r in self._csv("cross_impacts.csv")
        ]

    def _read_inputs(self) -> None:
        """Low, mode and high of every sub-indicator of every town; equal where it is known."""
        self.inputs = np.full((len(self.towns), len(self.symbols), 3), np.nan)
        for name, columns in (("assessment.csv", ["value"] * 3), ("missing.csv", ["low", "mode", "high"])):
            for row in self._csv(name):
                place = self.towns.index(row["town"]), self.symbols.index(row["symbol"])
                self.inputs[place] = [float(row[c]) for c in columns]
        assert not np.isnan(self.inputs).any()
        self.levels: list[dict[str, float]] = [{} for _ in self.towns]
        for row in self._csv("base_levels.csv"):
            self.levels[self.towns.index(row["town"])][row["level"]] = float(row["value"])

    def reached(self, start: int, by: int) -> np.ndarray:
        """Share of a plan reached in each year."""
        s = np.clip((np.array(self.years) - start) / (by - start), 0.0, 1.0)
        return s * s * (3.0 - 2.0 * s) if self.smooth else s

    def _read_plans(self) -> None:
        """shift and sd of Delta [T, S, K], tau [Y, T, S, K]."""
        shape = (len(self.towns), len(self.scenarios), len(self.drivers))
        self.shift, self.shift_sd = np.zeros(shape), np.zeros(shape)
        self.tau = np.zeros((len(self.years), *shape))
        for s, scenario in enumerate(self.scenarios):
            file = self._toml(f"{scenario}.toml")
            for t, town in enumerate(self.towns):
                lines = file["plan"] | file.get("towns", {}).get(town, {})
                for i, driver in enumerate(self.drivers):
                    line = lines[driver]
                    value = line["add"] if "add" in line else np.log(line.get("multiple", line.get("odds")))
                    self.shift[t, s, i], self.shift_sd[t, s, i] = value, line["sd"]
                    self.tau[:, t, s, i] = self.reached(line.get("start", self.base_year), line["by"])

    def _read_region(self) -> None:
        rows = self._csv("region.csv")
        self.indices = [row["index"] for row in rows]
        self.index_shift = np.log(self._column(rows, "multiple"))
        self.index_shift_sd, self.index_sigma, self.index_persistence, self.index_exposure = (
            self._column(rows, c) for c in ("sd", "sigma", "persistence", "price_exposure")
        )
        self.index_tau = np.array([self.reached(self.base_year, int(row["by"])) for row in rows]).T

    def _read_prices(self) -> None:
        law = self._toml("prices.toml")
        assert law["process"] == "mixture" and law["degrees_of_freedom"] == 5
        self.walk, self.scale_floor = law["walk"], law["scale_floor"]
        self.drift = np.log(1.0 + law["inflation"])
        rows = {row["commodity"]: row for row in self._csv("price_process.csv")}
        ordered = [rows[c] for c in self.commodities]
        self.reversion, self.sd_reverting, self.sd_walk, level, self.level_se = (
            self._column(ordered, c) for c in ("reversion", "sd_reverting", "sd_walk", "level", "level_se")
        )
        self.ln_level = np.log(level)
        self.price_correlation = self._matrix("price_correlations.csv", self.commodities)
        observed = {(r["commodity"], int(r["year"])): r for r in self._csv("price_history.csv")}
        last = max(year for _, year in observed)
        average = lambda year: np.log([float(observed[c, year]["average"]) for c in self.commodities])
        self.ln_base = average(self.base_year)
        self.given = [average(year) - self.ln_base for year in self.years if year <= last]
        self.start = np.log([float(observed[c, last]["december"]) for c in self.commodities])

    def _event(self, row: dict[str, str]) -> Event:
        towns = row["towns"].split()
        event = Event(
            id=row["event"],
            towns=[towns == ["all"] or t in towns for t in self.towns],
            probability=np.array([float(row[s]) for s in self.scenarios]),
            once=row["once"] == "yes",
            price_below=float(row["trigger_price_below"]) if row["trigger_price_below"] else None,
            multiplier=float(row["trigger_multiplier"] or 1.0),
        )
        for effect in row["effect"].split(";"):
            kind, what, value = effect.split()
            if kind == "switch":
                event.switches.append((what, float(value)))
            else:
                into = event.steps if kind == "plan" else event.shocks
                into.append((self.drivers.index(what), float(value)))
        return event
