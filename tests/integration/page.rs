//! report.html: well-formed, alone, complete, in three languages, and safe from what stands in a case.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use boljam::analyse::{self, Results};
use boljam::archive::{Manifest, input_hashes};
use boljam::case::{Case, Source};
use boljam::engine::Effort;
use boljam::model::Options;
use boljam::plot::{self, Choice, Figure};
use boljam::report::html::{Font, Material, Picture, page};
use boljam::text::{Language, Text};
use roxmltree::{Document, Node};
use sha2::{Digest, Sha256};

/// Two towns, one of them with missing inputs.
fn study(case: &Case) -> Results {
    let towns = ["abai", "temirtau"].iter().filter_map(|id| case.town(id)).collect();
    let options = Options { towns, horizon: 2026, ..Options::of(case) };
    analyse::study(case, &options, Effort::runs(300), &|_, _| {}).unwrap()
}

fn manifest(case: &Case) -> Manifest {
    let options = Options { horizon: 2026, ..Options::of(case) };
    let settings = ["method.label='<script>'".to_owned()];
    Manifest { git: "0123abc".to_owned(), ..Manifest::new(case, &options, &settings, 300) }
}

fn figures(case: &Case, results: &Results, text: &Text) -> Vec<Figure> {
    plot::figures(plot::Material { case, results, plans_alone: None }, text, &Choice::default())
}

fn page_of(case: &Case, results: &Results, figures: &[Figure], text: &Text) -> String {
    let picture = |f: &Figure| Picture {
        name: f.name.clone(),
        title: f.title.clone(),
        alt: f.alt.clone(),
        svg: f.svg.clone(),
        header: f.table.headers.clone(),
        rows: f.table.rows.clone(),
    };
    let pictures: Vec<Picture> = figures.iter().map(picture).collect();
    let fonts = plot::faces().map(|(weight, bytes)| Font { family: plot::FAMILY, weight, bytes });
    let provenance = manifest(case).provenance();
    page(&Material { case, results, provenance: &provenance, pictures: &pictures, fonts: &fonts }, text)
}

fn karaganda() -> (Case, Results) {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let results = study(&case);
    (case, results)
}

fn english() -> (Case, String) {
    let (case, results) = karaganda();
    let text = Text::of(Language::En);
    let page = page_of(&case, &results, &figures(&case, &results, &text), &text);
    (case, page)
}

/// The page as XML: void elements closed, the raw text of style and script taken out.
fn as_xml(page: &str) -> String {
    let mut xml = page.strip_prefix("<!DOCTYPE html>").unwrap().to_owned();
    for element in ["style", "script"] {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        let start = xml.find(&open).unwrap() + open.len();
        let end = start + xml[start..].find(&close).unwrap();
        xml.replace_range(start..end, "");
    }
    for void in ["<meta ", "<input "] {
        let parts: Vec<&str> = xml.split(void).collect();
        let closed = parts[1..].iter().map(|part| part.replacen('>', "/>", 1));
        xml = std::iter::once(parts[0].to_owned()).chain(closed).collect::<Vec<_>>().join(void);
    }
    xml
}

fn parse(xml: &str) -> Document<'_> {
    Document::parse(xml).unwrap_or_else(|e| {
        let line = xml.lines().nth(e.pos().row as usize - 1).unwrap_or_default();
        let at = e.pos().col as usize;
        panic!("{e}: {}", line.chars().skip(at.saturating_sub(80)).take(160).collect::<String>())
    })
}

/// All text of an element.
fn words(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect()
}

fn style(page: &str) -> &str {
    page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap()
}

