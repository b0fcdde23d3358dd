"""Boxes drawn by hand, whose sides digits cross."""

import numpy as np
import pytest
from PIL import Image

from tests.pictures import BOTTOM, GAP, NUMBER, RIGHT, TOP, photographed, readings, text, with_pen


def with_box(wander):
    """Draw a box by hand so that its sides go through the first and the last digit of NUMBER."""
    along = np.linspace(0, 1, 40)[:, np.newaxis]
    corners = np.float32(
        [(30, TOP - 60), (RIGHT - 25, TOP - 50), (RIGHT - 35, BOTTOM + 60), (20, BOTTOM + 70)]
    )

    def draw(pen):
        for first, last in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            side = first + (last - first) * along
            side += wander * np.sin(9 * along) * np.sign(last - first)[::-1]
            pen.line([tuple(point) for point in side], 0, 8, "curve")

    return with_pen(draw)


@pytest.mark.parametrize("wander", [0, 5])
def test_digits_that_cross_a_drawn_box_are_read_and_doubted(recognizer, wander):
    picture = with_box(wander)(Image.fromarray(NUMBER))
    assert readings(recognizer, picture) == "7?4?"


@pytest.mark.parametrize("mark", [[(0, 0), (1, 1)], [(-0.06, -0.06), (1.06, 1.06)], [(0.5, 1)]])
@pytest.mark.parametrize("photo", [False, True])
def test_a_box_with_a_cross_or_a_tick_is_no_digit(recognizer, mark, photo):
    """It is as high as the digits beside it at most."""
    left, top, side = 10, TOP + 30, 70

    def draw(pen):
        def line(*points, width=9):
            pen.line([(left + side * x, top + side * y) for x, y in points], 0, width)

        line((0, 0), (1, 0), (1, 1), (0, 1), (0, 0), width=3)
        if len(mark) == 2:
            line(*mark)
            line(*[(1 - x, y) for x, y in mark])
        else:
            line((0.1, 0.4), *mark, (0.95, 0.05))

    room = np.full((len(NUMBER), 100), 255, np.uint8)
    picture = with_pen(draw)(Image.fromarray(np.hstack([room, NUMBER])))
    assert text(recognizer, photographed(picture) if photo else picture) == "74"


def test_a_line_that_touches_a_drawn_box_is_no_one(recognizer):
    window = with_box(5)(Image.new("L", NUMBER.shape[::-1], 255))
    bar = with_pen(lambda pen: pen.line((GAP, TOP - 60, GAP - 10, BOTTOM), 0, 8))
    assert not text(recognizer, photographed(bar(window)))
