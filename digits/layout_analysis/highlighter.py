"""The light that ink absorbs in a photo in; out, the same without the marks of highlighters."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import pen_width, shapes
from digits.morphology import connected_components, open


@dataclass(frozen=True)
class _Mark:
    """What such a mark is; chosen on photos of highlighted UNIPEN digits."""

    step: float = 0.1  # of the light, by which two of its colours are told apart
    light: float = 0.3  # that it lets through at least, as a mean of the channels
    contrast: float = 0.3  # share of its light that the writing on it absorbs at least
    writing: float = 0.02  # share of the component that has another colour at least
    area: float = 0.3  # share that has its own
    thick: float = 3.0  # times as thick as the pen that wrote on it, ...
    least: float = 0.035  # ... and, as a share of the photo's longer side, at least so thick
    main: float = 0.5  # share of its own colour that is so thick
    solid: float = 0.7  # share that it covers of the bar with the same moments
    high: float = 0.3  # height of the writing, as a share of the component's shorter side
    most: int = 3  # largest components that are looked at


_MARK = _Mark()
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
    for i in np.argsort(-found.areas)[: _MARK.most]:
        left, top, right, bottom = found.boxes[i]
        part, crop = np.s_[top:bottom, left:right], found.crop(i)
        shares = [absorbed_share(darker[part][crop], paper[part][crop]) for paper, darker in layers]
        least = _MARK.least * max(absorbed.shape)
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
    steps = (ink / _MARK.step).astype(int).clip(0, 9) @ 10 ** np.arange(ink.shape[1])
    colour = np.median(ink[steps == np.bincount(steps).argmax()], axis=0)
    if (1 - colour).mean() < _MARK.light:
        return None
    rest = 1 - (1 - ink).mean(axis=1) / (1 - colour).mean()  # all channels: it is darker in each
    is_writing = rest > _MARK.contrast
    is_mark = np.abs(rest) <= _MARK.contrast
    if is_writing.mean() < _MARK.writing or is_mark.mean() < _MARK.area:
        return None
    writing = np.zeros(mask.shape, bool)
    writing[mask] = is_writing
    strokes = connected_components(writing)
    largest = strokes.areas.argmax()
    if max(strokes.widths[largest], strokes.heights[largest]) < _MARK.high * min(mask.shape):
        return None
    thick = open(mask, round(_MARK.thick * pen_width(strokes, largest) / 2))
    if (thick & open(mask, round(least / 2)))[mask][is_mark].mean() < _MARK.main:
        return None
    bars = connected_components(thick)
    i = bars.areas.argmax()
    lengths, thicknesses, _ = shapes(bars, np.arange(len(bars)) == i)
    is_bar = bars.areas[i] > _MARK.solid * lengths[i] * thicknesses[i]
    return rest * is_writing if is_bar else None
