import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from digits.strokes import (
    PEN_WIDTH,
    Drawing,
    draw,
    is_crossed_seven,
    is_flagged_one,
    is_slashed_zero,
    is_whole,
    load_unipen,
    render,
)

UNIPEN = Path(__file__).parent / "data" / "unipen"
LINE = [np.float32([[0, 0], [0, 10]])]


def drawing(label, *strokes, writer="someone"):
    strokes = [np.float32(stroke) for stroke in strokes]
    return Drawing(strokes, label, writer, "here", f"{writer} {label}")


def circle(x=0, y=0, width=10, height=14):
    angle = np.linspace(0, 2 * np.pi, 40)
    return np.stack([x + width / 2 * np.sin(angle), y - height / 2 * np.cos(angle)], axis=1)


# --- Reading ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawings():
    return load_unipen(UNIPEN)


def test_labels_writers_and_sites(drawings):
    assert [d.label for d in drawings] == ["1", "7", "1", "7", "4", "1", '\\"', "3"]
    assert {(d.site, d.writer) for d in drawings} == {("abc", "abc/Ada"), ("xyz", "xyz/one")}
    assert len({d.source for d in drawings}) == len(drawings)


def test_y_points_downwards(drawings):
    np.testing.assert_array_equal(drawings[0].strokes[0], [[10, -30], [14, -40], [14, -10]])


def test_empty_pen_up_carries_no_number(drawings):
    assert [len(d.strokes) for d in drawings[:4]] == [1, 2, 1, 2]
    np.testing.assert_array_equal(drawings[3].strokes[1], [[80, -26], [95, -28]])


def test_pen_up_with_points_counts_but_is_no_ink(drawings):
    four = drawings[4]
    np.testing.assert_array_equal(four.strokes[0], [[100.5, -300], [90, -200], [140, -210]])
    np.testing.assert_array_equal(four.strokes[1], [[120, -290], [118, -100]])
    assert len(four.strokes) == 2


def test_points_within_components(drawings):
    (stroke,) = drawings[5].strokes
    np.testing.assert_array_equal(stroke, [[220, -300], [220, -200], [220, -100]])
    tail, head = drawings[6].strokes
    np.testing.assert_array_equal(tail, [[220, -100]])
    np.testing.assert_array_equal(head, [[300, -300], [310, -310]])


def test_lists_of_components(drawings):
    assert [len(stroke) for stroke in drawings[7].strokes] == [3, 2, 3]


def test_finds_the_collection_below_a_folder(tmp_path, drawings, monkeypatch):
    (tmp_path / "copy").symlink_to(UNIPEN, target_is_directory=True)
    monkeypatch.setenv("DIGITS_UNIPEN", str(tmp_path / "copy"))
    assert len(load_unipen()) == len(drawings)
    assert len(load_unipen(UNIPEN.parent)) == len(drawings)


def test_says_what_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"):
        load_unipen(tmp_path)
    segments = tmp_path / "data" / "1a" / "abc" / "a.dat"
    segments.parent.mkdir(parents=True)
    segments.write_text('.INCLUDE abc/gone.dat\n.SEGMENT CHARACTER 0 ? "1"\n')
    with pytest.raises(FileNotFoundError, match=r"gone\.dat is missing"):
        load_unipen(tmp_path)


def test_skips_a_segment_without_ink(tmp_path):
    segments = tmp_path / "data" / "1a" / "abc" / "a.dat"
    segments.parent.mkdir(parents=True)
    segments.write_text('.PEN_DOWN\n1 2\n3 4\n.SEGMENT CHARACTER 5 ? "1"\n')
    with pytest.warns(UserWarning, match="holds no ink"):
        assert load_unipen(tmp_path) == []


def test_real_collection():
    if not os.environ.get("DIGITS_UNIPEN"):
        pytest.skip("set DIGITS_UNIPEN to the folder of a UNIPEN collection to count its digits")
    drawings = load_unipen()
    counts = Counter(d.site for d in drawings)
    expected = {"apa": 692, "apb": 2033, "app": 1046, "syn": 4554, "val": 1462}
    assert {site: counts[site] for site in expected} == expected
    assert set("0123456789") == {d.label for d in drawings}
    shared = [d for d in drawings if d.site in expected]
    assert len(shared) == 9787
    assert (~is_whole(shared)).sum() == 15
    assert [sum(map(rule, shared)) for rule in (is_flagged_one, is_crossed_seven)] == [215, 350]


# --- Drawing ----------------------------------------------------------------------------------


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
    wide = [np.float32([[0, 0], [100, 1]])]
    for centre in ((0.5, 0.5), (0.0, 1.0)):
        canvas = render(wide, 100, height=0.8, centre=centre, width=0.06)
        assert (canvas == 0).any()
        top, bottom, left, right = ink_box(canvas)
        assert left <= 1
        assert right >= 99
        assert bottom - top <= 8


def test_conditions():
    boxes = {"default": [], "anywhere": []}
    for i in range(60):
        one = Drawing([np.float32([[0, 0], [6, 10]])], "1", "w", "s", f"{i}")
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


def test_a_drawing_keeps_its_canvas():
    one = drawing("1", LINE[0])
    np.testing.assert_array_equal(draw(one, "anywhere", 100), draw(one, "anywhere", 100))
    assert (draw(one, "anywhere", 100) != draw(one, "anywhere", 100, seed=1)).any()


# --- Rules of geometry ------------------------------------------------------------------------


def test_whole_characters():
    zero, four = circle(), [[4, 0], [0, 8], [9, 8]]
    bar = [[6, 4], [6, 14]]
    whole = [drawing("0", zero)] * 3 + [drawing("4", four, bar)] * 3
    accidents = [
        drawing("0", zero, circle(x=15)),
        drawing("4", bar),
        drawing("4", four),
        drawing("0", *[zero] * 10),
    ]
    assert is_whole(whole + accidents).tolist() == [True] * 6 + [False] * 4
    assert is_whole([drawing("1", LINE[0])]).all()


def test_slashed_zeros():
    assert is_slashed_zero(drawing("0", circle(), [[-6, 8], [6, -8]]))
    assert is_slashed_zero(drawing("0", circle(), [[0, 6], [0, -6]]))
    assert not is_slashed_zero(drawing("0", circle()))
    assert not is_slashed_zero(drawing("0", circle(), [[-5, 0], [5, 0]]))
    assert not is_slashed_zero(drawing("0", circle() @ np.float32([[1, 0], [-0.8, 1]])))


def test_flagged_ones():
    assert is_flagged_one(drawing("1", [[0, 4], [4, 0], [4, 14]]))
    assert is_flagged_one(drawing("1", [[4, 0], [4, 14]], [[0, 14], [8, 14]]))
    assert not is_flagged_one(drawing("1", [[4, 0], [4, 14]]))
    assert not is_flagged_one(drawing("1", [[10, 0], [0, 14]]))


def test_crossed_sevens():
    assert is_crossed_seven(drawing("7", [[0, 0], [8, 0], [3, 14]], [[2, 7], [9, 6]]))
    assert not is_crossed_seven(drawing("7", [[0, 0], [8, 0], [3, 14]]))
    assert not is_crossed_seven(drawing("7", [[0, 3], [1, 0], [8, 2], [7, 5], [3, 14]]))
