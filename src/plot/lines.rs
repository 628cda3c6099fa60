//! Texts in lines that fit their room.

use super::font::{Type, text_width};
use super::theme::{HEADING, STRONG};

/// The words of a text between which a line may break. A number keeps its sign, margin and per cent (`< 3.9 ± 0.2 %`),
/// and no line begins with a dash.
pub(super) fn words(text: &str) -> Vec<&str> {
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let mut words: Vec<&str> = Vec::new();
    let mut start = 0;
    let mut last = "";
    for (end, _) in text.match_indices(' ').chain([(text.len(), "")]) {
        let word = &text[start..end];
        let from = start;
        start = end + 1;
        if word.is_empty() {
            continue;
        }
        let after = word.starts_with('%') || ["±", "–", "—", "→"].contains(&word);
        let before = ["±", "<", ">", "≈"].contains(&last) && number(word);
        match words.last_mut() {
            Some(open) if after || before => {
                // The words so far are a part of the text that ends just before this one.
                let begin = from.saturating_sub(open.len() + 1);
                if text.get(begin..begin + open.len()) == Some(*open) {
                    *open = &text[begin..end];
                } else {
                    words.push(word);
                }
            }
            _ => words.push(word),
        }
        last = word;
    }
    words
}

/// Cuts a text into lines that fit a room, between words where it can; a word longer than the room is broken with a
/// hyphen. Nothing is left out.
pub(super) fn wrap(text: &str, size: Type, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.extend(broken(word, size, room)),
        }
    }
    lines
}

/// A word in pieces that fit a room, each at least a letter long.
fn broken(word: &str, size: Type, room: f64) -> Vec<String> {
    if text_width(word, size) <= room {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    for letter in word.chars() {
        let piece = pieces.last().map_or("", String::as_str);
        if !piece.is_empty() && text_width(&format!("{piece}{letter}-"), size) > room {
            if let Some(piece) = pieces.last_mut() {
                piece.push('-');
            }
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}

/// The same with lines of about one length, so that no word stands alone in the last.
pub(super) fn balanced(text: &str, size: Type, room: f64) -> Vec<String> {
    let lines = wrap(text, size, room);
    let longest = words(text).into_iter().map(|word| text_width(word, size)).fold(0.0, f64::max);
    let narrower = (0..40).map(|k| room * (1.0 - 0.0125 * f64::from(k))).take_while(|room| *room >= longest);
    narrower
        .map(|room| wrap(text, size, room))
        .take_while(|narrow| narrow.len() == lines.len())
        .last()
        .unwrap_or(lines)
}

/// At most so many lines; the last ends in an ellipsis where more is left out. Not for names of which several may
/// begin alike.
pub(super) fn wrap_at_most(text: &str, size: Type, room: f64, most: usize) -> Vec<String> {
    let mut lines = wrap(text, size, room);
    if lines.len() > most {
        let rest = lines[most - 1..].join(" ");
        lines.truncate(most - 1);
        lines.push(cut(&rest, size, room));
    }
    lines
}

/// A text cut with an ellipsis where it does not fit a room.
pub(super) fn cut(text: &str, size: Type, room: f64) -> String {
    if text_width(text, size) <= room {
        return text.to_owned();
    }
    let mut short = text.to_owned();
    while short.pop().is_some() && text_width(&short, size) + text_width("…", size) > room {}
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// A heading in its own size or, where it does not fit a line, in that of strong labels and as many lines as it
/// takes.
pub(super) fn heading_in(text: &str, room: f64) -> (Vec<String>, Type) {
    if text_width(text, HEADING) <= room {
        return (vec![text.to_owned()], HEADING);
    }
    (wrap(text, STRONG, room), STRONG)
}

/// A name in at most two lines of a heading, else in smaller lines.
pub(super) fn name_in(text: &str, room: f64) -> (Vec<String>, Type) {
    let large = wrap(text, HEADING, room);
    let whole = words(text).into_iter().all(|word| text_width(word, HEADING) <= room);
    if large.len() <= 2 && whole { (large, HEADING) } else { (wrap(text, STRONG, room), STRONG) }
}

#[cfg(test)]
mod tests {
    use super::super::theme::{LABEL, ROOM, TITLE};
    use super::*;

    #[test]
    fn text_is_wrapped_to_its_room() {
        let lines = wrap("one two three four five six seven", LABEL, 130.0);
        assert!(lines.len() > 1 && lines.iter().all(|l| text_width(l, LABEL) <= 130.0));
        assert_eq!(lines.join(" "), "one two three four five six seven");
    }

    #[test]
    fn numbers_stay_whole_and_no_line_begins_with_a_dash() {
        let text = "Abai: 3.9 ± 0.2 % of runs – < 1 % of  all, 49 % (41 to 55)";
        assert_eq!(
            words(text),
            ["Abai:", "3.9 ± 0.2 %", "of", "runs –", "< 1 %", "of", "all,", "49 %", "(41", "to", "55)"]
        );
        for room in [150.0, 190.0, 250.0, 400.0] {
            let lines = wrap("median unemployment from 3.8 % (Diversification) to 5.9 ± 0.1 %", LABEL, room);
            assert!(lines.iter().all(|line| !line.starts_with(['%', '±'])), "{lines:?}");
        }
        assert!(words("").is_empty());
    }

    #[test]
    fn a_word_too_long_is_broken_and_nothing_of_it_is_lost() {
        let word = "Диверсификацияланғандығымыздан";
        let lines = wrap(word, LABEL, 100.0);
        assert!(lines.len() > 2 && lines.iter().all(|l| text_width(l, LABEL) <= 100.0), "{lines:?}");
        assert_eq!(lines.concat().replace('-', ""), word);
        // A room narrower than a letter still holds one a line.
        assert_eq!(wrap("abc", LABEL, 1.0), ["a-", "b-", "c"]);
    }

    #[test]
    fn a_title_leaves_no_word_alone() {
        let title = "Temirtau in 2035: median unemployment from 3.9 % (Diversification) to 7.0 % (Inertial); 4.6 % in 2021";
        let lines = balanced(title, TITLE, ROOM);
        assert_eq!(lines.len(), 2);
        assert!(text_width(&lines[1], TITLE) > 0.5 * text_width(&lines[0], TITLE), "{lines:?}");
        assert_eq!(balanced("short", TITLE, ROOM), ["short"]);
    }

    #[test]
    fn a_text_too_long_is_cut_with_an_ellipsis() {
        let short = cut("Диверсификация", LABEL, 80.0);
        assert!(short.ends_with('…') && text_width(&short, LABEL) <= 80.0, "{short}");
        assert_eq!(cut("Шахтинск", LABEL, 200.0), "Шахтинск");
        let lines = wrap_at_most("one two three four five six seven", LABEL, 100.0, 2);
        assert!(
            lines.len() == 2 && lines[1].ends_with('…') && text_width(&lines[1], LABEL) <= 100.0,
            "{lines:?}"
        );
    }

    #[test]
    fn a_long_heading_is_smaller_and_then_takes_more_lines() {
        let name = "путь: Сбалансированное развитие";
        assert_eq!(heading_in(name, 400.0), (vec![name.to_owned()], HEADING));
        assert_eq!(heading_in(name, 320.0), (vec![name.to_owned()], STRONG));
        let (lines, size) = heading_in(name, 200.0);
        assert!(size == STRONG && lines.join(" ") == name, "{lines:?}");
    }
}
