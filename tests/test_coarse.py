"""Digits of few pixels, as on a tiny canvas or in a thumbnail, are read like large ones."""

import numpy as np
import pytest
from PIL import Image

from digits.coarse import enlarge_smoothly, shrink_blocks
from digits.normalization import normalize_ink
from digits.training.render import render
from tests.handwriting import STROKES
from tests.pictures import readings


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


def enlarged(canvas, times):
    """Repeat the pixels of a small canvas, as an image viewer does that shows them large."""
    size = [round(times * side) for side in canvas.shape[::-1]]
    return np.asarray(Image.fromarray(canvas).resize(size, Image.Resampling.NEAREST))


@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("times", [2, 7.3, 20])
def test_enlarged_pixels_are_read_like_the_pixels(recognizer, times, antialias):
    for pixels in (9, 12):
        drawn = [small(digit, pixels, antialias) for digit in range(10)]
        few = recognizer.read_many(drawn)
        many = recognizer.read_many(enlarged(canvas, times) for canvas in drawn)
        assert [reading.top[0][0] for reading in many] == [reading.top[0][0] for reading in few]
        assert sum(reading.verdict == "not_a_digit" for reading in many) <= 1


def test_a_number_of_enlarged_pixels_is_read(recognizer):
    canvas = np.hstack([small(digit, 9, False, 16) for digit in (4, 2, 7)])
    assert readings(recognizer, enlarged(canvas, 12)) == "427"


def test_only_blocks_are_shrunk():
    pixels = np.uint8([[0, 9, 9, 9], [9, 9, 0, 9], [0, 0, 9, 9], [0, 9, 9, 0], [9, 9, 0, 0]])
    blocks = enlarged(pixels * 20, 7)
    assert shrink_blocks(blocks).tolist() == (pixels * 20).tolist()
    for crop in (np.delete(blocks, slice(8, 11), axis=0), blocks[:, :-3], pixels, pixels[:1]):
        assert shrink_blocks(crop) is crop
    bar = np.full((90, 30), 255, np.uint8)  # a 1, as a ruler draws it
    assert shrink_blocks(bar) is bar


def test_only_what_needs_it_is_enlarged():
    for side in (20, 28, 200):
        tall = np.full((side, side // 2), 255, np.uint8)
        for ink in (tall, tall.T):
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
