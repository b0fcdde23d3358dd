"""Picture files on the page: the same formats and the same readings as for programs."""

import json
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps
from playwright.sync_api import expect

from digits.page import TEXT
from digits.program_answer import program_answer
from tests.browser import READ, picture_of
from tests.handwriting import write, write_number
from tests.picture_files import saved

KINDS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
}


def choose(page, file, mime_type=None):
    """Choose a file, given by its bytes or its path; return what the page sends to be read."""
    if mime_type:
        file = {"name": "picture", "mimeType": mime_type, "buffer": file}
    with page.page.expect_request(lambda r: '"fn_name":"read"' in (r.post_data or "")) as sent:
        page.choose_photo(TEXT["photo"], file)
    page.settle()
    picture = json.loads(sent.value.post_data)["data"]["picture"]
    return b64decode(picture.partition(",")[2])


def assert_same_reading(page, recognizer, data):
    """The page says what the command line says."""
    said = program_answer(recognizer, BytesIO(data), "")
    expect(page.find(".reading")).to_have_attribute("data-verdict", said["verdict"])
    assert page.probabilities() == pytest.approx(said["probabilities"], abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_is_read_as_by_programs(page, recognizer, kind):
    data = saved(write(5, size=1300), kind)
    assert choose(page, data, KINDS[kind]) == data
    page.expect_read(5)
    assert_same_reading(page, recognizer, data)
    shown = np.asarray(picture_of(page.drawing()).convert("L"))
    assert 0.01 < (shown < 128).mean() < 0.2


def test_a_tiff_of_16_bits_is_read_and_shown(page, recognizer):
    deep = np.asarray(write(3)).astype(np.uint16) * 257
    data = saved(Image.fromarray(deep), "TIFF")
    assert choose(page, data, "image/tiff") == data
    page.expect_read(3)
    assert_same_reading(page, recognizer, data)
    shown = np.asarray(picture_of(page.drawing()).convert("L"))
    assert 0.01 < (shown < 128).mean() < 0.2


def test_white_ink_on_a_transparent_png_is_read_and_seen(page, recognizer):
    ink = ImageOps.invert(write(6))
    white = Image.new("L", ink.size, 255)
    data = saved(Image.merge("LA", [white, ink]), "PNG")
    assert choose(page, data, "image/png") == data
    page.expect_read(6)
    assert_same_reading(page, recognizer, data)
    grey = np.asarray(picture_of(page.drawing()).convert("L"))
    assert 0.01 < (grey > 128).mean() < 0.2


def test_a_photo_that_lies_on_its_side_is_turned(page, recognizer):
    exif = Image.Exif()
    exif[0x0112] = 6  # the top of the scene is at the right of the sensor
    data = saved(write(7).rotate(90), "JPEG", exif=exif)
    choose(page, data, "image/jpeg")
    page.expect_read(7)
    assert_same_reading(page, recognizer, data)


def test_heic_gets_a_sentence_that_names_the_way_out(page):
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
    blank = page.drawing()
    page.choose_photo(TEXT["photo"], {"name": "a.heic", "mimeType": "image/heic", "buffer": heic})
    expect(page.find(".notice")).to_contain_text("Most Compatible")
    assert page.drawing() == blank


def test_a_photo_that_is_too_large_for_the_reader_is_made_smaller(page, tmp_path):
    noise = np.random.default_rng(0).integers(200, 256, (3000, 4000), np.uint8)
    dark = np.asarray(write(4, size=3000)) < 128
    noise[:, :3000][dark] //= 4
    file = tmp_path / "large.bmp"
    Image.fromarray(noise).save(file)
    assert file.stat().st_size > 10_000_000
    sent = Image.open(BytesIO(choose(page, file)))
    assert (sent.format, sent.size) == ("JPEG", (1000, 750))
    page.expect_read(4)


def test_a_picture_that_cannot_be_read_is_not_shown(page):
    blank = page.drawing()
    for data, mime_type in ((b"Dear network", "image/png"), (b"II*\0" + bytes(50), "image/tiff")):
        page.choose_photo(TEXT["photo"], {"name": "picture", "mimeType": mime_type, "buffer": data})
        expect(page.find(".notice")).to_contain_text("not a picture that can be read")
        assert page.drawing() == blank
        page.write(1)
        page.settle()
        page.expect_notice("")
        page.clear()


def test_without_a_connection_a_tiff_gets_a_sentence(page):
    complaints = list(page.complaints)
    page.page.context.set_offline(True)
    page.choose_photo(
        TEXT["photo"],
        {"name": "a.tif", "mimeType": "image/tiff", "buffer": saved(write(2), "TIFF")},
    )
    page.expect_notice(TEXT["lost_photo"])
    page.page.context.set_offline(False)
    page.complaints[:] = complaints  # the browser logs each request that failed


# --- Numbers ----------------------------------------------------------------------------------


def boxes(page):
    """The boxes on the paper: left, top, right and bottom in shares of it, and what they say."""
    paper = page.find(".paper").bounding_box()
    found = []
    for box in page.find(".boxes div").all():
        place, label = box.bounding_box(), box.get_attribute("data-label")
        left = (place["x"] - paper["x"]) / paper["width"]
        top = (place["y"] - paper["y"]) / paper["width"]
        right = left + place["width"] / paper["width"]
        found.append(((left, top, right, top + place["height"] / paper["width"]), label))
    return found


def test_each_digit_of_a_number_has_its_box(page):
    page.write_number(4, 2)
    page.settle()
    (four, four_label), (two, two_label) = boxes(page)
    assert (four_label, two_label) == ("4", "2")
    assert four == pytest.approx([0.08, 0.34, 0.39, 0.66], abs=0.05)
    assert two == pytest.approx([0.55, 0.34, 0.88, 0.66], abs=0.05)
    page.clear()
    assert boxes(page) == []
    page.write(7)
    page.settle()
    assert boxes(page) == []  # there is nothing to choose from


def test_a_tap_on_a_box_picks_its_digit_and_leaves_no_dot(page):
    page.write_number(4, 2)
    page.settle()
    drawn = page.drawing()
    for digit, x in ((2, 0.7), (4, 0.2), (2, 0.7)):
        [point] = page.points([(x, 0.5)], (0, 0, 1, 1))
        page.page.mouse.click(*point)
        page.settle()
        assert page.drawing() == drawn
        assert page.highest_bar() == digit
        expect(page.find(".number button[aria-pressed=true]")).to_have_text(f"{digit}")
        expect(page.find(".boxes .picked")).to_have_attribute("data-label", f"{digit}")
    [point] = page.points([(0.48, 0.9)], (0, 0, 1, 1))
    page.page.mouse.click(*point)  # beside all boxes: a dot
    assert page.drawing() != drawn


def test_boxes_lie_on_the_digits_of_a_photo_that_is_not_square(page):
    number = write_number(2, 6).crop((0, 130, 520, 390))
    data = saved(number, "PNG")
    choose(page, data, "image/png")
    page.expect_text(TEXT["number"].format(number="26"))
    found = boxes(page)
    paper = np.asarray(picture_of(page.drawing()).convert("L")) < 128
    for (left, top, right, bottom), _ in found:
        inside = paper[:, round(left * len(paper)) : round(right * len(paper))]
        rows = np.flatnonzero(inside.any(axis=1)) / len(paper)
        assert (top, bottom) == pytest.approx([rows.min(), rows.max()], abs=0.02)


def test_one_digit_on_a_photo_has_its_box_and_a_tap_keeps_the_photo(page):
    data = saved(write(5, left=0.5, wide=0.3, tall=0.4), "PNG")
    choose(page, data, "image/png")
    page.expect_read(5)
    [((left, *_), label)] = boxes(page)
    assert label == "5"
    assert left > 0.45
    shown = page.drawing()
    [point] = page.points([(0.65, 0.4)], (0, 0, 1, 1))
    page.page.mouse.click(*point)
    page.settle()
    assert page.drawing() == shown
    [point] = page.points([(0.2, 0.8)], (0, 0, 1, 1))
    page.page.mouse.click(*point)  # beside it
    page.settle()
    assert page.drawing() == shown


def test_of_another_picture_the_first_digit_is_picked(page):
    page.write_number(4, 2)
    page.settle()
    page.press(TEXT["verdicts"]["digit"].format(first=2))
    choose(page, saved(write_number(7, 3), "PNG"), "image/png")
    page.expect_text(TEXT["number"].format(number="73"))
    expect(page.find(".number button[aria-pressed=true]")).to_have_text("7")


def test_lines_of_a_number_are_lines_of_buttons(page):
    """Whatever the reader makes of a drawing: what the page does with an answer of two lines."""
    page.write_number(4, 2)
    page.settle()

    def two_lines(route):
        found = route.fetch().json()
        for line, digit in enumerate(found["digits"]):
            digit["line"] = line
        route.fulfill(json=found)

    page.page.route(READ, two_lines)
    page.draw_stroke([(0.5, 0.9), (0.5, 0.91)], (0, 0, 1, 1))
    page.settle()
    page.page.unroute(READ)
    first, second = [box.bounding_box() for box in page.find(".number button").all()][:2]
    assert second["y"] >= first["y"] + first["height"] - 1
    assert second["x"] == pytest.approx(first["x"], abs=1)
