"""Leave out the components of ink that are frames: boxes, circles, the fields of a form."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import (
    DIGIT,
    are_within,
    digit_height,
    equivalent_bars,
    has_inside,
    pen_width,
)
from digits.layout_analysis.clutter import Sorter
from digits.layout_analysis.drawn_boxes import without_box, without_sides
from digits.layout_analysis.enclosures import (
    ENCLOSURE,
    framed_by,
    is_slashed_zero,
    may_be_slashed_zero,
)
from digits.layout_analysis.forms import is_crossed_by_lines, over_underline, without_fields
from digits.layout_analysis.ruled_lines import remove_rules
from digits.morphology import connected_components


@dataclass(frozen=True)
class _Frame:
    """What counts as a frame; chosen on pictures of UNIPEN digits, see `benchmarks.pictures`."""

    min_digit: float = 0.5  # height of a digit on a frame, as a share of the others', at least
    min_one: float = 0.8  # height of a 1, as a share of the digits' or the frame's, at least
    min_pen_ratio: float = 1.7  # thickness of another pen, as a multiple of the frame's, at least
    max_width: float = 0.8  # width of a digit on part of a frame, as a share of that, at most
    max_fill: float = 0.5  # share of its rectangle that a box with its digits covers, at most
    max_stroke_width: float = 0.35  # width of a mere stroke, as a share of its height, at most
    min_divider: float = 0.8  # size of what divides a box, as a share of the box's, at least
    min_edges: float = 0.4  # size of a sheet's edges, as a share of the picture's, at least
    max_rest: float = 0.2  # share of an empty box's or sheet's ink off its lines, at most
    # Share of its sides along which an empty box is straight, at least; of 1,048 zeros none has .8.
    min_box: float = 0.85
    max_field_ratio: float = 1.15  # ratio between the sides of two fields of one form, at most
    max_check_box: float = 1.3  # side of a box to tick, as a multiple of a digit's height, at most
    # Height of a ring that is no 0, as a multiple of the digits' in other rings, at least.
    min_ring: float = 1.25
    min_cells: int = 3  # number of things between the crossing lines of a table, at least
    min_fields: int = 2  # number of digits and walls on the line of a comb, at least
    max_frames: int = 12  # number of components that may be frames, the largest ones, at most


_FRAME = _Frame()


def leave_out_frames(found):
    """Leave out what runs round other components.

    Parameters
    ----------
    found : digits.morphology.Components

    Returns
    -------
    kept : ndarray of bool, shape (H, W)
        The ink that remains, with the strokes that touched the straight lines of frames.
    left_out : list of digits.layout.LeftOut
    """
    sorter = Sorter(found)
    sorter.leave_out_dust()
    if not sorter.are_few():
        return found.select(sorter.kept), []
    sorter.leave_out(_check_boxes(found, np.flatnonzero(sorter.kept)), "frame", is_clear=False)
    (frames, held), zeros = np.zeros((2, len(found)), bool), []
    order = np.argsort(-found.widths * found.heights)
    large = order[sorter.kept[order]][: _FRAME.max_frames]
    for i in large:
        inner = framed_by(found, i, np.flatnonzero(sorter.kept))
        if len(inner) == 1 and may_be_slashed_zero(found, i, inner[0]):
            if is_slashed_zero(found, i, inner[0], sorter.kept):
                zeros.append((i, inner[0]))
                continue
            if found.widths[i] < ENCLOSURE.max_zero_width * found.heights[i]:
                sorter.leave_out(inner, "slash", is_clear=False)
                continue
        frames[i] = bool(inner)
        held[inner] = True
    for i, j in zeros:  # no zeros, but rings, if others are held by rings and far lower
        if held.any() and found.heights[i] > _FRAME.min_ring * digit_height(found, held):
            frames[i] = held[j] = True
    # A ring in a ring may be a hollow 0, 6 or 9, and two rings in one a hollow 8.
    is_clear = any(has_inside(found, j) for j in np.flatnonzero(held & ~frames))
    for i in large:  # empty fields beside the one that was filled in
        if not frames[i] and any(_are_alike(found, i, j) for j in np.flatnonzero(frames)):
            frames[i] = not has_inside(found, i)
    for i in large:
        if not frames[i] and _is_form(found, i, np.flatnonzero(sorter.kept)):
            frames[i] = is_clear = True
    for i in large:
        if not frames[i] and _is_drawn_table(found, i, np.flatnonzero(sorter.kept)):
            frames[i] = True
    own = [i for i in np.flatnonzero(frames) if _holds_own(found, i)]
    own += [i for i in large if not frames[i] and _is_crossed_box(found, i)]
    frames[own] = True
    empty = [i for i in large if not frames[i] and _is_empty_box(found, i)]
    sorter.leave_out(empty, "frame", is_clear=False, may_be_all=len(empty) > 1)
    for i in large:
        if not frames[i] and _is_corner(found, i, sorter.kept & ~frames):
            sorter.leave_out(i, "edge", is_clear=False)
    digits = sorter.kept & ~frames
    tall = digit_height(found, digits) if digits.any() else np.inf
    touching = _touching(found, np.flatnonzero(frames), own, tall)
    is_clear = is_clear and not touching.any() and not own
    is_clear = is_clear and not any(_is_crossed_box(found, i) for i in np.flatnonzero(frames))
    sorter.leave_out(frames, "frame", is_clear, may_be_all=touching.any() or frames.sum() > 1)
    return found.select(sorter.kept) | touching, sorter.left_out


def _check_boxes(found, kept):
    """Find boxes with a cross or a tick: no higher than the digits beside them are."""
    boxes = [
        i
        for i in kept[np.argsort(-found.areas[kept])[: _FRAME.max_frames]]
        if found.widths[i] < DIGIT.max_width * found.heights[i] and _holds_more_than_sides(found, i)
    ]
    if not boxes:
        return []
    others = np.isin(np.arange(len(found)), kept)
    for i in boxes:
        others &= ~are_within(found.boxes, i)
    others[boxes] = False
    for j in np.flatnonzero(others):  # other fields of the same form are no digits
        if any(_are_alike(found, i, j) for i in boxes) and without_box(found.crop(j)) is not None:
            others[j] = False
    if not others.any():
        return []
    limit = _FRAME.max_check_box * digit_height(found, others)
    return [i for i in boxes if max(found.widths[i], found.heights[i]) < limit]


def _holds_more_than_sides(found, i):
    """Return whether a component is a box in one with something in it."""
    rest = without_box(found.crop(i))
    return rest is not None and rest.sum() > _FRAME.max_rest * found.areas[i]


def _is_filled(found, i):
    return found.areas[i] > _FRAME.max_fill * found.widths[i] * found.heights[i]


def _is_crossed_box(found, i):
    """Return whether a component is a box and, in one with it, digits that touch or cross it."""
    if _is_filled(found, i):
        return False
    rest = without_box(found.crop(i))
    if rest is None or not rest.any():
        return False
    parts = connected_components(rest)
    digits = parts.heights >= ENCLOSURE.min_framed * found.heights[i]
    _, thicknesses, _ = equivalent_bars(parts, digits)
    # A line alone is rather a part of a window or a flag than a 1, unless another pen drew it, and
    # a cross belongs to a table.
    is_thick = thicknesses > _FRAME.min_pen_ratio * pen_width(found, i)
    digits &= (parts.widths > _FRAME.max_stroke_width * parts.heights) | is_thick
    is_across = parts.heights >= _FRAME.min_divider * found.heights[i]
    digits &= ~is_across | (parts.widths < _FRAME.min_divider * found.widths[i])
    return bool(digits.any())


def _is_empty_box(found, i):
    """Return whether a component is a box and nothing else: straighter than any 0 is written."""
    if _is_filled(found, i):
        return False
    rest, shares = without_sides(found.crop(i), least=4)
    is_straight = np.sum(shares) >= 4 * _FRAME.min_box
    return bool(is_straight and rest.sum() < _FRAME.max_rest * found.areas[i])


def _is_corner(found, i, kept):
    """Return whether a component is two or three sides of a sheet of paper, round what is on it."""
    rows, columns = found.labels.shape
    if found.widths[i] < _FRAME.min_edges * columns or found.heights[i] < _FRAME.min_edges * rows:
        return False
    # What is on the sheet tells it from a large 7 with a dot or a small digit beside it.
    inside = kept & (found.heights >= ENCLOSURE.min_on_page * found.heights[i])
    inside &= are_within(found.boxes, i)
    if not inside.any() or digit_height(found, inside) > found.heights[i] / 2:
        return False
    rest, shares = without_sides(found.crop(i), least=2)
    return bool(shares) and rest.sum() < _FRAME.max_rest * found.areas[i]


def _is_form(found, i, kept):
    """Return whether a component is a table, or a comb or digits that stand on a straight line."""
    is_flat = found.widths[i] > DIGIT.max_width * found.heights[i]
    inside = are_within(found.boxes, i)[kept]
    inside &= found.heights[kept] >= ENCLOSURE.min_on_page * found.heights[i]
    if not is_flat and not inside.any():
        return False
    rest, lines = remove_rules(found.crop(i))
    flat, upright = _count_directions(lines, rest.shape[1])
    if is_flat and not flat:
        above = over_underline(found.crop(i), pen_width(found, i))
        if above is not None:
            rest, flat = above, 1
    if min(flat, upright) >= 1 and inside.sum() >= _FRAME.min_cells:
        return True
    # A digit or a wall, not the hook of a bar that hangs free.
    least = max(ENCLOSURE.min_framed * found.heights[i], DIGIT.min_line_ratio * pen_width(found, i))
    high = connected_components(rest).heights >= least
    return bool(is_flat and flat and high.sum() + upright >= _FRAME.min_fields)


def _is_drawn_table(found, i, kept):
    """Return whether a component is made of lines by hand that cross, with digits between them."""
    inside = are_within(found.boxes, i)[kept]
    tall = found.heights[kept] >= ENCLOSURE.min_on_page * found.heights[i]
    if (inside & tall).sum() < _FRAME.min_cells or _is_filled(found, i):
        return False
    return is_crossed_by_lines(found.crop(i), pen_width(found, i))


def _holds_own(found, i):
    """Return whether a frame has ink in the middle of a field: a digit that touches the frame."""
    crop = found.crop(i)
    fields = connected_components(~crop)
    large = fields.heights >= ENCLOSURE.min_framed * len(crop)
    for left, top, right, bottom in fields.boxes[large]:
        x, y = (right - left) // 4, (bottom - top) // 4
        is_closed = left > 0 and top > 0 and right < crop.shape[1] and bottom < len(crop)
        if is_closed and crop[top + y : bottom - y, left + x : right - x].any():
            return True
    return False


def _touching(found, frames, own, tall):
    """Find the ink that touches the straight lines of frames, as digits in narrow fields do.

    The frames `own` have such ink in the middle, and may be boxes that were drawn by hand. Other
    digits are as tall as `tall`, which tells a 1 from the short line between two fields.
    """
    touching = np.zeros(found.labels.shape, bool)
    for i in frames:
        left, top, right, bottom = found.boxes[i]
        rest, wall, are_all = _without_lines(found, i)
        is_drawn = rest is None and i in own
        if is_drawn:
            rest = without_box(found.crop(i))
        if rest is None:
            continue
        parts = connected_components(rest)
        digits = parts.heights >= min(
            ENCLOSURE.min_framed * found.heights[i], _FRAME.min_digit * tall
        )
        at_edge = (parts.boxes[:, :2] == 0) | (parts.boxes[:, 2:] == rest.shape[::-1])
        if not are_all:  # a corner is more of the frame, and so is what is as wide
            digits &= ~at_edge.all(axis=1) & (parts.widths < _FRAME.max_width * found.widths[i])
        lengths, thicknesses, _ = equivalent_bars(parts, digits)
        is_straight = lengths >= DIGIT.min_line_ratio * thicknesses
        may_be_one = parts.heights >= _FRAME.min_one * min(tall, found.heights[i])
        is_thick = thicknesses > _FRAME.min_pen_ratio * pen_width(found, i)
        may_be_one &= is_thick | (parts.heights >= wall)
        if is_drawn:
            may_be_one |= parts.heights < _FRAME.min_divider * found.heights[i]
        digits &= ~is_straight | may_be_one
        touching[top:bottom, left:right] |= parts.select(digits)
    return touching


def _without_lines(found, i):
    """Remove the straight lines of a frame.

    Returns
    -------
    rest : ndarray of bool, or None
        None if it has no such lines.
    wall : float
        See `without_fields`.
    are_all : bool
        Whether all its lines were found.
    """
    crop = found.crop(i)
    if found.widths[i] > DIGIT.max_width * found.heights[i]:
        rest, wall = without_fields(crop, pen_width(found, i))
        if wall < np.inf:
            return rest, wall, True
    rest, lines = remove_rules(crop)
    return rest if lines else None, np.inf, min(_count_directions(lines, rest.shape[1])) >= 2


def _count_directions(lines, width):
    """Count the flat and the upright ones of lines that `remove_rules` took out."""
    flat = sum(right - left == width for left, _, right, _ in lines)
    return flat, len(lines) - flat


def _are_alike(found, i, j):
    sides = np.stack([found.widths[[i, j]], found.heights[[i, j]]])
    return bool((sides.max(axis=1) <= _FRAME.max_field_ratio * sides.min(axis=1)).all())
