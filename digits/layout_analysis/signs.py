"""Components of ink in; out, which of them are signs as tall as digits: brackets, slashes, %."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from digits.geometry import DIGIT, bend, bend_place, pen_width, shapes


@dataclass(frozen=True)
class _Bracket:
    """What a bracket is; chosen as in `clutter`, the bends on UNIPEN's digits."""

    bend: float = 0.03  # by which the middles of two brackets stand outwards, on average, ...
    least_bend: float = 0.01  # ... and each of them
    hooked: float = 0.02  # the same on average of two with short hooks, as in [42], ...
    hooked_taller: float = 1.2  # ... which are so many times as tall as what stands in them
    strong_bend: float = 0.05  # the same of each where they may be lower; of 100 ones 5 have it
    sure_bend: float = 0.07  # the same of a bracket without another; of 100 ones 1 has it
    winding: float = 1.25  # length of its line, as a multiple of its height, at most
    wide: float = 0.5  # width, as a share of the height
    taller: float = 1.08  # times as tall as what stands in it
    alike: float = 0.7  # height of the lower of two, as a share of the other's
    lower: float = 0.85  # times as tall as what stands in it, if it is bent strongly
    slack: float = 0.25  # height by which such a bracket may end within what it stands round
    closing: float = 0.1  # bend of a ")" behind a digit, as in lists; of 1,165 ones 1 has it, ...
    clear_closing: float = 0.12  # ... and none has this
    column: float = 0.8  # of its height by which a ")" stands to the left or right of one above it
    from_top: float = 0.3  # share of its height where it bends most at least; a 7 does above
    near: float = 0.7  # gap between the two, in heights of the bracket, at most


@dataclass(frozen=True)
class _Slash:
    """What a slash is; chosen as in `clutter`, and on dates written by hand."""

    flattest: float = 40.0  # degrees; less is flatter
    steepest: float = 76.0
    upright: float = 80.0  # the same of what is much taller than the digits
    beyond: float = 0.01  # of the digits' height by which it goes above and below them
    taller: float = 1.02  # times as tall as the tallest digit: a slash or a 1
    much_taller: float = 1.15  # the same of what is no 1: of 96 ones between digits none is so tall
    leaning: float = 68.0  # degrees; 12 % of 838 ones that were written alone lean further, ...
    leaning_taller: float = 1.08  # ... and are hardly ever so much taller than all digits as well
    overlap: float = -0.15  # gap to the digits beside it, as a share of its height: boxes overlap
    pen: float = 1.75  # times as tall as a digit: none itself, whatever its place and angle, ...
    gap: float = 0.1  # ... with such a gap, which the upright stroke of a 4 does not have
    main: float = 0.4  # height of a digit, as a share of the tallest component's
    ring: float = 0.6  # height of a ring of %, as a share of its slash's, at most
    of_date: float = 1.08  # times as tall as the digits of a date usually are, ...
    date_steepest: float = 80.0  # ... degrees, ...
    alike: float = 0.8  # ... with two such lines of heights alike ...
    parallel: float = 10.0  # ... and of directions that differ by so many degrees at most


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
    if len(between) and bends.min() > _BRACKET.least_bend:
        is_bent = bends.mean() > _BRACKET.bend
        lower, tall = found.heights[pair].min(), found.heights[between].max()
        has_hooks = bends.mean() > _BRACKET.hooked and lower > _BRACKET.hooked_taller * tall
        if (is_bent or has_hooks) and _stand_round(found, pair, between, is_strong=False):
            return pair, is_bent, False
        if bends.min() > _BRACKET.strong_bend and _stand_round(
            found, pair, between, is_strong=True
        ):
            return pair, bends.min() > _BRACKET.sure_bend, False
    if not len(between) and bends.min() > _BRACKET.strong_bend:
        return [], True, True  # with nothing between
    is_lone = [
        own > _BRACKET.sure_bend and _stand_round(found, [i], kept[kept != i], is_strong=True)
        for i, own in zip(pair, bends, strict=True)
    ]
    closing = _closings(found, kept)
    pairs = closing | (_openings(found, kept, closing) if closing else {})
    is_clear = min(pairs.values(), default=0) > _BRACKET.clear_closing
    if is_lone[1] and last not in pairs:
        return [*pairs, last], False, is_lone[0]
    return list(pairs), is_clear, is_lone[0] and first not in pairs


def _openings(found, kept, closing):
    """Find the "(" that a ")" of the same height closes, and how far each bends."""
    openings = {}
    for i in kept:
        own = -bend(found, i)
        if own < _BRACKET.closing or not _is_like_bracket(found, i):
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
    clear = [i for i, own in behind.items() if own > _BRACKET.closing]
    away = {i: np.abs(found.boxes[clear, 0] - found.boxes[i, 0]) for i in behind}
    return {
        i: own
        for i, own in behind.items()
        if i in clear or (away[i] < _BRACKET.column * found.heights[i]).any()
    }


