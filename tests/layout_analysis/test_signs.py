"""Signs beside digits: brackets, slashes, percent, question and exclamation marks."""

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from digits.ink import analyse
from tests.handwriting import STROKES, arc, trace, write
from tests.pictures import (
    BOTTOM,
    GAP,
    NUMBER,
    RIGHT,
    TOP,
    drawn,
    readings,
    reasons,
    text,
    with_pen,
)


def test_many_flat_lines_beside_a_digit_leave_doubt():
    """As in digits made of bars, of which not all touch."""

    def bars(*heights):
        return with_pen(lambda pen: [pen.line((20, y, 80, y), 0, 14) for y in heights])

    assert analyse(bars(220)(drawn(7))).is_unambiguous
    assert not analyse(bars(80, 220, 360)(drawn(7))).is_unambiguous


@pytest.mark.parametrize(
    ("writing", "digits"), [("3)47", "347"), ("(16)42", "1642"), ("4J2", "472")]
)
def test_brackets_between_digits_are_no_ones(recognizer, writing, digits):
    """The J stands for a 7 that bends, but at its top."""
    strokes = {
        ")": [arc(-0.3, 0.5, 0.7, 0.72, -50, 50)],
        "(": [arc(1.0, 0.5, 0.7, 0.72, 130, 230)],
        "J": [[(0.1, 0.02), (0.5, 0.1), (0.58, 0.22), (0.54, 0.5), (0.26, 1)]],
    }
    picture = Image.new("L", (80 + 100 * len(writing), 300), 255)
    for i, sign in enumerate(writing):
        sign = strokes.get(sign) or STROKES[int(sign)]
        trace(ImageDraw.Draw(picture), sign, (40 + 100 * i, 100, 60, 100), 10)
    assert text(recognizer, picture) == digits
    assert ("bracket" in reasons(picture)) == (")" in writing)


@pytest.mark.parametrize("ends", [(0,), (0, 1)])
def test_a_bent_bracket_as_tall_as_the_digit_is_none(recognizer, ends):
    """A lone one, as after the number of an item, leaves doubt."""
    digit = drawn(7, width=0.025)
    rows = np.flatnonzero((np.asarray(digit) < 128).any(1))
    top, bottom = int(rows[0]) - 5, int(rows[-1]) + 5
    arcs = [((230, top, 290, bottom), 270, 90), ((70, top, 130, bottom), 90, 270)]
    picture = with_pen(lambda pen: [pen.arc(*arcs[end], 0, 10) for end in ends])(digit)
    assert readings(recognizer, picture) == ("7" if len(ends) == 2 else "7?")


@pytest.mark.parametrize("hook", [20, 40])
def test_square_brackets_are_no_ones(recognizer, hook):
    picture = drawn(3, height=0.4)
    pen = ImageDraw.Draw(picture)
    for stem, end in ((80, 80 + hook), (300, 300 - hook)):
        pen.line([(end, 110), (stem, 110), (stem, 330), (end, 330)], 0, 12, "curve")
    assert text(recognizer, picture) == "3"
    assert reasons(picture) == {"bracket"}


@pytest.mark.parametrize("date", ["15/12/24", "7/1/2024", "2024/11/3"])
def test_the_slashes_of_a_date_are_no_ones(recognizer, date):
    """Although they are hardly taller than the tallest digit."""
    strokes = {"/": [[(0.8, -0.1), (0.15, 1.1)]]}
    picture = Image.new("L", (80 + 70 * len(date), 260), 255)
    for i, sign in enumerate(date):
        tall = 104 if sign in "12" else 88
        sign = strokes.get(sign) or STROKES[int(sign)]
        trace(ImageDraw.Draw(picture), sign, (40 + 70 * i, 80, 56, tall), 8)
    digits = date.replace("/", "")
    assert readings(recognizer, picture) == "".join(f"{digit}?" for digit in digits)


MIDDLE = (TOP + BOTTOM) / 2

