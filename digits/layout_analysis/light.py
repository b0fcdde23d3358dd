"""Measure how strong the ink in a photo of paper is, whatever its light, shadows and colours."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from digits.layout_analysis.highlighter import absorbed_share, without_highlighter
from digits.morphology import close, close_inside, connected_components, dilate, erode


@dataclass(frozen=True)
class _Photo:
    """What counts as ink under uneven light; chosen on pictures made of UNIPEN digits."""

    # Shorter side of a photo that is blurred against noise, in pixels, at least.
    min_blurred_pixels: int = 80
    # Longer side of the reduced photo that tells if ink is dark, in pixels, at least.
    min_coarse_pixels: int = 160
    # Half the width of dark ink on a light sheet, in pixels of the reduced photo, at most.
    max_dark_half_width: int = 2
    # Skewness of a sheet with dark ink only, at most: -1 if all that differs is darker.
    max_dark_skewness: float = -0.9
    # Width of a stroke, as a share of the photo's longer side, at most.
    max_pen_share: float = 0.13
    # How far one channel rises and another falls along a colour direction of length 1, at least.
    min_opposed_component: float = 0.2
    # Spread of lightness, as a share of the colours' spread, at most, if ink is as light as paper.
    max_lightness_ratio: float = 0.3
    # Share of the paper's light that ink absorbs, at least.
    min_absorbed_share: float = 0.12
    # Light that ink absorbs, as a share of what the darkest ink does, at least.
    min_relative_strength: float = 0.35
    # Contrast between ink and its paper, in levels of 255, at least.
    min_contrast_levels: float = 14.0
    # Contrast between ink and its paper, in standard deviations of the paper's noise, at least.
    min_contrast_deviations: float = 6.0
    # Standard deviation of paper in striped light, in levels of 255, at least; less is noise.
    min_stripes_deviation: float = 15.0
    # Strength up to which a pixel is paper, as a share of its component's largest strength.
    paper_strength: float = 0.4
    # Strength from which a pixel is full ink, as a share of its component's largest strength.
    full_ink_strength: float = 0.7
    # Distance from an edge of paper or of a shadow at which its traces end, in longer sides.
    border_share: float = 0.01
    # Change of the paper's light at its edge, in levels of 255, at least.
    min_edge_step_levels: int = 40
    # Share of a component that lies along such an edge if it is no ink, at least.
    min_along_edge_share: float = 0.7
    # Difference of a component from what continues it, in levels of 255, at most.
    max_continued_levels: int = 16
    # Share of a component's surroundings that continue it if it is no ink, at least.
    min_continued_share: float = 0.2
    # Number of components whose surroundings are looked at, the largest ones, at most.
    max_checked: int = 50
    # Longer side of ink, in pixels, at least.
    min_ink_pixels: int = 6


_PHOTO = _Photo()
_MAD = 1.48  # standard deviations in a median absolute deviation of normal values


def ink_under_light(pixels):
    """Compare each pixel with the paper around it, as estimated by a closing of each channel.

    A closing fills in whatever is dark and narrow, and keeps the edge of a shadow. What is dark up
    to an edge of the picture, such as the table beside the sheet, is not filled in: it is not ink.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W) or (H, W, 3)

    Returns
    -------
    ink : ndarray of uint8, shape (H, W)
    absorbed : ndarray of float32, shape (H, W)
        See `digits.layout_analysis.paper.find_ink`.
    """
    photo = Image.fromarray(pixels)
    if min(photo.size) >= _PHOTO.min_blurred_pixels:
        photo = photo.filter(ImageFilter.BoxBlur(1))
    photo = _by_main_colour(photo)
    is_light = _is_ink_light(photo.convert("L"))
    photo = np.atleast_3d(np.asarray(photo))
    if is_light:
        photo = 255 - photo
    radius = _pen_radius(photo)
    layers = []
    for channel in np.moveaxis(photo, 2, 0):
        channel = np.ascontiguousarray(channel)
        paper = close_inside(channel, radius)
        layers.append((paper, paper - channel))
    absorbed = _absorbed(layers, _median_and_deviation)
    found = _found(absorbed)
    edges = _edges_of_paper(found, layers)
    if edges.any():
        absorbed = absorbed * ~found.select(edges)
        found = _found(absorbed)
    written = without_highlighter(absorbed, found, layers)
    if not written.any():  # in evenly lit shares of 255, since a shadow takes a share of the light
        shares = [(255, 255 * absorbed_share(darker, paper)) for paper, darker in layers]
        written = _absorbed(shares, _median_and_deviation_in_stripes)
    return _strong(written, found if written is absorbed else _found(written)), written


def _by_main_colour(photo):
    """Turn a photo of ink and paper of about one lightness into grey levels that tell them apart.

    Such ink is darker than the paper in one channel and lighter in another. The levels are those
    along the direction in which colours differ most, the first principal component. Other photos
    are returned as they are.
    """
    if photo.mode == "L":
        return photo
    coarse, reach = _coarse(photo)
    around = coarse.filter(ImageFilter.BoxBlur(reach))
    differences = np.subtract(coarse, around, dtype=np.float32).reshape(-1, 3)
    variances, directions = np.linalg.eigh(differences.T @ differences / len(differences))
    direction = directions[:, -1]
    lightness = np.subtract(coarse.convert("L"), around.convert("L"), dtype=np.float32).std()
    is_mixed = (
        direction.min() < -_PHOTO.min_opposed_component
        and direction.max() > _PHOTO.min_opposed_component
    )
    if not is_mixed or lightness > _PHOTO.max_lightness_ratio * np.sqrt(variances[-1]):
        return photo
    colours = np.asarray(photo, np.float32)
    levels = (colours - np.median(colours, axis=(0, 1))) @ direction
    return Image.fromarray((levels + 128).clip(0, 255).astype(np.uint8))


def _is_ink_light(grey):
    """Return whether a photo in grey shows light ink, such as chalk on a board.

    Ink covers less than paper, so it is farther from the mean of its surroundings. A light sheet on
    a dark table is, too; it is wider than a stroke, and what stands on it, away from its edges, is
    dark.
    """
    coarse, reach = _coarse(grey)
    values = np.asarray(coarse, np.float32)
    inner = np.zeros(values.shape, bool)  # what is at the edges of a picture is often no paper
    inner[tuple(slice(n // 10, n - n // 10) for n in values.shape)] = True
    if _skew(values - coarse.filter(ImageFilter.BoxBlur(reach)), inner) <= 0:
        return False
    light = values > (values.min() + values.max()) / 2
    sheet = erode(close(light, _PHOTO.max_dark_half_width), _pen_radius(values))
    if not sheet.any():
        return True
    paper = np.asarray(coarse.filter(ImageFilter.MedianFilter(reach | 1)))
    edges = dilate(dilate(paper, 1) - erode(paper, 1) > _PHOTO.min_contrast_levels, reach // 2)
    return _skew(values - paper, inner & ~edges) > _PHOTO.max_dark_skewness


def _pen_radius(photo):
    """Return half the width of the thickest strokes in a photo, in pixels."""
    return round(_PHOTO.max_pen_share * max(photo.shape) / 2)


def _coarse(photo):
    """Reduce a photo to where it is seen what ink is, and tell how far its surroundings reach."""
    coarse = photo.reduce(max(1, max(photo.size) // _PHOTO.min_coarse_pixels))
    return coarse, max(coarse.size) // 12


def _skew(difference, where):
    """Measure how much of what is far from the usual is higher: -1 to 1.

    Only the pixels `where` count, unless the picture is blank there.
    """
    if np.abs(difference[where]).max(initial=0) > _PHOTO.min_contrast_levels:
        difference = difference[where]
    cubes = difference**3
    return float(cubes.sum() / max(np.abs(cubes).sum(), 1e-9))


def _found(absorbed):
    """Find the components of what absorbs light, also at the blurred edges of ink."""
    return connected_components(absorbed > _PHOTO.min_absorbed_share / 2)


def _edges_of_paper(found, layers):
    """Find the components that lie along the edge of a sheet or of a shadow: bool (n,).

    Shadows under a note and the fibres of a torn sheet are such; ink has one paper all round it.
    """
    reach = max(2, round(_PHOTO.border_share * max(found.labels.shape)))
    steps = np.zeros(found.labels.shape, bool)
    for paper, _ in layers:
        steps |= dilate(paper, reach) - erode(paper, reach) > _PHOTO.min_edge_step_levels
    along = np.bincount(found.labels[steps], minlength=len(found) + 1)[1:]
    border = along > _PHOTO.min_along_edge_share * found.areas
    may_go_on = (along > 0) & ~border
    for i in np.argsort(-found.areas * may_go_on)[: min(_PHOTO.max_checked, may_go_on.sum())]:
        border[i] = _goes_on(found, i, layers, reach)
    return border


def _goes_on(found, i, layers, reach):
    """Return whether a component goes on beyond its outline in the same colour.

    Then it is the round end of a shadow or of a highlighter's mark: a closing by squares fills in
    only that end.
    """
    left, top, right, bottom = found.boxes[i] + np.array([-reach, -reach, reach, reach])
    part = np.s_[max(0, top) : bottom, max(0, left) : right]
    own = found.labels[part] == i + 1
    around = dilate(own, reach) & ~dilate(own, reach // 2) & (found.labels[part] == 0)
    if not around.any():
        return False
    alike = np.ones(around.sum(), bool)
    for paper, darker in layers:
        light = paper[part].astype(np.int16) - darker[part]
        alike &= (
            np.abs(light[around] - np.percentile(light[own], 10)) <= _PHOTO.max_continued_levels
        )
    return alike.mean() > _PHOTO.min_continued_share


def _absorbed(layers, middle_and_spread):
    """Measure the share of the light that ink absorbs, given paper and darkness of each channel."""
    absorbed = np.zeros(layers[0][1].shape, np.float32)
    for paper, darker in layers:
        usual, noise = middle_and_spread(darker[::3, ::3])
        ink = darker > usual + max(
            _PHOTO.min_contrast_levels, _PHOTO.min_contrast_deviations * noise
        )
        paper = paper if np.isscalar(paper) else paper[ink]
        share = absorbed_share(darker[ink] - np.float32(usual), paper)
        absorbed[ink] = np.maximum(absorbed[ink], share)
    return absorbed


def _median_and_deviation(values):
    """Estimate median and standard deviation, as if few values were far off."""
    middle = np.median(values)
    return float(middle), float(_MAD * np.median(np.abs(values - middle)))


def _median_and_deviation_in_stripes(values):
    """Estimate both for the shadows alone where light falls in stripes, as through a blind."""
    middle, spread = _median_and_deviation(values)
    if spread < _PHOTO.min_stripes_deviation:
        return middle, np.inf
    return _median_and_deviation(values[values > middle])


def _strong(absorbed, found):
    """Keep what absorbs so much light that it must be ink, each component at full strength."""
    mask = found.labels > 0
    large = np.maximum(found.widths, found.heights) >= _PHOTO.min_ink_pixels
    if not large.any():
        return np.zeros(absorbed.shape, np.uint8)
    labels, levels = found.labels[mask], absorbed[mask]
    full = np.zeros(len(found) + 1, np.float32)
    np.maximum.at(full, labels, levels)
    large &= full[1:] > max(
        _PHOTO.min_absorbed_share, _PHOTO.min_relative_strength * full[1:][large].max()
    )
    full[1:][~large] = np.inf
    low, high = _PHOTO.paper_strength, _PHOTO.full_ink_strength
    share = (levels / full[labels] - low) / (high - low)
    ink = np.zeros(absorbed.shape, np.uint8)
    ink[mask] = 255 * share.clip(0, 1)
    return ink
