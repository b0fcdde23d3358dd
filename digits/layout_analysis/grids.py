"""Take out the lines of grids within a picture: of plots, drawing pads and spreadsheets."""

from dataclasses import dataclass

import numpy as np

from digits.layout_analysis.ruled_lines import remove_rules


@dataclass(frozen=True)
class _Grid:
    """What counts as a grid; chosen on screenshots of UNIPEN and MNIST training digits."""

    # Its height and width, as shares of the picture's, at least.
    min_side: float = 0.3
    # The smaller of these shares, at most: `remove_rules` finds what crosses all of the picture.
    max_side: float = 0.95
    # Share of a row or column of pixels on a line that is ink, at least.
    min_drawn_share: float = 0.5
    # Number of lines in each direction, at least.
    min_lines: int = 3


_GRID = _Grid()


def without_grids(ink, found):
    """Take out the upright and level lines that cross large components, but not all of the picture.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
        0 on paper.
    found : digits.morphology.Components
        Of its ink.

    Returns
    -------
    ink : ndarray of uint8, shape (H, W)
        The same object if there are no grids.
    lines : list of tuple of int
        Boxes of the lines.
    """
    mask, lines = found.labels > 0, []
    sides = np.stack([found.heights, found.widths], axis=1) / ink.shape
    is_large = (sides >= _GRID.min_side).all(axis=1) & (sides <= _GRID.max_side).any(axis=1)
    for i in np.flatnonzero(is_large):
        left, top, right, bottom = map(int, found.boxes[i])
        crop = found.crop(i)
        drawn = [(crop.mean(axis=axis) >= _GRID.min_drawn_share).sum() for axis in (0, 1)]
        if min(drawn) < _GRID.min_lines:
            continue
        kept, crossing = remove_rules(crop, ink[top:bottom, left:right])
        if not is_grid(crossing):
            continue
        mask[top:bottom, left:right] &= kept | ~crop
        lines += [(a + left, b + top, c + left, d + top) for a, b, c, d in crossing]
    return (ink * mask, lines) if lines else (ink, [])


def is_grid(lines):
    """Return whether lines, given by their boxes, are level and upright ones, enough of each."""
    level = sum(right - left > bottom - top for left, top, right, bottom in lines)
    return min(level, len(lines) - level) >= _GRID.min_lines
