"""A component of ink in; out, what it holds without the sides, if it is a box that was drawn."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from digits.morphology import connected_components, run_lengths


@dataclass(frozen=True)
class _Box:
    """What a box is; chosen on pictures made of UNIPEN digits of training writers."""

    side: float = 0.6  # share of a side along which its line is the outermost ink
    sides: float = 0.75  # the same, on the mean of the four sides
    wander: float = 0.04  # of the longer side by which a line leaves the straight one at most
    slope: float = 0.3  # rise per run of a side at most
    deep: float = 0.25  # distance of a line from the outermost ink, as a share of all ink's side
    local: float = 0.3  # share of a side along which the usual place of its line is taken
    crossed: float = 1.6  # times as thick as the line usually is: a stroke that touches it
    steps: int = 40  # places on a side that its direction is measured between


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
    return rest if np.sum(shares) >= 4 * _BOX.sides else None


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
    removed, shares = np.zeros(mask.shape, bool), []
    for others, view in zip((3, 2, 1, 0), _VIEWS, strict=True):
        found = _top(view(mask))
        if found:
            share, side = found
            view(removed)[side] = True
            shares.append(share)
        if len(shares) + others < least:  # soon told of most digits, which have no such side
            return mask, []
    return mask & ~removed, shares


def _top(mask):
    """Find the line along the top: the share of the columns that it is in, and its pixels."""
    height, width = mask.shape
    inked = mask.any(axis=0)
    first = mask.argmax(axis=0)  # row of the outermost ink
    columns = np.flatnonzero(inked)
    if np.median(first[columns]) > _BOX.deep * height:
        return None
    some = columns[:: max(1, len(columns) // _BOX.steps)]
    i, j = np.triu_indices(len(some), 1)
    # The median slope between all pairs of points, as in the estimator of Theil and Sen: it holds
    # although digits stick out.
    slope = np.median((first[some[j]] - first[some[i]]) / (some[j] - some[i])) if len(i) else 0
    level = first - slope * np.arange(width)
    on_line = inked & (np.abs(level - np.median(level[columns])) <= _BOX.wander * max(mask.shape))
    if abs(slope) > _BOX.slope or on_line.mean() < _BOX.side:
        return None
    window = max(1, round(_BOX.local * width)) | 1
    around = np.pad(np.where(on_line, first, np.nan), window // 2, constant_values=np.nan)
    local = np.nanmedian(sliding_window_view(around, window)[on_line], axis=1)
    line = np.flatnonzero(on_line)
    runs = run_lengths(mask)[first[line], line]
    thick = np.median(runs)
    depth = np.zeros(width)
    depth[line] = np.where(runs > _BOX.crossed * thick, np.ceil(thick), runs)
    depth[line[np.abs(first[line] - local) > thick]] = 0  # a digit that sticks out
    rows = np.arange(height)[:, np.newaxis]
    return on_line.mean(), mask & (rows >= first) & (rows < first + depth)
