"""Digits of seven segments, as of clocks and meters."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digits.ink import analyse
from digits.layout_analysis.displays import redraw_display, shows_digit
from digits.masks import bounds, ink_threshold
from digits.morphology import connected_components
from tests.pictures import drawn, photographed, text

SEGMENTS = {
    "a": ((0, 0), (1, 0)),
    "b": ((1, 0), (1, 1)),
    "c": ((1, 1), (1, 2)),
    "d": ((0, 2), (1, 2)),
    "e": ((0, 1), (0, 2)),
    "f": ((0, 0), (0, 1)),
    "g": ((0, 1), (1, 1)),
}
LIT = ["abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg"]


def display(digits, gap=0.1, slant=0.0, colours=("white", "black")):
    """Draw a display: in cells 100 high, with gaps of a share of a segment at its ends."""
    pen = ImageDraw.Draw(picture := Image.new("RGB", (90 * len(digits) + 50, 180), colours[0]))
    for i, digit in enumerate(digits):
        for name in LIT[int(digit)]:
            start, end = np.float32(SEGMENTS[name])
            ends = [start + gap * (end - start), end - gap * (end - start)]
            ends = [
                (40 + 90 * i + 50 * x + slant * 50 * (2 - y), 40 + 50 * float(y)) for x, y in ends
            ]
            pen.line([tuple(map(float, each)) for each in ends], colours[1], 12)
    return picture


@pytest.mark.parametrize("gap", [0.0, 0.14])
@pytest.mark.parametrize("digits", ["8", "6", "6827", "9117", "260", "543"])
def test_a_display_is_read(recognizer, digits, gap):
    assert text(recognizer, display(digits, gap)) == digits


@pytest.mark.parametrize("slant", [0.0, 0.12])
@pytest.mark.parametrize("digit", "235689")
def test_a_single_digit_is_drawn_anew(digit, slant):
    ink = 255 - np.asarray(display(digit, gap=0.0, slant=slant).convert("L"))
    assert shows_digit(ink[bounds(ink)] > 0)


def test_a_seven_of_straight_lines_is_a_clean_drawing():
    seven = Image.new("L", (520, 520), "white")
    ImageDraw.Draw(seven).line([(150, 120), (370, 120), (230, 420)], "black", 18, "curve")
    assert analyse(seven).is_one_piece


def test_a_slanted_display_is_read_in_a_photo(recognizer):
    lit = display("268", slant=0.12, colours=((10, 20, 15), (60, 240, 120)))
    assert text(recognizer, photographed(lit)) == "268"


def test_faint_print_beside_a_display_in_a_photo_stays_left_out(recognizer):
    lit = display("253", colours=((200, 200, 200), (20, 20, 20)))
    wide = Image.new("RGB", (lit.width + 120, lit.height), (200, 200, 200))
    wide.paste(lit, (0, 0))
    label = drawn(4, height=0.8, centre=(0.5, 0.5)).resize((120, 120)).point(lambda v: 124 + v // 4)
    wide.paste(label.convert("RGB").point(lambda v: min(v, 200)), (lit.width, 30))
    assert text(recognizer, photographed(wide)) == "253"


def test_a_clock_is_read_without_its_colon(recognizer):
    clock = display("6891")
    wide = Image.new("RGB", (clock.width + 40, clock.height), "white")
    wide.paste(clock.crop((0, 0, 205, 180)), (0, 0))
    wide.paste(clock.crop((205, 0, clock.width, 180)), (245, 0))
    for y in (75, 115):
        ImageDraw.Draw(wide).rectangle((215, y - 6, 227, y + 6), "black")
    assert text(recognizer, wide) == "6891"


@pytest.mark.parametrize("digits", ["0", "00", "11", "101"])
def test_boxes_and_lines_are_no_display(digits):
    assert not is_redrawn(display(digits))


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("width", [0.02, 0.05])
def test_handwriting_is_no_display(digit, width):
    assert not is_redrawn(drawn(digit, width=width))


def is_redrawn(picture):
    ink = 255 - np.asarray(picture.convert("L"))
    return redraw_display(ink, connected_components(ink > ink_threshold(ink))) is not ink
