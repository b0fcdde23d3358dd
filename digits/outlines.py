"""Fill the ink of hollow digits, which are drawn as outlines."""

from dataclasses import dataclass

import numpy as np

from digits.masks import coarse_mask, from_coarse, ink_threshold, stroke_width
from digits.morphology import connected_components, dilate, erode, open


@dataclass(frozen=True)
class _Outline:
    """What counts as a hollow digit; chosen on outlines of printed digits."""

    # Share of a filled outline that is thicker than twice the pen, at least.
    min_thick_share: float = 0.96
    # Squares per side of the grid on which hollow digits are filled, at most.
    max_grid_squares: int = 240
    # Thickness of a filled digit, as a share of its height, at most: else it is an area.
    max_limb_share: float = 0.4


@dataclass(frozen=True)
class _Tone:
    """What counts as an outline filled with a fainter tone; chosen on digits drawn like that."""

    # Strength of the tone, as a share of the outline's, at most.
    max_strength_share: float = 0.6
    # Share of the ink that has the tone, at least.
    min_area_share: float = 0.3
    # Share of what is round the tone that is ink and not paper, at least.
    min_enclosed_share: float = 0.9


_OUTLINE, _TONE = _Outline(), _Tone()


def fill_outlines(ink):
    """Fill digits that are drawn as outlines, by the even-odd rule.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)

    Returns
    -------
    ndarray of uint8, shape (H, W), or None
        None if a stroke is not part of a closed outline, or if an outline encloses a large area.
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


def fill_tones(ink):
    """Give the fainter tone that outlines are filled with the strength of the outlines.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)

    Returns
    -------
    ndarray of uint8, shape (H, W)
        `ink` itself if there is no such tone.
    """
    low, high = ink_threshold(ink), int(_TONE.max_strength_share * ink.max())
    some = ink[::4]  # tell most drawings in a tenth of the time
    if ((some > low) & (some < high)).sum() <= _TONE.min_area_share * (some > low).sum():
        return ink
    mask = ink > low
    tone = open(mask & (ink < high), 1)  # not the edges of strokes
    around = dilate(tone, 1) & ~tone
    is_large = tone.sum() > _TONE.min_area_share * mask.sum()
    if not is_large or (around & mask).sum() < _TONE.min_enclosed_share * around.sum():
        return ink
    return np.where(dilate(tone, 1) & mask, ink.max(), ink)
