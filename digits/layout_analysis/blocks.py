"""Find the coloured areas on uniform paper that have writing of their own.

Such an area is the image in a plotted figure, a photo on a dark screen, a coloured card, or a word
under a highlighter.
"""

from dataclasses import dataclass

import numpy as np

from digits.geometry import is_bar
from digits.layout_analysis.colours import difference, main_colour, off_mixture
from digits.layout_analysis.figures import are_of_figure
from digits.morphology import connected_components


@dataclass(frozen=True)
class _Block:
    """What counts as such an area; chosen on pictures of UNIPEN and MNIST training digits."""

    # Difference from the paper that makes a pixel part of an area, in levels of 255, at least.
    min_contrast_levels: int = 24
    # Difference of an area's pixels from its colour, in levels of 255, at most.
    max_difference_levels: int = 12
    # Share of the picture that all areas cover together, at least.
    min_total_area_share: float = 0.04
    # Share of the picture that each area covers, at least, as in a grid of ten by ten.
    min_area_share: float = 0.004
    # Size of an area, as a share of the largest one's, at least.
    min_relative_area: float = 0.5
    # Number of areas that are looked at, the largest ones, at most.
    max_areas: int = 120
    # Difference between the sides of images in a grid, in pixels, at most.
    max_size_difference_pixels: int = 2
    # Share of an area that has its colour, at least.
    min_colour_share: float = 0.55
    # Share of each edge of an area that has its colour, at least.
    min_edge_colour_share: float = 0.9
    # Shorter side of a photo, in pixels, at least.
    min_photo_pixels: int = 8
    # Shorter side of a photo, as a share of the whole picture's, at least.
    min_photo_side_share: float = 0.25
    # Share of a photo's rectangle that differs from the paper round it, at least.
    min_photo_fill_share: float = 0.75
    # Share of each edge of a photo that differs from the paper round it, at least.
    min_photo_edge_share: float = 0.9
    # Share of a side that a round corner takes, at most.
    max_corner_share: float = 0.15
    # Share of an area with round corners that differs from the paper, at least.
    min_round_fill_share: float = 0.97
    # Share of an area that has another colour, as writing has, at least.
    min_writing_share: float = 0.01
    # Ink of an area's colour elsewhere, as a share of the area, at most.
    max_lost_share: float = 0.05
    # Height of what stands outside, as a share of the lowest area's, at most.
    max_outside_height_share: float = 0.25
    # Width of the margin where axes and ticks belong to an area, as a share of its side.
    margin_share: float = 0.05


_BLOCK = _Block()


def find_blocks(pixels, paper):
    """Find the rectangles of another colour than the paper's that all large writing stands in.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W) or (H, W, 3)
    paper : int, or ndarray of uint8, shape (3,)

    Returns
    -------
    list of (slice, slice)
        Rows and columns of each; empty if there are none, or something large beside them.
    """
    away = difference(pixels, paper) > _BLOCK.min_contrast_levels
    if away.mean() < _BLOCK.min_total_area_share:
        return []
    found = connected_components(away)
    sizes = found.widths * found.heights
    least = _BLOCK.min_area_share * away.size
    large = [i for i in np.argsort(-sizes)[: _BLOCK.max_areas] if sizes[i] > least]
    tiles = _with_alike([(found.boxes[i], _block_in(pixels, found, i)) for i in large])
    areas = [(rows.stop - rows.start) * (cols.stop - cols.start) for _, (rows, cols) in tiles]
    if sum(areas) < _BLOCK.min_total_area_share * away.size:
        return []
    least = _BLOCK.min_relative_area * max(areas)
    tiles = [tile for tile, area in zip(tiles, areas, strict=True) if area > least]
    blocks = [block for _, block in tiles]
    for (left, top, right, bottom), block in tiles:
        away[top:bottom, left:right] = away[tuple(map(_with_margin, block))] = False
    rest = connected_components(away)
    others = ~are_of_figure(rest, [box for box, _ in tiles])
    outside = rest.heights[others].max(initial=0)
    lowest = min(rows.stop - rows.start for rows, _ in blocks)
    return blocks if outside <= _BLOCK.max_outside_height_share * lowest else []


