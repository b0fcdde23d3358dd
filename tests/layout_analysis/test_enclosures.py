"""What runs round what: rings round digits, and zeros whose slash does not reach their ring."""

import pytest

from tests.pictures import EMPTY, SIDE, drawn, readings, with_pen


def ring(picture, half_width, half_height, centre=(0.45, 0.55)):
    x, y = (round(SIDE * share) for share in centre)
    box = (x - half_width, y - half_height, x + half_width, y + half_height)
    return with_pen(lambda pen: pen.ellipse(box, outline=0, width=10))(picture)


def slash(picture, right, up, centre=(0.45, 0.55)):
    """Draw a slash in the middle: so many pixels to the right and up from there, and back."""
    x, y = (round(SIDE * share) for share in centre)
    line = [(x - right, y + up), (x + right, y - up)]
    return with_pen(lambda pen: pen.line(line, 0, 12))(picture)


@pytest.mark.parametrize("digit", [2, 5, 7])
def test_a_digit_is_read_that_its_ring_nearly_touches(recognizer, digit):
    tight = ring(drawn(digit, height=0.3, width=0.022), 82, 84)
    assert readings(recognizer, tight) == [(digit, "digit")]


def test_a_two_that_touches_its_ring_is_no_sure_zero(recognizer):
    touching = ring(drawn(2, height=0.3, width=0.022), 78, 78)
    assert readings(recognizer, touching) == [(0, "unsure")]


@pytest.mark.parametrize("right", [42, -42])
def test_a_zero_is_read_whose_slash_ends_within_it(recognizer, right):
    zero = slash(ring(EMPTY, 80, 76), right, 42)
    assert readings(recognizer, zero) == [(0, "digit")]


def test_a_lone_zero_with_a_steep_slash_is_doubted(recognizer):
    """It may be a slanted 1 with a ring round it, whatever specks lie beside it."""
    zero = slash(ring(EMPTY, 60, 100), 22, 50)
    assert readings(recognizer, zero) == [(0, "unsure")]
    for x, y in [(160, 200), (20, 20)]:
        speck = with_pen(lambda pen, x=x, y=y: pen.ellipse((x, y, x + 9, y + 9), 0))
        assert readings(recognizer, speck(zero)) == [(0, "unsure")]


def test_a_slanted_one_in_a_round_ring_is_read(recognizer):
    assert readings(recognizer, slash(ring(EMPTY, 95, 100), 32, 60)) == [(1, "digit")]


def test_a_steep_slash_is_clear_beside_a_digit_as_tall(recognizer):
    place = (0.7, 0.55)
    number = slash(ring(drawn(7, centre=(0.25, 0.55)), 60, 100, place), 22, 50, place)
    assert readings(recognizer, number) == [(7, "digit"), (0, "digit")]


def test_a_slanted_one_in_a_box_is_read(recognizer):
    box = with_pen(lambda pen: pen.rectangle((130, 130, 230, 310), outline=0, width=8))
    assert readings(recognizer, slash(box(), 25, 50)) == [(1, "digit")]
