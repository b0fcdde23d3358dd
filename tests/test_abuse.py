"""What nobody should send: whatever comes in, a reading or one clear sentence goes out.

``DIGITS_FUZZ=50000 pytest -s tests/test_abuse.py`` tries as many broken files as that, in
minutes, and a tenth of them on a running page.
"""

import json
import os
import sys
import warnings
from io import BytesIO

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from benchmarks.server import ROOT
from digits import Reading
from digits.__main__ import main as command_line
from digits.image_file import MAX_FILE_BYTES, PictureError
from digits.program_answer import program_answer
from tests.handwriting import write
from tests.picture_files import deep, png_of_size, saved, turned
from tests.processes import run_python
from tests.visitor import Visitor

FUZZ = int(os.environ.get("DIGITS_FUZZ", "600"))
VERDICTS = {"digit", "unsure", "not_a_digit", "blank"}
SETTINGS = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def attempt(read, what):
    """Return the answer and no problem, or no answer and the sentence."""
    try:
        return read(what), ""
    except PictureError as problem:
        return None, str(problem)


def check(reading):
    assert isinstance(reading, Reading)
    assert reading.verdict in VERDICTS
    assert (reading.digit is None) == (reading.verdict in ("not_a_digit", "blank"))
    assert reading.probabilities.sum() == pytest.approx(1, abs=1e-4)
    assert np.isfinite(reading.model_input).all()
    assert reading.model_input.min() >= 0
    assert reading.model_input.max() <= 1


shapes = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=40)


@SETTINGS
@given(arrays.arrays(arrays.scalar_dtypes(), shapes))
def test_any_array_is_read_or_refused_in_a_sentence(recognizer, array):
    reading, problem = attempt(recognizer.read, array)
    if problem:
        assert "give" in problem
    else:
        check(reading)
        for digit in recognizer.read_digits(array):
            check(digit)


VIA = {"I;16": "I", "La": "LA", "PA": "P", "RGBa": "RGBA"}  # modes that Pillow makes of others


@SETTINGS
@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60))),
    st.sampled_from([*VIA, "L", "1", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "HSV", "I"]),
)
def test_any_picture_of_any_mode_is_read(recognizer, array, mode):
    picture = Image.fromarray(array).convert(VIA.get(mode, mode)).convert(mode)
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
    for reading in recognizer.read_digits(array):
        check(reading)


def several():
    """Have another picture saved behind one, new each time: Pillow writes its options into it."""
    return {"save_all": True, "append_images": [write(2, size=200, pen=8)]}


