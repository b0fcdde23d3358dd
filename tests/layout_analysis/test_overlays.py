"""What a program leaves beside the writing: scroll bars of its window, traces of compression."""

import pytest

from benchmarks.sheets import reopened
from tests.handwriting import write_number
from tests.pictures import SIDE, drawn, readings, reasons, text, with_pen


def bar(grey, *box):
    return with_pen(lambda pen: pen.rounded_rectangle(box, 4, fill=grey))


BARS = {
    "at the right": (SIDE - 14, 60, SIDE - 6, 200),
    "at the left": (3, 200, 9, 320),
    "at the bottom": (90, SIDE - 12, 260, SIDE - 5),
}


@pytest.mark.parametrize("grey", [90, 205])
@pytest.mark.parametrize("place", BARS)
def test_a_scroll_bar_is_no_digit(recognizer, place, grey):
    page = bar(grey, *BARS[place])(drawn(8))
    assert readings(recognizer, page) == "8"
    assert reasons(page) == {"edge"}


def test_an_empty_page_with_a_scroll_bar_is_blank(recognizer):
    assert recognizer.read(bar(150, *BARS["at the right"])()).verdict == "blank"


def test_a_black_one_at_an_edge_is_read(recognizer):
    one = with_pen(lambda pen: pen.line((SIDE - 12, 130, SIDE - 12, 290), 0, 12))
    assert text(recognizer, one(drawn(4, centre=(0.6, 0.5)))) == "41"
    assert readings(recognizer, one()) == "1"


@pytest.mark.parametrize("quality", [60, 75])
def test_traces_of_compression_are_nothing_that_was_left_out(recognizer, quality):
    number = reopened(write_number(3, 5, 7), quality=quality)
    assert text(recognizer, number) == "357"
    assert reasons(number) == set()
