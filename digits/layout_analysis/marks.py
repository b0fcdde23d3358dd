"""Components of ink in, without the small marks beside digits: points, commas, specks, signs."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import DIGIT, digit_height, distance, is_inside, pen_width
from digits.layout_analysis.straight_lines import may_be_bar_of_five


@dataclass(frozen=True)
class _Mark:
    """What such marks are; lengths are shares of the height of the digits.

    Chosen as in `clutter`.
    """

    small: float = 0.45  # height and width below which something may be a sign
    speck: float = 0.16  # height and width of what is surely no digit
    eye: float = 0.08  # height or width of what is a part of something that it stands in
    row: float = 2.0  # width of a row or column of small pieces, as a multiple of their size
    narrow: float = 0.35  # width of a stroke that may be a 1, as a share of its height
    dot: float = 0.5  # area of a point above or below, in squares of the pen's width at least
    dot_near: float = 0.7  # distance within which such a point belongs to a character
    dot_within: float = 0.1  # share of the character's width, at its sides, where none does
    dot_beside: float = 0.15  # the same beside a stroke, which may lean, as a share of its height
    alike: float = 3.0  # times as large as a speck elsewhere: such a point is another speck
    comma: float = 0.36  # height of what is certainly a comma, a point, or a minus
    winding: float = 1.8  # length of its line from which it is none, as a multiple of its size
    letters: int = 3  # pieces in a row at least that are print, and not points of characters
    low_digit: float = 0.36  # height of a digit beside a tall one, as a share of that one's, ...
    gap: float = 0.6  # ... at this distance at most, ...
    stands: float = 0.6  # ... which ends as far below that one's top at least ...
    hangs: float = 0.15  # ... and so far below its bottom, or above its top, at most


_MARK = _Mark()


def leave_out_marks(sorter):
    """Leave out points, commas and specks, but no pieces of digits.

    Parameters
    ----------
    sorter : digits.layout_analysis.clutter.Sorter
    """
    found = sorter.found
    tall = digit_height(found, sorter.kept)
    sizes = np.maximum(found.widths, found.heights)
    large = sorter.kept & (sizes >= _MARK.small * tall)
    small = sorter.kept & ~large
    if not large.any() or _are_digits(found, small, large):
        return
    others = np.flatnonzero(large)
    dots, are_dots = [], True
    for i in np.flatnonzero(small):
        is_letter = _is_in_row(found, i, small)
        if not is_letter and (character := _under_dot(found, i, others, tall)) is not None:
            dots.append((i, character))
            continue
        if distance(found, i, others) < DIGIT.near * tall:
            continue
        if sizes[i] > _MARK.eye * tall and is_inside(found, i, others):
            continue
        if may_be_bar_of_five(found, i, others):
            continue
        if _is_low_digit(found, i, others):
            sorter.may_hold_sign = True
            continue
        reason = "illegible" if is_letter else "sign"
        if sizes[i] < _MARK.speck * tall:
            reason = "speck"
        is_dot = sizes[i] < _MARK.comma * tall and not _winds(found, i)
        sorter.leave_out(i, reason, is_dot)
        sorter.small[i] = reason != "speck"
        sorter.doubtful[i] = True  # rays of a sun may stand in rows, too
        are_dots &= is_dot
    sorter.small &= not are_dots
    specks = sorter.doubtful & (sizes < _MARK.speck * tall)
    for i, character in dots:
        alike = found.areas[specks] / found.areas[i]
        if ((alike > 1 / _MARK.alike) & (alike < _MARK.alike)).any():
            sorter.leave_out(i, "speck", is_clear=False)
        elif (
            found.widths[character] < _MARK.narrow * found.heights[character]
            or distance(found, i, [character]) > DIGIT.near * tall
        ):
            sorter.may_hold_sign = True  # an exclamation mark is like a 1, a question mark like a 7


def _are_digits(found, small, large):
    """Return whether most of the ink is in small pieces, as in a dotted digit.

    Those in one row or column are none, as the holes of a binding.
    """
    if found.areas[small].sum() <= found.areas[large].sum():
        return False
    sizes = np.maximum(found.widths, found.heights)[small]
    extent = found.boxes[small, 2:].max(axis=0) - found.boxes[small, :2].min(axis=0)
    return extent.min() > _MARK.row * sizes.max()


def _is_in_row(found, i, small):
    """Return whether a small component stands in a row of others, as a letter of a word does."""
    _, top, _, bottom = found.boxes[i]
    beside = (found.boxes[small, 1] < bottom) & (found.boxes[small, 3] > top)
    return beside.sum() >= _MARK.letters


def _under_dot(found, i, others, tall):
    """Find the character that a point right above or below belongs to, as in ? and !."""
    left, top, right, bottom = found.boxes[i]
    for j in others:
        first, high, last, low = found.boxes[j]
        margin = _MARK.dot_within * (last - first)
        if last - first < _MARK.narrow * (low - high):
            margin = -_MARK.dot_beside * (low - high)
        if (
            first + margin < (left + right) / 2 < last - margin
            and (top >= low or bottom <= high)
            and max(top - low, high - bottom) < _MARK.dot_near * tall
            and found.areas[i] > _MARK.dot * pen_width(found, j) ** 2
        ):
            return j
    return None


def _winds(found, i):
    """Return whether a component is a line much longer than its box, as a small digit is."""
    length = found.areas[i] / pen_width(found, i)
    return length > _MARK.winding * max(found.widths[i], found.heights[i])


def _is_low_digit(found, i, others):
    """Return whether a winding line stands in the row of a far taller digit beside it."""
    left, top, right, bottom = found.boxes[i]
    if not _winds(found, i):
        return False
    for j in others:
        first, high, last, low = found.boxes[j]
        tall = low - high
        if (
            bottom - top > _MARK.low_digit * tall
            and top > high - _MARK.hangs * tall
            and _MARK.stands < (bottom - high) / tall < 1 + _MARK.hangs
            and 0 <= max(left - last, first - right) < _MARK.gap * tall
        ):
            return True
    return False
