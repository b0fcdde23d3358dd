import json

import keras
import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from digits import Recognizer
from digits.engine import load_engine
from digits.model_file import MODEL
from digits.occlusion import occlusion_map
from digits.training.metrics import expected_calibration_error
from digits.training.mnist import load_test, network_input
from digits.training.render import draw
from tests.handwriting import write
from tests.pictures import drawn, labels, readings

METADATA = json.loads(MODEL.with_suffix(".json").read_text())


@pytest.mark.parametrize("place", [{}, {"left": 0.02, "top": 0.8, "wide": 0.12, "tall": 0.18}])
@pytest.mark.parametrize("digit", range(10))
def test_reads_drawings_large_and_in_a_corner(recognizer, digit, place):
    picture = write(digit, pen=8 if place else 18, **place)
    reading = recognizer.read(picture)
    assert reading.digit == digit
    assert reading.verdict in ("digit", "unsure")
    assert reading.top[0] == (digit, pytest.approx(reading.probabilities.max()))
    assert reading.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert reading.model_input.shape == (28, 28)
    [alone] = recognizer.read_digits(picture)
    assert alone.probabilities == pytest.approx(reading.probabilities)


def test_many_are_read_as_one_by_one(recognizer):
    blank = Image.new("L", (100, 100), 255)
    pictures = [write(3), blank, np.asarray(write(8)), write(5, size=200, pen=9)]
    many = recognizer.read_many(picture for picture in pictures)
    for together, alone in zip(many, map(recognizer.read, pictures), strict=True):
        assert (together.digit, together.verdict) == (alone.digit, alone.verdict)
        assert np.allclose(together.probabilities, alone.probabilities, atol=1e-5)
    assert recognizer.read_many([]) == []
    assert many[1].verdict == "blank"
    assert many[1].digit is None
    assert many[1].probabilities == pytest.approx([0.1] * 10)


def test_strange_and_ambiguous_drawings_have_verdicts(recognizer):
    scribble = Image.new("L", (520, 520), 255)
    random = np.random.default_rng(3)
    ImageDraw.Draw(scribble).line(list(map(tuple, random.uniform(40, 480, (30, 2)))), 0, 12)
    assert recognizer.read(scribble).verdict == "not_a_digit"
    assert recognizer.read(scribble).digit is None
    hesitant = Recognizer(load_engine(MODEL), {"energy": float("inf"), "confidence": 1.1})
    assert hesitant.read(write(3)).verdict == "unsure"
    assert hesitant.read(write(3)).digit == 3


@pytest.mark.parametrize("box", [(250, 250, 268, 268), (160, 160, 360, 360), (200, 150, 320, 350)])
def test_a_dot_or_a_blot_is_no_zero_for_certain(recognizer, box):
    blot = Image.new("L", (520, 520), "white")
    ImageDraw.Draw(blot).ellipse(box, "black")
    assert recognizer.read(blot).verdict != "digit"
    [reading] = recognizer.read_digits(blot)
    assert reading.verdict != "digit"


@pytest.mark.parametrize(
    ("digit", "box"), [(2, (110, 90, 250, 300)), (7, (90, 140, 270, 340)), (1, (110, 90, 260, 330))]
)
def test_a_box_that_a_digit_crosses_is_no_zero_for_certain(recognizer, digit, box):
    picture = drawn(digit)
    ImageDraw.Draw(picture).rectangle(box, outline=0, width=6)
    [found] = recognizer.read_digits(picture)
    assert (found.digit, found.verdict) != (0, "digit")


@pytest.mark.usefixtures("mnist_train")
def test_mnist_accuracy_is_the_one_in_the_metadata():
    x_test, y_test = load_test()
    probabilities = keras.saving.load_model(MODEL).predict(network_input(x_test), verbose=0)
    figures = METADATA["figures"]
    accuracy = (probabilities.argmax(axis=1) == y_test).mean()
    assert accuracy == pytest.approx(figures["mnist_test_accuracy"], abs=1e-9)
    assert accuracy >= 0.995
    error = expected_calibration_error(probabilities, y_test)
    assert error == pytest.approx(figures["mnist_test_ece"], abs=1e-4)


def test_boxes_of_a_long_number_lie_on_its_digits(recognizer):
    digits, lefts = [3, 8, 2, 6, 5, 9, 0, 4, 3, 2, 8, 6], range(10, 1480, 132)
    picture = np.full((131, 1600), 255, np.uint8)
    drawn = [np.asarray(write(digit, 131, 0.1, 0.1, 0.5, 0.4, 7)) for digit in digits]
    for left, digit in zip(lefts, drawn, strict=True):
        picture[:, left : left + 131] = np.minimum(picture[:, left : left + 131], digit)
    found = recognizer.read_digits(picture)
    assert [reading.digit for reading in found] == digits
    for reading, left, digit in zip(found, lefts, drawn, strict=True):
        columns = left + np.flatnonzero(digit.min(axis=0) < 128)
        ends = reading.box[0], reading.box[2]
        assert ends == pytest.approx((columns[0], columns[-1] + 1), abs=3)


