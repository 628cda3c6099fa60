//! Ids: names that formulas, file names and tables can carry.

/// What an id is, for messages.
const LETTERS: &str = "an id of the letters a-z and A-Z, digits and underscores, a letter first";

/// Names that no scenario can have.
pub(super) const NO_SCENARIO: [&str; 13] = [
    "case",
    "method",
    "prices",
    "event",
    "label",
    "label_kk",
    "label_ru",
    "towns",
    "once",
    "trigger_price_below",
    "trigger_multiplier",
    "effect",
    "basis",
];

/// What is allowed instead of a text that is no id; none for an id.
pub(super) fn objection(text: &str) -> Option<&'static str> {
    let letters = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !letters {
        return Some(LETTERS);
    }
    match text {
        "and" | "or" | "population" => Some("another id: formulas use this word"),
        "all" | "region" => Some("another id: tables use this word"),
        _ => None,
    }
}

/// A character that no text of a case may hold: control characters, line breaks of every kind, and marks that
/// turn the direction of what follows.
pub(super) fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What is allowed instead of a text with control characters.
pub(super) const ONE_LINE: &str = "a text on one line, without control characters";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_which_letters_it_may_have() {
        assert_eq!(objection("Town_2"), None);
        for text in ["балқаш", "", "2nd", "a b", "a,b", "a\"b", "a-b"] {
            assert_eq!(objection(text), Some(LETTERS), "{text}");
        }
        assert_eq!(objection("or"), Some("another id: formulas use this word"));
        assert_eq!(objection("all"), Some("another id: tables use this word"));
    }
}
