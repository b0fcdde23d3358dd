"""Mix batches of model inputs from MNIST digits and the strokes of some writers.

What runs in the worker processes is in here. A process that also imported Keras would start a
second later and take 600 MB more.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from digits.model_input import SIDE
from digits.normalization import normalize_ink
from digits.training.augmentation import augment_digits, shift_by_a_pixel
from digits.training.outliers import OutlierSampler
from digits.training.pen import draw_by_another_hand
from digits.training.writers import WriterSampler


@dataclass(frozen=True)
class BatchMix:
    """Model inputs of each kind in a batch; the shares were chosen on validation writers."""

    mnist: int = 80  # augmented MNIST digits
    strokes: int = 60  # digits drawn from pen strokes
    outliers: int = 52  # pictures of something other than a digit


class Mixture:
    """Makes batches of augmented MNIST digits, digits drawn from strokes, and outliers.

    Parameters
    ----------
    digits, letters, symbols : list of Drawing
        Of training writers.
    mix : BatchMix, optional
    """

    def __init__(self, digits, letters, symbols, mix=None):
        self.mix = mix or BatchMix()
        self._digit = WriterSampler(digits)
        self._outlier = OutlierSampler(digits, letters, symbols)

    def batch(self, images, labels, seed):
        """Make one batch.

        Parameters
        ----------
        images : ndarray of uint8, shape (mix.mnist, 28, 28)
            MNIST digits.
        labels : ndarray of int, shape (mix.mnist,)
        seed : int

        Returns
        -------
        model_input : ndarray of float32, shape (n, 28, 28), in [0, 1]
        labels : ndarray of int, shape (n,)
            -1 for an outlier.
        """
        random = np.random.default_rng(seed)
        drawn = [self._digit(random) for _ in range(self.mix.strokes)]
        pictures = [draw_by_another_hand(drawing.strokes, random) for drawing in drawn]
        pictures += [self._outlier(random) for _ in range(self.mix.outliers)]
        blank = np.zeros((SIDE, SIDE), np.float32)
        inputs = [blank if (made := normalize_ink(p)) is None else made for p in pictures]
        inputs = np.stack([*augment_digits(images, labels, seed), *inputs])
        labels = [*labels, *(int(d.label) for d in drawn), *[-1] * self.mix.outliers]
        return shift_by_a_pixel(inputs, random), np.array(labels)


_mixture = None  # of this worker process


def use_mixture(mixture):
    """Give a worker process its mixture once, instead of with every batch."""
    global _mixture
    _mixture = mixture
    cv2.setNumThreads(1)  # the images are small, and the other cores belong to the training


def make_batch(images, labels, seed):
    """Make one batch in a worker process: see `Mixture.batch`."""
    return _mixture.batch(images, labels, seed)
