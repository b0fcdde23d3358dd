"""The checkerboard that stands for transparency."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from benchmarks.sheets import reopened
from tests.handwriting import write_number
from tests.pictures import SIDE, text


@pytest.mark.parametrize("square", [8, 13.3])
@pytest.mark.parametrize(
    "colours", [((255, 255, 255), (204, 204, 204)), ((50, 50, 60), (70, 70, 80))]
)
def test_the_checkerboard_of_a_transparent_picture_is_paper(recognizer, square, colours):
    y, x = np.mgrid[:SIDE, :SIDE] // square % 2 == 0
    board = np.where((x == y)[..., np.newaxis], *colours).astype(np.uint8)
    ink = "gold" if colours[0][0] < 100 else "navy"
    board = Image.fromarray(board)
    board.paste(ink, mask=ImageOps.invert(write_number(4, 2).resize((SIDE, SIDE))))
    assert text(recognizer, board) == "42"
    assert text(recognizer, reopened(board, quality=80)) == "42"
