"""Find the sheets of paper in a picture that lie on something else: on a table, or on a scanner."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from digits.geometry import is_bar
from digits.masks import bounds, from_coarse
from digits.morphology import close, close_inside, connected_components, dilate, erode


@dataclass(frozen=True)
class _Sheet:
    """What counts as a sheet; chosen on pictures made of UNIPEN digits by training writers."""

    # Longer side of the reduced picture in which sheets are looked for, in pixels, at most.
    max_side_pixels: int = 240
    # Difference of neighbouring pixels of a sheet's surface, in levels of 255, at most.
    max_step_levels: int = 16
    # Half the width of a printed line and its blur, in pixels of the reduced picture, at most.
    max_rule_half_width: int = 2
    # Half the width of a stroke and its blur, in pixels of the reduced picture, at most.
    max_stroke_half_width: int = 5
    # Contrast of a stroke that crosses an outline, as a share of the writing's, at least.
    min_stroke_share: float = 0.5
    # Difference of the paper on both sides of a fold, as a share of its light, at most.
    max_fold_share: float = 0.25
    # Difference of the surfaces on both sides of a printed line, in levels of 255, at most.
    max_rule_contrast_levels: int = 20
    # Share of the picture that the main sheet covers, at least.
    min_area_share: float = 0.04
    # Area of a sheet on another, as a share of that one's, at most; more is the same one.
    max_upper_area: float = 0.8
    # Area of any other sheet, as a share of the main one's, at least.
    min_relative_area: float = 0.3
    # Number of areas that are looked at, the largest ones, at most.
    max_areas: int = 12
    # Share of an edge of the picture that cuts a sheet off there, at least; less is a corner.
    min_cut_share: float = 0.2
    # Number of the picture's edges that cut off the main sheet, at most.
    max_cut_edges: int = 1
    # Number of the picture's edges that cut off any sheet, at most, as in a grid of photos.
    max_other_cut_edges: int = 2
    # Share of its convex hull that a sheet covers, at least.
    min_convex_share: float = 0.95
    # Logarithm of a sheet's area over that between its four corners, up or down, at most.
    max_corner_log_ratio: float = 0.08
    # Share of the picture that a light or dark area covers, at most; more may hold a thumb.
    max_tone_area_share: float = 0.25
    # Share of a sheet's outline beyond which there is another colour, at least.
    min_contrasting_share: float = 0.55
    # Difference between a sheet and what is beyond its outline, in levels of 255, at least.
    min_contrast_levels: int = 16
    # Distances between which the surroundings of an outline lie, in pixels of the reduced picture.
    band_pixels: tuple = (5, 9)
    # Width of a frame's line, which is filled in first, as a share of the longer side, at most.
    max_frame_share: float = 0.05
    # Share of the surroundings of the sheets that has steps, at most, if these are plain.
    max_plain_step_share: float = 0.1
    # Height of what is beside the sheets, as a share of the writing's on them, at most.
    max_beside_height_share: float = 0.5
    # Width of the border that is cut off with its shadow and blur, as a share of the shorter side.
    border_share: float = 0.015


_SHEET = _Sheet()


def find_sheets(pixels):
    """Find the sheets of paper in a picture, if they fill a part of it.

    The surface of a sheet has no steps of brightness, apart from holes where the writing is. It has
    four corners, and another colour than what it lies on. A sheet may lie on another one.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W) or (H, W, 3)

    Returns
    -------
    ndarray of bool, shape (H, W), or None
        Where the sheets are, without their borders.
    """
    inside = _sheets_on_ground(pixels)
    if inside is None:
        return None
    part = bounds(inside)
    upper = _sheets_on_ground(pixels[part])
    if upper is not None:
        upper &= inside[part]  # and not the table in a corner of the part
        if 0 < upper.sum() < _SHEET.max_upper_area * inside.sum():
            inside[part] &= upper
    return inside if inside.any() else None


def _sheets_on_ground(pixels):
    """Find sheets as `find_sheets` does, but for those that lie on another one."""
    factor = -(-max(pixels.shape) // _SHEET.max_side_pixels)
    small = np.atleast_3d(np.asarray(Image.fromarray(pixels).reduce(factor)))
    channels = [np.ascontiguousarray(channel) for channel in np.moveaxis(small, 2, 0)]
    steps = np.maximum.reduce([dilate(each, 1) - erode(each, 1) for each in channels])
    steep = steps > _SHEET.max_step_levels
    sheets, is_main = [], []
    for surface in _surfaces(channels, steep):
        if _is_crossed(channels, surface):
            continue
        # Strokes that reach its outline are on it, and so is what they go round.
        sheets.append(_filled(close_inside(surface, _SHEET.max_stroke_half_width)))
        cut = _cut_edges(surface)
        is_large = surface.mean() > _SHEET.min_area_share and cut <= _SHEET.max_cut_edges
        is_main.append(is_large and _differs_outside(channels, surface))
    if not any(is_main):
        return None
    least = _SHEET.min_relative_area * sheets[is_main.index(True)].sum()
    sheets = [sheet for sheet in sheets if sheet.sum() > least]
    covered = np.any(sheets, axis=0)
    if _is_written_beside(steep, covered) or _goes_on_written(channels, covered):
        return None
    borders = [1 + round(_SHEET.border_share * _shorter_side(sheet)) for sheet in sheets]
    inside = [erode(sheet, border) for sheet, border in zip(sheets, borders, strict=True)]
    inside = np.any(inside, axis=0)
    return from_coarse(inside, factor, pixels.shape) if inside.any() else None


def _surfaces(channels, steep):
    """Yield the plain areas that may be sheets, and small ones that are light or dark."""
    yield from _quadrilaterals(_across_lines(~steep, channels))
    # What is written close to the edges of a small sheet parts its plain surface.
    lightness = np.mean(channels, axis=0)
    is_light = lightness > (lightness.min() + lightness.max()) / 2
    for tone in (is_light, ~is_light):
        for surface in _quadrilaterals(tone):
            if surface.mean() < _SHEET.max_tone_area_share:
                yield erode(surface, 2)  # up to the step, as the plain ones


def _quadrilaterals(mask):
    """Yield the components that have four corners, filled: bool (H, W)."""
    smallest = _SHEET.min_relative_area * _SHEET.min_area_share * mask.size
    found = connected_components(mask)
    for i in np.argsort(-found.areas)[: _SHEET.max_areas]:
        left, top, right, bottom = found.boxes[i]
        is_small = found.widths[i] * found.heights[i] < smallest
        if is_small or is_bar(found.boxes[i], mask.shape):  # such as the title bar of a window
            continue
        if _cut_edges(found.labels == i + 1) > _SHEET.max_other_cut_edges:
            continue
        filled = np.zeros(mask.shape, bool)
        filled[top:bottom, left:right] = _filled(found.crop(i))
        if _cut_edges(filled) <= _SHEET.max_other_cut_edges and _has_four_corners(filled):
            yield filled


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
    lines = close(plain, _SHEET.max_rule_half_width) & ~plain
    both_sides = 2 * _SHEET.max_rule_half_width + 1
    for channel in channels:
        lightest = dilate(np.where(plain, channel, 0), both_sides)
        darkest = erode(np.where(plain, channel, 255), both_sides)
        lines &= lightest <= darkest + np.minimum(_SHEET.max_rule_contrast_levels, 255 - darkest)
    return plain | lines


def _shorter_side(mask):
    rows, columns = bounds(mask)
    return min(rows.stop - rows.start, columns.stop - columns.start)


def _filled(mask):
    """Fill the holes of a component."""
    outside = connected_components(~np.pad(mask, 1)).labels == 1
    return ~outside[1:-1, 1:-1]


def _cut_edges(sheet):
    """Count the edges of the picture that a sheet reaches with more than a corner."""
    edges = sheet[0], sheet[-1], sheet[:, 0], sheet[:, -1]
    return sum(edge.mean() > _SHEET.min_cut_share for edge in edges)


def _has_four_corners(mask):
    """Return whether a filled component is a quadrilateral."""
    rows = np.flatnonzero(mask.any(axis=1))
    ends = mask[rows].argmax(axis=1), mask.shape[1] - mask[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate(ends), np.concatenate([rows, rows])
    area, hull = mask.sum(), _area_between_ends(x, y, 16)
    difference = np.log(area / max(_area_between_ends(x, y, 4), 1))
    return area > _SHEET.min_convex_share * hull and abs(difference) < _SHEET.max_corner_log_ratio


def _area_between_ends(x, y, directions):
    """Measure the polygon between the points that lie farthest in some directions."""
    angles = 2 * np.pi * (np.arange(directions) + 0.5) / directions
    ends = (np.outer(np.cos(angles), x) + np.outer(np.sin(angles), y)).argmax(axis=1)
    x, y = x[ends], y[ends]
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _differs_outside(channels, mask):
    """Return whether there is another colour beyond most of the outline of a mask."""
    near, far = _SHEET.band_pixels
    inner, outer = mask & ~erode(mask, near), dilate(mask, far) & ~dilate(mask, near)
    differs = np.zeros(outer.sum(), bool)
    for channel in channels:
        channel = close_inside(channel, round(_SHEET.max_frame_share * max(mask.shape) / 2))
        # Light may fall off along the sheet: what is nearest counts.
        lightest = dilate(np.where(inner, channel, 0), near + far)[outer].astype(int)
        darkest = erode(np.where(inner, channel, 255), near + far)[outer].astype(int)
        differs |= channel[outer] > lightest + _SHEET.min_contrast_levels
        differs |= channel[outer] < darkest - _SHEET.min_contrast_levels
    return differs.size > 0 and differs.mean() > _SHEET.min_contrasting_share


def _is_crossed(channels, sheet):
    """Return whether a stroke crosses an outline: then it is that of a shadow or of a fold."""
    near, _ = _SHEET.band_pixels
    inside, outside = erode(_without_notches(sheet), near), ~dilate(sheet, near)
    labels = connected_components(_strokes(channels, inside)).labels
    return np.intersect1d(labels[inside], labels[outside]).any()


def _goes_on_written(channels, sheet):
    """Return whether paper like a sheet's goes on beyond a fold, with writing as tall on it."""
    near, _ = _SHEET.band_pixels
    inside, outside = erode(sheet, near), ~dilate(sheet, near)
    strokes = _strokes(channels, inside)
    for channel in channels:
        paper = close(channel, near).astype(np.int16)
        usual = np.median(paper[sheet])
        outside &= np.abs(paper - usual) < _SHEET.max_fold_share * usual
    tall = connected_components(strokes & inside).heights.max(initial=near)
    beside = connected_components(strokes & outside).heights
    return (beside > _SHEET.max_beside_height_share * tall).any()


