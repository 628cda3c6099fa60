//! One palette for all figures: scenarios, classes, greys. What it must hold is computed in the tests.

use plotters::style::{BLACK, RGBColor, WHITE};

/// Words and strong lines; lesser words.
pub(super) const INK: RGBColor = RGBColor(32, 32, 36);
pub(super) const MUTED: RGBColor = RGBColor(88, 88, 96);
/// Vertical marks of events.
pub(super) const MARK: RGBColor = RGBColor(150, 150, 158);
/// Lines behind everything.
pub(super) const GRID: RGBColor = RGBColor(221, 221, 221);

/// Prices and their median; the two branches.
pub(super) const PRICE: RGBColor = RGBColor(104, 74, 36);
pub(super) const WALK: RGBColor = RGBColor(0, 112, 168);
pub(super) const REVERTING: RGBColor = RGBColor(176, 36, 100);
/// The two causes of a change of the enterprise's share: other output, light; the enterprise itself, dark.
pub(super) const OTHER: RGBColor = RGBColor(224, 178, 70);
pub(super) const ENTERPRISE: RGBColor = RGBColor(92, 92, 104);
/// A frame around what deserves a second look.
pub(super) const WARNING: RGBColor = RGBColor(192, 24, 60);

/// Colours of scenarios in the case's order: grey, blue, vermilion, bluish green after Okabe and Ito (2008),
/// moved until words in each read on white (contrast 4.5) and the three kinds of colour blindness tell each
/// pair apart (CIEDE2000 above 15). The others serve cases with more scenarios.
const SCENARIOS: [RGBColor; 8] = [
    RGBColor(60, 60, 64),
    RGBColor(0, 70, 180),
    RGBColor(204, 76, 8),
    RGBColor(20, 124, 94),
    RGBColor(150, 60, 130),
    RGBColor(130, 96, 0),
    RGBColor(30, 120, 160),
    RGBColor(120, 40, 40),
];

/// Colours of classes from the lowest to the highest: one hue that no scenario has, lightness falling evenly,
/// so that the order survives grey print.
const CLASSES: [RGBColor; 7] = [
    RGBColor(244, 242, 251),
    RGBColor(214, 207, 235),
    RGBColor(188, 177, 221),
    RGBColor(160, 143, 205),
    RGBColor(131, 108, 185),
    RGBColor(103, 72, 160),
    RGBColor(72, 30, 128),
];

/// Colour of a scenario by its place among the candidates.
pub(super) fn scenario_colour(place: usize) -> RGBColor {
    SCENARIOS[place % SCENARIOS.len()]
}

/// Colour of a class by its rank among all class names.
pub(super) fn class_colour((rank, count): (usize, usize)) -> RGBColor {
    let last = CLASSES.len() - 1;
    let place = if count > 1 { rank as f64 / (count - 1) as f64 * last as f64 } else { 0.0 };
    CLASSES[(place.round() as usize).min(last)]
}

/// Contrast that text needs on its ground (WCAG 2.2, level AA).
const READABLE: f64 = 4.5;

/// The ink, white or, between the two, black: whichever reads well enough on a colour.
pub(super) fn ink_on(colour: RGBColor) -> RGBColor {
    let reads = |ink: &RGBColor| contrast(colour, *ink) >= READABLE;
    [INK, WHITE].into_iter().find(reads).unwrap_or(BLACK)
}

/// A colour mixed with white: 0 white, 1 the colour itself.
pub(super) fn tint(RGBColor(r, g, b): RGBColor, share: f64) -> RGBColor {
    let mix = |c: u8| (255.0 - (255.0 - f64::from(c)) * share).round() as u8;
    RGBColor(mix(r), mix(g), mix(b))
}

