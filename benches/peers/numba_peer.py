"""Numba: blocks of runs in structure-of-arrays, loops over runs inside, compiled with fastmath.

What is drawn once a run, the common world and all random numbers come from NumPy, whose generator is faster than
Numba's; the years of towns, which are nearly all of the work, are compiled.
"""

import math

import numpy as np
from numba import njit

from case import Case
from law import IDENTITY, LOG, Group
from layout import BINS, Layout
from model import draw_start, draw_world
from numba_formulas import compile_formulas
from numba_laws import HUGE, SHOCK, STEP, SWITCH, town_law, town_sums
from numpy_peer import Draws, NumpyPeer
from tally import Tally

BLOCK = 512


@njit(fastmath=True)
def happen(law, s, uniform, price, happened, steps, shock, switch, n):
    """Events of a year in scenario s."""
    shock[:] = 0.0
    for e in range(law.once.size):
        usual, bound, factor = law.probability[e, s], law.bound[e], law.multiplier[e]
        if usual == 0.0:
            continue
        for p in range(n):
            chance = usual * factor if price[p] < bound else usual
            if uniform[e, p] >= chance or (law.once[e] and happened[e, p]):
                continue
            stands = False
            for event, kind, target, value in law.effects:
                if event == e and kind == SWITCH and switch[int(target), p] == value:
                    stands = True
            if stands:
                continue
            happened[e, p] = True
            for event, kind, target, value in law.effects:
                if event == e:
                    if kind == STEP:
                        steps[int(target), p] += value
                    elif kind == SHOCK:
                        shock[int(target), p] += value
                    else:
                        switch[int(target), p] = value


@njit(fastmath=True)
def move(law, s, t, innovation, price, shock, steps, base_link, delta, deviation, departure, z, x, n):
    """Deviations, links and values of the drivers."""
    if t > 0:
        for i in range(x.shape[0]):
            phi = law.persistence[i]
            for p in range(n):
                deviation[i, p] = phi * deviation[i, p] + innovation[i, p] + shock[i, p]
        for k in range(law.cross_to.size):
            effect, i, j = law.cross[t, k, s], law.cross_to[k], law.cross_from[k]
            for p in range(n):
                deviation[i, p] += effect * departure[j, p]
    for i in range(x.shape[0]):
        tau, exposure = law.tau[t, i, s], law.exposure[t, i, s]
        for p in range(n):
            departure[i, p] = exposure * price[p] + deviation[i, p] + steps[i, p]
            z[i, p] = base_link[i, p] + tau * delta[i, p] + departure[i, p]
        if law.frozen[i]:
            x[i, :] = law.frozen_base[i]
        elif law.links[i] == LOG:
            for p in range(n):
                x[i, p] = math.exp(z[i, p])
        elif law.links[i] == IDENTITY:
            x[i, :] = z[i]
        else:
            for p in range(n):
                x[i, p] = 100.0 / (1.0 + math.exp(-z[i, p]))


@njit(fastmath=True)
def first_passage(law, condition, happened, streak, closed, reached, n):
    for k in range(law.lasting.size):
        count = 0
        for p in range(n):
            if law.unless[k] >= 0 and happened[law.unless[k], p]:
                closed[k, p] = True
            streak[k, p] = condition[k, p] * (streak[k, p] + 1.0)
            if streak[k, p] >= law.lasting[k] and not closed[k, p]:
                closed[k, p] = True
                count += 1
        reached[k] += count


@njit(fastmath=True)
def add(row, axis, centre, low, inverse, sums, extremes, histogram, n):
    """Moments, extremes and histogram of a row. `sums` and `extremes` are pairs."""
    first, second, smallest, largest = 0.0, 0.0, HUGE, -HUGE
    for p in range(n):
        d = row[p] - centre
        first += d
        second += d * d
        smallest, largest = min(smallest, row[p]), max(largest, row[p])
    sums[0] += first
    sums[1] += second
    extremes[0], extremes[1] = min(extremes[0], smallest), max(extremes[1], largest)
    for p in range(n):
        histogram[int(min(max((axis[p] - low) * inverse, 0.0), BINS - 1.0))] += 1


