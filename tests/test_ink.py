"""From a picture to ink: small digits in large photos, watermarks, digits that an edge cuts off."""

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from digits.ink import analyse
from tests.handwriting import write_number
from tests.pictures import EMPTY, MARKS, SIDE, drawn, photographed, readings, reasons, text


def test_a_digit_at_the_edge_of_a_photo_is_read(recognizer):
    picture = EMPTY.copy()
    picture.paste(drawn(5).resize((60, 60)).crop((12, 14, 46, 50)), (3, 362))
    assert text(recognizer, photographed(picture)) == "5"


def test_a_box_is_where_the_digit_is(recognizer):
    picture = Image.new("L", (3000, 2000), 255)
    picture.paste(drawn(3), (1000, 500))
    [reading] = recognizer.read_digits(MARKS["speck"](picture))
    expected = np.add(analyse(drawn(3)).picture_box, (1000, 500) * 2)
    assert np.abs(np.subtract(reading.box, expected)).max() <= 4


def test_a_digit_of_three_percent_of_a_photo_is_read(recognizer):
    page = Image.new("L", (1600, 1200), 255)
    page.paste(drawn(3, 0.9, 0.1, (0.5, 0.5)).resize((40, 40), Image.Resampling.BOX), (1200, 300))
    assert text(recognizer, photographed(page)) == "3"


def test_a_watermark_is_no_writing(recognizer):
    mark = ImageDraw.Draw(page := EMPTY.copy())
    for i, y in enumerate(range(10, SIDE, 50)):
        mark.text((20 - 15 * i, y), "SAMPLE DRAFT SAMPLE DRAFT", 200, font_size=28)
    page = ImageChops.darker(page, write_number(4, 2).resize((SIDE, SIDE)))
    assert readings(recognizer, page) == "42"
    assert reasons(page) == {"faint"}


def test_pencil_beside_ink_is_no_watermark_for_certain(recognizer):
    page = drawn(4, height=0.2, centre=(0.5, 0.85))
    for i in range(12):
        place = (0.1 + i % 6 * 0.16, 0.15 + i // 6 * 0.35)
        pencil = drawn(3, height=0.2, width=0.02, centre=place).point(
            lambda level: 175 + level * 80 // 255
        )
        page = ImageChops.darker(page, pencil)
    assert {reading.verdict for reading in recognizer.read_digits(page)} == {"unsure"}


def test_a_digit_that_the_edge_of_a_photo_may_cut_off_is_unsure(recognizer):
    photo = photographed(drawn(7))
    assert recognizer.read(photo).verdict == "digit"
    left = analyse(photo).box[0]
    cut = recognizer.read(photo.crop((left + 2, 0, SIDE, SIDE)))
    assert (cut.digit, cut.verdict) == (7, "unsure")
