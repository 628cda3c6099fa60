//! exp, ln, sine and cosine with some 30 digits: sums of two doubles (Dekker 1971, doi:10.1007/BF01397083) and
//! power series. Slow and plain; a table of reference values holds it in turn.

/// hi + lo, |lo| at most half a unit in the last place of hi.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wide {
    pub(super) hi: f64,
    pub(super) lo: f64,
}

const fn wide(hi: f64, lo: f64) -> Wide {
    Wide { hi, lo }
}

/// ln 2 and pi / 2, each as the nearest double and the nearest double of the rest.
const LN_2: Wide = wide(std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17);
const HALF_PI: Wide = wide(std::f64::consts::FRAC_PI_2, 6.123_233_995_736_766e-17);

/// a + b without error.
fn two_sum(a: f64, b: f64) -> Wide {
    let hi = a + b;
    let part = hi - a;
    wide(hi, (a - (hi - part)) + (b - part))
}

/// a b without error: halves of 26 bits multiply exactly.
fn two_product(a: f64, b: f64) -> Wide {
    let halves = |x: f64| {
        let c = 134_217_729.0 * x;
        let high = c - (c - x);
        (high, x - high)
    };
    let hi = a * b;
    let ((ah, al), (bh, bl)) = (halves(a), halves(b));
    wide(hi, ((ah * bh - hi) + ah * bl + al * bh) + al * bl)
}

impl Wide {
    pub(super) fn of(x: f64) -> Self {
        wide(x, 0.0)
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let (a, b) = (two_sum(self.hi, other.hi), two_sum(self.lo, other.lo));
        let c = two_sum(a.hi, a.lo + b.hi);
        two_sum(c.hi, c.lo + b.lo)
    }

    pub(super) fn times(self, other: Self) -> Self {
        let p = two_product(self.hi, other.hi);
        two_sum(p.hi, p.lo + (self.hi * other.lo + self.lo * other.hi))
    }

    /// Times a power of two.
    fn scaled(self, factor: f64) -> Self {
        wide(self.hi * factor, self.lo * factor)
    }

    pub(super) fn negative(self) -> Self {
        self.scaled(-1.0)
    }

    pub(super) fn over(self, other: Self) -> Self {
        let q = self.hi / other.hi;
        let rest = self.plus(other.times(Self::of(q)).negative());
        let q2 = rest.hi / other.hi;
        let rest = rest.plus(other.times(Self::of(q2)).negative());
        Self::of(q).plus(Self::of(q2)).plus(Self::of(rest.hi / other.hi))
    }

    pub(super) fn sqrt(self) -> Self {
        let root = self.hi.sqrt();
        let rest = self.plus(two_product(root, root).negative());
        Self::of(root).plus(Self::of(rest.hi / (2.0 * root)))
    }

    /// Sum of x^k / k! over k = first, first + step, ..., with alternating signs if asked.
    fn series(self, first: u32, step: u32, alternating: bool) -> Self {
        let mut term = Self::of(1.0);
        let mut sum = Self::of(if first == 0 { 1.0 } else { 0.0 });
        for k in 1..=first + 28 * step {
            term = term.times(self).over(Self::of(f64::from(k)));
            if k >= first && (k - first).is_multiple_of(step) {
                let odd = (k - first) / step % 2 == 1;
                sum = sum.plus(if alternating && odd { term.negative() } else { term });
            }
            if term.hi.abs() < 1e-36 * sum.hi.abs() {
                break;
            }
        }
        sum
    }

    /// e^x for |x| <= 700: x = n ln 2 + r, e^(r / 256) by its series, squared eight times.
    pub(super) fn exp(self) -> Self {
        let n = (self.hi / LN_2.hi).round();
        let r = self.plus(LN_2.times(Self::of(-n)));
        let mut power = r.scaled(1.0 / 256.0).series(0, 1, false);
        for _ in 0..8 {
            power = power.times(power);
        }
        // Two steps: 2^1010 times a number below 1 would do, 2^-1010 would lose the low part.
        power.scaled((n / 2.0).trunc().exp2()).scaled((n - (n / 2.0).trunc()).exp2())
    }

    /// ln x for a normal x: x = 2^e m, ln m = 2 (s + s^3/3 + s^5/5 + ...), s = (m - 1)/(m + 1).
    pub(super) fn ln(x: f64) -> Self {
        let exponent = (x.to_bits() >> 52) as i64 - 1023;
        let mantissa = f64::from_bits((x.to_bits() & ((1 << 52) - 1)) | (1023 << 52));
        let (e, m) = if mantissa > std::f64::consts::SQRT_2 {
            (exponent + 1, mantissa / 2.0)
        } else {
            (exponent, mantissa)
        };
        let s = Self::of(m - 1.0).over(two_sum(m, 1.0));
        let w = s.times(s);
        let (mut power, mut sum) = (s, s);
        for k in 1..30_u32 {
            power = power.times(w);
            let term = power.over(Self::of(f64::from(2 * k + 1)));
            sum = sum.plus(term);
            if term.hi.abs() < 1e-36 * sum.hi.abs() {
                break;
            }
        }
        LN_2.times(Self::of(e as f64)).plus(sum.scaled(2.0))
    }

    /// sin(pi x / 2) for |x| <= 1/2.
    pub(super) fn sine(x: f64) -> Self {
        HALF_PI.times(Self::of(x)).series(1, 2, true)
    }

    /// cos(pi x / 2) for |x| <= 1/2.
    pub(super) fn cosine(x: f64) -> Self {
        HALF_PI.times(Self::of(x)).series(0, 2, true)
    }

    /// Distance of a double from it, in units in the last place of the correct value.
    pub(super) fn ulps(self, x: f64) -> f64 {
        let ulp = f64::from_bits(self.hi.abs().to_bits() + 1) - self.hi.abs();
        ((x - self.hi) - self.lo).abs() / ulp
    }
}
