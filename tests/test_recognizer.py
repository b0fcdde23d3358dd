import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256

import keras
import numpy as np
import pytest
from digits.evaluation import expected_calibration_error
from digits.strokes import draw, load_unipen
from PIL import Image, ImageDraw, ImageFont

from digits import Recognizer, mnist
from digits.image_file import PictureError
from digits.ink import ink
from digits.recognizer import MODEL, ModelFileError
from digits.segmentation import segment
from digits.training import network_input
from tests.conftest import ROOT
from tests.handwriting import write, write_number

FACTS = json.loads(MODEL.with_suffix(".json").read_text())


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer.load()


@pytest.mark.parametrize("place", [{}, {"left": 0.02, "top": 0.8, "wide": 0.12, "tall": 0.18}])
@pytest.mark.parametrize("digit", range(10))
def test_reads_drawings_large_and_in_a_corner(recognizer, digit, place):
    reading = recognizer.read(write(digit, pen=8 if place else 18, **place))
    assert reading.digit == digit
    assert reading.verdict in ("digit", "unsure")
    assert reading.top[0] == (digit, pytest.approx(reading.probabilities.max()))
    assert reading.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert reading.seen.shape == (28, 28)


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


def test_doubt_and_competition_have_verdicts(recognizer):
    scribble = Image.new("L", (520, 520), 255)
    random = np.random.default_rng(3)
    ImageDraw.Draw(scribble).line(list(map(tuple, random.uniform(40, 480, (30, 2)))), 0, 12)
    assert recognizer.read(scribble).verdict == "not_a_digit"
    assert recognizer.read(scribble).digit is None
    hesitant = Recognizer(
        keras.saving.load_model(MODEL), {"doubt": float("inf"), "confidence": 1.1}
    )
    assert hesitant.read(write(3)).verdict == "unsure"
    assert hesitant.read(write(3)).digit == 3


def test_no_picture_gets_a_sentence(recognizer):
    with pytest.raises(PictureError, match="uint8"):
        recognizer.read(np.full((28, 28), np.nan))


def copy_model(folder):
    copy = folder / MODEL.name
    shutil.copy(MODEL, copy)
    shutil.copy(MODEL.with_suffix(".json"), copy.with_suffix(".json"))
    return copy


def test_a_broken_model_gets_a_sentence(tmp_path):
    with pytest.raises(ModelFileError, match="There is no model"):
        Recognizer.load(tmp_path / "missing.keras")

    model = copy_model(tmp_path)
    model.write_bytes(model.read_bytes()[:-1000])
    with pytest.raises(ModelFileError, match="is not the model that"):
        Recognizer.load(model)

    facts = FACTS | {"sha256": sha256(model.read_bytes()).hexdigest()}
    model.with_suffix(".json").write_text(json.dumps(facts))
    with pytest.raises(ModelFileError, match="no model that Keras"):
        Recognizer.load(model)

    model.with_suffix(".json").write_text("{}")
    with pytest.raises(ModelFileError, match="facts of the model"):
        Recognizer.load(model)


def test_another_network_gets_a_sentence(tmp_path):
    model = tmp_path / "other.keras"
    keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()]).save(model)
    facts = FACTS | {"sha256": sha256(model.read_bytes()).hexdigest()}
    model.with_suffix(".json").write_text(json.dumps(facts))
    with pytest.raises(ModelFileError, match="not a Sequential from 28x28 images"):
        Recognizer.load(model)


SERVE = """
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from digits import Recognizer

recognizer = Recognizer.load()
import keras
import openvino

del openvino.compile_model  # the first reading finds everything compiled
images = np.load(sys.argv[1])
with ThreadPoolExecutor(4) as threads:
    readings = list(threads.map(recognizer.read, images[:400]))
alone = [recognizer.read(image) for image in images[:400]]
assert all(np.array_equal(a.probabilities, b.probabilities) for a, b in zip(readings, alone))

readings = recognizer.read_many(images)
seen, probabilities, doubts = zip(*((r.seen, r.probabilities, r.doubt) for r in readings))
np.savez(sys.argv[2], seen=seen, probabilities=probabilities, doubts=doubts)
print(keras.backend.backend())
print(sorted(sys.modules))
"""
# Keras looks for cv2, scikit-learn, Matplotlib and SciPy by itself, and does without them.
TRAINING_WING = (
    *("tensorflow", "albumentations", "scipy.signal", "digits.augmentation", "digits.evaluation"),
    *("digits.mnist", "digits.network", "digits.outliers", "digits.strokes", "digits.training"),
)


