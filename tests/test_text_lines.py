"""Lines of writing, from the top."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digits.text_lines import find_lines
from tests.handwriting import trace_row, write, write_number
from tests.pictures import GAP, NUMBER, labels, text


def test_lines_are_read_from_the_top(recognizer):
    upper, lower = (np.asarray(write_number(*number))[150:370] for number in [(2, 0), (7, 5, 4)])
    width = max(upper.shape[1], lower.shape[1])
    page = np.full((440, width), 255, np.uint8)
    page[:220, : upper.shape[1]], page[220:, : lower.shape[1]] = upper, lower
    readings = recognizer.read_digits(page)
    assert [(r.digit, r.line) for r in readings] == [(2, 0), (0, 0), (7, 1), (5, 1), (4, 1)]
    assert readings[0].box[3] <= readings[2].box[1]


def test_lines_of_words_do_not_count(recognizer):
    page = Image.new("L", (520, 520), 255)
    page.paste(write_number(7, 4).crop((0, 170, 520, 370)), (0, 200))
    ImageDraw.Draw(page).text((120, 20), "HEX", 0, ImageFont.load_default(120))
    readings = recognizer.read_digits(page)
    assert [(r.digit, r.line) for r in readings] == [(7, 0), (4, 0)]


@pytest.mark.parametrize("word", ["LIFE", "FILE", "TILE", "LILLI"])
def test_a_column_of_letters_is_no_digit_for_certain(recognizer, word):
    """It is as narrow as a 1."""
    pen = ImageDraw.Draw(page := Image.new("L", (520, 520), 255))
    for row, letter in enumerate(word):
        pen.text((260, 50 + 80 * row), letter, 0, ImageFont.load_default(75), anchor="mm")
    assert all(reading.verdict != "digit" for reading in recognizer.read_digits(page))


def test_a_rising_number_is_one_line(recognizer):
    left, right = NUMBER[:, :GAP], NUMBER[:, GAP:]
    picture = np.hstack([np.roll(left, 50, axis=0), np.roll(right, -50, axis=0)])
    assert text(recognizer, Image.fromarray(picture)) == "74"


@pytest.mark.parametrize(("upper", "lower"), [("70428", "91536"), ("2837", "5064")])
def test_lines_stay_apart_where_their_digits_nearly_touch(recognizer, upper, lower):
    pen = ImageDraw.Draw(page := Image.new("L", (560, 360), 255))
    trace_row(pen, upper, (60, 60, 70, 110), 95, 9)
    for i, digit in enumerate(lower):
        trace_row(pen, digit, (60 + 95 * i, 182 if i % 2 else 205, 70, 110), 95, 9)
    found = recognizer.read_digits(page)
    assert labels(found) == upper + lower
    assert [each.line for each in found] == len(upper) * [0] + len(lower) * [1]


@pytest.mark.parametrize(
    ("upper", "lower", "top", "fall", "apart"),
    [("6748542", "5690", 60, 20, 124), ("67485", "56907", 230, -20, 112)],
)
def test_lines_of_unequal_length_that_slope_stay_apart(recognizer, upper, lower, top, fall, apart):
    pen = ImageDraw.Draw(page := Image.new("L", (800, 560), 255))
    trace_row(pen, upper, (50, top, 65, 100), 95, 8, fall=fall)
    trace_row(pen, lower, (50, top + apart, 65, 100), 95, 8, fall=fall)
    found = recognizer.read_digits(page)
    assert labels(found) == upper + lower
    assert [each.line for each in found] == len(upper) * [0] + len(lower) * [1]


def test_pieces_of_a_broken_digit_are_in_one_line_with_its_neighbour():
    pen = ImageDraw.Draw(ink := Image.new("L", (380, 260), 0))
    pen.line([(35, 160), (185, 10)], 255, 8)
    pen.line([(10, 245), (130, 140)], 255, 8)
    pen.line([(215, 10), (360, 240)], 255, 8)
    assert len(find_lines(np.asarray(ink))) == 1


def test_digits_in_steps_are_doubted_because_their_order_is(recognizer):
    pen = ImageDraw.Draw(page := Image.new("L", (500, 420), 255))
    trace_row(pen, "7284", (50, 40, 65, 100), 100, 9, fall=80)
    found = recognizer.read_digits(page)
    assert {each.verdict for each in found} == {"unsure"}


def test_a_mark_far_from_a_number_is_a_line_of_its_own():
    ink = np.zeros((400, 400), np.uint8)
    for left in (40, 140, 240):
        ink[250:350, left : left + 30] = 255
    ink[60:90, 40:120] = 255
    assert [box for _, box in find_lines(ink)] == [(40, 60, 120, 90), (40, 250, 270, 350)]


@pytest.mark.parametrize("gap", [3, 6])
def test_digits_that_are_far_apart_are_one_line(recognizer, gap):
    row = Image.new("L", (60 * (gap + 1) * 4 + 60, 120), 255)
    for i, digit in enumerate((3, 0, 7, 2)):
        written = write(digit, size=80, left=0.2, top=0.1, wide=0.5, tall=0.75, pen=5)
        row.paste(written, (60 * (gap + 1) * i, (20, 26, 14, 24)[i]))
    readings = recognizer.read_digits(row)
    assert [(each.digit, each.line) for each in readings] == [(3, 0), (0, 0), (7, 0), (2, 0)]


@pytest.mark.parametrize(("gap", "expected"), [(16, "8?"), (60, "0?0?")])
def test_two_rings_that_nearly_touch_may_be_an_eight(recognizer, gap, expected):
    pen = ImageDraw.Draw(page := Image.new("L", (400, 400), 255))
    pen.ellipse((150, 80, 240, 170), outline=0, width=11)
    pen.ellipse((145, 170 + gap, 250, 270 + gap), outline=0, width=11)
    assert labels(recognizer.read_digits(page)) == expected
