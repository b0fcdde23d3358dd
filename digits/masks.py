"""Make masks of ink, at full or at reduced resolution, and measure the width of its strokes."""

import numpy as np

from digits.morphology import connected_components, run_lengths

MIN_CONTRAST = 24
"""Levels of 255 between ink and paper, at least; less is a blank picture."""

_INKED = 0.1  # share of the full ink from which a pixel belongs to it
_BRIDGED = 0.8  # height up to which a gap is bridged, as a share of the strokes' width


def ink_threshold(ink):
    """Return the level that a pixel must be above to belong to the ink: an int, for speed."""
    return int(ink.max() * _INKED)


def bounds(mask):
    """Return the rows and columns between the first and the last ones of a mask that are set.

    Parameters
    ----------
    mask : ndarray, shape (H, W)

    Returns
    -------
    tuple of slice
        Both empty if nothing is set.
    """
    sides = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return tuple(slice(*((side[0], side[-1] + 1) if side.size else (0, 0))) for side in sides)


def outline_sides(mask):
    """Count the sides that pixels of a mask share with pixels that are not set."""
    return (mask[1:] != mask[:-1]).sum() + (mask[:, 1:] != mask[:, :-1]).sum()


def coarse_mask(ink, side):
    """Mark the squares that have ink, of a grid of at most `side` squares a side.

    Returns the mask, and the side of a square in pixels.
    """
    factor = max(1, -(-max(ink.shape) // side))
    small = ink
    if factor > 1:
        small = np.zeros([length + -length % factor for length in ink.shape], ink.dtype)
        small[: ink.shape[0], : ink.shape[1]] = ink  # np.pad takes longer than that
        for _ in range(2):  # the largest of each square, much faster than over two axes of blocks
            small = np.maximum.reduce([small[i::factor] for i in range(factor)]).T
    return small > ink_threshold(small), factor


def from_coarse(mask, factor, shape):
    """Enlarge what was found on a coarse mask to the shape of the ink; see `coarse_mask`."""
    return mask.repeat(factor, 0).repeat(factor, 1)[: shape[0], : shape[1]]


def bridge_gaps(mask):
    """Fill vertical gaps in a mask that are narrower than its strokes are wide.

    This rejoins what a scan or a display has broken into pieces one above another.
    """
    gap = max(1, round(_BRIDGED * stroke_width(mask.astype(np.float32)))) if mask.any() else 0
    paper = ~np.pad(mask, ((gap + 1, gap + 1), (0, 0)))
    return mask | (paper & (run_lengths(paper) <= gap))[gap + 1 : len(mask) + gap + 1]


def stroke_width(ink):
    """Measure the mean width of strokes: one of length L has area L*w and total variation 2*L.

    Parameters
    ----------
    ink : ndarray of float32, shape (H, W)
        Full ink 1, paper 0; not all zeros.

    Returns
    -------
    float
        In pixels.
    """
    height, width = ink.shape
    padded = np.zeros((height + 2, width + 2), np.float32)
    padded[1:-1, 1:-1] = ink
    down = padded[1:, 1:] - padded[:-1, 1:]
    right = padded[1:, 1:] - padded[1:, :-1]
    return 2 * ink.sum() / np.sqrt(down * down + right * right).sum()


def find_pieces(ink, side):
    """Find the components of ink on a coarse grid, with narrow gaps filled: see `bridge_gaps`.

    Returns the coarse mask, the side of a square in pixels, and Components; see `coarse_mask`.
    """
    mask, factor = coarse_mask(ink, side)
    return mask, factor, connected_components(bridge_gaps(mask))
