//! report.html: the whole result as one file that needs nothing else, neither network nor fonts nor folders.
//!
//! Takes results, case, provenance and the figures as the caller drew them; gives the page as text. Markup comes
//! from `maud`, which escapes every text and has the compiler balance the tags. The page's own script and
//! style stand in files of their own (`html/page.js`, `html/page.css`); a content security policy inside the
//! page forbids everything else, a reference to another place and a script from the data among it.

mod choice;
mod correlations;
mod figure;
mod futures;
mod limits;
mod method;
mod overview;
mod parts;
mod reproduce;
mod today;
mod town;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::provenance::Provenance;
use crate::analyse::Results;
use crate::assess::{Finding, audit};
use crate::case::Case;
use crate::text::Text;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// A figure as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its name: `region`, or `<town>/<kind>`, which decides where it stands.
    pub name: String,
    /// Its title: the finding in words.
    pub title: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// The picture.
    pub svg: String,
    /// Heads of the table of the numbers shown.
    pub header: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// A font that the page carries with it.
#[derive(Debug, Clone, Copy)]
pub struct Font<'a> {
    /// Its family, as the figures call it.
    pub family: &'a str,
    /// 400 regular, 700 bold.
    pub weight: u16,
    /// The file (TrueType).
    pub bytes: &'a [u8],
}

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The case.
    pub case: &'a Case,
    /// Its results.
    pub results: &'a Results,
    /// How they were made.
    pub provenance: &'a Provenance,
    /// The figures, in the order in which they are to stand.
    pub pictures: &'a [Picture],
    /// The fonts of the figures.
    pub fonts: &'a [Font<'a>],
}

/// Writes the page.
pub fn page(material: &Material<'_>, text: &Text) -> String {
    let page = Page {
        case: material.case,
        results: material.results,
        provenance: material.provenance,
        pictures: material.pictures,
        text,
        audit: audit(material.case),
    };
    let head = page.head(material.fonts);
    let body = page.body();
    let page = html! {
        (DOCTYPE)
        html lang=(page.language()) {
            (head)
            body {
                (PreEscaped(unbroken(&body.into_string())))
                // As it stands in its file: the policy knows it by its hash.
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    page.into_string()
}

/// Everything that the parts of the page draw on.
struct Page<'a> {
    case: &'a Case,
    results: &'a Results,
    provenance: &'a Provenance,
    pictures: &'a [Picture],
    text: &'a Text,
    audit: Vec<Finding>,
}

impl<'a> Page<'a> {
    fn language(&self) -> &'static str {
        self.text.language().code()
    }

    fn horizon(&self) -> String {
        self.results.setup.years.last().map_or_else(String::new, i32::to_string)
    }

    fn base_year(&self) -> String {
        self.results.setup.years.first().map_or_else(String::new, i32::to_string)
    }

    fn get(&self, key: &'a str) -> &'a str {
        self.text.get(key)
    }

    /// Name of a candidate scenario.
    fn candidate(&self, place: usize) -> &str {
        self.text.name(&self.results.candidates[place].1)
    }

    /// Number of runs, seed, version.
    fn caption(&self) -> String {
        let setup = &self.results.setup;
        let (runs, seed) = (self.text.number(setup.runs as f64, 0), setup.seed.to_string());
        let values = [("runs", runs.as_str()), ("seed", &seed), ("version", &setup.version)];
        self.text.fill("caption.runs", &values)
    }

    fn title(&self) -> String {
        super::caveats::title(self.results, self.text)
    }

    fn head(&self, fonts: &[Font<'_>]) -> Markup {
        let script = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
        let policy = format!(
            "default-src 'none'; script-src 'sha256-{script}'; style-src 'unsafe-inline'; font-src data:; \
             img-src data:; base-uri 'none'; form-action 'none'"
        );
        html! {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "boljam " (self.results.setup.version) };
                title { (self.title()) }
                style { (PreEscaped(faces(fonts))) (PreEscaped(STYLE)) }
            }
        }
    }

    fn body(&self) -> Markup {
        let towns = &self.results.towns;
        html! {
                a.skip href="#main" { (self.get("page.skip")) }
                header.masthead {
                    h1 { (self.title()) }
                    p { (self.caption()) }
                    @for said in self.laid_on() { p.warning { (parts::inline(&said)) } }
                }
                div.bar role="region" aria-label=(self.get("page.switch")) {
                    nav.tabs aria-label=(self.get("page.pages")) {
                        ul {
                            li { a href="#overview" { (self.get("page.overview")) } }
                            @for town in towns {
                                li { a href={ "#town-" (town.id) } { (self.text.name(&town.name)) } }
                            }
                            li { a href="#method" { (self.get("page.method")) } }
                            li { a href="#assumptions" { (self.get("assumptions.title")) } }
                            li { a href="#reproduce" { (self.get("page.reproduce")) } }
                        }
                    }
                    (self.switch())
                }
                main id="main" tabindex="-1" {
                    (self.overview())
                    @for town in towns { (self.town(town)) }
                    (self.method())
                    (self.assumptions())
                    (self.reproduce())
                }
                footer { p { (self.caption()) } }
        }
    }

    /// Chooses which futures are shown; hidden until the script takes it up.
    fn switch(&self) -> Markup {
        let Some(town) = self.results.towns.first() else { return html! {} };
        html! {
            fieldset.switch hidden="" {
                legend { (self.get("page.switch")) }
                label {
                    input type="radio" name="scenario" value="" checked="";
                    span { (self.get("page.all")) }
                }
                @for scenario in &town.scenarios {
                    label {
                        input type="radio" name="scenario" value=(scenario.id);
                        span { (self.text.name(&scenario.name)) }
                    }
                }
            }
        }
    }

    /// What is to be known first: too few runs, what was laid on or left out.
    fn laid_on(&self) -> Vec<String> {
        super::caveats::laid_on(self.results, self.text)
    }

    /// A page of the report: one of the tabs.
    fn section(id: &str, title: &str, body: &Markup) -> Markup {
        html! {
            section.page id=(id) aria-labelledby={ (id) "-title" } {
                h2 id={ (id) "-title" } { (title) }
                (body)
            }
        }
    }
}

/// The fonts as part of the style.
fn faces(fonts: &[Font<'_>]) -> String {
    let face = |font: &Font<'_>| {
        format!(
            "@font-face{{font-family:\"{}\";font-weight:{};font-display:block;\
             src:url(data:font/ttf;base64,{}) format(\"truetype\")}}\n",
            font.family,
            font.weight,
            STANDARD.encode(font.bytes)
        )
    };
    let family = fonts.first().map(|font| format!(":root{{--family:\"{}\"}}\n", font.family));
    fonts.iter().map(face).chain(family).collect()
}

/// Keeps a margin and a percent sign with their number at the end of a line.
fn unbroken(page: &str) -> String {
    page.replace(" ± ", "\u{a0}±\u{a0}").replace(" %", "\u{a0}%")
}