def _strokes(channels, inside):
    """Find what is narrow and about as dark as the writing within a sheet: bool (H, W)."""
    near, _ = _SHEET.band_pixels
    dark = np.maximum.reduce([close(channel, near) - channel for channel in channels])
    least = _SHEET.min_stroke_share * dark[inside].max(initial=0)
    return dark > max(_SHEET.min_contrast_levels, least)


def _without_notches(mask):
    """Fill what lies between two parts of one row or column, such as a digit at the outline."""
    return _between(mask) | _between(mask.T).T


def _between(mask):
    """Find what lies between the first and the last pixel of each row."""
    after, before = (np.maximum.accumulate(some, axis=1) for some in (mask, mask[:, ::-1]))
    return after & before[:, ::-1]


def _is_written_beside(steps, sheet):
    """Return whether a plain surface beside a sheet has writing as tall as that on the sheet."""
    near, far = _SHEET.band_pixels
    outside = ~dilate(sheet, far)
    if (steps & outside).sum() > _SHEET.max_plain_step_share * outside.sum():
        return False
    writing = connected_components(steps & erode(sheet, near))
    beside = connected_components(steps & outside)
    ends = np.concatenate([beside.boxes[:, :2], steps.shape[::-1] - beside.boxes[:, 2:]], axis=1)
    is_apart = (ends > 0).all(axis=1)  # from the edges of the picture
    limit = _SHEET.max_beside_height_share * writing.heights.max(initial=near)
    return (beside.heights[is_apart] > limit).any()
