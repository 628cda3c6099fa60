"""The case's formulas as compiled loops over the runs of a block: Python source written by `formula.source`."""

import math

from numba import njit

from case import Case
from formula import source
from layout import Layout


@njit(inline="always")
def maximum(a, b):
    return a if a > b else b


@njit(inline="always")
def minimum(a, b):
    return a if a < b else b


def compile_formulas(case: Case, layout: Layout):
    """Two compiled functions: growth of the population, and a block's quantities and conditions in rows."""
    banks = {"base": case.drivers, "region": case.indices, "": case.drivers}
    arrays = {"base": "base", "region": "index", "": "x"}
    computed: set[str] = set()

    def write(name: str) -> str:
        bank, _, plain = name.rpartition(".")
        if name in computed:
            return f"_{name}"
        if plain in banks[bank]:
            return f"{arrays[bank]}[{banks[bank].index(plain)}, p]"
        if bank == "base":
            return f"inputs[{case.symbols.index(plain)}, p]"
        return f"switch[{case.switches.index(plain)}, p]" if plain in case.switches else "population[p]"

    method = case.method
    grow = source(method["population_growth"], write)
    lines = ["def grow(x, index, inputs, base, switch, population, n):", "    for p in range(n):"]
    lines += [f"        population[p] *= maximum(1.0 + 0.001 * {grow}, 0.0)"]
    lines += ["def outcomes(x, index, inputs, base, switch, population, rows, condition, n):", "    for p in range(n):"]
    parts = [s for s in method["sub_indicator"] if "formula" in s] + method["composite"] + method["persons"]
    for part in parts:
        name = part.get("symbol") or part["id"]
        lines.append(f"        _{name} = {source(part['formula'], write)}")
        computed.add(name)
    lines += [f"        rows[{k}, p] = {write(q)}" for k, q in enumerate(layout.quantities)]
    conditions = [source(f["condition"], write) for f in method["first_passage"]]
    lines += [f"        condition[{k}, p] = {text}" for k, text in enumerate(conditions)]
    scope = {"sqrt": math.sqrt, "maximum": maximum, "minimum": minimum}
    exec("\n".join(lines), scope)
    return njit(fastmath=True)(scope["grow"]), njit(fastmath=True)(scope["outcomes"])
