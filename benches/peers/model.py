"""The model in array form, for NumPy and whatever is like it (`xp`): docs/model.md, line by line.

A row is an array of shape (town, scenario, run); what scenarios share has 1 in the middle. `draws` gives normals and
uniforms of a shape. Functions return new state, so that JAX can trace them; `*=` and `+=` work in place in NumPy.
"""

from typing import NamedTuple

import numpy as np

from case import Case
from formula import compiled
from law import LOG, LOGIT, Group, inverse


class World(NamedTuple):
    """One year of what towns share: log prices [C, run], regional innovations [K, run], indices [R, run]."""

    prices: object
    noise: object
    indices: object


class State(NamedTuple):
    """A group's state: lists of rows by driver (delta, deviation, departure, steps), event or outcome."""

    inputs: dict
    base: list
    base_link: list
    delta: list
    deviation: list
    departure: list
    steps: list
    switches: dict
    population: object
    happened: list
    streak: list
    closed: list


def draw_prices(xp, case: Case, draws, n: int) -> list:
    """ln P[t] - ln P[0] of each commodity, [C, n] a year."""
    c = len(case.commodities)
    column = lambda values: np.asarray(values)[:, None]
    walks = draws.uniform((n,)) < case.walk
    mu = column(case.ln_level) + column(case.level_se) * draws.normal((c, n))
    factor = np.linalg.cholesky(case.price_correlation)
    z_walk = z_back = column(case.start) * xp.ones((c, n))
    paths = [column(given) * xp.ones((c, n)) for given in case.given]
    for _ in case.years[len(case.given) :]:
        g, u = draws.normal((2 * c, n)).reshape(2, c, n)
        chi5 = (draws.normal((5, n)) ** 2).sum(0)
        scale = xp.sqrt(xp.maximum(chi5 / 3.0, case.scale_floor))
        e, u = (factor @ g) / scale, (factor @ u) / scale
        walk = z_walk - case.drift + column(case.sd_walk) * e
        back = z_back - column(case.reversion) * (z_back - mu) + column(case.sd_reverting) * e
        bridge = u * (1.0 / np.sqrt(12.0))
        mean_walk = 0.5 * (z_walk + walk) + column(case.sd_walk) * bridge
        mean_back = 0.5 * (z_back + back) + column(case.sd_reverting) * bridge
        paths.append(xp.where(walks, mean_walk, mean_back) - column(case.ln_base))
        z_walk, z_back = walk, back
    return paths


def draw_world(xp, group: Group, draws, n: int) -> list[World]:
    """The common world of n runs, a year each; the base year has neither noise nor change."""
    case = group.case
    column = lambda values: np.asarray(values)[:, None]
    prices = draw_prices(xp, case, draws, n)
    error = column(case.index_shift_sd) * draws.normal((len(case.indices), n))
    deviation = xp.zeros((len(case.indices), n))
    years = [World(prices[0], xp.zeros((len(case.drivers), n)), xp.ones((len(case.indices), n)))]
    for t in range(1, len(case.years)):
        level = case.region_mix @ prices[t]
        deviation = column(case.index_persistence) * deviation
        deviation += column(case.index_sigma) * draws.normal(deviation.shape)
        planned = column(case.index_tau[t]) * (column(case.index_shift) + error)
        indices = xp.exp(planned + column(case.index_exposure) * level + deviation)
        years.append(World(prices[t], group.region_factor @ draws.normal((len(case.drivers), n)), indices))
    return years


def draw_start(xp, group: Group, draws, n: int) -> State:
    """Missing inputs, base values, plans: what is drawn once a run."""
    case = group.case
    towns, scenarios, drivers = len(group.towns), len(case.scenarios), range(len(case.drivers))
    inputs = {s: group.mode[:, i, None, None] for i, s in enumerate(case.symbols)}
    for i in group.drawn:
        low, mode, high = (a[:, i, None, None] for a in (group.low, group.mode, group.high))
        u = draws.uniform((towns, 1, n))
        if case.symbols[i] in case.switches:
            inputs[case.symbols[i]] = xp.where(u < (low + mode + high) / 300.0, 100.0, 0.0)
            continue
        rising = low + xp.sqrt(u * (high - low) * (mode - low))
        falling = high - xp.sqrt((1.0 - u) * (high - low) * (high - mode))
        inputs[case.symbols[i]] = xp.where(u * (high - low) < mode - low, rising, falling)
    values = inputs | {k: v[:, None, None] for k, v in group.levels().items()}
    base = [compiled(f, xp)(values) for f in case.base_formulas]
    safe = [xp.where(group.frozen[:, i, None, None], 50.0, base[i]) for i in drivers]
    log = {LOG: xp.log, LOGIT: lambda x: xp.log(x / (100.0 - x))}
    base_link = [log.get(case.links[i], lambda x: x)(safe[i]) for i in drivers]
    r = case.plan_correlation
    common = draws.normal((len(case.drivers), towns, 1, n)) * np.sqrt(r)
    own = draws.normal((len(case.drivers), towns, scenarios, n)) * np.sqrt(1.0 - r)
    column = lambda a, i: a[:, :, i, None]
    delta = [column(group.shift, i) + column(group.shift_sd, i) * (common[i] + own[i]) for i in drivers]
    zeros = lambda count: [xp.zeros((towns, scenarios, n)) for _ in range(count)]
    outcomes = len(case.method["first_passage"])
    return State(
        inputs=inputs,
        base=base,
        base_link=base_link,
        delta=delta,
        deviation=zeros(len(delta)),
        departure=zeros(len(delta)),
        steps=zeros(len(delta)),
        switches={s: inputs[s] + xp.zeros((towns, scenarios, n)) for s in case.switches},
        population=group.population + xp.zeros((towns, scenarios, n)),
        happened=[xp.zeros((towns, scenarios, n)) > 0 for _ in group.events],
        streak=zeros(outcomes),
        closed=[xp.zeros((towns, scenarios, n)) > 0 for _ in range(outcomes)],
    )


