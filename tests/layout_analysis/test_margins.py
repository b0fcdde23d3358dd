"""What stands along the edges of a picture: rows of buttons, punched holes."""

import pytest

from tests.pictures import drawn, photographed, readings, with_pen

FIVE = drawn(5, height=0.4, centre=(0.5, 0.5))
EVEN = (40, 100, 160, 280, 340)
UNEVEN = (40, 85, 160, 252, 340)


def buttons(places, at, upright=False):
    """Draw round buttons in a row `at` so many pixels from the top, or from the left."""

    def draw(pen):
        for place in places:
            x, y = (at, place) if upright else (place, at)
            pen.ellipse((x - 10, y - 10, x + 10, y + 10), outline=0, width=3)
            pen.line((x - 4, y, x + 4, y), 0, 3)

    return with_pen(draw)


@pytest.mark.parametrize(("at", "upright"), [(25, False), (375, False), (25, True), (375, True)])
def test_a_toolbar_leaves_no_doubt(recognizer, at, upright):
    assert readings(recognizer, buttons(EVEN, at, upright)(FIVE)) == "5"


def test_two_groups_of_buttons_leave_no_doubt(recognizer):
    groups = (40, 75, 110, 145, 260, 295, 330)
    assert readings(recognizer, buttons(groups, 25)(FIVE)) == "5"


@pytest.mark.parametrize(("places", "at"), [(UNEVEN, 25), (EVEN[:3], 25), (EVEN, 60)])
def test_other_small_things_leave_doubt(recognizer, places, at):
    assert readings(recognizer, buttons(places, at)(FIVE)) == "5?"


def test_punched_holes_leave_no_doubt_and_blots_do(recognizer):
    holes, blots = (
        with_pen(lambda pen, tall=tall: [pen.ellipse((8, y, 52, y + tall), 60) for y in (90, 270)])
        for tall in (45, 62)
    )
    assert readings(recognizer, holes(FIVE)) == "5"
    assert readings(recognizer, photographed(holes(FIVE))) == "5"
    assert readings(recognizer, blots(FIVE)) == "5?"
