"""Pixels on uniform paper in; out, the coloured areas that have writing of their own.

Such as the image in a plotted figure, a photo on a dark screen, a coloured card, or a word under a
highlighter.
"""

from dataclasses import dataclass

import numpy as np

from digits.morphology import connected_components


@dataclass(frozen=True)
class _Block:
    """What such an area is; chosen on pictures of UNIPEN digits and MNIST training images."""

    contrast: int = 24  # levels of 255 between its colour and the paper's at least
    same: int = 12  # levels of 255 by which its pixels differ from its colour at most
    area: float = 0.04  # share of the picture that all of them cover at least, ...
    own_area: float = 0.004  # ... and each of them, as in a grid of ten by ten
    alike: float = 0.5  # its area, as a share of the largest one's
    most: int = 120  # in one picture
    grid: int = 2  # pixels by which the sides of images in a grid differ at most
    solid: float = 0.55  # share of it that has its colour
    edge: float = 0.9  # the same along each of its edges
    tiny: int = 8  # pixels of the shorter side of a photo at least
    picture: float = 0.25  # the same, as a share of the whole picture's
    filled: float = 0.75  # share of its rectangle that differs from the paper round it
    whole: float = 0.9  # the same along each of its edges
    corner: float = 0.15  # share of its sides that round corners take at most
    own: float = 0.97  # share of one with round corners that has not the colour of the paper
    writing: float = 0.01  # share of it that has another colour at least
    lost: float = 0.05  # ink of the same colour elsewhere, as a share of its area, at most
    beside: float = 0.25  # height of what stands outside, as a share of its own, at most
    margin: float = 0.05  # share of its side within which axes and ticks belong to it


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
    away = _difference(pixels, paper) > _BLOCK.contrast
    if away.mean() < _BLOCK.area:
        return []
    found = connected_components(away)
    sizes = found.widths * found.heights
    large = [i for i in np.argsort(-sizes)[: _BLOCK.most] if sizes[i] > _BLOCK.own_area * away.size]
    tiles = _with_alike([(found.boxes[i], _block_in(pixels, found, i)) for i in large])
    areas = [(rows.stop - rows.start) * (cols.stop - cols.start) for _, (rows, cols) in tiles]
    tiles = [t for t, area in zip(tiles, areas, strict=True) if area > _BLOCK.alike * max(areas)]
    if sum(areas) < _BLOCK.area * away.size:
        return []
    blocks = [block for _, block in tiles]
    for (left, top, right, bottom), block in tiles:
        away[top:bottom, left:right] = away[tuple(map(_with_margin, block))] = False
    outside = connected_components(away).heights.max(initial=0)
    lowest = min((rows.stop - rows.start for rows, _ in blocks), default=0)
    return blocks if outside <= _BLOCK.beside * lowest else []


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
    away = _difference(pixels, paper) > _BLOCK.contrast
    if away.mean() < _BLOCK.area:
        return None
    found = connected_components(away)
    largest = (found.widths * found.heights).argmax()
    left, top, right, bottom = found.boxes[largest]
    part = pixels[top:bottom, left:right]
    colour = _main_colour(part[found.crop(largest)])
    is_solid = (_difference(part, colour) <= _BLOCK.same).mean() > _BLOCK.solid
    writing = off_mixture(pixels, paper, colour) > _BLOCK.contrast
    is_written_on = writing[top:bottom, left:right].mean() > _BLOCK.writing
    lost = away & ~writing & (found.labels != largest + 1)  # is of its colour, but not in it
    is_alone = lost.sum() < _BLOCK.lost * found.areas[largest]
    return colour if is_solid and is_written_on and is_alone else None


def off_mixture(pixels, first, second):
    """Measure how far pixels are from every mixture of two colours.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
    first, second : ndarray, shape (3,)

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Largest difference of any channel.
    """
    way = np.asarray(second, np.float32) - first
    away = pixels - np.asarray(first, np.float32)
    share = (away @ way / (way @ way)).clip(0, 1)
    return np.abs(away - share[..., np.newaxis] * way).max(axis=2).astype(np.uint8)


def _block_in(pixels, found, i):
    """Find the rectangle that a component is, without what sticks out; None if it is not one."""
    left, top, right, bottom = map(int, found.boxes[i])
    part, crop = pixels[top:bottom, left:right], found.crop(i)
    if _is_picture(crop, min(pixels.shape[:2])):
        return slice(top + 2, bottom - 2), slice(left + 2, right - 2)
    same = _difference(part, _main_colour(part[crop])) <= _BLOCK.same
    rows, columns = (np.flatnonzero(same.mean(axis=axis) > 0.5) for axis in (1, 0))
    if min(len(rows), len(columns)) < 3:
        return None
    first, last, start, stop = map(int, (rows[0] + 1, rows[-1], columns[0] + 1, columns[-1]))
    depth = _depth_of_corners(same[first:last, start:stop])
    first, last, start, stop = first + depth, last - depth, start + depth, stop - depth
    if depth and crop[first:last, start:stop].mean() < _BLOCK.own:
        return None  # what is in it has the colour of the paper round it: a thick 0 or 8
    same = same[first:last, start:stop]
    is_solid = same.mean() > _BLOCK.solid and _along_edges(same) > _BLOCK.edge
    if not is_solid or same.mean() > 1 - _BLOCK.writing:
        return None
    return slice(top + first, top + last), slice(left + start, left + stop)


def _depth_of_corners(same):
    """Count the pixels at each side of a rectangle beyond which its four corners have its colour.

    0 if it is no rectangle with round corners, whose sides are straight between them.
    """
    y, x = (round(_BLOCK.corner * side) for side in same.shape)
    sides = same[0, x:-x], same[-1, x:-x], same[y:-y, 0], same[y:-y, -1]
    if min(x, y) == 0 or min(side.mean() for side in sides) < _BLOCK.edge:
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
        is_alike = (np.abs(sizes - size) <= _BLOCK.grid).all(axis=1)
        if block is None and (is_block & is_alike).sum() > (~is_block & is_alike).sum():
            left, top, right, bottom = map(int, box)
            block = slice(top + 1, bottom - 1), slice(left + 1, right - 1)
        if block:
            found.append((box, block))
    return found


def _is_picture(crop, side):
    """Return whether a component fills a large rectangle: a photo on a page of another colour."""
    return (
        min(crop.shape) > max(_BLOCK.picture * side, _BLOCK.tiny)
        and crop.mean() > _BLOCK.filled
        and _along_edges(crop[1:-1, 1:-1]) > _BLOCK.whole
    )


def _along_edges(mask):
    """Find the share of a mask that is set along the edge where it is set least."""
    return min(edge.mean() for edge in (mask[0], mask[-1], mask[:, 0], mask[:, -1]))


def _difference(pixels, colour):
    """Largest difference of any channel from a colour: uint8 (H, W)."""
    colour = np.asarray(colour, np.uint8)
    difference = np.maximum(pixels, colour) - np.minimum(pixels, colour)
    return difference if difference.ndim == 2 else difference.max(axis=2)


def _main_colour(pixels):
    """Find the most frequent colour of pixels, (n,) or (n, channels): (channels,)."""
    pixels = pixels.reshape(len(pixels), -1)
    coarse = pixels // 16 @ 16 ** np.arange(pixels.shape[1])
    return np.median(pixels[coarse == np.bincount(coarse).argmax()], axis=0)


def _with_margin(side):
    """Widen a side of a block by what its axes and ticks may take."""
    margin = round(_BLOCK.margin * (side.stop - side.start)) + 2
    return slice(max(0, side.start - margin), side.stop + margin)
