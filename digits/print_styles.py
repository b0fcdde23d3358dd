"""Ink of digits that no pen wrote in, solid strokes out: seven segments, hollow letters."""

from dataclasses import dataclass

import numpy as np

from digits.morphology import close, coarse_mask, connected_components, open, stroke_width


@dataclass(frozen=True)
class _Style:
    """How digits are told that no pen wrote; chosen on pictures made of such digits."""

    bars: float = 0.7  # share of the components that are bars: a display of seven segments
    long: float = 2.0  # times as long as it is thick: a bar
    full: float = 0.5  # share of a bar's box that it fills at least
    bridge: float = 0.8  # gap between segments, as a share of their thickness
    solid: float = 0.9  # share of a filled outline that is thicker than twice the pen
    side: int = 240  # pixels of the longer side at which hollow digits are filled


_STYLE = _Style()


def join_segments(ink, found):
    """Close the gaps between the segments of a display.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
    found : digits.morphology.Components
        Of the ink.

    Returns
    -------
    ndarray of uint8, shape (H, W)
        `ink` itself if most of its components are no bars, flat ones and upright ones.
    """
    large = found.areas > found.areas.max() / 6
    wide, tall = found.widths[large], found.heights[large]
    full = found.areas[large] / (wide * tall) > _STYLE.full
    flat, upright = full & (wide > _STYLE.long * tall), full & (tall > _STYLE.long * wide)
    if not flat.any() or not upright.any() or (flat | upright).mean() < _STYLE.bars:
        return ink
    thick = np.median(np.minimum(wide, tall)[flat | upright])
    return close(ink, max(1, round(_STYLE.bridge * thick / 2)))


def fill_outlines(ink):
    """Fill what is drawn as an outline: what an odd number of strokes lies beside is inside.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)

    Returns
    -------
    ndarray of uint8, shape (h, w), or None
        At most 240 pixels a side; None if there are other strokes than closed outlines.
    """
    mask, _ = coarse_mask(ink, _STYLE.side)
    padded = np.pad(mask, 1)
    starts = padded[:, 1:] & ~padded[:, :-1]
    is_odd = np.cumsum(starts, axis=1)[1:-1, :-1] % 2
    paper = connected_components(~mask)
    odd = np.bincount(paper.labels.ravel(), is_odd.ravel(), len(paper) + 1)[1:] / paper.areas
    left, top, right, bottom = paper.boxes.T
    inside = (left > 0) & (top > 0) & (right < mask.shape[1]) & (bottom < mask.shape[0])
    filled = mask | paper.select(inside & (odd > 0.5))
    pen = round(stroke_width(mask.astype(np.float32)))
    if open(filled, pen).sum() < _STYLE.solid * filled.sum():
        return None
    return 255 * filled.astype(np.uint8)
