"""Take out what programs draw with the writing, but fainter: watermarks and scroll bars."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import are_dust
from digits.layout import LeftOut


@dataclass(frozen=True)
class _Watermark:
    """What counts as print behind the writing; chosen on pictures made of UNIPEN digits."""

    max_strength_share: float = 0.4  # its strength, as a share of the strongest ink's, at most
    min_pieces: int = 10  # number of pieces that it is in, at least
    # Height of what is clearly no writing, as a share of the writing's, at most.
    max_height_share: float = 0.5


@dataclass(frozen=True)
class _ScrollBar:
    """What counts as a scroll bar; chosen on pages drawn like those of common programs."""

    max_strength_share: float = 0.85  # its strength, as a share of the strongest ink's, at most
    min_fill_share: float = 0.85  # share of its box that it covers, at least
    min_elongation: float = 3.0  # its length, as a multiple of its thickness, at least
    max_edge_distance: float = 2.0  # from the edge of the picture, in its thicknesses, at most


_WATERMARK, _SCROLL_BAR = _Watermark(), _ScrollBar()
_FULL = 255  # strength of black ink on white paper


def without_watermark(ink, found):
    """Take out print far fainter than the writing.

    Where it meets the writing, with which it is one component then, it is taken out by its strength
    alone.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
        0 on paper, the largest value where the ink is full.
    found : digits.morphology.Components
        Of the ink.

    Returns
    -------
    ink : ndarray of uint8, shape (H, W)
        The rest of it; `ink` itself if there is no such print.
    left_out : list of LeftOut
        Without specks, which compression leaves beside the writing.
    """
    if len(found) <= _WATERMARK.min_pieces:
        return ink, []
    limit = _WATERMARK.max_strength_share * ink.max()
    is_faint = _strengths(ink, found) < limit
    if is_faint.sum() < _WATERMARK.min_pieces:
        return ink, []
    # What is as tall as the writing may be pencil beside print.
    is_low = found.heights < _WATERMARK.max_height_share * found.heights[~is_faint].max()
    left_out = [
        LeftOut(tuple(found.boxes[i].tolist()), "faint", is_clear=bool(is_low[i]))
        for i in np.flatnonzero(is_faint & ~are_dust(found))
    ]
    return ink * (ink >= limit), left_out


def without_scroll_bars(ink, found):
    """Take out even bars along the edges of the picture, fainter than the writing.

    If there is no writing, they are fainter than black on white. See `without_watermark`.
    """
    upright = found.heights > found.widths
    long, thick = np.maximum(found.widths, found.heights), np.minimum(found.widths, found.heights)
    is_bar = found.areas >= _SCROLL_BAR.min_fill_share * found.widths * found.heights
    is_bar &= long >= _SCROLL_BAR.min_elongation * thick
    rows, columns = ink.shape
    from_side = np.minimum(found.boxes[:, 0], columns - found.boxes[:, 2])
    from_top = np.minimum(found.boxes[:, 1], rows - found.boxes[:, 3])
    away = np.where(upright, from_side, from_top)
    is_bar &= away <= _SCROLL_BAR.max_edge_distance * thick
    if not is_bar.any():
        return ink, []
    strengths = _strengths(ink, found)
    full = strengths[~is_bar].max(initial=0) or _FULL
    is_bar &= strengths < _SCROLL_BAR.max_strength_share * full
    left_out = [LeftOut(tuple(box), "edge") for box in found.boxes[is_bar].tolist()]
    return ink * ~found.select(is_bar), left_out


def _strengths(ink, found):
    """Find the strongest ink of each component: (n,)."""
    strengths = np.zeros(len(found) + 1, ink.dtype)
    np.maximum.at(strengths, found.labels, ink)
    return strengths[1:]
