"""Derives the constants of src/math.rs and bounds their errors (needs mpmath 1.x).

Run from the root of the repository, in the environment that benches/peers/run.py makes:
`python benches/derive/constants.py` prints them as Rust and fails if src/math.rs has others.

Each polynomial is the near-minimax one: the interpolant at Chebyshev nodes, computed with 60 digits, whose largest
error is within a factor of two of the best possible. Bounds are the largest error on 4000 points, of the polynomial
as derived and with its coefficients rounded to doubles; tests/integration/accuracy.rs adds the rounding of the
evaluation.
"""

import re
import sys
from pathlib import Path

import mpmath as mp

mp.mp.dps = 60
POINTS = 4000


def fit(f, low, high, degree: int) -> list:
    """Coefficients of the interpolant at Chebyshev nodes."""
    n = degree + 1
    nodes = [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]
    powers, values = mp.matrix(n, n), mp.matrix(n, 1)
    for i, x in enumerate(nodes):
        for j in range(n):
            powers[i, j] = x**j
        values[i] = f(x)
    return list(mp.lu_solve(powers, values))


def bound(f, coefficients: list, low, high, relative_to):
    """Largest |p(x) - f(x)| / relative_to(x)."""
    xs = (low + (high - low) * i / POINTS for i in range(POINTS + 1))
    return max(abs((mp.polyval(coefficients[::-1], x) - f(x)) / relative_to(x)) for x in xs)


def derive(name: str, f, low, high, degree: int, relative_to=lambda _: mp.mpf(1)) -> bool:
    """Prints a polynomial with its bounds; tells whether src/math.rs has the same one."""
    coefficients = fit(f, low, high, degree)
    rounded = [float(c) for c in coefficients]
    exact, stored = (bound(f, c, low, high, relative_to) for c in (coefficients, [mp.mpf(c) for c in rounded]))
    print(f"/// Largest error of the exact polynomial: {mp.nstr(exact, 2)}; of the stored one: {mp.nstr(stored, 2)}.")
    print(f"const {name}: [f64; {len(rounded)}] = [")
    for c in rounded:
        print(f"    {c!r},")
    print("];")
    return rounded == stored_in_rust(name)


def stored_in_rust(name: str) -> list[float]:
    """The coefficients in src/math.rs."""
    text = Path("src/math.rs").read_text(encoding="utf-8")
    found = re.search(rf"const {name}: \[f64; \d+\] = \[(.*?)\];", text, re.DOTALL)
    return [float(c.replace("_", "")) for c in found.group(1).split(",") if c.strip()] if found else []


def log_tail(w):
    """(ln((1 + s)/(1 - s)) - 2 s) / s^3 as a function of w = s^2."""
    return sum(2 * mp.mpf(w) ** k / (2 * k + 3) for k in range(60))


def sine(w):
    return mp.sin(mp.pi / 2 * mp.sqrt(w)) / mp.sqrt(w) if w > 0 else mp.pi / 2


def cosine(w):
    return mp.cos(mp.pi / 2 * mp.sqrt(w))


def main() -> int:
    half_ln2 = mp.log(2) / 2 * mp.mpf("1.0001")
    s = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) * mp.mpf("1.0001")
    zero, quarter = mp.mpf(0), mp.mpf("0.25")
    same = [
        derive("EXP", mp.exp, -half_ln2, half_ln2, 11, mp.exp),
        # The tail is multiplied by s^3 and added to 2 s: its error counts s^2 / 2 times at most.
        derive("LOG", log_tail, zero, s**2, 6, lambda _: 2 / s**2),
        derive("SIN", sine, zero, quarter, 6),
        derive("COS", cosine, zero, quarter, 6),
    ]
    # ln 2 in two parts, the first with 32 significant bits.
    high = mp.floor(mp.log(2) * 2**32) / 2**32
    print(f"const LN2_HI: f64 = {float(high)!r};\nconst LN2_LO: f64 = {float(mp.log(2) - high)!r};")
    if not all(same):
        print("src/math.rs has other coefficients", file=sys.stderr)
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main())
