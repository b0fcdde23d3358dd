"""Even out what is rough: ink of dots, in pieces or full of holes, and the ground it is on."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image, ImageFilter

from digits.masks import ink_threshold, outline_sides, stroke_width
from digits.morphology import close, close_inside, connected_components


@dataclass(frozen=True)
class _Grain:
    """When gaps in ink are closed; chosen on pictures of UNIPEN digits by training writers."""

    # Number of grey levels that dots are made of, as on electronic paper, at most.
    max_levels: int = 6
    # Share of pixels unlike their left neighbour if few levels are dots, at least.
    min_change_share: float = 0.15
    # Radius, in pixels, of the blur that makes an even grey of any pattern of dots.
    blur_radius_pixels: int = 2
    # Area of dithered ink, as a share of its area with gaps of two pixels closed, at most.
    max_dithered_share: float = 0.65
    # Length of the outline with narrow gaps closed, as a share of its length before, at most.
    max_outline_share: float = 0.45
    # Radius that closes the holes of ink, as a share of the picture's longer side, at most.
    max_closing_share: float = 0.01
    # Share of the closed ink that was ink before, at least: small print has less.
    min_ink_share: float = 0.6
    # Radius that closes gaps in strokes, as a share of their width.
    gap_radius_share: float = 0.8
    # Number of pieces of the stroke that is broken most, at least: a drawing's have fewer.
    min_pieces: int = 4
    # Number of pieces of a broken stroke, at most: print has more.
    max_pieces: int = 100
    # Height of a broken stroke, in widths of strokes, at least: dashed lines have less.
    min_height_pens: float = 3.0
    # Percentage of dots whose two nearest neighbours a closing joins to them.
    joined_percent: float = 80.0
    # Distance between neighbouring dots, in sizes of a dot, at most.
    max_step_dot_sizes: float = 4.0
    # Longer side of a photo that is blurred against its texture, in pixels, about.
    blurred_side_pixels: int = 400
    # Standard deviation of that blur, as a share of the longer side.
    blur_share: float = 0.01
    # Median difference that the blur of a rough surface makes, in levels of 255, at least.
    min_texture_levels: int = 4


_GRAIN = _Grain()


def to_grey(pixels):
    """Turn paper that is made of dots, as in a scan in black and white, back into grey levels.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W) or (H, W, 3)

    Returns
    -------
    ndarray of uint8, shape (H, W) or (H, W, 3)
        Unchanged unless the picture has few levels that change from pixel to pixel.
    """
    if pixels.ndim == 3 or np.count_nonzero(np.bincount(pixels.ravel())) > _GRAIN.max_levels:
        return pixels
    if (pixels[:, 1:] != pixels[:, :-1]).mean() < _GRAIN.min_change_share:
        return pixels
    return np.asarray(
        Image.fromarray(pixels).filter(ImageFilter.BoxBlur(_GRAIN.blur_radius_pixels))
    )


def without_texture(pixels):
    """Blur the texture of what is written on away, as of wood or asphalt.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W) or (H, W, 3)

    Returns
    -------
    ndarray of uint8, shape (h, w) or (h, w, 3), or None
        Reduced by a whole number; None if the surface is smooth.
    """
    factor = max(1, max(pixels.shape) // _GRAIN.blurred_side_pixels)
    photo = Image.fromarray(pixels).reduce(factor)
    blur = ImageFilter.GaussianBlur(_GRAIN.blur_share * max(photo.size))
    before, after = np.asarray(photo), np.asarray(photo.filter(blur))
    texture = np.subtract(before[::3, ::3], after[::3, ::3], dtype=np.int16)
    return after if np.median(np.abs(texture)) >= _GRAIN.min_texture_levels else None


def without_dither(ink):
    """Close ink that is made of dots beside each other, as in a scan in black and white.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
        0 on paper, the largest value where the ink is full.

    Returns
    -------
    ndarray of uint8, shape (H, W)
    """
    closed = close(ink, 1)
    inked, filled = ((each > ink_threshold(ink)).sum() for each in (ink, closed))
    return closed if inked < _GRAIN.max_dithered_share * filled else ink


def without_grain(ink):
    """Close ink that is full of holes, as chalk and pencil leave on rough paper.

    Its outline gets much shorter when narrow gaps are closed. That of clean strokes does not; that
    of small print does, but more paper is closed there.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
        See `without_dither`.

    Returns
    -------
    ndarray of uint8, shape (H, W)
    """
    mask = ink > ink_threshold(ink)
    longest = _GRAIN.max_outline_share * outline_sides(mask)
    widest = max(1, round(_GRAIN.max_closing_share * max(ink.shape)))
    if outline_sides(close(mask, widest)) >= longest:
        return ink
    for radius in range(1, widest + 1):
        filled = close(mask, radius)
        if outline_sides(filled) < longest and mask.sum() > _GRAIN.min_ink_share * filled.sum():
            return close(ink, radius)
    return ink


def close_breaks(ink, pieces):
    """Close strokes that may be broken into pieces, as by crayon, a dry pen or stitches.

    A stroke may be broken if closing gaps about as narrow as it is wide makes one thing of several
    pieces. Digits beside each other and small print may be closed, too: only a reader can tell.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
        See `without_dither`.
    pieces : digits.morphology.Components
        Of the writing in it.

    Returns
    -------
    tuple of ndarray of uint8, shape (H, W), and Components, or None
        None if no stroke may be broken.
    """
    if len(pieces) < 2 or _holds_bar(pieces):
        return None
    mask = pieces.labels > 0
    pen = stroke_width(mask.astype(np.float32))
    radius = round(_GRAIN.gap_radius_share * pen)
    whole = connected_components(close_inside(mask, radius))
    owners = np.zeros(len(pieces) + 1, int)
    owners[pieces.labels[mask]] = whole.labels[mask]
    owners = owners[1:] - 1
    of_whole = partial(np.bincount, owners, minlength=len(whole))
    is_broken = (
        (of_whole() > 1)
        & (of_whole() < _GRAIN.max_pieces)
        & (of_whole(pieces.areas) > _GRAIN.min_ink_share * whole.areas)
        & (whole.heights > _GRAIN.min_height_pens * pen)
    )
    if of_whole().max(where=is_broken, initial=0) < _GRAIN.min_pieces:
        return None
    filled = whole.select(is_broken)
    return np.where(filled, close_inside(ink, radius), ink), connected_components(mask | filled)


def _holds_bar(found):
    """Return whether a component lies along most of an edge of the picture, as a window's bar."""
    height, width = found.labels.shape
    left, top, right, bottom = found.boxes.T
    is_across = ((top == 0) | (bottom == height)) & (found.widths > width / 2)
    is_along = ((left == 0) | (right == width)) & (found.heights > height / 2)
    return bool((is_across | is_along).any())


def join_dots(ink, found):
    """Close ink that is made of dots apart from each other, as dotted digits are.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
        See `without_dither`.
    found : digits.morphology.Components
        The dots, all of it.

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Unchanged if dots have no neighbours, or boxes that overlap: then they are none.
    """
    middles = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
    away = np.abs(middles[:, np.newaxis] - middles).max(axis=2)
    np.fill_diagonal(away, np.inf)
    size = np.median(np.maximum(found.widths, found.heights))
    # Each dot of a path has two neighbours, but for its ends.
    step = np.percentile(np.sort(away, axis=1)[:, 1], _GRAIN.joined_percent)
    if not size < step < _GRAIN.max_step_dot_sizes * size:
        return ink
    return close(ink, round((step - size) / 2) + 1)
