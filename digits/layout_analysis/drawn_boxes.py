"""Remove the sides of a box that was drawn by hand, from the component of ink that it is part of.

What it holds remains: digits that touch or cross its sides stay whole.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from digits.morphology import connected_components, run_lengths


@dataclass(frozen=True)
class _Box:
    """What counts as a drawn box; chosen on pictures made of UNIPEN digits of training writers."""

    # Share of a side along which its line is the outermost ink, at least.
    min_line_share: float = 0.6
    # Share of the four sides along which lines are the outermost ink, at least.
    min_mean_line_share: float = 0.75
    # Distance of a line from a straight one, as a share of the longer side, at most.
    max_wander_share: float = 0.04
    # Rise per run of a side, at most.
    max_slope: float = 0.3
    # Median distance of the outermost ink from a side of its box, as a share of the box, at most.
    max_depth_share: float = 0.25
    # Share of a side along which the usual place of its line is taken.
    window_share: float = 0.3
    # Thickness of a line where a stroke touches it, as a multiple of its median, at least.
    min_crossing_ratio: float = 1.6
    # Number of places on a side that its slope is measured between, about.
    slope_columns: int = 40


_BOX = _Box()
_VIEWS = (lambda m: m), (lambda m: m[::-1]), (lambda m: m.T), (lambda m: m.T[::-1])  # sides on top


def without_box(mask):
    """Remove the sides of a box, single or double; the digits that touch or cross them stay whole.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
        One component, cut out.

    Returns
    -------
    ndarray of bool, shape (H, W), or None
        None if the ink is not all round the picture in four lines that are nearly straight.
    """
    rest = _within_sides(mask)
    if rest is None or not rest.any():
        return rest
    found = connected_components(rest)
    largest = (found.widths * found.heights).argmax()
    inner = _within_sides(found.crop(largest))
    if inner is not None:
        left, top, right, bottom = found.boxes[largest]
        rest[found.labels == largest + 1] = False
        rest[top:bottom, left:right] |= inner
    return rest


def _within_sides(mask):
    rest, shares = without_sides(mask, least=4)
    return rest if np.sum(shares) >= 4 * _BOX.min_mean_line_share else None


def without_sides(mask, least):
    """Remove the nearly straight lines along the sides of ink, of a box or of a part of one.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
        One component, cut out.
    least : int
        How many sides have such a line at least: nothing is removed if fewer do.

    Returns
    -------
    rest : ndarray of bool, shape (H, W)
    shares : list of float
        Of each side that has such a line, the share that it takes; empty if there are too few.
    """
    lines, sides = [], []
    for others, view in zip((3, 2, 1, 0), _VIEWS, strict=True):
        line = _line_along_top(view(mask))
        if line is not None:
            lines.append(line)
            sides.append(view)
        if len(lines) + others < least:  # soon told of most digits, which have no such side
            return mask, []
    rest = mask.copy()
    for (first, on_line), view in zip(lines, sides, strict=True):
        view(rest)[_pixels_of_line(view(mask), first, on_line)] = False
    return rest, [on_line.mean() for _, on_line in lines]


def _line_along_top(mask):
    """Find a nearly straight line along the top: of each column its outermost row, and if it is in.

    None if there is no such line.
    """
    height, width = mask.shape
    inked = mask.any(axis=0)
    first = mask.argmax(axis=0)  # row of the outermost ink
    columns = np.flatnonzero(inked)
    if np.median(first[columns]) > _BOX.max_depth_share * height:
        return None
    some = columns[:: max(1, len(columns) // _BOX.slope_columns)]
    i, j = np.triu_indices(len(some), 1)
    # The median slope between all pairs of points, as in the estimator of Theil and Sen: it holds
    # although digits stick out.
    slope = np.median((first[some[j]] - first[some[i]]) / (some[j] - some[i])) if len(i) else 0
    level = first - slope * np.arange(width)
    on_line = inked & (
        np.abs(level - np.median(level[columns])) <= _BOX.max_wander_share * max(mask.shape)
    )
    if abs(slope) > _BOX.max_slope or on_line.mean() < _BOX.min_line_share:
        return None
    return first, on_line


def _pixels_of_line(mask, first, on_line):
    """Find the pixels of what `_line_along_top` found, without the strokes that touch it."""
    height, width = mask.shape
    window = max(1, round(_BOX.window_share * width)) | 1
    around = np.pad(np.where(on_line, first, np.nan), window // 2, constant_values=np.nan)
    local = np.nanmedian(sliding_window_view(around, window)[on_line], axis=1)
    line = np.flatnonzero(on_line)
    runs = run_lengths(mask)[first[line], line]
    thick = np.median(runs)
    depth = np.zeros(width)
    depth[line] = np.where(runs > _BOX.min_crossing_ratio * thick, np.ceil(thick), runs)
    depth[line[np.abs(first[line] - local) > thick]] = 0  # a digit that sticks out
    rows = np.arange(height)[:, np.newaxis]
    return mask & (rows < first + depth)
