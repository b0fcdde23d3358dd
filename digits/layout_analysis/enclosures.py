"""Find which components of ink run round others: frames, faces, and the rings of slashed zeros."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import DIGIT, are_within, enclosing, equivalent_bars, sides_passed


@dataclass(frozen=True)
class _Enclosure:
    """When something runs round something else; chosen like the constants of `frames`."""

    min_side_passed: float = 0.4  # share of each side of something that its frame passes, at least
    min_open_passed: float = 0.8  # share of each of three sides that an open frame passes, at least
    max_offset: float = 0.2  # offset from an open frame's middle, as a share of its sides, at most
    min_framed: float = 0.3  # height of what is framed, as a share of the frame's, at least
    min_page: float = 0.8  # height or width of a page, as a share of the picture's, at least
    min_on_page: float = 0.1  # height of what is on a page, as a share of the page's, at least
    min_eye: float = 0.05  # height of an eye, as a share of the face's, at least
    min_slash: float = 0.3  # width of the slash in a zero, as a share of the zero's, at least
    max_corner: float = 0.1  # size of the corners that a ring leaves free, as a share of its sides
    min_slant: float = 30.0  # degrees from upright from which a slash is certainly no 1
    max_zero_width: float = 0.85  # width of what is rather a zero than a ring, in its heights
    min_digit: float = 0.85  # height of a digit beside a zero, as a share of the zero's, at least


ENCLOSURE = _Enclosure()


def framed_by(found, i, kept):
    """Find what a component runs round as a frame does.

    Parameters
    ----------
    found : digits.morphology.Components
    i : int
        The component that may be a frame.
    kept : ndarray of int, shape (n,)
        The components that may be digits in it, or be `i`.

    Returns
    -------
    list of int
        Empty if it is not a frame.
    """
    inner = [j for j in kept if j != i and _is_frame(found, i, j)]
    return inner or _within_open_frame(found, i, kept)


def holds_pieces(sorter):
    """Return whether something kept runs round several small pieces, as a face round its eyes."""
    found, kept = sorter.found, np.flatnonzero(sorter.kept)
    for i in kept[np.argsort(-found.areas[kept])[:3]]:
        limit = ENCLOSURE.min_eye * found.heights[i]
        eyes = [j for j in kept if j != i and found.heights[j] > limit]
        if sum(_surrounds(found, i, j) for j in eyes) >= 2:
            return True
    return False


def may_be_slashed_zero(found, i, j):
    """Return whether component `j` may be the slash of a zero `i`, which it does not touch."""
    lengths, thicknesses, _ = equivalent_bars(found, np.arange(len(found)) == j)
    is_line = lengths[j] >= DIGIT.min_line_ratio * thicknesses[j]
    is_slash = is_line and found.widths[j] >= ENCLOSURE.min_slash * found.widths[i]
    return bool(is_slash and _is_round(found.crop(i)))


def is_slashed_zero(found, i, j, kept):
    """Return whether such a slash is no 1 with a ring round it: see `may_be_slashed_zero`.

    It is very slanted, or one of the digits beside it, among those that are `kept`, is as tall.
    """
    _, _, angles = equivalent_bars(found, np.arange(len(found)) == j)
    if abs(angles[j] - 90) >= ENCLOSURE.min_slant:
        return True
    top, bottom = found.boxes[i][[1, 3]]
    others = kept & ~np.isin(np.arange(len(found)), (i, j))
    others &= (found.boxes[:, 1] < bottom) & (found.boxes[:, 3] > top)
    return bool((found.heights[others] > ENCLOSURE.min_digit * (bottom - top)).any())


def _is_frame(found, i, j):
    """Return whether component `i` is a frame round `j`, which may be a digit."""
    width, height = found.widths[i], found.heights[i]
    rows, columns = found.labels.shape
    is_page = height > ENCLOSURE.min_page * rows or width > ENCLOSURE.min_page * columns
    return (
        found.heights[j] >= (ENCLOSURE.min_on_page if is_page else ENCLOSURE.min_framed) * height
        and found.widths[j] <= DIGIT.max_width * found.heights[j]
        and _surrounds(found, i, j)
    )


def _within_open_frame(found, i, kept):
    """Find what stands in the middle of a frame with a gap at one side; nothing without one."""
    outer = found.boxes[i]
    inner = kept[are_within(found.boxes, i)[kept]]
    inner = inner[found.heights[inner] >= ENCLOSURE.min_framed * found.heights[i]]
    if not len(inner):
        return []
    box = np.array(enclosing(found.boxes[inner]))
    away = np.abs(box[:2] + box[2:] - outer[:2] - outer[2:]) / 2
    is_central = (away < ENCLOSURE.max_offset * (outer[2:] - outer[:2])).all()
    surrounds = np.sort(sides_passed(found, i, box))[1] >= ENCLOSURE.min_open_passed
    return list(inner) if is_central and surrounds else []


def _is_round(crop):
    """Return whether a component, cut out, has ink in two corners of its box at most."""
    height, width = (max(1, int(ENCLOSURE.max_corner * side)) for side in crop.shape)
    corners = [part[:, :width].any() for part in (crop[:height], crop[-height:])]
    corners += [part[:, -width:].any() for part in (crop[:height], crop[-height:])]
    return sum(corners) <= 2


def _surrounds(found, i, j):
    return sides_passed(found, i, found.boxes[j]).min() >= ENCLOSURE.min_side_passed