#[test]
fn the_page_needs_nothing_beside_itself() {
    let (_, page) = english();
    let xml = as_xml(&page);
    for node in parse(&xml).descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        assert!(
            !["link", "iframe", "object", "embed", "img", "base", "image", "form"].contains(&name),
            "{name}"
        );
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            if ["src", "href", "srcset", "data", "action", "poster", "background", "cite"].contains(&key) {
                assert!(value.starts_with('#'), "{name} {key}={value}");
            }
            assert!(!key.starts_with("on"), "{name} {key}");
            assert!(!value.contains("url(") || value.contains("url(#"), "{name} {key}={value}");
        }
    }
    let style = style(&page);
    assert!(!style.contains("@import") && !style.contains("://"));
    assert_eq!(style.matches("url(").count(), style.matches("url(data:font/ttf;base64,").count());
    assert_eq!(style.matches("@font-face").count(), 2);
    let script = page.split("<script>").nth(1).unwrap();
    for reach in ["://", "fetch", "XMLHttpRequest", "import", "innerHTML", "eval"] {
        assert!(!script.split("</script>").next().unwrap().contains(reach), "{reach}");
    }
    assert!(page.contains("default-src 'none'"));
    // The policy lets this very script run: a browser hashes what stands between the tags.
    let hash = STANDARD.encode(Sha256::digest(script.split("</script>").next().unwrap()));
    assert!(page.contains(&format!("script-src 'sha256-{hash}'")));
}

#[test]
fn every_address_leads_somewhere_and_no_id_stands_twice() {
    let (_, page) = english();
    let xml = as_xml(&page);
    let document = parse(&xml);
    let mut ids: Vec<&str> = document.descendants().filter_map(|n| n.attribute("id")).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for node in document.descendants() {
        let addresses = node.attribute("href").and_then(|h| h.strip_prefix('#'));
        for id in addresses.into_iter().chain(node.attribute("aria-labelledby")) {
            assert!(ids.contains(&id), "{id} is not on the page");
        }
    }
    assert!(
        ["overview", "town-temirtau", "town-abai", "method", "assumptions", "reproduce"]
            .iter()
            .all(|id| ids.contains(id))
    );
}

#[test]
fn headings_descend_one_step_at_a_time_from_a_single_first_one() {
    let (_, page) = english();
    let xml = as_xml(&page);
    let document = parse(&xml);
    let level = |n: &Node<'_, '_>| n.tag_name().name().strip_prefix('h')?.parse::<u8>().ok();
    let levels: Vec<u8> = document.descendants().filter(Node::is_element).filter_map(|n| level(&n)).collect();
    assert!(levels[0] == 1 && !levels[1..].contains(&1), "{levels:?}");
    assert!(levels.windows(2).all(|w| w[1] <= w[0] + 1), "{levels:?}");
    for landmark in ["header", "nav", "main", "footer"] {
        assert_eq!(document.descendants().filter(|n| n.has_tag_name(landmark)).count(), 1, "{landmark}");
    }
}

#[test]
fn every_figure_says_what_it_shows_and_has_its_numbers_behind_it() {
    let (case, results) = karaganda();
    for language in Language::ALL {
        let text = Text::of(language);
        let drawn = figures(&case, &results, &text);
        let page = page_of(&case, &results, &drawn, &text);
        let xml = as_xml(&page);
        let document = parse(&xml);
        assert_eq!(document.root_element().attribute("lang"), Some(language.code()));
        let shown: Vec<_> = document.descendants().filter(|n| n.has_tag_name("figure")).collect();
        assert_eq!(shown.len(), drawn.len(), "{language:?}");
        for figure in shown {
            let find = |name: &str| {
                let found = figure.descendants().find(|n| n.has_tag_name(name));
                found.unwrap_or_else(|| panic!("no {name} in {}", words(figure)))
            };
            let caption = words(find("figcaption"));
            let picture = figure.descendants().find(|n| n.attribute("role") == Some("img")).unwrap();
            let alt = picture.attribute("aria-label").unwrap();
            assert!(!caption.is_empty() && alt.len() >= caption.trim_end_matches('.').len(), "{caption}");
            let is_it = |f: &&Figure| plain(&f.title) == plain(&caption) && plain(&f.alt) == plain(alt);
            let of = drawn.iter().find(is_it).unwrap_or_else(|| panic!("{caption}: {alt}"));
            let rows = find("details").descendants().filter(|n| n.has_tag_name("tr")).count();
            assert_eq!(rows, of.table.rows.len() + 1, "{caption}");
            assert!(figure.descendants().any(|n| n.has_tag_name("svg")));
        }
    }
}

