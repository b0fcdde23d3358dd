"""Measure the shapes and places of components of ink: their lengths, bends and distances."""

from dataclasses import dataclass

import numpy as np

from digits.masks import outline_sides


@dataclass(frozen=True)
class DigitShape:
    """What the shapes of digits have in common.

    Chosen like the limits of `digits.layout_analysis.clutter`.
    """

    # Length of a straight line, as a multiple of its thickness, at least.
    min_line_ratio: float = 5.0
    # Width of a digit, as a multiple of its height, at most.
    max_width: float = 1.8
    # Thickness of a line that no digit's pen drew, as a share of the pen's width, at most.
    max_thin_share: float = 0.35
    # Height and width of a letter of print beside digits, in heights of a digit, at most.
    max_letter: float = 0.45
    # Distance from a digit of a piece that is part of it, in heights of a digit, at most.
    max_piece_gap: float = 0.13


DIGIT = DigitShape()
_MAX_DUST_SHARE = 0.04  # longer side of dust, as a share of the largest component's, at most
_MIN_DIGIT_AREA_SHARE = 0.2  # area of a digit, as a share of the largest component's, at least
_MAX_BAR_SHARE = 0.25  # depth of a bar along an edge, as a share of the picture's side, at most
_MAX_COVERED_SHARE = 0.05  # share of a box that a component which passes it covers, at most


def equivalent_bars(found, among):
    """Measure length, thickness and angle of components, as of the bars with the same moments.

    Parameters
    ----------
    found : digits.morphology.Components
    among : ndarray of bool, shape (n,)
        Which of them; the others get zeros.

    Returns
    -------
    lengths, thicknesses : ndarray, shape (n,)
        In pixels.
    angles : ndarray, shape (n,)
        In degrees: 0 and 180 are flat, 90 is upright, less than 90 leans to the right.
    """
    lengths, thicknesses, angles = np.zeros((3, len(found)))
    for i in np.flatnonzero(among):
        ys, xs = np.nonzero(found.crop(i))
        spread = np.eye(2) / 12  # of a single pixel
        if xs.size > 1:
            spread = spread + np.cov(np.stack([xs, ys]))
        values, vectors = np.linalg.eigh(spread)
        lengths[i], thicknesses[i] = np.sqrt(12 * values[::-1])
        x, y = vectors[:, 1] if vectors[1, 1] <= 0 else -vectors[:, 1]
        angles[i] = np.degrees(np.arctan2(-y, x))
    return lengths, thicknesses, angles


def pen_width(found, i):
    """Estimate the width of a component's strokes, from its area and the length of its outline."""
    crop = found.crop(i)
    edges = sum(edge.sum() for edge in (crop[0], crop[-1], crop[:, 0], crop[:, -1]))
    # Sides measure the city-block length of lines in all directions.
    outline = (outline_sides(crop) + edges) * np.pi / 4
    return 2 * found.areas[i] / outline


def digit_height(found, among):
    """Estimate how tall the digits among some components are: the upper quartile of the large."""
    areas = np.where(among, found.areas, 0)
    return float(
        np.percentile(
            found.heights[areas > _MIN_DIGIT_AREA_SHARE * areas.max()], 75, method="higher"
        )
    )


def are_dust(found):
    """Find the specks that are far smaller than the largest component: ndarray of bool, (n,)."""
    sizes = np.maximum(found.widths, found.heights)
    return sizes <= max(2, _MAX_DUST_SHARE * sizes[found.areas.argmax()])


def enclosing(boxes):
    """Return the smallest box round boxes, an ndarray of shape (n, 4): tuple of int."""
    return (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())


def distance(found, i, others):
    """Measure from the box of component `i` to the nearest ink of others, in pixels."""
    left, top, right, bottom = found.boxes[i]
    least = np.inf
    for j in others:
        crop = found.crop(j)
        padded = np.pad(crop, 1)
        is_within = padded[2:, 1:-1] & padded[:-2, 1:-1] & padded[1:-1, 2:] & padded[1:-1, :-2]
        ys, xs = np.nonzero(crop & ~is_within)  # its outline is what may be nearest
        xs, ys = xs + found.boxes[j, 0], ys + found.boxes[j, 1]
        across = np.maximum(np.maximum(left - xs, xs - right + 1), 0)
        down = np.maximum(np.maximum(top - ys, ys - bottom + 1), 0)
        least = min(least, (across**2 + down**2).min())
    return float(np.sqrt(least))


