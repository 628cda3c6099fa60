//! Checks the layout of a figure as the renderer lays it out, with the embedded font: an oracle that shares no
//! arithmetic with the drawing code.

use boljam::plot::{Raster, Type, has_letters, text_width};
use resvg::usvg::{Group, Node};

/// Nothing may be smaller than this, in pixels of a figure 1600 wide.
const SMALLEST: f64 = 15.0;

/// Left, top, right, bottom of the ink of every text (turned texts too), and its words.
fn boxes(group: &Group, found: &mut Vec<([f32; 4], String)>) {
    for node in group.children() {
        match node {
            Node::Group(inner) => boxes(inner, found),
            Node::Text(text) => {
                let ink = text.flattened().abs_bounding_box();
                let words = text.chunks().iter().map(resvg::usvg::TextChunk::text).collect();
                found.push(([ink.left(), ink.top(), ink.right(), ink.bottom()], words));
            }
            _ => {}
        }
    }
}

/// What is wrong with the layout of a figure: text outside the canvas, texts on one another, text too small,
/// letters that the font lacks, widths that are not those of the font.
pub(crate) fn faults(svg: &str) -> Vec<String> {
    let tree = Raster::new(1600, 96).layout(svg).unwrap();
    let mut texts = Vec::new();
    boxes(tree.root(), &mut texts);
    let (width, height) = (tree.size().width(), tree.size().height());
    let mut faults = Vec::new();
    for (k, ([left, top, right, bottom], words)) in texts.iter().enumerate() {
        if *left < 0.0 || *top < 0.0 || *right > width || *bottom > height {
            faults.push(format!("'{words}' at {left:.0}..{right:.0}, {top:.0}..{bottom:.0} is cut"));
        }
        for ([l, t, r, b], other) in &texts[..k] {
            if left < r && l < right && top < b && t < bottom {
                faults.push(format!("'{words}' lies on '{other}' at {left:.0}, {top:.0}"));
            }
        }
        if !has_letters(words) {
            faults.push(format!("'{words}' has letters that the font lacks"));
        }
    }
    let document = roxmltree::Document::parse(svg).unwrap();
    for node in document.descendants().filter(|n| n.has_tag_name("text")) {
        let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let size = Type { px: number("font-size"), bold: node.attribute("font-weight") == Some("700") };
        let words = node.text().unwrap_or_default();
        if size.px < SMALLEST {
            faults.push(format!("'{words}' is only {} high", size.px));
        }
        if (number("textLength") - text_width(words, size)).abs() > 0.06 {
            faults.push(format!(
                "'{words}' is {} wide, not {}",
                text_width(words, size),
                number("textLength")
            ));
        }
    }
    faults
}

/// Texts of a figure that are cut to letters with which more than one of these names begins, so that nobody can tell
/// which is meant.
pub(crate) fn ambiguous(svg: &str, names: &[String]) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|n| n.has_tag_name("text")).filter_map(|n| n.text());
    let meant = |stem: &str| {
        // The longest end of the text that begins a name, of four letters at least.
        let starts = stem.char_indices().map(|(k, _)| &stem[k..]).filter(|end| end.chars().count() >= 4);
        starts
            .map(|end| names.iter().filter(|name| name.starts_with(end)).count())
            .find(|n| *n > 0)
            .unwrap_or(0)
    };
    let cut = texts.filter(|text| text.strip_suffix('…').is_some_and(|stem| meant(stem) > 1));
    cut.map(str::to_owned).collect()
}

fn picture(texts: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"100\" \
         font-family=\"Noto Sans SemiCondensed\">{texts}</svg>"
    )
}

fn text(x: f64, words: &str, more: &str) -> String {
    let length = text_width(words, Type { px: 20.0, bold: false });
    format!("<text x=\"{x}\" y=\"50\" font-size=\"20\" textLength=\"{length}\" {more}>{words}</text>")
}

#[test]
fn the_checker_sees_each_fault() {
    assert!(faults(&picture(&text(10.0, "Теміртау", ""))).is_empty());
    let both = [text(10.0, "Теміртау", ""), text(60.0, "Балқаш", "")].concat();
    assert!(faults(&picture(&both))[0].contains("lies on"));
    assert!(faults(&picture(&text(350.0, "Теміртау", "")))[0].contains("is cut"));
    let turned = text(10.0, "Теміртау", "transform=\"rotate(270 10 50)\"");
    assert!(faults(&picture(&turned))[0].contains("is cut"));
    assert!(faults(&picture(&text(10.0, "日本", "")))[0].contains("letters"));
    let names = ["Abai on the river", "Abai by the lake"].map(str::to_owned);
    assert_eq!(ambiguous(&picture(&text(10.0, "if Abai …", "")), &names), ["if Abai …"]);
    assert!(ambiguous(&picture(&text(10.0, "if Abai on…", "")), &names).is_empty());
    let small = text(10.0, "Abc", "").replace("font-size=\"20\"", "font-size=\"9\"");
    assert_eq!(faults(&picture(&small)).len(), 2);
}

#[test]
fn the_width_of_a_text_is_what_the_renderer_lays_out() {
    for (words, bold) in [("Әлеуметтік-экономикалық даму", false), ("AVATAR To. 1,234.5 %", true)]
    {
        let size = Type { px: 40.0, bold };
        let weight = if bold { 700 } else { 400 };
        let svg = picture(&format!(
            "<text x=\"0\" y=\"50\" font-size=\"40\" font-weight=\"{weight}\">{words}</text>"
        ));
        let tree = Raster::new(400, 96).layout(&svg).unwrap();
        let Some(Node::Text(text)) = tree.root().children().first() else { panic!("no text") };
        let laid = f64::from(text.abs_bounding_box().width());
        assert!((laid - text_width(words, size)).abs() < 0.5, "{words}: {laid} {}", text_width(words, size));
    }
}
