"""What is beside handwriting is left out with a reason: words, lists, hundreds of small marks."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from digits.ink import analyse
from tests.handwriting import STROKES, arc, trace, write, write_at, write_number
from tests.pictures import (
    BOTTOM,
    EMPTY,
    MARKS,
    NUMBER,
    SIDE,
    TOP,
    drawn,
    labels,
    paper_with,
    photographed,
    readings,
    reasons,
    text,
    with_pen,
)


@pytest.mark.parametrize("photo", [False, True])
@pytest.mark.parametrize("reason", MARKS)
@pytest.mark.parametrize("digit", [2, 5, 7])
def test_what_is_beside_a_digit_is_left_out_with_a_reason(recognizer, digit, reason, photo):
    picture = MARKS[reason](drawn(digit))
    if photo:
        picture = photographed(picture)
    assert text(recognizer, picture) == str(digit)
    assert reason in reasons(picture) or photo  # what is dark up to an edge of a photo is not ink


@pytest.mark.parametrize("digit", range(10))
def test_nothing_is_left_out_of_a_digit(recognizer, digit):
    for picture in (drawn(digit), drawn(digit, 0.9, 0.05, (0.5, 0.5)), drawn(digit, 0.2, 0.008)):
        assert not analyse(picture).left_out
        assert text(recognizer, picture) == str(digit)


def cut_to_ink(picture):
    return picture.crop(ImageOps.invert(picture).getbbox())


FLAT = {
    2: [[*arc(0.47, 0.28, 0.33, 0.26, -170, 30), (0.12, 0.98), (0.92, 0.98)]],
    5: [[(0.9, 0), (0.25, 0), (0.2, 0.45), *arc(0.44, 0.68, 0.4, 0.3, -130, 140)]],
    7: [[(0.06, 0), (0.9, 0), (0.4, 0.98)]],
}


@pytest.mark.parametrize("digits", [(2,), (5,), (7,), (5, 3, 4), (3, 2, 4), (3, 7, 8, 2)])
def test_a_picture_that_is_cut_to_its_digits_loses_none(recognizer, digits):
    """The base of a 2 and the bar of a 7 lie along the edge, as a table beside a sheet does."""
    pen = ImageDraw.Draw(picture := Image.new("L", (200 + 150 * len(digits), 300), 255))
    for i, digit in enumerate(digits):
        trace(pen, FLAT.get(digit, STROKES[digit]), (100 + 150 * i, 80, 110, 120), 12)
    assert readings(recognizer, cut_to_ink(picture)) == "".join(map(str, digits))


def among_words(number):
    """Put a number behind four scribbles that look like words."""
    beside = np.full((len(number), 1080), 255, np.uint8)
    pen = ImageDraw.Draw(picture := Image.fromarray(np.hstack([beside, number])))
    for left in range(30, 1070, 260):
        zigzag = [(left + 24 * i, BOTTOM - 90 * (i % 2)) for i in range(8)]
        pen.line(zigzag, 0, 12, "curve")
    return picture


def test_a_number_among_words_is_read_and_doubted(recognizer):
    read = recognizer.read_picture(among_words(NUMBER))
    assert labels(read.digits) == "7?4?"
    assert {each.reason for each in read.layout.left_out} == {"illegible"}


@pytest.mark.parametrize("ink", [(180, TOP, 290, BOTTOM), (240, TOP, 256, BOTTOM)])
def test_a_ring_or_a_stroke_among_words_is_no_number(recognizer, ink):
    """Words and drawings have many of them."""
    ring = with_pen(lambda pen: pen.ellipse(ink, outline=0, width=14))
    assert not text(recognizer, among_words(np.asarray(ring(Image.new("L", (520, 520), 255)))))


@pytest.mark.parametrize("word", ["Milk", "Will", "MILL"])
def test_a_word_of_letters_like_ones_is_no_number(recognizer, word):
    """An M may be cut into two of them."""
    for size in (50, 80, 110):
        picture = Image.new("L", (600, 300), 255)
        ImageDraw.Draw(picture).text((60, 80), word, 0, ImageFont.load_default(size))
        assert not text(recognizer, picture)


def test_a_number_below_hundreds_of_small_letters_is_read_and_doubted(recognizer):
    picture = Image.fromarray(np.vstack([np.full((600, NUMBER.shape[1]), 255, np.uint8), NUMBER]))
    pen = ImageDraw.Draw(picture)
    for y in range(30, 600, 45):
        pen.text((40, y), "Milk and Bread 12.34 EUR", 0, font_size=24)
    assert readings(recognizer, picture) == "7?4?"


def test_digits_that_a_thick_pen_fills_are_no_blocks(recognizer):
    """As on the pad, where the pen is as wide for seven digits as for one."""
    lefts = [0.12 + 0.15 * i for i in range(5)]
    picture = write_at(lefts, (8, 0, 7, 7, 2), top=0.4, wide=0.09, tall=0.09, pen=19)
    assert "block" not in reasons(picture)
    assert text(recognizer, picture) == "80772"


@pytest.mark.parametrize(
    ("title", "size", "digits"),
    [("Class", 46, (7, 3, 2)), ("Room", 46, (7, 3, 2)), ("K2558", 64, (5,))],
)
def test_a_printed_title_above_digits_is_left_out(recognizer, title, size, digits):
    picture = write_number(*digits) if len(digits) > 1 else write(5, 520, 0.4, 0.45, 0.17, 0.22)
    top = np.flatnonzero((np.asarray(picture) < 128).any(1))[0]
    font = ImageFont.load_default(size)
    place = (260, top - 24)
    ImageDraw.Draw(picture).text(place, title, 0, font, anchor="ms", stroke_width=1)
    assert text(recognizer, picture) == "".join(map(str, digits))


@pytest.mark.parametrize("wide", [90, 120])
@pytest.mark.parametrize("eye", [12, 22])
@pytest.mark.parametrize("mouth", [40, 60])
def test_a_face_is_no_digit(recognizer, wide, eye, mouth):
    pen = ImageDraw.Draw(picture := EMPTY.copy())
    pen.ellipse((200 - wide, 80, 200 + wide, 320), outline=0, width=12)
    for x in (160, 240):
        pen.ellipse((x - eye / 2, 150, x + eye / 2, 150 + eye), fill=0)
    pen.arc((200 - mouth, 170, 200 + mouth, 270), 20, 160, 0, 12)
    assert text(recognizer, picture) == ""


def test_a_column_of_print_is_no_digit(recognizer):
    pen = ImageDraw.Draw(page := Image.new("L", (SIDE, 900), 255))
    for y in range(60, 840, 15):
        pen.text((100, y), "brown fox", 0, font_size=14)
    for picture in (page, photographed(page)):
        assert text(recognizer, picture) == ""


def test_thousands_of_pieces_end_early(recognizer):
    confetti = np.full((600, 600), 255, np.uint8)
    confetti[::9, ::9] = confetti[1::9, ::9] = confetti[::9, 1::9] = confetti[4::9, 4::9] = 0
    assert recognizer.read_digits(confetti)[0].digit is None


def test_a_ring_or_crack_far_thinner_than_the_pen_leaves_doubt(recognizer):
    for strokes in ([arc(0.5, 0.5, 0.5, 0.5, 0, 360)], [[(0.4, 0), (0.55, 0.3), (0.35, 1)]]):
        paper = paper_with((7, 9))
        trace(ImageDraw.Draw(paper), strokes, (520, 170, 140, 140), 5, (60, 45, 40))
        assert readings(recognizer, photographed(paper)) == "7?9?"
