"""Give ink of few pixels the smooth outline of a pen stroke."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from digits.masks import bounds, ink_threshold
from digits.model_input import BOX


@dataclass(frozen=True)
class _Coarse:
    """How ink of few pixels is enlarged; chosen on UNIPEN digits drawn 8 to 18 pixels high."""

    min_side_pixels: int = 28  # longer side of ink that needs no smoothing, in pixels, at least
    min_enlarged_pixels: int = 96  # longer side of the enlarged ink, in pixels, at least
    blur_pixels: float = 0.5  # standard deviation of the Gaussian blur, in pixels of the coarse ink
    paper_share: float = 0.2  # share of the full ink up to which a pixel becomes paper
    # Share of the full ink from which a pixel becomes full: edges are as steep as a pen's.
    full_ink_share: float = 0.6


@dataclass(frozen=True)
class _Blocks:
    """What tells that the pixels of a small picture were repeated to make a larger one."""

    min_side_pixels: int = 2  # side of a block, in pixels, at least
    min_runs: int = 7  # number of runs of equal rows and of equal columns together, at least
    # Length of a run of one block, as a multiple of the shortest run's, at most.
    max_single_ratio: float = 1.5
    max_off_grid: float = 0.15  # distance of an edge from the grid, in sides of a block, at most


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
    if every.min() < _BLOCKS.min_side_pixels or every.size < _BLOCKS.min_runs:
        return crop
    side = every[every < _BLOCKS.max_single_ratio * every.min()].mean()
    rows, columns = (max(1, round(length / side)) for length in crop.shape)
    edges = (rows / len(crop) * np.cumsum(runs[0]), columns / crop.shape[1] * np.cumsum(runs[1]))
    is_off = any((np.abs(each - each.round()) > _BLOCKS.max_off_grid).any() for each in edges)
    if is_off or max(rows, columns) >= _COARSE.min_side_pixels:
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
        Enlarged to at least 96 pixels on its longer side, then cut to what remains of the ink,
        which is 255 where it is full. `crop` itself if it has at least 28 pixels, or exactly 20, as
        MNIST's own digits have: those need no scaling at all.
    """
    longer = max(crop.shape)
    if longer >= _COARSE.min_side_pixels or longer == BOX:
        return crop
    factor = -(-_COARSE.min_enlarged_pixels // longer)
    full = int(crop.max())
    room = 1  # a coarse pixel of paper all round, into which the blur may run
    padded = Image.fromarray(np.pad(crop, room))
    fine = padded.resize([factor * side for side in padded.size], Image.Resampling.BICUBIC)
    fine = fine.filter(ImageFilter.GaussianBlur(factor * _COARSE.blur_pixels))
    share = np.asarray(fine, np.float32) / full
    share = (share - _COARSE.paper_share) / (_COARSE.full_ink_share - _COARSE.paper_share)
    fine = (255 * share.clip(0, 1)).astype(np.uint8)
    return fine[bounds(fine)] if fine.any() else crop
