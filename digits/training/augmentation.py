"""Augment and normalize MNIST digits with an Albumentations pipeline.

Every digit is enlarged to twice its size, drawn in another handwriting style, distorted, and then
normalized by the same function as a visitor's drawing: training and serving use the same
preprocessing.
"""

import albumentations as A
import cv2
import numpy as np

from digits.masks import stroke_width
from digits.model_input import SIDE
from digits.normalization import normalize_ink
from digits.training.styles import HandwritingStyle

_MARGIN = 3  # pixels of 28x28 on every side, for strokes that reach beyond the digit
_WIDTHS = (0.04, 0.14)  # range of the new mean stroke width, as a share of the image's side
_COARSE_SIDES = (8, 26)  # range of the longer side of ink in few pixels, in pixels
FIELD = 2 * (SIDE + 2 * _MARGIN)  # pixels of the enlarged image's side


class InkWidth(A.ImageOnlyTransform):
    """Change the width of the pen, from hairline to marker.

    Parameters
    ----------
    p : float
        Probability.
    """

    def apply(self, img, **params):
        """Erode or dilate one image, uint8 of shape (H, W), to a new stroke width."""
        target = self.random_generator.uniform(*_WIDTHS) * img.shape[0]
        change = (target - stroke_width(img / np.float32(img.max()))) / 2
        size = 2 * round(abs(change)) + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        if change > 0:
            return cv2.dilate(img, kernel)
        eroded = cv2.erode(img, kernel)
        # Strokes of uneven width would break up: then the digit keeps its pen.
        return eroded if (eroded > 127).sum() > 0.25 * (img > 127).sum() else img


class InkEdge(A.ImageOnlyTransform):
    """Make the edges of ink crisp as on a canvas, soft as in a photograph, or anything between.

    MNIST's ink is soft from scaling, that of drawn strokes and outliers is crisp. Without this step
    the network would tell digits from outliers by their edges.

    Parameters
    ----------
    p : float
        Probability.
    """

    def apply(self, img, **params):
        """Blur one image, uint8 of shape (H, W), then increase its contrast."""
        sigma = self.random_generator.uniform(0.3, 1.7)
        gain = np.exp(self.random_generator.uniform(0, 2.5))
        soft = cv2.GaussianBlur(img, None, sigma)
        return cv2.convertScaleAbs(cv2.subtract(soft, 128 * (1 - 1 / gain)), alpha=gain)


class CoarsePixels(A.ImageOnlyTransform):
    """Show the ink in few pixels, as a thumbnail or a tiny canvas does, half of them in two tones.

    Parameters
    ----------
    p : float
        Probability.
    """

    def apply(self, img, **params):
        """Crop one image, uint8 of shape (H, W), to its ink and reduce that; faint ink is left."""
        left, top, width, height = cv2.boundingRect(img)
        if not width:
            return img
        scale = min(1, self.random_generator.uniform(*_COARSE_SIDES) / max(width, height))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        crop = img[top : top + height, left : left + width]
        small = cv2.resize(crop, size, interpolation=cv2.INTER_AREA)
        if self.random_generator.random() < 0.5:
            small = 255 * (small > self.random_generator.uniform(70, 150)).astype(np.uint8)
        return small if small.max() > 60 else img


class Normalize(A.ImageOnlyTransform):
    """Apply `digits.normalization.normalize_ink`: to float32 of shape (28, 28)."""

    def __init__(self):
        super().__init__(p=1)

    def apply(self, img, **params):
        """Normalize one image, uint8 of shape (H, W); without ink it becomes zeros."""
        field = normalize_ink(img)
        return np.zeros((SIDE, SIDE), np.float32) if field is None else field


def enlarge(image):
    """Add a margin around a digit and enlarge it to twice its size, for the pipeline.

    Parameters
    ----------
    image : ndarray of uint8, shape (28, 28)
        Ink 255 on paper 0.

    Returns
    -------
    ndarray of uint8, shape (68, 68)
    """
    return cv2.resize(np.pad(image, _MARGIN), (FIELD, FIELD), interpolation=cv2.INTER_CUBIC)


def build_pipeline(seed=None):
    """Build the augmentation of single digits.

    Parameters
    ----------
    seed : int, optional
        Seed of all randomness.

    Returns
    -------
    albumentations.Compose
        Takes ``image``, uint8 (68, 68) as `enlarge` makes it, and ``label``, int; its ``image`` is
        float32 (28, 28) in [0, 1].
    """
    return A.Compose(
        [
            A.Sequential(
                [
                    HandwritingStyle(p=0.5),
                    InkWidth(p=0.5),
                    A.Affine(
                        scale={"x": (0.75, 1.15), "y": (0.85, 1.15)},
                        rotate=(-13, 13),
                        shear={"x": (-16, 16), "y": (-5, 5)},
                        keep_ratio=False,
                        p=0.9,
                    ),
                    A.OneOf(
                        [
                            A.ElasticTransform(alpha=27, sigma=4.7, p=1),
                            A.GridDistortion(num_steps=4, distort_limit=0.3, p=1),
                        ],
                        p=0.4,
                    ),
                    InkEdge(p=0.8),
                ],
                p=0.9,
            ),
            CoarsePixels(p=0.08),
            Normalize(),
        ],
        seed=seed,
        strict=True,
    )


def augment_digits(images, labels, seed):
    """Augment MNIST digits.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, 28, 28)
    labels : ndarray of int, shape (n,)
    seed : int

    Returns
    -------
    list of ndarray of float32, shape (28, 28), in [0, 1]
    """
    pipeline = build_pipeline(seed)
    return [
        pipeline(image=enlarge(image), label=int(label))["image"]
        for image, label in zip(images, labels, strict=True)
    ]


def shift_by_a_pixel(images, random):
    """Shift images by up to a pixel each way: MNIST's own are not exactly centred either.

    Parameters
    ----------
    images : ndarray, shape (n, 28, 28)
    random : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n, 28, 28)
    """
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    shifted = np.lib.stride_tricks.sliding_window_view(padded, (SIDE, SIDE), axis=(1, 2))
    down, right = random.integers(0, 3, (2, len(padded)))
    return shifted[np.arange(len(padded)), down, right]
