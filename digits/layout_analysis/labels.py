"""Leave out the print beside the fields that digits stand in, such as labels and names."""

from dataclasses import dataclass, replace

import numpy as np

from digits.geometry import digit_height


@dataclass(frozen=True)
class _Label:
    """What counts as such print; chosen on pictures of UNIPEN digits, see `benchmarks.pictures`."""

    max_height: float = 0.8  # its height, as a share of the digits', at most
    max_clear_height: float = 0.45  # height of what is certainly print, as a share, at most
    min_solid_share: float = 0.95  # share of its rectangle that a filled square covers, at least
    max_square_ratio: float = 1.15  # ratio between the sides of such a square, at most


_LABEL = _Label()


def leave_out_labels(sorter, fields):
    """Leave out what stands outside of the fields, if digits in or on them are clearly larger.

    Parameters
    ----------
    sorter : digits.layout_analysis.clutter.Sorter
    fields : list of tuple of int
        Boxes of frames and grids.
    """
    found = sorter.found
    inside = are_in_fields(found, fields)
    digits, others = sorter.kept & inside, sorter.kept & ~inside
    if not digits.any() or not others.any():
        return
    if found.heights[others].max() < _LABEL.max_height * digit_height(found, digits):
        sorter.leave_out(others, "illegible", is_clear=False, as_one=True)


def are_in_fields(found, fields):
    """Tell which components stand in or on fields.

    Parameters
    ----------
    found : digits.morphology.Components
    fields : list of tuple of int
        Boxes of frames and grids.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    inside = np.zeros(len(found), bool)
    for box in np.array(fields).reshape(-1, 4):
        held = ((found.boxes[:, :2] >= box[:2]) & (found.boxes[:, 2:] <= box[2:])).all(axis=1)
        if not _is_filled_square(found, np.flatnonzero(held)):  # as in the corners of a QR code
            inside |= ((found.boxes[:, 2:] > box[:2]) & (found.boxes[:, :2] < box[2:])).all(axis=1)
    return inside


def _is_filled_square(found, among):
    """Return whether components are one filled square."""
    if len(among) != 1:
        return False
    [(wide, tall)] = found.boxes[among, 2:] - found.boxes[among, :2]
    is_square = max(wide, tall) <= _LABEL.max_square_ratio * min(wide, tall)
    return bool(is_square and found.areas[among[0]] > _LABEL.min_solid_share * wide * tall)


def clear_labels(sorter, left_out, frames):
    """Take print outside of fields that is far lower than the digits for certainly no digits.

    Parameters
    ----------
    sorter : digits.layout_analysis.clutter.Sorter
    left_out : list of digits.layout.LeftOut
    frames : list of digits.layout.LeftOut

    Returns
    -------
    list of digits.layout.LeftOut
    """
    tall = _LABEL.max_clear_height * digit_height(sorter.found, sorter.kept)
    fields = np.array([each.box for each in frames if each.reason == "frame"]).reshape(-1, 4)

    def is_label(each):
        left, top, right, bottom = each.box
        beside = (fields[:, 0] >= right) | (fields[:, 2] <= left)
        beside |= (fields[:, 1] >= bottom) | (fields[:, 3] <= top)
        is_print = each.reason in ("faint", "illegible") and bottom - top < tall
        return is_print and len(fields) and beside.all()

    return [replace(each, is_clear=True) if is_label(each) else each for each in left_out]
