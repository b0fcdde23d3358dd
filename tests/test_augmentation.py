import warnings

import cv2
import numpy as np

from digits.masks import stroke_width
from digits.training.augmentation import (
    CoarsePixels,
    InkWidth,
    augment_digits,
    build_pipeline,
    enlarge,
    shift_by_a_pixel,
)
from tests.small_mnist import plain_digit, small_mnist


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


def test_coarse_pixels_are_few_and_half_of_them_in_two_tones():
    change = CoarsePixels(p=1)
    change.set_random_seed(0)
    image = enlarge(small_mnist(1)[0][0])
    pictures = [change(image=image)["image"] for _ in range(100)]
    longer = np.array([max(picture.shape) for picture in pictures])
    assert 8 <= longer.min() < 11
    assert 23 < longer.max() <= 26
    assert all(picture.max() > 60 for picture in pictures)
    crisp = np.mean([set(np.unique(picture)) <= {0, 255} for picture in pictures])
    assert 0.35 < crisp < 0.65
    blank = np.zeros_like(image)
    assert not change(image=blank)["image"].any()


def test_augmented_digits_are_those_of_the_seed():
    images, labels = small_mnist(10)
    first, again, other = (np.stack(augment_digits(images, labels, seed)) for seed in (5, 5, 6))
    assert first.shape == (10, 28, 28)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any(axis=(1, 2)).mean() > 0.5


def test_images_are_shifted_by_at_most_a_pixel():
    images = np.zeros((300, 28, 28), np.float32)
    images[:, 10, 12] = np.arange(1, 301)
    shifted = shift_by_a_pixel(images, np.random.default_rng(0))
    np.testing.assert_array_equal(shifted.max(axis=(1, 2)), np.arange(1, 301))
    places = {tuple(np.argwhere(image)[0]) for image in shifted}
    assert places == {(row, column) for row in (9, 10, 11) for column in (11, 12, 13)}
