"""Find the rows of buttons along the edges of a screenshot, among what is left out of it."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class _Toolbar:
    """What counts as a row or column of buttons; chosen on pages like those of common programs."""

    max_edge_distance: float = 0.08  # from the picture's edge, as a share of its side, at most
    max_size: float = 0.45  # height and width of a button, in heights of the digits, at most
    min_buttons: int = 4  # number of buttons in a row, at least
    # Difference of the distances between buttons from multiples of the shortest one, as a share of
    # that, at most.
    max_unevenness: float = 0.15


_TOOLBAR = _Toolbar()


def clear_toolbars(left_out, digits, shape):
    """Take evenly spaced things along an edge for certainly no digits, as buttons are.

    Parameters
    ----------
    left_out : list of digits.layout.LeftOut
    digits : tuple of int
        Left, top, right and bottom of what is kept.
    shape : tuple of int
        Height and width of the picture.

    Returns
    -------
    list of digits.layout.LeftOut
    """
    boxes = np.array([each.box for each in left_out], int).reshape(-1, 4)
    small = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) <= _TOOLBAR.max_size * (digits[3] - digits[1])
    clear = np.zeros(len(boxes), bool)
    for axis, side in ((0, shape[1]), (1, shape[0])):  # columns of buttons, rows of buttons
        near, far = boxes[:, axis], boxes[:, axis + 2]
        reach = _TOOLBAR.max_edge_distance * side
        first = small & (near <= reach) & (far <= digits[axis])
        last = small & (side - far <= reach) & (near >= digits[axis + 2])
        for strip in (first, last):
            if _are_evenly_spaced(boxes[strip][:, [1 - axis, 3 - axis]]):
                clear |= strip
    return [
        replace(each, is_clear=True) if is_button else each
        for each, is_button in zip(left_out, clear, strict=True)
    ]


def _are_evenly_spaced(spans):
    """Return whether spans, (n, 2), of pieces are those of buttons in a row."""
    buttons = []
    for start, end in spans[np.argsort(spans[:, 0])].tolist():
        if buttons and start <= buttons[-1][1]:  # of the same button
            buttons[-1][1] = max(end, buttons[-1][1])
        else:
            buttons.append([start, end])
    if len(buttons) < _TOOLBAR.min_buttons:
        return False
    steps = np.diff(np.mean(buttons, axis=1))
    steps = steps / steps.min()
    return bool((np.abs(steps - np.rint(steps)) <= _TOOLBAR.max_unevenness).all())