def find_highlight(pixels, paper):
    """Find the colour of an area of any shape that is written on.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
    paper : ndarray of uint8, shape (3,)

    Returns
    -------
    ndarray of float64, shape (3,), or None
    """
    away = difference(pixels, paper) > _BLOCK.min_contrast_levels
    if away.mean() < _BLOCK.min_total_area_share:
        return None
    found = connected_components(away)
    largest = (found.widths * found.heights).argmax()
    left, top, right, bottom = found.boxes[largest]
    part = pixels[top:bottom, left:right]
    colour = main_colour(part[found.crop(largest)])
    has_colour = difference(part, colour) <= _BLOCK.max_difference_levels
    is_solid = has_colour.mean() > _BLOCK.min_colour_share
    writing = off_mixture(pixels, paper, colour) > _BLOCK.min_contrast_levels
    is_written_on = writing[top:bottom, left:right].mean() > _BLOCK.min_writing_share
    lost = away & ~writing & (found.labels != largest + 1)  # is of its colour, but not in it
    is_alone = lost.sum() < _BLOCK.max_lost_share * found.areas[largest]
    return colour if is_solid and is_written_on and is_alone else None


def _block_in(pixels, found, i):
    """Find the rectangle that a component is, without what sticks out; None if it is not one."""
    left, top, right, bottom = map(int, found.boxes[i])
    part, crop = pixels[top:bottom, left:right], found.crop(i)
    if is_bar(found.boxes[i], pixels.shape):
        return None
    if _is_picture(crop, min(pixels.shape[:2])):
        return slice(top + 2, bottom - 2), slice(left + 2, right - 2)
    same = difference(part, main_colour(part[crop])) <= _BLOCK.max_difference_levels
    rows, columns = (np.flatnonzero(same.mean(axis=axis) > 0.5) for axis in (1, 0))
    if min(len(rows), len(columns)) < 3:
        return None
    first, last, start, stop = map(int, (rows[0] + 1, rows[-1], columns[0] + 1, columns[-1]))
    depth = _depth_of_corners(same[first:last, start:stop])
    first, last, start, stop = first + depth, last - depth, start + depth, stop - depth
    if depth and crop[first:last, start:stop].mean() < _BLOCK.min_round_fill_share:
        return None  # what is in it has the colour of the paper round it: a thick 0 or 8
    same = same[first:last, start:stop]
    is_solid = (
        same.mean() > _BLOCK.min_colour_share and _along_edges(same) > _BLOCK.min_edge_colour_share
    )
    if not is_solid or same.mean() > 1 - _BLOCK.min_writing_share:
        return None
    return slice(top + first, top + last), slice(left + start, left + stop)


def _depth_of_corners(same):
    """Count the pixels at each side of a rectangle beyond which its four corners have its colour.

    0 if it is no rectangle with round corners, whose sides are straight between them.
    """
    y, x = (round(_BLOCK.max_corner_share * side) for side in same.shape)
    sides = same[0, x:-x], same[-1, x:-x], same[y:-y, 0], same[y:-y, -1]
    if min(x, y) == 0 or min(side.mean() for side in sides) < _BLOCK.min_edge_colour_share:
        return 0
    for depth in range(min(x, y)):
        ends = [depth, -1 - depth]
        if same[np.ix_(ends, ends)].all():
            return depth
    return 0


def _with_alike(tiles):
    """List the (box, block or None) pairs that are blocks, or as large as most of them.

    In a grid of images a digit may reach the edge of its own.
    """
    sizes = np.array([np.subtract(box[2:], box[:2]) for box, _ in tiles]).reshape(-1, 2)
    is_block = np.array([block is not None for _, block in tiles], bool)
    found = []
    for (box, block), size in zip(tiles, sizes, strict=True):
        is_alike = (np.abs(sizes - size) <= _BLOCK.max_size_difference_pixels).all(axis=1)
        if block is None and (is_block & is_alike).sum() > (~is_block & is_alike).sum():
            left, top, right, bottom = map(int, box)
            block = slice(top + 1, bottom - 1), slice(left + 1, right - 1)
        if block:
            found.append((box, block))
    return found


def _is_picture(crop, side):
    """Return whether a component fills a large rectangle: a photo on a page of another colour."""
    return (
        min(crop.shape) > max(_BLOCK.min_photo_side_share * side, _BLOCK.min_photo_pixels)
        and crop.mean() > _BLOCK.min_photo_fill_share
        and _along_edges(crop[1:-1, 1:-1]) > _BLOCK.min_photo_edge_share
    )


def _along_edges(mask):
    """Find the share of a mask that is set along the edge where it is set least."""
    return min(edge.mean() for edge in (mask[0], mask[-1], mask[:, 0], mask[:, -1]))


def _with_margin(side):
    """Widen a side of a block by what its axes and ticks may take."""
    margin = round(_BLOCK.margin_share * (side.stop - side.start)) + 2
    return slice(max(0, side.start - margin), side.stop + margin)
