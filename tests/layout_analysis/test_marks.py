"""Small marks beside digits: dots, specks, holes, far smaller numbers."""

import numpy as np
import pytest
from PIL import ImageChops

from digits.ink import analyse
from tests.handwriting import write
from tests.pictures import drawn, text, with_pen


@pytest.mark.parametrize("y", [0, 0.95])
def test_a_dot_right_above_or_below_belongs_to_the_character(y):
    """As in a question mark, which is a 2 or a 7 without it."""
    x, y = 520 * (0.25 + 0.4 * 0.45), 520 * (0.12 + 0.75 * y)
    add_dot = with_pen(lambda pen: pen.ellipse((x - 12, y - 12, x + 12, y + 12), 0))
    assert analyse(add_dot(write(7, top=0.25, tall=0.5))).left_out == ()


def test_a_point_below_a_digit_among_specks_is_one_of_them(recognizer):
    digit = drawn(4)
    rows, columns = (np.flatnonzero((np.asarray(digit) < 128).any(axis)) for axis in (1, 0))
    x, y = columns.mean(), rows[-1] + 40

    def specks(*places):
        return with_pen(lambda pen: [pen.ellipse((x, y, x + 17, y + 17), 0) for x, y in places])

    assert not analyse(specks((x, y))(digit)).left_out
    [reading] = recognizer.read_digits(specks((x, y), (20, 30), (370, 340))(digit))
    assert (reading.digit, reading.verdict) == (4, "unsure")


def test_the_holes_of_a_binding_are_no_digits(recognizer):
    page = with_pen(
        lambda pen: [
            shape((x, 12, x + 12, 32), 0)
            for x in range(20, 380, 30)
            for shape in (pen.ellipse, pen.rectangle)
        ]
    )(drawn(6, height=0.3, width=0.02))
    assert text(recognizer, page) == "6"


@pytest.mark.parametrize(
    ("top", "found"),
    [(0.02, [(4, 0), (2, 0), (5, 1)]), (0.85, [(5, 0), (4, 1), (2, 1)]), (0.3, [(5, 0)])],
)
def test_a_far_smaller_number_is_a_line_of_its_own_and_leaves_doubt(recognizer, top, found):
    picture = write(5, top=0.2, tall=0.6)
    for digit, left in ((4, 0.78), (2, 0.88)):
        small = write(digit, left=left, top=top, wide=0.08, tall=0.12, pen=6)
        picture = ImageChops.darker(picture, small)
    read = recognizer.read_picture(picture)
    assert [(r.digit, r.line) for r in read.digits] == found
    assert {r.verdict for r in read.digits} == {"unsure"}
    # What is beside a digit may be its exponent, or a unit.
    assert len(read.layout.left_out) == 3 - len(found)
