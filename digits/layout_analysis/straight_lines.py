"""Components of ink in, without the straight lines that no digit has: underlines, minus signs."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import DIGIT, digit_height, distance, is_inside, shapes


@dataclass(frozen=True)
class _Bar:
    """What such lines are; lengths are shares of the height of the digits.

    Chosen as in `clutter`.
    """

    slip: float = 0.3  # length of such a line at least
    long: float = 2.0  # length from which it is certainly no part of a digit
    flat_line: float = 2.2  # times as long as it is thick: a line, if it is flat
    flat_angle: float = 30.0  # degrees to the horizontal, up to which a line is flat
    thick: float = 0.35  # height of a flat line at most
    bowed: float = 0.15  # the same, as a share of its own length
    flat_lines: int = 2  # are clearly no digits; more of them may be parts of digits
    rule: float = 0.8  # length of a flat line from which it is a rule, and no minus
    above: float = 0.4  # length above or below a digit of a flat line that is part of it, if ...
    wider: float = 1.15  # ... it is no wider than this multiple of that, ...
    out: float = 0.1  # ... and as much more, ...
    covers: float = 0.9  # ... and does not cover so much of its width as a straight line
    five: float = 1.5  # times as wide as it is high: perhaps the bar of a 5, ...
    five_top: float = 0.2  # ... whose middle is so far from the top of the rest at most ...
    five_gap: float = 0.25  # ... and which is so far to its right, in heights of the rest
    ray: float = 2.2  # times as long as it is thick: a ray of a drawn sun, if ...
    rays: int = 5  # ... there are so many at least ...
    directions: int = 4  # ... in so many of the ...
    sectors: int = 6  # ... parts of half a turn, and they point ...
    towards: float = 0.9  # ... with this cosine at least ...
    most: float = 0.8  # ... such a share of them, to their middle


_BAR = _Bar()


def leave_out_lines(sorter):
    """Leave out straight lines that no digit has: rules, minus signs, slips of the pen.

    Parameters
    ----------
    sorter : digits.layout_analysis.clutter.Sorter
    """
    found = sorter.found
    lengths, thicknesses, angles = shapes(found, sorter.kept)
    lines = sorter.kept & (lengths > DIGIT.straight * thicknesses)
    flat = (
        sorter.kept
        & ((angles < _BAR.flat_angle) | (angles > 180 - _BAR.flat_angle))
        & (lengths > _BAR.flat_line * thicknesses)
        & (found.widths > DIGIT.flat * found.heights)
    )
    _leave_out_thin(sorter, lines, sorter.kept & ~lines & ~flat, lengths)
    rest = sorter.kept & ~flat
    if not rest.any():
        return
    tall = digit_height(found, rest)
    low = found.heights <= np.maximum(_BAR.thick * tall, _BAR.bowed * lengths)
    others = np.flatnonzero(rest)
    alone = [
        i
        for i in np.flatnonzero(flat & sorter.kept & low)
        if not _is_part_of_digit(sorter, i, rest, tall) and not is_inside(found, i, others)
    ]
    for i in alone:
        if may_be_bar_of_five(found, i, others):
            continue
        is_minus = lengths[i] < _BAR.rule * tall
        reason = "sign" if is_minus else "rule"
        sorter.leave_out(i, reason, len(alone) <= _BAR.flat_lines)


def may_be_bar_of_five(found, i, others):
    """Return whether a level line hangs to the right of the top of something, as a 5's may.

    Parameters
    ----------
    found : digits.morphology.Components
    i : int
        The line.
    others : ndarray of int
        What it may be a part of.
    """
    left, top, right, bottom = found.boxes[i]
    if right - left < _BAR.five * (bottom - top):
        return False
    for j in others:
        first, high, last, low = found.boxes[j]
        tall = low - high
        is_at_top = abs((top + bottom) / 2 - high) < _BAR.five_top * tall
        if is_at_top and (first + last) / 2 < left < last + _BAR.five_gap * tall:
            return True
    return False


def are_rays(sorter):
    """Return whether straight lines point to one place from all sides, as those round a sun.

    Parameters
    ----------
    sorter : digits.layout_analysis.clutter.Sorter
    """
    found = sorter.found
    among = sorter.kept | sorter.doubtful
    lengths, thicknesses, angles = shapes(found, among)
    rays = among & (lengths > _BAR.ray * thicknesses)
    directions = np.rint(angles[rays] / 180 * _BAR.sectors) % _BAR.sectors
    if rays.sum() < _BAR.rays or len(set(directions)) < _BAR.directions:
        return False
    middles = (found.boxes[rays, :2] + found.boxes[rays, 2:]) / 2
    away = middles - middles.mean(axis=0)
    x, y = np.cos(np.radians(angles[rays])), -np.sin(np.radians(angles[rays]))
    cosines = np.abs(away[:, 0] * x + away[:, 1] * y) / np.maximum(np.hypot(*away.T), 1)
    return (cosines > _BAR.towards).mean() >= _BAR.most


def _leave_out_thin(sorter, lines, others, lengths):
    """Leave out lines much thinner than the strokes of the digits: slips of the pen."""
    found = sorter.found
    thicknesses = found.areas / np.maximum(lengths, 1)
    if not others.any():  # ones, perhaps
        others = lines & (thicknesses > thicknesses.max(where=lines, initial=0) / 2)
    if not others.any():
        return
    thin = lines & (thicknesses < DIGIT.thin * sorter.pen(others))
    tall = found.heights[sorter.large(others)].max()
    thin &= lengths > _BAR.slip * tall
    sorter.leave_out(thin & (lengths > _BAR.long * tall), "rule")
    sorter.leave_out(thin, "line", is_clear=False)


def _is_part_of_digit(sorter, i, rest, tall):
    """Return whether a flat line is part of a digit, as the bar of a 5 that hangs free."""
    left, _, right, _ = sorter.found.boxes[i]
    wide = right - left
    is_straight = wide > DIGIT.straight * sorter.found.heights[i]
    for j in np.flatnonzero(rest & sorter.kept):
        first, _, last, _ = sorter.found.boxes[j]
        overlap = min(right, last) - max(left, first)
        covers = overlap > _BAR.covers * (last - first)
        if (
            overlap > _BAR.above * wide
            and wide < _BAR.wider * (last - first) + _BAR.out * tall
            and not (covers and is_straight)
            and distance(sorter.found, i, [j]) < DIGIT.near * tall
        ):
            return True
    return False
