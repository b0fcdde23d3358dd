"""A random generator in, a picture of something other than a digit out.

Letters from fonts, scribbles, shapes, and two digits in one picture: what a network that is only
trained on digits would call a digit with full confidence.
"""

from functools import cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

# Letters that some people write just like a digit are left out: they would only make the network
# unsure about that digit.
_LETTERS = "ACEFHKLMNPRUVWXcdefhkmnpuvwx"
_FONTS = ("DejaVuSans", "DejaVuSans-Oblique", "DejaVuSerif", "DejaVuSansMono", "cmmi10", "cmss10")


def draw_outlier(random, images, side):
    """Draw a letter, a scribble, a shape or two digits.

    Parameters
    ----------
    random : numpy.random.Generator
    images : ndarray of uint8, shape (n, 28, 28)
        Digits to draw two of.
    side : int
        Side of the result in pixels.

    Returns
    -------
    ndarray of uint8, shape (side, side)
        Ink 255 on paper 0.
    """
    draw = list(_SHARES)[random.choice(len(_SHARES), p=list(_SHARES.values()))]
    return draw(random, images, side)


def _letter(random, images, side):
    return _glyph(random.choice(list(_LETTERS)), random.choice(_FONTS), side)


@cache
def _glyph(letter, font, side):
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")
    picture = Image.new("L", (side, side))
    ImageDraw.Draw(picture).text(
        (side / 2, side / 2), letter, 255, ImageFont.truetype(path, side * 0.85), anchor="mm"
    )
    return np.asarray(picture)


def _scribble(random, images, side):
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


def _shape(random, images, side):
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


def _two_digits(random, images, side):
    """Draw two digits on top of each other, side by side, or one below the other."""
    first, second = (
        cv2.resize(images[i], (side, side), interpolation=cv2.INTER_CUBIC)
        for i in random.integers(len(images), size=2)
    )
    if random.random() < 0.5:
        shift = random.integers(side // 4, side // 2)
        rows, columns = (shift, 0) if random.random() < 0.3 else (0, shift)
        pair = np.zeros((side + rows, side + columns), np.uint8)
        pair[:side, :side] = first
        pair[rows:, columns:] = np.maximum(pair[rows:, columns:], second)
        return cv2.resize(pair, (side, side), interpolation=cv2.INTER_AREA)
    return np.maximum(first, second)


def _draw(picture, points, random):
    thickness = round(len(picture) * random.uniform(0.03, 0.075))
    cv2.polylines(picture, [np.int32(points * 16)], False, 255, thickness, cv2.LINE_AA, 4)


# How often each kind is drawn.
_SHARES = {_letter: 0.45, _scribble: 0.2, _shape: 0.2, _two_digits: 0.15}
