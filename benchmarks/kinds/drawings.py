"""Digits of one hand in, files that a program saved out: drawings, numbers, lines, few pixels."""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from benchmarks.sheets import lay, picture, reopened


def drawing(s):
    label, ink, *_ = s.write(off=0.9, share=(0.12, 0.8))
    return label, s.drawn(ink)


def number(s):
    label, ink, *_ = s.write(2, 5, off=0.5)
    return label, s.either(ink)


def lines(s):
    tall, rows = s.between(40, 90), s.rng.integers(2, 5)
    s.shape = round(tall * (1.7 * rows + 1)), 700
    labels, strokes, slant = [], [], s.between(-0.05, 0.05)
    for row in range(rows):
        label, written = s.number(1, 5, tall * s.between(0.75, 1))
        start = np.array([s.between(0.5, 1.5) * tall, tall * (0.5 + s.between(1.5, 1.7) * row)])
        strokes += [stroke + start + np.outer(stroke[:, 0] * slant, (0, 1)) for stroke in written]
        labels.append(label)
    return "".join(labels), s.either(s.draw(strokes, s.pen * tall))


def few_pixels(s):
    tall = int(s.rng.integers(8, 20))
    s.shape = tall + s.rng.integers(3, 30), 2 * tall + s.rng.integers(3, 60)
    label, strokes = s.number(1, 1, tall - 1)
    strokes = [stroke + (3, 2) for stroke in strokes]
    return label, Image.fromarray((255 * (1 - s.draw(strokes, 1.2))).astype(np.uint8))


def coloured(s):
    label, ink, *_ = s.write(1, 2)
    colours = [(190, 60, 60), (60, 140, 70), (80, 110, 200), (120, 115, 110)]
    paper, pen, *_ = s.rng.permutation(colours)
    return label, picture(lay(np.full((*s.shape, 3), paper, np.float32), ink, pen))


def noisy(s):
    label, ink, *_ = s.write(1, 2)
    hit = s.rng.random(s.shape) < s.between(0.001, 0.015)
    ink = np.where(hit, s.rng.random(s.shape).round(), ink)
    return label, Image.fromarray((255 * (1 - ink)).astype(np.uint8))


def dithered(s):
    label, ink, *_ = s.write(1, 2)
    return label, Image.fromarray((235 - 200 * ink).astype(np.uint8)).convert("1")


def flat_grey_jpeg(s):
    label, ink, *_ = s.write(1, 2)
    level = s.between(120, 230)
    grey = Image.fromarray((level * (1 - 0.85 * ink)).astype(np.uint8))
    return label, reopened(grey, quality=int(s.between(10, 60)))


def plotted(s):
    """Plot an image in a white figure with a title, as plotting libraries do."""
    label, ink, *_ = s.write(share=(0.4, 0.7), off=0.3)
    low, high = s.of([("black", "white"), ("white", "black"), ("#440154", "#fde725")])
    levels = Image.fromarray((255 * ink).astype(np.uint8)).resize((28, 28), Image.Resampling.BOX)
    side, (left, top) = int(s.between(120, 400)), s.rng.integers(30, 150, 2).tolist()
    figure = Image.new("RGB", (side + 2 * left, side + 2 * top), "white")
    plot = ImageOps.colorize(levels, low, high).resize((side, side), Image.Resampling.NEAREST)
    figure.paste(plot, (left, top))
    pen = ImageDraw.Draw(figure)
    if s.chance(0.5):
        pen.rectangle((left - 1, top - 1, left + side, top + side), outline="black")
    if s.chance(0.5):
        pen.text((left + side / 2, top - 16), f"Label: {s.rng.integers(10)}", "black")
    return label, figure


def hollow(s):
    s.pen = s.between(0.15, 0.22)
    label, ink, *_ = s.write(1, 2, share=(0.4, 0.6))
    solid = Image.fromarray((255 * ink).astype(np.uint8))
    outer = solid.filter(ImageFilter.MaxFilter(s.of([5, 7, 9])))
    return label, s.either(np.asarray(ImageChops.subtract(outer, solid), np.float32) / 255)
