"""Frames and rings round digits."""

import pytest
from PIL import Image, ImageDraw

from tests.handwriting import STROKES, trace, write_at, write_number
from tests.pictures import (
    BOTTOM,
    GAP,
    NUMBER,
    RIGHT,
    TOP,
    drawn,
    photographed,
    readings,
    reasons,
    text,
    with_pen,
)


@pytest.mark.parametrize("gap", [90, 270])
def test_a_ring_with_a_gap_is_a_frame(recognizer, gap):
    ring = with_pen(lambda pen: pen.arc((80, 90, 280, 350), gap + 35, gap - 35, 0, 8))
    assert readings(recognizer, ring(drawn(9, height=0.3, width=0.02))) == "9"


def test_a_zero_is_no_frame(recognizer):
    assert text(recognizer, drawn(0, 0.95, 0.02, (0.5, 0.5))) == "0"


def test_a_digit_that_touches_its_ring_leaves_doubt(recognizer):
    pen = ImageDraw.Draw(picture := Image.fromarray(NUMBER))
    pen.ellipse((15, TOP - 80, GAP, BOTTOM + 80), outline=0, width=6)
    pen.ellipse((GAP - 3, TOP - 80, RIGHT + 60, BOTTOM + 80), outline=0, width=6)
    assert readings(recognizer, picture) == "74"
    pen.line((RIGHT - 5, 270, RIGHT + 60, 270), 0, 14)
    assert "digit" not in {reading.verdict for reading in recognizer.read_digits(picture)}


def test_a_frame_that_another_digit_crosses_leaves_doubt(recognizer):
    pen = ImageDraw.Draw(picture := write_number(9, 8))
    pen.rectangle((150, 100, 500, 420), outline=0, width=5)
    assert "digit" not in {reading.verdict for reading in recognizer.read_digits(picture)}
    alone = with_pen(lambda pen: pen.rectangle((60, 60, 340, 380), outline=0, width=5))(drawn(8))
    assert recognizer.read(alone).verdict == "digit"


def test_a_box_of_thin_lines_that_a_thick_one_crosses_is_read(recognizer):
    box = with_pen(lambda pen: pen.rectangle((150, 60, 250, 300), outline=0, width=3))
    one = with_pen(lambda pen: pen.line((205, 110, 198, 320), 0, 16))
    assert text(recognizer, photographed(box(one()))) == "1"


def test_a_slashed_zero_is_no_frame_that_other_digits_stand_outside_of(recognizer):
    pen = ImageDraw.Draw(picture := write_at((0.5,), (5,), top=0.35, wide=0.25, tall=0.35))
    pen.ellipse((40, 110, 230, 410), outline=0, width=14)
    assert text(recognizer, picture) == "05"
    pen.line((170, 190, 105, 325), 0, 14)
    assert text(recognizer, picture) == "05"


def test_an_empty_box_is_no_zero(recognizer):
    box = with_pen(lambda pen: pen.rounded_rectangle((80, 20, 320, 300), 12, None, 0, 4))
    bar = with_pen(lambda pen: pen.rectangle((150, 370, 250, 376), 0))
    picture = bar(box())
    assert recognizer.read(picture).verdict != "digit"
    assert "frame" in reasons(picture)


def test_a_one_in_a_ring_beside_another_ring_is_no_slashed_zero(recognizer):
    pen = ImageDraw.Draw(picture := Image.new("L", (640, 360), 255))
    for left, wide in ((60, 250), (370, 200)):
        pen.ellipse((left, 60, left + wide, 300), outline=0, width=6)
    trace(pen, STROKES[5], (145, 120, 75, 120), 11)
    pen.line((505, 130, 430, 230), 0, 11)  # very slanted
    assert [reading.digit for reading in recognizer.read_digits(picture)] == [5, 1]
