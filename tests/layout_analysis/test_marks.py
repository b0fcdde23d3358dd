"""Small marks beside digits: dots, specks, holes, far smaller numbers."""

import numpy as np
import pytest
from PIL import Image, ImageChops

from digits.geometry import distance
from digits.ink import analyse
from digits.morphology import connected_components
from tests.handwriting import write, write_at, write_number
from tests.pictures import drawn, readings, text, with_pen


def test_a_distance_is_measured_from_the_outline():
    for width in (24, 36, 60):
        ink = np.zeros((640, 120), bool)
        ink[20:620, :width] = ink[300, width + 2] = True
        found = connected_components(ink)
        assert distance(found, found.areas.argmin(), [found.areas.argmax()]) == 3


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
    among_others = specks((x, y), (20, 30), (370, 340))(digit)
    assert readings(recognizer, among_others) == "4?"


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
    small = write_at((0.78, 0.88), (4, 2), top=top, wide=0.08, tall=0.12, pen=6)
    picture = ImageChops.darker(write(5, top=0.2, tall=0.6), small)
    read = recognizer.read_picture(picture)
    assert [(r.digit, r.line) for r in read.digits] == found
    assert {r.verdict for r in read.digits} == {"unsure"}
    # What is beside a digit may be its exponent, or a unit.
    assert len(read.layout.left_out) == 3 - len(found)


def test_a_smaller_number_that_rises_above_the_digits_is_not_half_read(recognizer):
    picture = write(5, top=0.25, tall=0.6)
    for digit, left, top in ((4, 0.78, 0.08), (2, 0.88, 0.16)):
        small = write(digit, left=left, top=top, wide=0.08, tall=0.12, pen=6)
        picture = ImageChops.darker(picture, small)
    assert text(recognizer, picture) == "5"


@pytest.mark.parametrize(("top", "found"), [(0.58, [4, 0]), (0.14, [4])])
def test_a_ring_beside_a_far_taller_digit_is_a_zero_on_the_line_and_a_degree_sign_above(
    recognizer, top, found
):
    four = write(4, left=0.1, top=0.2, wide=0.3, tall=0.6)
    ring = write(0, left=0.45, top=top, wide=0.17, tall=0.2)
    picture = ImageChops.darker(four, ring)
    assert readings(recognizer, picture) == "".join(f"{digit}?" for digit in found)


def test_a_bar_to_the_right_of_its_five_is_part_of_it(recognizer):
    body = [(88, 190), (80, 235), (92, 262), (100, 300), (92, 325), (78, 328)]
    five = with_pen(
        lambda pen: [pen.line(body, 0, 14, "curve"), pen.line([(112, 186), (160, 178)], 0, 14)]
    )
    sixteen = write_number(1, 1, 6).crop((170, 0, 520, 520))
    picture = Image.new("L", (520, 520), 255)
    picture.paste(sixteen, (170, 0))
    assert text(recognizer, five(picture)) == "516"
