"""Ink of few pixels in, the same with the smooth outline of a pen stroke out."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from digits.model_input import BOX
from digits.morphology import bounds, ink_threshold


@dataclass(frozen=True)
class _Coarse:
    """How ink of few pixels is enlarged; chosen on UNIPEN digits drawn 8 to 18 pixels high."""

    side: int = 28  # pixels of the longer side below which the pixels themselves would show
    fine: int = 96  # pixels of the longer side that it is enlarged to, at least
    blur: float = 0.5  # standard deviation of the Gaussian, in the coarse pixels
    low: float = 0.2  # shares of the full ink between which ...
    high: float = 0.6  # ... a pixel goes from paper to ink: edges are as steep as a pen's again


@dataclass(frozen=True)
class _Blocks:
    """What tells that the pixels of a small picture were repeated to make a larger one."""

    least: int = 2  # pixels of a block's side
    runs: int = 7  # of equal rows and of equal columns at least, together
    single: float = 1.5  # times as long as the shortest run: the next one is of two blocks
    off: float = 0.15  # sides of a block that an edge may be off the grid


_COARSE, _BLOCKS = _Coarse(), _Blocks()


def shrink_blocks(crop):
    """Undo the enlarging of a small picture by repeating its pixels, as plots and editors do.

    Parameters
    ----------
    crop : ndarray of uint8, shape (H, W)
        Ink that fills its picture.

    Returns
    -------
    ndarray of uint8
        One pixel for each block of pixels; `crop` itself if it is not made of blocks, or of so
        many that they do not show.
    """
    threshold = ink_threshold(crop)
    if len(crop) < 2 or not np.array_equal(*(crop[:2] > threshold)):  # nearly always
        return crop
    mask = crop > threshold
    runs = [_runs(mask), _runs(mask.T)]
    every = np.concatenate(runs)
    if every.min() < _BLOCKS.least or every.size < _BLOCKS.runs:
        return crop
    side = every[every < _BLOCKS.single * every.min()].mean()
    rows, columns = (max(1, round(length / side)) for length in crop.shape)
    edges = (rows / len(crop) * np.cumsum(runs[0]), columns / crop.shape[1] * np.cumsum(runs[1]))
    is_off = any((np.abs(each - each.round()) > _BLOCKS.off).any() for each in edges)
    if is_off or max(rows, columns) >= _COARSE.side:
        return crop
    return np.asarray(Image.fromarray(crop).resize((columns, rows), Image.Resampling.BOX))


def _runs(mask):
    """Count the equal rows that follow each other in a mask: int (n,)."""
    changes = np.flatnonzero((mask[1:] != mask[:-1]).any(axis=1)) + 1
    return np.diff(changes, prepend=0, append=len(mask))


def enlarge_smoothly(crop):
    """Give ink of few pixels the smooth outline of a pen stroke.

    A digit 8 to 18 pixels high is made of steps that no pen leaves. Bicubic interpolation and a
    slight blur take the steps out, and more contrast makes the edges steep again.

    Parameters
    ----------
    crop : ndarray of uint8, shape (H, W)
        Ink that fills its picture: 0 on paper, the largest value where the ink is full.

    Returns
    -------
    ndarray of uint8
        At least 96 pixels on its longer side, with ink of 255. `crop` itself if it has at least 28
        pixels, or exactly 20, as MNIST's own digits have: those need no scaling at all.
    """
    longer = max(crop.shape)
    if longer >= _COARSE.side or longer == BOX:
        return crop
    factor = -(-_COARSE.fine // longer)
    full = int(crop.max())
    room = 1  # a coarse pixel of paper all round, into which the blur may run
    padded = Image.fromarray(np.pad(crop, room))
    fine = padded.resize([factor * side for side in padded.size], Image.Resampling.BICUBIC)
    fine = fine.filter(ImageFilter.GaussianBlur(factor * _COARSE.blur))
    share = np.asarray(fine, np.float32) / full
    share = (share - _COARSE.low) / (_COARSE.high - _COARSE.low)
    fine = (255 * share.clip(0, 1)).astype(np.uint8)
    return fine[bounds(fine)] if fine.any() else crop
