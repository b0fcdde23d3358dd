"""Pixels in, the sheets of paper that lie on something else out: on a table, or on a scanner."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from digits.morphology import (
    bounds,
    close,
    close_inside,
    connected_components,
    dilate,
    erode,
    from_coarse,
)


@dataclass(frozen=True)
class _Sheet:
    """What a sheet is; chosen on pictures made of UNIPEN digits of training writers."""

    coarse: int = 240  # pixels of the longer side at which it is looked for
    step: int = 16  # levels of 255 by which neighbours on it differ at most
    rule: int = 2  # half the width of a printed line and its blur at most, if what is ...
    same: int = 20  # ... on both sides of it differs by so many levels of 255 at most
    area: float = 0.1  # share of the picture that the largest covers at least ...
    alike: float = 0.3  # ... and area of others, as a share of the largest one's
    most: int = 12  # areas that are looked at, the largest ones
    cut: int = 1  # edges of the picture that it reaches at most, ...
    cut_beside: int = 2  # ... or one beside it, as in a grid of photos
    convex: float = 0.95  # share of its convex hull that it covers at least
    corners: float = 0.08  # by which its area differs from the one between four corners, relatively
    differs: float = 0.55  # share of its outline beyond which there is another colour ...
    contrast: int = 16  # ... by so many levels at least, ...
    beyond: tuple = (5, 9)  # ... at this distance, when the lines of frames are filled in, ...
    frame: float = 0.05  # ... which are so wide at most, as a share of the longer side
    plain: float = 0.1  # share of what it lies on that has steps, up to which that is plain
    beside: float = 0.5  # height of what is written there, as a share of the writing's on it
    border: float = 0.015  # of its shorter side, for the shadow and the blur along its edges


_SHEET = _Sheet()


def find_sheets(pixels):
    """Find the sheets of paper in a picture, if they fill a part of it.

    The surface of one is what has no steps, but for holes, where the writing is. It has four
    corners, and another colour than what it lies on.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W) or (H, W, 3)

    Returns
    -------
    ndarray of bool, shape (H, W), or None
        Where the sheets are, without their borders.
    """
    factor = -(-max(pixels.shape) // _SHEET.coarse)
    small = np.atleast_3d(np.asarray(Image.fromarray(pixels).reduce(factor)))
    channels = [np.ascontiguousarray(channel) for channel in np.moveaxis(small, 2, 0)]
    steps = np.maximum.reduce([dilate(each, 1) - erode(each, 1) for each in channels])
    found = connected_components(_across_lines(steps <= _SHEET.step, channels))
    edges = np.array([0, 0, steps.shape[1], steps.shape[0]])
    sheets, is_one = [], []
    for i in np.argsort(-found.areas)[: _SHEET.most]:
        left, top, right, bottom = found.boxes[i]
        if found.widths[i] * found.heights[i] < _SHEET.alike * _SHEET.area * steps.size:
            continue
        sheet = np.zeros(steps.shape, bool)
        sheet[top:bottom, left:right] = _filled(found.crop(i))
        cut = (found.boxes[i] == edges).sum()
        if cut <= _SHEET.cut_beside and _has_four_corners(sheet):
            sheets.append(sheet)
            is_large = sheet.mean() > _SHEET.area and cut <= _SHEET.cut
            is_one.append(is_large and _differs_outside(channels, sheet))
    if not any(is_one):
        return None
    least = _SHEET.alike * sheets[is_one.index(True)].sum()
    sheets = [sheet for sheet in sheets if sheet.sum() > least]
    if _is_written_beside(steps > _SHEET.step, np.any(sheets, axis=0)):
        return None
    borders = [1 + round(_SHEET.border * _shorter_side(sheet)) for sheet in sheets]
    inside = [erode(sheet, border) for sheet, border in zip(sheets, borders, strict=True)]
    return from_coarse(np.any(inside, axis=0), factor, pixels.shape)


def _across_lines(plain, channels):
    """Join what lies on both sides of a printed line in one colour: a ruled sheet is one surface.

    Parameters
    ----------
    plain : ndarray of bool, shape (H, W)
        What has no steps.
    channels : list of ndarray of uint8, shape (H, W)

    Returns
    -------
    ndarray of bool, shape (H, W)
    """
    lines = close(plain, _SHEET.rule) & ~plain
    both_sides = 2 * _SHEET.rule + 1
    for channel in channels:
        lightest = dilate(np.where(plain, channel, 0), both_sides)
        darkest = erode(np.where(plain, channel, 255), both_sides)
        lines &= lightest <= darkest + np.minimum(_SHEET.same, 255 - darkest)
    return plain | lines


def _shorter_side(mask):
    rows, columns = bounds(mask)
    return min(rows.stop - rows.start, columns.stop - columns.start)


def _filled(mask):
    """Fill the holes of a component."""
    outside = connected_components(~np.pad(mask, 1)).labels == 1
    return ~outside[1:-1, 1:-1]


def _has_four_corners(mask):
    """Return whether a filled component is a quadrilateral."""
    rows = np.flatnonzero(mask.any(axis=1))
    ends = mask[rows].argmax(axis=1), mask.shape[1] - mask[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate(ends), np.concatenate([rows, rows])
    area, hull = mask.sum(), _area_between_ends(x, y, 16)
    difference = np.log(area / max(_area_between_ends(x, y, 4), 1))
    return area > _SHEET.convex * hull and abs(difference) < _SHEET.corners


def _area_between_ends(x, y, directions):
    """Measure the polygon between the points that lie farthest in some directions."""
    angles = 2 * np.pi * (np.arange(directions) + 0.5) / directions
    ends = (np.outer(np.cos(angles), x) + np.outer(np.sin(angles), y)).argmax(axis=1)
    x, y = x[ends], y[ends]
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _differs_outside(channels, mask):
    """Return whether there is another colour beyond most of the outline of a mask."""
    near, far = _SHEET.beyond
    inner, outer = mask & ~erode(mask, near), dilate(mask, far) & ~dilate(mask, near)
    differs = np.zeros(outer.sum(), bool)
    for channel in channels:
        channel = close_inside(channel, round(_SHEET.frame * max(mask.shape) / 2))
        # Light may fall off along the sheet: what is nearest counts.
        lightest = dilate(np.where(inner, channel, 0), near + far)[outer].astype(int)
        darkest = erode(np.where(inner, channel, 255), near + far)[outer].astype(int)
        differs |= channel[outer] > lightest + _SHEET.contrast
        differs |= channel[outer] < darkest - _SHEET.contrast
    return differs.size > 0 and differs.mean() > _SHEET.differs


def _is_written_beside(steps, sheet):
    """Return whether a plain surface beside a sheet has writing as tall as that on the sheet."""
    near, far = _SHEET.beyond
    outside = ~dilate(sheet, far)
    if (steps & outside).sum() > _SHEET.plain * outside.sum():
        return False
    writing = connected_components(steps & erode(sheet, near))
    beside = connected_components(steps & outside)
    ends = np.concatenate([beside.boxes[:, :2], steps.shape[::-1] - beside.boxes[:, 2:]], axis=1)
    is_apart = (ends > 0).all(axis=1)  # from the edges of the picture
    return (beside.heights[is_apart] > _SHEET.beside * writing.heights.max(initial=near)).any()
