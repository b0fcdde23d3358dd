"""Coloured areas with writing of their own: plotted figures, photos on a screen, buttons."""

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps

from tests.pictures import SIDE, drawn, photographed, text, with_pen


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
