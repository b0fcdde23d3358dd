"""Turn the features and logits of a drawing into its reading, with a verdict.

`judge` decides on the verdict by what the network says. What else is known can weaken it
afterwards: the picture (`judge_in_picture`), the other digits of a number (`digits.number`), a cut
between two of them or print beside them (`digits.number_reader`), and that a digit was hollow
(`digits.recognizer`). Two things can strengthen it: clear digits beside a strange one, which is
then an unsure digit (`digits.number`), and what a visitor taught (`digits.teaching`).
"""

from dataclasses import dataclass, replace

import numpy as np

from digits.model_input import SIDE
from digits.zeros import is_doubtful_zero


@dataclass(frozen=True, eq=False)  # == of arrays is an array, not a bool
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
    features : ndarray of float32, shape (d,), or None
        The input of the network's last layer, d = 128 in the shipped model. None if blank.
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
        digit == 0 and is_doubtful_zero(model_input)
    ):
        verdict = "unsure"
    return Reading(digit, probabilities, verdict, energy, model_input, box, line, features)


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
        Not a digit if the ink is a drawing or print; unsure if something that was left out may be
        part of a digit, or something in the ink may be no digit.
    """
    if (layout.is_drawing or layout.is_scattered) and reading.digit is not None:
        return replace(reading, digit=None, verdict="not_a_digit")
    return reading if layout.is_unambiguous else doubted(reading)


def doubted(reading):
    """Call a digit unsure."""
    return replace(reading, verdict="unsure") if reading.verdict == "digit" else reading
