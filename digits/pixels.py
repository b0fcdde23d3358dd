"""Turn any picture into upright pixels on paper: 8 bits of grey, or of red, green and blue."""

import numpy as np
from PIL import ExifTags, Image

from digits.image_file import PictureError, check_size, decode
from digits.masks import MIN_CONTRAST

MAX_SIDE = 1600  # pixels of the longer side of what is analysed: a digit of 3 % of it is read
_BAND = 64  # rows of a reduced picture that are made at a time
_SAMPLE = 3  # every third row and column is looked at for colours
_TURNS = {  # what makes a picture upright, by its EXIF orientation; 1 is upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MIN_OPAQUE_SHARE = 0.5  # share of a picture that is opaque, if it shows paper, at least
_CHROMA = 20  # levels of 255 between the channels of a pixel from which a picture is in colour


def to_pixels(image):
    """Make an upright array of a picture, without transparency.

    Parameters
    ----------
    image : PIL.Image.Image or ndarray of uint8, shape (H, W), (H, W, 3) or (H, W, 4)

    Returns
    -------
    ndarray of uint8, shape (h, w) or (h, w, 3)
        Scaled down by a whole number to at most 1600 pixels; (h, w) if the picture has no colours.

    Raises
    ------
    PictureError
        If `image` is neither a PIL image nor such an array, or is of a broken file, or has
        floating-point grey levels, no pixels, or more than 50 million.
    """
    image = _checked(image)
    if isinstance(image, np.ndarray):
        if max(image.shape) <= MAX_SIDE:
            return image
        image = Image.fromarray(image)
    turn = _TURNS.get(_orientation(image))  # cameras store pictures as the sensor saw them
    image = _eight_bits(image)
    # Before transparency and orientation: what is as large as a camera's picture is slow to handle.
    if (factor := -(-max(image.size) // MAX_SIDE)) > 1:
        image = _reduced(image, factor)
    if image.mode in ("RGBA", "LA") and np.asarray(image.getchannel("A")).min() < 255:
        image = _over_paper(image)
    if turn is not None:
        image = image.transpose(turn)
    if image.mode in ("RGB", "RGBA") and _is_coloured(image):
        return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    return np.asarray(image if image.mode == "L" else image.convert("L"))


def picture_shape(image):
    """Height and width of a picture as it is meant to be seen."""
    if isinstance(image, np.ndarray):
        return image.shape[:2]
    is_turned = _orientation(image) in (5, 6, 7, 8)
    return image.size if is_turned else image.size[::-1]


def _orientation(image):
    """Return how a camera was held, by EXIF; 1, upright, if it cannot be read."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # Pillow raises whatever it meets in broken EXIF; the picture may be sound
        return 1


def _checked(image):
    """Refuse what is not a picture; make a PIL image of an array that has more than grey levels."""
    if isinstance(image, np.ndarray):
        if image.dtype != np.uint8 or not (
            image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (3, 4))
        ):
            raise PictureError(
                f"This array is {image.dtype} of shape {image.shape}: give a uint8 array of shape "
                "(H, W), (H, W, 3) or (H, W, 4)."
            )
        height, width = image.shape[:2]
    elif isinstance(image, Image.Image):
        width, height = image.size
        if image.mode == "F":
            raise PictureError(
                "This picture has floating-point grey levels: convert it to 8 or 16 bits."
            )
    else:
        raise PictureError(
            f"A {type(image).__name__} is not a picture: give a PIL image or a uint8 array."
        )
    check_size(width, height)
    if not isinstance(image, np.ndarray):
        decode(image)
    elif image.ndim == 3:
        return Image.fromarray(image)
    return image


def _eight_bits(image):
    """Convert to L, RGB, LA or RGBA."""
    if image.mode.startswith("I"):  # 10 to 32 bits a pixel, which Pillow would clip at 255
        deep = np.asarray(image)
        if deep.min() < 0:
            deep = deep.clip(0)
        unused = max(0, int(deep.max()).bit_length() - 8)
        levels = np.empty(deep.shape, np.uint8)
        return Image.fromarray(np.right_shift(deep, unused, out=levels, casting="unsafe"))
    if image.mode in ("RGBA", "LA"):
        return image
    if image.mode == "La":
        return image.convert("LA")
    if image.mode in ("PA", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _reduced(image, factor):
    """Scale down by a whole number, with an alpha channel in bands: Pillow copies it as a whole."""
    if image.mode in ("L", "RGB"):
        return image.reduce(factor)
    small = Image.new(image.mode, [-(-side // factor) for side in image.size])
    for top in range(0, small.height, _BAND):
        rows = top * factor, min((top + _BAND) * factor, image.height)
        band = image.crop((0, rows[0], image.width, rows[1]))
        small.paste(band.reduce(factor), (0, top))
    return small


def _over_paper(image):
    """Composite a picture on white paper, on black under light ink, or on its own if it has any."""
    alpha = image.getchannel("A")
    weights = np.asarray(alpha)
    mode = "L" if image.mode == "LA" else "RGB"
    opaque = image.convert(mode)
    paper = _own_paper(np.asarray(opaque)[weights == 255], weights.size)
    if paper is None:
        grey = np.asarray(image.convert("L"))
        mean = np.einsum("ij,ij->", grey, weights, dtype=np.int64) / max(int(weights.sum()), 1)
        level = 0 if weights.min() < 128 and mean > 127 else 255
        paper = level if mode == "L" else (level,) * 3
    return Image.composite(opaque, Image.new(mode, image.size, paper), alpha)


def _own_paper(opaque, pixels):
    """Return the colour of the paper that most of a picture shows, ink on it, or None."""
    if len(opaque) < _MIN_OPAQUE_SHARE * pixels or np.ptp(opaque, axis=0).max() < MIN_CONTRAST:
        return None
    return tuple(np.atleast_1d(np.median(opaque, axis=0).astype(int)).tolist())


def _is_coloured(image):
    """Return whether any pixel is clearly more than a grey level."""
    size = [-(-side // _SAMPLE) for side in image.size]
    channels = image.resize(size, Image.Resampling.NEAREST).split()
    red, green, blue = map(np.asarray, channels[:3])
    highest = np.maximum(np.maximum(red, green), blue)
    return bool((highest - np.minimum(np.minimum(red, green), blue)).max() > _CHROMA)
