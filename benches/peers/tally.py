"""Streaming tallies in NumPy: moments, histograms, classes, votes and leaders, pairs; and what they say in the end."""

import numpy as np

from case import Case
from law import inverse
from layout import BINS, PARTS, Edges, Layout, split


class Tally:
    """Counts and sums of all towns; arrays are [town, year, thing, scenario, ...]."""

    def __init__(self, case: Case, layout: Layout, edges: Edges | None = None, pairs: Edges | None = None):
        self.case, self.layout, self.edges, self.pair_edges, self.runs = case, layout, edges, pairs, 0
        cells = lambda things, *rest: (len(case.towns), len(case.years), things, len(case.scenarios), *rest)
        q, p = len(layout.quantities), len(layout.paired)
        self.centre = edges.centre if edges else np.zeros(cells(q))
        self.pair_centre = pairs.centre if pairs else np.zeros(cells(p))
        self.sums = np.zeros((2, *cells(q)))
        self.axis_sums = np.zeros((2, *cells(q)))
        self.extremes = np.stack([np.full(cells(q), np.inf), np.full(cells(q), -np.inf)])
        self.parts = np.zeros((2, *cells(len(PARTS))))
        self.above = np.zeros(cells(sum(len(b) for b in layout.bounds)), np.int64)
        self.leaders = np.zeros(cells(1, (len(layout.scales) + 1) << layout.candidates), np.int64)
        self.votes = np.zeros(cells(layout.candidates), np.int64)
        self.reached = np.zeros(cells(len(layout.outcomes)), np.int64)
        self.pair_sums = np.zeros((2, *cells(p)))
        self.pair_extremes = np.stack([np.full(cells(p), np.inf), np.full(cells(p), -np.inf)])
        self.better = np.zeros((2, *cells(p)), np.int64)
        bins = BINS if edges else 0
        self.histogram = np.zeros(cells(q, bins), np.int32)
        self.pair_histogram = np.zeros(cells(p, bins), np.int32)
        self.offset = (np.arange(len(case.scenarios)) * BINS)[:, None]

    def add(self, town: int, t: int, values: dict, state) -> None:
        """Adds a block of runs of one town and year: rows of shape (1, scenario, run)."""
        layout, cell = self.layout, (town, t)
        for k, quantity in enumerate(layout.quantities):
            row, axis = values[quantity][0], layout.axis(values, quantity)[0]
            if row.shape[0] == 1:
                row = axis = np.repeat(row, len(self.case.scenarios), axis=0)
            self._add_row(cell, k, row)
            if self.edges is None:
                self.axis_sums[0][cell][k] += axis.sum(1)
                self.axis_sums[1][cell][k] += np.einsum("sn,sn->s", axis, axis)
            else:
                self._count(self.histogram[cell][k], self.edges, (*cell, k), axis)
        for k, part in enumerate(split(layout, values, state, self.case.drivers)):
            part = part[0] if np.ndim(part) == 3 else np.zeros((1, 1))
            self.parts[0][cell][k] += part.sum(1)
            self.parts[1][cell][k] += np.einsum("sn,sn->s", part, part)
        self._add_classes(cell, values)
        for k, row in enumerate(values.get("reached", [])):
            self.reached[cell][k] += np.count_nonzero(row[0], axis=1)
        self._add_pairs(cell, values)

    def _add_row(self, cell: tuple, k: int, row: np.ndarray) -> None:
        shifted = row - self.centre[cell][k][:, None]
        self.sums[0][cell][k] += shifted.sum(1)
        self.sums[1][cell][k] += np.einsum("sn,sn->s", shifted, shifted)
        low, high = self.extremes[0][cell][k], self.extremes[1][cell][k]
        np.minimum(low, row.min(1), out=low)
        np.maximum(high, row.max(1), out=high)

    def _count(self, into: np.ndarray, edges: Edges, place: tuple, axis: np.ndarray) -> None:
        position = axis - edges.low[place][:, None]
        position *= edges.inverse[place][:, None]
        np.clip(position, 0, BINS - 1, out=position)
        bins = position.astype(np.int64)
        bins += self.offset
        into += np.bincount(bins.ravel(), minlength=into.size).reshape(into.shape)

    def _add_classes(self, cell: tuple, values: dict) -> None:
        layout, bound = self.layout, 0
        packed = np.zeros((), np.int32)
        for (symbol, _), bounds, votes in zip(layout.scales, layout.bounds, layout.votes, strict=True):
            x = np.broadcast_to(values[symbol][0], values[layout.part][0].shape)
            classes = np.zeros(x.shape, np.int8)
            for b in bounds:
                above = x > b
                self.above[cell][bound] += np.count_nonzero(above, axis=1)
                classes += above
                bound += 1
            packed = packed + votes[classes]
        counts = (packed >> layout.shifts[:, None, None]) & 255
        self.votes[cell] += counts.sum(2)
        best = counts.max(0)
        leads = counts == best
        second = np.where(leads, np.int32(0), counts).max(0)
        margin = np.where(leads.sum(0) == 1, best - second, 0)
        leaders = (leads << np.arange(layout.candidates)[:, None, None]).sum(0)
        code = (margin << layout.candidates) + leaders
        for s, row in enumerate(code):
            self.leaders[cell][0, s] += np.bincount(row, minlength=self.leaders.shape[-1])

    def _add_pairs(self, cell: tuple, values: dict) -> None:
        layout = self.layout
        for k, quantity in enumerate(layout.paired):
            row = values[quantity][0]
            difference = row - row[self.case.reference] if row.shape[0] > 1 else np.zeros((len(self.case.scenarios), 1))
            shifted = difference - self.pair_centre[cell][k][:, None]
            self.pair_sums[0][cell][k] += shifted.sum(1)
            self.pair_sums[1][cell][k] += np.einsum("sn,sn->s", shifted, shifted)
            low, high = self.pair_extremes[0][cell][k], self.pair_extremes[1][cell][k]
            np.minimum(low, difference.min(1), out=low)
            np.maximum(high, difference.max(1), out=high)
            wins = difference < 0 if layout.lower_is_better[k] else difference > 0
            self.better[0][cell][k] += np.count_nonzero(wins, axis=1)
            self.better[1][cell][k] += np.count_nonzero(difference == 0, axis=1)
            if self.pair_edges is not None:
                self._count(self.pair_histogram[cell][k], self.pair_edges, (*cell, k), difference)

    def edges_for_a_run(self) -> tuple[Edges, Edges]:
        """What a pilot's tally says about where the real one's histograms should lie."""

        def around(centre: np.ndarray, sums: np.ndarray, origin: np.ndarray) -> Edges:
            mean = sums[0] / self.runs
            sd = np.sqrt(np.maximum(sums[1] / self.runs - mean**2, 0.0))
            return Edges.around(centre, mean + origin, sd)

        zero = np.zeros_like(self.pair_sums[0])
        return (
            around(self.sums[0] / self.runs, self.axis_sums, np.zeros_like(self.sums[0])),
            around(self.pair_sums[0] / self.runs, self.pair_sums, zero),
        )


def quantiles(counts: np.ndarray, edges: Edges, probabilities: list[float]) -> np.ndarray:
    """Positions on the axis below which a share of the runs lies, by interpolation within bins; the last index."""
    below = np.concatenate([np.zeros((*counts.shape[:-1], 1)), np.cumsum(counts, axis=-1)], axis=-1)
    found = []
    for p in probabilities:
        target = p * below[..., -1:]
        k = np.clip((below < target).sum(-1, keepdims=True) - 1, 0, BINS - 1)
        start = np.take_along_axis(below, k, -1)
        inside = np.take_along_axis(counts, k, -1)
        share = np.clip((target - start) / np.maximum(inside, 1), 0.0, 1.0)
        found.append(edges.low + (k + share)[..., 0] / edges.inverse)
    return np.stack(found, axis=-1)


def to_values(case: Case, layout: Layout, positions: np.ndarray) -> np.ndarray:
    """Positions on the axes of the quantities (third index) as values."""
    values = positions.copy()
    for k, quantity in enumerate(layout.quantities):
        if quantity in case.drivers:
            values[:, :, k] = inverse(np, case.links[case.drivers.index(quantity)], positions[:, :, k])
    return values
