"""Draw a picture of pen strokes as another person with another device would.

The path itself is changed, not its picture: turned, slanted, stretched and bent, with tremor,
missing ends and few points, as mice and fingers leave them. Then it is drawn with a random pen, 8
to 170 pixels on its longer side.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from digits.training.paths import bounding_box, distances, evenly_spaced


@dataclass(frozen=True)
class PathHabits:
    """How a path is changed. Lengths are shares of the character's longer side.

    Chosen by eye, so that a person still reads what was written.
    """

    turn_degrees: float = 6.0  # standard deviation of the turn, in degrees
    slant_spread: float = 0.14  # standard deviation of the slant: horizontal shift per height
    max_slant: float = 0.4  # horizontal shift per height, to either side, at most
    stretch_spread: float = 0.13  # standard deviation of the logarithm of width over height
    bend_probability: float = 0.6  # probability of a smooth distortion
    # Standard deviation of the amplitudes of the waves that bend the path.
    bend_amplitude: float = 0.022
    # Range of the frequencies of the waves that bend the path, in radians per unit.
    bend_frequency: tuple = (1.5, 5.5)
    cut_probability: float = 0.1  # probability that the start or the end of a stroke is missing
    cut_share: tuple = (0.03, 0.12)  # range of the share of a stroke that is missing
    second_pass_probability: float = 0.06  # probability that a stroke is drawn twice
    coarse_probability: float = 0.12  # probability of a slow device, which leaves straight pieces
    # Range of the length of the straight pieces that a slow device leaves.
    piece_length: tuple = (0.06, 0.16)
    tremor_probability: float = 0.18  # probability of an unsteady hand
    # Range of the standard deviation of an unsteady hand's points.
    tremor_amplitude: tuple = (0.003, 0.012)
    shift_probability: float = 0.15  # probability that the strokes are shifted against each other
    shift_spread: float = 0.025  # standard deviation of the shift of a stroke, each way


@dataclass(frozen=True)
class PenHabits:
    """How a path is drawn."""

    size_pixels: tuple = (8, 170)  # range of the longer side, in pixels; its logarithm is uniform
    median_width: float = 0.07  # median width of the pen, as a share of the longer side
    width_spread: float = 0.5  # standard deviation of the logarithm of the pen's width
    # Smallest and largest width of the pen, as shares of the longer side.
    width_limits: tuple = (0.015, 0.2)
    min_width_pixels: float = 0.8  # width of the pen, in pixels, at least
    aliased_probability: float = 0.35  # probability of pixels that are either ink or paper
    blur_probability: float = 0.12  # probability of a blur
    compression_probability: float = 0.05  # probability of a JPEG round trip
    threshold_probability: float = 0.05  # probability of a scan in black and white


PATH, PEN = PathHabits(), PenHabits()


def draw_by_another_hand(strokes, random):
    """Change the path of strokes at random and draw it with a random pen and resolution.

    Parameters
    ----------
    strokes : list of (n, 2) float32 arrays
        x to the right, y downwards, any unit.
    random : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Ink up to 255 on paper 0, with a margin of a few pixels.
    """
    paths = change_habits(distort(to_unit_size(strokes), random), random)
    low, high = PEN.size_pixels
    size = float(np.exp(random.uniform(np.log(low), np.log(high))))
    share = np.exp(random.normal(np.log(PEN.median_width), PEN.width_spread))
    width = max(share.clip(*PEN.width_limits) * size, PEN.min_width_pixels)
    is_smooth = random.random() > PEN.aliased_probability
    return degrade(rasterize(paths, size, width, is_smooth, random), random)


def to_unit_size(strokes):
    """Centre strokes on the origin and scale their longer side to 1: list of float32 arrays."""
    low, high = bounding_box(strokes)
    scale = max((high - low).max(), 1e-6)
    return [((path - (low + high) / 2) / scale).astype(np.float32) for path in strokes]


def distort(paths, random):
    """Turn, slant, stretch and bend paths of unit size, all strokes alike."""
    angle = np.radians(random.normal(0, PATH.turn_degrees))
    cosine, sine = np.cos(angle), np.sin(angle)
    slant = np.clip(random.normal(0, PATH.slant_spread), -PATH.max_slant, PATH.max_slant)
    stretch = np.exp(random.normal(0, PATH.stretch_spread))
    turn = np.array([[cosine, -sine], [sine, cosine]])
    matrix = turn @ np.array([[1, slant], [0, 1]]) @ np.diag([stretch, 1])
    paths = [path @ matrix.T.astype(np.float32) for path in paths]
    if random.random() >= PATH.bend_probability:
        return paths
    waves = 3
    frequency = random.uniform(*PATH.bend_frequency, (waves, 2)) * random.choice(
        [-1, 1], (waves, 2)
    )
    phase = random.uniform(0, 2 * np.pi, (2, waves))
    amplitude = random.normal(0, PATH.bend_amplitude, (2, waves))
    bent = []
    for path in paths:
        angles = path @ frequency.T.astype(np.float32)
        moved = [(np.sin(angles + phase[axis]) * amplitude[axis]).sum(1) for axis in (0, 1)]
        bent.append((path + np.stack(moved, 1)).astype(np.float32))
    return bent


def change_habits(paths, random):
    """Cut an end off, pass twice, draw with tremor or with few points, set strokes apart."""
    paths = list(paths)
    chance = random.random()
    if chance < PATH.cut_probability:
        i = random.integers(len(paths))
        path = resample(paths[i], 0.02)
        cut = int(len(path) * random.uniform(*PATH.cut_share))
        if len(path) - cut >= 2:
            paths[i] = path[cut:] if random.random() < 0.5 else path[: len(path) - cut]
    elif chance < PATH.cut_probability + PATH.second_pass_probability:
        path = paths[random.integers(len(paths))]
        again = path + random.normal(0, 0.02, 2) + random.normal(0, 0.004, path.shape)
        paths.append(again.astype(np.float32))
    chance = random.random()
    if chance < PATH.coarse_probability:
        piece = random.uniform(*PATH.piece_length)
        paths = [resample(path, piece) for path in paths]
    elif chance < PATH.coarse_probability + PATH.tremor_probability:
        step, amplitude = random.uniform(0.02, 0.06), random.uniform(*PATH.tremor_amplitude)
        paths = [resample(path, step) for path in paths]
        paths = [p + random.normal(0, amplitude, p.shape).astype(np.float32) for p in paths]
    if len(paths) > 1 and random.random() < PATH.shift_probability:
        paths = [path + random.normal(0, PATH.shift_spread, 2).astype(np.float32) for path in paths]
    return paths


def resample(path, step):
    """Give a path points about `step` apart, float32 (n, 2); a path without length is one point."""
    length = distances(path)[-1]
    if length < 1e-6:
        return path[:1]
    return evenly_spaced(path, max(2, int(length / step) + 1)).astype(np.float32)


def rasterize(paths, size, width, antialias, random):
    """Draw paths with a round pen at a random subpixel position.

    Parameters
    ----------
    paths : list of (n, 2) float32 arrays
    size : float
        Longer side of the paths' box in pixels.
    width : float
        Of the pen, in pixels.
    antialias : bool
    random : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Ink 255 on paper 0.
    """
    low, high = bounding_box(paths)
    scale = size / max((high - low).max(), 1e-6)
    # OpenCV's own anti-aliasing is wrong for pens of a pixel or two: small pictures are averaged.
    fine = 4 if antialias and size < 90 else 1
    margin = width / 2 + 1.5
    shift = margin + random.uniform(0, 1, 2)
    columns, rows = np.ceil((high - low) * scale + 2 * margin + 1).astype(int)
    picture = np.zeros((rows * fine, columns * fine), np.uint8)
    thickness = max(1, round(width * fine))
    line = cv2.LINE_AA if antialias and fine == 1 else cv2.LINE_8
    for path in paths:
        corners = np.round((((path - low) * scale + shift) * fine - 0.5) * 16).astype(np.int32)
        if len(corners) == 1:
            corners = np.repeat(corners, 2, axis=0)
        cv2.polylines(picture, [corners], False, 255, thickness, line, 4)
    if fine == 1:
        return picture
    return cv2.resize(picture, (int(columns), int(rows)), interpolation=cv2.INTER_AREA)


def degrade(picture, random):
    """Now and then blur a picture, compress it, or make it black and white."""
    chance = random.random()
    if chance < PEN.blur_probability:
        sigma = random.uniform(0.3, 1.0) * max(1, min(picture.shape) / 40)
        picture = cv2.GaussianBlur(picture, None, float(sigma))
    elif chance < PEN.blur_probability + PEN.compression_probability:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(15, 70))]
        _, jpeg = cv2.imencode(".jpg", 255 - np.pad(picture, 4), quality)
        picture = 255 - cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE)
        picture[picture < 40] = 0  # compression noise on the paper
    elif chance < PEN.blur_probability + PEN.compression_probability + PEN.threshold_probability:
        threshold = random.uniform(0.25, 0.75) * picture.max()  # a share: some ink always remains
        picture = np.where(picture > threshold, np.uint8(255), np.uint8(0))
    if 0 < picture.max() < 60:  # faint from the blur
        picture = cv2.convertScaleAbs(picture, alpha=255 / int(picture.max()))
    return picture