def _bend_behind_digit(found, i, kept):
    """Measure the bend of a component if it may be a ")" behind a digit; else return 0."""
    own = bend(found, i)
    if own < _BRACKET.strong_bend or not _is_like_bracket(found, i):
        return 0
    if bend_place(found, i) < _BRACKET.from_top:
        return 0
    left, top, _, bottom = found.boxes[i]
    boxes, heights = found.boxes[kept], found.heights[kept]
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    gaps = (left - boxes[:, 2]) / found.heights[i]
    is_before = (boxes[:, 0] < left) & (gaps > -_BRACKET.wide) & (gaps < _BRACKET.near)
    is_before &= (middles > top) & (middles < bottom)
    is_before &= (heights > found.heights[i] / 2) & (found.heights[i] > _BRACKET.lower * heights)
    return own if is_before.any() else 0


def _is_like_bracket(found, i):
    """Return whether a component is a narrow stroke without loops or turns."""
    length = found.areas[i] / pen_width(found, i)
    height = found.heights[i]
    return length < _BRACKET.winding * height and found.widths[i] < _BRACKET.wide * height


def _stand_round(found, brackets, others, is_strong):
    """Return whether brackets are alike, and stand round others."""
    tall = found.heights[others].max()
    slack = _BRACKET.slack * tall if is_strong else 0
    heights = found.heights[brackets]
    least = (_BRACKET.lower if is_strong else _BRACKET.taller) * tall
    return (
        heights.min() > max(least, _BRACKET.alike * heights.max())
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
    lengths, thicknesses, angles = shapes(found, kept)
    lines = kept & (lengths > DIGIT.min_line_elongation * thicknesses)
    lean = lines & (angles > _SLASH.flattest) & (angles < _SLASH.steepest)
    slashes, percents, may_be_slash = [], [], False
    for i in np.flatnonzero(lean):
        if rings := _rings_of(found, i, np.flatnonzero(kept)):
            percents.append([i, *rings])
    of_percents = [i for sign in percents for i in sign]
    digits = kept & (found.heights > _SLASH.main * found.heights[kept].max(initial=0)) & ~lines
    digits[of_percents] = False
    slashes += _slashes_of_date(found, digits, lines, angles)
    for i in np.flatnonzero(lines):
        row = found.boxes[digits & _are_beside(found, i)]
        left, top, right, bottom = found.boxes[i]
        if i in of_percents or i in slashes or not len(row):
            continue
        highest, lowest = np.median(row[:, [1, 3]], axis=0)
        margin = _SLASH.beyond * (lowest - highest)
        is_beyond = top < highest - margin and bottom > lowest + margin
        taller = (bottom - top) / found.heights[digits].max()
        x = found.boxes[kept & _are_beside(found, i)][:, [0, 2]].sum(axis=1)
        gap = np.maximum(row[:, 0] - right, left - row[:, 2]).min() / (bottom - top)
        is_between = x.min() < left + right < x.max() and gap > _SLASH.overlap
        is_between &= lean[i] or (
            _SLASH.flattest < angles[i] < _SLASH.upright and taller > _SLASH.much_taller
        )
        is_apart = taller > _SLASH.pen and gap > _SLASH.gap
        is_leaning = angles[i] < _SLASH.leaning
        least = _SLASH.leaning_taller if is_leaning else _SLASH.much_taller
        if is_beyond and (is_apart or (is_between and taller > least)):
            slashes.append(i)
        may_be_slash |= is_beyond and is_between and taller > _SLASH.taller
    return slashes, percents, bool(may_be_slash)


def _slashes_of_date(found, digits, lines, angles):
    """Find two lines that part digits as in 7/12/24 or 2024/7/12, if there is one such pair."""
    row = np.flatnonzero(digits | lines)
    row = row[np.argsort(found.boxes[row][:, [0, 2]].sum(axis=1))]
    if not digits.any():
        return []
    tall = lines & (angles > _SLASH.flattest) & (angles < _SLASH.date_steepest)
    tall &= found.heights > _SLASH.of_date * np.median(found.heights[digits])
    pairs = []
    for first, second in combinations(np.flatnonzero(tall[row]), 2):
        groups = first, second - first - 1, len(row) - second - 1
        is_date = sorted(groups)[1] in (1, 2) and groups[1] in (1, 2) and max(groups) in (2, 4)
        pair = row[[first, second]]
        heights = found.heights[pair]
        is_alike = heights.min() > _SLASH.alike * heights.max()
        if is_date and min(groups) and is_alike and np.ptp(angles[pair]) < _SLASH.parallel:
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
    small = (others != line) & (found.heights[others] < _SLASH.ring * (bottom - top))
    small &= (boxes[:, 1] < bottom) & (boxes[:, 3] > top)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    middle, height = (top + bottom) / 2, bottom - top
    first = small & (y < middle) & (x < (left + right) / 2) & (x > left - height / 2)
    last = small & (y > middle) & (x > (left + right) / 2) & (x < right + height / 2)
    return [*others[first], *others[last]] if first.sum() == last.sum() == 1 else []
