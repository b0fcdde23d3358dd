"""Turn ink or a picture of one digit into an MNIST-style 28x28 array, in training and in serving.

MNIST's own recipe (LeCun et al., "Gradient-based learning applied to document recognition",
Proc. IEEE 86(11), 1998, section III.A): the digit is scaled to fit 20x20 pixels with its aspect
ratio kept, and placed in 28x28 so that its centre of mass is the centre of the field. Two steps
are added: ink of few pixels is enlarged smoothly, and ink thinner than a pen would leave at that
size is dilated, since a 6-pixel line on a 520-pixel canvas would otherwise fade to a quarter of its
grey level.
"""

import numpy as np
from PIL import Image

from digits.coarse import enlarge_smoothly, shrink_blocks
from digits.ink import analyse
from digits.masks import coarse_mask, ink_threshold, stroke_width
from digits.model_input import BOX, SIDE
from digits.morphology import grow

_MIN_STROKE = 1.6  # pixels of the 28x28 field; about what MNIST's thinnest pens left
_OVERSAMPLING = 4  # dilation happens at this multiple of the final resolution


def normalize(image):
    """Make a picture of one digit look like an MNIST image.

    Parameters
    ----------
    image : PIL.Image.Image or ndarray of uint8, shape (H, W), (H, W, 3) or (H, W, 4)
        Dark ink on light paper or light ink on dark; transparent pixels are paper.

    Returns
    -------
    ndarray of float32, shape (28, 28), or None
        Ink 1 on paper 0, or None if the picture is blank.

    Raises
    ------
    PictureError
        As in `digits.Recognizer.read`.
    """
    page = analyse(image)
    return None if page.ink is None else normalize_crop(page.ink)


def normalize_ink(ink):
    """Scale ink that is already known, dilate it if it is thin, and centre it; see `normalize`.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
        0 on paper, the largest value where the ink is full.

    Returns
    -------
    ndarray of float32, shape (28, 28), or None
        None if there is no ink.
    """
    threshold = ink_threshold(ink)
    rows = np.flatnonzero(ink.max(axis=1) > threshold)
    if not rows.size:
        return None
    ink = ink[rows[0] : rows[-1] + 1]
    columns = np.flatnonzero(ink.max(axis=0) > threshold)
    return normalize_crop(ink[:, columns[0] : columns[-1] + 1])


def normalize_crop(crop):
    """Make ink that fills its picture look like an MNIST image; see `normalize_ink`.

    Parameters
    ----------
    crop : ndarray of uint8, shape (H, W)
        Ink in the first and the last row and column, 0 on paper.

    Returns
    -------
    ndarray of float32, shape (28, 28)
    """
    crop = enlarge_smoothly(shrink_blocks(crop))
    full = crop.max()
    crop = Image.fromarray(crop)
    small = _fit(crop, BOX) / np.float32(full)
    if not small.any():  # ink so faint and sparse that its mean rounds to nothing
        coarse, _ = coarse_mask(np.asarray(crop), BOX * _OVERSAMPLING)
        return normalize_crop(coarse * np.uint8(255))
    if stroke_width(small) < _MIN_STROKE:
        fine = _fit(crop, BOX * _OVERSAMPLING)
        missing = _MIN_STROKE * _OVERSAMPLING - stroke_width(fine / np.float32(full))
        radius = max(1, round(missing / 2))
        fine = grow(fine, radius)
        small = _fit(Image.fromarray(fine), BOX) / np.float32(fine.max())

    field = np.zeros((SIDE, SIDE), np.float32)
    top, left = (_offset(small, axis) for axis in (0, 1))
    field[top : top + small.shape[0], left : left + small.shape[1]] = small
    return field


def _fit(crop, side):
    """Scale the longer side to `side`, averaging over the area that each new pixel covers."""
    size = [max(1, round(length * side / max(crop.size))) for length in crop.size]
    return np.asarray(crop.resize(size, Image.Resampling.BOX))


def _offset(small, axis):
    """Where `small` starts so that its centre of mass falls on pixel 14, as in MNIST."""
    mass = small.sum(axis=1 - axis)
    centre = float(mass @ np.arange(mass.size)) / float(mass.sum())
    return min(max(round(SIDE / 2 - centre), 0), SIDE - mass.size)
