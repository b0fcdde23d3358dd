"""Leave out straight lines that are part of no digit, such as underlines and minus signs."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import DIGIT, digit_height, distance, equivalent_bars, is_inside


@dataclass(frozen=True)
class _Bar:
    """What counts as such a line; lengths are in heights of a digit, unless told otherwise.

    Chosen like the limits of `clutter`.
    """

    # Length of a line far thinner than the digits' strokes, a slip of the pen, at least.
    min_thin_length: float = 0.3
    # Length of a thin line that is certainly no part of a digit, at least.
    min_clear_thin_length: float = 2.0
    # Length of a flat line, as a multiple of its thickness, at least.
    min_flat_elongation: float = 2.2
    # Angle between a flat line and the horizontal, in degrees, at most.
    max_flat_degrees: float = 30.0
    # Height of the box of a flat line, at most, unless it is bowed.
    max_flat_height: float = 0.35
    # Height of a bowed flat line, as a share of its own length, at most.
    max_bowed_height_share: float = 0.15
    # The same of a line that is clearly no piece of a broken digit.
    max_clear_height: float = 0.22
    # Length of an upright line between columns, at least; no 1 beside other digits is so tall.
    min_divider_length: float = 2.0
    # The same, as a multiple of its thickness.
    min_divider_elongation: float = 15.0
    # Number of digits beside such a line, at least.
    min_divided: int = 2
    # Number of flat lines that are clearly no digits, at most; more may be parts of digits.
    max_clear_flat_lines: int = 2
    # Length of a flat line that is a rule and no minus, at least.
    min_rule_length: float = 0.8
    # Share of a digit's flat bar that lies above or below the rest of it, at least.
    min_bar_overlap_share: float = 0.4
    # Width of a digit's flat bar, as a multiple of the rest's, at most.
    max_bar_width_ratio: float = 1.15
    # Width that is added to the largest width of a digit's flat bar.
    bar_width_slack: float = 0.1
    # Share of a digit's width that a straight line covers which is no part of it, at least.
    min_underline_cover_share: float = 0.9
    # Width of the loose bar of a 5, as a multiple of its height, at least.
    min_five_bar_elongation: float = 1.5
    # Distance of a 5's loose bar from the top of the rest, in heights of the rest, at most.
    max_five_bar_drop: float = 0.2
    # Gap between a 5's loose bar and the rest, in heights of the rest, at most.
    max_five_bar_gap: float = 0.25
    # Length of a 7's loose bar, in heights of its stroke, at most: a line over a number is longer.
    max_seven_bar_length: float = 0.9
    # How far such a bar ends before its stroke, in the stroke's heights, at most.
    max_seven_bar_gap: float = 0.25
    # How far it ends behind its stroke, as a share of its length, at most: a T's ends farther.
    max_seven_bar_overhang: float = 0.15
    # Angle of a 7's stroke, in degrees, at most: it does not lean to the left.
    max_seven_degrees: float = 95.0
    # Gap between a 4's loose bar and its other strokes, in their heights, at most.
    max_four_bar_gap: float = 0.5
    # Length of a ray of a drawn sun, as a multiple of its thickness, at least.
    min_ray_elongation: float = 2.2
    # Number of rays of a drawn sun, at least.
    min_rays: int = 5
    # Number of the `ray_sectors` directions that a sun has rays in, at least.
    min_ray_directions: int = 4
    # Number of directions that half a turn is divided into, to count those of the rays.
    ray_sectors: int = 6
    # Cosine of the angle between a ray and the way to the sun's middle, at least.
    min_ray_cosine: float = 0.9
    # Share of the rays that point to the sun's middle, at least.
    min_radial_share: float = 0.8


@dataclass(frozen=True)
class _Teeth:
    """What counts as the short lines between the fields of a comb; chosen as `_Dash` is."""

    max_lean_degrees: float = 3.0  # from upright, at most
    max_pens: float = 0.7  # thickness, in widths of the digits' pen, at most
    max_spread: float = 0.04  # difference of their tops and bottoms, as a share of one, at most
    min_count: int = 3  # number of such lines in a row, at least


@dataclass(frozen=True)
class _Dash:
    """What counts as a dashed or dotted line; chosen on pictures of training writers' digits."""

    max_size: float = 0.45  # longer side of a dash, in heights of a digit, at most
    min_fill_share: float = 0.6  # share of its box that a dash covers, at least; a letter has less
    max_gap: float = 3.0  # gap between two dashes, in lengths of the longer one, at most
    max_ratio: float = 1.6  # ratio between the lengths of two dashes, at most, but for a pixel
    min_count: int = 6  # number of dashes, at least


_BAR, _DASH, _TEETH = _Bar(), _Dash(), _Teeth()


