//! The backtest as a picture: a row a driver; on the left the share of outcomes inside the middle 50, 80 and 95 % by
//! years ahead, on the right the outcomes in each fifth of the forecast.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use super::canvas::{Canvas, write};
use super::headings::beside;
use super::key::{KeyEntry, Mark};
use super::palette::{INK, MUTED, WALK, tint};
use super::panel::{Panel, place};
use super::sheet::{Frame, sheet};
use super::theme::{HEADING, LABEL};
use crate::analyse::backtest::{Backtest, INTERVALS, PIT_BINS, Score};
use crate::case::Case;
use crate::text::Text;

/// Height of a row of panels.
const ROW: i32 = 210;
/// The three intervals, from the narrowest.
const SHADES: [f64; 3] = [0.4, 0.7, 1.0];

/// Draws it as SVG; none where nothing was scored. Prices are drawn from each origin.
pub fn backtest_picture(backtest: &Backtest, case: &Case, text: &Text) -> Option<String> {
    let rows: Vec<&Score> =
        backtest.drawn.iter().filter(|s| s.group.town.is_none() && s.group.ahead.is_none()).collect();
    let longest = backtest.drawn.iter().filter_map(|s| s.group.ahead).max()?;
    let percent = |share: f64| text.percent_of(&text.number(100.0 * share, 0));
    let mut key: Vec<KeyEntry> = INTERVALS
        .iter()
        .zip(SHADES)
        .map(|(share, shade)| KeyEntry {
            label: text.fill("plot.backtest_inside", &[("share", &percent(*share))]),
            mark: Mark::Line(tint(WALK, shade)),
        })
        .collect();
    key.push(KeyEntry { label: text.get("plot.backtest_should").to_owned(), mark: Mark::Dashes(INK) });
    let frame = Frame {
        title: finding(rows.first()?, text),
        note: text.get("plot.backtest_note").to_owned(),
        key,
        caption: text.fill(
            "plot.backtest_caption",
            &[("case", case.id.as_str()), ("version", env!("CARGO_PKG_VERSION"))],
        ),
    };
    let picture = sheet(ROW * rows.len() as i32, &frame, |canvas| {
        for (k, score) in rows.iter().enumerate() {
            let top = k as i32 * ROW;
            let row = Row { text, score, top };
            row.coverage(canvas, &backtest.drawn, longest);
            row.fifths(canvas);
            let label = match &score.group.driver {
                None => text.get("backtest.all").to_owned(),
                Some(id) => {
                    let label = case
                        .drivers
                        .iter()
                        .find(|d| d.id == *id)
                        .map_or(id.as_str(), |d| text.name(&d.label));
                    let verdict = backtest.verdicts.iter().find(|v| v.0 == *id);
                    verdict.map_or(label.to_owned(), |v| format!("{label}: {}", text.get(v.1.grade.key())))
                }
            };
            beside(canvas, &label, place(1, 2, top, ROW));
            if k == 0 {
                for (column, heading) in
                    ["plot.backtest_coverage", "plot.backtest_fifths"].into_iter().enumerate()
                {
                    let [left, above, ..] = place(column, 2, top, ROW);
                    write(
                        canvas,
                        text.get(heading),
                        (left, above - 6),
                        HEADING,
                        INK,
                        (HPos::Left, VPos::Bottom),
                    );
                }
            }
        }
    });
    Some(picture.svg)
}

/// How many of all outcomes the widest intervals held.
fn finding(all: &Score, text: &Text) -> String {
    let n = all.forecasts as f64;
    let held = (n * all.model().coverage[INTERVALS.len() - 1]).round();
    let (held, count) = (text.number(held, 0), text.number(n, 0));
    text.fill("plot.backtest", &[("held", &held), ("count", &count)])
}

/// A row of the picture.
struct Row<'a> {
    text: &'a Text,
    score: &'a Score,
    top: i32,
}

impl Row<'_> {
    /// Shares inside, by years ahead.
    fn coverage(&self, canvas: &Canvas<'_>, scores: &[Score], longest: i32) {
        let x = (0.5, f64::from(longest) + 0.5);
        let panel = Panel::new(canvas, place(0, 2, self.top, ROW), x, (0.0, 105.0));
        let percent = |value: f64, decimals: usize| self.text.percent_of(&self.text.number(value, decimals));
        panel.axes_with(true, Some(&percent));
        let by_ahead = || {
            let same = |s: &&Score| s.group.driver == self.score.group.driver && s.group.town.is_none();
            scores.iter().filter(same).filter_map(|s| Some((f64::from(s.group.ahead?), s.model().coverage)))
        };
        for (k, (share, shade)) in INTERVALS.iter().zip(SHADES).enumerate() {
            let colour: RGBColor = tint(WALK, shade);
            panel.dashes(&[(x.0, 100.0 * share), (x.1, 100.0 * share)], INK, 1);
            let points: Vec<(f64, f64)> =
                by_ahead().map(|(ahead, inside)| (ahead, 100.0 * inside[k])).collect();
            panel.line(&points, colour, 3);
            panel.dots(&points, colour);
        }
    }

    /// Outcomes in each fifth, in per cent.
    fn fifths(&self, canvas: &Canvas<'_>) {
        let (n, pit) = (self.score.forecasts as f64, self.score.model().pit);
        let shares = pit.map(|count| 100.0 * count as f64 / n);
        let most = shares.iter().copied().fold(40.0, f64::max);
        let even = 100.0 / PIT_BINS as f64;
        let panel = Panel::new(canvas, place(1, 2, self.top, ROW), (0.0, PIT_BINS as f64), (0.0, 1.3 * most));
        panel.dashes(&[(0.0, even), (PIT_BINS as f64, even)], INK, 1);
        for (k, share) in shares.into_iter().enumerate() {
            let (left, right) = (k as f64 + 0.08, k as f64 + 0.92);
            panel.fill(&[(left, 0.0), (right, 0.0), (right, share), (left, share)], tint(WALK, 0.55));
            // Numbers stand above bars and dashes alike.
            let (px, py) = panel.at(k as f64 + 0.5, share.max(even));
            let number = self.text.percent_of(&self.text.number(share, 0));
            write(canvas, &number, (px, py - 3), LABEL, INK, (HPos::Center, VPos::Bottom));
            let below = (px, panel.rect[3] + 9);
            write(canvas, &(k + 1).to_string(), below, LABEL, MUTED, (HPos::Center, VPos::Top));
        }
        panel.outline();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::backtest::backtest;
    use crate::case::Source;
    use crate::text::Language;

    /// Every scored driver has its row, with its numbers; nothing scored is no picture.
    #[test]
    fn a_row_for_everything_scored() {
        let case = Case::load(&Source::embedded(), &[]).unwrap();
        let found = backtest(&case).unwrap();
        for language in [Language::En, Language::Ru, Language::Kk] {
            let text = Text::of(language);
            let svg = backtest_picture(&found, &case, &text).unwrap();
            for (id, verdict) in found.verdicts.iter().filter(|v| v.1.forecasts > 0) {
                let label = &case.drivers.iter().find(|d| d.id == *id).unwrap().label;
                let first = text.name(label).split(' ').next().unwrap();
                assert!(svg.contains(first), "{first} {verdict:?}");
            }
        }
        assert!(backtest_picture(&Backtest::default(), &case, &Text::of(Language::En)).is_none());
    }
}
