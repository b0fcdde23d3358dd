import warnings

import cv2
import numpy as np
import pytest

from digits.augmentation import InkWidth, augment_batch, build_pipeline, enlarge
from digits.drawing import stroke_width
from digits.outliers import draw_outlier
from digits.styles import HandwritingStyle

WIDTH = 8


def digit(number):
    """A 0, 1, 5, 6, 7, 8 or 9 of plain strokes, 84x84, ink 255."""
    picture = np.zeros((84, 84), np.uint8)
    if number == 0:
        cv2.ellipse(picture, (42, 42), (16, 28), 0, 0, 360, 255, WIDTH)
    elif number == 1:
        cv2.line(picture, (42, 14), (42, 70), 255, WIDTH)
    elif number == 5:
        top = np.array([(62, 14), (28, 14), (28, 38)])
        cv2.polylines(picture, [top], False, 255, WIDTH - 2)
        cv2.ellipse(picture, (42, 52), (20, 17), 0, -140, 130, 255, WIDTH - 2)
    elif number == 6:
        cv2.circle(picture, (42, 54), 17, 255, WIDTH - 2)
        cv2.line(picture, (26, 50), (50, 12), 255, WIDTH - 2)
    elif number == 7:
        cv2.polylines(picture, [np.array([(22, 16), (58, 16), (36, 70)])], False, 255, WIDTH)
    else:
        cv2.circle(picture, (42, 26), 13, 255, WIDTH)
        if number == 8:
            cv2.circle(picture, (42, 55), 15, 255, WIDTH)
        else:
            cv2.line(picture, (55, 26), (50, 70), 255, WIDTH)
    return picture


def styles(number, count=40):
    plain = digit(number)
    draw = HandwritingStyle(p=1)
    draw.set_random_seed(0)
    return plain, [draw(image=plain.copy(), label=number)["image"] for _ in range(count)]


@pytest.mark.parametrize("number", [0, 1, 7])
def test_a_style_adds_ink_of_the_same_pen(number):
    plain, styled = styles(number)
    grown = [image.sum() / plain.sum() for image in styled]
    assert np.median(grown) > 1.03
    assert max(grown) < 2.6
    assert all((image >= plain).all() for image in styled)
    widths = [stroke_width(image / np.float32(255)) for image in styled]
    assert np.abs(np.median(widths) / stroke_width(plain / np.float32(255)) - 1) < 0.25


def test_an_eight_is_opened_at_its_top():
    plain, styled = styles(8)
    assert all((image <= plain).all() for image in styled)
    assert all(image[45:].sum() == plain[45:].sum() for image in styled)
    assert np.mean([image[:25].sum() < plain[:25].sum() for image in styled]) > 0.9


def test_a_slash_crosses_the_middle_of_a_zero_or_its_loop_ends_loosely():
    plain, styled = styles(0)
    assert not plain[36:48, 36:48].any()
    crossed = [image[36:48, 36:48].any() for image in styled]
    assert 0.6 < np.mean(crossed) < 0.9
    for image, slash in zip(styled, crossed, strict=True):
        assert slash or (image[50:] == plain[50:]).all()
        assert slash or (image[:50] > plain[:50]).any()


def test_a_bar_crosses_most_sevens_on_both_sides_of_the_stem():
    plain, styled = styles(7)
    left = [image[30:60, :33].sum() > plain[30:60, :33].sum() for image in styled]
    right = [image[30:60, 55:].sum() > plain[30:60, 55:].sum() for image in styled]
    assert 0.5 < np.mean(np.logical_and(left, right)) < 1


@pytest.mark.parametrize("number", [5, 6])
def test_some_fives_and_sixes_are_opened_a_little(number):
    plain, styled = styles(number)
    kept = np.array([image.sum() / plain.sum() for image in styled])
    assert all((image <= plain).all() for image in styled)
    assert 0.1 < (kept < 1).mean() < 0.8
    assert kept.min() > 0.75


def test_nines_get_a_curl_or_their_tail_goes_under_the_loop():
    plain, styled = styles(9)
    assert all(np.array_equal(image[:28], plain[:28]) for image in styled)
    curled = [(image >= plain).all() for image in styled]
    assert 0.2 < np.mean(curled) < 0.8
    for image in styled:
        if (image < plain).any():
            assert image[60:].argmax(axis=1).mean() < plain[60:].argmax(axis=1).mean()


def test_other_digits_have_no_style():
    picture = digit(8)
    for label in (-1, 2, 3, 4):
        assert np.array_equal(HandwritingStyle(p=1)(image=picture, label=label)["image"], picture)


def test_ink_width_covers_hairline_to_marker():
    change = InkWidth(p=1)
    change.set_random_seed(0)
    widths = [stroke_width(change(image=digit(0))["image"] / np.float32(255)) for _ in range(100)]
    assert min(widths) < 0.06 * 84
    assert max(widths) > 0.12 * 84


def test_pipeline_is_seeded_silent_and_shares_the_apps_door():
    image = enlarge(cv2.resize(digit(7), (28, 28), interpolation=cv2.INTER_AREA))
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
    images = np.stack([cv2.resize(digit(n), (28, 28)) for n in (0, 1, 7, 8)])
    labels = np.array([0, 1, 7, 8])
    batch = augment_batch(images, labels, outliers=3, seed=5)
    assert batch.shape == (7, 28, 28, 1)
    assert np.array_equal(batch, augment_batch(images, labels, outliers=3, seed=5))
    assert all(image.max() > 0.5 for image in batch)


def test_outliers_are_ink_on_paper():
    random = np.random.default_rng(0)
    images = np.stack([cv2.resize(digit(n), (28, 28)) for n in (0, 1, 7, 8)])
    for _ in range(200):
        picture = draw_outlier(random, images, 84)
        assert picture.shape == (84, 84)
        assert picture.max() > 200
        assert (picture > 127).mean() < 0.7
