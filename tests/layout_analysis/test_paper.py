"""The colour of the paper, and what is not paper: bars, rims, printed lines along an edge."""

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageOps

from tests.handwriting import write, write_lines, write_number
from tests.pictures import EMPTY, SIDE, drawn, photographed, readings, text, with_pen


def test_a_printed_line_along_the_very_edge_is_no_paper(recognizer):
    lines = with_pen(
        lambda pen: (
            [pen.line((0, y, 400, y), (150, 180, 220), 3) for y in range(1, 400, 40)]
            + [pen.line((x, 0, x, 400), (150, 180, 220), 3) for x in range(1, 400, 40)]
        )
    )(Image.new("RGB", (SIDE, SIDE), (255, 253, 245)))
    ink = Image.merge("RGB", [drawn(2)] * 3)
    assert text(recognizer, ImageChops.darker(lines, ink)) == "2"


@pytest.mark.parametrize(
    ("paper", "ink"),
    [
        ((95, 200, 90), (200, 130, 200)),
        ((210, 70, 60), (60, 115, 165)),
        ((0, 150, 150), (170, 75, 235)),
    ],
)
@pytest.mark.parametrize("digits", [(0, 0), (3,), (5, 8)])
def test_a_photo_of_ink_as_light_as_its_paper_is_read(recognizer, paper, ink, digits):
    sheet = ImageOps.colorize(write_number(*digits), ink, paper)
    assert text(recognizer, photographed(sheet)) == "".join(map(str, digits))


def test_colours_of_one_lightness_are_told_apart(recognizer):
    mask = ImageOps.invert(drawn(7))
    picture = Image.composite(
        Image.new("RGB", mask.size, (22, 163, 65)), Image.new("RGB", mask.size, (200, 70, 70)), mask
    )
    assert np.ptp(np.asarray(picture.convert("L"))) < 30
    assert text(recognizer, picture) == "7"


@pytest.mark.parametrize("bars", ["black", "white", "grey"])
def test_bars_are_no_paper(recognizer, bars):
    for drawing in (drawn(2), photographed(drawn(2)), photographed(drawn(2), lamp=1.2)):
        wide = Image.new("RGB", (640, SIDE), bars)
        wide.paste(drawing.convert("RGB"), (120, 0))
        assert text(recognizer, wide) == "2"


@pytest.mark.parametrize("rim", [30, 70])
def test_the_dark_rim_of_a_photocopy_is_no_paper(recognizer, rim):
    sheet = np.asarray(ImageOps.expand(write_lines("47"), 90, 255))
    y, x = np.indices(sheet.shape)
    depth = np.minimum.reduce([x, y, x[:, ::-1], y[::-1]])
    light = 0.98 * np.clip(depth / rim, 0, 1)
    assert text(recognizer, Image.fromarray((sheet * light).astype(np.uint8))) == "47"
    assert text(recognizer, ImageOps.expand(drawn(4), 6)) == "4"  # a line has the same place


def test_empty_paper_is_blank(recognizer):
    assert recognizer.read(photographed(EMPTY, noise=6)).verdict == "blank"


@pytest.mark.parametrize(("paper", "beyond"), [(245, 255), (12, 0)])
@pytest.mark.parametrize("digit", [1, 7])
def test_paper_of_nearly_the_level_of_what_it_lies_on_is_no_ink(recognizer, digit, paper, beyond):
    ink = 255 - np.asarray(write(digit, size=120, pen=6))
    card = np.uint8(paper + ink / 255.0 * (245 - 2 * paper if paper < 99 else 20 - paper))
    picture = ImageOps.expand(Image.fromarray(card), 6, beyond)
    assert readings(recognizer, picture) == f"{digit}"


@pytest.mark.parametrize("fall", [0.92, 0.85, 0.75])
@pytest.mark.parametrize(("digits", "factor"), [((2, 7, 5), 2), ((6, 8, 6), 4)])
def test_a_small_number_in_uneven_light_is_whole(recognizer, digits, factor, fall):
    number = np.asarray(write_lines("".join(map(str, digits))))[25:120] / 255
    small = Image.fromarray(np.uint8(250 * number)).reduce(factor)
    light = np.linspace(fall, 1, small.width)
    lit = Image.fromarray(np.uint8(np.asarray(small) * light))
    assert readings(recognizer, lit) == "".join(map(str, digits))
