//! Puts every figure of a town and of the region on one PNG, to look at them all at once.
//!
//! `cargo run --release --example contact_sheet -- temirtau sheet.png`

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
    let material = Material { case: &case, results: &results };
    let figures = plot::figures(material, &Text::of(Language::En), &choice)?;

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
    std::fs::write(&path, plot::encode(&sheet, 96)?)?;
    println!("{path}");
    Ok(())
}
