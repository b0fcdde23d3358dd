"""Tell whether pen strokes are one whole digit, and whether it has a certain style.

These rules judge geometry only, never a network's answer, so that no drawing is left out of a
measurement, or put into a subset, because a network misreads it. Their limits were set by hand on
drawings of UNIPEN 1a; of the 9,787 digits of the sites apa, apb, app, syn and val they reject 15 as
not isolated and find 54 slashed zeros, 215 flagged or footed ones and 350 crossed sevens.
"""

from dataclasses import dataclass

import numpy as np

from digits.training.paths import bounding_box, distances, evenly_spaced


@dataclass(frozen=True)
class IsolationLimits:
    """When a segment is several characters, a part of one, or a scribble."""

    # Height of each of several characters side by side, as a share of the segment's, at least.
    min_group_height: float = 0.6
    # Width of each of several characters side by side, as a share of its height, at least.
    min_group_width: float = 0.3
    # Path length of a digit with fewer strokes than usual, as a share of the usual one, at least.
    min_path: float = 0.6
    # Thickness of a digit other than 1, as a share of its length, at least: less is a bar.
    min_thickness: float = 0.1
    # How far a 4 in one stroke goes up again, as a share of its height, at least.
    min_rise: float = 0.15
    # Path length of a digit, as a multiple of the usual one, at most: more is a scribble.
    max_path: float = 8
    # Number of the writer's samples of a label that tell what is usual, by the median, at least.
    min_samples: int = 3


@dataclass(frozen=True)
class SlashLimits:
    """What a slashed zero looks like once its bounding box is stretched to [-1, 1] both ways."""

    # Radius of the core, inside of which a slash is looked for, and outside of it the loop.
    core_radius: float = 0.5
    # Number of sectors of the circle round the centre.
    sectors: int = 24
    # Number of sectors with ink of the loop, at least: it may stay open a little.
    min_sectors: int = 20
    # Length of the slash inside the core, at least.
    min_length: float = 0.65
    # Distance between the ends of the slash over its path length, at least.
    min_straightness: float = 0.9
    # Rise over run of the slash, at least.
    min_steepness: float = 0.5
    # Distance from slash to loop, on both sides, in lengths of the slash, at least.
    min_side: float = 0.25


@dataclass(frozen=True)
class OneLimits:
    """What a flagged or footed one looks like; lengths are shares of its height."""

    foot_top: float = 0.88  # distance from the top beyond which ink may be a foot
    min_foot_width: float = 0.3  # width of a foot, at least
    flag_bottom: float = 0.5  # distance from the top up to which bands are searched for a flag
    band_height: float = 0.06  # height of a band
    band_step: float = 0.03  # distance from the start of one band to that of the next
    min_flag_width: float = 0.14  # width of the ink in a band with a flag, at least


@dataclass(frozen=True)
class CrossbarLimits:
    """What a crossed seven looks like; lengths are shares of its height."""

    top: float = 0.25  # distance of the crossing from the top, at least
    bottom: float = 0.85  # distance of the crossing from the top, at most
    half_height: float = 0.12  # vertical distance from the crossing of flat ink of the bar, at most
    min_reach: float = 0.08  # how far the bar reaches to either side of the crossing, at least


ISOLATION, SLASH, ONE, CROSSBAR = IsolationLimits(), SlashLimits(), OneLimits(), CrossbarLimits()
_STEP = 0.02  # distance of the points that paths are resampled to, in heights of the drawing


