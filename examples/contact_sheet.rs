//! Puts every figure of a town and of the region on one PNG, to look at them all at once.
//!
//! `cargo run --release --example contact_sheet -- temirtau sheet.png kk`, and with `grey` or the name of a
//! colour blindness (`protan`, `deutan`, `tritan`) after the language as such an eye sees it.

use std::error::Error;

use boljam::analyse;
use boljam::case::{Case, Source};
use boljam::engine::Effort;
use boljam::model::Options;
use boljam::plot::{self, Choice, Material, Raster};
use boljam::text::{Language, Text};
use resvg::tiny_skia::{Color, Pixmap, PixmapPaint, Transform};

/// Columns of the sheet, width of a figure on it, and white between them.
const COLUMNS: usize = 2;
const WIDTH: u32 = 1000;
const GAP: u32 = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let town = arguments.next().unwrap_or_else(|| "temirtau".to_owned());
    let path = arguments.next().unwrap_or_else(|| "contact_sheet.png".to_owned());
    let case = Case::load(&Source::embedded(), &[])?;
    let results = analyse::study(&case, &Options::of(&case), Effort::runs(4000), &|_, _| {})?;
    let choice = Choice { towns: vec![town], ..Choice::default() };
    let material = Material { case: &case, results: &results, plans_alone: None };
    let language = arguments.next().unwrap_or_else(|| "en".to_owned());
    let language = Language::ALL.into_iter().find(|l| l.code() == language).ok_or("no such language")?;
    let eye = arguments.next().map(|name| eye(&name).ok_or("no such eye")).transpose()?;
    let figures = plot::figures(material, &Text::of(language), &choice);

    let raster = Raster::new(WIDTH, 96);
    // Each figure goes below the column that is shortest so far.
    let mut columns: Vec<(u32, Vec<(u32, Pixmap)>)> = (0..COLUMNS).map(|_| (GAP, Vec::new())).collect();
    for figure in &figures {
        let pixels = raster.pixels(&figure.svg)?;
        println!("{:<32} {:>4} kB  {}", figure.name, figure.svg.len() / 1000, figure.title);
        if let Some((height, column)) = columns.iter_mut().min_by_key(|(height, _)| *height) {
            let top = *height;
            *height += pixels.height() + GAP;
            column.push((top, pixels));
        }
    }
    let height = columns.iter().map(|c| c.0).max().unwrap_or(GAP);
    let mut sheet = Pixmap::new(GAP + COLUMNS as u32 * (WIDTH + GAP), height).ok_or("too large")?;
    sheet.fill(Color::from_rgba8(200, 200, 200, 255));
    for (k, (_, column)) in columns.iter().enumerate() {
        let left = GAP + k as u32 * (WIDTH + GAP);
        for (top, pixels) in column {
            let (x, y) = (left as i32, *top as i32);
            sheet.draw_pixmap(x, y, pixels.as_ref(), &PixmapPaint::default(), Transform::identity(), None);
        }
    }
    if let Some(eye) = eye {
        look(&mut sheet, &eye);
    }
    std::fs::write(&path, plot::encode(&sheet, 96)?)?;
    println!("{path}");
    Ok(())
}

/// What an eye makes of linear red, green and blue: Machado, Oliveira and Fernandes (2009); grey by luminance.
fn eye(name: &str) -> Option<[[f64; 3]; 3]> {
    Some(match name {
        "grey" => [[0.2126, 0.7152, 0.0722]; 3],
        "protan" => [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
        "deutan" => [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
        "tritan" => [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
        _ => return None,
    })
}

/// Shows the sheet as an eye sees it.
fn look(sheet: &mut Pixmap, eye: &[[f64; 3]; 3]) {
    for pixel in sheet.data_mut().chunks_exact_mut(4) {
        let light = [0, 1, 2].map(|k| (f64::from(pixel[k]) / 255.0).powf(2.2));
        for (k, row) in eye.iter().enumerate() {
            let seen: f64 = row.iter().zip(light).map(|(m, c)| m * c).sum();
            pixel[k] = (255.0 * seen.clamp(0.0, 1.0).powf(1.0 / 2.2)).round() as u8;
        }
    }
}
