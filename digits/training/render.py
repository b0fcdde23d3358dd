"""Draw pen strokes on a canvas as a browser would: dark ink on white paper."""

import zlib
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from digits.training.paths import bounding_box

CANVAS = 520  # pixels, the side of the protocol's canvas; the page sends 320
PEN_WIDTH = 18 / CANVAS  # the page's pen, as a share of the canvas


@dataclass(frozen=True)
class Condition:
    """How large, where and with which pen a character is drawn; the protocol fixes the values.

    All lengths are shares of the canvas; ranges are sampled uniformly.

    Attributes
    ----------
    height : (float, float)
        Range of the height.
    centre : (float, float) or None
        Range of the centre, in x and in y; None for any position where the ink fits.
    pen : (float, float) or None
        Range of the pen's width; None for the page's own pen.
    max_pen : float
        Upper limit of a sampled pen as a share of the character's longer side: a wider one would
        fill its loops.
    pixels : (float, float) or None
        Range of the longer side in pixels, which sets the size of the canvas, with a pen of at
        least one pixel; half of the drawings are not anti-aliased. None for a canvas of a given
        size.
    """

    height: tuple
    centre: tuple | None = None
    pen: tuple | None = None
    max_pen: float = 0.16
    pixels: tuple | None = None


CONDITIONS = {
    "default": Condition(height=(0.45, 0.75), centre=(0.42, 0.58)),
    "anywhere": Condition(height=(0.15, 0.85), pen=(0.01, 0.06)),
    "coarse": Condition(height=(0.15, 0.85), pen=(0.01, 0.06), pixels=(14, 40)),
}


def draw(drawing, condition, size=CANVAS, seed=0):
    """Draw one character under a condition of the protocol.

    Parameters
    ----------
    drawing : Drawing
    condition : {"default", "anywhere", "coarse"}
        A key of `CONDITIONS`. ``default``: as on the page, of medium size, near the centre, with
        the page's own pen. ``anywhere``: any size, any position that fits, any pen. ``coarse``:
        the same in few pixels.
    size : int
        Side of the canvas in pixels; ``coarse`` chooses its own.
    seed : int
        With the same seed a drawing always gets the same canvas, whatever else is drawn.

    Returns
    -------
    (size, size) uint8 array
        255 paper, 0 ink.
    """
    rng = np.random.default_rng((seed, zlib.crc32(drawing.source.encode())))
    sampled = CONDITIONS[condition]
    height = rng.uniform(*sampled.height)
    width = rng.uniform(*sampled.pen) if sampled.pen else PEN_WIDTH
    extent = _extent(*bounding_box(drawing.strokes), height, width)
    if sampled.pen:
        width = min(width, sampled.max_pen * extent.max())
    if sampled.centre:
        centre = rng.uniform(*sampled.centre, 2)
    else:
        margin = (extent + width) / 2
        centre = margin + rng.uniform(0, 1, 2) * (1 - 2 * margin)
    antialias = True
    if sampled.pixels:
        size = round(rng.uniform(*sampled.pixels) / extent.max())
        width, antialias = max(width, 1 / size), rng.random() < 0.5
    return render(drawing.strokes, size, height, centre, width, antialias)


def render(strokes, size=CANVAS, height=0.6, centre=(0.5, 0.5), width=PEN_WIDTH, antialias=True):
    """Draw strokes with round caps and joins, as a browser does.

    A pixel's darkness is the share of it that the pen covers, estimated from the distance of its
    centre to the pen's path: exact for straight edges, for any pen width at any subpixel position.

    Parameters
    ----------
    strokes : list of (n, 2) arrays
        x to the right, y downwards, any unit.
    size : int
        Side of the canvas in pixels.
    height : float
        Height of the path as a share of the canvas. A drawing that would be too wide is scaled
        down until it fits with its ink.
    centre : (float, float)
        Where the centre of the path's bounding box goes, x and y as shares of the canvas; moved
        as far as needed to keep all ink on the canvas.
    width : float
        Width of the pen as a share of the canvas.
    antialias : bool
        Without, a pixel is ink where the pen covers its centre, and paper elsewhere.

    Returns
    -------
    (size, size) uint8 array
        255 paper, 0 ink.
    """
    low, high = bounding_box(strokes)
    extent = _extent(low, high, height, width)
    scale = extent.max() / max((high - low).max(), 1e-6)
    margin = (extent + width) / 2
    shift = np.clip(centre, margin, 1 - margin)
    radius = size * width / 2
    squared = np.full((size, size), np.inf, np.float32)  # squared distance to the path
    for stroke in strokes:
        path = (((stroke - (low + high) / 2) * scale + shift) * size).astype(np.float32)
        path = path if len(path) > 1 else path.repeat(2, axis=0)  # a dot
        for a, b in pairwise(path):
            x0, y0 = np.maximum(np.minimum(a, b) - radius - 1, 0).astype(int)
            x1, y1 = np.ceil(np.maximum(a, b) + radius + 1).astype(int)
            near = squared[y0:y1, x0:x1]
            x = np.arange(x0, x0 + near.shape[1], dtype=np.float32) + 0.5 - a[0]
            y = np.arange(y0, y0 + near.shape[0], dtype=np.float32)[:, None] + 0.5 - a[1]
            dx, dy = b - a
            length = dx * dx + dy * dy
            t = np.clip((x * dx + y * dy) / length, 0, 1) if length else np.float32(0)
            np.minimum(near, (x - t * dx) ** 2 + (y - t * dy) ** 2, out=near)
    cover = np.clip(radius + 0.5 - np.sqrt(squared), 0, 1)
    if not antialias:
        cover = cover >= 0.5
    return np.rint(255 * (1 - cover)).astype(np.uint8)


def _extent(low, high, height, width):
    """Width and height on the canvas, as shares of it: the height asked for, or what fits."""
    extent = np.maximum(high - low, 1e-6)
    return extent * min(height / extent[1], *(1 - width) / extent)
