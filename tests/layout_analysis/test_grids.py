"""Grids that end within the picture, as in the windows of programs."""

import pytest
from PIL import Image, ImageDraw

from tests.handwriting import trace_row
from tests.pictures import text

WINDOW, CANVAS = (640, 480), (80, 90, 560, 450)


def squared(pen, spacing, colour):
    left, top, right, bottom = CANVAS
    for x in range(left, right + 1, spacing):
        pen.line((x, top, x, bottom), colour)
    for y in range(top, bottom + 1, spacing):
        pen.line((left, y, right, y), colour)


@pytest.mark.parametrize("digits", ["7", "32"])
@pytest.mark.parametrize("spacing", [30, 60])
def test_the_grid_of_a_drawing_pad_is_no_ink(recognizer, spacing, digits):
    pen = ImageDraw.Draw(window := Image.new("RGB", WINDOW, "white"))
    squared(pen, spacing, (150, 160, 180))
    pen.text((80, 50), "Draw a number", (60, 60, 60), font_size=22)
    trace_row(pen, digits, (170, 160, 110, 210), 170, 14)
    assert text(recognizer, window) == digits


@pytest.mark.parametrize("digits", ["8", "94"])
def test_a_number_over_the_cells_of_a_spreadsheet_is_read(recognizer, digits):
    """Below a title bar and a menu; much of the margin is the headers of rows and columns."""
    pen = ImageDraw.Draw(sheet := Image.new("RGB", (690, 400), "white"))
    pen.rectangle((0, 0, 690, 35), (33, 115, 70))
    pen.text((12, 8), "Book", "white", font_size=18)
    pen.text((12, 42), "File  Home  Insert", (70, 70, 70), font_size=18)
    pen.rectangle((0, 66, 680, 91), (230, 230, 230))
    pen.rectangle((0, 66, 36, 379), (230, 230, 230))
    for x in range(36, 690, 92):
        pen.line((x, 66, x, 379), (208, 208, 208))
        pen.text((x + 42, 72), "ABCDEFGH"[x // 92], (70, 70, 70), font_size=14)
    for y in (66, *range(91, 380, 24)):
        pen.line((0, y, 680, y), (208, 208, 208))
    trace_row(pen, digits, (240, 160, 75, 110), 110, 5, (200, 40, 40))
    assert text(recognizer, sheet) == digits
