"""Drawing on the pad: strokes, undo, clearing, examples."""

import numpy as np
import pytest
from playwright.sync_api import expect

from digits.page import TEXT
from digits.training.render import PEN_WIDTH
from tests.browser import CONFIDENT, WHOLE, picture_of


def test_a_corner_is_a_corner_and_a_curve_is_smooth(page):
    page.draw_stroke([(0.2, 0.2), (0.8, 0.2), (0.8, 0.8)], WHOLE)
    ink = np.asarray(picture_of(page.drawing()).convert("L")) < 128
    side = len(ink)
    rows, columns = np.nonzero(ink)
    away = np.minimum(np.abs(rows - 0.2 * side), np.abs(columns - 0.8 * side))
    assert away.max() < (PEN_WIDTH / 2 + 0.005) * side
    page.clear()
    turn = np.linspace(0, 2 * np.pi, 17)
    page.draw_stroke(np.stack([np.cos(turn), np.sin(turn)], 1) / 4 + 0.5, WHOLE)
    rows, columns = np.nonzero(np.asarray(picture_of(page.drawing()).convert("L")) < 128)
    radii = np.hypot(rows / side - 0.5, columns / side - 0.5)
    assert np.ptp(radii) < PEN_WIDTH + 0.01


def test_ink_is_where_the_pen_was_and_as_wide_as_the_benchmarks_assume(page):
    page.draw_stroke([(0.2, 0.1), (0.2, 0.9)], WHOLE)
    grey = np.asarray(picture_of(page.drawing()).convert("L"))
    darkness = (255 - grey[len(grey) // 2].astype(float)) / 255
    assert darkness.mean() == pytest.approx(PEN_WIDTH, abs=1e-3)
    assert np.average(np.arange(darkness.size), weights=darkness) == pytest.approx(
        0.2 * darkness.size, abs=1
    )
    assert ((darkness > 0) & (darkness < 1)).any()  # anti-aliased edges
    rows = np.flatnonzero(grey.min(axis=1) < 128) / len(grey)
    assert rows[[0, -1]] == pytest.approx([0.1 - PEN_WIDTH / 2, 0.9 + PEN_WIDTH / 2], abs=0.005)


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (0, CONFIDENT.format(first=7)),
        (1, CONFIDENT.format(first=0)),
        (2, CONFIDENT.format(first=1)),
        (3, TEXT["number"].format(number=2026)),
        (4, TEXT["verdicts"]["not_a_digit"]),
        (5, TEXT["verdicts"]["not_a_digit"]),
    ],
)
def test_an_example_is_drawn_with_one_click_and_undone(page, example, said):
    page.write(3)
    page.expect_read(3)
    drawn = page.drawing()
    page.press(TEXT["examples"][example])
    page.expect_text(said)
    page.page.keyboard.press("Control+z")
    page.expect_read(3)
    assert page.drawing() == drawn


def test_keys_go_on_from_the_other_button_when_nothing_is_left_to_undo_or_redo(page):
    page.write(7)
    undo, redo = (page.page.get_by_role("button", name=TEXT[name]) for name in ("undo", "redo"))
    undo.focus()
    while undo.is_enabled():
        page.page.keyboard.press("Enter")
    expect(redo).to_be_focused()
    while redo.is_enabled():
        page.page.keyboard.press("Enter")
    expect(undo).to_be_focused()
    page.write_number(4, 2)
    page.find(".number button").last.focus()
    page.page.keyboard.press("Escape")
    expect(page.find(".view")).to_be_focused()
