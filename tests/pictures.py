"""Pictures that people send, made by the tests: a digit, what is beside it, a photo of both."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.sheets import reopened
from digits.ink import analyse
from digits.training.render import render
from tests.handwriting import STROKES, trace_row, write_number

SIDE = 400
EMPTY = Image.new("L", (SIDE, SIDE), 255)


def drawn(digit, height=0.5, width=0.035, centre=(0.45, 0.55)):
    strokes = [np.float32(stroke) * (0.6, 1) for stroke in STROKES[digit]]
    return Image.fromarray(render(strokes, SIDE, height, centre, width))


def text(recognizer, picture):
    return "".join(str(r.digit) for r in recognizer.read_digits(picture) if r.digit is not None)


def readings(recognizer, picture):
    """Read digits with their verdicts: 7 is sure, 7? unsure, x no digit, as in "42?x"."""
    return labels(recognizer.read_digits(picture))


def labels(found):
    """Write readings as `readings` does."""
    signs = {"digit": "{}", "unsure": "{}?", "not_a_digit": "x", "blank": "_"}
    return "".join(signs[each.verdict].format(each.digit) for each in found)


def reasons(picture):
    return {each.reason for each in analyse(picture).left_out}


def photographed(picture, lamp=1.0, noise=3):
    """Photograph a drawing: yellowish paper, light from one side, noise, JPEG."""
    sheet = np.asarray(picture.convert("RGB"), np.float32) * (0.95, 0.92, 0.85)
    side = np.linspace(0.65, 1, sheet.shape[1])[:, np.newaxis]
    grain = np.random.default_rng(0).normal(0, noise, sheet.shape)
    photo = Image.fromarray((sheet * side * lamp + grain).clip(0, 255).astype(np.uint8))
    return reopened(photo.filter(ImageFilter.GaussianBlur(0.7)), quality=85)


def with_pen(draw):
    """Give a function that adds something to a drawing, or to empty paper."""

    def add(picture=EMPTY):
        picture = picture.copy()
        draw(ImageDraw.Draw(picture))
        return picture

    return add


MARKS = {
    "frame": with_pen(lambda pen: pen.rectangle((60, 80, 320, 370), outline=0, width=5)),
    "rule": with_pen(lambda pen: [pen.line((0, y, 400, y), 140, 2) for y in range(20, 400, 60)]),
    "edge": with_pen(lambda pen: pen.polygon([(0, 0), (60, 0), (0, 40)], 0)),
    "block": with_pen(lambda pen: pen.rectangle((290, 15, 385, 75), 40)),
    "speck": with_pen(lambda pen: [pen.ellipse((x, x, x + 9, x + 9), 0) for x in (20, 35, 370)]),
    "sign": with_pen(lambda pen: pen.line((20, 220, 80, 220), 0, 14)),
    "line": with_pen(lambda pen: pen.line((300, 40, 370, 300), 0, 2)),
    "bracket": with_pen(
        lambda pen: [
            pen.arc((70, 90, 130, 350), 90, 270, 0, 12),
            pen.arc((230, 90, 290, 350), 270, 90, 0, 12),
        ]
    ),
}


def ruled_paper(pen):
    for y in range(30, SIDE, 60):
        pen.line([(0, y), (SIDE, y + 6)], 120, 2)


def apart(number, gap):
    """Move the second digit of a number away by so many pixels; say also where it was cut."""
    columns = np.flatnonzero((number < 128).any(0))
    between = columns[np.diff(columns, append=0) > 1][0] + 5
    return np.insert(number, [between] * gap, 255, axis=1), between


# A 74 with room for a sign between its digits: the middle of that room, and the ends of the ink.
NUMBER, GAP = apart(np.asarray(write_number(7, 4)), 100)
GAP += 50
TOP, BOTTOM = np.flatnonzero((NUMBER < 128).any(1))[[0, -1]]
RIGHT = np.flatnonzero((NUMBER < 128).any(0))[-1]


def paper_with(digits, colour=(20, 30, 60)):
    """Write digits beside one another on paper: (720, 540)."""
    pen = ImageDraw.Draw(paper := Image.new("RGB", (720, 540), "white"))
    trace_row(pen, digits, (140, 130, 110, 180), 180, 18, colour)
    return paper


def finger_shadow(tip, root, width=60, blur=7):
    """Make the light on such paper beside the shadow of a finger: (H, W, 1)."""
    pen = ImageDraw.Draw(lamp := Image.new("L", (720, 540), 255))
    pen.line([tip, root], 140, width)
    pen.circle(tip, width // 2, 140)
    return np.asarray(lamp.filter(ImageFilter.GaussianBlur(blur)))[..., np.newaxis] / 255
