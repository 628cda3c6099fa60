"""Formulas of the case files as Python source.

The language of the case is nearly Python's own expressions, so Python's parser reads it. A comparison is 1 or 0,
`and` a product, `or` a maximum, `sqrt(x)` is sqrt(max(0, x)), names may be dotted (`region.wage`).
"""

import ast
from collections.abc import Callable

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def names(text: str) -> list[str]:
    """Every name that a formula uses, once."""
    found: list[str] = []
    source(text, lambda name: found.append(name) or name)
    return list(dict.fromkeys(found))


def source(text: str, write_name: Callable[[str], str]) -> str:
    """The formula as Python source that calls `sqrt`, `minimum`, `maximum`; `write_name` writes its names."""

    def fold(function: str, parts: list[str]) -> str:
        folded = parts[0]
        for part in parts[1:]:
            folded = f"{function}({folded}, {part})"
        return folded

    def write(node: ast.expr) -> str:
        match node:
            case ast.Constant(value):
                return repr(float(value))
            case ast.Name(name):
                return write_name(name)
            case ast.Attribute(ast.Name(bank), name):
                return write_name(f"{bank}.{name}")
            case ast.UnaryOp(ast.USub(), operand):
                return f"(0.0 - {write(operand)})"
            case ast.BinOp(left, op, right):
                return f"({write(left)} {OPERATORS[type(op)]} {write(right)})"
            case ast.Compare(left, [op], [right]):
                return f"(({write(left)} {COMPARISONS[type(op)]} {write(right)}) * 1.0)"
            case ast.BoolOp(ast.And(), values):
                return "(" + " * ".join(map(write, values)) + ")"
            case ast.BoolOp(ast.Or(), values):
                return fold("maximum", [write(v) for v in values])
            case ast.Call(ast.Name("sqrt"), [value]):
                return f"sqrt(maximum({write(value)}, 0.0))"
            case ast.Call(ast.Name("mean"), values):
                return f"(({' + '.join(map(write, values))}) / {len(values)}.0)"
            case ast.Call(ast.Name("min" | "max" as function), values):
                return fold(f"{function}imum", [write(v) for v in values])
        raise ValueError(f"not a formula of the case: {ast.unparse(node)}")

    return write(ast.parse(text, mode="eval").body)


def compiled(text: str, xp) -> Callable[[dict], object]:
    """The formula as a function of a dictionary of values, with the functions of NumPy or of a module like it."""
    body = source(text, lambda name: f"v[{name!r}]")
    functions = {"sqrt": xp.sqrt, "minimum": xp.minimum, "maximum": xp.maximum}
    return eval(compile(f"lambda v: {body}", text, "eval"), functions)
