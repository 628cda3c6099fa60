//! What the backtest said of the quantities that a figure shows.

use super::context::Context;
use crate::analyse::{Grade, by_grade};

/// A sentence: the quantities by grade, best first; what nobody could test is only named as the rest. Begins with a
/// blank.
pub(super) fn tested_in_words(context: &Context<'_>, quantities: &[usize]) -> String {
    let (text, verdicts) = (context.text, &context.results.verdicts);
    let part = |(grade, quantities): (Grade, Vec<usize>)| {
        let names: Vec<&str> = quantities.into_iter().map(|q| context.label(q)).collect();
        format!("{} – {}", text.get(grade.key()), names.join(", "))
    };
    let parts: Vec<String> = by_grade(verdicts, quantities).into_iter().map(part).collect();
    if parts.is_empty() {
        return format!(" {}", text.get("plot.untested"));
    }
    let all = quantities.iter().all(|q| verdicts[*q].grade != Grade::Untested);
    let rest = if all { "plot.tested_all" } else { "plot.tested" };
    format!(" {}", text.fill(rest, &[("grades", &parts.join("; "))]))
}
