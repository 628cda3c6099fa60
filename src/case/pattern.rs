//! Names and patterns of them.

/// True when a name is what a pattern says, in which `*` stands for any letters, dots too.
pub fn name_matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name, expected) in [
            ("drivers.*.sigma", "drivers.wage.sigma", true),
            ("drivers.*.sigma", "drivers.wage.persistence", false),
            ("*", "", true),
            ("prices.walk", "prices.walk", true),
            ("prices.walk", "prices.walks", false),
            ("*.sd", "inertial.wage.sd", true),
            ("a*b*b", "ab", false),
            ("events.*", "events.accident.inertial", true),
        ] {
            assert_eq!(name_matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