def along_and_aside(points, start, end):
    """Measure how far points, (..., 2), are along a line and aside from it, and its length."""
    length = np.hypot(*(end - start))
    x, y = (end - start) / length
    return (points - start) @ (x, y), np.abs((points - start) @ (-y, x)), length


def distance_to_line(points, start, end):
    """Measure how far points, (..., 2), are from a line between two points."""
    along, aside, length = along_and_aside(points, start, end)
    return np.hypot(aside, np.maximum(np.maximum(-along, along - length), 0))


def is_inside(found, i, others):
    """Return whether the middle of component `i` is in the box of another: an eye in a face."""
    left, top, right, bottom = found.boxes[i]
    boxes = found.boxes[others]
    x, y = (left + right) / 2, (top + bottom) / 2
    return bool(
        ((boxes[:, 0] < x) & (x < boxes[:, 2]) & (boxes[:, 1] < y) & (y < boxes[:, 3])).any()
    )


def are_within(boxes, i):
    """Find which boxes, (n, 4), lie within box `i` and touch none of its sides: bool (n,)."""
    outer = boxes[i]
    return (boxes[:, :2] > outer[:2]).all(axis=1) & (boxes[:, 2:] < outer[2:]).all(axis=1)


def has_inside(found, i):
    """Return whether a component has ink in the middle of its box."""
    crop = found.crop(i)
    height, width = (length // 4 for length in crop.shape)
    return bool(crop[height : len(crop) - height, width : crop.shape[1] - width].any())


def bend(found, i):
    """Measure how far the middle of a component is to the right of its ends, in its heights."""
    centres = _centres(found, i)
    height = len(centres)
    ends = max(1, height // 12)
    middle = centres[height // 3 : height - height // 3].mean()
    return (middle - (centres[:ends].mean() + centres[-ends:].mean()) / 2) / height


def bend_place(found, i):
    """Find where a component is farthest from the line between its ends: 0 at the top, to 1."""
    centres = _centres(found, i)
    ends = max(1, len(centres) // 12)
    line = np.linspace(centres[:ends].mean(), centres[-ends:].mean(), len(centres))
    return np.abs(centres - line).argmax() / len(centres)


def _centres(found, i):
    """Find the middle of a component's ink in each row."""
    crop = found.crop(i)
    return crop @ np.arange(crop.shape[1]) / np.maximum(crop.sum(axis=1), 1)


def sides_passed(found, i, box):
    """Measure on what share of each side of a box component `i` passes it.

    Returns
    -------
    ndarray of float, shape (4,)
        Left, top, right and bottom; zeros if it is not within the box of `i`, or not clear of it.
        An edge of the picture that cuts `i` off stands for its side.
    """
    left, top, right, bottom = box - np.tile(found.boxes[i][:2], 2)
    if min(left, top) < 0 or right > found.widths[i] or bottom > found.heights[i]:
        return np.zeros(4)
    crop = found.crop(i)
    if crop[top:bottom, left:right].mean() > _MAX_COVERED_SHARE:
        return np.zeros(4)
    sides = (
        crop[top:bottom, :left].any(axis=1),
        crop[:top, left:right].any(axis=0),
        crop[top:bottom, right:].any(axis=1),
        crop[bottom:, left:right].any(axis=0),
    )
    is_cut = found.boxes[i] == (0, 0, *found.labels.shape[::-1])
    return np.maximum([side.mean() for side in sides], is_cut)


def is_bar(box, shape):
    """Return whether a box is a bar along an edge of the picture, from corner to corner.

    Parameters
    ----------
    box : sequence of int
        Left, top, right and bottom.
    shape : tuple of int
        Height and width of the picture, and perhaps more.

    Returns
    -------
    bool
    """
    left, top, right, bottom = box
    height, width = shape[:2]
    is_across = left == 0 and right == width and (top == 0 or bottom == height)
    is_down = top == 0 and bottom == height and (left == 0 or right == width)
    return bool(
        (is_across and bottom - top < _MAX_BAR_SHARE * height)
        or (is_down and right - left < _MAX_BAR_SHARE * width)
    )