class Model:
    """Steps and outcomes of a group, its formulas compiled for `xp`."""

    def __init__(self, xp, group: Group):
        self.xp, self.group = xp, group
        case, method = group.case, group.case.method
        formula = lambda text: compiled(text, xp)
        self.growth = formula(method["population_growth"])
        self.sub_indicators = [(s["symbol"], formula(s["formula"])) for s in method["sub_indicator"] if "formula" in s]
        self.composites = [(c["symbol"], formula(c["formula"])) for c in method["composite"]]
        self.persons = [(p["id"], formula(p["formula"])) for p in method["persons"]]
        self.conditions = [formula(f["condition"]) for f in method["first_passage"]]
        self.cross = [[] for _ in case.drivers]
        for k, (target, source, _) in enumerate(group.cross):
            self.cross[target].append((k, source))

    def year(self, t: int) -> tuple:
        """tau and exposure [K, town, scenario, 1], cross-impacts [impact, town, scenario, 1] of a year."""
        group = self.group
        rows = lambda a: np.moveaxis(a[t], -1, 0)[..., None]
        return rows(group.tau), rows(group.exposure), np.array([c[t] for _, _, c in group.cross])[..., None]

    def start(self, state: State, world: World) -> tuple[State, dict]:
        """The base year."""
        tau, exposure, _ = self.year(0)
        return self._outcomes(state, world, tau, exposure, None)

    def step(self, state: State, world: World, year: tuple, draws) -> tuple[State, dict]:
        """One year on, all towns and scenarios of the group; gives the state and all values by name."""
        group = self.group
        tau, exposure, cross = year
        towns, n = len(group.towns), world.prices.shape[-1]
        price = (group.mix @ world.prices)[:, None, :]
        normals = draws.normal((towns, len(group.case.drivers), n))
        innovation = group.town_factor @ normals + world.noise
        uniforms = draws.uniform((len(group.events), towns, 1, n))
        shocks = self._happen(state, price, uniforms)
        for i in range(len(state.deviation)):
            d = state.deviation[i]
            d *= group.case.persistence[i]
            d += innovation[:, i, None, :] * ~group.frozen[:, i, None, None]
            for k, j in self.cross[i]:
                d += cross[k] * state.departure[j]
            for shift, hit in shocks[i]:
                d += shift * hit
            state.deviation[i] = d
        state, v = self._outcomes(state, world, tau, exposure, price)
        reached = []
        for k, (outcome, condition) in enumerate(zip(group.case.method["first_passage"], self.conditions, strict=True)):
            closed = state.closed[k]
            for e, event in enumerate(group.events):
                if event.id == outcome.get("unless_event"):
                    closed = closed | state.happened[e]
            streak = condition(v) * (state.streak[k] + 1.0)
            now = (streak >= outcome.get("lasting", 1)) & ~closed
            state.streak[k], state.closed[k] = streak, closed | now
            reached.append(now)
        return state, v | {"reached": reached}

    def _happen(self, state: State, price, uniforms) -> list[list]:
        """Decides the year's events; moves steps and switches, gives the shocks of each driver."""
        xp = self.xp
        shocks: list[list] = [[] for _ in state.deviation]
        for k, event in enumerate(self.group.events):
            chance = event.probability
            if event.bound is not None:
                chance = chance * xp.where(price < event.bound, event.multiplier, 1.0)
            hit = uniforms[k] < chance
            if event.once:
                hit = hit & ~state.happened[k]
            for symbol, value in event.switches:
                hit = hit & (state.switches[symbol] != value)
            state.happened[k] = state.happened[k] | hit
            for i, shift in event.steps:
                state.steps[i] = state.steps[i] + shift * hit
            for i, shift in event.shocks:
                shocks[i].append((shift, hit))
            for symbol, value in event.switches:
                state.switches[symbol] = xp.where(hit, value, state.switches[symbol])
        return shocks

    def _outcomes(self, state: State, world: World, tau, exposure, price) -> tuple[State, dict]:
        """Drivers and all that follows from them; no price level stands for the base year."""
        xp, group, case = self.xp, self.group, self.group.case
        v: dict = {f"base.{s}": x for s, x in state.inputs.items()}
        v |= {f"region.{r}": world.indices[k] for k, r in enumerate(case.indices)}
        links = {}
        for i, driver in enumerate(case.drivers):
            departure = state.deviation[i] * 1.0 if price is None else exposure[i] * price + state.deviation[i]
            if i in group.moving:
                departure += state.steps[i]
            state.departure[i] = departure
            z = state.base_link[i] + tau[i] * state.delta[i] + departure
            x = inverse(xp, case.links[i], z)
            if group.frozen[:, i].any():
                x = xp.where(group.frozen[:, i, None, None], state.base[i], x)
            v[driver], v[f"base.{driver}"], links[driver] = x, state.base[i], z
        population = state.population
        if price is not None:
            population = population * xp.maximum(1.0 + self.growth(v) * 0.001, 0.0)
        v["population"] = population
        v |= state.switches
        for name, formula in self.sub_indicators + self.composites + self.persons:
            v[name] = formula(v)
        v |= {"links": links, "price": 0.0 if price is None else price, "tau": tau, "exposure": exposure}
        return state._replace(population=population), v