def printed(text):
    picture = Image.new("L", (520, 520), 255)
    ImageDraw.Draw(picture).text((260, 260), text, 0, ImageFont.load_default(150), anchor="mm")
    return picture


@pytest.mark.parametrize("word", ["7K", "K2H", "HEX"])
def test_a_word_is_no_number(recognizer, word):
    assert readings(recognizer, printed(word)) == "x"


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        ("H", "illegible"),
        ("K", "illegible"),
        ("\N{EURO SIGN}", "frame"),  # a crossed box, which the font has in its place
    ],
)
def test_a_sign_beside_digits_is_left_out_and_leaves_doubt(recognizer, sign, reason):
    read = recognizer.read_picture(printed(f"2{sign}6"))
    assert labels(read.digits) == "2?6?"
    [left_out] = read.layout.left_out
    assert left_out.reason == reason
    assert read.digits[0].box[2] <= left_out.box[0] < left_out.box[2] <= read.digits[1].box[0]


def test_real_single_digits_are_read_as_numbers_of_one(recognizer, unipen):
    drawn = [draw(segment, "default") for segment in unipen[:: len(unipen) // 100]]
    numbers = [[each.digit for each in recognizer.read_digits(canvas)] for canvas in drawn]
    alone = [[reading.digit] for reading in recognizer.read_many(drawn)]
    differ = sum(
        number != digit for number, digit in zip(numbers, alone, strict=True) if digit != [None]
    )
    assert differ <= 1  # a wide one may


def test_a_reading_can_be_found_among_others_and_a_blank_one_not_changed(recognizer):
    blank, seven = recognizer.read_many([Image.new("L", (50, 50), 255), write(7)])
    assert [blank, seven].index(seven) == 1
    assert {blank: "blank"}.get(seven) is None
    with pytest.raises(ValueError, match="read-only"):
        blank.probabilities[:] = 0


def test_a_seven_does_not_rest_on_its_foot(recognizer):
    reading = recognizer.read(write(7))
    occlusion = recognizer.occlusion_map(reading)
    assert occlusion.shape == (28, 28)
    assert occlusion.max() == pytest.approx(1)
    assert occlusion.min() == 0
    assert not occlusion[reading.model_input == 0].any()
    rows = np.flatnonzero(reading.model_input.any(axis=1))
    foot = rows[0] + 3 * np.ptp(rows) // 4
    assert occlusion[foot:].sum() < 0.4 * occlusion[:foot].sum()
    assert not recognizer.occlusion_map(recognizer.read(np.full((9, 9), 255, np.uint8))).any()


def test_the_map_tells_of_ink_in_every_corner():
    for corner in [np.s_[:3, :3], np.s_[:3, 25:], np.s_[25:, :3], np.s_[25:, 25:]]:
        model_input = np.zeros((28, 28), np.float32)
        model_input[10:18, 13:15] = model_input[corner] = 1
        shares = np.zeros((81, 2), np.float32)

        def infer(pictures, corner=corner, shares=shares):
            ink = pictures[:, *corner].sum(axis=(1, 2))
            return shares, np.stack([ink, np.zeros_like(ink)], axis=1)

        heat = occlusion_map(infer, model_input)
        assert heat[corner].min() > 0
        assert heat[corner].max() == 1


def test_a_hollow_digit_of_a_pen_is_read_but_not_surely(recognizer):
    thick = ImageOps.invert(drawn(7, width=0.12))
    hollow = np.asarray(thick) - np.asarray(thick.filter(ImageFilter.MinFilter(7)))
    assert readings(recognizer, 255 - hollow) == "7?"


@pytest.mark.parametrize("number", ["4", "6", "8", "9", "53", "80"])
def test_a_hollow_number_is_read_but_not_surely(recognizer, number):
    shape = 400, 200 + 200 * len(number)
    pen = ImageDraw.Draw(solid := Image.new("L", shape[::-1]))
    pen.text((shape[1] // 2, 200), number, 255, font_size=240, anchor="mm")
    hollow = ImageChops.subtract(solid.filter(ImageFilter.MaxFilter(7)), solid)
    picture = ImageOps.invert(hollow)
    assert readings(recognizer, picture) == "".join(f"{digit}?" for digit in number)
    if len(number) == 1:
        for [reading] in ([recognizer.read(picture)], recognizer.read_many([picture])):
            assert (str(reading.digit), reading.verdict) == (number, "unsure")
