"""Long lines beside digits, the edges of a sheet, the gutter of a book, and the strokes of a 1."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.handwriting import STROKES, trace, trace_row, write_number
from tests.pictures import MARKS, SIDE, drawn, photographed, readings, reasons, text, with_pen


def test_a_lone_straight_stroke_is_a_one(recognizer):
    picture = with_pen(lambda pen: pen.line((210, 60, 190, 340), 0, 12))()
    assert text(recognizer, picture) == "1"
    crossing = picture.crop((100, 80, 300, 320))  # from edge to edge
    assert text(recognizer, crossing) == "1"


def test_a_line_that_may_be_a_one_leaves_doubt(recognizer):
    assert readings(recognizer, MARKS["line"](drawn(5))) == "5?"


@pytest.mark.parametrize("dash", [(18, 4), (10, 10)])
@pytest.mark.parametrize("is_photo", [False, True])
def test_dashed_lines_leave_no_doubt(recognizer, dash, is_photo):
    wide, high = dash

    def rules(pen):
        for y in (90, 350):
            for x in range(20, 380, 30):
                pen.rectangle((x, y + x / 40, x + wide, y + x / 40 + high), 40)

    picture = with_pen(rules)(drawn(5))
    picture = photographed(picture) if is_photo else picture
    assert readings(recognizer, picture) == "5"
    assert reasons(picture) == {"rule"}


def test_a_word_of_small_letters_is_no_dashed_line(recognizer):
    word = with_pen(lambda pen: pen.text((30, 10), "measurement", 0, font_size=30))
    assert readings(recognizer, word(drawn(5))) == "5?"


def test_a_thin_line_beside_a_lone_stroke_is_left_out(recognizer):
    stroke = with_pen(lambda pen: pen.line((210, 120, 195, 320), 0, 14))
    assert readings(recognizer, MARKS["line"](stroke())) == "1?"


def test_the_edges_of_a_sheet_round_a_digit_are_left_out_and_doubted(recognizer):
    edges = with_pen(lambda pen: pen.line([(60, 30), (45, 360), (370, 375)], 0, 5))
    picture = edges(drawn(2, height=0.3))
    assert readings(recognizer, picture) == "2?"
    assert reasons(picture) == {"edge"}


@pytest.mark.parametrize("dot", [(340, 340, 365, 365), (120, 250, 145, 275)])
@pytest.mark.parametrize("foot", [300, 270, 230])
def test_a_large_seven_with_a_dot_is_no_edge(foot, dot):
    seven = with_pen(lambda pen: pen.line([(90, 70), (310, 70), (foot, 370)], 0, 14))
    dotted = with_pen(lambda pen: pen.ellipse(dot, 0))
    assert "edge" not in reasons(dotted(seven()))


def test_what_lies_along_an_edge_of_the_picture_is_no_sure_digit(recognizer):
    strip = with_pen(lambda pen: pen.rectangle((SIDE - 8, 37, SIDE, 80), 0))
    assert recognizer.read(photographed(strip())).verdict == "unsure"


def test_a_long_line_from_an_edge_beside_a_number_is_left_out_and_leaves_doubt(recognizer):
    """As the gutter of a book that lies open; the digits are no marks beside it."""
    gutter = with_pen(lambda pen: pen.line([(60, 0), (20, 460)], 30, 12))(write_number(3, 4))
    for picture in (gutter, photographed(gutter)):
        assert readings(recognizer, picture) == "3?4?"


def test_a_strip_across_the_picture_leaves_no_doubt(recognizer):
    strip = with_pen(lambda pen: pen.rectangle((0, 340, SIDE, 380), 20))
    picture = photographed(strip(drawn(5, 0.35, centre=(0.45, 0.4))))
    assert readings(recognizer, picture) == "5"


@pytest.mark.parametrize("count", [7, 8, 11])
def test_the_rays_of_a_sun_are_no_ones(recognizer, count):
    def draw(pen):
        pen.ellipse((140, 140, 260, 260), outline=0, width=8)
        for angle in 2 * np.pi * np.arange(count) / count:
            across, down = np.cos(angle), np.sin(angle)
            pen.line([(200 + r * across, 200 + r * down) for r in (80, 125)], 0, 8)

    assert not text(recognizer, with_pen(draw)())


def test_a_bowl_that_broke_off_a_digit_leaves_doubt(recognizer):
    pen = ImageDraw.Draw(paper := Image.new("L", (720, 540), 255))
    trace(pen, STROKES[9], (120, 130, 110, 200), 16)
    pen.line([(330, 160), (390, 130), (420, 150), (370, 215), (400, 240)], 0, 16, "curve")
    pen.line([(430, 280), (400, 320), (340, 335), (290, 325), (265, 305)], 0, 16, "curve")
    assert readings(recognizer, paper)[1::2] == "??"


def test_lines_between_columns_are_no_ones(recognizer):
    def table(pen):
        for x in (40, 200, 360):
            pen.line((x, 20, x + 4, 380), 0, 6)
        for i, digit in enumerate((3, 5, 2, 7)):
            trace(pen, STROKES[digit], (85 + 160 * (i % 2), 60 + 180 * (i // 2), 60, 90), 9)

    assert readings(recognizer, with_pen(table)()) == "3?5?2?7?"


def test_the_teeth_of_a_comb_are_no_ones_but_ones_are(recognizer):
    def number(pen, width):
        trace_row(pen, (3, 5, 2, 7), (20, 150, 55, 90), 95, 9)
        for x in (97, 192, 287):
            pen.line((x, 180, x, 240), 0, width)

    assert readings(recognizer, with_pen(lambda pen: number(pen, 4))()) == "3?5?2?7?"
    assert text(recognizer, with_pen(lambda pen: number(pen, 9))()) == "3151217"


def strokes(*lines):
    def draw(pen):
        for line in lines:
            pen.line(line, 0, 14, "curve")

    return with_pen(draw)


def test_strokes_that_do_not_touch_are_no_one_for_certain(recognizer):
    seven = strokes((130, 104, 197, 102), (232, 128, 175, 310))
    assert readings(recognizer, seven()) == "7"
    four = strokes((190, 110, 130, 215), (125, 245, 205, 245), (232, 118, 228, 330))
    assert readings(recognizer, four()) == "4"
    minus_one = strokes((90, 220, 150, 220), (220, 110, 210, 320))
    assert readings(recognizer, minus_one()) == "1"


def test_the_loose_bar_of_a_seven_beside_a_digit_is_no_minus(recognizer):
    three = drawn(3, height=0.35, centre=(0.25, 0.57))
    seven = strokes((215, 160, 262, 159), (284, 174, 250, 300))
    assert readings(recognizer, seven(three)) == "37"
    overlined = strokes((50, 132, 310, 132), (284, 174, 278, 300))
    assert readings(recognizer, overlined(three)) == "31"


def test_the_loose_bar_of_a_four_beside_a_digit_is_no_minus_for_certain(recognizer):
    four = strokes((232, 170, 196, 233), (193, 265, 244, 265), (278, 175, 276, 302))
    assert readings(recognizer, four(drawn(3, height=0.35, centre=(0.25, 0.57)))) == "3?1?1?"


@pytest.mark.parametrize("digit", [4, 7, 8])
def test_a_line_close_under_a_digit_is_left_out(recognizer, digit):
    picture = drawn(digit, height=0.4, centre=(0.45, 0.45))
    rows, columns = np.nonzero(np.asarray(picture) < 128)
    y = rows.max() + 26
    underlined = strokes((columns.min() + 8, y, columns.max() - 4, y + 2))
    assert readings(recognizer, underlined(picture)) == f"{digit}?"
