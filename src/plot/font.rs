//! The one font of the figures, embedded, and the width of a text in it.
//!
//! Noto Sans, semi-condensed, cut down to Latin and Cyrillic (`font/subset.py`; SIL Open Font License,
//! `font/OFL.txt`). It has no kerning and no ligatures, so that a width is the sum of advances: exact in the
//! PNG files, and in SVG, where each text says its width (`textLength`), in any other font too.

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// The two faces.
pub(super) const REGULAR: &[u8] = include_bytes!("font/regular.ttf");
pub(super) const BOLD: &[u8] = include_bytes!("font/bold.ttf");

/// Name of the embedded family, as its files say it.
pub const FAMILY: &str = "Noto Sans SemiCondensed";

/// The faces of the embedded family: weight and file (TrueType).
pub fn faces() -> [(u16, &'static [u8]); 2] {
    [(400, REGULAR), (700, BOLD)]
}

/// Heights in ems: of capitals above the baseline, of descenders below it.
pub(super) const CAPITALS: f64 = 0.714;
pub(super) const DESCENDERS: f64 = 0.24;

/// A step of the scale of type: a size in pixels of a figure 1600 wide, and whether it is bold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    /// Size in pixels.
    pub px: f64,
    /// Bold face.
    pub bold: bool,
}

/// Width in pixels of a text; a letter that the font lacks counts as a wide one.
///
/// # Examples
/// ```
/// use boljam::plot::{Type, text_width};
/// let label = Type { px: 18.0, bold: false };
/// assert!(text_width("қала", label) > text_width("ала", label));
/// assert_eq!(text_width("00", label), 2.0 * text_width("5", label));
/// ```
pub fn text_width(text: &str, size: Type) -> f64 {
    // The faces are checked by a test: the estimate of half an em a letter is never used.
    let Ok(font) = FontRef::new(if size.bold { BOLD } else { REGULAR }) else {
        return 0.5 * size.px * text.chars().count() as f64;
    };
    let glyphs = font.charmap();
    let metrics = font.glyph_metrics(Size::new(size.px as f32), LocationRef::default());
    let advance = |c: char| glyphs.map(c).and_then(|glyph| metrics.advance_width(glyph));
    text.chars().map(|c| advance(c).map_or(0.9 * size.px, f64::from)).sum()
}

/// True when the font has every letter of a text.
pub fn has_letters(text: &str) -> bool {
    FontRef::new(REGULAR).is_ok_and(|font| text.chars().all(|c| font.charmap().map(c).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_have_every_letter_of_the_three_languages() {
        let alphabet = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі";
        let signs = "0123456789.,:;!?()[]{}+-=*/%&#@'\"±–—…×≤≥→←№−«»„“”’°₸$€\u{a0}\u{202f}\u{2009}";
        for face in [REGULAR, BOLD] {
            let font = FontRef::new(face).unwrap();
            let latin = ('a'..='z').chain('A'..='Z');
            let cyrillic = alphabet.chars().chain(alphabet.chars().flat_map(char::to_uppercase));
            for c in latin.chain(cyrillic).chain(signs.chars()) {
                assert!(font.charmap().map(c).is_some(), "no '{c}'");
            }
        }
        assert!(has_letters("Әлеуметтік-экономикалық") && !has_letters("日本"));
    }

    #[test]
    fn the_heights_and_the_family_are_those_of_the_files() {
        for face in [REGULAR, BOLD] {
            let font = FontRef::new(face).unwrap();
            let metrics = font.metrics(Size::new(1.0), LocationRef::default());
            assert!((f64::from(metrics.cap_height.unwrap()) - CAPITALS).abs() < 1e-3);
            let family = font.localized_strings(skrifa::string::StringId::FAMILY_NAME);
            assert_eq!(family.english_or_first().unwrap().to_string(), FAMILY);
        }
    }

    #[test]
    fn widths_add_up_and_bold_is_wider() {
        let (plain, bold) = (Type { px: 20.0, bold: false }, Type { px: 20.0, bold: true });
        let sum = text_width("Теміртау ", plain) + text_width("2035", plain);
        assert!((text_width("Теміртау 2035", plain) - sum).abs() < 1e-3);
        assert!(text_width("Диверсификация", bold) > text_width("Диверсификация", plain));
    }
}