/// Spaces made equal: on the page those before a percent sign do not break.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[test]
fn every_assumption_and_every_hash_stands_on_the_page() {
    let (case, page) = english();
    let xml = as_xml(&page);
    let document = parse(&xml);
    let section =
        |id: &str| plain(&words(document.descendants().find(|n| n.attribute("id") == Some(id)).unwrap()));
    let assumptions = section("assumptions");
    assert!(case.assumptions.len() > 100);
    for a in &case.assumptions {
        assert!(assumptions.contains(&plain(&format!("{}{}{}", a.item, a.value, a.basis))), "{a:?}");
    }
    let reproduce = section("reproduce");
    for input in input_hashes(&case) {
        assert!(reproduce.contains(&format!("{}{}", input.file, input.sha256)), "{input:?}");
    }
    let manifest = manifest(&case);
    assert!(reproduce.contains(&manifest.command("inputs", "../again")));
    assert!(reproduce.contains(&manifest.seed.to_string()) && reproduce.contains(&manifest.git));
}

#[test]
fn the_town_with_missing_inputs_says_so_and_the_audit_speaks_of_its_town() {
    let (_, page) = english();
    let xml = as_xml(&page);
    let document = parse(&xml);
    let section = |id: &str| words(document.descendants().find(|n| n.attribute("id") == Some(id)).unwrap());
    let (abai, temirtau) = (section("town-abai"), section("town-temirtau"));
    assert!(abai.contains("Inputs that the source does not print"));
    assert!(!temirtau.contains("Inputs that the source does not print"));
    // Temirtau's demography stands 0.017 above the bound at 7.5.
    assert!(temirtau.contains("7.5177.500-0.017"), "{temirtau}");
    assert!(temirtau.contains("would change a class or a vote"));
    assert!(temirtau.contains("times 1.15 by 2035"));
}

#[test]
fn what_stands_in_a_case_cannot_break_out_of_the_page() {
    let mut case = Case::load(&Source::embedded(), &[]).unwrap();
    let hostile = "</title></style></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";
    let name = || {
        let text = hostile.to_owned();
        boljam::case::Name { en: text.clone(), kk: text.clone(), ru: text }
    };
    case.region = name();
    for town in &mut case.towns {
        town.name = name();
        town.enterprise = name();
        town.specialisation = name();
    }
    for scenario in &mut case.scenarios {
        scenario.name = name();
        scenario.summary = name();
    }
    case.commodities.iter_mut().for_each(|c| c.name = name());
    case.drivers.iter_mut().for_each(|d| d.basis = hostile.to_owned());
    for a in &mut case.assumptions {
        (a.file, a.item, a.value, a.basis) =
            (hostile.to_owned(), hostile.to_owned(), hostile.to_owned(), hostile.to_owned());
    }
    let results = study(&case);
    for language in Language::ALL {
        let text = Text::of(language);
        let page = page_of(&case, &results, &figures(&case, &results, &text), &text);
        let xml = as_xml(&page);
        let document = parse(&xml);
        assert_eq!(document.descendants().filter(|n| n.has_tag_name("script")).count(), 1);
        assert!(!document.descendants().any(|n| n.has_tag_name("img")));
        assert_eq!(page.matches("<script").count(), 1);
        assert!(words(document.root_element()).contains("<script>alert(1)</script>"), "escaped, not dropped");
    }
}

#[test]
fn cards_have_the_colours_of_the_figures() {
    let (case, results) = karaganda();
    let text = Text::of(Language::En);
    let figures = figures(&case, &results, &text);
    let page = page_of(&case, &results, &figures, &text);
    let drawn: String = figures.iter().map(|f| f.svg.to_lowercase()).collect();
    for place in 0..case.scenarios.len() {
        let rule = format!(".card[data-place=\"{place}\"] {{ border-top-color: ");
        let colour = style(&page).split(&rule).nth(1).unwrap().split(';').next().unwrap();
        assert!(drawn.contains(colour), "{colour}");
    }
}