def leave_out_dashes(sorter):
    """Leave out dashed and dotted lines, level or upright: small filled pieces in a row.

    Parameters
    ----------
    sorter : digits.layout_analysis.clutter.Sorter
    """
    found = sorter.found
    sizes = np.maximum(found.widths, found.heights)
    dashes = sorter.kept & (found.areas > _DASH.min_fill_share * found.widths * found.heights)
    dashes &= sizes < _DASH.max_size * digit_height(found, sorter.kept)
    for axis in (0, 1):
        for line in _rows_of_alike(found, np.flatnonzero(dashes), sizes, axis):
            sorter.leave_out(line, "rule", as_one=True)


def _rows_of_alike(found, pieces, sizes, axis):
    """Find rows (axis 0) or columns (axis 1) of pieces of one size, each near the one before."""
    starts, ends = found.boxes[:, axis], found.boxes[:, axis + 2]
    middles = (found.boxes[:, 1 - axis] + found.boxes[:, 3 - axis]) / 2
    across = (found.heights, found.widths)[axis]
    rows = []
    for i in pieces[np.argsort(starts[pieces])]:
        for row in rows:
            last = row[-1]
            larger, smaller = max(sizes[i], sizes[last]), min(sizes[i], sizes[last])
            is_near = 0 < starts[i] - ends[last] + 1 <= _DASH.max_gap * larger
            is_level = abs(middles[i] - middles[last]) <= max(across[i], across[last]) / 2 + 1
            if is_near and is_level and larger <= _DASH.max_ratio * smaller + 1:
                row.append(i)
                break
        else:
            rows.append([i])
    return [row for row in rows if len(row) >= _DASH.min_count]


def leave_out_lines(sorter):
    """Leave out straight lines that no digit has: rules, minus signs, slips of the pen.

    Parameters
    ----------
    sorter : digits.layout_analysis.clutter.Sorter
    """
    found = sorter.found
    lengths, thicknesses, angles = equivalent_bars(found, sorter.kept)
    lines = lengths > DIGIT.min_line_ratio * thicknesses
    flat = (
        ((angles < _BAR.max_flat_degrees) | (angles > 180 - _BAR.max_flat_degrees))
        & (lengths > _BAR.min_flat_elongation * thicknesses)
        & (found.widths > DIGIT.max_width * found.heights)
    )
    _leave_out_thin(sorter, lines, sorter.kept & ~lines & ~flat, lengths)
    _leave_out_dividers(sorter, lengths, thicknesses, angles)
    _leave_out_teeth(sorter, lines & (np.abs(angles - 90) < _TEETH.max_lean_degrees), thicknesses)
    rest = sorter.kept & ~flat
    if not rest.any():
        return
    tall = digit_height(found, rest)
    low = found.heights <= np.maximum(
        _BAR.max_flat_height * tall, _BAR.max_bowed_height_share * lengths
    )
    others = np.flatnonzero(rest)
    lines = np.flatnonzero(flat & sorter.kept & low)
    alone = []
    for i in lines:
        if is_inside(found, i, others):
            continue
        if not _is_part_of_digit(found, i, others, tall):
            alone.append(i)
        elif len(lines) == len(others) == 1 and found.boxes[i, 1] >= found.boxes[others[0], 3]:
            sorter.leave_out(i, "rule", is_clear=False)  # the base of a 2, or an underline
    for i in alone:
        if may_be_loose_bar(found, i, others):
            continue
        is_minus = lengths[i] < _BAR.min_rule_length * tall
        reason = "sign" if is_minus else "rule"
        is_flat = found.heights[i] <= max(
            _BAR.max_clear_height * tall, _BAR.max_bowed_height_share * lengths[i]
        )
        is_clear = bool(is_flat) and len(alone) <= _BAR.max_clear_flat_lines
        is_clear = is_clear and not _may_be_bar_of_four(found, i, others)
        sorter.leave_out(i, reason, is_clear)


def may_be_loose_bar(found, i, others):
    """Return whether a level line hangs beside the top of something, as a 5's or a 7's may.

    That is on the right of anything, and on the left of a straight stroke.

    Parameters
    ----------
    found : digits.morphology.Components
    i : int
        The line.
    others : ndarray of int
        What it may be a part of.
    """
    left, top, right, bottom = found.boxes[i]
    if right - left < _BAR.min_five_bar_elongation * (bottom - top):
        return False
    for j in others:
        first, high, last, low = found.boxes[j]
        tall = low - high
        is_at_top = abs((top + bottom) / 2 - high) < _BAR.max_five_bar_drop * tall
        if is_at_top and (first + last) / 2 < left < last + _BAR.max_five_bar_gap * tall:
            return True
        is_near = right > last - _BAR.max_seven_bar_gap * tall
        is_near &= right < last + _BAR.max_seven_bar_overhang * (right - left)
        is_short = right - left < _BAR.max_seven_bar_length * tall
        if is_at_top and left < first and is_near and is_short and _is_stroke_of_seven(found, j):
            return True
    return False


