//! Pieces that all pages use: tables, lists, short marks inside a sentence.

use maud::{Markup, html};

/// A row of a table, and the scenario that it is about, if it is about one.
pub(super) struct TableRow {
    pub(super) scenario: Option<String>,
    pub(super) cells: Vec<Markup>,
}

impl TableRow {
    /// A row about no scenario in particular.
    pub(super) fn plain(cells: Vec<Markup>) -> Self {
        Self { scenario: None, cells }
    }

    /// A row about one scenario, which the switch shows and hides.
    pub(super) fn of(scenario: &str, cells: Vec<Markup>) -> Self {
        Self { scenario: Some(scenario.to_owned()), cells }
    }
}

/// Text of a cell.
pub(super) fn cell(text: &str) -> Markup {
    html! { (text) }
}

/// A table with its caption; the first cell of each row is the row's head. It scrolls by itself where it is
/// wider than the page, by keyboard too.
pub(super) fn table(caption: &str, header: &[String], rows: &[TableRow]) -> Markup {
    html! {
        div.scroll role="region" aria-label=(caption) tabindex="0" {
            table {
                caption { (caption) }
                thead { tr { @for head in header { th scope="col" { (head) } } } }
                tbody {
                    @for row in rows {
                        tr data-scenario=[row.scenario.as_deref()] {
                            @for (k, cell) in row.cells.iter().enumerate() {
                                @if k == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Something to unfold. What is `open` belongs on paper too; the script folds it on a screen.
pub(super) fn unfold(summary: &str, open: bool, body: &Markup) -> Markup {
    html! {
        details open=[open.then_some("")] { summary { (summary) } (body) }
    }
}

/// Words of the case that exist in one language only.
pub(super) fn original(text: &str) -> Markup {
    html! { span lang="en" { (text) } }
}

/// A sentence of the catalogue with its marks: `*word*`, `**warning**`, `` `file` ``.
pub(super) fn inline(text: &str) -> Markup {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['*', '`']) {
        let (before, marked) = rest.split_at(at);
        let mark = if marked.starts_with("**") { "**" } else { &marked[..1] };
        let inside = &marked[mark.len()..];
        let Some(end) = inside.find(mark) else { break };
        out.push(html! { (before) });
        let word = &inside[..end];
        out.push(match mark {
            "**" => html! { strong { (word) } },
            "*" => html! { em { (word) } },
            _ => html! { code { (word) } },
        });
        rest = &inside[end + mark.len()..];
    }
    html! { @for part in &out { (part) } (rest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_elements_and_text_stays_text() {
        let said = inline("**Stress: <b>.** A *run* is in `a.csv`, 2 * 3");
        assert_eq!(
            said.into_string(),
            "<strong>Stress: &lt;b&gt;.</strong> A <em>run</em> is in <code>a.csv</code>, 2 * 3"
        );
    }

    #[test]
    fn a_table_has_heads_for_columns_and_rows() {
        let rows = [TableRow::of("bold", vec![cell("a<b"), cell("1")])];
        let text = table("what", &["x".to_owned(), "y".to_owned()], &rows).into_string();
        for part in [
            "<caption>what</caption>",
            "<th scope=\"col\">x</th>",
            "<tr data-scenario=\"bold\"><th scope=\"row\">a&lt;b</th><td>1</td></tr>",
        ] {
            assert!(text.contains(part), "no {part} in {text}");
        }
    }
}
