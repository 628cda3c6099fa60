//! A figure on the page: the picture inside the page, what it says, and the numbers behind it.

use maud::{Markup, PreEscaped, html};

use super::parts::{TableRow, cell, table, unfold};
use super::{Page, Picture};

impl Page<'_> {
    /// A figure with its alternative text and its table.
    pub(super) fn figure(&self, picture: &Picture) -> Markup {
        let svg = inlined(&picture.svg, &picture.name);
        let rows = picture.rows.iter().map(|row| TableRow::plain(row.iter().map(|c| cell(c)).collect()));
        let rows: Vec<TableRow> = rows.collect();
        html! {
            figure {
                figcaption { (picture.title) }
                div.scroll tabindex="0" role="region" aria-label=(picture.title) {
                    div.picture role="img" aria-label=(picture.alt) { (PreEscaped(svg)) }
                }
                @if !rows.is_empty() {
                    (unfold(self.get("page.numbers"), false, &table(&picture.title, &picture.header, &rows)))
                }
            }
        }
    }

    /// The figures of a town: name without the town, and the picture.
    pub(super) fn pictures_of(&self, town: &str) -> Vec<(&str, &Picture)> {
        let of = |p| {
            let p: &Picture = p;
            let kind = p.name.strip_prefix(town)?.strip_prefix('/')?;
            Some((kind, p))
        };
        self.pictures.iter().filter_map(of).collect()
    }
}

/// True for a figure of the region of this kind: its only sheet, or one of several (`region`, `region-2`).
pub(super) fn is_sheet_of(name: &str, kind: &str) -> bool {
    name.strip_prefix(kind).is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix('-').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// The picture as part of a page: without prolog, as wide as its place, its ids made its own so that they
/// collide with none of another picture.
fn inlined(svg: &str, name: &str) -> String {
    let svg = svg.find("<svg").map_or(svg, |start| &svg[start..]);
    let prefix: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let (open, rest) = svg.split_at(svg.find('>').unwrap_or(0));
    let mut out = without_size(open).replacen("<svg", "<svg aria-hidden=\"true\" focusable=\"false\"", 1);
    out.push_str(rest);
    for (mark, with) in [(" id=\"", ""), ("url(#", ""), ("href=\"#", "")] {
        out = out.replace(mark, &format!("{mark}{with}{prefix}-"));
    }
    out
}

/// An opening tag without width and height: the view box alone gives the shape.
fn without_size(open: &str) -> String {
    let mut out = open.to_owned();
    for name in [" width=\"", " height=\""] {
        if let Some(start) = out.find(name)
            && let Some(length) = out[start + name.len()..].find('"')
        {
            out.replace_range(start..=start + name.len() + length, "");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheets_of_a_figure_are_known_by_their_names() {
        assert!(is_sheet_of("region", "region") && is_sheet_of("region-12", "region"));
        assert!(!is_sheet_of("regional", "region") && !is_sheet_of("aksu/region", "region"));
    }

    #[test]
    fn a_picture_fits_its_place_and_keeps_its_ids_to_itself() {
        let svg = "<?xml version=\"1.0\"?>\n<svg width=\"1600\" height=\"900\" viewBox=\"0 0 1600 900\">\
                   <clipPath id=\"a\"/><rect width=\"3\" clip-path=\"url(#a)\"/><use href=\"#a\"/></svg>";
        assert_eq!(
            inlined(svg, "temirtau/fan"),
            "<svg aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 1600 900\">\
             <clipPath id=\"temirtau-fan-a\"/><rect width=\"3\" clip-path=\"url(#temirtau-fan-a)\"/>\
             <use href=\"#temirtau-fan-a\"/></svg>"
        );
    }
}
