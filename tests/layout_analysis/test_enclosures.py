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


BOX = with_pen(lambda pen: pen.rectangle((130, 130, 230, 310), outline=0, width=8))
CASES = {
    f"a {digit} whose ring nearly touches it": (
        ring(drawn(digit, height=0.3, width=0.022), 82, 84),
        f"{digit}",
    )
    for digit in (2, 5, 7)
} | {
    "a 2 that touches its ring": (
        ring(drawn(2, height=0.3, width=0.022), 78, 78),
        "0?",
    ),
    "a zero whose slash ends within it": (slash(ring(EMPTY, 80, 76), 42, 42), "0"),
    "the same to the left": (slash(ring(EMPTY, 80, 76), -42, 42), "0"),
    "a slanted 1 in a round ring": (slash(ring(EMPTY, 95, 100), 32, 60), "1"),
    "a slanted 1 in a box": (slash(BOX(), 25, 50), "1"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_ring_or_a_box_holds(recognizer, name):
    picture, found = CASES[name]
    assert readings(recognizer, picture) == found


def test_a_lone_zero_with_a_steep_slash_is_doubted(recognizer):
    """It may be a slanted 1 with a ring round it, whatever specks lie beside it."""
    zero = slash(ring(EMPTY, 60, 100), 22, 50)
    assert readings(recognizer, zero) == "0?"
    for x, y in [(160, 200), (20, 20)]:
        speck = with_pen(lambda pen, x=x, y=y: pen.ellipse((x, y, x + 9, y + 9), 0))
        assert readings(recognizer, speck(zero)) == "0?"


def test_a_steep_slash_is_clear_beside_a_digit_as_tall(recognizer):
    place = (0.7, 0.55)
    number = slash(ring(drawn(7, centre=(0.25, 0.55)), 60, 100, place), 22, 50, place)
    assert readings(recognizer, number) == "70"
