"""Components of ink in; out, those made of straight lines that no digit has: ticks, #, roots.

Root signs and the brackets of a long division stand round digits, on their left and above.
"""

from dataclasses import dataclass

import numpy as np

from digits.geometry import enclosing, is_inside, pen_width, sides_passed
from digits.morphology import connected_components, is_connected


@dataclass(frozen=True)
class _Lines:
    """What such marks are; chosen on UNIPEN digits, of which 2 of 25,900 drawings look like one."""

    side: int = 96  # pixels of the longer side that are enough to see it
    off: float = 0.75  # distance of ink from the lines, in widths of the pen, ...
    bent: float = 0.04  # ... and as a share of the size of the component, added to it
    within: float = 0.97  # share of the ink that is no farther away
    points: int = 24  # of each line that are looked at, ...
    inked: float = 0.8  # ... and the share of them that have ink
    short: float = 2.0  # length of a line of a tick at least, in widths of the pen ...
    long: float = 6.0  # ... of its longer one, and of those of a cross
    arm: float = 0.15  # height of the lower line of a tick, as a share of the other's, at least ...
    shorter: float = 0.9  # ... and at most: some ones end with a stroke to the upper right
    flat: float = 20.0  # degrees to the horizontal at least, and those of a cross to the vertical
    steep: float = 80.0  # degrees between the lines of a tick and the horizontal, at most
    crossing: float = 0.3  # where the lines of a cross meet, as a share of each: in the middle
    rim: float = 0.08  # distance from each side of a hash, as a share, where two lines end
    corner: float = 0.8  # share of the left and of the top of digits that a root passes at least
    held: float = 0.3  # height of such digits, as a share of the root's
    wide: float = 0.9  # width of the root at least, as a share of its height
    above: float = 0.4  # height of the root above them at most, as a share of its own


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
        step = 1 + max(found.widths[i], found.heights[i]) // _LINES.side
        step = max(1, min(step, int(pen)))  # no stroke lies between the pixels that are looked at
        mask, pen = found.crop(i)[::step, ::step], pen / step
        is_mark = _is_tick(mask, pen) or _is_cross(mask, pen) or _is_hash(mask, pen)
        # What is inside may be the eye of a face.
        if _is_round_corner(found, i, others) or (is_mark and not is_inside(found, i, others)):
            marks.append(i)
    return marks


def _is_round_corner(found, i, others):
    """Return whether a component stands to the left of digits and above them, and nowhere else."""
    boxes, outer = found.boxes[others], found.boxes[i]
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    inside = ((middles > outer[:2]) & (middles < outer[2:])).all(axis=1)
    inside &= found.heights[others] >= _LINES.held * found.heights[i]
    if not inside.any() or found.widths[i] < _LINES.wide * found.heights[i]:
        return False
    if boxes[inside, 1].min() - outer[1] > _LINES.above * found.heights[i]:
        return False
    box = np.array(enclosing(boxes[inside]))
    box = np.concatenate([np.maximum(box[:2], outer[:2]), np.minimum(box[2:], outer[2:])])
    left, top, right, bottom = sides_passed(found, i, box)
    return min(left, top) >= _LINES.corner and max(right, bottom) == 0


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
        if away.max() < _LINES.short * pen or not _LINES.flat < angle < _LINES.steep:
            return False
    if max(np.hypot(*(end - corner)) for end in ends) < _LINES.long * pen:
        return False
    heights = [corner[1] - end[1] for end in ends]
    if not _LINES.arm < heights[0] / heights[1] < _LINES.shorter:
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
        is_aslant = _LINES.flat < angle < 90 - _LINES.flat
        if np.hypot(across, down) < _LINES.long * pen or not is_aslant:
            return False
    meeting = np.linalg.solve(np.stack([b - a, c - d], axis=1), c - a)
    if not (np.abs(meeting - 0.5) < 0.5 - _LINES.crossing).all():
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
    top = round(_LINES.rim * len(mask))
    rows = np.array([top, len(mask) - 1 - top])
    edges = [np.flatnonzero(np.diff(np.pad(mask[row], 1))) for row in rows]
    if any(len(each) != 4 for each in edges):  # of two lines
        return []
    ends = [(each.reshape(2, 2).sum(axis=1) - 1) / 2 for each in edges]
    return [tuple(np.stack([x, rows], axis=1)) for x in np.stack(ends, axis=1)]


def _are_all(mask, pen, lines):
    """Return whether lines from one point to another are all the ink of a mask, and are in it."""
    for start, end in lines:
        column, row = np.rint(np.linspace(start, end, _LINES.points)).astype(int).T
        if mask[row, column].mean() < _LINES.inked:
            return False
    y, x = np.nonzero(mask)
    limit = _LINES.off * pen + _LINES.bent * max(mask.shape)
    away = np.min([_distances(x, y, *line) for line in lines], axis=0)
    return (away <= limit).mean() >= _LINES.within


def _distances(x, y, start, end):
    """Measure how far points are from a line between two points."""
    along = end - start
    share = ((x - start[0]) * along[0] + (y - start[1]) * along[1]) / (along @ along)
    share = share.clip(0, 1)
    return np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
