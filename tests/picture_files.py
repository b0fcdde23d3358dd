"""Pictures in, the bytes of their files and data URLs out."""

from base64 import b64encode
from io import BytesIO


def saved(picture, kind="PNG", **options):
    """Save a picture as Pillow does: bytes."""
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def data_url(file):
    """Write the bytes of a file as a page's script does."""
    return "data:image/png;base64," + b64encode(file).decode()
