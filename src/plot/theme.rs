//! One scale of type and one width for every figure.

use super::font::Type;

/// The scale of type, in pixels of a figure 1600 wide: the finding; names of panels; what labels say;
/// labels on things; caption. Nothing is smaller than the caption.
pub(super) const TITLE: Type = Type { px: 34.0, bold: true };
pub(super) const HEADING: Type = Type { px: 22.0, bold: true };
pub(super) const STRONG: Type = Type { px: 18.0, bold: true };
pub(super) const LABEL: Type = Type { px: 18.0, bold: false };
pub(super) const CAPTION: Type = Type { px: 15.0, bold: false };

/// Width of every figure.
pub(super) const WIDTH: u32 = 1600;
/// White around everything.
pub(super) const MARGIN: i32 = 30;
/// Width within the margins.
pub(super) const ROOM: f64 = (WIDTH as i32 - 2 * MARGIN) as f64;

/// Distance of the lines of a text of this size.
pub(super) fn leading(size: Type) -> i32 {
    (1.25 * size.px).round() as i32
}

/// Height of so many lines of this size.
pub(super) fn height_of(lines: usize, size: Type) -> i32 {
    leading(size) * lines as i32
}
