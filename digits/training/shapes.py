"""Draw random pictures that need no writer: print, scribbles and shapes."""

from functools import cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from digits.training.pen import degrade

# Letters that some fonts print just like a digit are left out: they would only make the network
# unsure about that digit.
_LETTERS = "ACEFHKLMNPRUVWXcdefhkmnpuvwx"
_FONTS = ("DejaVuSans", "DejaVuSans-Oblique", "DejaVuSerif", "DejaVuSansMono", "cmmi10", "cmss10")
_SIDES = (24, 120)  # pixels


def draw_shape(random):
    """Draw a printed letter, a scribble, or a shape of straight lines.

    Parameters
    ----------
    random : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (side, side)
        Ink up to 255 on paper 0; 24 to 127 pixels wide.
    """
    draw = (_letter, _scribble, _polygon)[random.choice(3, p=(0.5, 0.25, 0.25))]
    return degrade(draw(random, int(random.integers(*_SIDES))), random)


def _letter(random, side):
    """Print a letter, turned and slanted a little."""
    letter = _glyph(random.choice(list(_LETTERS)), random.choice(_FONTS), side)
    angle, slant = np.radians(random.normal(0, 6)), random.normal(0, 0.12)
    matrix = np.array([[np.cos(angle), slant - np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = side / 2 * (1 - matrix.sum(axis=1, keepdims=True))
    return cv2.warpAffine(letter, np.hstack([matrix, shift]), (side, side))


@cache
def _glyph(letter, font, side):
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")
    picture = Image.new("L", (side, side))
    ImageDraw.Draw(picture).text(
        (side / 2, side / 2), letter, 255, ImageFont.truetype(path, side * 0.85), anchor="mm"
    )
    return np.asarray(picture)


def _scribble(random, side):
    """Draw one to three curves, each the sum of a few random harmonics."""
    picture = np.zeros((side, side), np.uint8)
    t = np.linspace(0, 1, 80)
    for _ in range(random.integers(1, 4)):
        harmonics = random.normal(size=(2, 5)) / np.arange(1, 6) ** 0.5
        phases = random.uniform(0, 2 * np.pi, size=(2, 5))
        waves = 2 * np.pi * np.outer(t, np.arange(1, 6)) * random.uniform(0.6, 1.2)
        curve = np.stack(
            [
                (np.sin(waves + phase) * height).sum(1)
                for phase, height in zip(phases, harmonics, strict=True)
            ],
            1,
        )
        curve = side / 2 + curve * side * random.uniform(0.1, 0.22)
        _draw(picture, curve, random)
    return picture


def _polygon(random, side):
    """Draw a polygon or a star of three or four spokes, with up to two lines across it."""
    picture = np.zeros((side, side), np.uint8)
    corners = random.integers(3, 5)  # a polygon of more corners looks like a zero
    angles = 2 * np.pi * (np.arange(corners) / corners + random.uniform()) + random.normal(
        0, 0.15, corners
    )
    circle = np.stack([np.cos(angles), np.sin(angles)], 1) * random.uniform(0.2, 0.42, 2)
    circle = side / 2 + circle * side
    if random.random() < 0.5:
        _draw(picture, circle[np.arange(corners + 1) % corners], random)
    else:
        for i in range(corners):  # spokes
            _draw(picture, np.stack([np.full(2, side / 2), circle[i]]), random)
    for _ in range(random.integers(0, 3)):
        _draw(picture, random.uniform(0.15, 0.85, (2, 2)) * side, random)
    return picture


def _draw(picture, points, random):
    thickness = round(len(picture) * random.uniform(0.03, 0.075))
    cv2.polylines(picture, [np.int32(points * 16)], False, 255, thickness, cv2.LINE_AA, 4)
