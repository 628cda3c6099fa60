"""What is kept of the runs: quantities, scales, pairs, parts of the split, and where histograms lie."""

from dataclasses import dataclass

import numpy as np

from case import Case
from formula import names

BINS = 512


class Layout:
    """Names and tables that tallies share, in the order in which boljam keeps them."""

    def __init__(self, case: Case):
        method = case.method
        self.scales = [(c["symbol"], c["scale"]) for c in method["composite"] if "scale" in c]
        composites = [symbol for symbol, _ in self.scales]
        tracked = [s["symbol"] for s in method["sub_indicator"] if s.get("tracked")]
        persons = [p["id"] for p in method["persons"]]
        # Composites of switches alone take a few values: their quantiles say nothing, their classes all.
        formulas = {c["symbol"]: c["formula"] for c in method["composite"]}
        self.discrete = [c for c in composites if all(n in case.switches for n in names(formulas[c]))]
        self.quantities = [*composites, *case.drivers, *tracked, "population", *persons]
        self.paired = [*composites, "unemployment", "population", *persons]
        self.paired_places = [self.quantities.index(q) for q in self.paired]
        better = {c["symbol"]: c["better"] for c in method["composite"]} | {
            p["id"]: p["better"] for p in method["persons"]
        }
        better |= {"unemployment": "lower", "population": "higher"}
        self.lower_is_better = np.array([better[q] == "lower" for q in self.paired])
        self.bounds = [np.array([c["to"] for c in scale[:-1]], float) for _, scale in self.scales]
        self.candidates = len(case.scenarios)
        # Votes of each class, a byte a candidate.
        self.votes = [
            np.array([sum(1 << 8 * case.scenarios.index(s) for s in c["votes"]) for c in scale], np.int32)
            for _, scale in self.scales
        ]
        self.shifts = np.arange(self.candidates, dtype=np.int32) * np.int32(8)
        self.outcomes = [f["id"] for f in method["first_passage"]]
        self.part, self.rest = method["share_split"]["part"], method["share_split"]["rest"]

    def axis(self, values: dict, quantity: str):
        """What a histogram of the quantity counts: drivers on the link scale."""
        return values["links"][quantity] if quantity in values["links"] else values[quantity]


def split(layout: Layout, values: dict, state, drivers: list[str]) -> list:
    """The parts of the change of the enterprise's share, in the order of boljam's split.csv."""
    e, o = layout.part, layout.rest
    i, j = drivers.index(e), drivers.index(o)
    e0, o0, e1, o1 = values[f"base.{e}"], values[f"base.{o}"], values[e], values[o]
    share = lambda a, b: 100.0 * a / (a + b)
    before, after = share(e0, o0), share(e1, o1)
    enterprise = 0.5 * ((share(e1, o0) - before) + (after - share(e0, o1)))
    change = values["links"][e] - state.base_link[i]
    rest = values["links"][o] - state.base_link[j]
    parts = [after - before, enterprise, (after - before) - enterprise, change - rest]
    parts += [values["tau"][i] * state.delta[i], values["exposure"][i] * values["price"]]
    return [*parts, state.steps[i], state.deviation[i], -rest]


PARTS = [
    "change",
    "enterprise",
    "other",
    "logit_change",
    "logit_plan",
    "logit_price",
    "logit_events",
    "logit_deviation",
    "logit_other",
]


@dataclass
class Edges:
    """Where histograms lie and what sums are centred on, [town, year, quantity, scenario]; from a pilot."""

    centre: np.ndarray
    low: np.ndarray
    inverse: np.ndarray

    @classmethod
    def around(cls, centre: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> "Edges":
        """6.5 standard deviations and a little to either side."""
        half = np.where(sd > 0, 6.5 * sd, 1.0)
        return cls(centre, mean - half, BINS / (2.0 * half))
