"""Coloured areas with writing of their own: plotted figures, photos on a screen, buttons."""

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps

from tests.handwriting import STROKES, trace
from tests.pictures import SIDE, drawn, photographed, readings, text, with_pen


@pytest.mark.parametrize("colour", ["black", "#440154"])
def test_digits_of_a_plotted_figure_are_read(recognizer, colour):
    """As matplotlib's imshow draws them, with ticks and a title."""
    pen = ImageDraw.Draw(figure := Image.new("RGB", (820, 380), "white"))
    for left, digit in ((50, 4), (440, 2)):
        ink = ImageOps.invert(drawn(digit, width=0.07)).resize((300, 300))
        figure.paste(ImageOps.colorize(ink, colour, "#fde725"), (left, 40))
        for at in (left + 40, left + 150):
            pen.line((at, 340, at, 345), 0)
        pen.rectangle((left - 1, 39, left + 300, 340), outline=0)
        pen.text((left + 130, 20), "Label: 7", 0)
    assert text(recognizer, figure.crop((0, 0, 410, 380))) == "4"
    assert text(recognizer, figure) == "42"


def test_digits_of_a_grid_of_images_are_read(recognizer):
    """As the first images of MNIST are often shown; one of them reaches the edge of its own."""
    grid = Image.new("L", (420, 340), 255)
    for i in range(20):
        image = ImageOps.invert(drawn((7, 4, 2, 3)[i % 4], height=0.96 if i == 6 else 0.6))
        grid.paste(image.resize((60, 60)), (20 + i % 5 * 80, 20 + i // 5 * 80))
    assert text(recognizer, grid) == "74237423742374237423"


def test_digits_in_white_fields_with_round_corners_are_read(recognizer):
    pen = ImageDraw.Draw(form := Image.new("RGB", (330, 130), (215, 222, 240)))
    for i, digit in enumerate((7, 4, 2)):
        field = (30 + 90 * i, 30, 90 + 90 * i, 90)
        pen.rounded_rectangle(field, 11, "white", (120, 120, 130), 2)
        ink = drawn(digit, width=0.05).resize((54, 54))
        form.paste((20, 30, 100), (field[0] + 4, 33), ImageOps.invert(ink))
    assert text(recognizer, form) == "742"


def test_a_thick_zero_with_straight_sides_is_no_field(recognizer):
    ring = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(ring).rounded_rectangle((140, 80, 260, 320), 36, None, 0, 42)
    assert text(recognizer, ring) == "0"


def test_a_photo_on_a_dark_screen_is_read(recognizer):
    screen = Image.new("RGB", (SIDE, 800))
    screen.paste(photographed(drawn(6)), (0, 200))
    pen = ImageDraw.Draw(screen)
    pen.text((20, 30), "Today", "white", font_size=20)
    pen.text((150, 750), "Share    Delete", "white", font_size=20)
    assert text(recognizer, screen) == "6"


@pytest.mark.parametrize("colours", [((0, 92, 77), (18, 23, 28)), ((219, 247, 199), "white")])
def test_a_photo_of_a_note_in_a_chat_is_read(recognizer, colours):
    """In a bubble, above a round button."""
    pen = ImageDraw.Draw(chat := Image.new("RGB", (SIDE, 650), colours[1]))
    pen.rounded_rectangle((20, 150, 310, 470), 10, colours[0])
    chat.paste(photographed(drawn(6, width=0.06)).resize((280, 280)), (25, 155))
    pen.ellipse((345, 595, 389, 639), (0, 140, 115))
    assert readings(recognizer, chat) == "6"


def test_a_toolbar_is_no_area_that_all_writing_stands_in(recognizer):
    pen = ImageDraw.Draw(app := Image.new("RGB", (800, 500), (18, 18, 20)))
    pen.rectangle((0, 0, 55, 500), (51, 51, 56))
    for y in range(60, 460, 45):
        pen.ellipse((14, y, 41, y + 27), (100, 200, 255))
    trace(pen, STROKES[3], (300, 200, 70, 100), 3, (255, 230, 80))
    assert readings(recognizer, app) == "3"


def test_a_blot_is_doubted_only_beside_digits(recognizer):
    for y, said in ((20, "5"), (200, "5?")):
        blot = with_pen(lambda pen, y=y: pen.ellipse((330, y, 375, y + 45), 60))
        assert readings(recognizer, blot(drawn(5, 0.4))) == said


def test_a_card_beside_the_photo_of_another_is_read(recognizer):
    page = Image.new("RGB", (700, 400), "white")
    for left, digit, photo in ((60, 7, False), (400, 4, True)):
        card = drawn(digit).resize((240, 240)).convert("RGB")
        card = ImageChops.multiply(card, Image.new("RGB", card.size, (250, 220, 120)))
        page.paste(photographed(card) if photo else card, (left, 80))
    assert text(recognizer, page) == "74"


def test_a_solid_bar_is_no_photo_of_nothing(recognizer):
    bar = with_pen(lambda pen: pen.rectangle((140, 40, 250, 360), 0))
    assert recognizer.read(bar(Image.new("RGB", (SIDE, SIDE), "white"))).verdict != "blank"


def test_a_button_beside_a_digit_is_not_what_is_read(recognizer):
    picture = drawn(2).convert("RGB")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((260, 10, 390, 80), (37, 99, 235))
    pen.line([(300, 25), (345, 25), (315, 68)], "white", 8)
    assert text(recognizer, picture) == "2"
