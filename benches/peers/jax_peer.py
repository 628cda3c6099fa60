"""JAX: the shared array model traced and compiled for a town and a block of runs, years in a scan."""

import os

import numpy as np

os.environ.setdefault("JAX_PLATFORMS", "cpu")
import jax
import jax.numpy as jnp

from case import Case
from law import Group
from layout import BINS, Layout, split
from model import Model, World, draw_start, draw_world
from numpy_peer import NumpyPeer
from tally import Tally

jax.config.update("jax_enable_x64", True)
BLOCK = 4096


class Draws:
    """Draws from a key that is split at every call, so that tracing gives each call its own."""

    def __init__(self, key, dtype):
        self.key, self.dtype = key, dtype

    def _next(self):
        self.key, key = jax.random.split(self.key)
        return key

    def normal(self, shape: tuple):
        return jax.random.normal(self._next(), shape, self.dtype)

    def uniform(self, shape: tuple):
        return jax.random.uniform(self._next(), shape, self.dtype)


def count(axis, low, inverse):
    """Histograms of rows [thing, scenario, run]: [thing, scenario, bin]."""
    bins = jnp.clip((axis - low[..., None]) * inverse[..., None], 0, BINS - 1).astype(jnp.int32)
    things, scenarios, _ = axis.shape
    offset = (jnp.arange(things * scenarios, dtype=jnp.int32) * BINS).reshape(things, scenarios, 1)
    counts = jnp.zeros(things * scenarios * BINS, jnp.int32)
    counts = counts.at[(bins + offset).ravel()].add(1, mode="promise_in_bounds")
    return counts.reshape(things, scenarios, BINS)


