"""The digits as someone writes them: pen strokes in a box 1 wide and 1 high, y downwards."""

from functools import reduce
from math import cos, radians, sin

from PIL import Image, ImageChops, ImageDraw


def arc(x, y, rx, ry, start, end, points=24):
    """Points on an ellipse, from one angle to another; 0 is right, 90 is down."""
    angles = [radians(start + (end - start) * i / points) for i in range(points + 1)]
    return [(x + rx * cos(a), y + ry * sin(a)) for a in angles]


STROKES = {
    0: [arc(0.5, 0.5, 0.33, 0.48, -90, -450)],
    1: [[(0.36, 0.2), (0.55, 0.02), (0.52, 0.5), (0.5, 0.98)]],
    2: [[*arc(0.47, 0.28, 0.33, 0.26, -170, 30), (0.45, 0.74), (0.12, 0.96), (0.9, 0.94)]],
    3: [[*arc(0.45, 0.26, 0.3, 0.24, -150, 90), *arc(0.45, 0.74, 0.36, 0.24, -90, 150)]],
    4: [[(0.3, 0.05), (0.15, 0.58), (0.88, 0.56)], [(0.68, 0.2), (0.62, 0.98)]],
    5: [
        [(0.28, 0.05), (0.22, 0.45), *arc(0.44, 0.68, 0.34, 0.28, -130, 140)],
        [(0.28, 0.05), (0.8, 0.03)],
    ],
    6: [[(0.68, 0.03), (0.38, 0.3), *arc(0.48, 0.71, 0.29, 0.26, -180, -560)]],
    7: [[(0.12, 0.08), (0.86, 0.06), (0.6, 0.45), (0.4, 0.98)]],
    8: [
        [
            *arc(0.5, 0.26, 0.27, 0.24, -30, -270),
            *arc(0.5, 0.75, 0.31, 0.24, -90, 270),
            *arc(0.5, 0.26, 0.27, 0.24, 90, -30),
        ]
    ],
    9: [[*arc(0.48, 0.3, 0.3, 0.27, -20, -380), (0.77, 0.3), (0.72, 0.98)]],
}


def trace(pen, strokes, box, width, ink=0):
    """Draw strokes in a box: left, top, width and height in pixels."""
    left, top, wide, tall = box
    for stroke in strokes:
        pen.line([(left + wide * x, top + tall * y) for x, y in stroke], ink, width, "curve")


def trace_row(pen, digits, box, step, width, ink=0, fall=0):
    """Draw digits side by side, given the box of the first and the way from each to the next."""
    left, top, *size = box
    for i, digit in enumerate(digits):
        trace(pen, STROKES[int(digit)], (left + step * i, top + fall * i, *size), width, ink)


def write(digit, size=520, left=0.25, top=0.2, wide=0.4, tall=0.55, pen=18):
    """Draw a digit along the strokes of the tests, as dark ink on white paper."""
    picture = Image.new("L", (size, size), 255)
    for stroke in STROKES[digit]:
        path = [((left + wide * x) * size, (top + tall * y) * size) for x, y in stroke]
        ImageDraw.Draw(picture).line(path, fill=0, width=pen, joint="curve")
    return picture


def write_at(lefts, digits, **hand):
    """Draw digits that may overlap, each as far from the left as its share of the picture says."""
    drawn = (write(digit, left=left, **hand) for left, digit in zip(lefts, digits, strict=True))
    return reduce(ImageChops.darker, drawn)


def write_number(*digits, gap=0.06):
    wide = (0.9 - gap * len(digits)) / len(digits)
    lefts = [0.05 + i * (wide + gap) for i in range(len(digits))]
    return write_at(lefts, digits, top=0.35, wide=wide, tall=0.3, pen=14)


def write_lines(*lines):
    """A page of numbers, one below the other."""
    page = Image.new("L", (96 * max(map(len, lines)), 160 * len(lines)), 255)
    for row, line in enumerate(lines):
        for column, digit in enumerate(line):
            digit = write(int(digit), size=96, left=0.2, top=0.1, wide=0.5, tall=0.75, pen=6)
            page.paste(digit, (96 * column, 160 * row + 32))
    return page
