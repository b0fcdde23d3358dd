"""Drawings that are no digits: letters from fonts, scribbles, shapes, heaps of digits."""

from functools import cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

# Without the letters that some hand writes just like a digit: they would teach nothing but doubt
# about that digit.
_LETTERS = "ACEFHKLMNPRUVWXcdefhkmnpuvwx"
_FONTS = ("DejaVuSans", "DejaVuSans-Oblique", "DejaVuSerif", "DejaVuSansMono", "cmmi10", "cmss10")


def draw_outlier(random, images, side):
    """Draw something that is no digit.

    Parameters
    ----------
    random : numpy.random.Generator
    images : ndarray of uint8, shape (n, 28, 28)
        Digits to heap up.
    side : int
        Side of the result in pixels.

    Returns
    -------
    ndarray of uint8, shape (side, side)
        Ink 255 on paper 0.
    """
    kind = random.choice(4, p=(0.45, 0.2, 0.2, 0.15))
    if kind == 0:
        return _letter(random.choice(list(_LETTERS)), random.choice(_FONTS), side)
    if kind == 1:
        return _scribble(random, side)
    if kind == 2:
        return _shape(random, side)
    return _heap(random, images, side)


@cache
def _letter(letter, font, side):
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")
    picture = Image.new("L", (side, side))
    ImageDraw.Draw(picture).text(
        (side / 2, side / 2), letter, 255, ImageFont.truetype(path, side * 0.85), anchor="mm"
    )
    return np.asarray(picture)


def _scribble(random, side):
    """One to three restless curves: sums of a few random harmonics."""
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


def _shape(random, side):
    """Polygons, stars, crosses and houses: straight strokes between a few points."""
    picture = np.zeros((side, side), np.uint8)
    corners = random.integers(3, 5)  # a polygon of more corners may well be a zero
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


def _heap(random, images, side):
    """Two digits on top of each other, side by side, or one below the other."""
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
