import numpy as np
import pytest

from digits.training.render import CANVAS, PEN_WIDTH, draw, render
from tests.small_unipen import character

LINE = [np.float32([[0, 0], [0, 10]])]
SLANTED = [np.float32([[0, 0], [6, 10]])]


def ink_box(canvas):
    rows, columns = np.flatnonzero((canvas < 128).any(1)), np.flatnonzero((canvas < 128).any(0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


@pytest.mark.parametrize("size", [200, 520])
def test_size_place_and_width(size):
    canvas = render(LINE, size, height=0.5, centre=(0.25, 0.6), width=0.05)
    assert canvas.shape == (size, size)
    assert canvas.dtype == np.uint8
    expected = np.array([0.6 - 0.275, 0.6 + 0.275, 0.225, 0.275]) * size
    np.testing.assert_allclose(ink_box(canvas), expected, atol=1)


def test_caps_are_round_and_edges_smooth():
    radius = 20
    canvas = render([np.zeros((1, 2))], 100, width=2 * radius / 100)
    ink = (255 - canvas.astype(float)) / 255
    assert ink.sum() == pytest.approx(np.pi * radius**2, rel=0.01)
    assert ((ink > 0.05) & (ink < 0.95)).sum() > 100


def test_width_is_exact_between_pixels():
    for width in (5.25, 5.5, 5.75):
        canvas = render(LINE, 520, height=0.5, centre=(0.3013, 0.5), width=width / 520)
        assert (255 - canvas[260].astype(float)).sum() / 255 == pytest.approx(width, abs=0.1)


def test_what_is_wide_or_near_the_edge_stays_on_the_canvas():
    trough = [np.float32([[0, 0], [0, 10], [100, 10], [100, 0]])]
    for centre in ((0.5, 0.5), (0.0, 1.0)):
        canvas = render(trough, 100, height=0.8, centre=centre, width=0.06)
        inked = (canvas < 128).sum(axis=0)
        assert inked[0] > 3
        assert inked[-1] > 3
        assert (inked[2:4] > 10).all()  # both ends of the trough are there, and no more of it
        assert (inked[-4:-2] > 10).all()
        assert (inked[10:-10] < 8).all()


def test_size_and_place_of_the_conditions():
    boxes = {"default": [], "anywhere": []}
    for i in range(60):
        one = character("1", SLANTED, number=i)
        for condition, found in boxes.items():
            canvas = draw(one, condition, size=260)
            found.append(np.array(ink_box(canvas)) / 260)
    default, anywhere = (np.array(found) for found in boxes.values())
    height = default[:, 1] - default[:, 0] - PEN_WIDTH
    assert 0.44 < height.min() < 0.5
    assert 0.7 < height.max() < 0.76
    centres = np.stack([default[:, :2].mean(1), default[:, 2:].mean(1)])
    assert np.abs(centres - 0.5).max() < 0.085
    height = anywhere[:, 1] - anywhere[:, 0]
    assert height.min() < 0.3
    assert height.max() > 0.7
    assert anywhere.min() >= 0
    assert anywhere.max() <= 1
    assert np.ptp(anywhere[:, 2:].mean(1)) > 0.4


def test_pen_of_the_conditions():
    pens = {"default": [], "anywhere": []}
    for i in range(60):
        for condition, found in pens.items():
            top, bottom, left, right = ink_box(draw(character("1", LINE, number=i), condition))
            found.append((right - left, bottom - top))
    widths, _ = np.transpose(pens["default"])
    assert np.abs(widths - PEN_WIDTH * CANVAS).max() <= 1
    widths, heights = np.transpose(pens["anywhere"])
    assert widths.min() < 0.02 * CANVAS
    assert 0.05 * CANVAS < widths.max() <= 0.06 * CANVAS + 1
    assert (widths <= 0.16 * (heights - widths) + 1).all()


def test_a_coarse_drawing_has_few_pixels_half_of_them_in_two_tones():
    sides, heights, crisp = [], [], []
    for i in range(80):
        canvas = draw(character("1", SLANTED, number=i), "coarse")
        top, bottom, _, _ = ink_box(canvas)
        sides.append(len(canvas))
        heights.append(bottom - top)
        crisp.append(set(np.unique(canvas)) == {0, 255})
    assert min(heights) < 20
    assert 36 < max(heights) <= 40 * 1.2  # with the pen
    assert min(sides) < 40
    assert max(sides) > 150  # small on a larger canvas
    assert 0.3 < np.mean(crisp) < 0.7


def test_a_coarse_dash_has_few_pixels():
    canvas = draw(character("1", [(0, 0), (10, 0)]), "coarse")
    _, _, left, right = ink_box(canvas)
    assert 14 <= right - left <= 48


def test_without_anti_aliasing_a_pixel_is_ink_or_paper():
    smooth, crisp = (render(SLANTED, 40, width=0.06, antialias=smooth) for smooth in (True, False))
    assert set(np.unique(crisp)) == {0, 255}
    np.testing.assert_array_equal(crisp == 0, smooth < 128)


def test_a_drawing_keeps_its_canvas():
    one = character("1", LINE)
    np.testing.assert_array_equal(draw(one, "anywhere", 100), draw(one, "anywhere", 100))
    assert (draw(one, "anywhere", 100) != draw(one, "anywhere", 100, seed=1)).any()
