"""Judge the readings of what may be the digits of a number, each beside the others."""

from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import numpy as np

from digits.reading import doubted


@dataclass(frozen=True)
class _Context:
    """When parts are a number.

    Relative energy is 0 at the energy threshold of a digit and 1 without evidence for any.

    Chosen on strings of digits, of letters, and of both, that validation writers wrote.
    """

    # Mean energy of the parts minus the threshold, at most: a face has parts, too.
    max_mean_energy: float = -1.0
    # Relative energy of a strange part, which needs clear digits beside it, at least.
    min_strange_energy: float = 0.6
    # Probability of the likeliest digit if a strange part is legible, at least.
    min_legible_probability: float = 0.35
    # Share of the parts that are clear digits if all are legible, at least.
    min_clear_if_legible: float = 1 / 2
    # Share of the parts that are clear digits if some are illegible, at least; two always.
    min_clear_if_illegible: float = 2 / 3
    # Number of ones side by side that may be a tally or a barcode, at least.
    min_tally_strokes: int = 4
    # Number of zeros, without any other digit, that may be rings in one line, at least.
    min_rings: int = 3
    # Gap between strokes of one piece, as a share of their height, at most.
    max_touching_gap_share: float = 0.05
    # Height of the first stroke of a tick, as a share of the second's, at most.
    max_tick_share: float = 0.75
    # Height of a 0 that may be no digit, as a share of the tallest's, at most: 5 of 100 zeros.
    max_ring_share: float = 0.55
    # Height of the foot of a 0 above that of the 1 behind it, as a share of the height of the 1, at
    # least, if both may be the loop and the stroke of a 9.
    min_loop_rise: float = 0.3


@dataclass(frozen=True)
class _Word:
    """When one of several words is a number; chosen on doodles, letters and pictures of both."""

    # Energy below the threshold of a digit that each of its digits has, at least.
    min_energy_margin: float = 2.0
    # Height of print, as a share of the tallest number's, at most.
    max_print_height_share: float = 0.5


_CONTEXT, _WORD = _Context(), _Word()
_NO_EVIDENCE = -float(np.log(10))  # energy of what is trained to look like no digit at all


def judge_parts(parts, max_energy):
    """Judge what may be the digits of a number, each beside the others.

    Beside clear digits a strange part is one, too, but unsure. A part that resembles no digit stays
    none and makes the others unsure: it may be several digits that were not taken apart.

    Parameters
    ----------
    parts : list of Reading
        In reading order.
    max_energy : float
        The largest energy of a digit.

    Returns
    -------
    list of Reading
        As many as `parts`, ``digit`` None where a part is not a digit; empty if they are not a
        number.
    """
    if len(parts) < 2:
        return []
    energies = np.array([part.energy for part in parts]) - max_energy
    strange = energies > _CONTEXT.min_strange_energy * (_NO_EVIDENCE - max_energy)
    illegible = strange & [part.top[0][1] < _CONTEXT.min_legible_probability for part in parts]
    clear = (energies <= 0).sum()
    if illegible.any():
        is_number = clear >= max(2, _CONTEXT.min_clear_if_illegible * len(parts))
        is_number &= _are_not_strokes(part for part in parts if part.digit is not None)
    elif strange.any():
        is_number = clear >= _CONTEXT.min_clear_if_legible * len(parts)
    else:
        is_number = energies.mean() <= _CONTEXT.max_mean_energy
    if not is_number:
        return []
    number = [
        part if is_none else _as_digit(part) for part, is_none in zip(parts, illegible, strict=True)
    ]
    return [doubted(part) for part in number] if illegible.any() else number


