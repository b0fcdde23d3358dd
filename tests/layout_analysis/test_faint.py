"""What is fainter than the writing in a photo."""

import pytest
from PIL import ImageDraw

from tests.handwriting import STROKES, trace
from tests.pictures import finger_shadow, paper_with, photographed, readings, text


@pytest.mark.parametrize("ends", [[(230, 400), (250, 600)], [(550, 420), (530, 600)]])
def test_the_shadow_of_a_finger_is_no_writing(recognizer, ends):
    photo = photographed(paper_with((3, 7, 5)), finger_shadow(*ends))
    assert readings(recognizer, photo) == "375"


def test_a_paler_digit_as_sharp_as_the_others_is_writing(recognizer):
    paper = paper_with((3, 7))
    trace(ImageDraw.Draw(paper), STROKES[5], (500, 130, 110, 180), 28, (110, 120, 150))
    assert text(recognizer, photographed(paper)) == "375"


@pytest.mark.parametrize("colour", [(110, 120, 150), (120, 120, 120)])
def test_a_paler_stroke_of_the_same_pen_leaves_no_doubt(recognizer, colour):
    paper = paper_with((3, 7))
    trace(ImageDraw.Draw(paper), STROKES[1], (500, 130, 110, 180), 18, colour)
    assert readings(recognizer, photographed(paper)) == "371"


@pytest.mark.parametrize("width", [8, 32])
def test_a_paler_line_or_ring_of_another_width_leaves_doubt(recognizer, width):
    for mark in (STROKES[1], STROKES[0]):
        paper = paper_with((3, 7))
        trace(ImageDraw.Draw(paper), mark, (500, 130, 110, 180), width, (115, 120, 125))
        assert readings(recognizer, photographed(paper))[1::2] == "???"


@pytest.mark.parametrize("place", [(560, 420), (90, 40)])
def test_a_small_pale_spot_above_or_below_the_digits_leaves_no_doubt(recognizer, place):
    paper = paper_with((3, 7))
    ImageDraw.Draw(paper).circle(place, 16, (175, 170, 160))
    assert readings(recognizer, photographed(paper)) == "37"


@pytest.mark.parametrize(("place", "radius"), [((285, 220), 16), ((380, 440), 60)])
def test_a_pale_spot_beside_digits_or_of_their_size_leaves_doubt(recognizer, place, radius):
    paper = paper_with((3, 7))
    ImageDraw.Draw(paper).circle(place, radius, (175, 170, 160))
    assert readings(recognizer, photographed(paper)) == "3?7?"


@pytest.mark.parametrize("line", [(40, 470, 480, 473), (640, 60, 643, 460)])
def test_a_pale_line_beside_all_digits_and_longer_than_they_are_leaves_no_doubt(recognizer, line):
    paper = paper_with((3, 7))
    ImageDraw.Draw(paper).line(line, (150, 150, 145), 9)
    assert readings(recognizer, photographed(paper)) == "37"