@njit(fastmath=True)
def vote(into, s, t, rows, counts, n):
    """Classes, votes and leaders of a block."""
    scales, candidates = into.scale_bounds.shape[0], into.scale_votes.shape[2]
    counts[:] = 0
    first = 0
    for k in range(scales):
        bounds = 0
        while into.scale_bounds[k, bounds] < HUGE:
            bounds += 1
        for p in range(n):
            level = 0
            for j in range(bounds):
                exceeds = rows[k, p] > into.scale_bounds[k, j]
                level += exceeds
                into.above[t, first + j, s] += exceeds
            for c in range(candidates):
                counts[c, p] += into.scale_votes[k, level, c]
        first += bounds
    for p in range(n):
        best, second, leaders = 0, 0, 0
        for c in range(candidates):
            into.votes[t, c, s] += counts[c, p]
            if counts[c, p] > best:
                best, second = counts[c, p], best
            elif counts[c, p] > second:
                second = counts[c, p]
        for c in range(candidates):
            leaders += (counts[c, p] == best) << c
        into.leaders[t, 0, s, ((best - second) << candidates) + leaders] += 1


@njit(fastmath=True)
def split(law, s, t, x, z, base, base_link, delta, price, steps, deviation, sums, n):
    e, o = law.part, law.rest
    for p in range(n):
        e0, o0, e1, o1 = base[e, p], base[o, p], x[e, p], x[o, p]
        before, after = 100.0 * e0 / (e0 + o0), 100.0 * e1 / (e1 + o1)
        enterprise = 0.5 * ((100.0 * e1 / (e1 + o0) - before) + (after - 100.0 * e0 / (e0 + o1)))
        rest = z[o, p] - base_link[o, p]
        values = (
            after - before,
            enterprise,
            (after - before) - enterprise,
            z[e, p] - base_link[e, p] - rest,
            law.tau[t, e, s] * delta[e, p],
            law.exposure[t, e, s] * price[p],
            steps[e, p],
            deviation[e, p],
            -rest,
        )
        for k in range(len(values)):
            sums[0, k] += values[k]
            sums[1, k] += values[k] * values[k]


@njit(fastmath=True)
def pair(into, s, t, rows, reference, difference, n):
    """Differences to the reference scenario, which came first."""
    for k in range(into.paired.size):
        wins, ties = 0, 0
        for p in range(n):
            d = rows[into.paired[k], p] - reference[k, p]
            difference[p] = d
            wins += d < 0.0 if into.lower_is_better[k] else d > 0.0
            ties += d == 0.0
        into.better[0, t, k, s] += wins
        into.better[1, t, k, s] += ties
        cell = (t, k, s)
        centre, low, inverse = into.pair_centre[cell], into.pair_low[cell], into.pair_inverse[cell]
        sums, extremes = into.pair_sums[:, t, k, s], into.pair_extremes[:, t, k, s]
        add(difference, difference, centre, low, inverse, sums, extremes, into.pair_histogram[cell], n)


