from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digits.image_file import PictureError
from digits.masks import stroke_width
from digits.normalization import normalize, normalize_ink
from digits.pixels import picture_shape, to_pixels
from tests.picture_files import png_of_size


def hook(box=(150, 60, 370, 460), width=18, paper=255, ink=0, mode="L"):
    """Draw three quarters of an ellipse, anti-aliased: symmetric to nothing."""
    fine = Image.new("L", (2080, 2080))
    outline = [4 * edge for edge in box]
    ImageDraw.Draw(fine).arc(outline, 0, 260, fill=255, width=round(4 * width))
    mask = fine.reduce(4)
    picture = Image.new(mode, (520, 520), paper)
    if mode == "RGBA":
        picture = Image.new(mode, (520, 520), ink)
        picture.putalpha(mask)
    else:
        picture.paste(ink, mask=mask)
    return picture


def centre_of_mass(field):
    return np.array([field.sum(axis=1 - axis) @ np.arange(28) for axis in (0, 1)]) / field.sum()


def test_mnist_images_pass_unchanged(mnist_train):
    images = mnist_train[0][0][:500]
    difference = [np.abs(normalize(image) - image / 255).mean() for image in images]
    assert np.median(difference) < 0.002


def test_ink_is_scaled_to_20_pixels_and_centred_by_mass():
    field = normalize(hook())
    rows = np.flatnonzero(field.max(axis=1) > 0.1)
    assert field.shape == (28, 28)
    assert field.dtype == np.float32
    assert field.min() == 0
    assert field.max() <= 1
    assert np.ptp(rows) + 1 == 20
    assert np.abs(centre_of_mass(field) - 14).max() <= 0.5


@pytest.mark.parametrize("box", [(20, 20, 42, 60), (400, 380, 510, 510), (5, 300, 200, 515)])
def test_place_and_size_do_not_matter(box):
    x0, y0, x1, y1 = box
    shape = (x1 - x0) / (y1 - y0)
    expected = normalize(hook(box=(60, 60, 60 + 400 * shape, 460), width=32))
    field = normalize(hook(box=box, width=(y1 - y0) * 0.08))
    # A centre of mass halfway between two pixels may fall to either.
    shifts = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    assert min(np.abs(np.roll(field, by, (0, 1)) - expected).mean() for by in shifts) < 0.02


def test_paper_and_ink_are_found():
    expected = normalize(hook())
    dark = hook(mode="RGBA", ink=(0, 0, 0))
    light = hook(mode="RGBA", ink=(255, 255, 255))
    coloured = hook(mode="RGB", paper=(250, 240, 200), ink=(20, 30, 120))
    for picture in (hook(paper=0, ink=255), hook(paper=200, ink=40), coloured, dark, light):
        assert np.abs(normalize(picture) - expected).max() < 0.02
        assert np.abs(normalize(np.asarray(picture)) - expected).max() < 0.02


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize(("paper", "ink"), [(245, 30), (40, 220)])
def test_transparent_corners_of_a_turned_sheet_are_paper(mode, paper, ink):
    sheet, turn = hook(paper=paper, ink=ink), {"angle": 5, "expand": True}
    expected = normalize(sheet.rotate(**turn, fillcolor=paper))
    assert np.abs(normalize(sheet.convert(mode).rotate(**turn)) - expected).max() < 0.05


@pytest.mark.parametrize("width", [1, 2, 6, 12])
def test_thin_ink_survives(width):
    field = normalize(hook(box=(100, 20, 420, 500), width=width))
    assert field.max() > 0.95
    assert stroke_width(field) > 1.5
    assert field.sum() > 45


@pytest.mark.parametrize(
    "picture",
    [
        np.full((520, 520), 255, np.uint8),
        np.zeros((1, 1), np.uint8),
        np.full((28, 28, 4), 0, np.uint8),
        Image.new("RGBA", (50, 50), (0, 0, 0, 0)),
        np.random.default_rng(0).integers(245, 256, (80, 80), np.uint8),
    ],
)
def test_blank_is_blank(picture):
    assert normalize(picture) is None


def test_ink_so_faint_and_sparse_that_its_mean_is_nothing_stays_ink():
    ink = np.zeros((300, 560), np.uint8)
    ink[[0, 0, 150, -1], [0, -1, 300, 280]] = 40
    assert 0 < normalize_ink(ink).max() <= 1


@pytest.mark.parametrize("shape", [(1, 2000), (2000, 1)])
def test_a_line_of_one_pixel_fits(shape):
    picture = np.full((shape[0] + 4, shape[1] + 4), 255, np.uint8)
    picture[2:-2, 2:-2] = 0
    assert normalize(picture).shape == (28, 28)


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        (np.zeros((5, 5)), "uint8"),
        (np.zeros((5, 5, 2), np.uint8), "shape"),
        (np.zeros((0, 5), np.uint8), "no pixels"),
        (Image.new("RGB", (0, 5)), "no pixels"),
        ("three.png", "give a PIL image"),
        (Image.new("F", (5, 5)), "8 or 16 bits"),
    ],
)
def test_what_is_no_picture_gets_a_sentence(picture, sentence):
    with pytest.raises(PictureError, match=sentence):
        normalize(picture)


@pytest.mark.parametrize("bits", [9, 10, 12, 14, 16])
def test_ink_of_any_depth_is_as_good_as_of_eight_bits(bits):
    deep = Image.fromarray(np.asarray(hook()).astype(np.uint16) << (bits - 8))
    assert np.abs(normalize(deep) - normalize(hook())).max() < 0.01


def test_a_huge_picture_is_refused_before_it_is_decoded():
    """The file lies about its size; decoding it would fail with another sentence."""
    bomb = Image.open(BytesIO(png_of_size(8000, 8000)))
    with pytest.raises(PictureError, match="8000x8000"):
        normalize(bomb)


def test_a_picture_that_breaks_off_is_refused():
    """A program may have opened it: it is decoded only now."""
    file = BytesIO()
    hook().save(file, "PNG")
    with pytest.raises(PictureError, match="not a picture that can be read"):
        normalize(Image.open(BytesIO(file.getvalue()[:500])))


@pytest.mark.parametrize(("kind", "value"), [(1, 6), (2, ord("6")), (7, 6), (3, 9)])
def test_an_orientation_that_means_nothing_turns_nothing(kind, value, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = value
    tag, short = b"\1\x12", b"\0\3"
    data = exif.tobytes().replace(tag + short, tag + bytes([0, kind]))
    data = data.replace(tag[::-1] + short[::-1], tag[::-1] + bytes([kind, 0]))
    Image.new("L", (60, 40), 255).save(tmp_path / "photo.png", exif=data)
    with Image.open(tmp_path / "photo.png") as image:
        assert picture_shape(image) == to_pixels(image).shape == (40, 60)
