"""What nobody should send: whatever comes in, a reading or one clear sentence goes out.

``DIGITS_FUZZ=50000 pytest tests/test_abuse.py`` tries as many broken files as that, in minutes.
"""

import os
import warnings
from io import BytesIO

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from digits import Reading, Recognizer
from digits.drawing import PictureError
from tests.handwriting import write

FUZZ = int(os.environ.get("DIGITS_FUZZ", "600"))
VERDICTS = {"digit", "unsure", "not_a_digit", "blank"}
SETTINGS = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer.load()


def attempt(read, what):
    """Give the answer and no problem, or no answer and the sentence."""
    try:
        return read(what), ""
    except PictureError as problem:
        return None, str(problem)


def check(reading):
    assert isinstance(reading, Reading)
    assert reading.verdict in VERDICTS
    assert (reading.digit is None) == (reading.verdict in ("not_a_digit", "blank"))
    assert reading.probabilities.sum() == pytest.approx(1, abs=1e-4)
    assert np.isfinite(reading.seen).all()
    assert reading.seen.min() >= 0
    assert reading.seen.max() <= 1


shapes = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=40)


@SETTINGS
@given(arrays.arrays(arrays.scalar_dtypes(), shapes))
def test_any_array_is_read_or_refused_in_a_sentence(recognizer, array):
    reading, problem = attempt(recognizer.read, array)
    if problem:
        assert "give" in problem
    else:
        check(reading)
        for digit in recognizer.read_number(array):
            check(digit)


@SETTINGS
@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60))),
    st.sampled_from(("L", "1", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "HSV", "I", "I;16")),
)
def test_any_picture_of_any_mode_is_read(recognizer, array, mode):
    picture = Image.fromarray(array)
    picture = picture.convert("I").convert(mode) if mode == "I;16" else picture.convert(mode)
    check(recognizer.read(picture))


@pytest.mark.parametrize("size", [(1, 1), (1, 20000), (20000, 1), (2, 2), (5000, 3)])
@pytest.mark.parametrize("fill", ["blank", "full", "noise", "half"])
def test_odd_sizes_and_fillings_have_a_verdict(recognizer, size, fill):
    array = np.full(size, 255, np.uint8)
    if fill == "full":
        array[:] = 0
    elif fill == "noise":
        array = np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8)
    elif fill == "half":
        array[: size[0] // 2, : max(1, size[1] // 2)] = 0
    check(recognizer.read(array))
    for reading in recognizer.read_number(array):
        check(reading)


def seeds():
    """One small whole file of each format, and an animation."""
    picture = write(4, size=64, pen=5)
    for name, options in {
        "PNG": {},
        "JPEG": {},
        "WEBP": {"lossless": True},
        "GIF": {"save_all": True, "append_images": [write(5, size=64, pen=5)]},
        "BMP": {},
        "TIFF": {"compression": "tiff_lzw"},
    }.items():
        file = BytesIO()
        picture.save(file, name, **options)
        yield file.getvalue()


def mutate(random, file):
    """Damage a file as transfers and attackers do: flip, overwrite, cut, repeat, insert."""
    file = bytearray(file)
    for _ in range(random.integers(1, 6)):
        at, length = random.integers(len(file) + 1), random.integers(1, 9)
        kind = random.integers(5)
        if kind == 0 and at < len(file):
            file[at] ^= 1 << random.integers(8)
        elif kind == 1:
            file[at : at + length] = bytes([random.choice([0, 127, 255])] * length)
        elif kind == 2:
            del file[at : at + (len(file) if random.random() < 0.2 else length)]
        elif kind == 3:
            file[at:at] = file[at : at + 8 * length]
        else:
            file[at:at] = random.bytes(length)
        if not file:
            break
    return bytes(file)


def test_damaged_files_are_read_or_refused_in_a_sentence(recognizer):
    random, whole = np.random.default_rng(0), list(seeds())
    outcomes = {"read": 0, "refused": 0}
    for i in range(FUZZ):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what it finds in such files
            file = BytesIO(mutate(random, whole[i % len(whole)]))
            answer, problem = attempt(recognizer.read_file, file)
        assert problem.endswith(".") if problem else answer["verdict"] in VERDICTS
        outcomes["refused" if problem else "read"] += 1
    print(f"{FUZZ:,} damaged files: {outcomes}")
    assert min(outcomes.values()) > FUZZ / 20
