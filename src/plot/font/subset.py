"""Makes regular.ttf and bold.ttf again. Needs Python; nothing else in the project does.

    python3 -m venv venv && venv/bin/pip install fonttools==4.68.0 fontpkg-noto-sans==2.15
    venv/bin/python subset.py venv/lib/python3*/site-packages/fontpkg_noto_sans/files/'NotoSans[wdth,wght].ttf'

Semi-condensed (width 87.5), because Russian and Kazakh words are long. No kerning, ligatures or hints: the
width of a text is then exactly the sum of its advances. Noto Sans lacks the order signs and arrows, which are
put together from its own less, greater and minus.
"""

import sys

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

RANGES = [
    (0x20, 0x7E), (0xA0, 0x17F),  # Latin, with every letter of Turkish, Azerbaijani, Polish, Czech and their like
    (0x218, 0x21B), (0x259, 0x259), (0x1E9E, 0x1E9E),  # Romanian, Azerbaijani, German
    (0x391, 0x3A1), (0x3A3, 0x3A9), (0x3B1, 0x3C9),  # Greek, for what formulas name
    (0x400, 0x45F), (0x490, 0x493), (0x49A, 0x49B), (0x4A2, 0x4A3), (0x4AE, 0x4B1), (0x4BA, 0x4BB),
    (0x496, 0x497), (0x4B6, 0x4B7), (0x4E2, 0x4E3), (0x4EE, 0x4EF), (0x4D8, 0x4D9), (0x4E8, 0x4E9),
    # Cyrillic with every letter of Russian, Kazakh, Kyrgyz, Tatar and Tajik
    (0x2070, 0x2071), (0x2074, 0x208E),  # digits above and below the line
    (0x2007, 0x2007), (0x2009, 0x2011), (0x202F, 0x202F),  # figure, thin and narrow spaces, hyphens
    (0x2013, 0x2014), (0x2018, 0x201E), (0x2022, 0x2022), (0x2026, 0x2026), (0x2030, 0x2030), (0x2032, 0x2033),
    (0x20A8, 0x20AE), (0x20B4, 0x20BF), (0x2116, 0x2116), (0x2122, 0x2122),  # euro, tenge, rouble, lira, manat, number sign
    (0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2260),  # minus, about, unequal
]


def add(font, name, code, parts, advance):
    """A glyph of parts: (glyph, (x scale, y scale), (dx, dy))."""
    pen = TTGlyphPen(font.getGlyphSet())
    for glyph, (sx, sy), (dx, dy) in parts:
        pen.addComponent(glyph, (sx, 0, 0, sy, dx, dy))
    order = font.getGlyphOrder()
    font.setGlyphOrder(order if name in order else order + [name])
    font["glyf"][name] = pen.glyph()
    font["hmtx"][name] = (advance, 0)
    for table in font["cmap"].tables:
        table.cmap[code] = name


def make(source, weight, path):
    font = instantiateVariableFont(TTFont(source), {"wdth": 87.5, "wght": weight}, updateFontNames=True)
    options = Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 4, 6, 13, 14], notdef_outline=True)
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "STAT", "DSIG", "gasp"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[c for low, high in RANGES for c in range(low, high + 1)])
    subsetter.subset(font)
    width = font["hmtx"]["minus"][0]
    same = (1, 1)
    add(font, "lessequal", 0x2264, [("less", same, (0, 60)), ("minus", same, (0, -260))], width)
    add(font, "greaterequal", 0x2265, [("greater", same, (0, 60)), ("minus", same, (0, -260))], width)
    right, left = ("greater", (0.6, 0.8), (0.38 * width, 71)), ("less", (0.6, 0.8), (0.02 * width, 71))
    add(font, "arrowright", 0x2192, [("minus", (0.95, 1), (0, 0)), right], width)
    add(font, "arrowleft", 0x2190, [("minus", (0.95, 1), (0.05 * width, 0)), left], width)
    font.save(path)


for weight, name in [(400, "regular.ttf"), (700, "bold.ttf")]:
    make(sys.argv[1], weight, name)
