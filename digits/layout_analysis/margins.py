"""Find what is certainly no digit along the edges of a picture: rows of buttons, punched holes."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class _Margin:
    """What counts as buttons or holes; chosen on pages like those of common programs and binders.

    Both stand in a row along an edge of the picture, beside all digits.
    """

    max_edge_distance: float = 0.08  # from the picture's edge, as a share of its side, at most
    max_size: float = 0.45  # height and width of each, in heights of the digits, at most
    min_buttons: int = 4  # number of buttons in a row, at least
    # Difference of the distances between buttons from multiples of the shortest one, as a share of
    # that, at most.
    max_unevenness: float = 0.15
    # Share of the distances that are such multiples, at least: there may be groups of buttons.
    min_even_share: float = 0.8
    min_holes: int = 2  # number of holes in a row, at least
    max_hole_ratio: float = 1.25  # ratio between all sides of the boxes of holes, at most


_MARGIN = _Margin()


def clear_margins(left_out, digits, shape, is_photo):
    """Take the buttons of a screenshot, and punched holes, for certainly no digits.

    Parameters
    ----------
    left_out : list of digits.layout.LeftOut
    digits : tuple of int
        Left, top, right and bottom of what is kept.
    shape : tuple of int
        Height and width of the picture.
    is_photo : bool
        Whether it is no screenshot.

    Returns
    -------
    list of digits.layout.LeftOut
    """
    boxes = np.array([each.box for each in left_out], int).reshape(-1, 4)
    are_blocks = np.array([each.reason == "block" for each in left_out], bool)
    sizes = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    small = sizes <= _MARGIN.max_size * (digits[3] - digits[1])
    clear = np.zeros(len(boxes), bool)
    for axis, side in ((0, shape[1]), (1, shape[0])):  # columns, rows
        near, far = boxes[:, axis], boxes[:, axis + 2]
        reach = _MARGIN.max_edge_distance * side
        first = small & (near <= reach) & (far <= digits[axis])
        last = small & (side - far <= reach) & (near >= digits[axis + 2])
        for strip in (first, last):
            spans = boxes[strip][:, [1 - axis, 3 - axis]]
            if not is_photo and _are_evenly_spaced(spans):
                clear |= strip
            if _are_holes(boxes[strip & are_blocks]):
                clear |= strip & are_blocks
    return [
        replace(each, is_clear=True) if is_certain else each
        for each, is_certain in zip(left_out, clear, strict=True)
    ]


def _are_evenly_spaced(spans):
    """Return whether spans, (n, 2), of pieces are those of buttons in a row."""
    buttons = []
    for start, end in spans[np.argsort(spans[:, 0])].tolist():
        if buttons and start <= buttons[-1][1]:  # of the same button
            buttons[-1][1] = max(end, buttons[-1][1])
        else:
            buttons.append([start, end])
    if len(buttons) < _MARGIN.min_buttons:
        return False
    steps = np.diff(np.mean(buttons, axis=1))
    steps = steps / steps.min()
    is_even = np.abs(steps - np.rint(steps)) <= _MARGIN.max_unevenness
    return bool(is_even.mean() >= _MARGIN.min_even_share)


def _are_holes(boxes):
    """Return whether filled areas are round and of one size."""
    if len(boxes) < _MARGIN.min_holes:
        return False
    sides = boxes[:, 2:] - boxes[:, :2]
    return bool(sides.max() <= _MARGIN.max_hole_ratio * sides.min())
