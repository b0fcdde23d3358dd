"""Read the digits of the numbers in a picture, given its layout."""

from dataclasses import dataclass, replace

import numpy as np

from digits.normalization import normalize_ink
from digits.number import are_numbers, doubt_marks, judge_parts
from digits.reading import BLANK, doubted
from digits.segmentation import MIN_NUMBER_COST, cheapest_number, shape_cost, unlikeness_cost
from digits.text_lines import are_apart, are_in_order, find_lines, split_words, whole_line


@dataclass(frozen=True)
class _Number:
    """When several digits are a number; energies are relative to the threshold of a digit."""

    one_digit_bonus: float = 2.0  # log probability in favour of reading the whole as one digit
    # Distance below the energy threshold of a digit from which a part's energy costs something.
    energy_margin: float = 5.0
    # Height of a line of print, as a share of the tallest line's, at most.
    max_print_height_share: float = 0.5
    # Number of lines that a digit is not made of, even if they look like one together, at least.
    min_column_lines: int = 3
    # Gap between the two loops of an 8, as a share of the taller one's height, at most.
    max_loop_gap_share: float = 0.2
    max_lines: int = 12  # number of lines of a picture that is read as numbers, at most


_NUMBER = _Number()


class NumberReader:
    """Reads the numbers of one picture.

    Parameters
    ----------
    layout : digits.layout.Layout
    read_inked : callable
        Takes a list of (model input or None, box), returns a Reading for each.
    max_energy : float
        The largest energy of a digit.
    """

    def __init__(self, layout, read_inked, max_energy):
        self._layout = layout
        self._read_inked = read_inked
        self._max_energy = max_energy
        self._segments_read = {}  # by shape and bytes: other cuts leave most as it was
        self._read_before = {}  # lines, by place and limit: a word that is a whole line is one, too

    def read(self, whole):
        """Read the numbers of the picture.

        Parameters
        ----------
        whole : Reading
            Of all its ink as one digit.

        Returns
        -------
        list of Reading
            In reading order; empty if the picture is better read as one digit. That digit is here,
            doubted, if it is a column of things, as of letters.
        """
        layout = self._layout
        if whole.verdict == "blank" or layout.is_drawing:
            return []
        size = np.ptp(np.argwhere(whole.model_input > 0), axis=0)
        as_one = shape_cost(*size) + self._unlikeness(whole) - _NUMBER.one_digit_bonus
        lines = [whole_line(layout.ink)] if layout.is_one_piece else find_lines(layout.ink)
        as_column = []
        if are_apart([box for _, box in lines]):
            number = self._read_number(lines, np.inf)
            if number and all(reading.energy < self._max_energy for reading in number):
                if whole.digit == 8 and self._are_loops(number):
                    return [doubted(whole)]
                return [doubted(each) for each in number] if whole.verdict == "digit" else number
            if len(lines) >= _NUMBER.min_column_lines:
                as_column = [doubted(whole)]
        if as_one <= MIN_NUMBER_COST:
            return as_column
        if whole.digit is not None:
            return self._read_number(lines, as_one) or as_column
        return self._read_number(lines, np.inf) or self.read_among_words(lines)

    def read_among_words(self, lines=None):
        """Read the numbers beside words or drawings; an empty list if there are none.

        Parameters
        ----------
        lines : list of (ndarray of uint8, tuple of int), optional
            Those of the picture's ink, see `digits.text_lines.find_lines`.

        Returns
        -------
        list of Reading
        """
        lines = find_lines(self._layout.ink) if lines is None else lines
        words = [(word, line) for line, each in enumerate(lines) for word in split_words(each)]
        numbers = [self._read_line(*word, line) for word, line in words]
        legible = are_numbers(numbers, self._max_energy)
        parts = []
        for ((_, place), line), number, is_number in zip(words, numbers, legible, strict=True):
            other = replace(BLANK, box=self._layout.to_picture(place), line=line)
            parts += map(doubted, number) if is_number else [other]
        return parts if any(legible) else []

    def _read_number(self, lines, limit):
        """Read all lines; an empty list if that is not a number, or costs `limit` or more.

        The cost is the negative log probability of a segmentation.
        """
        if len(lines) > _NUMBER.max_lines:
            return []
        read = []
        for line, (ink, place) in enumerate(lines):
            read.append(self._read_line(ink, place, line, limit))
            if not read[-1]:
                return []
        if self._has_print(read):
            return []
        parts = [part for line in read for part in line]
        number = doubt_marks(judge_parts(parts, self._max_energy))
        if all(reading.digit is None for reading in number):
            return []
        is_clear = self._layout.is_unambiguous and are_in_order([box for _, box in lines])
        return number if is_clear else [doubted(reading) for reading in number]

    @staticmethod
    def _are_loops(number):
        """Return whether two rings stand as near to each other as an 8's that do not touch."""
        if [each.digit for each in number] != [0, 0]:
            return False
        upper, lower = (each.box for each in number)
        tall = max(upper[3] - upper[1], lower[3] - lower[1])
        return lower[1] - upper[3] < _NUMBER.max_loop_gap_share * tall

    def _has_print(self, lines):
        """Return whether a line is far shorter than another and has what is no digit: a title."""
        heights = [max(part.box[3] - part.box[1] for part in line) for line in lines]
        return any(
            height < _NUMBER.max_print_height_share * max(heights)
            and any(part.energy > self._max_energy for part in line)
            for line, height in zip(lines, heights, strict=True)
        )

    def _read_line(self, ink, place, line, limit=np.inf):
        """Read one line as a number; an empty list if it costs `limit` or more."""
        key = place, line, limit
        if key not in self._read_before:
            number, found = [], cheapest_number(ink, self._read_segments, limit)
            for reading, (left, top, right, bottom), is_certain in found:
                box = left + place[0], top + place[1], right + place[0], bottom + place[1]
                reading = replace(reading, box=self._layout.to_picture(box), line=line)
                number.append(reading if is_certain else doubted(reading))
            self._read_before[key] = number
        return self._read_before[key]

    def _read_segments(self, segments):
        """Read segments: of each its reading, and its unlikeness to the digit it is read as."""
        keys = [(segment.shape, segment.tobytes()) for segment in segments]
        known = self._segments_read
        new = {key: ink for key, ink in zip(keys, segments, strict=True) if key not in known}
        readings = self._read_inked([(normalize_ink(ink), None) for ink in new.values()])
        known.update(zip(new, readings, strict=True))
        return [(known[key], self._unlikeness(known[key])) for key in keys]

    def _unlikeness(self, reading):
        excess = reading.energy - self._max_energy + _NUMBER.energy_margin
        return unlikeness_cost(excess, reading.probabilities.max())
