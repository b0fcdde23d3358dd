"""Digits under a highlighter."""

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps

from tests.pictures import SIDE, drawn, finger_shadow, paper_with, photographed, readings, text


def test_a_highlighted_digit_is_read(recognizer):
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    ImageDraw.Draw(picture).polygon([(60, 130), (290, 120), (300, 330), (50, 300)], (255, 240, 60))
    assert text(recognizer, ImageChops.multiply(picture, drawn(4).convert("RGB"))) == "4"


@pytest.mark.parametrize("colour", [(255, 240, 60), (120, 250, 120), (255, 180, 80)])
def test_a_digit_under_a_highlighter_is_read_in_a_photo(recognizer, colour):
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    # No wider than a stroke may be, so that it is not paper; the digit stands out of it.
    ImageDraw.Draw(picture).line([(80, 210), (330, 200)], colour, 46)
    photo = photographed(
        ImageChops.multiply(picture, drawn(4, height=0.2, width=0.02).convert("RGB"))
    )
    assert text(recognizer, photo) == "4"


def test_the_round_ends_of_a_highlighter_in_a_photo_are_no_digits(recognizer):
    paper = Image.new("RGB", (520, 400), "white")
    ImageDraw.Draw(paper).rounded_rectangle((60, 150, 460, 250), 50, (250, 240, 90))
    digit = drawn(4, 0.2, centre=(0.55, 0.5)).convert("RGB").resize((520, 400))
    photo = photographed(ImageChops.darker(paper, digit))
    assert [r.digit for r in recognizer.read_digits(photo)] == [4]


@pytest.mark.parametrize(("seed", "usual", "digit"), [(0, 120, 9), (3, 90, 8)])
def test_ink_that_is_darker_in_places_is_no_highlight(recognizer, seed, usual, digit):
    """As of a translucent felt pen where strokes cross."""
    dark = np.random.default_rng(seed).uniform(size=(40, 40)) < 0.12
    level = usual - (usual - 20) * np.kron(dark, np.ones((SIDE // 40, SIDE // 40)))
    ink = (255 - np.asarray(drawn(digit, width=0.03), np.float32)) / 255
    paper = Image.fromarray((255 - ink * (255 - level)).astype(np.uint8))
    assert text(recognizer, photographed(paper)) == str(digit)


def test_blotchy_ink_is_no_highlight_in_a_photo(recognizer):
    blots = np.random.default_rng(0).uniform(0.3, 1, (SIDE // 4, SIDE // 4))
    ink = 255 - np.asarray(drawn(7, width=0.06), np.float32)
    blotchy = 255 - ink * np.kron(blots, np.ones((4, 4)))
    assert text(recognizer, photographed(Image.fromarray(blotchy.astype(np.uint8)))) == "7"


@pytest.mark.parametrize("x", [205, 380, 560])
def test_a_digit_that_the_shadow_of_a_finger_touches_stays_whole(recognizer, x):
    paper = paper_with((3, 1, 5), (60, 90, 180))
    photo = photographed(paper, finger_shadow((x, 270), (x - 25, 600), width=50, blur=5))
    assert readings(recognizer, photo) == "315"


def test_a_bar_of_the_colour_of_the_ink_is_no_highlight(recognizer):
    screen = ImageOps.invert(drawn(4, height=0.3)).convert("RGB")
    pen = ImageDraw.Draw(screen)
    pen.rectangle((0, 0, SIDE, 50), "white")
    pen.ellipse((340, 10, 370, 40), "orange")
    assert text(recognizer, screen) == "4"
