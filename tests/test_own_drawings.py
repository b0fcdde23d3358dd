import json

import numpy as np
import pytest

from digits.training.own_drawings import load_own_drawings
from digits.training.pen import draw_by_another_hand
from tests.handwriting import STROKES


def test_drawings_that_the_page_downloaded_become_strokes(tmp_path, recognizer):
    file = tmp_path / "drawings.json"
    drawings = [{"digit": digit, "strokes": strokes} for digit, strokes in STROKES.items()]
    drawings.append({"digit": 4, "model_input": "AAAA"})  # a photo
    file.write_text(json.dumps({"format": "digits drawings", "version": 1, "drawings": drawings}))
    loaded = load_own_drawings(file)
    assert [one.label for one in loaded] == [str(digit) for digit in STROKES]
    assert {one.writer for one in loaded} == {"own/drawings"}
    random = np.random.default_rng(0)
    pictures = [draw_by_another_hand(one.strokes, random) for one in loaded]
    read = [reading.digit for reading in recognizer.read_many(pictures)]
    assert sum(a == b for a, b in zip(read, STROKES, strict=True)) >= 8


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        '{"format": "other"}',
        '{"format": "digits drawings"}',
        '{"format": "digits drawings", "drawings": [{"strokes": [[[0, 0]]]}]}',
    ],
)
def test_another_file_is_refused(tmp_path, content):
    file = tmp_path / "other.json"
    file.write_text(content)
    with pytest.raises(ValueError, match=r"other\.json has no drawings, or .*: give a file"):
        load_own_drawings(file)
