"""Leave out what is fainter than the writing in a photo, such as print on the paper."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import DIGIT, digit_height, pen_width


@dataclass(frozen=True)
class _Faint:
    """What counts as faint; chosen like the limits of `clutter`."""

    max_share: float = 0.5  # light that it absorbs over the darkest ink's, at most
    max_print_share: float = 0.7  # light that print absorbs over the darkest ink's, at most
    cells: int = 4  # cells per side of the grid that tells if print is all over a picture
    min_marked: float = 0.7  # share of the grid's cells that have remains of print, at least
    min_small_share: float = 0.8  # share of weak pieces that are small if all are print, at least
    max_components: int = 200  # number of components that can be looked at one by one, at most


_FAINT = _Faint()


def leave_out_faint(sorter, absorbed, is_ruled):
    """Leave out what is much fainter than the digits; where it is thinner, too, it is print.

    Parameters
    ----------
    sorter : digits.layout_analysis.clutter.Sorter
    absorbed : ndarray of float32, shape (H, W)
        See `digits.layout_analysis.paper.find_ink`.
    is_ruled : bool
        Whether lines of the paper were taken out, of which something may remain.
    """
    found = sorter.found
    own = np.zeros(len(found) + 1, np.float32)
    is_ink = found.labels > 0
    np.maximum.at(own, found.labels[is_ink], absorbed[is_ink])
    faint = own[1:] < _FAINT.max_share * own[1:].max()
    weak = own[1:] < _FAINT.max_print_share * own[1:].max()
    sizes = np.maximum(found.widths, found.heights)
    small = weak & (sizes < DIGIT.max_letter * digit_height(found, ~weak))
    is_print = _are_all_over(found, small)
    specks = small & is_print & (faint | is_ruled)
    if is_print and small.sum() > _FAINT.min_small_share * weak.sum():
        faint |= weak
    if not faint.any():
        return
    rest = np.flatnonzero(faint & ~specks)
    if len(rest) > _FAINT.max_components:
        return
    limit = DIGIT.max_thin_share * sorter.pen(~faint)
    thin = specks.copy()
    thin[rest] = [pen_width(found, i) < limit for i in rest]
    sorter.leave_out(thin, "faint")
    sorter.leave_out(faint, "faint", is_clear=False)


def _are_all_over(found, chosen):
    """Return whether some components are in most parts of the picture."""
    boxes, shape = found.boxes[chosen], found.labels.shape
    places = (boxes[:, :2] + boxes[:, 2:]) / 2 / shape[::-1] * _FAINT.cells
    return len(np.unique(places.astype(int), axis=0)) >= _FAINT.min_marked * _FAINT.cells**2
