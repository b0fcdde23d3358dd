"""Components of ink in; out, which of them are signs as tall as digits: brackets, slashes, %."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import bend, shapes


@dataclass(frozen=True)
class _Bracket:
    """What a bracket is; chosen as in `digits.clutter`."""

    bend: float = 0.03  # by which the middles of two brackets stand outwards, on average
    strong_bend: float = 0.07  # the same of a bracket that may be lower; of 100 ones 3 have it
    slack: float = 0.1  # by which such a bracket may end within the height of what it stands round
    wide: float = 0.5  # width, as a share of the height
    taller: float = 1.08  # times as tall as what stands in it
    alike: float = 0.85  # height of the lower of two, as a share of the other's


@dataclass(frozen=True)
class _Slash:
    """What a slash is; chosen as in `digits.clutter`, and on dates written by hand."""

    straight: float = 5.0  # times as long as it is thick
    flattest: float = 40.0  # degrees; less is flatter
    steepest: float = 76.0
    beyond: float = 0.01  # of the digits' height by which it goes above and below them
    taller: float = 1.02  # times as tall as the tallest digit: a slash or a 1
    much_taller: float = 1.15  # the same of what is no 1: of 96 ones between digits none is so tall
    overlap: float = -0.15  # gap to the digits beside it, as a share of its height: boxes overlap
    pen: float = 1.35  # times as tall as a digit: none itself, whatever its place and angle, ...
    gap: float = 0.1  # ... with such a gap, which the upright stroke of a 4 does not have
    main: float = 0.4  # height of a digit, as a share of the tallest component's
    ring: float = 0.6  # height of a ring of %, as a share of its slash's, at most


_BRACKET, _SLASH = _Bracket(), _Slash()


def find_brackets(found, kept):
    """Find a pair of brackets that bends round everything between, or else a lone ")".

    A lone "(" looks too much like a 1 to be told from it.

    Parameters
    ----------
    found : digits.morphology.Components
    kept : ndarray of bool, shape (n,)
        The components to look at.

    Returns
    -------
    brackets : list of int
        One, two or no components.
    is_clear : bool
        Whether they are certainly no digits.
    """
    kept = np.flatnonzero(kept)
    if len(kept) < 2:
        return [], True
    first = kept[found.boxes[kept, 0].argmin()]
    last = kept[found.boxes[kept, 2].argmax()]
    between = kept[(kept != first) & (kept != last)]
    bends = np.array([-bend(found, first), bend(found, last)])
    is_strong = bends.min() > _BRACKET.strong_bend
    if (
        len(between)
        and _stand_round(found, [first, last], between, is_strong)
        and bends.min() > _BRACKET.bend / 3
        and bends.mean() > _BRACKET.bend
    ):
        return [first, last], True
    if bends[1] > _BRACKET.strong_bend and _stand_round(
        found, [last], kept[kept != last], is_strong=True
    ):
        return [last], False
    return [], True


def _stand_round(found, brackets, others, is_strong):
    """Tell whether brackets are narrow, alike, and taller than what they stand round."""
    tall = found.heights[others].max()
    slack = _BRACKET.slack * tall if is_strong else 0
    heights, widths = found.heights[brackets], found.widths[brackets]
    least = tall if is_strong else _BRACKET.taller * tall
    return (
        heights.min() > max(least, _BRACKET.alike * heights.max())
        and found.boxes[brackets, 1].max() <= found.boxes[others, 1].min() + slack
        and found.boxes[brackets, 3].min() >= found.boxes[others, 3].max() - slack
        and (widths < _BRACKET.wide * heights).all()
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
    percents : list of int
        Lines with their two rings.
    may_be_slash : bool
        Whether some line may be a slash or a 1.
    """
    lengths, thicknesses, angles = shapes(found, kept)
    lines = kept & (lengths > _SLASH.straight * thicknesses)
    lean = lines & (angles > _SLASH.flattest) & (angles < _SLASH.steepest)
    slashes, percents, may_be_slash = [], [], False
    for i in np.flatnonzero(lean):
        if rings := _rings_of(found, i, np.flatnonzero(kept)):
            percents += [i, *rings]
    digits = kept & (found.heights > _SLASH.main * found.heights[kept].max(initial=0)) & ~lines
    digits[percents] = False
    for i in np.flatnonzero(lines):
        row = found.boxes[digits & _are_beside(found, i)]
        left, top, right, bottom = found.boxes[i]
        if i in percents or not len(row):
            continue
        highest, lowest = np.median(row[:, [1, 3]], axis=0)
        margin = _SLASH.beyond * (lowest - highest)
        is_beyond = top < highest - margin and bottom > lowest + margin
        taller = (bottom - top) / found.heights[digits].max()
        x = found.boxes[kept & _are_beside(found, i)][:, [0, 2]].sum(axis=1)
        gap = np.maximum(row[:, 0] - right, left - row[:, 2]).min() / (bottom - top)
        is_between = lean[i] and x.min() < left + right < x.max() and gap > _SLASH.overlap
        is_apart = taller > _SLASH.pen and gap > _SLASH.gap
        if is_beyond and (is_apart or (is_between and taller > _SLASH.much_taller)):
            slashes.append(i)
        may_be_slash |= is_beyond and is_between and taller > _SLASH.taller
    return slashes, percents, bool(may_be_slash)


def _are_beside(found, i):
    """Tell which components stand in one row with another: ndarray of bool, shape (n,)."""
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
    middle, wide = (top + bottom) / 2, bottom - top
    first = small & (y < middle) & (x < (left + right) / 2) & (x > left - wide / 2)
    last = small & (y > middle) & (x > (left + right) / 2) & (x < right + wide / 2)
    return [*others[first], *others[last]] if first.sum() == last.sum() == 1 else []
