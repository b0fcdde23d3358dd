from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from digits.training.unipen import load_unipen

UNIPEN = Path(__file__).parent / "data" / "unipen"


@pytest.fixture(scope="module")
def drawings():
    return load_unipen(UNIPEN)


def test_labels_writers_and_sites(drawings):
    assert [d.label for d in drawings] == ["1", "7", "1", "7", "4", "1", '"', "3"]
    assert {(d.site, d.writer) for d in drawings} == {("abc", "abc/Ada"), ("xyz", "xyz/one")}
    assert len({d.source for d in drawings}) == len(drawings)


def test_y_points_downwards(drawings):
    np.testing.assert_array_equal(drawings[0].strokes[0], [[10, -30], [14, -40], [14, -10]])


def test_an_empty_pen_up_is_not_numbered(drawings):
    assert [len(d.strokes) for d in drawings[:4]] == [1, 2, 1, 2]
    np.testing.assert_array_equal(drawings[3].strokes[1], [[80, -26], [95, -28]])


def test_pen_up_with_points_is_numbered_but_no_ink(drawings):
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


@pytest.fixture
def segments(tmp_path):
    """A file of a collection in `tmp_path`, to be written."""
    folder = tmp_path / "data" / "1a" / "abc"
    folder.mkdir(parents=True)
    return folder / "a.dat"


def test_says_what_is_missing(tmp_path, segments):
    with pytest.raises(FileNotFoundError, match="no UNIPEN folder"):
        load_unipen(segments.parent)
    segments.write_text('.INCLUDE abc/gone.dat\n.SEGMENT CHARACTER 0 ? "1"\n')
    with pytest.raises(FileNotFoundError, match=r"gone\.dat is missing"):
        load_unipen(tmp_path)


def test_skips_a_segment_without_ink(tmp_path, segments):
    segments.write_text('.PEN_DOWN\n1 2\n3 4\n.SEGMENT CHARACTER 5 ? "1"\n')
    with pytest.warns(UserWarning, match="has no ink"):
        assert load_unipen(tmp_path) == []


def test_a_line_that_is_cut_off_loses_its_last_point(tmp_path, segments):
    segments.write_text('.SEGMENT CHARACTER 0 ? "1"\n.PEN_DOWN\n1 2\n3 4\n5')
    (drawing,) = load_unipen(tmp_path)
    np.testing.assert_array_equal(drawing.strokes[0], [[1, -2], [3, -4]])


def test_real_collection(unipen):
    counts = Counter(drawing.site for drawing in unipen)
    expected = {"apa": 692, "apb": 2033, "app": 1046, "ced": 1369, "syn": 4554, "val": 1462}
    assert {site: counts[site] for site in expected} == expected
    assert {drawing.label for drawing in unipen} == set("0123456789")
