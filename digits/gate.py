"""The gate for picture files: what anybody sends is checked before it is decoded."""

import re
from contextlib import contextmanager, nullcontext
from io import BytesIO

from PIL import Image

from digits.drawing import PictureError

MOST_BYTES = 10_000_000  # of a picture file
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # others run more code than a gate should
_MOST_SCANS = 64  # of a JPEG, usually 1 to 10: each takes as long as a whole picture


@contextmanager
def open_picture(file):
    """Open a picture file: the gate for all that anybody sends, on the page or by a program.

    Bytes, format, pixels and the scans of a JPEG are checked before anything is decoded; a picture
    that turns out to be broken while it is used is refused, too.

    Parameters
    ----------
    file : path-like or binary file
        A PNG, JPEG, WebP, GIF, BMP or TIFF of at most 10 MB and 50 million pixels.

    Yields
    ------
    PIL.Image.Image
        Of several pictures in the file, the first.

    Raises
    ------
    PictureError
        If the file is missing, no whole picture, or too large.
    """
    try:
        with nullcontext(file) if hasattr(file, "read") else open(file, "rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise PictureError(
                f"This file is too large: give one of at most {MOST_BYTES // 1_000_000} MB."
            )
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            kind = f"{image.format} {image.info.get('compression')}"
            if re.search("JPEG|MPO|jpeg", kind) and data.count(b"\xff\xda") > _MOST_SCANS:
                raise PictureError("This JPEG has too many scans: save it again in the usual way.")
            yield image
    except PictureError:
        raise
    except FileNotFoundError as error:
        raise PictureError("There is no such file: check its name.") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureError(
            "This file is no picture that can be read: give a whole PNG, JPEG, WebP, GIF, BMP "
            "or TIFF."
        ) from error
