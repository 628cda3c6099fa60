"""EMA Workbench and Monaco: one run as a model function, vectorised over towns and scenarios.

Both call a Python function for every run and keep what it returns; statistics follow from the stored runs. The
uncertain input is the seed of the run, from which the function draws everything, as in all the other programs.
"""

import contextlib
import io

import numpy as np

from case import Case
from law import Group
from layout import Layout
from model import Model, World, draw_start, draw_world

LARGEST_SEED = 2**31 - 1


class Draws:
    """A generator for one run."""

    def __init__(self, seed: int):
        self.generator = np.random.default_rng(seed)

    def normal(self, shape: tuple) -> np.ndarray:
        return self.generator.standard_normal(shape)

    def uniform(self, shape: tuple) -> np.ndarray:
        return self.generator.random(shape)


class OneRun:
    """The model function: `run(seed)` gives the run's values, classes, leaders and outcomes."""

    def __init__(self, case: Case):
        self.case, self.layout = case, Layout(case)
        self.group = Group(case, list(range(len(case.towns))))
        self.model = Model(np, self.group)
        self.years = [self.model.year(t) for t in range(len(case.years))]
        self.cells = (len(case.towns), len(case.years), len(case.scenarios))

    def run(self, seed: int) -> dict[str, np.ndarray]:
        """values [town, year, scenario, quantity], classes [.., scale], leaders [..], reached [.., outcome]."""
        draws, layout = Draws(seed), self.layout
        worlds = draw_world(np, self.group, draws, 1)
        state = draw_start(np, self.group, draws, 1)
        found = {
            "values": np.empty((*self.cells, len(layout.quantities))),
            "reached": np.zeros((*self.cells, len(layout.outcomes)), np.int8),
        }
        for t, world in enumerate(worlds):
            state, values = self._year(state, world, t, draws)
            found["values"][:, t] = np.stack([values[q][..., 0] for q in layout.quantities], axis=-1)
            if t > 0:
                found["reached"][:, t] = np.stack([r[..., 0] for r in values["reached"]], axis=-1)
        return found | self._choose(found["values"])

    def _year(self, state, world: World, t: int, draws: Draws):
        return self.model.start(state, world) if t == 0 else self.model.step(state, world, self.years[t], draws)

    def _choose(self, values: np.ndarray) -> dict[str, np.ndarray]:
        layout, packed = self.layout, np.int32(0)
        classes = np.empty((*self.cells, len(layout.scales)), np.int8)
        for k, (bounds, votes) in enumerate(zip(layout.bounds, layout.votes, strict=True)):
            classes[..., k] = np.searchsorted(bounds, values[..., k])
            packed = packed + votes[classes[..., k]]
        counts = (packed[..., None] >> layout.shifts) & 255
        best = counts.max(-1)
        leads = counts == best[..., None]
        second = np.where(leads, 0, counts).max(-1)
        margin = np.where(leads.sum(-1) == 1, best - second, 0)
        leaders = (leads << np.arange(layout.candidates)).sum(-1)
        return {"classes": classes, "leaders": ((margin << layout.candidates) + leaders).astype(np.int16)}


class WorkbenchPeer:
    """What the two have in common: `run(n)` stores n runs, its statistics are `self.runs`."""

    def __init__(self, case: Case, seed: int = 5):
        self.case, self.layout, self.one, self.seed = case, Layout(case), OneRun(case), seed
        self.stored: dict[str, np.ndarray] = {}
        self.run(4)
        self.stored = {}

    def run(self, runs: int) -> None:
        self.seed += 1
        new = self._perform(runs)
        # The statistics belong to the work; those of all rounds together are compared later.
        new["values"].mean(0), new["values"].std(0), np.quantile(new["values"], [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
        self.stored = {k: np.concatenate([self.stored[k], v]) for k, v in new.items()} if self.stored else new

    def _perform(self, runs: int) -> dict[str, np.ndarray]:
        raise NotImplementedError


class EmaPeer(WorkbenchPeer):
    """EMA Workbench, sequential evaluator."""

    def _perform(self, runs: int) -> dict[str, np.ndarray]:
        import ema_workbench as ema

        one = self.one
        shapes = {k: (v.shape, v.dtype) for k, v in one.run(0).items()}

        def function(seed: int = 0) -> dict[str, np.ndarray]:
            return {k: v.ravel() for k, v in one.run(seed).items()}

        model = ema.Model("towns", function=function)
        model.uncertainties = [ema.IntegerParameter("seed", 0, LARGEST_SEED)]
        model.outcomes = [ema.ArrayOutcome(k, shape=(int(np.prod(s)),), dtype=d) for k, (s, d) in shapes.items()]
        _, outcomes = ema.perform_experiments(model, scenarios=runs)
        return {k: outcomes[k].reshape(runs, *shape) for k, (shape, _) in shapes.items()}


class MonacoPeer(WorkbenchPeer):
    """Monaco, single-threaded, nothing saved."""

    def _perform(self, runs: int) -> dict[str, np.ndarray]:
        import monaco
        from scipy.stats import randint

        names = list(self.one.run(0))

        def store(case, *values) -> None:
            for name, value in zip(names, values, strict=True):
                case.addOutVal(name, value)

        functions = {
            "preprocess": lambda case: (int(case.invals["seed"].val),),
            "run": lambda seed: tuple(self.one.run(seed).values()),
            "postprocess": store,
        }
        options = {"singlethreaded": True, "savecasedata": False, "savesimdata": False, "verbose": False}
        options |= {"firstcaseismedian": False, "seed": self.seed}
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            sim = monaco.Sim(name="towns", ndraws=runs, fcns=functions, **options)
            sim.addInVar(name="seed", dist=randint, distkwargs={"low": 0, "high": LARGEST_SEED})
            sim.runSim()
        return {k: np.array([case.outvals[k].val for case in sim.cases]) for k in names}
