"""Picture files of all formats."""

from io import BytesIO

import pytest

from digits.image_file import PictureError, open_picture
from digits.program_answer import program_answer
from tests.handwriting import write


@pytest.mark.parametrize("form", ["AVIF", "TIFF", "WEBP"])
def test_formats_are_read(recognizer, form, tmp_path):
    write(2).convert("RGB").save(tmp_path / "two", form)
    assert program_answer(recognizer, tmp_path / "two", "two")["text"] == "2"


def test_heic_gets_the_way_out():
    file = BytesIO(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40))
    with pytest.raises(PictureError, match="JPEG"), open_picture(file):
        pass
