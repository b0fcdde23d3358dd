"""Marks of a pen beside digits: ticks, crosses, hashes, root signs, brackets of divisions."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digits.ink import analyse
from digits.layout_analysis.pen_marks import find_pen_marks
from digits.morphology import connected_components
from digits.training.render import render
from tests.handwriting import STROKES, trace, write_number
from tests.pictures import readings, reasons, text, with_pen

MARKS = {
    "tick": [[(0.1, 0.7), (0.3, 1.0), (0.8, 0.2)]],
    "low tick": [[(0.15, 0.7), (0.35, 1.05), (0.85, 0.1)]],
    "hash": [
        [(0.35, 0.1), (0.2, 0.95)],
        [(0.65, 0.1), (0.5, 0.95)],
        [(0.05, 0.35), (0.85, 0.35)],
        [(0.0, 0.68), (0.8, 0.66)],
    ],
    "cross": [[(0.1, 0.2), (0.75, 0.85)], [(0.7, 0.15), (0.15, 0.9)]],
}
ROOT = [(0.2, 0.6), (0.35, 0.5), (0.6, 1.1), (0.85, -0.25), (2.9, -0.25)]
DIVISION = [(0.8, 1.2), (0.9, 0.8), (0.95, 0.3), (0.85, -0.25), (2.9, -0.25)]


def written(*strokes, pen=12):
    """Draw strokes, in digits 100 pixels high."""
    picture = Image.new("L", (520, 300), 255)
    trace(ImageDraw.Draw(picture), strokes, (60, 100, 110, 100), pen)
    return picture


def digit(digit, left):
    return [[(left + 0.7 * x, y) for x, y in stroke] for stroke in STROKES[digit]]


@pytest.mark.parametrize("pen", [6, 12])
@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_beside_a_number_is_not_a_digit(recognizer, mark, pen):
    for place, (first, second) in ((2, (0, 1)), (0, (1, 2))):
        strokes = [[(x + place, y) for x, y in stroke] for stroke in MARKS[mark]]
        picture = written(*digit(4, first), *digit(7, second), *strokes, pen=pen)
        assert text(recognizer, picture) == "47"
        assert reasons(picture) == {"sign"}


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_alone_is_left(mark):
    assert analyse(written(*MARKS[mark])).left_out == ()


@pytest.mark.parametrize(("sign", "before"), [(ROOT, []), (DIVISION, [*digit(3, 0)])])
def test_digits_in_a_sign_are_read(recognizer, sign, before):
    picture = written(sign, *before, *digit(4, 1.1), *digit(7, 2.0))
    assert text(recognizer, picture) == ("347" if before else "47")
    assert reasons(picture) == {"sign"}


def test_a_tick_behind_a_number_leaves_no_doubt(recognizer):
    picture = write_number(7, 4, gap=0.22)
    tick = [(430, 260), (452, 330), (510, 190)]
    ticked = with_pen(lambda pen: pen.line(tick, 0, 14, "curve"))(picture)
    assert readings(recognizer, ticked) == "74"


def test_a_thin_long_line_is_no_mark():
    line = np.eye(402, dtype=bool)[::-1]
    assert find_pen_marks(connected_components(line), np.array([True])) == []


def test_a_tick_alone_is_no_digit(recognizer):
    tick = with_pen(lambda pen: pen.line([(120, 240), (160, 300), (310, 160)], 0, 16, "curve"))
    assert readings(recognizer, tick()) == "x"


def test_digits_of_people_are_no_marks(unipen):
    drawings, marks = unipen[::4], 0
    for drawing in drawings:
        picture = render(drawing.strokes, 120, 0.7, (0.5, 0.5), 0.08)
        found = connected_components(np.asarray(picture) < 128)
        marks += bool(find_pen_marks(found, found.heights > 40))
    assert len(drawings) > 3000
    assert marks <= 0.001 * len(drawings)