class JaxPeer:
    """Runs in blocks; `run(n)` adds n runs to the tally."""

    def __init__(self, case: Case, seed: int = 3, dtype=jnp.float64):
        self.case, self.layout, self.dtype = case, Layout(case), dtype
        self.groups = [Group(case, [t]) for t in range(len(case.towns))]
        pilot = NumpyPeer(case, seed=seed + 1000)
        self.tally = Tally(case, self.layout, pilot.tally.edges, pilot.tally.pair_edges)
        self.key, self.blocks = jax.random.key(seed, impl="rbg"), 0
        self.world = jax.jit(self._world)
        self.towns = [
            jax.jit(lambda key, world, g=g, t=t: self._town(key, world, g, t)) for t, g in enumerate(self.groups)
        ]
        self._block()  # compiles
        self.tally = Tally(case, self.layout, pilot.tally.edges, pilot.tally.pair_edges)

    def run(self, runs: int) -> None:
        for _ in range(runs // BLOCK):
            self._block()
        self.tally.runs += runs // BLOCK * BLOCK

    def _block(self) -> None:
        keys = jax.random.split(jax.random.fold_in(self.key, self.blocks), len(self.groups) + 1)
        self.blocks += 1
        world = self.world(keys[0])
        for t, town in enumerate(self.towns):
            self._merge(t, town(keys[t + 1], world))

    def _cast(self, tree):
        return jax.tree.map(lambda x: x.astype(self.dtype) if jnp.issubdtype(x.dtype, jnp.floating) else x, tree)

    def _world(self, key) -> World:
        years = draw_world(jnp, self.groups[0], Draws(key, self.dtype), BLOCK)
        return self._cast(World(*(jnp.stack(part) for part in zip(*years, strict=True))))

    def _town(self, key, world: World, group: Group, town: int) -> tuple:
        """Counts and sums of all years of one town."""
        model, years = Model(jnp, group), len(self.case.years)
        start_key, key = jax.random.split(key)
        state = self._cast(draw_start(jnp, group, Draws(start_key, self.dtype), BLOCK))
        first = jax.tree.map(lambda x: x[0], world)
        laws = [model.year(t) for t in range(years)]
        edges = (self.tally.edges, self.tally.pair_edges)
        edges = self._cast([tuple(jnp.asarray(a[town]) for a in (e.centre, e.low, e.inverse)) for e in edges])
        state, values = model.start(state, first)
        base = self._observe(values, state, jax.tree.map(lambda a: a[0], edges), 0)

        def step(carry, year):
            state, key = carry
            world, law, edges = year
            key, now = jax.random.split(key)
            state, values = model.step(state, world, law, Draws(now, self.dtype))
            return (self._cast(state), key), self._observe(values, state, edges, 1)

        laws = self._cast(tuple(jnp.stack(part) for part in zip(*laws[1:], strict=True)))
        rest = jax.tree.map(lambda x: x[1:], (world, edges))
        _, others = jax.lax.scan(step, (self._cast(state), key), (rest[0], laws, rest[1]))
        return jax.tree.map(lambda a, b: jnp.concatenate([a[None], b]), base, others)

    def _observe(self, values: dict, state, edges: list, t: int) -> dict:
        layout, case = self.layout, self.case
        (centre, low, inverse), (pair_centre, pair_low, pair_inverse) = edges
        shape = (len(case.scenarios), BLOCK)
        row = lambda x: jnp.broadcast_to(jnp.asarray(x, self.dtype)[0], shape)
        rows = jnp.stack([row(values[q]) for q in layout.quantities])
        axis = jnp.stack([row(layout.axis(values, q)) for q in layout.quantities])
        shifted = rows - centre[..., None]
        flat = lambda x: row(x) if jnp.ndim(x) == 3 else jnp.zeros(shape, self.dtype)
        parts = jnp.stack([flat(x) for x in split(layout, values, state, case.drivers)])
        pairs = rows[jnp.array(layout.paired_places)]
        pairs = pairs - pairs[:, case.reference, None]
        pair_shifted = pairs - pair_centre[..., None]
        lower = jnp.asarray(layout.lower_is_better)[:, None, None]
        above, packed = [], 0
        for k, (bounds, votes) in enumerate(zip(layout.bounds, layout.votes, strict=True)):
            exceeded = rows[k] > jnp.asarray(bounds)[:, None, None]
            above.append(exceeded.sum(-1, dtype=jnp.int32))
            packed = packed + jnp.asarray(votes)[exceeded.sum(0, dtype=jnp.int32)]
        counts = (packed >> jnp.asarray(layout.shifts)[:, None, None]) & 255
        best = counts.max(0)
        leads = counts == best
        second = jnp.where(leads, 0, counts).max(0)
        margin = jnp.where(leads.sum(0) == 1, best - second, 0)
        code = (margin << layout.candidates) + (leads << jnp.arange(layout.candidates)[:, None, None]).sum(0)
        outcomes = self.tally.leaders.shape[-1]
        code = code + jnp.arange(len(case.scenarios))[:, None] * outcomes
        leaders = jnp.zeros(len(case.scenarios) * outcomes, jnp.int32).at[code.ravel()].add(1)
        reached = values.get("reached", [jnp.zeros((1, *shape), bool)] * len(layout.outcomes))
        return {
            "sums": jnp.stack([shifted.sum(-1), (shifted**2).sum(-1)]),
            "extremes": jnp.stack([rows.min(-1), rows.max(-1)]),
            "histogram": count(axis, low, inverse),
            "parts": jnp.stack([parts.sum(-1), (parts**2).sum(-1)]),
            "above": jnp.concatenate(above),
            "votes": counts.sum(-1),
            "leaders": leaders.reshape(1, len(case.scenarios), outcomes),
            "reached": jnp.stack([r[0].sum(-1, dtype=jnp.int32) for r in reached]),
            "pair_sums": jnp.stack([pair_shifted.sum(-1), (pair_shifted**2).sum(-1)]),
            "pair_extremes": jnp.stack([pairs.min(-1), pairs.max(-1)]),
            "pair_histogram": count(pairs, pair_low, pair_inverse),
            "better": jnp.stack([jnp.where(lower, pairs < 0, pairs > 0).sum(-1), (pairs == 0).sum(-1)]),
        }

    def _merge(self, town: int, found: dict) -> None:
        """Adds a block's sums, [year, ...], to the tally."""
        for name, array in found.items():
            into, block = getattr(self.tally, name), np.asarray(array)
            if name in ("sums", "parts", "pair_sums", "better"):
                into[:, town] += np.moveaxis(block, 1, 0)
            elif name in ("extremes", "pair_extremes"):
                np.minimum(into[0, town], block[:, 0], out=into[0, town])
                np.maximum(into[1, town], block[:, 1], out=into[1, town])
            else:
                into[town] += block


class Jax32Peer(JaxPeer):
    """The same in single precision, JAX's own default."""

    def __init__(self, case: Case):
        super().__init__(case, seed=4, dtype=jnp.float32)
