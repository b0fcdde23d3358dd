"""Fill the ink of hollow digits, which are drawn as outlines."""

from dataclasses import dataclass

import numpy as np

from digits.morphology import (
    coarse_mask,
    connected_components,
    erode,
    from_coarse,
    open,
    stroke_width,
)


@dataclass(frozen=True)
class _Outline:
    """What counts as a hollow digit; chosen on outlines of printed digits."""

    # Share of a filled outline that is thicker than twice the pen, at least.
    min_thick_share: float = 0.96
    # Squares per side of the grid on which hollow digits are filled, at most.
    max_grid_squares: int = 240
    # Thickness of a filled digit, as a share of its height, at most: else it is an area.
    max_limb_share: float = 0.4


_OUTLINE = _Outline()


def fill_outlines(ink):
    """Fill what is drawn as an outline: what an odd number of strokes lies beside is inside.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)

    Returns
    -------
    ndarray of uint8, shape (H, W), or None
        None if there are other strokes than closed outlines, or if these hold whole areas.
    """
    mask, coarse = coarse_mask(ink, _OUTLINE.max_grid_squares)
    padded = np.pad(mask, 1)
    starts = padded[:, 1:] & ~padded[:, :-1]
    is_odd = np.cumsum(starts, axis=1)[1:-1, :-1] % 2
    paper = connected_components(~mask)
    odd = np.bincount(paper.labels.ravel(), is_odd.ravel(), len(paper) + 1)[1:] / paper.areas
    left, top, right, bottom = paper.boxes.T
    inside = (left > 0) & (top > 0) & (right < mask.shape[1]) & (bottom < mask.shape[0])
    filled = mask | paper.select(inside & (odd > 0.5))
    pen = round(stroke_width(mask.astype(np.float32)))
    if open(filled, pen).sum() < _OUTLINE.min_thick_share * filled.sum():
        return None
    rows = np.flatnonzero(filled.any(axis=1))
    if erode(filled, round(_OUTLINE.max_limb_share / 2 * (np.ptp(rows) + 1))).any():
        return None
    return 255 * from_coarse(filled, coarse, ink.shape).astype(np.uint8)
