import numpy as np
import pytest

from digits.training.pen import draw_by_another_hand, rasterize, resample, to_unit_size
from tests.handwriting import STROKES

LINE = [np.float32([[0, -0.5], [0, 0.5]])]


def paths(digit):
    return [np.float32(stroke) for stroke in STROKES[digit]]


def sides(picture):
    rows, columns = np.flatnonzero(picture.any(1)), np.flatnonzero(picture.any(0))
    return np.ptp(rows) + 1, np.ptp(columns) + 1


def test_another_hand_writes_what_can_still_be_read(recognizer):
    random = np.random.default_rng(0)
    labels = np.arange(400) % 10
    pictures = [draw_by_another_hand(paths(label), random) for label in labels]
    readings = recognizer.read_many(pictures)
    assert np.mean([reading.top[0][0] for reading in readings] == labels) > 0.95


def test_another_hand_uses_any_size_and_any_pen():
    random = np.random.default_rng(0)
    pictures = [draw_by_another_hand(paths(3), random) for _ in range(300)]
    longer = np.array([max(sides(picture)) for picture in pictures])
    assert longer.min() < 14
    assert longer.max() > 140
    inked = [np.mean(picture > 0) for picture in pictures]
    assert min(inked) < 0.15
    assert max(inked) > 0.4
    assert all(picture.dtype == np.uint8 for picture in pictures)
    assert all(picture.max() >= 60 for picture in pictures)
    crisp = np.mean([set(np.unique(picture)) <= {0, 255} for picture in pictures])
    assert 0.2 < crisp < 0.5


@pytest.mark.parametrize("strokes", [[(4, 4)], [(4, 4), (4, 4)]])
def test_a_dot_is_drawn(strokes):
    random = np.random.default_rng(0)
    for _ in range(50):
        assert draw_by_another_hand([np.float32(strokes)], random).any()


@pytest.mark.parametrize(("size", "width"), [(12, 1), (12, 3), (60, 4), (120, 9)])
@pytest.mark.parametrize("antialias", [True, False])
def test_size_and_width_are_those_asked_for(size, width, antialias):
    picture = rasterize(LINE, size, width, antialias, np.random.default_rng(0))
    tall, wide = sides(picture >= 128)
    assert abs(tall - size - width) <= 2
    assert abs(wide - width) <= 2
    tones = set(np.unique(picture))
    assert (tones == {0, 255}) is not antialias


def test_unit_size_keeps_proportions():
    strokes = [np.float32([[10, 20], [30, 20]]), np.float32([[30, 60]])]
    points = np.concatenate(to_unit_size(strokes))
    np.testing.assert_allclose(points, [[-0.25, -0.5], [0.25, -0.5], [0.25, 0.5]])


def test_resampling_keeps_the_ends_and_spaces_points_evenly():
    path = resample(np.float32([[0, 0], [1, 0], [1, 0], [1, 1]]), 0.1)
    np.testing.assert_allclose(path[[0, -1]], [[0, 0], [1, 1]])
    np.testing.assert_allclose(np.hypot(*np.diff(path, axis=0).T), 0.1, atol=0.01)
    assert len(resample(np.float32([[2, 3], [2, 3]]), 0.1)) == 1
