"""The laws of towns, worked out once from a case: planned mono-profile degree, exposures, cross-impacts, events.

A `Group` is some towns side by side; its arrays are shaped (town, scenario or 1, run or 1), so that they combine with
rows of shape (town, scenario, run). NumPy takes town after town, JAX and the workbenches all at once.
"""

from dataclasses import dataclass

import numpy as np

from case import Case
from formula import compiled, names

LOG, LOGIT, IDENTITY = 0, 1, 2


@dataclass
class EventLaw:
    """An event of a group; a town in which it cannot happen has probability 0."""

    id: str
    probability: np.ndarray  # (town, scenario, 1)
    once: bool
    bound: np.ndarray | None  # price level below which it is `multiplier` times as likely, (town, 1, 1)
    multiplier: float
    steps: list[tuple[int, float]]
    shocks: list[tuple[int, float]]
    switches: list[tuple[str, float]]


def link(kind: int, x: np.ndarray) -> np.ndarray:
    return x if kind == IDENTITY else np.log(x if kind == LOG else x / (100.0 - x))


def inverse(xp, kind: int, z):
    if kind == LOG:
        return xp.exp(z)
    return z if kind == IDENTITY else 100.0 / (1.0 + xp.exp(-z))


class Group:
    """Towns of a case, by their places in it."""

    def __init__(self, case: Case, towns: list[int]):
        self.case, self.towns = case, towns
        self.mix = case.mix[towns]
        low, mode, high = np.moveaxis(case.inputs[towns], 2, 0)
        self.low, self.mode, self.high = low, mode, high
        self.drawn = [i for i in range(len(case.symbols)) if (low[:, i] < high[:, i]).any()]
        self.base = self._base_drivers()
        log_like = np.array([k in (LOG, LOGIT) for k in case.links])
        logit = np.array([k == LOGIT for k in case.links])
        self.frozen = (log_like & (self.base <= 0)) | (logit & (self.base >= 100))
        self.population = np.array([case.levels[t]["population"] for t in towns])[:, None, None]
        alive = ~self.frozen[:, None, :]
        self.shift, self.shift_sd = case.shift[towns] * alive, case.shift_sd[towns] * alive
        self.tau = case.tau[:, towns]
        mono = self._mono()
        self.exposure = np.where(case.exposure_by_mono, mono[..., None], 1.0) * case.exposure * alive
        self.cross = self._cross(mono)
        factor = np.linalg.cholesky(case.correlation) * case.sigma[:, None]
        self.region_factor = factor * np.sqrt(case.regional_share)[:, None]
        self.town_factor = factor * np.sqrt(1.0 - case.regional_share)[:, None]
        self.events = self._events()
        self.moving = sorted({d for e in self.events for d, _ in e.steps})

    def _base_drivers(self) -> np.ndarray:
        """Base values with missing inputs at their mode, [town, driver]."""
        v = {s: self.mode[:, i] for i, s in enumerate(self.case.symbols)} | self.levels()
        return np.stack([compiled(f, np)(v) for f in self.case.base_formulas], axis=1)

    def levels(self) -> dict[str, np.ndarray]:
        """Base levels by name, [town]."""
        ids = dict.fromkeys(level for t in self.towns for level in self.case.levels[t])
        return {level: np.array([self.case.levels[t][level] for t in self.towns]) for level in ids}

    def _mono(self) -> np.ndarray:
        """Planned mono-profile degree, [year, town, scenario]."""
        case = self.case
        formula = case.method["mono_degree"]
        symbols = {s["symbol"]: s for s in case.method["sub_indicator"]}
        degrees = []
        for y in range(len(case.years)):
            v: dict = {}
            for i, driver in enumerate(case.drivers):
                base = self.base[:, None, i]
                with np.errstate(divide="ignore"):
                    z = link(case.links[i], base) + self.tau[y, :, :, i] * self.shift[:, :, i]
                v[driver] = np.where(self.frozen[:, None, i], base, inverse(np, case.links[i], z))
                v[f"base.{driver}"] = base
            for r, index in enumerate(case.indices):
                v[f"region.{index}"] = np.exp(case.index_tau[y, r] * case.index_shift[r])
            v |= {f"base.{s}": self.mode[:, None, i] for i, s in enumerate(case.symbols)}
            for symbol in names(formula):
                v[symbol] = compiled(symbols[symbol]["formula"], np)(v)
            degrees.append(np.clip(compiled(formula, np)(v), 0.0, 1.0))
        return np.array(degrees)

    def _cross(self, mono: np.ndarray) -> list[tuple[int, int, np.ndarray]]:
        """(to, from, what a departure last year adds [year, town, scenario])."""
        impacts = []
        for source, target, effect, by_mono in self.case.cross_impacts:
            alive = ~(self.frozen[:, source] | self.frozen[:, target])[:, None]
            speed = 1.0 - self.case.persistence[target]
            impacts.append((target, source, speed * effect * alive * (mono if by_mono else np.ones_like(mono))))
        return impacts

    def _events(self) -> list[EventLaw]:
        case = self.case
        laws = []
        for event in case.events:
            here = np.array([event.towns[t] for t in self.towns])
            if not here.any():
                continue
            bound = None
            if event.price_below is not None:
                gap = self.mix @ (case.ln_base - case.ln_level)
                bound = (np.log(event.price_below) - gap)[:, None, None]
            assert not any(self.frozen[:, d].any() for d, _ in event.steps + event.shocks), "not needed by the case"
            laws.append(
                EventLaw(
                    id=event.id,
                    probability=(here[:, None] * event.probability)[:, :, None],
                    once=event.once,
                    bound=bound,
                    multiplier=event.multiplier,
                    steps=event.steps,
                    shocks=event.shocks,
                    switches=event.switches,
                )
            )
        return laws
