//! Labels at the ends of lines: moved apart so that none lies on another.

/// Places of labels that would like to stand at these heights, each `gap` from the next at least, inside
/// `low..high`, in the order of the wishes; labels with equal wishes keep their order. Where there is no room for
/// all, they stand evenly.
pub(super) fn moved_apart(wishes: &[i32], gap: i32, (low, high): (i32, i32)) -> Vec<i32> {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|k| wishes[*k]);
    let needed = gap * (wishes.len() as i32 - 1);
    let gap = if needed > high - low { (high - low) / (wishes.len() as i32 - 1).max(1) } else { gap };
    let mut places: Vec<i32> = order.iter().map(|k| wishes[*k].clamp(low, high)).collect();
    // Down from the top, then up from the bottom where that went too far.
    for k in 1..places.len() {
        places[k] = places[k].max(places[k - 1] + gap);
    }
    let mut limit = high;
    for place in places.iter_mut().rev() {
        *place = (*place).min(limit);
        limit = *place - gap;
    }
    let mut result = vec![0; wishes.len()];
    for (k, place) in order.into_iter().zip(places) {
        result[k] = place;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_order_and_distance_and_stay_inside() {
        let places = moved_apart(&[100, 100, 98, 30], 20, (0, 110));
        assert_eq!(places, [90, 110, 70, 30]);
        assert_eq!(moved_apart(&[10, 60], 20, (0, 100)), [10, 60]);
        assert_eq!(moved_apart(&[5], 20, (10, 100)), [10]);
        assert!(moved_apart(&[], 20, (0, 100)).is_empty());
        // Ten labels have no room for gaps of 20 in 90: they stand evenly.
        let many = moved_apart(&[50; 10], 20, (0, 90));
        assert!(many.windows(2).all(|w| w[1] - w[0] == 10) && many[0] >= 0);
    }
}