SIGNS = {
    "slash": ("74", lambda pen: pen.line((GAP - 50, BOTTOM + 30, GAP + 50, TOP - 30), 0, 14)),
    "upright slash": (
        "74",
        lambda pen: pen.line((GAP - 24, BOTTOM + 24, GAP + 24, TOP - 24), 0, 14),
    ),
    "leaning slash": ("74", lambda pen: pen.line((GAP - 44, BOTTOM + 6, GAP + 44, TOP - 6), 0, 14)),
    "slash or 1": ("714", lambda pen: pen.line((GAP - 30, BOTTOM + 6, GAP + 30, TOP - 6), 0, 14)),
    "pen": ("74", lambda pen: pen.line((RIGHT + 50, BOTTOM + 70, RIGHT + 80, TOP - 70), 0, 14)),
    "!": (
        "741",
        lambda pen: [
            pen.line((RIGHT + 50, TOP, RIGHT + 50, BOTTOM - 50), 0, 16),
            pen.ellipse((RIGHT + 40, BOTTOM - 20, RIGHT + 60, BOTTOM), 0),
        ],
    ),
    "lone (": ("174", lambda pen: pen.arc((10, TOP - 10, 70, BOTTOM + 10), 100, 260, 0, 14)),
    "superscript": (
        "74",
        lambda pen: [
            pen.line([(RIGHT + x, TOP - 20 + y) for x, y in path], 0, 8, "curve")
            for path in [[(78, 0), (42, 0), (40, 20), (75, 24), (76, 42), (40, 46)]]
        ],
    ),
    "cut off": ("74", lambda pen: pen.line((RIGHT + 225, MIDDLE, RIGHT + 260, TOP), 0, 14)),
    "degree": (
        "740",
        lambda pen: pen.ellipse((RIGHT + 30, TOP, RIGHT + 100, MIDDLE), outline=0, width=14),
    ),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_what_may_be_a_sign_leaves_doubt(recognizer, sign):
    expected, draw = SIGNS[sign]
    picture = Image.fromarray(np.pad(NUMBER, ((80, 80), (0, 160)), constant_values=255))
    moved = ImageDraw.Draw(shifted := ImageChops.offset(picture, 0, -80))
    draw(moved)
    read = readings(recognizer, ImageChops.offset(shifted, 0, 80))
    assert read.replace("?", "") == expected
    assert "?" in read


def test_the_upright_stroke_of_a_4_is_no_sign(recognizer):
    """Where it is far taller than the rest, which it does not touch."""
    four = with_pen(
        lambda pen: [
            pen.line([(125, 100), (100, 220), (200, 220)], 0, 14, "curve"),
            pen.line((240, 70, 225, 330), 0, 14),
        ]
    )()
    assert text(recognizer, four) == "4"
    assert not reasons(four)


def test_a_percent_sign_is_left_out(recognizer):
    picture = with_pen(
        lambda pen: [
            pen.line((RIGHT + 40, BOTTOM, RIGHT + 110, TOP), 0, 12),
            pen.ellipse((RIGHT + 25, TOP, RIGHT + 75, TOP + 60), outline=0, width=12),
            pen.ellipse((RIGHT + 85, BOTTOM - 60, RIGHT + 135, BOTTOM), outline=0, width=12),
        ]
    )(Image.fromarray(np.pad(NUMBER, ((0, 0), (0, 160)), constant_values=255)))
    assert text(recognizer, picture) == "74"
    assert [each.reason for each in analyse(picture).left_out] == ["percent"]


@pytest.mark.parametrize("lean", [0, 0.2])
def test_an_exclamation_mark_is_no_one_for_certain(recognizer, lean):
    def draw(pen):
        pen.line([(200 + 140 * lean, 100), (200, 240)], 0, 12)
        pen.ellipse((190 - 35 * lean, 275, 206 - 35 * lean, 291), fill=0)

    [read] = recognizer.read_digits(with_pen(draw)())
    assert read.verdict != "digit"


def test_a_question_mark_is_no_seven_for_certain(recognizer):
    mark = with_pen(lambda pen: pen.ellipse((170, 365, 188, 383), 0))(drawn(7))
    assert not analyse(mark).is_unambiguous
    assert "digit" not in {reading.verdict for reading in recognizer.read_digits(mark)}


def test_brackets_round_nothing_are_no_ones_for_certain(recognizer):
    box = (150, 90, 290, 350)
    picture = with_pen(lambda pen: [pen.arc(box, at, at + 120, 0, 12) for at in (120, 300)])()
    assert {reading.verdict for reading in recognizer.read_digits(picture)} <= {"unsure"}


def test_brackets_of_a_list_may_bend_less_than_one_above_them(recognizer):
    """So do some ones: without such a bracket above they are digits."""

    def written(*bends):
        picture = Image.new("L", (320, 200 * len(bends)), 255)
        for i, bend in enumerate(bends):
            bracket = [arc(0.4 - bend, 0.5, bend, 0.72, -50, 50)]
            for left, strokes in ((40, STROKES[3]), (105, bracket), (190, STROKES[7])):
                trace(ImageDraw.Draw(picture), strokes, (left, 40 + 200 * i, 60, 100), 10)
        return picture

    assert text(recognizer, written(0.75, 0.45)) == "3737"
    assert text(recognizer, written(0.45)) == "317"


def test_a_one_much_taller_than_the_other_digit_is_read(recognizer):
    picture = write(2, left=0.2, top=0.35, wide=0.25, tall=0.35)
    ImageDraw.Draw(picture).line((300, 420, 320, 130), fill=0, width=18)
    assert [reading.digit for reading in recognizer.read_digits(picture)] == [2, 1]
