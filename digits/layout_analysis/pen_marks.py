"""Find the components of ink whose straight lines no digit has: ticks, crosses, hashes, roots.

Root signs and the brackets of a long division stand round digits, on their left and above.
"""

from dataclasses import dataclass

import numpy as np

from digits.geometry import distance_to_line, enclosing, is_inside, pen_width, sides_passed
from digits.morphology import connected_components, is_connected


@dataclass(frozen=True)
class _Lines:
    """What counts as such a mark; chosen on UNIPEN digits: of 25,900 drawings 2 look like one."""

    # Longer side of a mask in which marks are looked for, in pixels, at most.
    max_mask_side: int = 96
    # Distance of ink from the nearest line, at most: so many widths of the pen ...
    max_offset_pen_widths: float = 0.75
    # ... plus this share of the longer side.
    max_offset_share: float = 0.04
    # Share of the ink that is no farther from the lines, at least.
    min_near_ink_share: float = 0.97
    # Number of points of each line that are checked for ink.
    points_per_line: int = 24
    # Share of the points of a line that have ink, at least.
    min_inked_share: float = 0.8
    # Length of the shorter line of a tick, in widths of the pen, at least.
    min_tick_line_pen_widths: float = 2.0
    # Length of a tick's longer line and of both lines of a cross, in widths of the pen, at least.
    min_line_pen_widths: float = 6.0
    # Height of the left line of a tick, as a share of the right one's, at least.
    min_arm_share: float = 0.15
    # Height of the left line of a tick, as a share of the right one's, at most, unlike in a 1.
    max_arm_share: float = 0.9
    # Angle of a line to the horizontal, in degrees, at least; for a cross to the vertical, too.
    min_degrees: float = 20.0
    # Angle of the lines of a tick to the horizontal, in degrees, at most.
    max_tick_degrees: float = 80.0
    # Share of each line of a cross that lies on either side of the crossing, at least.
    min_crossing_share: float = 0.3
    # Distance from each side of a hash to where two lines cross it, as a share of its extent.
    rim_share: float = 0.08
    # Share of the left and of the top of digits that a root passes, at least.
    min_passed_share: float = 0.8
    # Height of the digits under a root, as a share of the root's, at least.
    min_held_height_share: float = 0.3
    # Width of a root, as a share of its height, at least.
    min_root_width_share: float = 0.9
    # Distance from the top of a root to the digits under it, as a share of its height, at most.
    max_root_rise_share: float = 0.4


_LINES = _Lines()


def find_pen_marks(found, kept):
    """Find ticks, crosses, hashes, roots and the brackets of divisions.

    Parameters
    ----------
    found : digits.morphology.Components
    kept : ndarray of bool, shape (n,)
        The components to look at.

    Returns
    -------
    list of int
        The components.
    """
    marks = []
    for i in np.flatnonzero(kept):
        others = np.flatnonzero(kept)
        others = others[others != i]
        pen = pen_width(found, i)
        step = 1 + max(found.widths[i], found.heights[i]) // _LINES.max_mask_side
        step = max(1, min(step, int(pen)))  # no stroke lies between the pixels that are looked at
        mask, pen = found.crop(i)[::step, ::step], pen / step
        is_mark = _is_tick(mask, pen) or _is_cross(mask, pen) or _is_hash(mask, pen)
        # What is inside may be the eye of a face.
        if _is_root(found, i, others) or (is_mark and not is_inside(found, i, others)):
            marks.append(i)
    return marks


def _is_root(found, i, others):
    """Return whether a component has digits to its right and below it, and nowhere else."""
    boxes, outer = found.boxes[others], found.boxes[i]
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    inside = ((middles > outer[:2]) & (middles < outer[2:])).all(axis=1)
    inside &= found.heights[others] >= _LINES.min_held_height_share * found.heights[i]
    if not inside.any() or found.widths[i] < _LINES.min_root_width_share * found.heights[i]:
        return False
    if boxes[inside, 1].min() - outer[1] > _LINES.max_root_rise_share * found.heights[i]:
        return False
    box = np.array(enclosing(boxes[inside]))
    box = np.concatenate([np.maximum(box[:2], outer[:2]), np.minimum(box[2:], outer[2:])])
    left, top, right, bottom = sides_passed(found, i, box)
    return min(left, top) >= _LINES.min_passed_share and max(right, bottom) == 0


