"""Turn the features and logits of a drawing into its reading, with a verdict.

`judge` decides on the verdict by what the network says. What else is known can only weaken it
afterwards: the picture (`judge_in_picture`), the other digits of a number (`digits.number`), a cut
between two of them or print beside them (`digits.number_reader`), and that a digit was hollow
(`digits.recognizer`). Only what a visitor taught can strengthen it (`digits.teaching`).
"""

from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from digits.layout import Layout
from digits.model_input import SIDE
from digits.morphology import bounds, connected_components, erode, stroke_width

# Share of its box that the ink of a 0 covers, at most; of 1,000 real zeros two cover more.
_SOLID = 0.7
# Share of a side of a box where the outermost ink is in one row or column, at least; of 4,499 zeros
# of UNIPEN and MNIST two have three sides as straight as that.
_STRAIGHT = 0.7
_FAINT = 0.1  # strength from which ink belongs to a box, which may be thinner than the digit in it

# Thickness in pixels of the slash of a 0, at most, as of the bar with the same moments; of 8,690
# zeros of UNIPEN and MNIST 24 hold something thicker, of digits that touch a ring round them 62 %.
_MAX_SLASH = 3.5
_RING = 0.3  # strength from which ink belongs to a ring or to what it holds
_MARGIN = 0.8  # pixels from the inner edge of a ring within which ink may be its own, about
_MIN_HELD = 4  # pixels of what a ring holds, at least


@dataclass(frozen=True, eq=False)  # arrays are neither equal nor not
class Reading:
    """What was read from one drawing.

    Attributes
    ----------
    digit : int or None
        The most probable digit; None if the verdict is ``"not_a_digit"`` or ``"blank"``.
    probabilities : ndarray of float32, shape (10,)
        Calibrated, sum 1; all 0.1 if blank.
    verdict : {"digit", "unsure", "not_a_digit", "blank"}
    energy : float
        How little the drawing looks like any digit (Liu et al., "Energy-based out-of-distribution
        detection", NeurIPS 2020). Infinite if blank.
    model_input : ndarray of float32, shape (28, 28)
        What the network was shown: ink 1 on paper 0.
    box : tuple of int, or None
        Left, top, right and bottom of the digit in pixels of the upright picture, right and bottom
        exclusive. None if blank.
    line : int
        The line of the picture that the digit stands in, from 0 at the top.
    features : ndarray of float32, shape (128,), or None
        What the last layer of the network judged. None if blank.
    """

    digit: int | None
    probabilities: np.ndarray
    verdict: str
    energy: float
    model_input: np.ndarray
    box: tuple[int, int, int, int] | None = None
    line: int = 0
    features: np.ndarray | None = None

    @property
    def top(self):
        """All ten (digit, probability) pairs, the most probable first."""
        order = np.argsort(-self.probabilities, kind="stable")
        return [(int(digit), float(self.probabilities[digit])) for digit in order]


BLANK = Reading(
    digit=None,
    probabilities=np.full(10, 0.1, np.float32),
    verdict="blank",
    energy=float("inf"),
    model_input=np.zeros((SIDE, SIDE), np.float32),
)
for _array in (BLANK.probabilities, BLANK.model_input):
    _array.setflags(write=False)  # all blank readings share them


@dataclass(frozen=True, eq=False)
class PictureReading:
    """What was read in one picture.

    Attributes
    ----------
    whole : Reading
        The picture as one digit, as `digits.Recognizer.read` gives it.
    digits : list of Reading
        As `digits.Recognizer.read_digits` gives them.
    layout : digits.layout.Layout
        Where they were found, with what was left out.
    """

    whole: Reading
    digits: list[Reading]
    layout: Layout