SEVEN = write(7, size=200, pen=8)
INK = Image.merge("LA", (Image.new("L", SEVEN.size), ImageOps.invert(SEVEN)))
WHOLE = {
    "PNG, grey": saved(SEVEN, "PNG"),
    "PNG, 1 bit": saved(SEVEN.convert("1"), "PNG"),
    "PNG, 16 bits": saved(deep(SEVEN), "PNG"),
    "PNG, palette": saved(SEVEN.convert("P"), "PNG"),
    "PNG, grey and alpha": saved(INK, "PNG"),
    "PNG, alpha": saved(INK.convert("RGBA"), "PNG"),
    "PNG, animated": saved(SEVEN, "PNG", **several()),
    "JPEG, grey": saved(SEVEN, "JPEG"),
    "JPEG, progressive": saved(SEVEN.convert("RGB"), "JPEG", progressive=True),
    "JPEG, CMYK": saved(SEVEN.convert("CMYK"), "JPEG"),
    "JPEG, turned": saved(SEVEN.rotate(90), "JPEG", **turned()),
    "JPEG, upside down": saved(SEVEN.rotate(180), "JPEG", **turned(3)),
    "JPEG, several": saved(SEVEN.convert("RGB"), "MPO", **several()),
    "JPEG, a film behind it": saved(SEVEN, "JPEG") + 100 * b"\0film\xff\xda",
    "PNG, alpha, turned": saved(INK.rotate(90), "PNG", **turned()),
    "PNG, broken EXIF": saved(SEVEN, "PNG", exif=b"Exif\0\0II*\0"),
    "PNG, no EXIF": saved(SEVEN, "PNG", exif=b"Exif\0\0Dear camera"),
    "AVIF": saved(SEVEN.convert("RGB"), "AVIF"),
    "WebP": saved(SEVEN.convert("RGB"), "WEBP"),
    "WebP, alpha": saved(INK.convert("RGBA"), "WEBP", lossless=True),
    "WebP, animated": saved(SEVEN.convert("RGB"), "WEBP", **several()),
    "GIF": saved(SEVEN, "GIF"),
    "GIF, animated": saved(SEVEN, "GIF", **several()),
    "BMP": saved(SEVEN.convert("RGB"), "BMP"),
    "TIFF, LZW": saved(SEVEN, "TIFF", compression="tiff_lzw"),
    "TIFF, JPEG": saved(SEVEN, "TIFF", compression="jpeg"),
    "TIFF, JPEG in strips": saved(SEVEN.resize((2600, 2600)), "TIFF", compression="jpeg"),
    "TIFF, turned": saved(SEVEN.rotate(90), "TIFF", **turned()),
    "TIFF, 16 bits": saved(deep(SEVEN), "TIFF"),
    "TIFF, CMYK": saved(SEVEN.convert("CMYK"), "TIFF"),
    "TIFF, pages": saved(SEVEN, "TIFF", **several()),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_seven_is_a_seven_in_every_kind_of_file(recognizer, kind):
    found = program_answer(recognizer, BytesIO(WHOLE[kind]), kind)
    assert (found["digit"], found["verdict"], found["text"]) == (7, "digit", "7")


def with_scans(count):
    """Repeat the last scan of a JPEG: a small file that takes as long as a large one."""
    jpeg = saved(SEVEN, "JPEG", progressive=True)
    last = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + count * last + jpeg[-2:]


def with_thumbnail(jpeg):
    """Put a whole picture into a segment before the picture, as cameras do."""
    thumbnail = saved(SEVEN.resize((20, 20)), "JPEG")
    return jpeg[:2] + b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2) + thumbnail + jpeg[2:]


def tiff_with_scans(count):
    """Put the JPEG of a TIFF, with scans repeated, behind the file, and say that it is there."""
    scans, tiff = with_scans(count), saved(SEVEN, "TIFF", compression="jpeg")
    with Image.open(BytesIO(tiff)) as picture:
        start, length = (
            tag.to_bytes(2, "little") + b"\4\0\1\0\0\0" + value.to_bytes(4, "little")
            for tag in (273, 279)
            for value in [np.ravel(picture.tag_v2[tag])[0].item()]
        )
    assert tiff.count(start) == tiff.count(length) == 1
    tiff = tiff.replace(start, start[:8] + len(tiff).to_bytes(4, "little"))
    return tiff.replace(length, length[:8] + len(scans).to_bytes(4, "little")) + scans


def with_bit_flipped(file, at):
    damaged = bytearray(file)
    damaged[at] ^= 1
    return bytes(damaged)


BROKEN = {
    "too large": (saved(SEVEN, "BMP").ljust(MAX_FILE_BYTES + 1), "10 MB"),
    "too many pixels": (png_of_size(8000, 8000), "8000x8000"),
    "far too many pixels": (png_of_size(2**31 - 1, 2**31 - 1), "scale it down"),
    "too many scans": (with_scans(100), "too many scans"),
    "too many scans behind a thumbnail": (with_thumbnail(with_scans(100)), "too many scans"),
    "too many scans in a TIFF": (tiff_with_scans(100), "too many scans"),
    "a broken AVIF": (with_bit_flipped(saved(SEVEN, "AVIF"), -40), "send a complete PNG"),
    "a lying header": (png_of_size(300, 300), "send a complete PNG"),
    "cut": (WHOLE["PNG, grey"][:-60], "send a complete PNG"),
    "empty": (b"", "send a complete PNG"),
    "text": (b"Dear network", "send a complete PNG"),
    "another format": (saved(SEVEN, "PPM"), "send a complete PNG"),
}


