//! The nearest place along a line where something changes, found by bounding and halving.

/// Halvings beyond so many are given up.
const MOST: usize = 200_000;
/// Intervals are halved down to so many parts of their place, or to so much.
const FINEST: f64 = 4.0 * f64::EPSILON;

/// What a search finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Found {
    /// The nearest place that differs, and one before it, a few roundings away, that does not.
    At { place: f64, before: f64 },
    /// Nothing differs up to the end.
    Nothing,
    /// Too intricate to tell.
    Unresolved,
}

/// The place nearest to `from` on the way to `to` that differs from `from`.
///
/// `differs(a, b)` says of an interval whether all of it differs or nothing does, and none where it cannot tell; of a
/// point it can always tell. What it says of intervals is proof, so that nothing nearer is overlooked.
pub(super) fn nearest(from: f64, to: f64, differs: &dyn Fn(f64, f64) -> Option<bool>) -> Found {
    let mut open = vec![(from, to)];
    let mut before = from;
    for _ in 0..MOST {
        let Some((near, far)) = open.pop() else { return Found::Nothing };
        match differs(near.min(far), near.max(far)) {
            Some(true) => return Found::At { place: near, before },
            Some(false) => before = far,
            None => {
                let middle = near + (far - near) / 2.0;
                let finest = FINEST * near.abs().max(far.abs()).max(1e-3);
                if (far - near).abs() <= finest || middle == near || middle == far {
                    for place in [near, far] {
                        if differs(place, place) == Some(true) {
                            return Found::At { place, before };
                        }
                        before = place;
                    }
                } else {
                    open.push((middle, far));
                    open.push((near, middle));
                }
            }
        }
    }
    Found::Unresolved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_several_places_is_found_in_either_direction() {
        // Differs within [2, 3] and above 7.
        let differs = |a: f64, b: f64| {
            let within = |x: f64| (2.0..=3.0).contains(&x) || x > 7.0;
            let changes = [2.0, 3.0, 7.0].iter().any(|c| a <= *c && *c <= b && a < b);
            (!changes).then(|| within(a))
        };
        let place = |found: Found| match found {
            Found::At { place, .. } => place,
            other => panic!("{other:?}"),
        };
        assert!((place(nearest(0.0, 10.0, &differs)) - 2.0).abs() < 1e-14);
        assert!((place(nearest(5.0, 10.0, &differs)) - 7.0).abs() < 1e-14);
        assert!((place(nearest(5.0, 0.0, &differs)) - 3.0).abs() < 1e-14);
        assert_eq!(nearest(5.0, 6.0, &differs), Found::Nothing);
        assert_eq!(nearest(0.0, 1.0, &|a, b| (a == b).then_some(false)), Found::Unresolved);
    }
}
