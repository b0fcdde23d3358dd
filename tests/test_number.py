"""How the parts of a number are judged beside each other."""

from dataclasses import replace

import numpy as np
import pytest

from digits.number import doubt_marks, judge_parts
from digits.reading import judge

THRESHOLDS = {"energy": -4.0, "confidence": 0.9}
CLEAR, STRANGE = -10.0, -2.5


def part(digit, energy, probability):
    """Make a reading of a digit with this energy and this probability."""
    probabilities = np.full(10, (1 - probability) / 9, np.float32)
    probabilities[digit] = probability
    return judge(np.log(probabilities) - energy, None, THRESHOLDS, np.zeros((28, 28), np.float32))


def clear(digit):
    return part(digit, CLEAR, 0.999)


def strange(digit):
    return part(digit, STRANGE, 0.6)


ILLEGIBLE = part(0, -2.3, 0.12)


def judged(*parts):
    return [(each.digit, each.verdict) for each in judge_parts(parts, THRESHOLDS["energy"])]


def test_clear_digits_are_judged():
    assert judged(clear(3), clear(7)) == [(3, "digit"), (7, "digit")]


def test_a_strange_digit_beside_clear_ones_is_unsure_and_they_are_not():
    assert judged(clear(9), strange(1), clear(6)) == [(9, "digit"), (1, "unsure"), (6, "digit")]
    assert judged(clear(9), strange(1)) == [(9, "digit"), (1, "unsure")]


def test_what_is_illegible_is_no_digit_and_leaves_doubt():
    read = [(3, "unsure"), (None, "not_a_digit"), (7, "unsure")]
    assert judged(clear(3), ILLEGIBLE, clear(7)) == read


@pytest.mark.parametrize(
    "parts",
    [
        [clear(3)],
        [clear(3), ILLEGIBLE],
        [clear(3), clear(7), ILLEGIBLE, ILLEGIBLE],
        [strange(3), strange(7), clear(1)],
        [ILLEGIBLE, ILLEGIBLE, ILLEGIBLE],
    ],
)
def test_mostly_strange_parts_are_no_number(parts):
    assert judged(*parts) == []


@pytest.mark.parametrize(("count", "verdict"), [(3, "digit"), (4, "unsure")])
def test_a_row_of_strokes_may_be_a_tally(count, verdict):
    ones = [replace(clear(1), box=(20 * i, 0, 20 * i + 5, 40)) for i in range(count)]
    assert {part.verdict for part in doubt_marks(ones)} == {verdict}
    cloud = replace(clear(0), box=(0, -90, 90, -10), line=0)
    rain = [replace(one, line=1) for one in ones]
    assert {part.verdict for part in doubt_marks([cloud, *rain])} == {verdict}


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [(["00"], "digit"), (["000"], "unsure"), (["0", "0"], "unsure"), (["100"], "digit")],
)
def test_zeros_alone_may_be_rings(rows, verdict):
    number = [
        replace(clear(int(digit)), box=(40 * i, 60 * line, 40 * i + 30, 60 * line + 40), line=line)
        for line, row in enumerate(rows)
        for i, digit in enumerate(row)
    ]
    assert {part.verdict for part in doubt_marks(number)} == {verdict}


@pytest.mark.parametrize(("foot", "verdict"), [(24, "unsure"), (38, "digit")])
def test_a_ring_before_a_stroke_may_be_the_loop_of_a_nine(foot, verdict):
    boxes = [(0, 0, 30, 40), (40, 0, 64, foot), (66, 0, 71, 40)]
    number = [replace(clear(digit), box=box) for digit, box in zip((5, 0, 1), boxes, strict=True)]
    assert [part.verdict for part in doubt_marks(number)] == ["digit", verdict, verdict]
