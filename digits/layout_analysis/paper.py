"""Measure how strong the ink is at each pixel of a picture, whatever its paper, light and colours.

What comes in are upright pixels; what goes out is 0 on paper and largest where ink is full.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from digits.layout_analysis.blocks import find_blocks, find_highlight
from digits.layout_analysis.colours import difference, main_colour, off_mixture
from digits.layout_analysis.light import ink_under_light
from digits.layout_analysis.sheet import find_sheets
from digits.masks import MIN_CONTRAST, bounds


@dataclass(frozen=True)
class _Paper:
    """How paper, photos and bars are told apart; chosen on pictures made of UNIPEN digits."""

    # Shorter side of a photo, in pixels, at least.
    min_photo_pixels: int = 24
    # Share of the edge that has the very level of uniform paper, at least.
    min_uniform_share: float = 0.5
    # Every so many rows and columns are looked at for the main colour.
    sample_step: int = 4
    # Difference of a pixel from the colour that it has, in levels of 255, at most.
    max_noise_levels: int = 12
    # Share of the picture that has the colour of paper that is little of the margin, at least.
    min_main_share: float = 0.5
    # Share of the margin that such paper is, at least.
    min_main_margin_share: float = 0.4
    # Share of the picture that then has the margin's own colour, at most.
    max_margin_colour_share: float = 0.25
    # Width of the margin that is mostly paper, as a share of the shorter side.
    margin_share: float = 0.03
    # Distance beyond a sheet up to which its paper is continued, as a share of the longer side.
    continued_share: float = 0.13
    # Share of what is within that distance that is sheet, at least.
    min_near_share: float = 0.1
    # Shorter side of a block that may hold a sheet, as a photo in a chat does, in pixels, at least.
    min_block_with_sheet_pixels: int = 120
    # Share of the picture that a sheet without ink covers, at least.
    min_blank_sheet_share: float = 0.25
    # Width of a uniform bar beside a picture, as a share of the side, at least.
    min_bar_share: float = 0.02
    # Share of the side that remains between two bars, at least.
    min_rest_share: float = 0.3
    # Number of pixels of a row or column that are looked at for bars, at most.
    max_sampled_pixels: int = 60
    # Difference of a bar's pixels from its mean, in levels of 255, at most.
    max_difference_levels: int = 12
    # Number of rows or columns that may be blurred between a bar and the picture.
    blurred_lines: int = 2
    # Number of rows or columns beyond the blurred ones that are unlike the bar, at least.
    min_lines_after_bar: int = 3
    # Share of a row or column beyond a bar that is like the bar, at most.
    max_bar_like_share: float = 0.1
    # Distances from the edge at which a dark rim is measured, as shares of the shorter side.
    rim_depth_shares: tuple = (0.0, 0.015, 0.03)
    # Levels of 255 by which a dark rim is lighter at the next of `rim_depth_shares`, at least.
    min_rim_step_levels: int = 8


_PAPER = _Paper()


def find_ink(pixels):
    """Find how strong the ink is at every pixel.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W) or (H, W, 3)
        See `digits.pixels.to_pixels`.

    Returns
    -------
    ink : ndarray of uint8, shape (H, W)
        0 on paper, the largest value where the ink is full.
    absorbed : ndarray of float32, shape (H, W), or None
        The share of the light of the paper that each pixel absorbs. None if no part of the picture
        is a photo.
    """
    if is_photo(pixels):
        return _on_sheet(pixels, is_light_uneven=True) or ink_under_light(pixels)
    ink, absorbed = _within_blocks(pixels)
    if ink.any():
        return ink, absorbed
    return _on_sheet(pixels, is_light_uneven=False) or (_on_uniform_paper(pixels), None)


def without_letterbox(pixels):
    """Find what lies between uniform bars, such as those beside a film on a screen.

    Returns
    -------
    tuple of slice
        Rows and columns of the picture within; of all of it if there are no bars.
    """
    rows = _within_bars(pixels, 0)
    return rows, _within_bars(pixels[rows], 1)


def is_photo(pixels):
    """Return whether light is uneven: no level has most of the picture's edge, or a rim fades."""
    grey = pixels if pixels.ndim == 2 else pixels[..., 1]
    if min(grey.shape) < _PAPER.min_photo_pixels:
        return False
    edge = _edge_of(grey)
    counts = np.bincount(edge)
    is_uniform = counts.max() >= _PAPER.min_uniform_share * edge.size
    return not is_uniform or (
        counts.argmax() < 255 - _PAPER.min_rim_step_levels and _has_dark_rim(grey)
    )


def _has_dark_rim(grey):
    """Return whether there is a dark rim that fades, as round a photocopy."""
    steps = [round(share * min(grey.shape)) for share in _PAPER.rim_depth_shares]
    rings = [_edge_of(grey[d : len(grey) - d, d : grey.shape[1] - d]) for d in steps]
    levels = np.array([np.median(ring) for ring in rings])
    return bool((np.diff(levels) >= _PAPER.min_rim_step_levels).all())


