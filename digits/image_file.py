"""Open a picture file that anybody may have sent, and check it: the result is a Pillow image."""

import re
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from io import BytesIO

import numpy as np
from PIL import ExifTags, Image

MAX_FILE_BYTES = 10_000_000
MAX_PIXELS = 50_000_000  # more than phones save
_MAX_MILLIONS = MAX_PIXELS // 1_000_000
# Other decoders widen the attack surface.
FORMATS = ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"]
if find_spec("PIL.AvifImagePlugin"):  # Pillow 11.3 and later
    FORMATS.append("AVIF")
_HEIC_BRANDS = re.compile(rb"ftyp(hei[cmsx]|hev[cmx]|mif1|msf1)")  # of ISO/IEC 23008-12
_UNREADABLE = (
    "This file is not a picture that can be read: send a complete PNG, JPEG, WebP, AVIF, GIF, BMP "
    "or TIFF."
)
# Of a JPEG: what is neither a byte of a scan nor the start of a block of it.
_MARKER = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")
_START_OF_SCAN, _END_OF_IMAGE = b"\xff\xda", b"\xff\xd9"
_MAX_SCANS = 64  # of a JPEG, usually 1 to 10: each takes as long as decoding a whole picture


class PictureError(ValueError):
    """The picture cannot be read at all; the message says what to do."""


@contextmanager
def open_picture(file):
    """Open a picture file that cannot be trusted.

    Bytes, format, the number of pixels and the scans of a JPEG are checked before anything is
    decoded.

    Parameters
    ----------
    file : path-like or binary file
        A PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF of at most 10 MB.

    Yields
    ------
    PIL.Image.Image
        The first one if the file holds several.

    Raises
    ------
    PictureError
        If the file is missing, no whole picture, or too large.
    """
    with _opened(_contents(file)) as image:
        yield image


def check_size(width, height):
    """Raise a PictureError if a picture of so many pixels cannot be read."""
    if not width * height:
        raise PictureError("This picture has no pixels: give one of at least 1x1.")
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"This picture has {width}x{height} pixels: scale it down to at most {_MAX_MILLIONS} "
            "million."
        )


def decode(image):
    """Decode a PIL image, which was only opened so far; raise a PictureError if it is broken."""
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:  # decoders raise whatever a broken file makes them meet
        raise PictureError(_UNREADABLE) from error


def _contents(file):
    try:
        with nullcontext(file) if hasattr(file, "read") else open(file, "rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise PictureError("There is no such file: check its name.") from error
    except IsADirectoryError as error:
        raise PictureError("This is a folder: give the pictures in it.") from error
    except (OSError, ValueError) as error:  # no permission, a name that can be no file's
        raise PictureError("This file cannot be opened: check its name and permissions.") from error
    if len(data) > MAX_FILE_BYTES:
        raise PictureError(
            f"This file is too large: send one of at most {MAX_FILE_BYTES // 1_000_000} MB."
        )
    return data


def _opened(data):
    """Open and decode a picture file, given its bytes."""
    if _HEIC_BRANDS.match(data, 4) and b"avif" not in data[:64]:
        raise PictureError(
            "This is a HEIC picture, which is not supported: send it as a JPEG (on an iPhone "
            "choose Settings, Camera, Formats, Most Compatible)."
        )
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
        check_size(*image.size)
        if _too_many_scans(image, data):
            raise PictureError("This JPEG has too many scans: save it again as a baseline JPEG.")
        decode(image)
    except (PictureError, MemoryError):
        raise
    except Image.DecompressionBombError as error:  # Pillow's own limit is higher
        raise PictureError(
            f"This picture has too many pixels: scale it down to at most {_MAX_MILLIONS} million."
        ) from error
    except Exception as error:  # as in `decode`
        raise PictureError(_UNREADABLE) from error
    return image


def _too_many_scans(image, data):
    """Return whether a JPEG, or a TIFF of JPEGs, has more scans than are decoded here."""
    if image.format == "TIFF" and image.info.get("compression") == "jpeg":
        tags = ExifTags.Base.StripOffsets, ExifTags.Base.TileOffsets
        parts = sum(np.size(image.tag_v2.get(tag, ())) for tag in tags)  # each may be a JPEG
        return data.count(_START_OF_SCAN) > _MAX_SCANS + parts
    return image.format in ("JPEG", "MPO") and _has_more_scans(data, _MAX_SCANS)


def _has_more_scans(jpeg, limit):
    """Return whether the first picture in a file, behind which phones put more, has more scans."""
    scans, at = 0, 2
    while scans <= limit and (marker := _MARKER.search(jpeg, at)):
        if marker[0] == _END_OF_IMAGE:
            return False
        scans += marker[0] == _START_OF_SCAN
        at = marker.end() + int.from_bytes(jpeg[marker.end() : marker.end() + 2])
    return scans > limit
