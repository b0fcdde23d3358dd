"""Take the marks of highlighters out of the light that ink absorbs in a photo."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import equivalent_bars, pen_width
from digits.morphology import connected_components, open


@dataclass(frozen=True)
class _Highlight:
    """What counts as a highlighter's mark; chosen on photos of highlighted UNIPEN digits."""

    # Share of the light that colours differ by if they are told apart to find the main one.
    colour_step: float = 0.1
    # Share of the light that its own colour lets through, on average over the channels, at least.
    min_transmitted_share: float = 0.3
    # Share of the light of its own colour that the writing on it absorbs, at least.
    min_writing_contrast: float = 0.3
    # Share of the component that is writing, at least.
    min_writing_share: float = 0.02
    # Share of the component that has the mark's own colour, at least.
    min_mark_share: float = 0.3
    # Thickness of the mark, in widths of the pen that wrote on it, at least.
    min_thickness_pen_widths: float = 3.0
    # Thickness of the mark, as a share of the photo's longer side, at least.
    min_thickness_share: float = 0.035
    # Share of the mark's own colour that is thick enough, at least.
    min_thick_share: float = 0.5
    # Share that the mark covers of the bar with the same moments, at least.
    min_bar_fill_share: float = 0.7
    # Longer side of the largest stroke on it, as a share of the component's shorter side, at least.
    min_writing_size_share: float = 0.3
    # Number of components that are looked at, the largest ones, at most.
    max_components: int = 3


_HIGHLIGHT = _Highlight()
_BLACK = 8  # levels added to the paper's, since on black there is noise alone


def without_highlighter(absorbed, found, layers):
    """Take out the marks of highlighters, but for what is written on them.

    Parameters
    ----------
    absorbed : ndarray of float32, shape (H, W)
        Share of the light that each pixel absorbs, in the channel where that is most.
    found : digits.morphology.Components
        Of what absorbs light.
    layers : list of (ndarray, ndarray) of uint8, shape (H, W)
        Of each channel the light of the paper, and how much darker each pixel is.

    Returns
    -------
    ndarray of float32, shape (H, W)
        `absorbed` itself if there are no such marks.
    """
    rest = absorbed
    for i in np.argsort(-found.areas)[: _HIGHLIGHT.max_components]:
        left, top, right, bottom = found.boxes[i]
        part, crop = np.s_[top:bottom, left:right], found.crop(i)
        shares = [absorbed_share(darker[part][crop], paper[part][crop]) for paper, darker in layers]
        least = _HIGHLIGHT.min_thickness_share * max(absorbed.shape)
        writing = _writing_on_mark(np.stack(shares, axis=1), crop, least)
        if writing is not None:
            rest = absorbed.copy() if rest is absorbed else rest
            rest[part][crop] = writing
    return rest


def absorbed_share(darker, paper):
    """Return the share of the paper's light that is absorbed where a pixel is so much darker."""
    return darker / (paper + np.float32(_BLACK))


def _writing_on_mark(ink, mask, least):
    """Measure what the ink of a mask, (n, channels), absorbs of the light of its main colour.

    None if it is not an area of one colour, at least so thick, with writing in it.
    """
    steps = (ink / _HIGHLIGHT.colour_step).astype(int).clip(0, 9) @ 10 ** np.arange(ink.shape[1])
    colour = np.median(ink[steps == np.bincount(steps).argmax()], axis=0)
    if (1 - colour).mean() < _HIGHLIGHT.min_transmitted_share:
        return None
    rest = 1 - (1 - ink).mean(axis=1) / (1 - colour).mean()  # all channels: it is darker in each
    is_writing = rest > _HIGHLIGHT.min_writing_contrast
    is_mark = np.abs(rest) <= _HIGHLIGHT.min_writing_contrast
    if (
        is_writing.mean() < _HIGHLIGHT.min_writing_share
        or is_mark.mean() < _HIGHLIGHT.min_mark_share
    ):
        return None
    writing = np.zeros(mask.shape, bool)
    writing[mask] = is_writing
    strokes = connected_components(writing)
    largest = strokes.areas.argmax()
    size = max(strokes.widths[largest], strokes.heights[largest])
    if size < _HIGHLIGHT.min_writing_size_share * min(mask.shape):
        return None
    thick = open(mask, round(_HIGHLIGHT.min_thickness_pen_widths * pen_width(strokes, largest) / 2))
    if (thick & open(mask, round(least / 2)))[mask][is_mark].mean() < _HIGHLIGHT.min_thick_share:
        return None
    bars = connected_components(thick)
    i = bars.areas.argmax()
    lengths, thicknesses, _ = equivalent_bars(bars, np.arange(len(bars)) == i)
    is_bar = bars.areas[i] > _HIGHLIGHT.min_bar_fill_share * lengths[i] * thicknesses[i]
    if not is_bar:
        return None
    # A digit that goes on beyond the mark may be darker than it in one channel alone.
    is_beyond = ~thick[mask]
    darker = 1 - ((1 - ink) / (1 - colour)).min(axis=1)
    is_writing |= is_beyond & (darker > _HIGHLIGHT.min_writing_contrast)
    return np.where(is_beyond, ink.max(axis=1), rest) * is_writing