TAKEN = """
import sys

from digits.image_file import open_picture
from digits.normalization import normalize


def peak():
    with open("/proc/self/status") as status:  # ru_maxrss begins with the peak of the parent
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1])


before = peak()
with open_picture(sys.argv[1]) as image:
    normalize(image)
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory in other ways")
@pytest.mark.parametrize(
    ("mode", "ink"),
    [("RGBA", (0, 0, 0, 255)), ("LA", (0, 255)), ("RGB", (255, 255, 255)), ("I;16", 65535)],
)
def test_the_largest_picture_takes_less_than_half_a_gigabyte(tmp_path, mode, ink):
    large = Image.new(mode, (7000, 7000))
    ImageDraw.Draw(large).line([(2000, 1500), (5000, 1500), (3000, 6000)], ink, 300)
    large.save(tmp_path / "large.png", compress_level=1)
    output = run_python("-c", TAKEN, tmp_path / "large.png")
    assert output.returncode == 0, output.stderr
    assert 7000**2 / 1024 < int(output.stdout) < 500_000  # KiB


@pytest.mark.parametrize("name", BROKEN)
def test_every_entry_refuses_the_same_in_the_same_words(
    recognizer, app, tmp_path, monkeypatch, capsys, name
):
    file, words = BROKEN[name]
    refusal = program_answer(recognizer, BytesIO(file), "file")
    assert words in refusal["error"]
    (tmp_path / "file").write_bytes(file)
    monkeypatch.chdir(tmp_path)
    assert command_line(["read", "--json", "file"]) == 1
    assert json.loads(capsys.readouterr().out) == refusal
    visitor = Visitor(app)
    assert visitor.draw(file).json()["text"] == refusal["error"]
    if len(file) > MAX_FILE_BYTES:
        assert visitor.upload(file).status_code == 413
    else:
        assert visitor.read(file)["error"] == refusal["error"]


def seeds():
    """One small whole file of each format, an animation, and some with EXIF."""
    picture = write(4, size=64, pen=5)
    for name, options in (
        ("PNG", {}),
        ("PNG", turned()),
        ("JPEG", turned()),
        ("WEBP", {"lossless": True}),
        ("WEBP", turned()),
        ("AVIF", turned()),
        ("GIF", several()),
        ("BMP", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
    ):
        yield saved(picture, name, **options)


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
            found = program_answer(recognizer, file, "file")
        problem = found.get("error")
        assert problem.endswith(".") if problem else found["verdict"] in VERDICTS
        outcomes["refused" if problem else "read"] += 1
    print(f"{FUZZ:,} damaged files: {outcomes}")
    assert min(outcomes.values()) > FUZZ / 20


def test_a_page_that_is_sent_damaged_files_answers_and_goes_on(app):
    """A file by ``/predict``, a file as a drawing, or a damaged message, in turn."""
    random, whole = np.random.default_rng(1), list(seeds())
    page = Visitor(app)
    outcomes = {"read": 0, "refused": 0, "nonsense": 0}
    for i in range(FUZZ // 10):
        file = mutate(random, whole[i % len(whole)])
        if i % 3 == 0:
            sent = page.read(file)
            refused = "error" in sent
            assert sent["error"].endswith(".") if refused else sent["verdict"] in VERDICTS
        elif i % 3 == 1:
            sent = page.draw(file).json()
            refused = sent["verdict"] == "failed"
            assert sent["text"]
        else:
            sent = page.send(mutate(random, page.message(whole[0])))
            assert sent.status_code < 500
            assert "Traceback" not in sent.text
            assert str(ROOT) not in sent.text
            outcomes["nonsense"] += 1
            continue
        outcomes["refused" if refused else "read"] += 1
    print(f"{FUZZ // 10:,} damaged messages: {outcomes}")
    assert min(outcomes.values()) > FUZZ / 400
    assert page.read(whole[0])["digit"] == 4