def compile_town(case: Case, layout: Layout):
    """The function that takes a block of runs of one town through the years into its sums."""
    grow, outcomes = compile_formulas(case, layout)
    drivers, quantities, conditions = len(case.drivers), len(layout.quantities), len(layout.outcomes)
    pairs, candidates = len(layout.paired), layout.candidates

    @njit(fastmath=True)
    def town(law, into, prices, index, innovation, uniform, inputs, base, base_link, delta, switch, population, n):
        scenarios = delta.shape[1]
        deviation, departure = np.zeros((scenarios, drivers, n)), np.zeros((scenarios, drivers, n))
        steps, shock = np.zeros((scenarios, drivers, n)), np.zeros((drivers, n))
        happened = np.zeros((scenarios, law.once.size, n), np.bool_)
        streak, closed = np.zeros((scenarios, conditions, n)), np.zeros((scenarios, conditions, n), np.bool_)
        z, x, rows = np.empty((drivers, n)), np.empty((drivers, n)), np.empty((quantities, n))
        condition, reference = np.empty((conditions, n)), np.empty((pairs, n))
        counts, difference, price = np.empty((candidates, n), np.int64), np.empty(n), np.empty(n)
        for t in range(prices.shape[0]):
            price[:] = 0.0
            for c in range(prices.shape[1]):
                if law.mix[c] != 0.0:
                    for p in range(n):
                        price[p] += law.mix[c] * prices[t, c, p]
            for turn in range(scenarios):
                # The reference scenario first, then the others in their order.
                s = law.reference if turn == 0 else (turn - 1 if turn - 1 < law.reference else turn)
                if t > 0:
                    happen(law, s, uniform[t], price, happened[s], steps[s], shock, switch[s], n)
                d = deviation[s]
                move(law, s, t, innovation[t], price, shock, steps[s], base_link, delta[:, s], d, departure[s], z, x, n)
                if t > 0:
                    grow(x, index[t], inputs, base, switch[s], population[s], n)
                outcomes(x, index[t], inputs, base, switch[s], population[s], rows, condition, n)
                if t > 0:
                    first_passage(law, condition, happened[s], streak[s], closed[s], into.reached[t, :, s], n)
                for k in range(quantities):
                    axis = z[into.link_of[k]] if into.link_of[k] >= 0 else rows[k]
                    cell = (t, k, s)
                    centre, low, inverse = into.centre[cell], into.low[cell], into.inverse[cell]
                    sums, extremes = into.sums[:, t, k, s], into.extremes[:, t, k, s]
                    add(rows[k], axis, centre, low, inverse, sums, extremes, into.histogram[cell], n)
                split(law, s, t, x, z, base, base_link, delta[:, s], price, steps[s], d, into.parts[:, t, :, s], n)
                vote(into, s, t, rows, counts, n)
                if turn == 0:
                    for k in range(pairs):
                        reference[k] = rows[into.paired[k]]
                pair(into, s, t, rows, reference, difference, n)

    return town


class NumbaPeer:
    """Runs in blocks; `run(n)` adds n runs to the tally."""

    def __init__(self, case: Case, seed: int = 2):
        self.case, self.layout = case, Layout(case)
        self.groups = [Group(case, [t]) for t in range(len(case.towns))]
        pilot = NumpyPeer(case, seed=seed + 1000)
        self.tally = Tally(case, self.layout, pilot.tally.edges, pilot.tally.pair_edges)
        self.laws = [town_law(case, self.layout, group) for group in self.groups]
        self.sums = [town_sums(case, self.layout, self.tally, t) for t in range(len(case.towns))]
        self.town = compile_town(case, self.layout)
        self.seeds = np.random.SeedSequence(seed)
        self.run(BLOCK)

    def run(self, runs: int) -> None:
        for seed in self.seeds.spawn(runs // BLOCK):
            self._block(Draws(seed))
        self.tally.runs += runs // BLOCK * BLOCK

    def _block(self, draws: Draws) -> None:
        case, n = self.case, BLOCK
        worlds = draw_world(np, self.groups[0], draws, n)
        prices, noise, index = (np.stack(part) for part in zip(*worlds, strict=True))
        for group, law, into in zip(self.groups, self.laws, self.sums, strict=True):
            state = draw_start(np, group, draws, n)
            rows = lambda arrays: np.stack([np.broadcast_to(a[0], (1, n))[0] for a in arrays])
            scenarios = lambda arrays: np.stack([a[0] for a in arrays])
            innovation = noise.copy()
            innovation[1:] += group.town_factor @ draws.normal((len(worlds) - 1, len(case.drivers), n))
            innovation *= ~group.frozen[0][:, None]
            uniform = draws.uniform((len(worlds), len(group.events), n))
            switch = np.ascontiguousarray(np.moveaxis(scenarios([state.switches[s] for s in case.switches]), 1, 0))
            inputs, base = rows([state.inputs[s] for s in case.symbols]), rows(state.base)
            base_link, delta = rows(state.base_link), scenarios(state.delta)
            population = state.population[0]
            self.town(
                law, into, prices, index, innovation, uniform, inputs, base, base_link, delta, switch, population, n
            )
