//! Which drivers a driver's likelihood has to follow.

use crate::case::Case;

/// The driver and all drivers that act on it, directly or through others, ascending.
pub(super) fn acting_on(case: &Case, driver: usize) -> Vec<usize> {
    let mut scope = vec![driver];
    let mut next = 0;
    while next < scope.len() {
        let to = scope[next];
        for from in case.cross_impacts.iter().filter(|c| c.to == to && c.effect != 0.0).map(|c| c.from) {
            if !scope.contains(&from) {
                scope.push(from);
            }
        }
        next += 1;
    }
    scope.sort_unstable();
    scope
}
