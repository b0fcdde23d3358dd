"""Picture files that a visitor hands over, numbers on them, and drawings that are saved."""

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps
from playwright.sync_api import expect

from digits.page import TEXT
from digits.program_answer import program_answer
from tests.browser import CORNER, READ, WHOLE, picture_of
from tests.handwriting import STROKES, write, write_number
from tests.picture_files import deep, saved, turned

FIVE = write(5, size=1300)
WHITE = Image.merge("LA", [Image.new("L", FIVE.size, 255), ImageOps.invert(FIVE)])
FILES = {kind: saved(FIVE, kind) for kind in ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")}
FILES |= {
    "TIFF of 16 bits": saved(deep(FIVE), "TIFF"),
    "JPEG that lies on its side": saved(FIVE.rotate(90), "JPEG", **turned()),
    "PNG in white on nothing": saved(WHITE),
}
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
NO_PICTURE = re.compile("^This file is not a picture that can be read")


def choose(page, file, kind="JPEG"):
    """Choose a file; return what the page sends to be read."""
    picture = page.sent_by(lambda: page.choose_photo(file, kind))["picture"]
    return b64decode(picture.partition(",")[2])


def photograph(digit, width, height, kind="JPEG"):
    """A digit in grey pencil on white paper, as a file."""
    side = min(width, height)
    picture = Image.new("L", (width, height), "white")
    picture.paste(write(digit, size=side, pen=side // 29).point(lambda grey: grey or 60))
    return saved(picture, kind, quality=90)


def aspect(picture):
    """Width of the ink in a picture, as a part of its height."""
    dark = picture.convert("L").point(lambda grey: 255 * (grey < 128))
    left, top, right, bottom = dark.getbbox()
    return (right - left) / (bottom - top)


@pytest.mark.parametrize("name", FILES)
def test_each_kind_of_file_is_read_as_by_programs_and_shown(page, recognizer, name):
    data = FILES[name]
    assert choose(page, data, name.split()[0]) == data
    page.expect_read(5)
    said = program_answer(recognizer, BytesIO(data), "")
    expect(page.find(".reading")).to_have_attribute("data-verdict", said["verdict"])
    assert page.probabilities() == pytest.approx(said["probabilities"], abs=1e-4)
    dark = np.asarray(picture_of(page.drawing()).convert("L")) < 128
    assert 0.01 < (~dark if "white" in name else dark).mean() < 0.2


def test_reads_a_chosen_photo_and_draws_again(page):
    photo = photograph(3, 3000, 4000)
    page.choose_photo(photo)
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


def test_a_dropped_link_gets_a_sentence_and_leaves_the_page_open(page):
    page.write(7)
    page.expect_read(7)
    shown, browser = page.drawing(), page.page.context.new_cdp_session(page.page)
    link = {"mimeType": "text/uri-list", "data": "http://localhost:9/seven.png"}
    drag = {"x": 60, "y": 60, "data": {"items": [link], "dragOperationsMask": 1}}
    for event in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": event, **drag})
    page.expect_notice(TEXT["no_file_dropped"])
    assert page.drawing() == shown


def test_the_newest_of_photos_and_strokes_counts(page):
    large, small = photograph(3, 3000, 3000), photograph(6, 200, 200, "PNG")
    page.hand_over("paste", large)
    page.hand_over("paste", small)
    page.expect_read(6)
    page.page.wait_for_timeout(500)  # for the large one, which is ready later
    page.expect_read(6)
    page.hand_over("paste", large)
    page.write(7, wait=False)
    page.page.wait_for_timeout(500)
    page.expect_read(7)


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


def test_a_photo_is_read_again_after_its_file_is_gone(page, tmp_path):
    write(7).save(tmp_path / "seven.png")
    page.choose_photo(tmp_path / "seven.png")
    page.expect_read(7)
    (tmp_path / "seven.png").unlink()
    page.clear()
    page.page.keyboard.press("Control+z")
    page.expect_read(7)


def test_a_file_that_cannot_be_read_gets_a_sentence_and_is_not_shown(page, tmp_path):
    blank = page.drawing()
    for data, kind, said in (
        (photograph(3, 300, 300)[:100], "JPEG", NO_PICTURE),
        (b"Dear network", "PNG", NO_PICTURE),
        (b"II*\0" + bytes(50), "TIFF", NO_PICTURE),
        (HEIC, "HEIC", re.compile("Most Compatible")),
    ):
        page.choose_photo(data, kind)
        expect(page.find(".notice")).to_have_text(said)
        assert page.drawing() == blank
        page.write(1)
        page.expect_read(1)
        page.expect_notice("")
        page.clear()
    large = tmp_path / "large.jpg"
    # The smaller one is too large for the reader, and the browser cannot show it.
    for size, said in ((25_000_001, "photo_too_large"), (10_000_001, "photo_too_large_here")):
        with large.open("wb") as file:
            file.truncate(size)
        page.choose_photo(large)
        page.expect_notice(TEXT[said])
    page.hand_over("drop", b"Dear network")
    expect(page.find(".notice")).to_have_text(NO_PICTURE)
    assert page.drawing() == blank


def test_without_a_connection_a_tiff_gets_a_sentence(page):
    page.page.context.set_offline(True)
    page.choose_photo(saved(write(2), "TIFF"), "TIFF")
    page.expect_notice(TEXT["lost_photo"])
    page.page.context.set_offline(False)


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
    (four, four_label), (two, two_label) = boxes(page)
    assert (four_label, two_label) == ("4", "2")
    assert four == pytest.approx([0.08, 0.34, 0.39, 0.66], abs=0.05)
    assert two == pytest.approx([0.55, 0.34, 0.88, 0.66], abs=0.05)
    page.clear()
    assert boxes(page) == []
    page.write(7)
    assert boxes(page) == []  # there is nothing to choose from


def test_a_tap_on_a_box_picks_its_digit_and_leaves_no_dot(page):
    page.write_number(4, 2)
    drawn = page.drawing()
    for digit, x in ((2, 0.7), (4, 0.2), (2, 0.7)):
        page.tap(x, 0.5)
        page.settle()
        assert page.drawing() == drawn
        assert page.highest_bar() == digit
        expect(page.find(".number button[aria-pressed=true]")).to_have_text(f"{digit}")
        expect(page.find(".boxes .picked")).to_have_attribute("data-label", f"{digit}")
    page.tap(0.48, 0.9)  # beside all boxes: a dot
    assert page.drawing() != drawn


def test_boxes_lie_on_the_digits_of_a_photo_that_is_not_square(page):
    number = write_number(2, 6).crop((0, 130, 520, 390))
    choose(page, saved(number), "PNG")
    page.expect_text(TEXT["number"].format(number="26"))
    found = boxes(page)
    paper = np.asarray(picture_of(page.drawing()).convert("L")) < 128
    for (left, top, right, bottom), _ in found:
        inside = paper[:, round(left * len(paper)) : round(right * len(paper))]
        rows = np.flatnonzero(inside.any(axis=1)) / len(paper)
        assert (top, bottom) == pytest.approx([rows.min(), rows.max()], abs=0.02)


def test_one_digit_on_a_photo_has_its_box_and_a_tap_keeps_the_photo(page):
    choose(page, saved(write(5, left=0.5, wide=0.3, tall=0.4)), "PNG")
    page.expect_read(5)
    [((left, *_), label)] = boxes(page)
    assert label == "5"
    assert left > 0.45
    shown = page.drawing()
    for x, y in ((0.65, 0.4), (0.2, 0.8)):  # on the box, and beside it
        page.tap(x, y)
        page.settle()
        assert page.drawing() == shown


def test_of_another_picture_the_first_digit_is_picked(page):
    page.write_number(4, 2)
    page.press(TEXT["verdicts"]["digit"].format(first=2))
    page.choose_photo(saved(write_number(7, 3)), "PNG")
    page.expect_text(TEXT["number"].format(number="73"))
    expect(page.find(".number button[aria-pressed=true]")).to_have_text("7")


def test_lines_of_a_number_are_lines_of_buttons(page):
    """Whatever the reader makes of a drawing: what the page does with an answer of two lines."""
    page.write_number(4, 2)

    def two_lines(route):
        found = route.fetch().json()
        for line, digit in enumerate(found["digits"]):
            digit["line"] = line
        route.fulfill(json=found)

    page.page.route(READ, two_lines)
    page.draw_stroke([(0.5, 0.9), (0.5, 0.91)], WHOLE)
    page.settle()
    page.page.unroute_all(behavior="wait")
    first, second = [box.bounding_box() for box in page.find(".number button").all()][:2]
    assert second["y"] >= first["y"] + first["height"] - 1
    assert second["x"] == pytest.approx(first["x"], abs=1)


# --- Saving -----------------------------------------------------------------------------------


def test_saves_the_drawing_with_its_reading(page, recognizer):
    expect(page.page.get_by_role("button", name=TEXT["save"])).to_be_disabled()
    page.write_number(4, 2)
    page.expect_text(TEXT["number"].format(number="42"))
    download = page.download("save")
    assert download.suggested_filename == "digits-42.png"
    file = Image.open(download.path())
    assert file.format == "PNG"
    width, height = file.size
    drawing, said = file.crop((0, 0, width, width)), file.crop((0, width, width, height))
    assert aspect(drawing) == pytest.approx(aspect(picture_of(page.drawing())), abs=0.02)
    assert aspect(said) > 1  # a line of text
    assert [reading.digit for reading in recognizer.read_digits(drawing)] == [4, 2]


def test_a_drawing_without_an_answer_is_saved_without_a_reading(page):
    page.write(7)
    page.expect_read(7)
    held = page.hold_readings()
    page.write(7, CORNER, wait=False)
    download = page.download("save")
    page.release(held)
    assert download.suggested_filename == "digits.png"
    file = Image.open(download.path()).convert("L")
    assert file.crop((0, file.width, *file.size)).getextrema()[0] > 200
