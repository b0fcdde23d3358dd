import numpy as np

from digits.training.stroke_shapes import (
    is_crossed_seven,
    is_flagged_one,
    is_isolated_digit,
    is_slashed_zero,
)
from tests.small_unipen import character


def drawing(label, *strokes):
    return character(label, strokes)


def circle(x=0, y=0, width=10, height=14):
    angle = np.linspace(0, 2 * np.pi, 40)
    return np.stack([x + width / 2 * np.sin(angle), y - height / 2 * np.cos(angle)], axis=1)


def test_isolated_digits_and_accidents():
    zero, four = circle(), [[4, 0], [0, 8], [9, 8]]
    bar = [[6, 4], [6, 14]]
    isolated = [drawing("0", zero)] * 3 + [drawing("4", four, bar)] * 3
    accidents = [
        drawing("0", zero, circle(x=15)),
        drawing("4", bar),
        drawing("4", four),
        drawing("0", *[zero] * 10),
    ]
    assert is_isolated_digit(isolated + accidents).tolist() == [True] * 6 + [False] * 4
    assert is_isolated_digit([drawing("1", [[0, 0], [0, 10]])]).all()


def test_slashed_zeros():
    assert is_slashed_zero(drawing("0", circle(), [[-6, 8], [6, -8]]))
    assert is_slashed_zero(drawing("0", circle(), [[0, 6], [0, -6]]))
    assert not is_slashed_zero(drawing("0", circle()))
    assert not is_slashed_zero(drawing("0", circle()[7:33], [[0, 6], [0, -6]]))
    assert not is_slashed_zero(drawing("0", circle(), [[-5, 0], [5, 0]]))
    assert not is_slashed_zero(drawing("0", circle() @ np.float32([[1, 0], [-0.8, 1]])))


def test_flagged_ones():
    assert is_flagged_one(drawing("1", [[0, 4], [4, 0], [4, 14]]))
    assert is_flagged_one(drawing("1", [[4, 0], [4, 14]], [[0, 14], [8, 14]]))
    assert not is_flagged_one(drawing("1", [[4, 0], [4, 14]]))
    assert not is_flagged_one(drawing("1", [[10, 0], [0, 14]]))


def test_crossed_sevens():
    assert is_crossed_seven(drawing("7", [[0, 0], [8, 0], [3, 14]], [[2, 7], [9, 6]]))
    assert not is_crossed_seven(drawing("7", [[0, 0], [8, 0], [3, 14]]))
    assert not is_crossed_seven(drawing("7", [[0, 0], [8, 0], [3, 14]], [[5, 7], [10, 7]]))
    assert not is_crossed_seven(drawing("7", [[0, 3], [1, 0], [8, 2], [7, 5], [3, 14]]))


def test_real_collection(unipen):
    sites = ("apa", "apb", "app", "syn", "val")
    drawings = [drawing for drawing in unipen if drawing.site in sites]
    assert len(drawings) == 9787
    assert (~is_isolated_digit(drawings)).sum() == 15
    rules = (is_slashed_zero, is_flagged_one, is_crossed_seven)
    assert [sum(map(rule, drawings)) for rule in rules] == [54, 215, 350]