def judge(logits, features, thresholds, model_input, box=None, line=0):
    """Make a reading of what the network said.

    Parameters
    ----------
    logits : ndarray of float32, shape (10,)
    thresholds : dict
        See `digits.recognizer.Recognizer`.
    features, model_input, box, line
        See `Reading`.

    Returns
    -------
    Reading
    """
    energy = float(-np.logaddexp.reduce(logits))
    probabilities = np.exp(logits + np.float32(energy))
    digit, verdict = int(probabilities.argmax()), "digit"
    if energy > thresholds["energy"]:
        digit, verdict = None, "not_a_digit"
    elif probabilities.max() < thresholds["confidence"] or (
        digit == 0
        and (_is_solid(model_input) or _is_box(model_input) or _holds_something(model_input))
    ):
        verdict = "unsure"
    return Reading(digit, probabilities, verdict, energy, model_input, box, line, features)


def _is_solid(model_input):
    """Return whether ink fills most of its box: a dot or a blot is no 0 for certain."""
    mask = model_input > 0.5
    return bool(mask.any() and mask[bounds(mask)].mean() > _SOLID)


def _is_box(model_input):
    """Return whether three sides at least are straight: of a box, round what may be a digit."""
    mask, straight = model_input > _FAINT, 0
    for side in (mask, mask[::-1], mask.T, mask.T[::-1]):
        outermost = side.argmax(axis=0)[side.any(axis=0)]
        straight += np.bincount(outermost, minlength=1).max() >= _STRAIGHT * max(outermost.size, 1)
    return straight >= 3


def _holds_something(model_input):
    """Return whether more than a slash is in a ring: of what is a digit with a ring round it."""
    mask = np.pad(model_input > _RING, 1)
    if not mask.any():
        return False
    fields = connected_components(~mask).labels
    within = erode(fields != fields[0, 0], int(np.ceil(stroke_width(model_input) + _MARGIN)))
    y, x = np.nonzero(within & mask)
    if x.size < _MIN_HELD:
        return False
    variances = np.linalg.eigvalsh(np.cov(np.stack([x, y])))
    return bool(np.sqrt(12 * variances[0]) > _MAX_SLASH)


def judge_in_picture(reading, layout):
    """Judge a reading by the picture that it is of.

    Parameters
    ----------
    reading : Reading
    layout : digits.layout.Layout
        Of its picture.

    Returns
    -------
    Reading
        Not a digit if the ink is a drawing or print; unsure if what was left out, or is still
        there, may be something else.
    """
    if (layout.is_drawing or layout.is_scattered) and reading.digit is not None:
        return replace(reading, digit=None, verdict="not_a_digit")
    return reading if layout.is_unambiguous else doubted(reading)


def doubted(reading):
    """Call a digit unsure."""
    return replace(reading, verdict="unsure") if reading.verdict == "digit" else reading


def without_illegible(read):
    """Move the parts of a number that are not digits to what was left out."""
    digits = [part for part in read.digits if part.digit is not None]
    if not digits or len(digits) == len(read.digits):
        return read
    others = [part.box for part in read.digits if part.digit is None]
    layout = read.layout.with_left_out(others, "illegible")
    return replace(read, digits=_in_lines(digits), layout=layout)


def with_small(read, small):
    """Add lines of digits that are far smaller than the others, above or below them all.

    Parameters
    ----------
    read : PictureReading
    small : list of Reading
        In reading order; a line with a part that is not a digit is not added.

    Returns
    -------
    PictureReading
    """
    top = min(part.box[1] for part in read.digits)
    bottom = max(part.box[3] for part in read.digits)
    above, below = [], []
    for _, line in groupby(small, key=lambda part: part.line):
        line = list(line)
        if any(part.digit is None for part in line):
            continue
        if all(part.box[3] <= top for part in line):
            above += line
        elif all(part.box[1] >= bottom for part in line):
            below += line
    layout = read.layout.without_left_out([part.box for part in above + below])
    return replace(read, digits=_in_lines(above, read.digits, below), layout=layout)


def _in_lines(*groups):
    """Join groups of readings that stand one below another, and number their lines anew."""
    joined, count = [], 0
    for group in groups:
        lines = {line: count + i for i, line in enumerate(dict.fromkeys(r.line for r in group))}
        joined += [replace(reading, line=lines[reading.line]) for reading in group]
        count += len(lines)
    return joined
