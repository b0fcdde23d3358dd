"""Draw pictures of something other than a digit from real pen strokes.

Letters and symbols that people wrote, pieces of words, parts of digits, two digits in one picture,
digits rotated by 90 degrees or mirrored, and invented glyphs: strokes of several characters
shuffled, as a stand-in for all the alphabets that are not in the collection. Beside them, what
needs no writer: printed letters, scribbles and shapes.
"""

from dataclasses import dataclass

import numpy as np

from digits.training.pen import draw_by_another_hand, resample, to_unit_size
from digits.training.shapes import draw_shape
from digits.training.writers import WriterSampler

LOOKALIKES = {
    "O": "0", "o": "0", "D": "0",
    "I": "1", "l": "1", "i": "1 whose dot was left out", "|": "1", "!": "1", "/": "1", "\\": "1",
    "(": "1, bent", ")": "1, bent", "[": "1 with flag and foot", "]": "1 with flag and foot",
    "'": "1, short", "`": "1, short", ",": "1, short", ".": "1, very short",
    "Z": "2", "z": "2", "S": "5", "s": "5", "b": "6", "B": "8", "g": "9", "q": "9",
}  # fmt: skip
"""Characters that some people write just like a digit, and which: they are not outliers, since they
would only make the network unsure about that digit."""


@dataclass(frozen=True)
class OutlierMix:
    """Share of each kind of outlier; they add up to 1. Chosen by hand."""

    letter: float = 0.32  # one letter
    symbol: float = 0.12  # one symbol
    word: float = 0.06  # letters that touch
    part: float = 0.08  # the beginning of a digit
    pair: float = 0.06  # two digits
    glyph: float = 0.16  # a glyph that does not exist, of strokes of several characters
    turned: float = 0.03  # a digit rotated by 90 degrees or mirrored
    shape: float = 0.17  # print, a scribble or a shape, see `digits.training.shapes`


class OutlierSampler:
    """Draws outliers from the strokes of some writers.

    Parameters
    ----------
    digits, letters, symbols : list of Drawing
    mix : OutlierMix, optional
    """

    def __init__(self, digits, letters, symbols, mix=None):
        self._shares = vars(mix or OutlierMix())
        self._digit = WriterSampler(digits)
        self._letter = WriterSampler(without_lookalikes(letters))
        self._symbol = WriterSampler(without_lookalikes(symbols))
        self._any = [*digits, *letters, *symbols]
        self._strokes_of = {
            "letter": self._letter_strokes,
            "symbol": self._symbol_strokes,
            "word": self._word_strokes,
            "part": self._part_strokes,
            "pair": self._pair_strokes,
            "glyph": self._glyph_strokes,
            "turned": self._turned_strokes,
        }

    def __call__(self, random):
        """Draw one outlier.

        Parameters
        ----------
        random : numpy.random.Generator

        Returns
        -------
        ndarray of uint8, shape (H, W)
            Ink up to 255 on paper 0.
        """
        kind = random.choice(list(self._shares), p=list(self._shares.values()))
        if kind == "shape":
            return draw_shape(random)
        return draw_by_another_hand(self._strokes_of[kind](random), random)

    def _letter_strokes(self, random):
        return self._letter(random).strokes

    def _symbol_strokes(self, random):
        return self._symbol(random).strokes

    def _word_strokes(self, random):
        """Write two to four letters close together, half of the time without lifting the pen."""
        word, right = [], 0.0
        for _ in range(random.integers(2, 5)):
            letter = to_unit_size(self._letter(random).strokes)
            wide = np.ptp(np.concatenate(letter)[:, 0])
            place = np.float32([right + wide / 2, random.normal(0, 0.1)])
            word += [path + place for path in letter]
            right += wide * random.uniform(0.6, 1.0)
        return [np.concatenate(word)] if random.random() < 0.5 else word

    def _part_strokes(self, random):
        """Stop a digit half way, where that is not another digit yet: half a 2 or 3 is like a 7."""
        while True:
            paths = [resample(path, 0.02) for path in to_unit_size(self._digit_of("0458", random))]
            left = int(sum(map(len, paths)) * random.uniform(0.35, 0.55))
            part = []
            for path in paths:
                if left >= 2:
                    part.append(path[:left])
                    left -= len(path)
            if len(part) > 1 or (part and _straightness(part[0]) < 0.85):  # else it is like a 1
                return part

    def _pair_strokes(self, random):
        """Write two digits side by side; one below the other they are often like an 8 or a 3."""
        first, second = (to_unit_size(self._digit(random).strokes) for _ in range(2))
        shift = random.uniform(0.6, 1.1), random.normal(0, 0.1)
        return first + [path + np.float32(shift) for path in second]

    def _turned_strokes(self, random):
        """Rotate a digit by 90 degrees either way, or mirror it, where the result is no digit."""
        if random.random() < 0.5:
            return [path * np.float32([-1, 1]) for path in self._digit_of("347", random)]
        side = random.choice([-1, 1])
        paths = self._digit_of("23457", random)
        return [np.stack([-side * path[:, 1], side * path[:, 0]], 1) for path in paths]

    def _glyph_strokes(self, random):
        """Put strokes of two or three characters, each turned, mirrored and moved, on one place."""
        glyph = []
        for _ in range(random.integers(2, 4)):
            strokes = to_unit_size(self._any[random.integers(len(self._any))].strokes)
            if len(strokes) > 1 and random.random() < 0.5:
                kept = random.permutation(len(strokes))[: random.integers(1, len(strokes) + 1)]
                strokes = [strokes[i] for i in kept]
            angle, scale = random.uniform(0, 2 * np.pi), random.uniform(0.5, 1.0)
            cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
            matrix = np.float32([[cosine, -sine], [sine, cosine]])
            if random.random() < 0.5:
                matrix[:, 0] *= -1
            shift = random.uniform(-0.4, 0.4, 2).astype(np.float32)
            glyph += [path @ matrix.T + shift for path in strokes]
        return glyph

    def _digit_of(self, labels, random):
        while True:
            digit = self._digit(random)
            if digit.label in labels:
                return to_unit_size(digit.strokes)


def _straightness(path):
    """Divide the distance between the ends of a path by its length: 1 for a straight line."""
    length = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
    return np.linalg.norm(path[-1] - path[0]) / length


def without_lookalikes(drawings):
    """Leave out the characters of `LOOKALIKES`: list of Drawing."""
    return [drawing for drawing in drawings if drawing.label not in LOOKALIKES]
