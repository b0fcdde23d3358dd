import numpy as np
import pytest

from digits.masks import stroke_width
from digits.training.styles import HandwritingStyle
from tests.small_mnist import plain_digit


def draw_styles(number):
    plain = plain_digit(number)
    draw = HandwritingStyle(p=1)
    draw.set_random_seed(0)
    return plain, [draw(image=plain.copy(), label=number)["image"] for _ in range(40)]


@pytest.mark.parametrize("number", [0, 1, 7])
def test_a_style_adds_ink_of_the_same_pen(number):
    plain, styled = draw_styles(number)
    grown = [image.sum() / plain.sum() for image in styled]
    assert np.median(grown) > 1.03
    assert max(grown) < 2.6
    assert all((image >= plain).all() for image in styled)
    widths = [stroke_width(image / np.float32(255)) for image in styled]
    assert np.abs(np.median(widths) / stroke_width(plain / np.float32(255)) - 1) < 0.25


def test_an_eight_is_opened_at_its_top():
    plain, styled = draw_styles(8)
    assert all((image <= plain).all() for image in styled)
    assert all(image[45:].sum() == plain[45:].sum() for image in styled)
    assert np.mean([image[:25].sum() < plain[:25].sum() for image in styled]) > 0.9


def test_a_slash_crosses_the_middle_of_a_zero_or_its_loop_overshoots():
    plain, styled = draw_styles(0)
    assert not plain[36:48, 36:48].any()
    crossed = [image[36:48, 36:48].any() for image in styled]
    assert 0.6 < np.mean(crossed) < 0.9
    for image, slash in zip(styled, crossed, strict=True):
        assert slash or (image[50:] == plain[50:]).all()
        assert slash or (image[:50] > plain[:50]).any()


def test_a_bar_crosses_most_sevens_on_both_sides_of_the_stem():
    plain, styled = draw_styles(7)
    left = [image[30:60, :33].sum() > plain[30:60, :33].sum() for image in styled]
    right = [image[30:60, 55:].sum() > plain[30:60, 55:].sum() for image in styled]
    assert 0.5 < np.mean(np.logical_and(left, right)) < 1


@pytest.mark.parametrize("number", [5, 6])
def test_some_fives_and_sixes_are_opened_a_little(number):
    plain, styled = draw_styles(number)
    kept = np.array([image.sum() / plain.sum() for image in styled])
    assert all((image <= plain).all() for image in styled)
    assert 0.1 < (kept < 1).mean() < 0.8
    assert kept.min() > 0.75


def test_nines_get_a_curl_or_their_tail_goes_under_the_loop():
    plain, styled = draw_styles(9)
    assert all(np.array_equal(image[:28], plain[:28]) for image in styled)
    curled = [(image >= plain).all() for image in styled]
    assert 0.2 < np.mean(curled) < 0.8
    for image in styled:
        if (image < plain).any():
            assert image[60:].argmax(axis=1).mean() < plain[60:].argmax(axis=1).mean()


def test_other_digits_have_no_style():
    picture = plain_digit(8)
    for label in (-1, 2, 3, 4):
        assert np.array_equal(HandwritingStyle(p=1)(image=picture, label=label)["image"], picture)
