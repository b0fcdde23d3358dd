"""Take the ink of several digits apart into segments; each digit is made of one or more of them.

The ink is taken apart into its connected components, which are cut further where digits may touch.
"""

from bisect import bisect
from dataclasses import dataclass

import numpy as np

from digits.masks import find_pieces, from_coarse


@dataclass(frozen=True)
class _Cut:
    """Where ink is cut; chosen on MNIST digits that touch, and on numbers of UNIPEN digits."""

    # Squares per side of the grid on which components are looked for, at most.
    max_grid_squares: int = 600
    # Number of segments of what may be a number, at most.
    max_segments: int = 100
    # Width of what may be several digits, in heights of the drawing, at least.
    min_cut_width: float = 0.55
    # Width of a digit that touches another, in heights of the drawing, at least.
    min_digit_width: float = 0.22
    # Width of a 1 that touches another digit, in heights of the drawing, at least.
    min_one_width: float = 0.09
    # Height of a 1 that is narrower than other digits, in heights of the drawing, at least.
    min_one_height: float = 0.7


_CUT = _Cut()


def segment(ink, may_cut_all=True, lean=0.0):
    """Take ink apart into segments, as a number is into digits.

    A component as wide as two digits that touch may be is cut wherever a column has little ink:
    more often than there are digits, since only a reader can tell which cuts are right.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
    may_cut_all : bool
        Whether ink that is all in one piece is cut, too.
    lean : float
        Pixels to the right by which the columns lean for each pixel upwards: digits that touch
        often stand above each other's edges.

    Returns
    -------
    segments : list of ndarray of uint8
        From left to right, each of shape (H, W); together they are all the ink. Empty if there is
        no ink, or more components than any number has.
    component : list of int
        A number for each segment, the same for segments cut from one component.
    """
    _, coarse, components = find_pieces(ink, _CUT.max_grid_squares)
    if not 0 < len(components) <= _CUT.max_segments or not ink.any():
        return [], []
    if len(components) == 1 and not may_cut_all:
        return [ink], [1]
    labels = components.labels
    tall = np.ptp(np.flatnonzero(labels.any(axis=1))) + 1
    found = [
        (p, n)
        for n in range(1, len(components) + 1)
        for p in _cut(labels == n, tall, lean)
        if p.any()
    ]
    if len(found) > _CUT.max_segments:
        return [], []
    found.sort(key=lambda part: np.flatnonzero(part[0].any(axis=0)).mean())
    place = np.zeros(labels.shape, np.uint8)  # in `found`, from 1
    for i, (part, _) in enumerate(found, start=1):
        place[part] = i
    place = from_coarse(place, coarse, ink.shape)
    segments = [ink * (place == i) for i in range(1, len(found) + 1)]
    return segments, [number for _, number in found]


def _cut(component, tall, lean):
    """Cut a component that may be several digits, first where the least ink is in a column."""
    ys, xs = np.nonzero(component)
    if np.ptp(xs) + 1 < _CUT.min_cut_width * tall:
        return [component]
    columns = xs + np.rint(lean * ys).astype(int)
    columns -= columns.min()
    # Of each column.
    ink = np.bincount(columns)
    top, bottom = np.full(ink.size, len(component)), np.zeros(ink.size, int)
    np.minimum.at(top, columns, ys)
    np.maximum.at(bottom, columns, ys + 1)
    widths = _CUT.min_digit_width, _CUT.min_one_width
    apart, thin = (max(2, round(width * tall)) for width in widths)

    def may_be_digit(left, right):
        """Return whether columns are wide enough for any digit, or may be a 1: it is as tall."""
        if not thin <= right - left < apart:
            return right - left >= apart
        return bottom[left:right].max() - top[left:right].min() >= _CUT.min_one_height * tall

    edges = [0, ink.size]
    for at in np.argsort(ink, kind="stable"):
        right = bisect(edges, at)
        if may_be_digit(edges[right - 1], at) and may_be_digit(at, edges[right]):
            edges.insert(right, at)
    parts = np.zeros((len(edges) - 1, *component.shape), bool)
    parts[np.searchsorted(edges, columns, "right") - 1, ys, xs] = True
    return list(parts)
