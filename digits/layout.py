"""Describe what lies where in a picture: the ink that is handwriting, and what was left out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

REASONS = [
    "edge",
    "block",
    "faint",
    "frame",
    "rule",
    "bracket",
    "slash",
    "percent",
    "sign",
    "line",
    "speck",
    "illegible",
]
"""Why something is left out; illegible is print, and what the network turned away.

The page names them by ``left_out_kinds`` in page/text.json.
"""


@dataclass(frozen=True)
class LeftOut:
    """Something on the paper that is not handwriting of digits.

    Attributes
    ----------
    box : tuple of int
        Left, top, right and bottom, right and bottom exclusive.
    reason : str
        One of `REASONS`.
    is_clear : bool
        Whether it is certainly no digit.
    """

    box: tuple[int, int, int, int]
    reason: str
    is_clear: bool = True


@dataclass(frozen=True, eq=False)
class Layout:
    """What was found on a picture.

    Attributes
    ----------
    ink : ndarray of uint8, shape (h, w), or None
        The handwriting, cut out: 0 on paper, the largest value where the ink is full. None if the
        picture is blank.
    box : tuple of int, or None
        Where `ink` lies: left, top, right and bottom, right and bottom exclusive, in pixels of the
        analysed copy of the picture.
    shape : tuple of int
        Height and width of that copy.
    picture_shape : tuple of int
        Height and width of the upright picture.
    left_out : tuple of LeftOut
        What is not handwriting; boxes in pixels of the upright picture.
    may_hold_sign : bool
        Whether something in the ink may be a sign instead of a digit.
    is_drawing : bool
        Whether the ink is a drawing of something, such as a face.
    is_scattered : bool
        Whether the ink is in more pieces than a digit has, as print is.
    is_cut : bool
        Whether an edge of a photo may cut the ink off.
    is_one_piece : bool
        Whether the ink is known to be in one piece.
    fuller : Layout or None
        The layout with the few pieces that were left out but may belong to a digit.
    small : Layout or None
        The layout of what may be digits far smaller than the others, if these were left out.
    make_closed, make_blurred : callable or None
        Make `closed` and `blurred`, which take long and are rarely needed.
    framed : Layout or None
        The layout with the frames that were left out, if these may be outlines of hollow digits.
    """

    ink: np.ndarray | None
    box: tuple[int, int, int, int] | None
    shape: tuple[int, int]
    picture_shape: tuple[int, int]
    left_out: tuple[LeftOut, ...] = ()
    may_hold_sign: bool = False
    is_drawing: bool = False
    is_scattered: bool = False
    is_cut: bool = False
    is_one_piece: bool = False
    fuller: "Layout | None" = None
    small: "Layout | None" = None
    make_closed: "Callable[[], Layout | None] | None" = None
    make_blurred: "Callable[[], Layout | None] | None" = None
    framed: "Layout | None" = None

    def to_picture(self, box):
        """Carry a box over from the ink to the upright picture."""
        left, top = self.box[:2]
        y, x = self.picture_shape[0] / self.shape[0], self.picture_shape[1] / self.shape[1]
        return (
            round((box[0] + left) * x),
            round((box[1] + top) * y),
            round((box[2] + left) * x),
            round((box[3] + top) * y),
        )

    @property
    def picture_box(self):
        """The box of all ink in pixels of the upright picture, or None if it is blank."""
        if self.box is None:
            return None
        height, width = self.ink.shape
        return self.to_picture((0, 0, width, height))

    def with_left_out(self, boxes, reason):
        """Return this layout with more boxes in `left_out`, which may still be handwriting."""
        left = tuple(LeftOut(box, reason, is_clear=False) for box in boxes)
        return replace(self, left_out=self.left_out + left)

    def without_left_out(self, boxes):
        """Return this layout without what was left out within some boxes, which was read."""
        left = [
            each
            for each in self.left_out
            if not any(
                box[0] <= (each.box[0] + each.box[2]) / 2 < box[2]
                and box[1] <= (each.box[1] + each.box[3]) / 2 < box[3]
                for box in boxes
            )
        ]
        return replace(self, left_out=tuple(left))

    @cached_property
    def closed(self):
        """The layout with gaps in strokes closed, or None if no stroke may be broken."""
        return self.make_closed and self.make_closed()

    @cached_property
    def blurred(self):
        """The layout without the texture of what is written on, or None if that is smooth."""
        return self.make_blurred and self.make_blurred()

    @property
    def is_plain(self):
        """Whether there is only one way to look at the picture."""
        return self.closed is None and self.blurred is None

    @property
    def is_unambiguous(self):
        """Whether all writing is there, and clearly nothing else: no sign, nothing cut off."""
        return not (self.may_hold_sign or self.is_cut) and all(e.is_clear for e in self.left_out)

    @property
    def touches_edge(self):
        """Whether the ink reaches an edge of the picture."""
        if self.box is None:
            return False
        left, top, right, bottom = self.box
        return min(left, top) == 0 or bottom == self.shape[0] or right == self.shape[1]
