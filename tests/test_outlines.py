"""Digits drawn as outlines, filled with a tone."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from digits.ink import analyse
from tests.pictures import drawn, readings


@pytest.mark.parametrize("tone", [215, 150])
@pytest.mark.parametrize("digit", [1, 3, 6])
def test_an_outline_filled_with_a_tone_is_read(recognizer, digit, tone):
    outline = np.asarray(drawn(digit, width=0.085))
    within = np.asarray(Image.fromarray(outline).filter(ImageFilter.MaxFilter(9)))
    toned = np.where(within < 128, np.uint8(tone), outline)
    assert readings(recognizer, Image.fromarray(toned)) == f"{digit}"


def test_a_digit_in_pencil_stays_as_it_is():
    pencil = drawn(4).point(lambda level: 175 + level * 80 // 255)
    assert 0 < analyse(pencil).ink.max() <= 80