def test_serving_agrees_with_tensorflow_from_any_thread_and_imports_nothing_of_training(tmp_path):
    if os.environ.get("DIGITS_MNIST"):
        images = mnist.load_test()[0]
    else:
        written = [255 - np.asarray(write(digit).resize((28, 28))) for digit in range(10)]
        images = np.tile(np.stack(written), (40, 1, 1))
    np.save(tmp_path / "images.npy", images)
    environment = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    output = subprocess.run(
        [sys.executable, "-c", SERVE, tmp_path / "images.npy", tmp_path / "served.npz"],
        env=environment, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert output.returncode == 0, output.stderr
    backend, modules = output.stdout.splitlines()[-2:]
    assert backend == "openvino"
    assert not [name for name in TRAINING_WING if f"'{name}'" in modules]
    served = np.load(tmp_path / "served.npz")
    network = keras.saving.load_model(MODEL)
    expected = network.predict(served["seen"][..., np.newaxis], verbose=0)
    assert np.abs(served["probabilities"] - expected).max() < 1e-5
    logits = keras.Model(network.inputs, network.layers[-1].input).predict(
        served["seen"][..., np.newaxis], verbose=0
    ) @ np.asarray(network.layers[-1].kernel) + np.asarray(network.layers[-1].bias)
    assert np.abs(served["doubts"] + np.logaddexp.reduce(logits, axis=1)).max() < 1e-4


def test_mnist_accuracy_is_the_one_in_the_facts(mnist_train):
    x_test, y_test = mnist.load_test()
    probabilities = keras.saving.load_model(MODEL).predict(network_input(x_test), verbose=0)
    figures = FACTS["figures"]
    accuracy = (probabilities.argmax(axis=1) == y_test).mean()
    assert accuracy == pytest.approx(figures["mnist_test_accuracy"], abs=1e-9)
    assert accuracy >= 0.995
    error = expected_calibration_error(probabilities, y_test)
    assert error == pytest.approx(figures["mnist_test_ece"], abs=1e-4)


def test_a_number_is_read_digit_by_digit(recognizer):
    for digits in [(2, 0, 2, 6), (4, 5), (1, 3, 7), (9, 8, 6)]:
        readings = recognizer.read_digits(write_number(*digits))
        assert tuple(reading.digit for reading in readings) == digits
        assert all(reading.seen.shape == (28, 28) for reading in readings)


@pytest.mark.parametrize("digit", range(10))
def test_one_digit_is_a_number_too(recognizer, digit):
    [reading] = recognizer.read_digits(write(digit))
    assert reading.probabilities == pytest.approx(recognizer.read(write(digit)).probabilities)


def test_a_five_whose_bar_hangs_free_stays_one_digit(recognizer):
    picture = write(5)
    ImageDraw.Draw(picture).rectangle((190, 100, 225, 150), fill=255)
    assert len(set(segment(ink(picture))[1])) == 2
    assert [reading.digit for reading in recognizer.read_digits(picture)] == [5]


def test_a_house_and_its_tree_are_no_number(recognizer):
    picture = Image.new("L", (520, 520), 255)
    pen = ImageDraw.Draw(picture)
    pen.line([(60, 440), (60, 240), (160, 120), (270, 240), (270, 440), (60, 440)], 0, 18)
    pen.line([(60, 240), (270, 240)], 0, 18)
    pen.rectangle((130, 330, 200, 390), outline=0, width=14)
    pen.line([(400, 440), (400, 300)], 0, 18)
    pen.polygon([(330, 290), (400, 130), (470, 290)], outline=0, width=18)
    assert len(set(segment(ink(picture))[1])) > 2
    [reading] = recognizer.read_digits(picture)
    assert reading.verdict == "not_a_digit"


@pytest.mark.parametrize("word", ["7K", "2H6", "HEX"])
def test_a_word_is_no_number(recognizer, word):
    picture = Image.new("L", (520, 520), 255)
    ImageDraw.Draw(picture).text((260, 260), word, 0, ImageFont.load_default(150), anchor="mm")
    [reading] = recognizer.read_digits(picture)
    assert reading.verdict == "not_a_digit"


@pytest.mark.parametrize(
    ("digits", "bar"), [((5, 0), (130, 187, 364, 187)), ((4, 0, 3), (130, 270, 234, 270))]
)
def test_digits_that_touch_are_read_one_by_one(recognizer, digits, bar):
    picture = write_number(*digits)
    ImageDraw.Draw(picture).line(bar, fill=0, width=14)
    assert len(set(segment(ink(picture))[1])) == len(digits) - 1
    assert tuple(reading.digit for reading in recognizer.read_digits(picture)) == digits


def test_real_single_digits_are_read_as_numbers_of_one(recognizer):
    if not os.environ.get("DIGITS_UNIPEN"):
        pytest.skip("set DIGITS_UNIPEN to a UNIPEN collection to test with real strokes")
    segments = load_unipen()
    drawn = [draw(segment, "default") for segment in segments[:: len(segments) // 100]]
    numbers = [[each.digit for each in recognizer.read_digits(canvas)] for canvas in drawn]
    alone = [[reading.digit] for reading in recognizer.read_many(drawn)]
    differ = sum(
        number != digit for number, digit in zip(numbers, alone, strict=True) if digit != [None]
    )
    assert differ <= 1  # a wide one may


def test_a_number_of_nothing_is_blank(recognizer):
    [reading] = recognizer.read_digits(Image.new("L", (50, 50), 255))
    assert reading.verdict == "blank"


def test_the_evidence_for_a_seven_is_not_in_its_foot(recognizer):
    reading = recognizer.read(write(7))
    evidence = recognizer.evidence(reading)
    assert evidence.shape == (28, 28)
    assert evidence.max() == pytest.approx(1)
    assert evidence.min() == 0
    assert not evidence[reading.seen == 0].any()
    rows = np.flatnonzero(reading.seen.any(axis=1))
    foot = rows[0] + 3 * np.ptp(rows) // 4
    assert evidence[foot:].sum() < 0.4 * evidence[:foot].sum()
    assert not recognizer.evidence(recognizer.read(np.full((9, 9), 255, np.uint8))).any()
