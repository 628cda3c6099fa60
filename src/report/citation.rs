//! Places of the source in the reader's language.

use crate::case::Case;
use crate::text::Text;

/// Beginnings of a citation that are followed by a number, and the keys of their words.
const FORMS: [(&str, &str); 5] = [
    ("Table ", "cite.table"),
    ("Figure ", "cite.figure"),
    ("section ", "cite.section"),
    ("text after Table ", "cite.after_table"),
    ("text under Figure ", "cite.under_figure"),
];

/// A citation such as `text after Table 26 and Figure 40` in words; what is in no known form stands as the
/// case writes it, unless the case names it.
pub(crate) fn citation(text: &Text, case: &Case, source: &str) -> String {
    if let Some(name) = case.names.get(source) {
        return text.name(name).to_owned();
    }
    let parts: Vec<String> = source.split(" and ").map(|part| one(text, part)).collect();
    text.list(&parts)
}

fn one(text: &Text, part: &str) -> String {
    let form = |(begin, key): &(&str, &'static str)| {
        let number = part.strip_prefix(begin)?;
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        is_number.then(|| text.fill(key, &[("n", number)]))
    };
    FORMS.iter().find_map(form).unwrap_or_else(|| part.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Source;
    use crate::text::Language;

    #[test]
    fn places_of_the_source_are_named_in_every_language() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let cite = |language, source| citation(&Text::of(language), &case, source);
        assert_eq!(
            cite(Language::Kk, "text after Table 26 and Figure 40"),
            "26-кестеден кейінгі мәтін және 40-сурет"
        );
        assert_eq!(cite(Language::Ru, "section 2.3"), "раздел 2.3");
        assert_eq!(cite(Language::Ru, "a letter"), "a letter");
        for row in &case.printed {
            assert_eq!(cite(Language::En, &row.source), row.source);
            let russian = cite(Language::Ru, &row.source);
            assert!(!russian.contains(|c: char| c.is_ascii_alphabetic()), "{russian}");
        }
    }
}