def is_isolated_digit(drawings):
    """Find which segments hold one whole digit.

    The others are segmentation errors: several characters side by side ("00" labelled 0), a part of
    a character, or a scribble; see `IsolationLimits`.

    Parameters
    ----------
    drawings : list of Drawing
        All of the collection: what is usual for a writer is told from them.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    written = {}
    for drawing in drawings:
        written.setdefault((drawing.writer, drawing.label), []).append(drawing.strokes)
    medians = {
        key: (np.median([len(s) for s in same]), np.median([_length(s) for s in same]))
        for key, same in written.items()
        if len(same) >= ISOLATION.min_samples
    }
    isolated = np.ones(len(drawings), bool)
    for index, drawing in enumerate(drawings):
        strokes, length = drawing.strokes, _length(drawing.strokes)
        count, usual = medians.get((drawing.writer, drawing.label), (len(strokes), length))
        is_part = (
            (len(strokes) < count and length < ISOLATION.min_path * usual)
            or (drawing.label != "1" and _thickness(strokes) < ISOLATION.min_thickness)
            or (
                drawing.label == "4"
                and len(strokes) == 1
                and _rise(strokes[0]) < ISOLATION.min_rise
            )
        )
        is_scribble = length > ISOLATION.max_path * usual
        isolated[index] = not (_is_several(strokes) or is_part or is_scribble)
    return isolated


def isolated_digits(drawings):
    """Select the drawings that hold one whole digit: a list; see `is_isolated_digit`."""
    isolated = is_isolated_digit(drawings)
    return [drawing for drawing, kept in zip(drawings, isolated, strict=True) if kept]


def is_slashed_zero(drawing):
    """Return whether a 0 has a straight, steep line through its middle and its loop around that.

    Parameters
    ----------
    drawing : Drawing

    Returns
    -------
    bool
    """
    if drawing.label != "0":
        return False
    paths = _resample(drawing.strokes)
    low, high = bounding_box(paths)
    paths = [(2 * path - low - high) / np.maximum(high - low, 1e-6) for path in paths]  # box: +-1
    ink = np.concatenate(paths)
    loop = ink[np.hypot(*ink.T) > SLASH.core_radius]
    sectors = np.unique(np.arctan2(loop[:, 1], loop[:, 0]) // (2 * np.pi / SLASH.sectors))
    if len(sectors) < SLASH.min_sectors:
        return False
    for path in paths:
        inside = np.hypot(*path.T) < SLASH.core_radius
        ends = np.flatnonzero(np.diff(inside, prepend=False, append=False)).reshape(-1, 2)
        for begin, end in ends:
            along = path[end - 1] - path[begin]
            length = np.hypot(*along)
            is_straight = length > SLASH.min_straightness * _length([path[begin:end]])
            is_steep = abs(along[1]) > SLASH.min_steepness * abs(along[0])
            if length > SLASH.min_length and is_straight and is_steep:
                offset = ink - (path[begin] + path[end - 1]) / 2
                beside = _cross(offset, along)[np.abs(offset @ along) < 0.1 * length] / length
                if beside.min() < -SLASH.min_side and beside.max() > SLASH.min_side:
                    return True
    return False


def is_flagged_one(drawing):
    """Return whether a 1 has a flag (ink at two places of one height in its upper half) or a foot.

    Parameters
    ----------
    drawing : Drawing

    Returns
    -------
    bool
    """
    if drawing.label != "1":
        return False
    ink = np.concatenate(_resample(drawing.strokes))
    foot = np.ptp(ink[ink[:, 1] > ONE.foot_top, 0]) > ONE.min_foot_width
    tops = np.arange(0, ONE.flag_bottom, ONE.band_step)
    bands = (ink[(ink[:, 1] >= top) & (ink[:, 1] <= top + ONE.band_height), 0] for top in tops)
    return bool(foot or any(band.size and np.ptp(band) > ONE.min_flag_width for band in bands))


def is_crossed_seven(drawing):
    """Return whether a 7 has a stem that is crossed by a flat line that reaches out on both sides.

    Parameters
    ----------
    drawing : Drawing

    Returns
    -------
    bool
    """
    if drawing.label != "7":
        return False
    paths = _resample(drawing.strokes)
    start = np.concatenate([path[:-1] for path in paths])
    step = np.concatenate([np.diff(path, axis=0) for path in paths])
    flat = np.abs(step[:, 0]) > np.abs(step[:, 1])
    middle = (start[:, 1] > CROSSBAR.top) & (start[:, 1] < CROSSBAR.bottom)
    for a, v in zip(start[flat & middle], step[flat & middle], strict=True):
        b, w = start[~flat & middle], step[~flat & middle]
        parallel = _cross(v, w)
        with np.errstate(divide="ignore", invalid="ignore"):
            s, t = _cross(b - a, w) / parallel, _cross(b - a, v) / parallel
        # Strictly between the ends: two neighbours on a bend touch there and do not cross.
        if np.any((s > 1e-3) & (s < 1 - 1e-3) & (t > 1e-3) & (t < 1 - 1e-3)):
            bar = start[flat & (np.abs(start[:, 1] - a[1]) < CROSSBAR.half_height), 0] - a[0]
            if bar.min() < -CROSSBAR.min_reach and bar.max() > CROSSBAR.min_reach:
                return True
    return False


def _is_several(strokes):
    """Whether strokes form characters side by side, with a gap between them."""
    low, high = bounding_box(strokes)
    groups = []
    for stroke in sorted(strokes, key=lambda stroke: stroke[:, 0].min()):
        if groups and stroke[:, 0].min() <= max(part[:, 0].max() for part in groups[-1]):
            groups[-1].append(stroke)
        else:
            groups.append([stroke])
    sizes = [np.subtract(*bounding_box(group)[::-1]) for group in groups]
    return len(groups) > 1 and all(
        height > ISOLATION.min_group_height * (high - low)[1]
        and width > ISOLATION.min_group_width * height
        for width, height in sizes
    )


def _rise(stroke):
    """How far a stroke goes up again, as a share of its height (y points downwards)."""
    y = stroke[:, 1]
    return (np.maximum.accumulate(y) - y).max() / max(np.ptp(y), 1e-6)


def _thickness(strokes):
    """Extent across the main direction, as a share of the extent along it."""
    points = np.concatenate(strokes)
    points = points - points.mean(0)
    main = np.linalg.svd(points, full_matrices=False)[2]
    along, across = np.ptp(points @ main.T, axis=0) if len(points) > 1 else (0, 0)
    return across / max(along, 1e-6)


def _length(strokes):
    return sum(np.hypot(*np.diff(stroke, axis=0).T).sum() for stroke in strokes)


def _resample(strokes):
    """Strokes as points no more than `_STEP` apart, in units of the drawing's height, from 0."""
    low, high = bounding_box(strokes)
    paths = []
    for stroke in strokes:
        stroke = (stroke - low) / max((high - low)[1], 1e-6)
        paths.append(evenly_spaced(stroke, int(distances(stroke)[-1] / _STEP) + 2))
    return paths


def _cross(a, b):
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
