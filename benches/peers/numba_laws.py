"""Laws and sums of a town as arrays, the form in which Numba takes them."""

from typing import NamedTuple

import numpy as np

from case import Case
from law import Group
from layout import Layout
from tally import Tally

STEP, SHOCK, SWITCH = 0, 1, 2
# No infinities: fastmath takes it that there are none.
HUGE = 1e300


class TownLaw(NamedTuple):
    """A town's law as arrays; tau and exposure [year, driver, scenario], cross [year, impact, scenario]."""

    mix: np.ndarray
    tau: np.ndarray
    exposure: np.ndarray
    cross: np.ndarray
    cross_to: np.ndarray
    cross_from: np.ndarray
    persistence: np.ndarray
    links: np.ndarray
    frozen: np.ndarray
    frozen_base: np.ndarray
    probability: np.ndarray
    once: np.ndarray
    bound: np.ndarray
    multiplier: np.ndarray
    effects: np.ndarray  # rows (event, kind, target, value)
    lasting: np.ndarray
    unless: np.ndarray
    part: int
    rest: int
    reference: int


class Sums(NamedTuple):
    """The arrays of a tally for one town, and the tables of its layout."""

    sums: np.ndarray
    extremes: np.ndarray
    histogram: np.ndarray
    centre: np.ndarray
    low: np.ndarray
    inverse: np.ndarray
    pair_sums: np.ndarray
    pair_extremes: np.ndarray
    pair_histogram: np.ndarray
    pair_centre: np.ndarray
    pair_low: np.ndarray
    pair_inverse: np.ndarray
    better: np.ndarray
    parts: np.ndarray
    above: np.ndarray
    votes: np.ndarray
    leaders: np.ndarray
    reached: np.ndarray
    paired: np.ndarray
    lower_is_better: np.ndarray
    link_of: np.ndarray
    scale_bounds: np.ndarray  # [scale, class], huge beyond the last
    scale_votes: np.ndarray  # [scale, class, candidate]


def town_law(case: Case, layout: Layout, group: Group) -> TownLaw:
    """The law of a group of one town."""
    rows = lambda a: np.ascontiguousarray(np.moveaxis(a[:, 0], -1, 1))
    effects = []
    for e, event in enumerate(group.events):
        effects += [(e, STEP, d, shift) for d, shift in event.steps]
        effects += [(e, SHOCK, d, shift) for d, shift in event.shocks]
        effects += [(e, SWITCH, case.switches.index(s), value) for s, value in event.switches]
    ids = [event.id for event in group.events]
    unless = [ids.index(u) if (u := f.get("unless_event")) in ids else -1 for f in case.method["first_passage"]]
    return TownLaw(
        mix=group.mix[0],
        tau=rows(group.tau),
        exposure=rows(group.exposure),
        cross=np.stack([c[:, 0] for _, _, c in group.cross], axis=1),
        cross_to=np.array([to for to, _, _ in group.cross]),
        cross_from=np.array([source for _, source, _ in group.cross]),
        persistence=case.persistence,
        links=np.array(case.links),
        frozen=group.frozen[0],
        frozen_base=group.base[0],
        probability=np.array([e.probability[0, :, 0] for e in group.events]),
        once=np.array([e.once for e in group.events]),
        bound=np.array([-HUGE if e.bound is None else e.bound[0, 0, 0] for e in group.events]),
        multiplier=np.array([e.multiplier for e in group.events]),
        effects=np.array(effects, float),
        lasting=np.array([f.get("lasting", 1) for f in case.method["first_passage"]], float),
        unless=np.array(unless),
        part=case.drivers.index(layout.part),
        rest=case.drivers.index(layout.rest),
        reference=case.reference,
    )


def town_sums(case: Case, layout: Layout, tally: Tally, town: int) -> Sums:
    """The arrays of one town."""
    classes = max(len(b) for b in layout.bounds) + 1
    bounds = np.array([[*b, *[HUGE] * (classes - len(b))] for b in layout.bounds])
    votes = np.zeros((len(layout.bounds), classes, layout.candidates), np.int64)
    for k, (_, scale) in enumerate(layout.scales):
        for c, level in enumerate(scale):
            votes[k, c, [case.scenarios.index(s) for s in level["votes"]]] = 1
    edges, pairs = tally.edges, tally.pair_edges
    return Sums(
        sums=tally.sums[:, town],
        extremes=tally.extremes[:, town],
        histogram=tally.histogram[town],
        centre=tally.centre[town],
        low=edges.low[town],
        inverse=edges.inverse[town],
        pair_sums=tally.pair_sums[:, town],
        pair_extremes=tally.pair_extremes[:, town],
        pair_histogram=tally.pair_histogram[town],
        pair_centre=tally.pair_centre[town],
        pair_low=pairs.low[town],
        pair_inverse=pairs.inverse[town],
        better=tally.better[:, town],
        parts=tally.parts[:, town],
        above=tally.above[town],
        votes=tally.votes[town],
        leaders=tally.leaders[town],
        reached=tally.reached[town],
        paired=np.array(layout.paired_places),
        lower_is_better=layout.lower_is_better,
        link_of=np.array([case.drivers.index(q) if q in case.drivers else -1 for q in layout.quantities]),
        scale_bounds=bounds,
        scale_votes=votes,
    )
