"""Ruled and squared paper, and the lines of tables."""

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from digits.ink import analyse
from tests.handwriting import STROKES, trace, trace_row
from tests.pictures import SIDE, drawn, photographed, readings, reasons, ruled_paper, text, with_pen


def test_the_box_of_a_rule_is_as_thick_as_the_rule():
    picture = with_pen(lambda pen: pen.line((0, 40, 400, 40), 0, 5))(drawn(2))
    [rule] = analyse(picture).left_out
    assert rule.box == pytest.approx((0, 38, 400, 43), abs=1)


def test_a_patch_of_faint_print_is_left_out_of_a_photo(recognizer):
    """Of squared paper in uneven light only some of the lines may be dark enough to be seen."""
    patch = [(20, 40, 120, 40), (20, 70, 120, 70), (50, 20, 50, 110), (80, 20, 80, 110)]
    picture = with_pen(lambda pen: [pen.line(line, 150, 3) for line in patch])(drawn(5))
    assert readings(recognizer, photographed(picture)) == "5"
    assert reasons(photographed(picture)) == {"faint"}


def test_a_faint_stroke_as_wide_as_the_pen_leaves_doubt(recognizer):
    picture = with_pen(lambda pen: pen.line((330, 100, 320, 330), 150, 14))(drawn(5))
    assert readings(recognizer, photographed(picture)) == "5?"


def test_squared_paper_of_blurred_lines_is_left_out(recognizer):
    pen = ImageDraw.Draw(grid := Image.new("L", (2 * SIDE, 2 * SIDE), 255))
    for at in range(31, 2 * SIDE, 70):
        pen.line((at, 0, at, 2 * SIDE), 120, 3)
        pen.line((0, at, 2 * SIDE, at), 120, 3)
    assert text(recognizer, ImageChops.darker(grid.reduce(2), drawn(2))) == "2"


def test_a_stroke_along_a_lighter_ruled_line_stays(recognizer):
    """The bar of a 7, without which it would be a 1."""
    pen = ImageDraw.Draw(picture := Image.new("L", (SIDE, SIDE), 255))
    for y in range(60, SIDE, 60):
        pen.line((0, y, SIDE, y), 170, 4)
    pen.line([(140, 120), (250, 120), (180, 300)], 30, 4)
    assert text(recognizer, picture) == "7"


@pytest.mark.parametrize("lines", [range(4), range(1, 3)], ids=["boxed", "open"])
def test_the_cells_of_a_table_are_read(recognizer, lines):
    table = np.full((440, 640), 255, np.uint8)
    for row, digits in enumerate([(2, 7, 4), (5, 3, 8)]):
        for column, digit in enumerate(digits):
            cell = np.s_[60 + 160 * row : 220 + 160 * row, 80 + 160 * column : 240 + 160 * column]
            table[cell] = np.asarray(drawn(digit, centre=(0.5, 0.5)).resize((160, 160)))
    pen = ImageDraw.Draw(picture := Image.fromarray(table))
    for at in lines:
        pen.line((80 + 160 * at, 60, 80 + 160 * at, 380), 60, 3)
    for at in lines[:-1]:
        pen.line((80, 60 + 160 * at, 560, 60 + 160 * at), 60, 3)
    assert readings(recognizer, picture) == "274538"


@pytest.mark.parametrize("places", [{}, {(1, 2): 7, (1, 6): 2, (4, 4): 5, (7, 1): 8}])
def test_a_table_of_many_squares_is_no_writing(recognizer, places):
    pen = ImageDraw.Draw(table := Image.new("L", (720, 720), 255))
    for (row, column), digit in places.items():
        trace(pen, STROKES[digit], (52 + 70 * column, 50 + 70 * row, 34, 40), 5)
    for i in range(10):
        wide = 5 if i % 3 == 0 else 2
        at = 36 + 70 * i
        pen.line((36, at, 666, at), 40, wide)
        pen.line((at, 36, at, 666), 40, wide)
    table = table.rotate(1.2, Image.Resampling.BICUBIC, fillcolor=255)
    assert text(recognizer, photographed(table)) == "".join(map(str, places.values()))


def test_digits_in_the_squares_of_strong_squared_paper_are_read(recognizer):
    pen = ImageDraw.Draw(page := Image.new("RGB", (800, 560), "white"))
    for at in range(-40, 860, 50):
        pen.line((at, 0, at + 8, 560), (110, 150, 215), 3)
        pen.line((0, at, 800, at + 11), (110, 150, 215), 3)
    trace_row(pen, "37285", (221, 272, 32, 38), 50, 4, (25, 25, 45))
    assert text(recognizer, photographed(page)) == "37285"


def test_squared_paper_below_a_tool_bar_is_left_out(recognizer):
    def squares(pen):
        for at in range(60, SIDE, 30):
            pen.line((0, at, SIDE, at), 205)
            pen.line((at - 45, 45, at - 45, SIDE), 205)
        pen.rectangle((0, 0, SIDE, 45), 225)

    assert text(recognizer, ImageChops.darker(with_pen(squares)(drawn(7)), drawn(7))) == "7"


def form(pen):
    for y in (40, 150, 260, 370):
        pen.text((20, y), "Name", 0, font_size=10)
        pen.rectangle((130, y, 396, y + 27), outline=0, width=2)


def ruled_paper_on_a_table(pen):
    ruled_paper(pen)
    pen.rectangle((SIDE - 8, 37, SIDE, 80), 0)


@pytest.mark.parametrize("draw", [form, ruled_paper, ruled_paper_on_a_table])
def test_paper_that_nobody_wrote_on_is_no_digit(recognizer, draw):
    picture = with_pen(draw)()
    assert recognizer.read(picture).verdict in ("blank", "not_a_digit")
    assert reasons(picture) & {"frame", "rule"}
