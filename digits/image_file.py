"""A picture file that anybody may have sent in, a checked Pillow image out."""

import re
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from io import BytesIO

from PIL import Image

MAX_FILE_BYTES = 10_000_000
MAX_PIXELS = 50_000_000  # more than phones save; see `digits.pixels.to_pixels`
# Other decoders widen the attack surface.
_FORMATS = ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"]
if find_spec("PIL.AvifImagePlugin"):  # Pillow 11.3 and later
    _FORMATS.append("AVIF")
_HEIC_BRANDS = re.compile(rb"ftyp(hei[cmsx]|hev[cmx]|mif1|msf1)")  # of ISO/IEC 23008-12
_MAX_SCANS = 64  # of a JPEG, usually 1 to 10: each takes as long as decoding a whole picture


class PictureError(ValueError):
    """The picture cannot be read at all; the message says what to do."""


@contextmanager
def open_picture(file):
    """Open a picture file that cannot be trusted.

    Bytes, format and the scans of a JPEG are checked before anything is decoded; `to_pixels` checks
    the number of pixels. A picture that turns out to be broken while it is used raises the same
    error.

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
    try:
        with nullcontext(file) if hasattr(file, "read") else open(file, "rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise PictureError(
                f"This file is too large: send one of at most {MAX_FILE_BYTES // 1_000_000} MB."
            )
        if _HEIC_BRANDS.match(data, 4) and b"avif" not in data[:64]:
            raise PictureError(
                "This is a HEIC picture, which is not read here: send it as a JPEG (on an iPhone "
                "choose Settings, Camera, Formats, Most Compatible)."
            )
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            kind = f"{image.format} {image.info.get('compression')}"
            if re.search("JPEG|MPO|jpeg", kind) and data.count(b"\xff\xda") > _MAX_SCANS:
                raise PictureError(
                    "This JPEG has too many scans: save it again as a baseline JPEG."
                )
            yield image
    except PictureError:
        raise
    except FileNotFoundError as error:
        raise PictureError("There is no such file: check its name.") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureError(
            "This file is not a picture that can be read: send a complete PNG, JPEG, WebP, AVIF, "
            "GIF, BMP or TIFF."
        ) from error
