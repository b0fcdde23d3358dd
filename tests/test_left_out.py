"""What is not a digit on a picture: the page says so in a sentence and dims it."""

from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageOps
from playwright.sync_api import expect

from digits.layout import REASONS, Layout, LeftOut
from digits.page import TEXT
from digits.page.answers import page_answer
from digits.picture_reading import PictureReading
from digits.reading import BLANK
from tests.browser import CORNER, picture_of
from tests.handwriting import STROKES
from tests.picture_files import data_url, saved
from tests.pictures import MARKS, drawn, photographed, ruled_paper, with_pen

KINDS = TEXT["left_out_kinds"]


def note(*kinds):
    return TEXT["left_out"].format(kinds=" and ".join(kinds))


# --- The answer -------------------------------------------------------------------------------


def test_of_paper_that_nobody_wrote_on_the_page_says_so(recognizer):
    answer = page_answer(recognizer, data_url(saved(with_pen(ruled_paper)())))
    assert (answer["verdict"], answer["text"]) == ("blank", TEXT["no_writing"])
    assert answer["note"] == note("7 ruled lines")


def test_the_answer_has_the_boxes_of_what_was_left_out(recognizer):
    answer = page_answer(recognizer, data_url(saved(MARKS["frame"](drawn(5)))))
    assert answer["label"] == "5"
    [box] = answer["left_out"]
    assert box == pytest.approx((60, 80, 321, 371), abs=3)
    assert answer["note"] == note(KINDS["frame"][0])


def test_nothing_is_left_out_of_a_plain_drawing(recognizer):
    answer = page_answer(recognizer, data_url(saved(drawn(5))))
    assert (answer["left_out"], answer["note"]) == ([], "")


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (["speck"] * 3, [KINDS["speck"][1].format(n=3)]),
        (["frame", "speck", "speck"], [KINDS["frame"][0], KINDS["speck"][1].format(n=2)]),
        (["frame", "speck", "rule", "rule"], [KINDS["any"][1].format(n=4)]),
        (["speck"] * 99, [KINDS["speck"][1].format(n=99)]),
    ],
)
def test_marks_are_named_and_the_largest_are_sent(reasons, said):
    left_out = [LeftOut((0, 0, i + 1, 9), reason) for i, reason in enumerate(reasons)]
    found = PictureReading(BLANK, [BLANK], Layout(None, None, (9, 99), (9, 99), tuple(left_out)))
    reader = SimpleNamespace(read_picture=lambda _: found)
    answer = page_answer(reader, data_url(saved(Image.new("L", (99, 9)))))
    assert answer["note"] == note(*said)
    widths = [right for _, _, right, _ in answer["left_out"]]
    assert widths == list(range(len(reasons), 0, -1))[:50]


def print_of(columns, rows):
    """A page with a mark like a letter in each of its fields."""
    letter = np.pad(np.kron([[1, 0, 1], [1, 1, 1], [1, 0, 1]], np.ones((3, 3))), 3)
    return Image.fromarray(np.uint8(255 - 255 * np.tile(letter, (rows, columns))))


def test_a_page_with_too_much_on_it_gets_a_way_out(recognizer):
    answer = page_answer(recognizer, data_url(saved(print_of(60, 40))))
    said = TEXT["verdicts"]["not_a_digit"]
    assert (answer["verdict"], answer["text"]) == ("not_a_digit", said)
    assert answer["note"] == TEXT["crowded"]
    letter = page_answer(recognizer, data_url(saved(print_of(1, 1).resize((300, 300)))))
    assert letter["note"] == ""


def test_every_reason_has_a_name():
    assert {*MARKS} <= {*REASONS}
    assert {*KINDS} == {*REASONS, "any"}


# --- The page ---------------------------------------------------------------------------------


