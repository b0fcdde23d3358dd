"""Pictures in, the bytes of their files and data URLs out."""

import zlib
from base64 import b64encode
from io import BytesIO

import numpy as np
from PIL import Image

from tests.handwriting import write


def saved(picture, kind="PNG", **options):
    """Save a picture as Pillow does: bytes."""
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def deep(picture):
    """Have its ink in the lighter half of 16 bits, where 8 bits end."""
    return Image.fromarray(20_000 + np.asarray(picture).astype(np.uint16) * 150)


def turned(orientation=6):
    exif = Image.Exif()
    exif[0x112] = orientation  # 6: the camera was turned by 90 degrees
    return {"exif": exif}


def png_of_size(width, height):
    """Write a PNG that says it is so large, and is not."""
    png = saved(write(7, size=200, pen=8))
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + png[24:29]
    return png[:12] + header + zlib.crc32(header).to_bytes(4, "big") + png[33:]


def data_url(file):
    """Write the bytes of a file as a page's script does."""
    return "data:image/png;base64," + b64encode(file).decode()
