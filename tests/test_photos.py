"""Digits on paper, under a lamp, in front of a camera: made as the benchmark makes them."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from benchmarks.photos import KINDS, photograph
from digits.ink import ink
from digits.training.render import render
from tests.handwriting import STROKES, write, write_number

SIDE = 400


def drawn(digit, height=0.5, width=0.03, centre=(0.45, 0.55)):
    strokes = [np.float32(stroke) * (0.6, 1) for stroke in STROKES[digit]]
    return render(strokes, SIDE, height, centre, width)


@pytest.mark.parametrize("kind", KINDS)
def test_digits_on_any_paper_are_read(recognizer, kind):
    rng = np.random.default_rng(0)
    photos = [photograph(drawn(digit), rng, **KINDS[kind]) for digit in (2, 4, 5, 7)]
    assert [recognizer.read(photo).digit for photo in photos] == [2, 4, 5, 7]


def test_a_number_on_paper_is_read(recognizer):
    canvas = np.asarray(write_number(2, 0, 2, 6))
    photo = photograph(canvas, np.random.default_rng(1), light="both", lines="ruled", turn=1)
    assert [reading.digit for reading in recognizer.read_digits(photo)] == [2, 0, 2, 6]


def test_chalk_on_a_board_is_read(recognizer):
    photo = photograph(drawn(5), np.random.default_rng(2), light="gradient")
    assert recognizer.read(ImageOps.invert(photo)).digit == 5


def test_empty_paper_is_blank(recognizer):
    paper = np.full((SIDE, SIDE), 255, np.uint8)
    photo = photograph(paper, np.random.default_rng(3), light="both", noise=6)
    assert recognizer.read(photo).verdict == "blank"


def test_drawings_are_taken_as_they_are(mnist_train):
    """Training and the page depend on it: what is no photo is not changed at all."""
    images = [Image.fromarray(image) for image in mnist_train[0][0][:2000]]
    drawings = images + [image.crop(image.getbbox()) for image in images]
    drawings += [write(digit) for digit in range(10)]
    drawings += [Image.fromarray(drawn(digit, width=0.01)) for digit in range(10)]
    for drawing in drawings:
        grey = np.asarray(drawing)
        paper = np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]))
        dark_on_light = paper >= (int(grey.min()) + int(grey.max())) / 2
        expected = grey.max() - grey if dark_on_light else grey - grey.min()
        assert np.array_equal(ink(drawing), expected)
