"""NumPy, blocked as a good researcher would: blocks of runs, town after town, all scenarios at once."""

import numpy as np

from case import Case
from law import Group
from layout import Layout
from model import Model, draw_start, draw_world
from tally import Tally

BLOCK = 1024
PILOT = 4096


class Draws:
    """NumPy's fastest generator."""

    def __init__(self, seed: np.random.SeedSequence):
        self.generator = np.random.Generator(np.random.SFC64(seed))

    def normal(self, shape: tuple) -> np.ndarray:
        return self.generator.standard_normal(shape)

    def uniform(self, shape: tuple) -> np.ndarray:
        return self.generator.random(shape)


class NumpyPeer:
    """Runs in blocks; `run(n)` adds n runs to the tally."""

    def __init__(self, case: Case, seed: int = 1):
        self.case, self.layout = case, Layout(case)
        self.groups = [Group(case, [t]) for t in range(len(case.towns))]
        self.models = [Model(np, group) for group in self.groups]
        self.seeds = np.random.SeedSequence(seed)
        self.tally = Tally(case, self.layout)
        self.run(PILOT)
        self.tally = Tally(case, self.layout, *self.tally.edges_for_a_run())

    def run(self, runs: int) -> None:
        for seed in self.seeds.spawn(runs // BLOCK):
            self._block(Draws(seed))
        self.tally.runs += runs // BLOCK * BLOCK

    def _block(self, draws: Draws) -> None:
        worlds = draw_world(np, self.groups[0], draws, BLOCK)
        for town, (group, model) in enumerate(zip(self.groups, self.models, strict=True)):
            state, values = model.start(draw_start(np, group, draws, BLOCK), worlds[0])
            self.tally.add(town, 0, values, state)
            for t in range(1, len(worlds)):
                state, values = model.step(state, worlds[t], model.year(t), draws)
                self.tally.add(town, t, values, state)
