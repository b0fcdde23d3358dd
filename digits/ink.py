"""Any picture in, ink on paper out: grey levels, transparency, polarity, light and shadow."""

from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image, ImageFilter, ImageOps

from digits.image_file import MAX_PIXELS, PictureError
from digits.morphology import close


@dataclass(frozen=True)
class _Photo:
    """Constants of finding ink under uneven light, chosen by eye on photos of handwriting."""

    side: int = 640  # pixels of the longer side that are enough, and average out noise
    min_side: int = 80  # pixels of the shorter side below which a picture is no photo
    pen: float = 0.13  # widest stroke, as a share of the longer side
    faint: float = 0.2  # share of the paper's light that ink absorbs at least
    low: float = 0.4  # shares of the darkest ink's absorption between which ...
    high: float = 0.7  # ... a pixel goes from paper to ink


_PHOTO = _Photo()
_MIN_CONTRAST = 24  # grey levels of 255 between ink and paper; less is a blank picture


def ink(image):
    """Find ink and paper in a picture.

    Parameters
    ----------
    image : PIL.Image.Image or ndarray of uint8, shape (H, W), (H, W, 3) or (H, W, 4)
        Dark ink on light paper or light ink on dark; transparent pixels are paper.

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Grey levels away from the paper: 0 on paper, the largest value where the ink is full. All
        zeros if the picture is blank.

    Raises
    ------
    PictureError
        If `image` is neither a PIL image nor such an array, or has more than 50 million pixels.
    """
    return away_from_paper(*find_paper(image))


def find_paper(image):
    """Tell the grey level of the paper, and whether ink is darker or lighter.

    Parameters
    ----------
    image : PIL.Image.Image or ndarray of uint8
        As in `ink`.

    Returns
    -------
    grey : ndarray of uint8, shape (H, W)
        Of a photo, with its light evened out.
    paper : int
    is_dark : bool
        Whether ink is darker than the paper.
    """
    grey = _grey(image)
    edge = _edge(grey)
    if _is_photo(grey, edge):
        grey = _flatten(grey)
        edge = _edge(grey)
    dark, light = grey.min(), grey.max()
    if int(light) - int(dark) < _MIN_CONTRAST:
        return np.zeros_like(grey), 0, False
    # Ink covers less of a picture than its paper does, above all along the edges.
    is_dark = np.median(edge) >= (int(dark) + int(light)) / 2
    return grey, light if is_dark else dark, is_dark


def away_from_paper(grey, paper, is_dark):
    """Turn grey levels, as `find_paper` returns them, into ink: uint8, 0 on paper."""
    return paper - grey if is_dark else grey - paper


def _grey(image):
    """Luminance over white paper, uint8 (H, W)."""
    if isinstance(image, np.ndarray):
        if image.dtype != np.uint8 or not (
            image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (3, 4))
        ):
            raise PictureError(
                f"This array is {image.dtype} of shape {image.shape}: give a uint8 array of shape "
                "(H, W), (H, W, 3) or (H, W, 4)."
            )
        if not image.size:
            raise PictureError("This picture has no pixels: give one of at least 1x1.")
        if image.ndim == 2:
            return image
        image = Image.fromarray(image)
    if not isinstance(image, Image.Image):
        raise PictureError(
            f"A {type(image).__name__} is not a picture: give a PIL image or a uint8 array."
        )
    if image.width * image.height > MAX_PIXELS:
        raise PictureError(
            f"This picture has {image.width}x{image.height} pixels: scale it down to at most "
            f"{MAX_PIXELS // 1_000_000} million."
        )
    if image.mode == "F":
        raise PictureError(
            "This picture has floating-point grey levels: convert it to 8 or 16 bits."
        )
    if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
        image = ImageOps.exif_transpose(image)  # cameras store pictures as the sensor saw them
    if image.mode.startswith("I"):  # 16 bits a pixel, which Pillow would clip at 255
        deep = np.asarray(image)
        return (deep >> 8 if deep.max() > 255 else deep).clip(0, 255).astype(np.uint8)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
        if image.getchannel("A").getextrema()[0] < 255:
            image = _over_paper(image)
    return np.asarray(image if image.mode == "L" else image.convert("L"))


def _over_paper(image):
    """Composite a picture on white paper, or on black under light ink, all in bytes of grey.

    In floating point, or in colour, a picture of 50 million pixels would take a gigabyte.
    """
    grey, alpha = image.convert("L"), image.getchannel("A")
    weights = np.asarray(alpha)
    weight = int(weights.sum())
    mean = np.einsum("ij,ij->", np.asarray(grey), weights, dtype=np.int64) / max(weight, 1)
    paper = 0 if weights.min() < 128 and mean > 127 else 255
    return Image.composite(grey, Image.new("L", image.size, paper), alpha)


def _edge(grey):
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])


def _is_photo(grey, edge):
    """Tell lit paper from a drawing, most of whose edge has one and the same grey level."""
    return min(grey.shape) >= _PHOTO.min_side and 2 * np.bincount(edge).max() < edge.size


def _flatten(grey):
    """Even out the light on a photo and leave nothing on its paper but strokes, as dark ink.

    The light that falls on the paper is what a morphological closing finds: it fills in whatever is
    dark and narrow, and keeps the edge of a shadow.
    """
    photo = Image.fromarray(grey).reduce(-(-max(grey.shape) // _PHOTO.side))
    photo = photo.filter(ImageFilter.BoxBlur(1))
    coarse = photo.reduce(4)
    around = coarse.filter(ImageFilter.BoxBlur(max(coarse.size) // 12))
    # Ink is rarer than paper, so it differs more from its surroundings.
    if ((np.asarray(coarse, np.float32) - around) ** 3).sum() > 0:  # chalk on a board
        photo, coarse = ImageOps.invert(photo), ImageOps.invert(coarse)
    coarse = np.asarray(coarse)
    paper = close(coarse, round(_PHOTO.pen * max(coarse.shape) / 2))
    if np.percentile(1 - coarse / np.maximum(paper, 1), 99.8) < _PHOTO.faint:  # noise only
        return np.full_like(grey, 255)
    paper = Image.fromarray(paper).resize(photo.size, Image.Resampling.BILINEAR)
    absorbed = 1 - np.asarray(photo) / np.maximum(paper, 1).astype(np.float32)
    full = np.percentile(absorbed, 99.8)
    share = (absorbed / full - _PHOTO.low) / (_PHOTO.high - _PHOTO.low)
    return 255 - (255 * share.clip(0, 1)).astype(np.uint8)