def doubt_marks(number):
    """Doubt the digits of a number, a list of Reading, that may be rings or strokes, as a tally.

    Ones cut out of one piece are not digits if they are two, the first far shorter, as in a tick,
    or more, as in a W. Then strokes beside them are letters, too, and the list is empty.
    """
    joined = {i for run in _joined_ones(number) if _is_mark(number, run) for i in run}
    if joined:
        others = [part for i, part in enumerate(number) if i not in joined]
        if not _are_not_strokes(part for part in others if part.digit is not None):
            return []
        return [
            replace(part, digit=None, verdict="not_a_digit") if i in joined else doubted(part)
            for i, part in enumerate(number)
        ]
    runs = [list(run) for _, run in groupby(number, key=lambda part: (part.digit, part.line))]
    is_tally = any(run[0].digit == 1 and len(run) >= _CONTEXT.min_tally_strokes for run in runs)
    if is_tally or _are_rings(number):
        return [doubted(part) for part in number]
    are_loops = [_may_be_loop(*pair) for pair in pairwise(number)]
    return [
        doubted(part) if _is_ring(part, number) or any(are_loops[max(i - 1, 0) : i + 1]) else part
        for i, part in enumerate(number)
    ]


def are_numbers(words, max_energy):
    """Find which of several words are numbers, where others are words or drawings.

    Parameters
    ----------
    words : list of list of Reading
        What each was read as; an empty list if it is not a number.
    max_energy : float
        The largest energy of a digit.

    Returns
    -------
    list of bool
    """
    heights = [
        max(part.box[3] - part.box[1] for part in word) if _is_number(word, max_energy) else 0
        for word in words
    ]
    return [height > _WORD.max_print_height_share * max(heights) for height in heights]


def _is_number(word, max_energy):
    """Return whether all of a word are digits, and not only such as letters look like."""
    limit = max_energy - _WORD.min_energy_margin
    is_clear = all(part.verdict == "digit" and part.energy < limit for part in word)
    return is_clear and _are_not_strokes(word)


def _are_not_strokes(parts):
    """Return whether digits are not only rings or only strokes, of which letters have many."""
    kinds = {part.digit for part in parts}
    return bool(kinds - {0}) and kinds != {1}


def _as_digit(part):
    if part.digit is not None:
        return part
    return replace(part, digit=part.top[0][0], verdict="unsure")


def _joined_ones(number):
    """Find ones cut out of one piece, hence doubted and without a gap: lists of their places."""
    runs = [[0]]
    for i, (left, right) in enumerate(pairwise(number), start=1):
        gap = abs(right.box[0] - left.box[2])
        if (
            left.digit == right.digit == 1
            and left.verdict == right.verdict == "unsure"
            and left.line == right.line
            and gap < _CONTEXT.max_touching_gap_share * (right.box[3] - right.box[1])
        ):
            runs[-1].append(i)
        else:
            runs.append([i])
    return [run for run in runs if len(run) > 1]


def _is_mark(number, joined):
    """Return whether ones cut out of one piece are a tick or a letter such as a W."""
    heights = [number[i].box[3] - number[i].box[1] for i in joined[:2]]
    return len(joined) > 2 or heights[0] < _CONTEXT.max_tick_share * heights[1]


def _are_rings(number):
    """Return whether a number is zeros alone, as bubbles are, but for two in one line."""
    is_many = len(number) >= _CONTEXT.min_rings or len({part.line for part in number}) > 1
    return is_many and {part.digit for part in number} == {0}


def _is_ring(reading, number):
    """Return whether a 0 is far shorter than the others: a degree sign, a bullet, a part of a %."""
    heights = [each.box[3] - each.box[1] for each in (reading, *number)]
    return reading.digit == 0 and heights[0] < _CONTEXT.max_ring_share * max(heights)


def _may_be_loop(left, right):
    """Return whether a 0 before a 1 ends so far above its foot that both may be a 9."""
    is_pair = (left.digit, right.digit) == (0, 1) and left.line == right.line
    rise = (right.box[3] - left.box[3]) / (right.box[3] - right.box[1])
    return is_pair and rise > _CONTEXT.min_loop_rise
