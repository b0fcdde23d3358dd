"""Leave out the small marks beside digits: points, commas, specks and signs."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import DIGIT, digit_height, distance, is_inside, pen_width
from digits.layout_analysis.straight_lines import may_be_loose_bar


@dataclass(frozen=True)
class _Mark:
    """What counts as such a mark; lengths are in heights of a digit, unless told otherwise.

    Chosen like the limits of `clutter`.
    """

    # Height and width of what may be a small mark, at most.
    max_size: float = 0.45
    # Height and width of a speck, which is surely no digit, at most.
    max_speck_size: float = 0.16
    # Height or width of what is part of the thing that it stands in, at least.
    min_part_size: float = 0.08
    # Width of a row or column of small pieces, as a multiple of their size, at most.
    max_row_width_ratio: float = 2.0
    # Width of a stroke that may be a 1, as a share of its height, at most.
    max_one_width_share: float = 0.35
    # Area of the dot of a character, in squares of the pen's width, at least.
    min_dot_area: float = 0.5
    # Gap between a character and a dot right above or below it, at most.
    max_dot_gap: float = 0.7
    # Share of a character's width, at either side, where no dot of it stands.
    dot_side_share: float = 0.1
    # How far beside a stroke, which may lean, its dot may stand, as a share of its height.
    dot_beside_share: float = 0.15
    # Ratio between the areas of a dot and a speck elsewhere, at most, if the dot is a speck, too.
    max_speck_area_ratio: float = 3.0
    # Height and width of what is certainly a comma, a point or a minus, at most.
    max_comma_size: float = 0.36
    # Length of the line of a small digit, as a multiple of its longer side, at least.
    min_winding_ratio: float = 1.8
    # Number of pieces in a row that are print, and not dots of characters, at least.
    min_row_pieces: int = 3
    # Height of a digit beside a tall one, as a share of the tall one's, at least.
    min_low_digit_share: float = 0.36
    # Gap between a low digit and the tall one beside it, in heights of the tall one, at most.
    max_low_digit_gap: float = 0.6
    # Distance of a low digit's bottom from a tall one's top, in the tall one's heights, at least.
    min_low_digit_drop: float = 0.6
    # How far a low digit may go above or below the tall one, in heights of the tall one.
    max_low_digit_overhang: float = 0.15


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
    large = sorter.kept & (sizes >= _MARK.max_size * tall)
    small = sorter.kept & ~large
    if not large.any() or _are_digits(found, small, large):
        return
    others = np.flatnonzero(large)
    dots = []
    for i in np.flatnonzero(small):
        is_letter = _is_in_row(found, i, small)
        if not is_letter and (character := _under_dot(found, i, others, tall)) is not None:
            dots.append((i, character))
            continue
        if distance(found, i, others) < DIGIT.max_piece_gap * tall:
            continue
        if sizes[i] > _MARK.min_part_size * tall and is_inside(found, i, others):
            continue
        if may_be_loose_bar(found, i, others):
            continue
        if _is_low_digit(found, i, others):
            sorter.may_hold_sign = True
            continue
        reason = "illegible" if is_letter else "sign"
        if sizes[i] < _MARK.max_speck_size * tall:
            reason = "speck"
        is_dot = sizes[i] < _MARK.max_comma_size * tall and not _winds(found, i)
        sorter.leave_out(i, reason, is_dot)
        sorter.small[i] = reason != "speck"
        sorter.doubtful[i] = True  # rays of a sun may stand in rows, too
    specks = sorter.doubtful & (sizes < _MARK.max_speck_size * tall)
    for i, character in dots:
        alike = found.areas[specks] / found.areas[i]
        if ((alike > 1 / _MARK.max_speck_area_ratio) & (alike < _MARK.max_speck_area_ratio)).any():
            sorter.leave_out(i, "speck", is_clear=False)
        elif (
            found.widths[character] < _MARK.max_one_width_share * found.heights[character]
            or distance(found, i, [character]) > DIGIT.max_piece_gap * tall
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
    return extent.min() > _MARK.max_row_width_ratio * sizes.max()


def _is_in_row(found, i, small):
    """Return whether a small component stands in a row of others, as a letter of a word does."""
    _, top, _, bottom = found.boxes[i]
    beside = (found.boxes[small, 1] < bottom) & (found.boxes[small, 3] > top)
    return beside.sum() >= _MARK.min_row_pieces


def _under_dot(found, i, others, tall):
    """Find the character that a point right above or below belongs to, as in ? and !."""
    left, top, right, bottom = found.boxes[i]
    for j in others:
        first, high, last, low = found.boxes[j]
        margin = _MARK.dot_side_share * (last - first)
        if last - first < _MARK.max_one_width_share * (low - high):
            margin = -_MARK.dot_beside_share * (low - high)
        if (
            first + margin < (left + right) / 2 < last - margin
            and (top >= low or bottom <= high)
            and max(top - low, high - bottom) < _MARK.max_dot_gap * tall
            and found.areas[i] > _MARK.min_dot_area * pen_width(found, j) ** 2
        ):
            return j
    return None


def _winds(found, i):
    """Return whether a component is a line much longer than its box, as a small digit is."""
    length = found.areas[i] / pen_width(found, i)
    return length > _MARK.min_winding_ratio * max(found.widths[i], found.heights[i])


def _is_low_digit(found, i, others):
    """Return whether a winding line stands in the row of a far taller digit beside it."""
    left, top, right, bottom = found.boxes[i]
    if not _winds(found, i):
        return False
    for j in others:
        first, high, last, low = found.boxes[j]
        tall = low - high
        if (
            bottom - top > _MARK.min_low_digit_share * tall
            and top > high - _MARK.max_low_digit_overhang * tall
            and _MARK.min_low_digit_drop < (bottom - high) / tall < 1 + _MARK.max_low_digit_overhang
            and 0 <= max(left - last, first - right) < _MARK.max_low_digit_gap * tall
        ):
            return True
    return False