def seen(page):
    """The paper as it is on the screen, 400 pixels wide, without its border."""
    sheet = Image.open(BytesIO(page.find(".sheet").screenshot())).convert("L")
    return np.asarray(ImageOps.crop(sheet, 1).resize((400, 400)))


def veiled(page):
    """Where the veil is, on its canvas."""
    veil = page.page.evaluate("document.querySelector('.veil').toDataURL()")
    return np.asarray(picture_of(veil).convert("RGBA"))[..., 3] > 0


@pytest.mark.parametrize("paper", ["white", "photo", "black"])
def test_a_frame_is_dimmed_and_the_digit_in_it_is_not(page, paper):
    picture = MARKS["frame"](drawn(5))
    if paper == "photo":
        picture = photographed(picture)
    if paper == "black":
        picture = ImageOps.invert(picture)
    page.choose_photo(saved(picture))
    page.expect_read(5)
    expect(page.find(".note")).to_have_text(note(KINDS["frame"][0]))
    expect(page.find(".spoken")).to_have_text(
        f"{TEXT['verdicts']['digit'].format(first=5)}. {note(KINDS['frame'][0])}"
    )
    page.settle()
    before, now = np.asarray(picture.convert("L"), int), seen(page).astype(int)
    paper_level = np.median(before)
    frame, digit = np.s_[200:250, 62], np.s_[140:300, 120:240]
    contrast = np.abs(before[frame] - paper_level).mean()
    assert np.abs(now[frame] - paper_level).mean() < contrast / 2
    assert np.abs(now[digit] - paper_level).max() > 0.9 * contrast
    assert np.abs(now[:70, 100:300] - before[:70, 100:300]).max() < 40  # outside it nothing is


def test_a_plain_drawing_has_no_veil(page):
    page.choose_photo(saved(MARKS["speck"](drawn(7))))
    expect(page.find(".note")).to_have_text(note(KINDS["speck"][1].format(n=3)))
    page.settle()
    assert veiled(page)[:80, :80].any()
    assert not veiled(page)[128:384, 128:384].any()
    page.clear()
    assert not veiled(page).any()
    page.write(7)
    page.expect_read(7)
    expect(page.find(".note")).to_be_empty()
    assert not veiled(page).any()


@pytest.mark.parametrize(
    ("picture", "name", "said"),
    [
        (print_of(60, 40), ".note", TEXT["crowded"]),
        (MARKS["line"](drawn(5)), ".digit", "5?"),
        (MARKS["line"](drawn(5)), ".text", TEXT["unsure_number"].format(number=5)),
    ],
)
def test_what_is_said_fits_on_every_screen(page, picture, name, said):
    page.choose_photo(saved(picture))
    element = page.find(name)
    expect(element).to_have_text(said)
    for width in (1280, 390):
        page.page.set_viewport_size({"width": width, "height": 800})
        assert element.evaluate("it => it.scrollWidth <= it.clientWidth")


def test_stray_marks_on_the_pad_are_dimmed_once_the_pen_is_up(page):
    page.write(7)
    for y in (0, 1, 4):
        page.draw_stroke([(0.5, y)], CORNER, lift=y < 4)
    expect(page.find(".note")).to_have_text(note(KINDS["speck"][1].format(n=3)))
    expect(page.find(".note")).to_be_hidden()
    expect(page.find(".veil")).to_have_css("opacity", "0")
    page.page.mouse.up()
    expect(page.find(".note")).to_be_visible()
    expect(page.find(".veil")).to_have_css("opacity", "0.75")
    page.expect_read(7)
    page.settle()
    assert veiled(page).any()
    page.draw_stroke(STROKES[7][0], lift=False)
    expect(page.find(".veil")).to_have_css("opacity", "0")
    page.page.mouse.up()


def test_what_was_left_out_is_dimmed_where_nothing_is_written(page):
    page.choose_photo(saved(with_pen(ruled_paper)()))
    page.expect_text(TEXT["no_writing"])
    page.settle()
    assert veiled(page).any()
