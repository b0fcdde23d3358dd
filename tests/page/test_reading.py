"""What the page says of a drawing, in a real browser with the shipped model."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from digits.page import TEXT
from tests.browser import CONFIDENT, CORNER
from tests.handwriting import STROKES


def test_reads_while_the_pen_is_down(page):
    (stroke,) = STROKES[3]
    page.draw_stroke(stroke, lift=False)
    page.expect_read(3)
    page.page.mouse.up()
    page.settle()
    page.expect_read(3)


def test_says_what_was_read_and_how_probable_it_is(page):
    page.write(7)
    page.expect_verdict("digit")
    said = CONFIDENT.format(first=7)
    page.expect_text(said)
    expect(page.find(".digit")).to_have_text("7")
    expect(page.find(".spoken")).to_have_text(said)  # for a screen reader
    top = [text.split() for text in page.find(".top li").all_inner_texts()]
    highest = sorted(page.probabilities())[:-4:-1]
    assert top[0][0] == "7"
    assert [share for _, share in top] == [f"{p:.0%}" for p in highest]
    bars = [f"{digit} {p:.0%}" for digit, p in enumerate(page.probabilities())]
    label = TEXT["chart"].format(all=", ".join(bars))
    expect(page.find(".chart")).to_have_attribute("aria-label", label)


def test_a_blank_pad_invites_to_draw(page):
    page.expect_text(TEXT["verdicts"]["blank"])
    expect(page.find(".invitation")).to_have_text(re.compile(TEXT["invitation"]))
    expect(page.find(".invitation")).to_have_css("opacity", "1")
    expect(page.find(".top li")).to_have_count(0)
    assert page.probabilities() == [0] * 10
    page.write(1)
    expect(page.find(".invitation")).to_have_css("opacity", "0")


def test_a_number_is_read_and_the_panel_shows_the_digit_that_is_picked(page):
    page.write_number(2, 0, 2, 6)
    page.expect_text(TEXT["number"].format(number="2026"))
    buttons = page.find(".number button")
    assert buttons.all_inner_texts() == ["2", "0", "2", "6"]
    expect(page.find(".digit")).to_be_hidden()
    two = page.view()
    buttons.nth(3).click()
    expect(buttons.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(buttons.nth(0)).to_have_attribute("aria-pressed", "false")
    assert page.highest_bar() == 6
    expect(page.find(".top li").first).to_have_text(re.compile("^6 "))
    assert not np.array_equal(page.view(), two)
    page.page.keyboard.press("Control+Z")
    expect(buttons).to_have_count(3)
    page.clear()
    expect(page.find(".number")).to_be_hidden()
    expect(page.find(".digit")).to_be_visible()


def test_shows_what_the_network_sees(page):
    assert not page.view().any()
    page.write(0, CORNER)
    page.expect_read(0)
    page.settle()
    light = (page.view() > 127).all(axis=2).sum()
    assert 40 < light < 300  # a digit of MNIST's size and weight, however small it was drawn


def test_shows_what_mattered_most_until_the_next_reading(page):
    view = page.find(".view")
    page.write(7)
    plain = page.view()
    view.click()
    expect(view).to_have_text(TEXT["occlusion_map"])
    heat = page.view()
    assert heat.any(axis=2)[plain.min(axis=2) > 30].all()
    assert (heat <= plain).all()
    red, green, blue = heat[plain.min(axis=2) > 200].T.astype(int)
    assert (red >= green).all()
    assert (green >= blue).all()
    assert red.max() > 2 * red.min()
    view.click()
    expect(view).to_have_text(TEXT["model_input"])
    assert np.array_equal(page.view(), plain)
    view.click()
    expect(view).to_have_text(TEXT["occlusion_map"])
    page.clear()
    expect(view).to_have_text(TEXT["model_input"])


def test_the_chart_tells_more_of_a_bar_that_is_pointed_at(page):
    page.write(7)
    page.expect_read(7)
    page.frames(2)
    page.find(".chart .point").nth(7).hover(force=True)  # Plotly listens on a layer above the bars
    expect(page.find(".chart .hoverlayer")).to_contain_text("most likely")


def test_the_chart_follows_the_theme(page, phone):
    text = page.find(".chart .xtick text").first
    dark = phone.find(".chart .xtick text").first
    expect(text).to_have_css("fill", "rgb(27, 28, 32)")
    expect(dark).to_have_css("fill", "rgb(240, 241, 244)")
    page.page.evaluate("document.body.classList.add('dark')")
    expect(text).to_have_css("fill", "rgb(240, 241, 244)")
    page.page.evaluate("document.body.classList.remove('dark')")
    expect(text).to_have_css("fill", "rgb(27, 28, 32)")


@pytest.mark.parametrize(("wish", "moves"), [("no-preference", True), ("reduce", False)])
def test_bars_move_smoothly_unless_a_visitor_wants_no_motion(page, wish, moves):
    page.page.emulate_media(reduced_motion=wish)
    page.write(1)
    page.page.evaluate(
        "window.moved = false;"
        "document.querySelector('.chart').addEventListener('transitionrun', () => (moved = true))"
    )
    page.page.keyboard.press("Escape")
    page.write(7)
    page.frames(2)
    assert page.page.evaluate("moved") == moves
    page.page.emulate_media(reduced_motion="no-preference")
