"""Characters like those of UNIPEN, made of a few lines: for tests that do not need real data."""

import numpy as np

from digits.training.unipen import Drawing
from tests.handwriting import STROKES

LETTERS = {
    "A": [[(0, 1), (0.5, 0), (1, 1)], [(0.2, 0.6), (0.8, 0.6)]],
    "K": [[(0, 0), (0, 1)], [(0.8, 0), (0, 0.5), (0.8, 1)]],
    "W": [[(0, 0), (0.25, 1), (0.5, 0.2), (0.75, 1), (1, 0)]],
}
SYMBOLS = {
    "=": [[(0, 0.3), (1, 0.3)], [(0, 0.7), (1, 0.7)]],
    "#": [[(0.3, 0), (0.3, 1)], [(0.7, 0), (0.7, 1)], [(0, 0.3), (1, 0.3)], [(0, 0.7), (1, 0.7)]],
}
ALPHABETS = {
    "digits": {str(digit): strokes for digit, strokes in STROKES.items()},
    "letters": LETTERS,
    "symbols": SYMBOLS,
}


def character(label, strokes=((0, 0), (0, 1)), writer="abc/Ada", number=0):
    """Make a Drawing; `strokes` is a list of lists of points, or one list of points."""
    strokes = [strokes] if np.ndim(strokes[0][0]) == 0 else strokes
    strokes = [np.float32(stroke) for stroke in strokes]
    return Drawing(strokes, label, writer, writer.partition("/")[0], f"{writer} {label} {number}")


def small_unipen():
    """Have two writers write each character once: lists of digits, letters and symbols."""
    return [
        [character(*item, writer) for writer in ("abc/Ada", "xyz/Bob") for item in alphabet.items()]
        for alphabet in ALPHABETS.values()
    ]
