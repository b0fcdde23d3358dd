"""Draw the seven-segment digits of a display anew, as a pen writes them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from digits.geometry import along_and_aside, distance_to_line, enclosing
from digits.morphology import connected_components, dilate, run_lengths


@dataclass(frozen=True)
class _Display:
    """What counts as a display; chosen on displays drawn with many pens, gaps and slants."""

    # Longer side of a reduced component in which bars are looked for, in pixels, at least.
    component_pixels: int = 64
    # Longer side of a reduced display in which digits are looked for, in pixels, at least.
    display_pixels: int = 400
    # Number of pieces of a display, at most: four digits have 28 segments.
    max_pieces: int = 80
    # Longer side of a piece, as a share of the largest one's, at least.
    min_piece_share: float = 0.35
    # Share of its box that a dot covers, at least.
    min_dot_fill_share: float = 0.7
    # Longer side of a dot, as a multiple of its shorter side, at most.
    max_dot_elongation: float = 1.5
    # Length of the straight run that a pixel of a segment lies in, in segment widths, at least.
    min_run_widths: float = 1.5
    # Share of a component's ink that lies in long enough straight runs, at least.
    min_straight_share: float = 0.7
    # Half of the gap between two segments of a digit, in segment widths, at most.
    max_half_gap_widths: float = 0.5
    # Height of a digit, as a share of the tallest one's, at least.
    min_height_share: float = 0.7
    # Rightward lean of a digit, as a share of its height, at most.
    max_lean_share: float = 0.2
    # Width of a segment, as a share of the shortest segment's length, at most.
    max_thickness_share: float = 0.6
    # Width of a digit other than 1, as a share of its height, at least.
    min_width_share: float = 0.2
    # Width of a digit, as a share of its height, at most.
    max_width_share: float = 0.9
    # Length that the core of a segment leaves out at each of its ends, in segment widths.
    core_margin_widths: float = 0.5
    # Share of the core that has ink if a segment is lit, at least.
    min_lit_share: float = 0.75
    # Share of the core that has ink if a segment is not lit, at most.
    max_unlit_share: float = 0.25
    # Distance of ink from the middle lines of the lit segments, in segment widths, at most.
    max_ink_offset_widths: float = 0.65
    # Share of a digit's ink that is near enough to its lit segments, at least.
    min_shown_share: float = 0.95


_DISPLAY = _Display()
# Segments a to g in a cell that is 1 wide and 2 high: where they start and end.
_SEGMENTS = {
    "a": ((0, 0), (1, 0)),
    "b": ((1, 0), (1, 1)),
    "c": ((1, 1), (1, 2)),
    "d": ((0, 2), (1, 2)),
    "e": ((0, 1), (0, 2)),
    "f": ((0, 0), (0, 1)),
    "g": ((0, 1), (1, 1)),
}
_LIT = {"abcdef": 0, "abdeg": 2, "abcdg": 3, "bcfg": 4, "acdfg": 5, "acdefg": 6, "cdefg": 6}
_LIT |= {"abc": 7, "abcf": 7, "abcdefg": 8, "abcdfg": 9, "abcfg": 9}
_A, _B, _C, _D, _E, _F, _G = (np.mean(ends, axis=0).tolist() for ends in _SEGMENTS.values())
_STROKES = {  # in the same cell, most of them from middle to middle of a segment
    0: [[_A, _B, _C, _D, _E, _F, _A]],
    1: [[(0.5, 0), (0.5, 2)]],
    2: [[(0, 0), _A, _B, _G, _E, (0, 2), (1, 2)]],
    3: [[(0, 0), _A, _B, _G, _C, _D, (0, 2)]],
    4: [[(0, 0), (0, 1), (1, 1)], [(1, 0), (1, 2)]],
    5: [[(1, 0), (0, 0), (0, 1), _G, _C, _D, (0, 2)]],
    6: [[_A, _F, _E, _D, _C, _G, _E]],
    7: [[(0, 0), (1, 0), (1, 2)]],
    8: [[_G, _B, _A, _F, _G, _C, _D, _E, _G]],
    9: [[_B, _G, _F, _A, _B, _C, _D]],
}


def redraw_display(ink, found):
    """Draw the digits of a display anew, as a pen writes them.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
        0 on paper, the largest value where the ink is full.
    found : digits.morphology.Components
        Of the ink.

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Unchanged unless all that is large, but for what the edges of the picture cut off, are
        digits of seven segments. Zeros and ones alone may be boxes and lines: they stay.
    """
    is_whole = (found.boxes[:, :2] > 0).all(axis=1)
    is_whole &= (found.boxes[:, 2:] < ink.shape[::-1]).all(axis=1)
    if not is_whole.any():
        return ink
    sizes = np.maximum(found.widths, found.heights)
    pieces = is_whole & (sizes >= _DISPLAY.min_piece_share * sizes[is_whole].max())
    is_dot = found.areas > _DISPLAY.min_dot_fill_share * found.widths * found.heights
    is_dot &= sizes < _DISPLAY.max_dot_elongation * np.minimum(found.widths, found.heights)
    pieces &= ~is_dot
    if not 0 < pieces.sum() <= _DISPLAY.max_pieces:
        return ink
    if not all(_is_of_bars(found.crop(i)) for i in np.flatnonzero(pieces)):
        return ink
    left, top, right, bottom = enclosing(found.boxes[pieces])
    is_piece = np.append(False, pieces)
    labels, step = _subsample(found.labels[top:bottom, left:right], _DISPLAY.display_pixels)
    shown = _decode(is_piece[labels])
    redrawn = np.where(is_piece[found.labels], 0, ink) if shown else ink
    for cell, digit in shown:
        for stroke in cell.strokes(digit):
            _draw(redrawn, step * stroke + (left, top), step * cell.width, ink.max())
    return redrawn


def shows_digit(mask):
    """Return whether a component is a digit that `redraw_display` draws anew.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
        The component, cut out.

    Returns
    -------
    bool
        Found fast for what a pen drew, which hardly ever has ink at the ends of both rows where
        only the upright segments of a display can be.
    """
    if not (_reaches_an_end(mask, 0.25) and _reaches_an_end(mask, 0.75) and _is_of_bars(mask)):
        return False
    return bool(_decode(_subsample(mask, _DISPLAY.display_pixels)[0]))


def _reaches_an_end(mask, down):
    """Return whether a row, `down` the mask, has ink where a display that leans may have any."""
    height, width = mask.shape
    inked = np.flatnonzero(mask[int(down * height)])
    lean = _DISPLAY.max_lean_share * height
    room = 1 + height // _DISPLAY.component_pixels
    return bool(inked.size) and (
        inked[0] <= (1 - down) * lean + room or inked[-1] >= width - 1 - down * lean - room
    )


def _decode(mask):
    """Tell the digits of a display: cells with their digits, none if it is not all of digits.

    Zeros and ones alone may be boxes and lines: they are none either.
    """
    shown = []
    for cell in _find_cells(mask) if mask.any() else []:
        shown.append((cell, cell.digit()))
        if shown[-1][1] is None:
            return []
    return [] if {digit for _, digit in shown} <= {0, 1} else shown


def _subsample(image, side):
    """Keep one pixel of so many in each direction: what is left, and how many."""
    step = max(1, max(image.shape) // side)
    return image[::step, ::step], step


def _draw(ink, stroke, width, level):
    """Draw a stroke, (x, y) in rows, into ink with a round pen."""
    rows, columns = ink.shape
    low = np.clip(np.floor(stroke.min(axis=0) - width), 0, (columns, rows)).astype(int)
    high = np.clip(np.ceil(stroke.max(axis=0) + width), 0, (columns, rows)).astype(int)
    points = np.stack(np.meshgrid(*map(np.arange, low, high)), axis=-1) + 0.5
    away = [distance_to_line(points, start, end) for start, end in pairwise(stroke)]
    part = ink[low[1] : high[1], low[0] : high[0]]
    part[np.min(away, axis=0) <= width / 2] = level


def _is_of_bars(mask):
    """Return whether a component is made of upright and flat bars, as a pen rarely draws them."""
    mask, _ = _subsample(mask, _DISPLAY.component_pixels)
    if not mask.any():
        return False
    width, lengths = _runs(mask)
    return bool((lengths >= _DISPLAY.min_run_widths * width).mean() >= _DISPLAY.min_straight_share)


def _runs(mask):
    """Measure the usual width of upright and flat bars, and the longer run of each pixel."""
    down, across = run_lengths(mask)[mask], run_lengths(mask.T).T[mask]
    return float(np.median(np.minimum(down, across))), np.maximum(down, across)


def _find_cells(mask):
    """Find the cells of the digits, all of which lean alike; none if something is far lower."""
    width, _ = _runs(mask)
    joined = connected_components(dilate(mask, max(1, round(_DISPLAY.max_half_gap_widths * width))))
    if joined.heights.min() < _DISPLAY.min_height_share * joined.heights.max():
        return []
    drawn = [_pixels_of(joined, i, mask) for i in range(len(joined))]
    ends = [_row_ends(y, x) for y, x in drawn]
    slants = np.linspace(0, _DISPLAY.max_lean_share, 11)
    slant = min(slants, key=lambda slant: sum(np.ptp(x + slant * y) for y, x in ends))
    return [_Cell(x, y, slant, width) for y, x in drawn]


def _pixels_of(found, i, mask):
    """Find the pixels of a mask in one of the components that are found: y and x, each (n,)."""
    left, top, right, bottom = found.boxes[i]
    y, x = np.nonzero(found.crop(i) & mask[top:bottom, left:right])
    return y + top, x + left


def _row_ends(y, x):
    """Choose the first and the last of the pixels of each row, which are in order of their rows."""
    first = np.flatnonzero(np.diff(y, prepend=-1))
    both = np.concatenate([first, first[1:] - 1, [len(y) - 1]])
    return y[both], x[both]


class _Cell:
    """The ink of one digit, in a box that leans as the digits do."""

    def __init__(self, x, y, slant, width):
        self._slant, self.width = slant, width
        x = x + slant * y  # upright
        self._corner = np.array([x.min(), y.min()]) + width / 2  # of the segments' middle lines
        extent = np.array([np.ptp(x), np.ptp(y)]) + 1 - width
        self._unit = np.maximum(extent / (1, 2), 1)
        self._points = np.stack([x, y], axis=1) + 0.5 - self._corner

    def digit(self):
        """Tell the digit by the segments that are lit; None if they show none."""
        width, (across, down) = self.width, self._unit * (1, 2)
        if across < width / 2:
            return 1
        is_digit = _DISPLAY.min_width_share * down <= across <= _DISPLAY.max_width_share * down
        if not is_digit or width > _DISPLAY.max_thickness_share * self._unit.min():
            return None
        lit, away = "", np.full(len(self._points), np.inf)
        for name, ends in _SEGMENTS.items():
            start, end = ends * self._unit
            along, aside, length = along_and_aside(self._points, start, end)
            core = _DISPLAY.core_margin_widths * width
            in_middle = (along > core) & (along < length - core) & (aside < width / 2)
            share = in_middle.sum() / max((length - 2 * core) * width, 1)
            if share >= _DISPLAY.min_lit_share:
                lit += name
                away = np.minimum(away, distance_to_line(self._points, start, end))
            elif share > _DISPLAY.max_unlit_share:
                return None
        is_near = away <= _DISPLAY.max_ink_offset_widths * width
        return _LIT.get(lit) if is_near.mean() >= _DISPLAY.min_shown_share else None

    def strokes(self, digit):
        """Make the strokes of a digit that fill the box, (x, y) in rows."""
        for stroke in _STROKES[digit]:
            x, y = (stroke * self._unit + self._corner).T
            yield np.stack([x - self._slant * y, y], axis=1)
