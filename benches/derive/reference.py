"""Reference values of exp, ln, sine and cosine with 60 digits, for tests/integration/accuracy.rs.

Run from the root of the repository, in the environment that benches/peers/run.py makes (or any with mpmath 1.x):
`python benches/derive/reference.py > tests/reference/functions.csv`. Each row: function, bits of x, bits of the value
as the sum of two doubles, high and low. `sin` and `cos` are of pi x / 2.
"""

import struct

import mpmath as mp

mp.mp.dps = 60


def bits(x: float) -> str:
    return f"{struct.unpack('>Q', struct.pack('>d', x))[0]:016x}"


def row(name: str, function, x: float) -> None:
    value = function(mp.mpf(x))
    high = float(value)
    print(",".join([name, bits(x), bits(high), bits(float(value - mp.mpf(high)))]))


def spread(low: float, high: float, n: int) -> list[float]:
    return [low + (high - low) * (i + 0.382) / n for i in range(n)]


def near(x: float) -> list[float]:
    """Some floats around x."""
    found, below, above = [x], x, x
    for _ in range(3):
        below, above = float(mp.mpf(below) * (1 - mp.mpf(2) ** -53)), float(mp.mpf(above) * (1 + mp.mpf(2) ** -52))
        found += [below, above]
    return found


print("function,x,high,low")
half_ln2 = float(mp.log(2) / 2)
for x in [0.0, -0.0, 1e-300, -1e-300, 1e-17, -1e-17, 700.0, -700.0, *near(half_ln2), *near(-half_ln2)]:
    row("exp", mp.exp, x)
for x in spread(-700.0, 700.0, 150) + spread(-1.0, 1.0, 50):
    row("exp", mp.exp, x)
smallest, largest = 2.0**-1022, float.fromhex("0x1.fffffffffffffp+1023")
for x in [smallest, largest, *near(1.0), *near(2.0**0.5), *near(0.5**0.5), *near(2.0), *near(0.5)]:
    row("ln", mp.log, x)
for e in spread(-1022.0, 1023.0, 150):
    row("ln", mp.log, float(mp.mpf(2) ** e))
for x in spread(0.5, 2.0, 60) + [1.0 + 2.0**-k for k in range(5, 50, 5)] + [1.0 - 2.0**-k for k in range(5, 50, 5)]:
    row("ln", mp.log, x)
for x in [0.0, 2.0**-31, -(2.0**-31), 0.5, -0.5, *spread(-0.5, 0.5, 80)]:
    row("sin", lambda x: mp.sin(mp.pi * x / 2), x)
    row("cos", lambda x: mp.cos(mp.pi * x / 2), x)
