"""Sort components of ink into handwriting and what is left out, with a reason for each of those."""

from dataclasses import dataclass, replace

import numpy as np

from digits.geometry import (
    DIGIT,
    are_dust,
    digit_height,
    enclosing,
    equivalent_bars,
    has_inside,
    pen_width,
)
from digits.layout import LeftOut
from digits.layout_analysis.marks import leave_out_marks
from digits.layout_analysis.pen_marks import find_pen_marks
from digits.layout_analysis.signs import find_brackets, find_slashes
from digits.layout_analysis.straight_lines import leave_out_dashes, leave_out_lines


@dataclass(frozen=True)
class _Clutter:
    """What tells clutter from digits; lengths are in heights of a digit, unless told otherwise.

    Chosen on pictures made of UNIPEN digits, as `benchmarks.pictures` makes them; half of its test
    writers were among those that these were made of.
    """

    min_edge_contact: float = 0.5  # pixels on an edge, as a share of the longer side, at least
    max_edge_pens: float = 1.5  # pen of a digit along an edge, in widths of the others', at most
    min_edge_line: float = 2.0  # length of a line from an edge that is no 1, at least
    min_fill_share: float = 0.75  # share of its box that a filled area covers, at least
    min_large_share: float = 0.25  # area of a large component, as a share of the largest, at least
    min_blot_pens: float = 2.5  # thickness of a filled area, in widths of the pen, at least
    max_difference: float = 0.5  # relative height difference of a filled digit to others, at most
    max_filled_width: float = 1.3  # width of a filled digit, as a multiple of its height, at most
    max_filled_share: float = 0.92  # share of its box that a filled digit covers, at most
    # Pen of what is no writing, as a share of the writing's; few digits of one hand have less.
    max_thin_pens: float = 0.4
    min_cut: float = 0.2  # height of a digit that an edge cuts off, at least
    max_cut: float = 1.3  # height of a digit that an edge cuts off, at most
    max_pieces: int = 24  # number of pieces of a digit, at most, unless they are dots
    min_dots: int = 6  # number of pieces of a dotted digit, at least
    min_dot_share: float = 0.7  # share of a dotted digit's pieces that are dots, at least
    min_dot_fill: float = 0.65  # share of its box that a dot covers, at least
    max_dot_elongation: float = 1.5  # longer side of a dot, as a multiple of the shorter, at most
    max_components: int = 200  # number of components that can be looked at one by one, at most


_CLUTTER = _Clutter()
_DOUBTFUL = ("slash", "sign", "rule", "line", "speck")  # reasons that a part of a digit may have