def _edge_of(pixels):
    """Join the pixels along the four edges: (n,) or (n, 3)."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


def _margin_of(pixels):
    """Join the pixels near the four edges: (n, 3). A printed line may run along the very edge."""
    wide = max(1, round(_PAPER.margin_share * min(pixels.shape[:2])))
    sides = pixels[:wide], pixels[-wide:], pixels[:, :wide], pixels[:, -wide:]
    return np.concatenate([side.reshape(-1, 3) for side in sides])


def paper_of(pixels):
    """Return the colour of uniform paper: uint8 (3,), or a grey level."""
    if pixels.ndim == 2:
        return paper_level(pixels)[0]
    margin = _margin_of(pixels)[np.newaxis]
    paper = np.median(margin[0], axis=0).astype(np.uint8)
    some = pixels[:: _PAPER.sample_step, :: _PAPER.sample_step]
    main = main_colour(some.reshape(-1, 3)).astype(np.uint8)

    def share(part, colour):
        return (difference(part, colour) <= _PAPER.max_noise_levels).mean()

    # Headers and toolbars may take most of the margin, as of a spreadsheet.
    is_other = (
        share(some, main) > _PAPER.min_main_share
        and share(some, paper) < _PAPER.max_margin_colour_share
        and share(margin, main) > _PAPER.min_main_margin_share
    )
    return main if is_other else paper


def paper_level(grey):
    """Return the grey level of uniform paper, and whether ink is darker than it.

    Returns
    -------
    level : int
    is_dark : bool
    """
    dark, light = int(grey.min()), int(grey.max())
    edge = _edge_of(grey)
    # Ink covers less of a picture than its paper does, above all along the edges.
    is_dark = bool(2 * np.median(edge) >= dark + light)
    counts = np.bincount(edge)
    if counts.max() > _PAPER.min_uniform_share * edge.size:
        return int(counts.argmax()), is_dark  # noise of compression is lighter and darker than it
    return light if is_dark else dark, is_dark


def away_from(level, pixels, is_dark):
    """Measure how much darker pixels are than the paper, or how much lighter: uint8."""
    if is_dark:
        return level - np.minimum(pixels, np.uint8(level))
    return np.maximum(pixels, np.uint8(level)) - level


def _within_blocks(pixels):
    """Find the ink in the blocks of a picture, as `find_ink` does: none if it has no blocks."""
    ink, absorbed, plain = np.zeros(pixels.shape[:2], np.uint8), None, []
    for block in find_blocks(pixels, paper_of(pixels)):
        part = pixels[block]
        is_large = min(part.shape[:2]) >= _PAPER.min_block_with_sheet_pixels
        found = is_large and _on_sheet(part, is_photo(part))
        if not found:
            found = ink_under_light(part) if is_photo(part) else (_on_uniform_paper(part), None)
        ink[block], of_light = found
        if of_light is None:
            plain.append(block)
            continue
        absorbed = np.zeros(ink.shape, np.float32) if absorbed is None else absorbed
        absorbed[block] = of_light
    for block in plain if absorbed is not None else []:
        absorbed[block] = ink[block] / np.float32(max(ink[block].max(), 1))
    return ink, absorbed


def _on_sheet(pixels, is_light_uneven):
    """Find the ink on the sheets of paper in a picture, as `find_ink` does; None without any."""
    inside = find_sheets(pixels)
    if inside is None:
        return None
    pixels = _continued(pixels, inside)
    if is_light_uneven or is_photo(pixels[bounds(inside)]):
        ink, absorbed = ink_under_light(pixels)
    else:
        ink, absorbed = _on_uniform_paper(pixels), None
    ink *= inside
    if not ink.any() and inside.mean() < _PAPER.min_blank_sheet_share:
        return None
    return ink, None if absorbed is None else absorbed * inside


def _continued(pixels, inside):
    """Continue sheets beyond their outline, in the light that falls on the nearest part of them."""
    blur = ImageFilter.BoxBlur(round(_PAPER.continued_share * max(inside.shape)))

    def mean_near(levels):
        return np.asarray(Image.fromarray(levels).filter(blur), np.float32)

    share = mean_near(inside * np.uint8(255)) / 255
    is_near = share > _PAPER.min_near_share
    continued = pixels.copy()
    for channel in np.moveaxis(np.atleast_3d(continued), 2, 0):
        level = np.full(inside.shape, np.median(channel[inside]), np.float32)
        np.divide(mean_near(channel * inside), share, out=level, where=is_near)
        channel[~inside] = level.clip(0, 255)[~inside]
    return continued


def _on_uniform_paper(pixels):
    """Measure how far each pixel is from the colour of the paper: most of any channel."""
    if pixels.ndim == 2:
        level, is_dark = paper_level(pixels)
        ink = away_from(level, pixels, is_dark)
    else:
        paper = paper_of(pixels)
        highlight = find_highlight(pixels, paper)
        is_plain = highlight is None
        ink = difference(pixels, paper) if is_plain else off_mixture(pixels, paper, highlight)
    if ink.max() < MIN_CONTRAST:
        ink = np.zeros_like(ink)
    return ink


def _within_bars(pixels, axis):
    """Find the rows (axis 0) or columns (axis 1) between uniform bars of a colour of their own."""
    lines = np.moveaxis(pixels, axis, 0)
    lines = lines[:, :: -(-lines.shape[1] // _PAPER.max_sampled_pixels)]
    start, end = _end_of_bar(lines), len(lines) - _end_of_bar(lines[::-1])
    return (
        slice(start, end)
        if end - start > _PAPER.min_rest_share * len(lines)
        else slice(0, len(lines))
    )


def _end_of_bar(lines):
    """Count the lines of the bar that a picture starts with: 0 if it starts with none."""
    alike = np.abs(lines - lines[0].mean(axis=0)) <= _PAPER.max_difference_levels
    alike = alike.reshape(len(lines), -1).mean(axis=1)
    least = _PAPER.min_bar_share * len(lines)
    count = int(np.argmin(np.append(alike, 0) == 1))
    end = count + _PAPER.blurred_lines
    after = alike[end : end + max(_PAPER.min_lines_after_bar, round(least))]
    return end if count >= least and len(after) and after.max() < _PAPER.max_bar_like_share else 0