def _is_tick(mask, pen):
    """Return whether a component is two straight lines that rise from one point, to both sides."""
    y, x = np.nonzero(mask)
    low = y > y.max() - max(1, pen / 2)
    corner = np.array([x[low].mean(), y.max() - pen / 2])
    ends = []
    for side in (x < corner[0], x > corner[0]):
        away = np.where(side, np.hypot(x - corner[0], y - corner[1]), 0)
        end = np.array([x[away.argmax()], y[away.argmax()]], float)
        ends.append(end)
        across, rise = np.abs(end - corner)
        angle = np.degrees(np.arctan2(rise, across))
        if (
            away.max() < _LINES.min_tick_line_pen_widths * pen
            or not _LINES.min_degrees < angle < _LINES.max_tick_degrees
        ):
            return False
    if max(np.hypot(*(end - corner)) for end in ends) < _LINES.min_line_pen_widths * pen:
        return False
    heights = [corner[1] - end[1] for end in ends]
    if not _LINES.min_arm_share < heights[0] / heights[1] < _LINES.max_arm_share:
        return False
    return _are_all(mask, pen, [(corner, end) for end in ends])


def _is_cross(mask, pen):
    """Return whether a component is two straight lines that cross in the middle."""
    y, x = np.nonzero(mask)
    ends = [
        np.array([x[j], y[j]], float)
        for j in ((x + y).argmin(), (x + y).argmax(), (x - y).argmin(), (x - y).argmax())
    ]
    lines = [(ends[0], ends[1]), (ends[3], ends[2])]
    (a, b), (c, d) = lines
    for (start, end), to_side in zip(lines, (1, -1), strict=True):
        across, down = (end - start) * (to_side, 1)
        angle = np.degrees(np.arctan2(down, across))
        is_aslant = _LINES.min_degrees < angle < 90 - _LINES.min_degrees
        if np.hypot(across, down) < _LINES.min_line_pen_widths * pen or not is_aslant:
            return False
    meeting = np.linalg.solve(np.stack([b - a, c - d], axis=1), c - a)
    if not (np.abs(meeting - 0.5) < 0.5 - _LINES.min_crossing_share).all():
        return False
    has_loop = not is_connected(~np.pad(mask, 1))  # as an 8 has
    return not has_loop and _are_all(mask, pen, lines)


def _is_hash(mask, pen):
    """Return whether two lines that stand cross two that lie, and all end beyond the others."""
    upright, lying = _lines_across(mask), _lines_across(mask.T)
    if not upright or not lying:
        return False
    loops = len(connected_components(~np.pad(mask, 1))) - 1
    lines = [*upright, *((start[::-1], end[::-1]) for start, end in lying)]
    return loops == 1 and _are_all(mask, pen, lines)


def _lines_across(mask):
    """Find two lines from the top to the bottom of a mask by their ends: (x, y) pairs, or none."""
    top = round(_LINES.rim_share * len(mask))
    rows = np.array([top, len(mask) - 1 - top])
    edges = [np.flatnonzero(np.diff(mask[row], prepend=False, append=False)) for row in rows]
    if any(len(each) != 4 for each in edges):  # of two lines
        return []
    ends = [(each.reshape(2, 2).sum(axis=1) - 1) / 2 for each in edges]
    return [tuple(np.stack([x, rows], axis=1)) for x in np.stack(ends, axis=1)]


def _are_all(mask, pen, lines):
    """Return whether lines from one point to another are all the ink of a mask, and are in it."""
    for start, end in lines:
        column, row = np.rint(np.linspace(start, end, _LINES.points_per_line)).astype(int).T
        if mask[row, column].mean() < _LINES.min_inked_share:
            return False
    points = np.argwhere(mask)[:, ::-1]
    limit = _LINES.max_offset_pen_widths * pen + _LINES.max_offset_share * max(mask.shape)
    away = np.min([distance_to_line(points, *line) for line in lines], axis=0)
    return (away <= limit).mean() >= _LINES.min_near_ink_share