/// Contrast of two colours, 1 to 21 (WCAG 2.2).
pub(super) fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance, 0 black to 1 white (WCAG 2.2).
fn luminance(RGBColor(r, g, b): RGBColor) -> f64 {
    let [r, g, b] = [r, g, b].map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// A component of sRGB as light.
fn linear(component: u8) -> f64 {
    let c = f64::from(component) / 255.0;
    if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_on_every_colour() {
        for rgb in 0..16_u32.pow(3) {
            let [r, g, b] = [rgb / 256, rgb / 16 % 16, rgb % 16].map(|c| (17 * c) as u8);
            let ground = RGBColor(r, g, b);
            assert!(contrast(ground, ink_on(ground)) >= READABLE, "{ground:?}");
        }
    }

    /// What colours look like to the eye: Machado, Oliveira and Fernandes (2009), at full severity, in linear
    /// light. None, protanopia, deuteranopia, tritanopia.
    const EYES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ];

    /// CIELAB (D65) of a colour as an eye sees it.
    fn lab(RGBColor(r, g, b): RGBColor, eye: &[[f64; 3]; 3]) -> [f64; 3] {
        let light = [r, g, b].map(linear);
        let row = |row: &[f64; 3]| row.iter().zip(light).map(|(m, c)| m * c).sum::<f64>().clamp(0.0, 1.0);
        let [r, g, b] = [row(&eye[0]), row(&eye[1]), row(&eye[2])];
        let x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047;
        let y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b;
        let z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883;
        let f = |t: f64| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let (x, y, z) = (f(x), f(y), f(z));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// CIEDE2000 colour difference (Sharma, Wu and Dalal 2005).
    fn difference([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
        let seventh = |c: f64| (c.powi(7) / (c.powi(7) + 25.0_f64.powi(7))).sqrt();
        let mean = 0.5 * (a1.hypot(b1) + a2.hypot(b2));
        let g = 1.5 - 0.5 * seventh(mean);
        let (a1, a2) = (a1 * g, a2 * g);
        let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
        let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
        let (h1, h2) = (hue(a1, b1), hue(a2, b2));
        let grey = c1 * c2 == 0.0;
        let turn = match h2 - h1 {
            _ if grey => 0.0,
            d if d > 180.0 => d - 360.0,
            d if d < -180.0 => d + 360.0,
            d => d,
        };
        let (dl, dc) = (l2 - l1, c2 - c1);
        let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();
        let (l, c) = (0.5 * (l1 + l2), 0.5 * (c1 + c2));
        let h = match h1 + h2 {
            sum if grey => sum,
            sum if (h1 - h2).abs() <= 180.0 => 0.5 * sum,
            sum if sum < 360.0 => 0.5 * (sum + 360.0),
            sum => 0.5 * (sum - 360.0),
        };
        let cos = |degrees: f64| degrees.to_radians().cos();
        let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
            - 0.20 * cos(4.0 * h - 63.0);
        let off = (l - 50.0).powi(2);
        let sl = 1.0 + 0.015 * off / (20.0 + off).sqrt();
        let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
        let rt = -2.0 * seventh(c) * (60.0 * (-((h - 275.0) / 25.0).powi(2)).exp()).to_radians().sin();
        let (dl, dc, dh) = (dl / sl, dc / sc, dh / sh);
        (dl * dl + dc * dc + dh * dh + rt * dc * dh).sqrt()
    }

    #[test]
    fn the_colour_difference_is_that_of_the_published_test_data() {
        // Pairs 1, 7, 17 and 25 of Sharma, Wu and Dalal (2005), table 1.
        let pairs = [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
            ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
        ];
        for (a, b, expected) in pairs {
            let found = difference(a, b);
            assert!((found - expected).abs() < 1e-4, "{a:?} {b:?}: {found} is not {expected}");
        }
    }

    #[test]
    fn the_four_scenarios_differ_to_every_kind_of_eye() {
        for (kind, eye) in EYES.iter().enumerate() {
            for a in 0..4 {
                for b in 0..a {
                    let distance = difference(lab(SCENARIOS[a], eye), lab(SCENARIOS[b], eye));
                    assert!(distance > 15.0, "{a} and {b} to eye {kind}: {distance}");
                }
            }
        }
    }

    #[test]
    fn words_in_every_colour_read_on_white() {
        for colour in SCENARIOS.iter().chain(&[INK, MUTED]) {
            assert!(contrast(*colour, WHITE) >= 4.5, "{colour:?}: {}", contrast(*colour, WHITE));
        }
    }

    #[test]
    fn classes_are_ordered_by_lightness_to_every_kind_of_eye_and_in_grey() {
        for eye in &EYES {
            for pair in CLASSES.windows(2) {
                let (light, dark) = (lab(pair[0], eye), lab(pair[1], eye));
                assert!(light[0] > dark[0] + 7.0, "{pair:?}");
                assert!(difference(light, dark) > 6.0, "{pair:?}");
            }
        }
    }

    #[test]
    fn ink_reads_on_every_tint_of_every_colour() {
        for colour in SCENARIOS.iter().chain(&CLASSES) {
            for share in 0..=20 {
                let ground = tint(*colour, f64::from(share) / 20.0);
                let found = contrast(ground, ink_on(ground));
                assert!(found >= 4.0, "{ground:?}: {found}");
            }
        }
    }

    #[test]
    fn the_lowest_class_is_seen_on_white() {
        let eye = &EYES[0];
        assert!(difference(lab(CLASSES[0], eye), lab(WHITE, eye)) > 5.0);
    }
}
