"""Noise, dithering, the grain of pencil and chalk, digits made of dots."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from benchmarks.sheets import reopened
from digits.morphology import connected_components
from digits.training.paths import distances, evenly_spaced
from tests.handwriting import STROKES, trace, trace_row, write_number
from tests.pictures import EMPTY, SIDE, drawn, labels, paper_with, photographed, readings, text


def test_noise_is_filtered(recognizer):
    rng, picture = np.random.default_rng(0), np.asarray(drawn(2)).copy()
    hit = rng.random(picture.shape) < 0.01
    picture[hit] = rng.choice([0, 255], hit.sum())
    assert text(recognizer, picture) == "2"


def test_a_dithered_scan_is_read(recognizer):
    grey = Image.eval(drawn(2), lambda level: 30 + level * 4 // 5)
    assert text(recognizer, grey.convert("1")) == "2"


def test_a_dithered_scan_of_grey_paper_is_read(recognizer):
    scan = photographed(drawn(5), lamp=0.7).convert("1")
    assert text(recognizer, scan) == "5"


def test_a_number_on_electronic_paper_of_four_greys_is_read(recognizer):
    paper = Image.eval(write_number(5, 7), lambda level: 40 + level * 3 // 4)
    greys = Image.new("P", (1, 1))
    greys.putpalette([level for grey in (0, 85, 170, 255) for level in (grey,) * 3])
    assert text(recognizer, paper.convert("RGB").quantize(palette=greys).convert("L")) == "57"


def test_pencil_in_black_and_white_is_read(recognizer):
    ink = np.asarray(write_number(7, 4)) < 128
    grains = ink & (np.random.default_rng(0).random(ink.shape) < 0.35)
    assert text(recognizer, Image.fromarray(~grains)) == "74"


def test_chalk_full_of_pinholes_is_read(recognizer):
    grain = np.random.default_rng(0).integers(0, 256, (SIDE // 4, SIDE // 4), np.uint8)
    grain = np.asarray(Image.fromarray(grain).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
    board = np.maximum(drawn(5, width=0.1), np.where(grain < 130, 255, 0).astype(np.uint8))
    assert text(recognizer, ImageOps.invert(photographed(Image.fromarray(board)))) == "5"


@pytest.mark.parametrize("number", [(2,), (7, 4), (3, 0, 5)])
@pytest.mark.parametrize("grain", [(40, 2), (3, 3)], ids=["wood", "asphalt"])
def test_a_number_on_a_rough_surface_is_read_and_doubted(recognizer, number, grain):
    picture = write_number(*number)
    size = [length // fine + 1 for length, fine in zip(picture.size, grain, strict=True)]
    rough = Image.fromarray(np.random.default_rng(0).normal(size=size[::-1]).astype(np.float32))
    rough = np.asarray(rough.resize(picture.size, Image.Resampling.BICUBIC))
    surface = (0.35 + 0.6 * np.asarray(picture) / 255) * (0.75 + 0.15 * rough)
    photo = photographed(Image.fromarray((255 * surface).clip(0, 255).astype(np.uint8)))
    assert readings(recognizer, photo) == "".join(f"{digit}?" for digit in number)
    whole = recognizer.read(photo)
    assert whole.verdict == recognizer.read_picture(photo).whole.verdict


def test_a_thin_number_on_smooth_paper_is_not_blurred(recognizer):
    pen = ImageDraw.Draw(picture := Image.new("L", (1000, 700), 255))
    trace_row(pen, "784", (280, 90, 150, 230), 207, 3, ink=40)
    pen.rounded_rectangle((60, 60, 110, 190), 14, outline=60, width=3)  # a paper clip: doubt
    assert readings(recognizer, photographed(picture)) == "7?8?4?"


def test_a_coarse_jpeg_on_grey_paper_is_read(recognizer):
    grey = Image.eval(drawn(3), lambda level: level * 2 // 3)
    assert text(recognizer, reopened(grey, quality=15)) == "3"


def spaced(digit, box, step):
    """Place points so many pixels apart along the strokes of a digit in a box."""
    left, top, *size = box
    for stroke in STROKES[digit]:
        path = np.float32(stroke) * size + (left, top)
        yield evenly_spaced(path, round(distances(path)[-1] / step))


def test_a_number_made_of_dots_is_read(recognizer):
    pen = ImageDraw.Draw(picture := Image.new("L", (520, 400), 255))
    for left, digit in ((60, 4), (300, 7)):
        for points in spaced(digit, (left, 80, 160, 240), 20):
            for x, y in points:
                pen.circle((x, y), 5, 0)
    assert text(recognizer, picture) == "47"


def test_a_row_of_thick_digits_is_not_taken_for_dots(recognizer):
    row = Image.new("L", (1000, 1000), 255)
    for i in range(10):
        left = 20 + 96 * i
        for stroke in STROKES[2]:
            path = [(left + 13 + 70 * x, 450 + 100 * y) for x, y in stroke]
            ImageDraw.Draw(row).line(path, 0, 35, "curve")
            for x, y in path:
                ImageDraw.Draw(row).circle((x, y), 17.5, 0)
    assert text(recognizer, row) == 10 * "2"


def test_a_digit_of_many_dots_is_read(recognizer):
    dots = EMPTY.copy()
    pen, stroke = ImageDraw.Draw(dots), np.argwhere(np.asarray(drawn(3, width=0.02)) < 128)
    for y, x in np.unique(stroke // 12, axis=0) * 12:
        pen.ellipse((x, y, x + 8, y + 8), 0)
    assert len(connected_components(np.asarray(dots) < 128)) > 30
    assert text(recognizer, dots) == "3"


def crayon(digits, size, share):
    """Write on rough paper, of which a share, in spots of a size in pixels, takes no crayon."""
    paper = np.array(paper_with(digits, (190, 30, 40)))
    shape = paper.shape[:2]
    coarse = np.random.default_rng(0).integers(0, 256, [side // size for side in shape], np.uint8)
    grain = Image.fromarray(coarse).resize(shape[::-1], Image.Resampling.BICUBIC)
    paper[np.asarray(grain) < np.percentile(grain, 100 * share)] = 255
    return photographed(Image.fromarray(paper))


@pytest.mark.parametrize(("size", "share"), [(4, 0.5), (6, 0.31)])
def test_crayon_broken_into_pieces_is_read_surely(recognizer, size, share):
    assert readings(recognizer, crayon((3, 7, 5), size, share)) == "375"


@pytest.mark.parametrize("digit", [2, 5])
def test_a_crayon_digit_is_the_same_alone_and_as_a_number(recognizer, digit):
    photo = crayon((digit,), 4, 0.5)
    as_number = readings(recognizer, photo)
    assert as_number[0] == str(digit)
    whole = [recognizer.read(photo), *recognizer.read_many([photo, drawn(3), photo])]
    assert labels(whole) == f"{as_number}{as_number}3{as_number}"


@pytest.mark.parametrize("step", [-30, -15, 15, 30])
@pytest.mark.parametrize("number", ["4530", "9268"])
def test_digits_close_to_each_other_on_a_slope_are_no_broken_stroke(recognizer, number, step):
    pen = ImageDraw.Draw(paper := Image.new("L", (720, 540), 255))
    trace_row(pen, number, (100, 180 - 2 * step, 104, 170), 98, 22, fall=step)
    assert readings(recognizer, paper) == number
    pen.ellipse((40, 430, 100, 490), None, 0, 12)  # and what leaves doubt does not make them one
    assert readings(recognizer, paper) == "{}?{}?{}?{}?".format(*number)


@pytest.mark.parametrize("digits", [(2, 4), (7, 0)])
def test_stitched_digits_are_read_surely(recognizer, digits):
    pen = ImageDraw.Draw(cloth := Image.new("RGB", (720, 540), "white"))
    for i, digit in enumerate(digits):
        for points in spaced(digit, (140 + 180 * i, 130, 110, 180), 3):
            for start in range(0, len(points) - 4, 9):
                pen.line([tuple(point) for point in points[start : start + 6]], (160, 20, 40), 12)
    assert readings(recognizer, photographed(cloth)) == "".join(map(str, digits))


def test_dots_of_woven_paper_do_not_grow_together_with_digits(recognizer):
    pen = ImageDraw.Draw(scan := paper_with((3, 7, 5)).convert("L"))
    rng = np.random.default_rng(0)
    for x, y in np.argwhere(rng.random((50, 37)) < 0.4) * 14 + rng.integers(4, 12, 2):
        pen.rectangle((x, y, x + 4, y + 5), 0)
    assert readings(recognizer, scan) == "375"


@pytest.mark.parametrize("right", [720, 171])  # at the edge of the picture, too
def test_a_digit_crossed_by_white_stripes_is_read_surely(recognizer, right):
    pen = ImageDraw.Draw(paper := Image.new("L", (720, 540), 255))
    trace(pen, STROKES[8], (80, 130, 95, 173), 25, 0)
    for top in range(141, 303, 30):
        pen.rectangle((0, top, 720, top + 12), 255)
    assert readings(recognizer, paper.crop((0, 0, right, 540))) == "8"


def test_names_under_frames_do_not_grow_together_with_them(recognizer):
    pen = ImageDraw.Draw(page := Image.new("L", (720, 540), 255))
    for left, digit in ((80, 2), (290, 8)):
        trace(pen, STROKES[digit], (left, 113, 124, 225), 39, 0)
        pen.rectangle((left - 30, 83, left + 165, 368), None, 0, 3)
        for x in range(left - 10, left + 35, 15):
            pen.rectangle((x, 383, x + 9, 392), 0)
    assert text(recognizer, page) == "28"