def _may_be_bar_of_four(found, i, others):
    """Return whether a line has something right above it, unlike a minus, and beside it.

    An underline has nothing beside it.
    """
    left, top, right, bottom = found.boxes[i]
    boxes, heights = found.boxes[others], found.heights[others]
    overlaps = np.minimum(right, boxes[:, 2]) - np.maximum(left, boxes[:, 0])
    drops = top - boxes[:, 3]
    is_above = overlaps > _BAR.min_bar_overlap_share * (right - left)
    is_above &= (drops >= 0) & (drops < _BAR.max_four_bar_gap * heights)
    gaps = np.maximum(boxes[:, 0] - right, left - boxes[:, 2])
    is_beside = (gaps >= 0) & (gaps < _BAR.max_four_bar_gap * heights)
    is_beside &= (boxes[:, 1] < top) & (bottom < boxes[:, 3])
    return bool(is_above.any() and is_beside.any())


def _is_stroke_of_seven(found, i):
    """Return whether a component is a straight line that is upright or leans to the right."""
    lengths, thicknesses, angles = equivalent_bars(found, np.arange(len(found)) == i)
    is_line = lengths[i] > DIGIT.min_line_ratio * thicknesses[i]
    is_upright = found.heights[i] > found.widths[i] and angles[i] < _BAR.max_seven_degrees
    return bool(is_line and is_upright)


def are_rays(sorter):
    """Return whether straight lines point to one place from all sides, as those round a sun.

    Parameters
    ----------
    sorter : digits.layout_analysis.clutter.Sorter
    """
    found = sorter.found
    among = sorter.kept | sorter.doubtful
    lengths, thicknesses, angles = equivalent_bars(found, among)
    rays = lengths > _BAR.min_ray_elongation * thicknesses
    directions = np.rint(angles[rays] / 180 * _BAR.ray_sectors) % _BAR.ray_sectors
    if rays.sum() < _BAR.min_rays or len(set(directions)) < _BAR.min_ray_directions:
        return False
    middles = (found.boxes[rays, :2] + found.boxes[rays, 2:]) / 2
    away = middles - middles.mean(axis=0)
    x, y = np.cos(np.radians(angles[rays])), -np.sin(np.radians(angles[rays]))
    cosines = np.abs(away[:, 0] * x + away[:, 1] * y) / np.maximum(np.hypot(*away.T), 1)
    return (cosines > _BAR.min_ray_cosine).mean() >= _BAR.min_radial_share


def _leave_out_dividers(sorter, lengths, thicknesses, angles):
    """Leave out upright lines far taller than the digits: those between the columns of a table."""
    is_upright = np.abs(angles - 90) < _BAR.max_flat_degrees
    dividers = is_upright & (lengths > _BAR.min_divider_elongation * thicknesses) & sorter.kept
    others = sorter.kept & (lengths <= DIGIT.min_line_ratio * thicknesses)
    if not dividers.any() or not others.any():
        return
    tall = digit_height(sorter.found, others)
    if (sorter.found.heights[others] > tall / 2).sum() >= _BAR.min_divided:
        sorter.leave_out(dividers & (lengths > _BAR.min_divider_length * tall), "rule", False)


def _leave_out_teeth(sorter, upright, thicknesses):
    """Leave out the teeth of combs, thin and all as high as one another: no row of 1s is."""
    others = sorter.kept & ~upright
    if not others.any():
        return
    thin = upright & sorter.kept & (thicknesses < _TEETH.max_pens * sorter.pen(others))
    ends = sorter.found.boxes[:, [1, 3]]
    apart = np.abs(ends[:, np.newaxis] - ends).max(axis=2)
    alike = apart <= 1 + _TEETH.max_spread * sorter.found.heights
    rows = (alike & thin).sum(axis=1) >= _TEETH.min_count
    sorter.leave_out(thin & rows, "rule", is_clear=False)


def _leave_out_thin(sorter, lines, others, lengths):
    """Leave out lines much thinner than the strokes of the digits: slips of the pen."""
    found = sorter.found
    thicknesses = found.areas / np.maximum(lengths, 1)
    if not others.any():  # ones, perhaps
        others = lines & (thicknesses > thicknesses.max(where=lines, initial=0) / 2)
    if not others.any():
        return
    thin = lines & (thicknesses < DIGIT.max_thin_share * sorter.pen(others))
    tall = found.heights[sorter.large(others)].max()
    thin &= lengths > _BAR.min_thin_length * tall
    sorter.leave_out(thin & (lengths > _BAR.min_clear_thin_length * tall), "rule")
    sorter.leave_out(thin, "line", is_clear=False)


def _is_part_of_digit(found, i, others, tall):
    """Return whether a flat line is part of a digit, as the bar of a 5 that hangs free."""
    left, _, right, _ = found.boxes[i]
    wide = right - left
    is_straight = wide > DIGIT.min_line_ratio * found.heights[i]
    for j in others:
        first, _, last, _ = found.boxes[j]
        overlap = min(right, last) - max(left, first)
        covers = overlap > _BAR.min_underline_cover_share * (last - first)
        if (
            overlap > _BAR.min_bar_overlap_share * wide
            and wide < _BAR.max_bar_width_ratio * (last - first) + _BAR.bar_width_slack * tall
            and not (covers and is_straight)
            and distance(found, i, [j]) < DIGIT.max_piece_gap * tall
        ):
            return True
    return False
