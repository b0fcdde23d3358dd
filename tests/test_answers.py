import json
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from digits.ink import analyse
from digits.page import TEXT
from digits.page.answers import FAILED, blank_answer, occlusion_answer, page_answer
from digits.picture_reading import PictureReading
from digits.reading import BLANK
from tests.handwriting import write, write_number
from tests.picture_files import data_url, saved


class Fixed:
    """A recognizer that finds the same readings everywhere."""

    def __init__(self, *readings):
        self.readings = readings

    def read_picture(self, image):
        return PictureReading(BLANK, list(self.readings), analyse(image))


def reading(digit, verdict="digit", line=0):
    probabilities = np.full(10, 0.01)
    probabilities[digit] = 0.91
    box = (10 * digit, 0, 10 * digit + 9, 20)
    return replace(
        BLANK, digit=digit, verdict=verdict, probabilities=probabilities, box=box, line=line
    )


ANY = data_url(saved(Image.new("L", (40, 30), 255)))


def test_a_digit_has_its_text_its_chart_and_its_place(recognizer):
    answer = json.loads(json.dumps(page_answer(recognizer, data_url(saved(write(7))))))
    assert (answer["verdict"], answer["label"]) == ("digit", "7")
    assert answer["text"] == TEXT["verdicts"]["digit"].format(first=7)
    assert answer["size"] == [520, 520]
    [digit] = answer["digits"]
    assert digit["top"][0].startswith("7 ")
    assert np.argmax(digit["chart"]["y"]) == 7
    assert len(b64decode(digit["model_input"])) == 28 * 28
    left, top, right, bottom = digit["box"]
    assert 130 < left < right < 400  # where `write` puts it
    assert 80 < top < bottom < 420
    assert digit["line"] == 0


def test_the_digits_of_a_number_have_boxes_from_left_to_right(recognizer):
    answer = page_answer(recognizer, data_url(saved(write_number(2, 0, 6))))
    assert answer["label"] == "206"
    assert answer["text"] == TEXT["number"].format(number="206")
    lefts = [digit["box"][0] for digit in answer["digits"]]
    assert lefts == sorted(lefts)


def test_a_number_is_unsure_if_one_of_its_digits_is():
    answer = page_answer(Fixed(reading(4), reading(2, "unsure")), ANY)
    assert answer["verdict"] == "unsure"
    assert answer["text"] == TEXT["unsure_number"].format(number="42")
    assert [digit["label"] for digit in answer["digits"]] == ["4", "2?"]


def test_lines_of_digits_are_kept_apart():
    answer = page_answer(Fixed(reading(1), reading(2), reading(3, line=1)), ANY)
    assert answer["label"] == "12 3"
    assert [digit["line"] for digit in answer["digits"]] == [0, 0, 1]


def test_an_unsure_digit_names_the_two_that_compete():
    unsure = reading(3, "unsure")
    unsure.probabilities[5] = 0.05
    answer = page_answer(Fixed(unsure), ANY)
    assert answer["label"] == "3?"
    assert answer["text"] == TEXT["verdicts"]["unsure"].format(first=3, second=5)


def test_an_unsure_digit_without_a_rival_is_named_alone():
    unsure = reading(3, "unsure")
    unsure.probabilities[:] = 0.001
    unsure.probabilities[3] = 0.991
    answer = page_answer(Fixed(unsure), ANY)
    assert answer["text"] == TEXT["unsure_number"].format(number=3)


def test_a_blank_pad_has_no_probabilities(recognizer):
    answer = page_answer(recognizer, ANY)
    assert answer["size"] == [40, 30]
    assert answer | blank_answer() | {"text": TEXT["no_writing"]} == answer
    [blank] = answer["digits"]
    assert blank["top"] == []
    assert blank["chart"]["y"] == [[0] * 10]
    assert blank["box"] is None


@pytest.mark.parametrize("drawing", ["", "data:,", "data:image/png;base64,AAAA", "x,A", None, 7])
def test_what_is_not_a_picture_fails_in_words(recognizer, drawing, caplog):
    answer = page_answer(recognizer, drawing)
    assert answer | {"text": FAILED["text"]} == FAILED
    assert answer["text"].startswith("This file is not a picture that can be read")
    assert not caplog.records


def test_why_a_picture_failed_is_in_the_log(caplog):
    assert page_answer(None, ANY) == FAILED
    [record] = caplog.records
    assert record.exc_info


def test_the_occlusion_map_is_where_the_ink_is(recognizer):
    [digit] = page_answer(recognizer, data_url(saved(write(7))))["digits"]
    ink, heat = (
        np.frombuffer(b64decode(text), np.uint8)
        for text in (digit["model_input"], occlusion_answer(recognizer, digit["model_input"]))
    )
    assert heat.max() == 255
    assert not heat[ink == 0].any()


@pytest.mark.parametrize("model_input", ["", "AAAA", "no base64", None, 7, "\N{SNOWMAN}"])
def test_there_is_no_occlusion_map_of_nonsense(recognizer, model_input):
    assert occlusion_answer(recognizer, model_input) is None


@pytest.mark.parametrize(
    ("verdict", "first", "second", "note", "shown"),
    [
        ("not_a_digit", 0.93, 0.05, TEXT["closest"].format(first=9), 3),
        ("not_a_digit", 0.12, 0.11, "", 0),
        ("unsure", 0.995, 0.003, TEXT["doubtful"], 3),
        ("unsure", 0.6, 0.35, "", 3),  # the text names both digits
        ("digit", 0.995, 0.003, "", 3),
    ],
)
def test_a_verdict_that_is_weaker_than_the_bars_is_explained(verdict, first, second, note, shown):
    probabilities = np.full(10, (1 - first - second) / 8)
    probabilities[[9, 4]] = first, second
    found = replace(reading(9, verdict), probabilities=probabilities)
    answer = page_answer(Fixed(found), data_url(saved(write(9))))
    assert answer["note"] == note
    assert len(answer["digits"][0]["top"]) == shown
