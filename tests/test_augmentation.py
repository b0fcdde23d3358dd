import warnings

import cv2
import numpy as np

from digits.normalization import stroke_width
from digits.training.augmentation import InkWidth, augment_batch, build_pipeline, enlarge
from tests.small_mnist import plain_digit


def test_ink_width_covers_hairline_to_marker():
    change = InkWidth(p=1)
    change.set_random_seed(0)
    widths = [
        stroke_width(change(image=plain_digit(0))["image"] / np.float32(255)) for _ in range(100)
    ]
    assert min(widths) < 0.06 * 84
    assert max(widths) > 0.12 * 84


def test_the_pipeline_is_seeded_silent_and_ends_with_normalization():
    image = enlarge(cv2.resize(plain_digit(7), (28, 28), interpolation=cv2.INTER_AREA))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Albumentations drops unknown arguments with a warning
        same, again, other = (build_pipeline(seed) for seed in (1, 1, 2))
    first = same(image=image, label=7)["image"]
    assert first.shape == (28, 28)
    assert first.dtype == np.float32
    assert first.min() >= 0
    assert first.max() <= 1
    assert np.array_equal(first, again(image=image, label=7)["image"])
    assert not np.array_equal(first, other(image=image, label=7)["image"])
    for _ in range(20):
        rows = np.flatnonzero(same(image=image, label=7)["image"].max(axis=1) > 0.1)
        assert np.ptp(rows) + 1 <= 23


def test_a_batch_is_digits_then_outliers():
    images = np.stack([cv2.resize(plain_digit(n), (28, 28)) for n in (0, 1, 7, 8)])
    labels = np.array([0, 1, 7, 8])
    batch = augment_batch(images, labels, outliers=3, seed=5)
    assert batch.shape == (7, 28, 28, 1)
    assert np.array_equal(batch, augment_batch(images, labels, outliers=3, seed=5))
    assert all(image.max() > 0.5 for image in batch)
