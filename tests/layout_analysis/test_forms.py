"""Fields of forms that digits touch: combs and rows of boxes."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digits.ink import analyse
from tests.handwriting import STROKES, arc, trace, trace_row, write, write_number
from tests.pictures import labels, readings


@pytest.mark.parametrize("is_comb", [False, True])
@pytest.mark.parametrize("low", [1, 2])
def test_digits_that_touch_their_fields_are_read_and_doubted(recognizer, low, is_comb):
    number = np.array(write_number(5, low, 7))
    rows, columns = (np.flatnonzero((number < 128).any(axis)) for axis in (1, 0))
    _, start, end, _ = np.sort(np.r_[0, 1 + np.flatnonzero(np.diff(columns) > 1), columns.size])
    middle = np.s_[:, columns[start] : columns[end - 1] + 1]
    number[middle] = np.roll(number[middle], 25, axis=0)
    left, right, bottom = columns[0] - 20, columns[-1] + 20, rows[-1] + 20
    top = rows[0] + (120 if is_comb else -20)
    fields = np.full(number.shape, 255, np.uint8)
    fields[bottom - 2 : bottom, left:right] = 0
    for x in np.linspace(left, right - 2, 4).astype(int):
        fields[top:bottom, x : x + 2] = 0
    if not is_comb:
        fields[top : top + 2, left:right] = 0
    fields = np.minimum(fields, number)
    assert readings(recognizer, fields) == f"5?{low}?7?"


@pytest.mark.parametrize("angle", [0, 2, -2])
def test_digits_that_touch_the_walls_between_their_fields_are_read(recognizer, angle):
    """The 1 is no wall, and on fields that lie askew no wall is a 1."""
    pen = ImageDraw.Draw(form := Image.new("L", (1000, 400), 255))
    for i, digit in enumerate((4, 1, 2, 8, 3)):
        left, wide = (295, 50) if digit == 1 else (262, 108)
        trace(pen, STROKES[digit], (left + 90 * i, 158, wide, 80), 7)
    for left in range(275, 726, 90):
        pen.line((left, 150, left, 250), 60, 5)
    for y in (150, 250):
        pen.line((275, y, 725, y), 60, 5)
    form = form.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    assert readings(recognizer, form) == "4?1?2?8?3?"


@pytest.mark.parametrize("number", ["4837", "305", "16"])
def test_digits_on_an_underline_of_their_own_pen_are_read_and_doubted(recognizer, number):
    pen = ImageDraw.Draw(picture := Image.new("L", (640, 360), 255))
    trace_row(pen, number, (110, 100, 75, 120), 105, 9)
    pen.line([(80, 221), (110 + 105 * len(number), 217)], 0, 9)
    assert readings(recognizer, picture) == "".join(f"{digit}?" for digit in number)


def test_digits_that_are_struck_out_do_not_stand_on_an_underline(recognizer):
    pen = ImageDraw.Draw(picture := Image.new("L", (640, 360), 255))
    trace_row(pen, "4827", (110, 100, 75, 120), 105, 9)
    pen.line([(80, 171), (530, 167)], 0, 9)
    assert readings(recognizer, picture) == "4?8?2?7?"


def test_the_bar_of_a_5_that_hangs_free_is_no_comb():
    """Although it is a line with a hook at its end, drawn with a thin pen."""
    pen = ImageDraw.Draw(picture := Image.new("L", (700, 500), 255))
    pen.line([(396, 124), (372, 192), *arc(390, 235, 52, 50, -110, 140)], 0, 3)
    pen.line([(392, 107), (410, 117), (480, 112), (386, 102), (384, 106)], 0, 3)
    pen.line([(384, 106), (398, 110), (409, 120)], 0, 3)
    trace(pen, STROKES[3], (240, 130, 80, 160), 3)
    assert analyse(picture).left_out == ()


@pytest.mark.parametrize(("size", "said"), [(90, "6?7?8?"), (60, "678")])
def test_the_label_of_fields_is_left_out_and_doubted_if_it_is_large(recognizer, size, said):
    pen = ImageDraw.Draw(form := Image.new("L", (620, 320), 255))
    for i, digit in enumerate((6, 7, 8)):
        form.paste(write(digit, 150, 0.2, 0.1, 0.6, 0.8, 9), (50 + 180 * i, 130))
        pen.rectangle((40 + 180 * i, 125, 210 + 180 * i, 290), outline=60, width=3)
    pen.text((40, 116), "Room", 0, font_size=size, anchor="ls")
    read = recognizer.read_picture(form)
    assert labels(read.digits) == said
    assert "illegible" in {each.reason for each in read.layout.left_out}


def test_fields_beside_one_that_a_digit_touches_are_no_digits(recognizer):
    """They are higher than the digits, and so would make the touched ones boxes to tick."""
    pen = ImageDraw.Draw(form := Image.new("L", (700, 300), 255))
    for i, digit in enumerate((4, 5, 2, 7)):
        pen.rectangle((100 + 130 * i, 90, 210 + 130 * i, 220), outline=60, width=4)
        left = 175 if digit == 5 else 130
        trace(pen, STROKES[digit], (left + 130 * i, 120, 50, 75), 7)
    assert [each.digit for each in recognizer.read_digits(form)] == [4, 5, 2, 7]


def test_a_table_by_hand_is_no_ink_of_the_digits_in_it(recognizer):
    pen = ImageDraw.Draw(page := Image.new("L", (600, 420), 255))
    wave = [13 * np.sin(x / 110) for x in range(0, 501, 5)]
    pen.line([(50 + 5 * i, 210 + y) for i, y in enumerate(wave)], 0, 6)
    pen.line([(300 + y, 30 + 3.6 * i) for i, y in enumerate(wave)], 0, 6)
    for i, digit in enumerate((3, 5, 2, 7)):
        trace(pen, STROKES[digit], (140 + 260 * (i % 2), 70 + 190 * (i // 2), 60, 90), 9)
    assert readings(recognizer, page) == "3?5?2?7?"


def test_a_line_that_strikes_digits_out_is_no_table(recognizer):
    pen = ImageDraw.Draw(page := Image.new("L", (600, 420), 255))
    pen.line([(40 + 4 * i, 210 + 150 * np.sin(i / 13)) for i in range(130)], 0, 6)
    for digit, left, top in ((3, 275, 60), (5, 275, 280), (2, 110, 180), (7, 440, 180)):
        trace(pen, STROKES[digit], (left, top, 45, 70), 9)
    assert readings(recognizer, page) == "x"
