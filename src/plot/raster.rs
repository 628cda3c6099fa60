//! PNG from SVG, with the embedded font and no other.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::font::{BOLD, FAMILY, REGULAR};

/// Millimetres in an inch.
const INCH: f64 = 25.4;

/// Why a PNG file could not be made of a figure.
#[derive(Debug, Clone, thiserror::Error)]
#[error("a picture could not be made: {0}")]
pub struct PlotError(String);

impl PlotError {
    fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Turns figures into PNG files of one width.
#[derive(Debug, Clone)]
pub struct Raster {
    fonts: Arc<fontdb::Database>,
    width: u32,
    dpi: u32,
}

impl Raster {
    /// PNG files so many pixels wide, which say that they are to be printed at so many dots per inch.
    pub fn new(width: u32, dpi: u32) -> Self {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(BOLD.to_vec());
        Self { fonts: Arc::new(fonts), width, dpi }
    }

    /// How a browser would lay an SVG out that has the embedded font.
    ///
    /// # Errors
    /// [`PlotError`] when it is no SVG.
    pub fn layout(&self, svg: &str) -> Result<Tree, PlotError> {
        let fontdb = Arc::clone(&self.fonts);
        let options = Options { fontdb, font_family: FAMILY.to_owned(), ..Options::default() };
        Tree::from_str(svg, &options).map_err(PlotError::of)
    }

    /// A picture of an SVG as the bytes of a PNG file; the same SVG always gives the same bytes.
    ///
    /// # Errors
    /// [`PlotError`] when it is no SVG or too large for memory.
    pub fn png(&self, svg: &str) -> Result<Vec<u8>, PlotError> {
        let pixels = self.pixels(svg)?;
        encode(&pixels, self.dpi)
    }

    /// A picture of an SVG.
    ///
    /// # Errors
    /// [`PlotError`] when it is no SVG or too large for memory.
    pub fn pixels(&self, svg: &str) -> Result<Pixmap, PlotError> {
        let tree = self.layout(svg)?;
        let scale = self.width as f32 / tree.size().width();
        let height = (tree.size().height() * scale).ceil().max(1.0) as u32;
        let too_large = || PlotError::of(format!("{} by {height} pixels are too many", self.width));
        let mut pixels = Pixmap::new(self.width, height).ok_or_else(too_large)?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
        Ok(pixels)
    }
}

/// A PNG file without transparency, which figures do not have.
///
/// # Errors
/// [`PlotError`] from the encoder.
pub fn encode(pixels: &Pixmap, dpi: u32) -> Result<Vec<u8>, PlotError> {
    let rgb: Vec<u8> = pixels.data().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let per_metre = (f64::from(dpi) * 1000.0 / INCH).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().map_err(PlotError::of)?;
    writer.write_image_data(&rgb).map_err(PlotError::of)?;
    writer.finish().map_err(PlotError::of)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"5\">\
        <rect width=\"10\" height=\"5\" fill=\"#f00\"/></svg>";

    #[test]
    fn a_png_has_the_size_the_resolution_and_the_colours() {
        let bytes = Raster::new(40, 254).png(SQUARE).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let info = reader.info();
        assert_eq!((info.width, info.height), (40, 20));
        assert_eq!(info.pixel_dims.unwrap().xppu, 10_000);
        let mut rgb = vec![0; 3 * 40 * 20];
        reader.next_frame(&mut rgb).unwrap();
        assert!(rgb.chunks(3).all(|p| p == [255, 0, 0]));
    }

    #[test]
    fn what_is_no_svg_is_an_error() {
        assert!(Raster::new(10, 96).png("no").is_err());
        assert!(Raster::new(0, 96).png(SQUARE).is_err());
    }
}
