"""Remove the straight lines of a row of fields from the component of ink that holds them."""

from dataclasses import dataclass, replace

import numpy as np

from digits.layout_analysis.ruled_lines import RULE, find_horizontal
from digits.morphology import connected_components


@dataclass(frozen=True)
class _Form:
    """What counts as the lines of a row of fields; chosen on pictures made of UNIPEN digits."""

    # Thickness of a line, as a multiple of the mean width of all strokes, at most.
    max_line_pen_widths: float = 1.6
    # Distance of a line drawn by hand from a straight one, as a share of its length, at most.
    max_drawn_wander_share: float = 0.025
    # Share of a drawn table's ink that is off its lines, at most.
    max_off_lines_share: float = 0.25
    # Share of what touches an underline that stands on it, at least; else it is struck out.
    min_share_above_underline: float = 0.85
    # Distance of the outermost walls from the ends, in heights of the row, at most.
    max_end_gap_heights: float = 0.1
    # Height of the walls of a comb, as a share of the row's, at most.
    max_comb_wall_share: float = 0.8
    # Height of an upright line that is no wall, as a multiple of the comb's tallest wall, at least.
    min_digit_height_ratio: float = 1.5


_FORM = _Form()


def over_underline(mask, pen):
    """Find the digits that touch the line below them, which the same pen may have drawn.

    Parameters
    ----------
    mask, pen
        See `without_fields`.

    Returns
    -------
    ndarray of bool, shape (H, W), or None
        The component without the line; None if there is none, or if it goes through the digits.
    """
    line, spans, _ = find_horizontal(mask, rule=_rule_of(pen, min(mask.shape)))
    if not spans:
        return None
    rest = mask & ~line
    above = rest[: spans[0][0]].sum()
    return rest if above > _FORM.min_share_above_underline * rest.sum() else None


def is_crossed_by_lines(mask, pen):
    """Return whether a component is made of level and upright lines, as straight as by hand.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
        One component, cut out.
    pen
        See `without_fields`.

    Returns
    -------
    bool
    """
    rule = _rule_of(pen, min(mask.shape))
    rule = replace(rule, max_wander_share=_FORM.max_drawn_wander_share)
    rest = mask.copy()
    for view, left in ((mask, rest), (mask.T, rest.T)):
        lines, spans, _ = find_horizontal(view, rule=rule)
        if not spans:
            return False
        left &= ~lines
    return rest.sum() <= _FORM.max_off_lines_share * mask.sum()


def _rule_of(pen, side):
    return replace(RULE, max_thickness_share=_FORM.max_line_pen_widths * pen / side)


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
    height, width = mask.shape
    rule = replace(_rule_of(pen, height), max_grid_end_gap_share=RULE.max_end_gap_share)
    lines, spans, _ = find_horizontal(mask, rule=rule)
    if not spans:
        return mask, np.inf
    rows, columns = np.nonzero(lines[slice(*spans[0])])
    slope = np.polyfit(columns, rows, 1)[0]
    # Level, so that the walls between fields go from the first row to the last.
    rows, columns = np.nonzero(mask)
    level = rows - np.rint(slope * (columns - width / 2)).astype(int)
    level -= level.min()
    upright = np.zeros((width, level.max() + 1), bool)
    upright[columns, level] = ~lines[rows, columns]
    walls, places, _ = find_horizontal(upright, rule=rule)
    end = _FORM.max_end_gap_heights * height
    are_walls = len(places) > 0 and min(places)[0] < end and max(places)[1] > width - end
    if are_walls:
        upright &= ~walls
    rest = np.zeros(mask.shape, bool)
    rest[rows, columns] = upright[columns, level]
    pieces = connected_components(rest)
    left, _, right, _ = pieces.boxes.T
    of_frame = (right < end) | (left > width - end) | (right - left > width / 2)
    tooth = pieces.heights.max(where=of_frame, initial=0)
    if tooth > _FORM.max_comb_wall_share * height:
        return mask, np.inf
    return rest, _FORM.min_digit_height_ratio * tooth
