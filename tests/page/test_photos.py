"""Photos that a visitor hands over, and drawings that are saved."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from digits.page import TEXT
from tests.browser import CORNER, picture_of
from tests.handwriting import STROKES
from tests.handwriting import write as write_picture
from tests.picture_files import saved


def photograph(digit, width, height, kind="JPEG"):
    """A digit in grey pencil on white paper, as a file."""
    side = min(width, height)
    picture = Image.new("L", (width, height), "white")
    picture.paste(write_picture(digit, size=side, pen=side // 29).point(lambda grey: grey or 60))
    return saved(picture, kind, quality=90)


def aspect(picture):
    """Width of the ink in a picture, as a part of its height."""
    dark = picture.convert("L").point(lambda grey: 255 * (grey < 128))
    left, top, right, bottom = dark.getbbox()
    return (right - left) / (bottom - top)


def test_reads_a_chosen_photo_and_draws_again(page):
    photo = photograph(3, 3000, 4000)
    page.choose_photo(TEXT["photo"], photo)
    page.expect_read(3)
    shown = page.drawing()
    assert aspect(picture_of(shown)) == pytest.approx(aspect(Image.open(BytesIO(photo))), abs=0.02)
    page.write(7)
    page.expect_read(7)
    for _ in STROKES[7]:
        page.page.keyboard.press("Control+z")
    page.expect_read(3)
    assert page.drawing() == shown


def test_reads_a_pasted_and_a_dropped_photo(page):
    page.hand_over("paste", photograph(2, 600, 600, "PNG"))
    page.expect_read(2)
    page.hand_over("dragover", b"")
    expect(page.find(".sheet")).to_have_class(re.compile("awaiting"))
    page.hand_over("drop", photograph(6, 600, 600))
    page.expect_read(6)
    expect(page.find(".sheet")).not_to_have_class(re.compile("awaiting"))


def test_the_newest_of_photos_and_strokes_counts(page):
    large, small = photograph(3, 3000, 3000), photograph(6, 200, 200, "PNG")
    page.hand_over("paste", large)
    page.hand_over("paste", small)
    page.expect_read(6)
    page.page.wait_for_timeout(500)  # for the large one, which is ready later
    page.expect_read(6)
    page.hand_over("paste", large)
    page.write(7)
    page.page.wait_for_timeout(500)
    page.expect_read(7)


def test_a_photo_that_cannot_be_read_gets_a_sentence(page, tmp_path):
    blank = page.drawing()
    page.choose_photo(TEXT["photo"], photograph(3, 300, 300)[:100])
    expect(page.find(".notice")).to_have_text(re.compile("^This file is not a picture"))
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(25_000_001)
    page.choose_photo(TEXT["photo"], large)
    page.expect_notice(TEXT["photo_too_large"])
    with large.open("wb") as file:
        file.truncate(10_000_001)  # which the browser cannot show, and the reader does not take
    page.choose_photo(TEXT["photo"], large)
    page.expect_notice(TEXT["photo_too_large_here"])
    page.hand_over("drop", b"Dear network")
    expect(page.find(".notice")).to_have_text(re.compile("^This file is not a picture"))
    assert page.drawing() == blank
    page.write(1)
    page.expect_read(1)
    page.expect_notice("")


def test_saves_the_drawing_with_its_reading(page, recognizer):
    expect(page.page.get_by_role("button", name=TEXT["save"])).to_be_disabled()
    page.write_number(4, 2)
    page.expect_text(TEXT["number"].format(number="42"))
    page.settle()
    with page.page.expect_download() as download:
        page.press(TEXT["save"])
    assert download.value.suggested_filename == "digits-42.png"
    saved = Image.open(download.value.path())
    assert saved.format == "PNG"
    width, height = saved.size
    drawing, said = saved.crop((0, 0, width, width)), saved.crop((0, width, width, height))
    assert aspect(drawing) == pytest.approx(aspect(picture_of(page.drawing())), abs=0.02)
    assert aspect(said) > 1  # a line of text
    assert [reading.digit for reading in recognizer.read_digits(drawing)] == [4, 2]


def test_a_drawing_without_an_answer_is_saved_without_a_reading(page):
    page.write(7)
    page.expect_read(7)
    held = page.hold_readings()
    page.write(7, CORNER)
    with page.page.expect_download() as download:
        page.press(TEXT["save"])
    page.release(held)
    assert download.value.suggested_filename == "digits.png"
    saved = Image.open(download.value.path()).convert("L")
    assert saved.crop((0, saved.width, *saved.size)).getextrema()[0] > 200
