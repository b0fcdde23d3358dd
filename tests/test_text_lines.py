"""Lines of writing, from the top."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digits.text_lines import find_lines
from tests.handwriting import write, write_number
from tests.pictures import GAP, NUMBER, text


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


def test_a_rising_number_is_one_line(recognizer):
    left, right = NUMBER[:, :GAP], NUMBER[:, GAP:]
    picture = np.hstack([np.roll(left, 50, axis=0), np.roll(right, -50, axis=0)])
    assert text(recognizer, Image.fromarray(picture)) == "74"


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
