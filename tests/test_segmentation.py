"""Ink of numbers: taken apart, and put together to digits."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from digits import Recognizer
from digits.cuts import segment
from digits.engine import load_engine
from digits.ink import analyse
from digits.model_file import MODEL
from tests.handwriting import write, write_at, write_number
from tests.pictures import readings


def rings(*centres, width=8):
    picture = Image.new("L", (300, 120))
    for x in centres:
        ImageDraw.Draw(picture).ellipse((x - 30, 30, x + 30, 90), outline=255, width=width)
    return np.asarray(picture)


def test_segments_are_connected_ink_from_left_to_right():
    ink = rings(250, 50, 150)
    parts, connected = segment(ink)
    assert np.array_equal(np.maximum.reduce(parts), ink)
    found = [
        np.maximum.reduce([part for part, n in zip(parts, connected, strict=True) if n == number])
        for number in dict.fromkeys(connected)
    ]
    centres = [np.flatnonzero(piece.any(axis=0)).mean() for piece in found]
    assert centres == pytest.approx([50, 150, 250], abs=2)


def test_tangled_lines_do_not_hold_up_the_reader(recognizer):
    calls, engine = [], load_engine(MODEL)

    def infer(inputs):
        calls.append(len(inputs))
        return engine(inputs)

    places = np.random.default_rng(0).integers(0, (180, 21), (40, 2, 2))
    tangle = Image.new("L", (180, 21), 255)
    for start, end in places.tolist():
        ImageDraw.Draw(tangle).line([*start, *end], 0)
    picture = Recognizer(infer, recognizer.thresholds).read_picture(tangle)
    assert picture.whole.verdict == "not_a_digit"
    assert len(calls) < 250


def test_rings_that_touch_are_cut_between_them():
    ink = rings(100, 156)
    parts, connected = segment(ink)
    assert len(parts) >= 2
    assert len(set(connected)) == 1
    assert np.array_equal(np.maximum.reduce(parts), ink)
    ends = [np.flatnonzero(part.any(axis=0))[-1] for part in parts]
    assert min(abs(end - 128) for end in ends) <= 8


def test_no_ink_and_rain_have_no_segments():
    assert segment(np.zeros((40, 40), np.uint8)) == ([], [])
    rain = np.zeros((100, 100), np.uint8)
    rain[::8, ::8] = 255
    assert segment(rain) == ([], [])


def test_a_five_whose_bar_hangs_free_stays_one_digit(recognizer):
    picture = write(5)
    ImageDraw.Draw(picture).rectangle((190, 100, 225, 150), fill=255)
    assert len(set(segment(analyse(picture).ink)[1])) == 2
    assert [reading.digit for reading in recognizer.read_digits(picture)] == [5]


def test_a_house_and_its_tree_are_no_number(recognizer):
    pen = ImageDraw.Draw(picture := Image.new("L", (520, 520), 255))
    pen.line([(60, 440), (60, 240), (160, 120), (270, 240), (270, 440), (60, 440)], 0, 18)
    pen.line([(60, 240), (270, 240)], 0, 18)
    pen.rectangle((130, 330, 200, 390), outline=0, width=14)
    pen.line([(400, 440), (400, 300)], 0, 18)
    pen.polygon([(330, 290), (400, 130), (470, 290)], outline=0, width=18)
    assert len(set(segment(analyse(picture).ink)[1])) > 2
    assert readings(recognizer, picture) == "x"


@pytest.mark.parametrize(
    ("digits", "bar"), [((5, 0), (130, 187, 364, 187)), ((4, 0, 3), (130, 270, 234, 270))]
)
def test_digits_that_touch_are_read_one_by_one(recognizer, digits, bar):
    picture = write_number(*digits)
    ImageDraw.Draw(picture).line(bar, fill=0, width=14)
    assert len(set(segment(analyse(picture).ink)[1])) == len(digits) - 1
    assert tuple(reading.digit for reading in recognizer.read_digits(picture)) == digits


@pytest.mark.parametrize("pair", [(5, 2), (7, 4), (3, 2), (2, 6), (6, 4), (7, 9), (8, 4)])
def test_digits_that_overlap_are_taken_apart_beside_another_digit(recognizer, pair):
    picture = write_at((0.05, 0.4, 0.53), (8, *pair), top=0.35, wide=0.2, tall=0.3, pen=14)
    assert [reading.digit for reading in recognizer.read_digits(picture)] == [8, *pair]


@pytest.mark.parametrize("pair", [(0, 2), (4, 6), (7, 7), (8, 4)])
def test_two_digits_in_one_piece_are_cut_apart(recognizer, pair):
    picture = write_at((0.2, 0.38), pair, top=0.3, wide=0.25, tall=0.4, pen=14)
    assert len(set(segment(analyse(picture).ink)[1])) == 1
    assert tuple(reading.digit for reading in recognizer.read_digits(picture)) == pair


def test_digits_a_few_pixels_apart_are_apart():
    picture = Image.new("L", (520, 520), 255)
    digits = [ImageOps.invert(write(digit, wide=0.15, tall=0.2, pen=8)) for digit in range(2, 9)]
    left = 20
    for digit in digits:
        ink = digit.crop(digit.getbbox())
        picture.paste(ImageOps.invert(ink), (left, 200))
        left += ink.width + 3
    assert len(set(segment(analyse(picture).ink)[1])) == len(digits)


@pytest.mark.parametrize("digit", [2, 3, 8])
def test_a_one_that_touches_another_digit_is_cut_off(recognizer, digit):
    picture = write_at((0.05, 0.36), (8, digit), top=0.35, wide=0.2, tall=0.3, pen=14)
    ImageDraw.Draw(picture).line((283, 182, 283, 338), fill=0, width=14)
    assert len(set(segment(analyse(picture).ink)[1])) == 2
    assert [reading.digit for reading in recognizer.read_digits(picture)] == [8, digit, 1]
