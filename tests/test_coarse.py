"""Digits of few pixels, as on a tiny canvas or in a thumbnail, are read like large ones."""

import numpy as np
import pytest

from digits.normalization import enlarge_smoothly, normalize_ink
from digits.training.render import render
from tests.handwriting import STROKES


def small(digit, pixels, antialias, canvas=32):
    """Draw a digit so many pixels high on a small canvas, with a pen of an eighth of its height."""
    strokes = [np.float32(stroke) for stroke in STROKES[digit]]
    width = max(1, pixels / 8) / canvas
    return render(strokes, canvas, pixels / canvas - width, (0.5, 0.5), width, antialias)


@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("pixels", [9, 12, 16, 20, 24])
def test_all_ten_are_read(recognizer, pixels, antialias):
    readings = recognizer.read_many(small(digit, pixels, antialias) for digit in range(10))
    assert [reading.top[0][0] for reading in readings] == list(range(10))
    assert sum(reading.verdict == "not_a_digit" for reading in readings) <= 1


def test_a_number_of_few_pixels_is_read(recognizer):
    canvas = np.hstack([small(digit, 14, True, 20) for digit in (4, 2, 7)])
    assert [reading.digit for reading in recognizer.read_digits(canvas)] == [4, 2, 7]


def test_only_what_needs_it_is_enlarged():
    for side in (20, 28, 200):
        ink = np.full((side, side // 2), 255, np.uint8)
        assert enlarge_smoothly(ink) is ink
    for side in (4, 9, 19, 21, 27):
        ink = np.full((side, max(1, side // 2)), 90, np.uint8)
        fine = enlarge_smoothly(ink)
        assert max(fine.shape) >= 90
        assert fine.max() == 255


def test_a_staircase_becomes_a_line():
    steps = np.kron(np.eye(6, dtype=np.uint8), np.ones((2, 2), np.uint8)) * 255  # 12x12
    rows, columns = np.nonzero(enlarge_smoothly(steps) > 127)
    scale = np.ptp(rows) / 12
    assert np.abs(rows - columns).max() / scale < 2.5
    # Along a line, the distance of its edge from the diagonal hardly varies; along steps it does.
    edges = [np.abs(columns[rows == row] - row).max() / scale for row in range(20, 70)]
    assert np.ptp(edges) < 0.65


def test_ink_of_one_pixel_is_ink():
    assert normalize_ink(np.uint8([[200]])).max() > 0.5
