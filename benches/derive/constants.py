"""Derives the polynomial constants of src/random/math.rs (needs mpmath; run by hand, prints Rust).

Each polynomial is the near-minimax one: the interpolant at Chebyshev nodes, computed with 60 digits, whose
largest error is within a factor of two of the best possible. The printed bound is the largest relative error
of the exact polynomial on 4000 points; the Rust tests add the rounding of the evaluation.
"""
import mpmath as mp

mp.mp.dps = 60


def fit(f, lo, hi, degree):
    n = degree + 1
    xs = [(lo + hi) / 2 + (hi - lo) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]
    a = mp.matrix(n, n)
    b = mp.matrix(n, 1)
    for i, x in enumerate(xs):
        for j in range(n):
            a[i, j] = x**j
        b[i] = f(x)
    return [c for c in mp.lu_solve(a, b)]


def bound(f, coefs, lo, hi, relative_to=lambda x: mp.mpf(1)):
    worst = mp.mpf(0)
    for i in range(4001):
        x = lo + (hi - lo) * i / 4000
        p = mp.polyval(coefs[::-1], x)
        worst = max(worst, abs((p - f(x)) / relative_to(x)))
    return worst


def show(name, coefs, worst):
    print(f"/// Largest error of the exact polynomial: {mp.nstr(worst, 2)}.")
    print(f"const {name}: [f64; {len(coefs)}] = [")
    for c in coefs:
        print(f"    {float(c)!r},")
    print("];")


half_ln2 = mp.log(2) / 2 * mp.mpf("1.0001")
c = fit(mp.exp, -half_ln2, half_ln2, 11)
show("EXP", c, bound(mp.exp, c, -half_ln2, half_ln2, mp.exp))

# ln((1+s)/(1-s)) = 2 s + s w L(w), w = s^2; |s| <= (sqrt2 - 1)/(sqrt2 + 1)
s_max = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1) * mp.mpf("1.0001")
log_tail = lambda w: sum(2 * mp.mpf(w) ** k / (2 * k + 3) for k in range(60))
c = fit(log_tail, mp.mpf(0), s_max**2, 6)
show("LOG", c, bound(log_tail, c, mp.mpf(0), s_max**2) * s_max**2 / 2)

# sin(pi x / 2) = x S(w), cos(pi x / 2) = C(w), w = x^2, |x| <= 1/2
sinc = lambda w: mp.sin(mp.pi / 2 * mp.sqrt(w)) / mp.sqrt(w) if w > 0 else mp.pi / 2
cosw = lambda w: mp.cos(mp.pi / 2 * mp.sqrt(w))
c = fit(sinc, mp.mpf(0), mp.mpf("0.25"), 6)
show("SIN", c, bound(sinc, c, mp.mpf(0), mp.mpf("0.25")))
c = fit(cosw, mp.mpf(0), mp.mpf("0.25"), 6)
show("COS", c, bound(cosw, c, mp.mpf(0), mp.mpf("0.25")))
