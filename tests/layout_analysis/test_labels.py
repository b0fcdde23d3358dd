"""Print beside the fields that digits stand in."""

import numpy as np
from PIL import Image, ImageDraw

from tests.pictures import BOTTOM, GAP, NUMBER, RIGHT, TOP, drawn, text, with_pen


@with_pen
def corners_of_qr_code(pen):
    for left, top in ((20, 20), (116, 20), (20, 116)):
        pen.rectangle((left, top, left + 28, top + 28), outline=0, width=4)
        pen.rectangle((left + 8, top + 8, left + 20, top + 20), 0)
    modules = np.random.default_rng(0).random((8, 24)) < 0.55
    for row, column in np.argwhere(modules):
        pen.rectangle((24 + 5 * column, 56 + 7 * row, 28 + 5 * column, 62 + 7 * row), 0)
    pen.line((80, 20, 80, 140), 0, 5)


def test_the_corners_of_a_qr_code_are_no_fields(recognizer):
    page = corners_of_qr_code(drawn(8, 0.2, centre=(0.75, 0.3)))
    assert text(recognizer, page) == "8"


def test_small_print_beside_boxes_is_no_line_of_its_own(recognizer):
    """As the names of classes over what a detector found."""
    pen = ImageDraw.Draw(picture := Image.fromarray(NUMBER))
    for left, right, name in ((10, GAP - 20, "7"), (GAP + 20, RIGHT + 20, "4")):
        pen.rectangle((left, TOP - 15, right, BOTTOM + 15), outline=0, width=3)
        pen.text((left, TOP - 55), name, 0, font_size=36)
    assert text(recognizer, picture) == "74"
