"""Statistics of a peer's runs, by the names of boljam's tables: (table, item, statistic) -> [town, year, scenario]."""

import numpy as np

from case import Case
from layout import PARTS, Layout
from tally import Tally, quantiles, to_values

Statistics = dict[tuple[str, str, str], np.ndarray]
PROBABILITIES = {"q050": 0.05, "q250": 0.25, "q500": 0.5, "q750": 0.75, "q950": 0.95}


def of_tally(case: Case, layout: Layout, tally: Tally) -> Statistics:
    """Statistics of streaming tallies."""
    n, found = tally.runs, {}
    _moments(found, "summary", layout.quantities, tally.centre, tally.sums, n)
    _moments(found, "paired", layout.paired, tally.pair_centre, tally.pair_sums, n)
    _moments(found, "split", PARTS, 0.0, tally.parts, n)
    probabilities = list(PROBABILITIES.values())
    values = to_values(case, layout, quantiles(tally.histogram, tally.edges, probabilities))
    differences = quantiles(tally.pair_histogram, tally.pair_edges, probabilities)
    tables = (
        ("summary", layout.quantities, values, tally.extremes),
        ("paired", layout.paired, differences, tally.pair_extremes),
    )
    for table, names, q, (low, high) in tables:
        q = np.clip(q, low[..., None], high[..., None])
        for k, name in enumerate(names):
            for p, statistic in enumerate(PROBABILITIES):
                if name not in layout.discrete:
                    found[table, name, statistic] = q[:, :, k, :, p]
    for k, name in enumerate(layout.paired):
        found["paired", name, "better"] = (tally.better[0][:, :, k] + 0.5 * tally.better[1][:, :, k]) / n
    for k, outcome in enumerate(layout.outcomes):
        found["first_passage", outcome, "first_in_year"] = tally.reached[:, :, k] / n
    _classes(found, layout, tally.above / n)
    _leads(found, case, layout, tally.leaders[:, :, 0] / n)
    for c, candidate in enumerate(case.scenarios):
        found["choice", candidate, "votes"] = tally.votes[:, :, c] / n
    return found


def of_runs(case: Case, layout: Layout, runs: dict[str, np.ndarray]) -> Statistics:
    """Statistics of stored runs: `values` [run, town, year, scenario, quantity], `classes` (the same, by scale),
    `leaders` (codes) and `reached` (the same, by outcome)."""
    found: Statistics = {}
    values, n = runs["values"], len(runs["values"])
    mean, sd = values.mean(0), values.std(0, ddof=1)
    q = np.quantile(values, list(PROBABILITIES.values()), axis=0)
    for k, name in enumerate(layout.quantities):
        found["summary", name, "mean"], found["summary", name, "sd"] = mean[..., k], sd[..., k]
        for p, statistic in enumerate(PROBABILITIES):
            if name not in layout.discrete:
                found["summary", name, statistic] = q[p, ..., k]
    for k, (place, name) in enumerate(zip(layout.paired_places, layout.paired, strict=True)):
        difference = values[..., place] - values[:, :, :, case.reference, None, place]
        wins = difference < 0 if layout.lower_is_better[k] else difference > 0
        found["paired", name, "mean"], found["paired", name, "sd"] = difference.mean(0), difference.std(0, ddof=1)
        found["paired", name, "better"] = (wins + 0.5 * (difference == 0)).mean(0)
    for k, outcome in enumerate(layout.outcomes):
        found["first_passage", outcome, "first_in_year"] = runs["reached"][..., k].mean(0)
    above = [(runs["classes"][..., k] > c).mean(0) for k, b in enumerate(layout.bounds) for c in range(len(b))]
    _classes(found, layout, np.stack(above, axis=2))
    codes = np.arange((len(layout.scales) + 1) << layout.candidates)
    shares = np.stack([(runs["leaders"] == code).mean(0) for code in codes], axis=-1)
    assert n > 1
    _leads(found, case, layout, shares)
    return found


def _moments(found: Statistics, table: str, names: list[str], centre, sums: np.ndarray, n: int) -> None:
    mean = sums[0] / n
    sd = np.sqrt(np.maximum(sums[1] / n - mean**2, 0.0) * n / (n - 1))
    for k, name in enumerate(names):
        found[table, name, "mean"], found[table, name, "sd"] = (mean + centre)[:, :, k], sd[:, :, k]


def _classes(found: Statistics, layout: Layout, above: np.ndarray) -> None:
    first = 0
    for (symbol, scale), bounds in zip(layout.scales, layout.bounds, strict=True):
        share = above[:, :, first : first + len(bounds)]
        first += len(bounds)
        exceeded = np.concatenate([np.ones_like(share[:, :, :1]), share, np.zeros_like(share[:, :, :1])], axis=2)
        for k, c in enumerate(scale):
            found["classes", symbol, c["class"]] = exceeded[:, :, k] - exceeded[:, :, k + 1]


def _leads(found: Statistics, case: Case, layout: Layout, shares: np.ndarray) -> None:
    """From shares of the codes (margin << candidates) + set of leaders, the last index."""
    codes = np.arange(shares.shape[-1])
    sets = codes & ((1 << layout.candidates) - 1)
    sizes = np.array([max(int(s).bit_count(), 1) for s in sets])
    for c, candidate in enumerate(case.scenarios):
        member = (sets >> c) & 1
        found["choice", candidate, "lead_share"] = shares @ (member / sizes)
        found["choice", candidate, "lead_alone"] = shares @ (member * (sizes == 1))
        found["choice", candidate, "lead_among"] = shares @ member
    found["choice", "", "margin"] = shares @ (codes >> layout.candidates)
