import numpy as np
import pytest

from digits.training.outliers import LOOKALIKES, OutlierMix, OutlierSampler
from tests.small_unipen import character, small_unipen

KINDS = tuple(vars(OutlierMix()))


def only(kind):
    """Make a mix of one kind."""
    return OutlierMix(**{name: float(name == kind) for name in KINDS})


def draw(kind, count, seed=0):
    sample, random = OutlierSampler(*small_unipen(), only(kind)), np.random.default_rng(seed)
    return [sample(random) for _ in range(count)]


def test_the_shares_of_the_mix_add_up_to_one():
    assert sum(vars(OutlierMix()).values()) == pytest.approx(1)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_ink_on_paper_and_seeded(kind):
    pictures = draw(kind, 40)
    for picture in pictures:
        assert picture.dtype == np.uint8
        assert picture.ndim == 2
        assert picture.max() >= 60
        assert (picture > 127).mean() < 0.9
    assert len({picture.tobytes() for picture in pictures}) == 40
    for picture, again in zip(pictures, draw(kind, 40), strict=True):
        np.testing.assert_array_equal(picture, again)


@pytest.mark.parametrize("kind", KINDS)
def test_few_are_read_as_a_digit(kind, recognizer):
    verdicts = [reading.verdict for reading in recognizer.read_many(draw(kind, 100))]
    assert verdicts.count("digit") <= 12


def test_characters_that_look_like_a_digit_are_never_drawn():
    nowhere = np.full((2, 2), np.nan)  # cannot be drawn
    digits, letters, symbols = small_unipen()
    letters += [character(label, nowhere) for label in LOOKALIKES if label.isalpha()]
    symbols += [character(label, nowhere) for label in LOOKALIKES if not label.isalpha()]
    for kind in ("letter", "symbol", "word"):
        sample = OutlierSampler(digits, letters, symbols, only(kind))
        random = np.random.default_rng(0)
        for _ in range(100):
            assert sample(random).any()
