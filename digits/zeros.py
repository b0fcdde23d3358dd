"""Tell whether what is read as a 0 may be something else: a dot, a box, a digit in a ring."""

from dataclasses import dataclass

import numpy as np

from digits.masks import bounds, stroke_width
from digits.morphology import connected_components, erode


@dataclass(frozen=True)
class _Zero:
    """What a 0 looks like, on the model input; chosen on zeros of UNIPEN and MNIST."""

    # Share of its box that ink covers, at most; of 1,000 zeros two cover more.
    max_fill_share: float = 0.7
    # Strength from which ink belongs to a box, which may be thinner than a digit in it.
    min_box_strength: float = 0.1
    # Share of a side of a box where the outermost ink is in one row or column, at least; of 4,499
    # zeros two have three sides as straight as that.
    min_straight_share: float = 0.7
    # Strength from which ink belongs to a ring or to what it holds.
    min_ring_strength: float = 0.3
    # Distance from the inner edge of a ring up to which ink may be its own, in pixels.
    ring_margin_pixels: float = 0.8
    # Number of pixels of what a ring holds, at least.
    min_held_pixels: int = 4
    # Thickness of a slash, as of the bar with the same moments, in pixels, at most; of 8,690 zeros
    # 24 hold something thicker, of digits that touch a ring round them 62 %.
    max_slash_pixels: float = 3.5


_ZERO = _Zero()


def is_doubtful_zero(model_input):
    """Return whether what is read as a 0 is doubtful by its shape.

    Parameters
    ----------
    model_input : ndarray of float32, shape (28, 28)
        Ink 1 on paper 0.

    Returns
    -------
    bool
    """
    return _is_solid(model_input) or _is_box(model_input) or _holds_something(model_input)


def _is_solid(model_input):
    """Return whether ink fills most of its box: a dot or a blot is no 0 for certain."""
    mask = model_input > 0.5
    return bool(mask.any() and mask[bounds(mask)].mean() > _ZERO.max_fill_share)


def _is_box(model_input):
    """Return whether three sides at least are straight: of a box, round what may be a digit."""
    mask, straight = model_input > _ZERO.min_box_strength, 0
    for side in (mask, mask[::-1], mask.T, mask.T[::-1]):
        outermost = side.argmax(axis=0)[side.any(axis=0)]
        least = _ZERO.min_straight_share * max(outermost.size, 1)
        straight += np.bincount(outermost, minlength=1).max() >= least
    return straight >= 3


def _holds_something(model_input):
    """Return whether more than a slash is in a ring: of what is a digit with a ring round it."""
    mask = np.pad(model_input > _ZERO.min_ring_strength, 1)
    if not mask.any():
        return False
    fields = connected_components(~mask).labels
    ring = int(np.ceil(stroke_width(model_input) + _ZERO.ring_margin_pixels))
    within = erode(fields != fields[0, 0], ring)
    y, x = np.nonzero(within & mask)
    if x.size < _ZERO.min_held_pixels:
        return False
    variances = np.linalg.eigvalsh(np.cov(np.stack([x, y])))
    return bool(np.sqrt(12 * variances[0]) > _ZERO.max_slash_pixels)
