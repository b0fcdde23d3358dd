"""The standard operations on masks, beside SciPy's or by hand."""

import numpy as np
import pytest

from digits.masks import bridge_gaps
from digits.morphology import close_inside, connected_components, is_connected, run_lengths


@pytest.mark.parametrize("seed", range(5))
def test_components_are_those_that_scipy_finds(seed):
    ndimage = pytest.importorskip("scipy.ndimage")
    rng = np.random.default_rng(seed)
    mask = rng.random(rng.integers(1, 60, 2)) < rng.uniform(0.1, 0.7)
    ours, (theirs, count) = connected_components(mask), ndimage.label(mask, np.ones((3, 3)))
    assert len(ours) == count
    assert is_connected(mask) == (count == 1)
    assert all(is_connected(ours.crop(i)) for i in range(count))
    assert len(set(zip(ours.labels.ravel(), theirs.ravel(), strict=True))) == count + (~mask).any()
    for i in range(count):
        assert ours.crop(i).sum() == ours.areas[i]


def test_runs_are_measured_down_the_columns():
    mask = np.array([[1, 0], [1, 1], [0, 1], [1, 1]], bool)
    assert run_lengths(mask).tolist() == [[2, 0], [2, 3], [0, 3], [1, 3]]


def test_gaps_between_pieces_one_above_another_are_bridged():
    mask = np.zeros((40, 20), bool)
    mask[5:18, 8:13] = mask[20:33, 8:13] = True
    assert len(connected_components(mask)) == 2
    assert len(connected_components(bridge_gaps(mask))) == 1


def test_a_closing_keeps_what_is_dark_up_to_an_edge():
    paper = np.full((60, 60), 200, np.uint8)
    paper[:, :5] = 50
    paper[20:24, 30:40] = 50
    closed = close_inside(paper, 8)
    assert closed[30, 2] == 50
    assert (closed[:, 6:] == 200).all()
