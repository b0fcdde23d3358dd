"""Find the components of ink that are signs as tall as digits: brackets, slashes, percent signs."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from digits.geometry import DIGIT, bend, bend_place, equivalent_bars, pen_width


@dataclass(frozen=True)
class _Bracket:
    """What counts as a bracket; chosen like the limits of `clutter`, the bends on UNIPEN digits."""

    min_mean_bend: float = 0.03  # mean outward bend of two brackets, in their heights, at least
    min_bend: float = 0.01  # outward bend of each of two brackets, in its own heights, at least
    min_hooked: float = 0.02  # mean outward bend of two hooked brackets, as in [42], at least
    # Height of hooked brackets, in heights of what they hold, at least.
    min_hooked_ratio: float = 1.2
    # Bend of a bracket that may be lower than what it holds, at least; of 100 handwritten 1s,
    # 5 reach it.
    min_strong_bend: float = 0.05
    # Bend of a bracket without another, at least; of 100 handwritten 1s, one reaches it.
    min_lone_bend: float = 0.07
    max_line: float = 1.25  # length of a bracket's line, as a multiple of its height, at most
    max_width: float = 0.5  # width of a bracket, as a share of its height, at most
    min_height_ratio: float = 1.08  # height of a bracket, in heights of what it holds, at least
    # Height of the shorter of two brackets, as a share of the other's, at least.
    min_pair_ratio: float = 0.7
    # Height of a strongly bent bracket, in heights of what it holds, at least.
    min_strong_ratio: float = 0.85
    # How far a strongly bent bracket may end within what it holds, in heights of that.
    max_strong_slack: float = 0.25
    # Bend of a ")" behind a digit, as in lists, at least; of 1,165 handwritten 1s, one
    # reaches it.
    min_closing_bend: float = 0.1
    # Bend of what is certainly a ")" behind a digit, at least; of 1,165 handwritten 1s,
    # none does.
    min_clear_closing: float = 0.12
    # Offset of a ")" from one above or below it, in heights of the ")", at most.
    max_column_offset: float = 0.8
    # Place where a bracket bends most, in heights from its top, at least; a 7 bends above.
    min_bend_place: float = 0.3
    # Gap between a digit and the ")" behind it, in heights of the ")", at most.
    max_gap: float = 0.7


@dataclass(frozen=True)
class _Slash:
    """What counts as a slash; chosen like the limits of `clutter`, and on handwritten dates."""

    min_degrees: float = 40.0  # angle of a slash to the horizontal, in degrees, at least
    max_degrees: float = 76.0  # angle of a slash to the horizontal, in degrees, at most
    # Angle of a line much taller than the digits, in degrees, at most.
    max_tall_degrees: float = 80.0
    # How far a slash goes above and below the digits, as a share of their height, at least.
    min_overhang: float = 0.01
    # Height of a slash or a 1, in heights of the tallest digit, at least.
    min_height_ratio: float = 1.02
    # Height of what is no 1, in heights of the tallest digit, at least; of 96 handwritten 1s, none
    # reaches it.
    min_clear_ratio: float = 1.15
    # Angle of a line that leans far, in degrees, at most; of 838 single 1s, 12 % lean further.
    max_leaning_degrees: float = 68.0
    # Height of a slash that leans far, in heights of the tallest digit, at least; few 1s
    # reach it.
    min_leaning_ratio: float = 1.08
    # Gap between a slash and digits, in heights of the slash, at least; below 0 if boxes overlap.
    min_gap: float = -0.15
    # Height of what is no digit at any place and angle, in heights of the tallest digit, at least.
    min_pen_ratio: float = 1.75
    # Gap beside a line that is no digit, in heights of the line, at least; a 4's stroke has less.
    min_pen_gap: float = 0.1
    min_digit: float = 0.4  # height of a digit, as a share of the tallest component's, at least
    max_ring_share: float = 0.6  # height of a ring of %, as a share of its slash's, at most
    # Height of a slash in a date, in median heights of the digits, at least.
    min_date_ratio: float = 1.08
    max_date_degrees: float = 80.0  # angle of a slash in a date, in degrees, at most
    # Height of a date's shorter slash, as a share of the other's, at least.
    min_pair_ratio: float = 0.8
    # Difference of the angles of a date's two slashes, in degrees, at most.
    max_pair_degrees: float = 10.0


_BRACKET, _SLASH = _Bracket(), _Slash()


def find_brackets(found, kept):
    """Find a pair of brackets that bends round everything between, or else those of a text.

    Parameters
    ----------
    found : digits.morphology.Components
    kept : ndarray of bool, shape (n,)
        The components to look at.

    Returns
    -------
    brackets : list of int
        The components.
    is_clear : bool
        Whether they are certainly no digits.
    may_be_bracket : bool
        Whether something else may be one: a lone "(" looks too much like a 1 to be told from it.
    """
    kept = np.flatnonzero(kept)
    if len(kept) < 2:
        return [], True, False
    first = kept[found.boxes[kept, 0].argmin()]
    last = kept[found.boxes[kept, 2].argmax()]
    pair, between = [first, last], kept[(kept != first) & (kept != last)]
    bends = [-bend(found, first), bend(found, last)]
    bends = np.where([_is_like_bracket(found, i) for i in pair], bends, 0)
    if len(between) and bends.min() > _BRACKET.min_bend:
        is_bent = bends.mean() > _BRACKET.min_mean_bend
        lower, tall = found.heights[pair].min(), found.heights[between].max()
        has_hooks = bends.mean() > _BRACKET.min_hooked and lower > _BRACKET.min_hooked_ratio * tall
        if (is_bent or has_hooks) and _stand_round(found, pair, between, is_strong=False):
            return pair, is_bent, False
        if bends.min() > _BRACKET.min_strong_bend and _stand_round(
            found, pair, between, is_strong=True
        ):
            return pair, bends.min() > _BRACKET.min_lone_bend, False
    if not len(between) and bends.min() > _BRACKET.min_strong_bend:
        return [], True, True  # with nothing between
    is_lone = [
        own > _BRACKET.min_lone_bend and _stand_round(found, [i], kept[kept != i], is_strong=True)
        for i, own in zip(pair, bends, strict=True)
    ]
    closing = _closings(found, kept)
    pairs = closing | (_openings(found, kept, closing) if closing else {})
    is_clear = min(pairs.values(), default=0) > _BRACKET.min_clear_closing
    if is_lone[1] and last not in pairs:
        return [*pairs, last], False, is_lone[0]
    return list(pairs), is_clear, is_lone[0] and first not in pairs


def _openings(found, kept, closing):
    """Find the "(" that a ")" of the same height closes, and how far each bends."""
    openings = {}
    for i in kept:
        own = -bend(found, i)
        if own < _BRACKET.min_closing_bend or not _is_like_bracket(found, i):
            continue
        left, top, _, bottom = found.boxes[i]
        middles = [(found.boxes[j, 1] + found.boxes[j, 3]) / 2 for j in closing]
        is_after = [found.boxes[j, 0] > left for j in closing]
        if any(top < y < bottom and after for y, after in zip(middles, is_after, strict=True)):
            openings[i] = own
    return openings


def _closings(found, kept):
    """Find the ")" behind digits, as in 1) 42, and how far each bends.

    In a list, one below another, some may bend less.
    """
    behind = {i: own for i in kept if (own := _bend_behind_digit(found, i, kept))}
    clear = [i for i, own in behind.items() if own > _BRACKET.min_closing_bend]
    away = {i: np.abs(found.boxes[clear, 0] - found.boxes[i, 0]) for i in behind}
    return {
        i: own
        for i, own in behind.items()
        if i in clear or (away[i] < _BRACKET.max_column_offset * found.heights[i]).any()
    }


def _bend_behind_digit(found, i, kept):
    """Measure the bend of a component if it may be a ")" behind a digit; else return 0."""
    own = bend(found, i)
    if own < _BRACKET.min_strong_bend or not _is_like_bracket(found, i):
        return 0
    if bend_place(found, i) < _BRACKET.min_bend_place:
        return 0
    left, top, _, bottom = found.boxes[i]
    boxes, heights = found.boxes[kept], found.heights[kept]
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    gaps = (left - boxes[:, 2]) / found.heights[i]
    is_before = (boxes[:, 0] < left) & (gaps > -_BRACKET.max_width) & (gaps < _BRACKET.max_gap)
    is_before &= (middles > top) & (middles < bottom)
    is_before &= heights > found.heights[i] / 2
    is_before &= found.heights[i] > _BRACKET.min_strong_ratio * heights
    return own if is_before.any() else 0


def _is_like_bracket(found, i):
    """Return whether a component is a narrow stroke without loops or turns."""
    length = found.areas[i] / pen_width(found, i)
    height = found.heights[i]
    return length < _BRACKET.max_line * height and found.widths[i] < _BRACKET.max_width * height


def _stand_round(found, brackets, others, is_strong):
    """Return whether brackets are alike, and stand round others."""
    tall = found.heights[others].max()
    slack = _BRACKET.max_strong_slack * tall if is_strong else 0
    heights = found.heights[brackets]
    least = (_BRACKET.min_strong_ratio if is_strong else _BRACKET.min_height_ratio) * tall
    return (
        heights.min() > max(least, _BRACKET.min_pair_ratio * heights.max())
        and found.boxes[brackets, 1].max() <= found.boxes[others, 1].min() + slack
        and found.boxes[brackets, 3].min() >= found.boxes[others, 3].max() - slack
    )


def find_slashes(found, kept):
    """Find what separates digits, as in 7/19, and percent signs.

    Parameters
    ----------
    found : digits.morphology.Components
    kept : ndarray of bool, shape (n,)
        The components to look at.

    Returns
    -------
    slashes : list of int
        Lines that may also be ones; some are much taller than all digits, such as a pen that lies
        on the paper.
    percents : list of list of int
        Of each percent sign its line and two rings.
    may_be_slash : bool
        Whether some line may be a slash or a 1.
    """
    lengths, thicknesses, angles = equivalent_bars(found, kept)
    lines = lengths > DIGIT.min_line_ratio * thicknesses
    lean = lines & (angles > _SLASH.min_degrees) & (angles < _SLASH.max_degrees)
    slashes, percents, may_be_slash = [], [], False
    for i in np.flatnonzero(lean):
        if rings := _rings_of(found, i, np.flatnonzero(kept)):
            percents.append([i, *rings])
    of_percents = [i for sign in percents for i in sign]
    digits = kept & (found.heights > _SLASH.min_digit * found.heights[kept].max(initial=0)) & ~lines
    digits[of_percents] = False
    slashes += _slashes_of_date(found, digits, lines, angles)
    for i in np.flatnonzero(lines):
        row = found.boxes[digits & _are_beside(found, i)]
        left, top, right, bottom = found.boxes[i]
        if i in of_percents or i in slashes or not len(row):
            continue
        highest, lowest = np.median(row[:, [1, 3]], axis=0)
        margin = _SLASH.min_overhang * (lowest - highest)
        is_beyond = top < highest - margin and bottom > lowest + margin
        taller = (bottom - top) / found.heights[digits].max()
        x = found.boxes[kept & _are_beside(found, i)][:, [0, 2]].sum(axis=1)
        gap = np.maximum(row[:, 0] - right, left - row[:, 2]).min() / (bottom - top)
        is_between = x.min() < left + right < x.max() and gap > _SLASH.min_gap
        is_between &= lean[i] or (
            angles[i] < _SLASH.max_tall_degrees and taller > _SLASH.min_clear_ratio
        )
        is_apart = taller > _SLASH.min_pen_ratio and gap > _SLASH.min_pen_gap
        is_leaning = angles[i] < _SLASH.max_leaning_degrees
        least = _SLASH.min_leaning_ratio if is_leaning else _SLASH.min_clear_ratio
        if is_beyond and (is_apart or (is_between and taller > least)):
            slashes.append(i)
        may_be_slash |= is_beyond and is_between and taller > _SLASH.min_height_ratio
    return slashes, percents, bool(may_be_slash)


def _slashes_of_date(found, digits, lines, angles):
    """Find two lines that part digits as in 7/12/24 or 2024/7/12, if there is one such pair."""
    row = np.flatnonzero(digits | lines)
    row = row[np.argsort(found.boxes[row][:, [0, 2]].sum(axis=1))]
    if not digits.any():
        return []
    tall = lines & (angles > _SLASH.min_degrees) & (angles < _SLASH.max_date_degrees)
    tall &= found.heights > _SLASH.min_date_ratio * np.median(found.heights[digits])
    pairs = []
    for first, second in combinations(np.flatnonzero(tall[row]), 2):
        groups = first, second - first - 1, len(row) - second - 1
        is_date = sorted(groups)[1] in (1, 2) and groups[1] in (1, 2) and max(groups) in (2, 4)
        if not (is_date and min(groups)):
            continue
        pair = row[[first, second]]
        heights = found.heights[pair]
        is_alike = heights.min() > _SLASH.min_pair_ratio * heights.max()
        if is_alike and np.ptp(angles[pair]) < _SLASH.max_pair_degrees:
            pairs.append(pair.tolist())
    return pairs[0] if len(pairs) == 1 else []


def _are_beside(found, i):
    """Find which components stand in one row with another: ndarray of bool, shape (n,)."""
    _, top, _, bottom = found.boxes[i]
    overlap = np.minimum(found.boxes[:, 3], bottom) - np.maximum(found.boxes[:, 1], top)
    return overlap > found.heights / 2


def _rings_of(found, line, others):
    """Find the two small components at the upper left and the lower right of a line, if any."""
    left, top, right, bottom = found.boxes[line]
    boxes = found.boxes[others]
    small = (others != line) & (found.heights[others] < _SLASH.max_ring_share * (bottom - top))
    small &= (boxes[:, 1] < bottom) & (boxes[:, 3] > top)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    middle, height = (top + bottom) / 2, bottom - top
    first = small & (y < middle) & (x < (left + right) / 2) & (x > left - height / 2)
    last = small & (y > middle) & (x > (left + right) / 2) & (x < right + height / 2)
    return [*others[first], *others[last]] if first.sum() == last.sum() == 1 else []
