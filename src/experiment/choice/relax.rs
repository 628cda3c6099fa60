//! The nearest point of a box beyond a plane: what a lower bound of a joint change rests on.

/// How the size of a joint change is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norm {
    /// The sum of the changes, each over its error.
    L1,
    /// The root of the sum of their squares.
    L2,
}

impl Norm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::L1, Self::L2];

    /// As tables write it.
    pub fn id(self) -> &'static str {
        match self {
            Self::L1 => "L1",
            Self::L2 => "L2",
        }
    }

    /// The size of a change.
    pub fn of(self, z: &[f64]) -> f64 {
        match self {
            Self::L1 => z.iter().map(|x| x.abs()).sum(),
            Self::L2 => z.iter().map(|x| x * x).sum::<f64>().sqrt(),
        }
    }
}

/// The smallest point p, `low` <= p <= `high`, with sum of `slopes` (p - low) >= `need` > 0, for low from 0 up; none where
/// there is none. What it gives is never larger than the true size.
pub(super) fn nearest(norm: Norm, low: &[f64], high: &[f64], slopes: &[f64], need: f64) -> Option<Vec<f64>> {
    if slopes.iter().any(|slope| !slope.is_finite()) {
        // Too steep to say more than that the near corner is nearest.
        return Some(low.to_vec());
    }
    let useful: Vec<usize> = (0..low.len()).filter(|i| slopes[*i] > 0.0 && high[*i] > low[*i]).collect();
    let most: f64 = useful.iter().map(|i| slopes[*i] * (high[*i] - low[*i])).sum();
    if most < need {
        return None;
    }
    let mut p = low.to_vec();
    match norm {
        Norm::L1 => {
            let mut order = useful;
            order.sort_by(|a, b| slopes[*b].total_cmp(&slopes[*a]));
            let mut left = need;
            for i in order {
                let step = (left / slopes[i]).min(high[i] - low[i]);
                p[i] += step;
                left -= slopes[i] * step;
                if left <= 0.0 {
                    break;
                }
            }
        }
        Norm::L2 => {
            // The condition of Karush, Kuhn and Tucker: p = l slopes within the box, for the smallest l that is enough.
            let at = |l: f64, i: usize| (l * slopes[i]).clamp(low[i], high[i]);
            let reach = |l: f64| useful.iter().map(|i| slopes[*i] * (at(l, *i) - low[*i])).sum::<f64>();
            let mut above = useful.iter().map(|i| high[*i] / slopes[*i]).fold(0.0, f64::max);
            let mut below = 0.0;
            for _ in 0..100 {
                let middle = f64::midpoint(below, above);
                if reach(middle) >= need { above = middle } else { below = middle }
            }
            for i in useful {
                p[i] = at(below, i);
            }
        }
    }
    Some(p)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    fn no_point_of_the_box_beyond_the_plane_is_nearer() {
        let mut stream = Stream::new(5, 5);
        for _ in 0..300 {
            let mut draw = |most: f64| (0..3).map(|_| stream.uniform() * most).collect::<Vec<f64>>();
            let (low, width, slopes) = (draw(1.0), draw(2.0), draw(1.0));
            let high: Vec<f64> = low.iter().zip(&width).map(|(l, w)| l + w).collect();
            let most: f64 = slopes.iter().zip(&width).map(|(s, w)| s * w).sum();
            let need = most * 0.6;
            for norm in Norm::ALL {
                let p = nearest(norm, &low, &high, &slopes, need).unwrap();
                let reach = |p: &[f64]| (0..3).map(|i| slopes[i] * (p[i] - low[i])).sum::<f64>();
                assert!((reach(&p) - need).abs() < 1e-9 && (0..3).all(|i| low[i] <= p[i] && p[i] <= high[i]));
                for k in 0..1000 {
                    let q: Vec<f64> = (0..3_usize)
                        .map(|i| low[i] + width[i] * (k / 10_usize.pow(i as u32) % 10) as f64 / 9.0)
                        .collect();
                    assert!(reach(&q) < need || norm.of(&q) > norm.of(&p) - 1e-9);
                }
            }
            assert!(nearest(Norm::L1, &low, &high, &slopes, most * 1.01).is_none());
        }
    }
}
