"""Shadows, dark strips and corners, and paper that fills only part of a photo."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.handwriting import write_number
from tests.pictures import SIDE, drawn, photographed, readings, text


@pytest.mark.parametrize("light", ["shadow", "stripes", "strip", "corner", "chalk"])
def test_light_and_surroundings_are_no_ink(recognizer, light):
    y, x = np.mgrid[:SIDE, :SIDE]
    lamp = {
        "shadow": np.where(x + 0.3 * y > 250, 0.45, 1.0),
        "stripes": np.where((x + 0.3 * y) % 40 < 20, 0.5, 1.0),
        "strip": np.where(x < 25, 0.25, 1.0),
        "corner": np.where(x + y < 70, 0.05, 1.0),
        "chalk": np.ones((SIDE, SIDE)),
    }[light]
    photo = photographed(drawn(5), lamp[..., np.newaxis])
    photo = ImageOps.invert(photo) if light == "chalk" else photo
    assert text(recognizer, photo) == "5"


def test_a_light_sheet_on_a_dark_table_is_no_chalk(recognizer):
    page = Image.new("L", (300, 500), 255)
    page.paste(write_number(6, 9, 2, 5).resize((160, 100)), (70, 220))
    y, x = np.mgrid[:500, :300]
    is_sheet = (abs(x - 150) < 105) & (abs(y - 260) < 150)
    assert text(recognizer, photographed(page, np.where(is_sheet, 1, 0.1)[..., None])) == "6925"


def test_thick_light_paint_on_dark_cloth_is_no_sheet(recognizer):
    """The hollow of a 4 was read as a dark 1, and surely, on a sheet of light paper."""
    paint = 45 + 0.75 * (255 - np.asarray(drawn(4, 0.35, 0.08), np.float32))
    fade = np.linspace(0.75, 1, SIDE)[:, np.newaxis]
    cloth = paint * fade + np.random.default_rng(0).normal(0, 3, paint.shape)
    assert readings(recognizer, Image.fromarray(np.uint8(cloth.clip(0, 255)))) == "4"


def on_torn_sheet(drawing, left, right, top, bottom, table):
    """Photograph a drawing on paper with torn edges on a table of a share of its light."""
    y, x = np.mgrid[:SIDE, :SIDE]
    torn = np.random.default_rng(0).normal(0, 2, (4, SIDE // 2)).repeat(2, axis=1)
    is_sheet = (x > left + torn[0][y]) & (x < right + torn[1][y])
    is_sheet &= (y > top + torn[2][x]) & (y < bottom + torn[3][x])
    return photographed(drawing, np.where(is_sheet, 1, table)[..., np.newaxis])


def test_the_torn_edge_of_a_sheet_is_no_ink(recognizer):
    photo = on_torn_sheet(drawn(3, 0.3, 0.02), 55, 330, 80, 360, table=0.3)
    assert readings(recognizer, photo) == "3"


@pytest.mark.parametrize("digit", [2, 7])
def test_a_scrap_little_larger_than_its_digit_is_no_light_ink(recognizer, digit):
    photo = on_torn_sheet(drawn(digit, 0.2, 0.02), 130, 230, 170, 270, table=0.2)
    assert readings(recognizer, photo) == str(digit)


@pytest.mark.parametrize("noise", [1, 3])
def test_faint_pencil_with_a_little_noise_is_read(recognizer, noise):
    paper = 200 - 40 * (255 - np.asarray(write_number(7, 3, 5), np.float32)) / 255
    grain = np.random.default_rng(0).normal(0, noise, paper.shape)
    scan = Image.fromarray(np.uint8(np.rint(paper + grain)))
    assert readings(recognizer, scan) == "735"
