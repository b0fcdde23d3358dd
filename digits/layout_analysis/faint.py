"""Leave out what is fainter than the writing in a photo: print on the paper, and shadows."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from digits.geometry import DIGIT, digit_height, enclosing, pen_width
from digits.morphology import erode


@dataclass(frozen=True)
class _Faint:
    """What counts as faint; chosen like the limits of `clutter`."""

    max_share: float = 0.5  # light that it absorbs over the darkest ink's, at most
    max_print_share: float = 0.7  # light that print absorbs over the darkest ink's, at most
    cells: int = 4  # cells per side of the grid that tells if print is all over a picture
    min_marked: float = 0.7  # share of the grid's cells that have remains of print, at least
    min_small_share: float = 0.8  # share of weak pieces that are small if all are print, at least
    # Longer side of a faint mark that is surely no digit, in heights of a digit, at most.
    max_mark: float = 0.3
    # Length of a faint line beside all digits that is surely none, in heights of a digit, at least.
    min_line: float = 1.5
    # The same, as a multiple of its thickness.
    min_line_elongation: float = 8.0
    max_shadow_share: float = 0.8  # light that a shadow absorbs over the darkest ink's, at most
    min_shadow_pens: float = 1.4  # thickness of a shadow, in widths of the pen, at least
    # Width of a shadow's blurred outline, as a multiple of the writing's, at least.
    min_shadow_blur: float = 2.5
    # Strengths between which ink is outline, as shares of its component's largest.
    outline_strengths: tuple = (0.25, 0.75)
    # Light that what may be no writing absorbs in its middle, over that of the darkest digit, at
    # most, and thickness that makes it no writing then, in widths of the pen: less or more.
    max_pale_share: float = 0.74
    max_thin_pens: float = 0.75
    min_thick_pens: float = 1.4
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
    _leave_out_shadows(sorter, absorbed, own)
    if not faint.any():
        return
    rest = np.flatnonzero(faint & ~specks)
    if len(rest) > _FAINT.max_components:
        return
    limit = DIGIT.max_thin_share * sorter.pen(~faint)
    thin = specks.copy()
    thin[rest] = [pen_width(found, i) < limit for i in rest]
    row = enclosing(found.boxes[~faint])
    is_apart = (found.boxes[:, 3] < row[1]) | (found.boxes[:, 1] > row[3])
    is_beside = (found.boxes[:, 2] < row[0]) | (found.boxes[:, 0] > row[2])
    tall = digit_height(found, ~faint)
    marks = faint & is_apart & (sizes < _FAINT.max_mark * tall)
    lines = faint & (is_apart | is_beside) & (sizes > _FAINT.min_line * tall)
    lines &= sizes > _FAINT.min_line_elongation * np.minimum(found.widths, found.heights)
    sorter.leave_out(thin | marks | lines, "faint")
    sorter.leave_out(faint, "faint", is_clear=False)


def may_hold_stain(sorter, absorbed):
    """Return whether what is as tall as a digit may be a shadow or stain: paler, of another width.

    One pen absorbs the same share of the light all over a photo, unless water or a lamp made some
    of its strokes paler: then these are as wide as the others.

    Parameters
    ----------
    sorter, absorbed
        See `leave_out_faint`.
    """
    found = sorter.found
    if sorter.kept.sum() < 2:
        return False
    tall = np.flatnonzero(sorter.kept & (found.heights > digit_height(found, sorter.kept) / 2))
    if not 1 < len(tall) <= _FAINT.max_components:
        return False
    strengths = np.array([_middle_strength(found, i, absorbed) for i in tall])
    pale = strengths < _FAINT.max_pale_share * strengths.max()
    if not pale.any():
        return False
    pens = np.array([pen_width(found, i) for i in tall])
    pens /= np.median(pens[~pale])
    is_other = (pens < _FAINT.max_thin_pens) | (pens > _FAINT.min_thick_pens)
    return bool((pale & is_other).any())


def _middle_strength(found, i, absorbed):
    """Measure how much light the ink of component `i` absorbs: its median."""
    left, top, right, bottom = found.boxes[i]
    return np.median(absorbed[top:bottom, left:right][found.crop(i)])


def _leave_out_shadows(sorter, absorbed, own):
    """Leave out what is paler and thicker than the writing and not as sharp, as of fingers.

    Parameters
    ----------
    sorter, absorbed
        See `leave_out_faint`.
    own : ndarray of float32, shape (n + 1,)
        The largest value of `absorbed` of each label.
    """
    found = sorter.found
    pale = own[1:] < _FAINT.max_shadow_share * own[1:].max()
    thickness = _FAINT.min_shadow_pens * sorter.pen(~pale)
    wide = np.flatnonzero(pale & (np.minimum(found.widths, found.heights) > thickness))
    if not 0 < len(wide) <= _FAINT.max_components:
        return
    blurs = _blurs(found, absorbed, own)
    blur = _FAINT.min_shadow_blur * max(1, np.median(blurs[sorter.large(~pale)]))
    is_shadow = [blurs[i] > blur and pen_width(found, i) > thickness for i in wide]
    sorter.leave_out(wide[is_shadow], "faint")


def _blurs(found, absorbed, own):
    """Measure how wide the outline of each component is, from full ink to paper, in pixels."""
    low, high = _FAINT.outline_strengths
    strength = absorbed / np.where(own > 0, own, 1)[found.labels]
    core = (strength > (low + high) / 2) & (found.labels > 0)
    count = partial(np.bincount, minlength=len(own))
    fading = count(found.labels[(strength > low) & (strength < high)])
    outline = count(found.labels[core & ~erode(core, 1)])
    return (fading / np.maximum(outline, 1))[1:]


def _are_all_over(found, chosen):
    """Return whether some components are in most parts of the picture."""
    boxes, shape = found.boxes[chosen], found.labels.shape
    places = (boxes[:, :2] + boxes[:, 2:]) / 2 / shape[::-1] * _FAINT.cells
    return len(np.unique(places.astype(int), axis=0)) >= _FAINT.min_marked * _FAINT.cells**2
