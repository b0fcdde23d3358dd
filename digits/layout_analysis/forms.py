"""A component of ink in; out, what it holds without the straight lines of a row of fields."""

from dataclasses import dataclass, replace

import numpy as np

from digits.layout_analysis.ruled_lines import RULE, find_horizontal, straight_lines
from digits.morphology import connected_components


@dataclass(frozen=True)
class _Form:
    """What the lines of a row of fields are; chosen on pictures made of UNIPEN digits."""

    thick: float = 1.6  # thickness of a line, as a multiple of the mean of all strokes, at most
    end: float = 0.1  # distance of the outermost walls from the ends, in heights of the row
    tooth: float = 1.5  # times as tall as the walls that remain at its ends: not a wall


_FORM = _Form()


def without_fields(mask, pen):
    """Remove the lines of a row of fields, as of a comb, or of boxes that share their walls.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
        One component, cut out, far wider than high.
    pen : float
        Mean width of its strokes, in pixels.

    Returns
    -------
    rest : ndarray of bool, shape (H, W)
        With the strokes that cross the lines.
    wall : float
        Height in pixels from which an upright line in `rest` is not a wall between two fields.
        Infinite if there are no lines along the row.
    """
    slope = next((slope for _, slope in straight_lines(mask)), None)
    if slope is None:
        return mask, np.inf
    # Level, so that the walls between fields go from the first row to the last.
    height, width = mask.shape
    rows, columns = np.nonzero(mask)
    level = rows - np.rint(slope * (columns - width / 2)).astype(int)
    level -= level.min()
    straight = np.zeros((level.max() + 1, width), bool)
    straight[level, columns] = True
    rule = replace(RULE, thick=_FORM.thick * pen / height, grid_reach=RULE.reach)
    lines, spans, _ = find_horizontal(straight, rule=rule)
    if not spans:
        return mask, np.inf
    straight &= ~lines
    walls, places, _ = find_horizontal(straight.T, rule=rule)
    end = _FORM.end * height
    if places and min(places)[0] < end and max(places)[1] > width - end:
        straight &= ~walls.T
    rest = np.zeros(mask.shape, bool)
    rest[rows, columns] = straight[level, columns]
    pieces = connected_components(rest)
    left, _, right, _ = pieces.boxes.T
    at_end = (right < end) | (left > width - end)
    return rest, _FORM.tooth * pieces.heights.max(where=at_end, initial=0)