class Sorter:
    """Sorts the components of one picture.

    Parameters
    ----------
    found : digits.morphology.Components

    Attributes
    ----------
    found : digits.morphology.Components
    kept : ndarray of bool, shape (n,)
        Which components are handwriting.
    doubtful : ndarray of bool, shape (n,)
        Which components are left out but may still be part of a digit, as the bar of a 5
        that hangs free looks like a minus: only a reader can tell.
    small : ndarray of bool, shape (n,)
        Which components are left out as signs, but may be digits far smaller than the others.
    left_out : list of LeftOut
    may_hold_sign : bool
        Whether something that is kept may be a sign instead of a digit.
    """

    def __init__(self, found):
        self.found = found
        self.kept = np.ones(len(found), bool)
        self.doubtful, self.small = np.zeros((2, len(found)), bool)
        self.left_out = []
        self.may_hold_sign = False

    def sort(self, is_rest=False):
        """Leave out what is not handwriting, as long as something remains.

        Parameters
        ----------
        is_rest : bool
            Whether something was left out already: then what is along the edges of the picture is
            no digit even if nothing else remains.

        Returns
        -------
        Sorter
            Itself.
        """
        if not self.kept.any():
            return self
        self.leave_out_dust()
        if not self.are_few():
            self._leave_out_print()
        if not self.are_few():
            return self
        self._leave_out_edges(is_rest)
        if self.kept.any():
            self._leave_out_blocks()
            leave_out_dashes(self)
            leave_out_lines(self)
            self._leave_out_signs()
            leave_out_marks(self)
            self._leave_out_thin()
            self._doubt_cut_off()
        return self

    def leave_out(self, chosen, reason, is_clear=True, may_be_all=False, as_one=False):
        """Leave out some of the components that are kept, if others remain or none need to.

        Parameters
        ----------
        chosen : ndarray of bool, shape (n,), or int, or list of int
        reason, is_clear
            See `LeftOut`.
        may_be_all : bool
            Whether nothing else needs to remain.
        as_one : bool
            Whether they are parts of one thing.
        """
        which = np.zeros(len(self.found), bool)
        which[chosen] = True
        chosen = which & self.kept
        if not chosen.any() or not (may_be_all or (self.kept & ~chosen).any()):
            return
        self.kept &= ~chosen
        if reason in _DOUBTFUL:
            self.doubtful |= chosen
        boxes = self.found.boxes[chosen]
        boxes = [enclosing(boxes)] if as_one else map(tuple, boxes.tolist())
        self.left_out += [LeftOut(box, reason, is_clear) for box in boxes]

    def are_few(self):
        """Return whether so few components are kept that each can be looked at."""
        return self.kept.sum() <= _CLUTTER.max_components

    def are_scattered(self):
        """Return whether more is kept than a digit has pieces, unless it is made of dots."""
        return bool(self.kept.sum() > _CLUTTER.max_pieces and not self.are_dots())

    def are_dots(self):
        """Return whether what is kept is made of dots, as dotted digits are."""
        found, kept = self.found, self.kept
        if kept.sum() < _CLUTTER.min_dots:
            return False
        sides = np.stack([found.widths, found.heights])[:, kept]
        dots = found.areas[kept] > _CLUTTER.min_dot_fill * sides.prod(axis=0)
        dots &= sides.max(axis=0) <= _CLUTTER.max_dot_elongation * sides.min(axis=0)
        return bool(dots.mean() >= _CLUTTER.min_dot_share)

    def with_joined(self, found):
        """Make a sorter of what was kept and joined: all of it is kept, the rest left out."""
        joined = Sorter(found)
        joined.left_out, joined.may_hold_sign = self.left_out, self.may_hold_sign
        return joined

    def leave_out_dust(self):
        """Leave out specks far smaller than the largest component, by thousands if need be."""
        dust = are_dust(self.found)
        if (self.kept & ~dust).any():
            self.kept &= ~dust

    def _leave_out_print(self):
        """Leave out hundreds of pieces far smaller than the largest, all in one."""
        found = self.found
        tall = digit_height(found, self.kept)
        small = self.kept & (np.maximum(found.widths, found.heights) < DIGIT.max_letter * tall)
        if (self.kept & ~small).sum() > _CLUTTER.max_pieces:
            return
        self.leave_out(small, "illegible", is_clear=False, as_one=True)

    def _leave_out_edges(self, may_be_all):
        """Leave out what lies along an edge of the picture: strips, corners, title bars."""
        found, labels = self.found, self.found.labels
        edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
        contact = np.bincount(edge, minlength=len(found) + 1)[1:]
        longer = np.maximum(found.widths, found.heights)
        hugging = self.kept & (contact > _CLUTTER.min_edge_contact * longer)
        hugging &= ~self._are_digits_along_edge(hugging)
        self.leave_out(hugging, "edge", may_be_all=may_be_all)
        self._leave_out_lines_from_edges(self.kept & (contact > 0))
        remaining = np.flatnonzero(self.kept & hugging)  # of a picture cut to its only digit
        self.may_hold_sign |= not all(has_inside(found, i) for i in remaining)

    def _are_digits_along_edge(self, hugging):
        """Find digits of a row whose tops, bases or sides lie along the edge of the picture."""
        are_digits, others = np.zeros(len(self.found), bool), self.kept & ~hugging
        if not (hugging.any() and others.any()):
            return are_digits
        like_digits = np.flatnonzero(hugging & self._are_like_digits(others))
        widest = _CLUTTER.max_edge_pens * self.pen(others)
        are_digits[like_digits] = [
            has_inside(self.found, i) and pen_width(self.found, i) < widest for i in like_digits
        ]
        return are_digits

    def _leave_out_lines_from_edges(self, touching):
        """Leave out lines from an edge far longer than digits: the gutter of a book, a table's."""
        lengths, thicknesses, _ = equivalent_bars(self.found, touching)
        lines = lengths > DIGIT.min_line_ratio * thicknesses
        others = self.kept & ~lines
        if lines.any() and others.any():
            long = lengths > _CLUTTER.min_edge_line * digit_height(self.found, others)
            is_across = (self.found.boxes[:, :2] == 0) & (
                self.found.boxes[:, 2:] == self.found.labels.shape[::-1]
            )
            self.leave_out(lines & long & is_across.any(axis=1), "edge")
            self.leave_out(lines & long, "edge", is_clear=False)

    def _leave_out_blocks(self):
        """Leave out filled areas thicker than a pen: buttons, bars, blots."""
        found = self.found
        filled = found.areas > _CLUTTER.min_fill_share * found.widths * found.heights
        if (self.kept & filled).any() and (others := self.kept & ~filled).any():
            sides = np.minimum(found.widths, found.heights)
            blocks = filled & (sides > _CLUTTER.min_blot_pens * self.pen(others))
            blocks &= ~self._are_like_digits(others)
            row = enclosing(found.boxes[others])
            is_beside = (found.boxes[:, 1] < row[3]) & (found.boxes[:, 3] > row[1])
            may_be_digit = is_beside & (found.widths <= found.heights)
            self.leave_out(blocks & ~may_be_digit, "block")
            self.leave_out(blocks & may_be_digit, "block", is_clear=False)

    def _are_like_digits(self, digits):
        """Find what has the size of a row's digits: a thick pen fills the loops of some."""
        found = self.found
        tall = digit_height(found, digits)
        is_in_row = (found.boxes[:, 1] < found.boxes[digits, 3].max()) & (
            found.boxes[:, 3] > found.boxes[digits, 1].min()
        )
        is_as_tall = np.abs(found.heights / tall - 1) < _CLUTTER.max_difference
        is_no_bar = found.widths < _CLUTTER.max_filled_width * found.heights
        is_no_rectangle = found.areas < _CLUTTER.max_filled_share * found.widths * found.heights
        return is_in_row & is_as_tall & is_no_bar & is_no_rectangle

    def large(self, chosen):
        """Find the largest of some components, and those that are not much smaller."""
        areas = np.where(chosen, self.found.areas, 0)
        return np.flatnonzero(areas > _CLUTTER.min_large_share * areas.max())

    def pen(self, chosen):
        """Measure the width of the pen that drew the largest of some components."""
        return np.median([pen_width(self.found, i) for i in self.large(chosen)])

    def _leave_out_signs(self):
        """Leave out ticks, crosses, hashes, roots, brackets, percent signs and slashes."""
        self.leave_out(find_pen_marks(self.found, self.kept), "sign")
        brackets, is_clear, may_be_bracket = find_brackets(self.found, self.kept)
        self.leave_out(brackets, "bracket", is_clear)
        slashes, percents, may_be_slash = find_slashes(self.found, self.kept)
        self.may_hold_sign |= may_be_bracket or may_be_slash
        for sign in percents:
            self.leave_out(sign, "percent", as_one=True)
        self.leave_out(slashes, "slash", is_clear=False)

    def _leave_out_thin(self):
        """Leave out what a far thinner pen drew, such as a crack or the ring that a cup leaves."""
        tall = digit_height(self.found, self.kept)
        large = np.flatnonzero(self.kept & (self.found.heights > tall / 2))
        pens = np.array([pen_width(self.found, i) for i in large])
        thin = large[pens < _CLUTTER.max_thin_pens * self.pen(self.kept)]
        self.leave_out(thin, "line", is_clear=False)

    def _doubt_cut_off(self):
        """Doubt what was left out beside the digits at an edge that may have cut off a digit."""
        found = self.found
        tall = digit_height(found, self.kept)
        top, bottom = found.boxes[self.kept, 1].min(), found.boxes[self.kept, 3].max()
        for i, each in enumerate(self.left_out):
            left, high, right, low = each.box
            is_cut = left <= 1 or right >= found.labels.shape[1] - 1
            is_in_row = top < (high + low) / 2 < bottom
            is_like_digit = _CLUTTER.min_cut * tall < low - high < _CLUTTER.max_cut * tall
            if is_cut and is_in_row and is_like_digit:
                self.left_out[i] = replace(each, is_clear=False)
