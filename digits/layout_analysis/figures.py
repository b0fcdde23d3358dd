"""Find what stands beside an image in the same plotted figure: its colour bar, and further axes."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class _Figure:
    """What belongs to a figure; chosen on plots of MNIST and UNIPEN training digits."""

    # Distance between ends or middles that are level, in pixels, at most.
    max_offset_pixels: float = 2.0
    # What may be added to this, as a share of the image's side.
    max_offset_share: float = 0.015
    # Length of what is level in the middle alone, as a share of the image's side.
    length_shares: tuple = (0.5, 1.6)
    # Size across, as a share of the image's side, at most.
    max_thickness: float = 4.0
    # Share of each side of a rectangle that is drawn, at least.
    min_drawn_share: float = 0.9


_FIGURE = _Figure()


def are_of_figure(found, images):
    """Tell which components are rectangles beside images and level with them.

    Parameters
    ----------
    found : digits.morphology.Components
    images : array_like of int, shape (m, 4)
        Left, top, right and bottom of each.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    starts, ends = found.boxes[:, :2], found.boxes[:, 2:]
    shortest, longest = _FIGURE.length_shares
    are_part = np.zeros(len(found), bool)
    for box in images:
        for along, across in ((0, 1), (1, 0)):
            start, end = box[along], box[along + 2]
            offset = _FIGURE.max_offset_pixels + _FIGURE.max_offset_share * (end - start)
            before, after = starts[:, along] - start, ends[:, along] - end
            is_level = np.maximum(np.abs(before), np.abs(after)) <= offset
            lengths = (ends - starts)[:, along] / (end - start)
            is_long = (shortest <= lengths) & (lengths <= longest)
            is_level |= is_long & (np.abs(before + after) <= 2 * offset)
            is_beside = starts[:, across] >= box[across + 2] - 1
            is_beside |= ends[:, across] <= box[across] + 1
            thickness = (ends - starts)[:, across] / (end - start)
            are_part |= is_level & is_beside & (thickness <= _FIGURE.max_thickness)
    for i in np.flatnonzero(are_part):
        are_part[i] = _is_rectangle(found.crop(i))
    return are_part


def _is_rectangle(crop):
    """Return whether a component is filled or drawn all along its sides, but for ticks."""
    rows, columns = (np.flatnonzero(crop.mean(axis=axis) > 0.5) for axis in (1, 0))
    if min(rows.size, columns.size) < 2:
        return False
    part = crop[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    sides = part[0], part[-1], part[:, 0], part[:, -1]
    return min(side.mean() for side in sides) > _FIGURE.min_drawn_share
