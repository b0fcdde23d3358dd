"""What the page does when the server is far away, busy or slow."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from digits.page import TEXT
from tests.browser import CONFIDENT, DESKTOP, READ
from tests.handwriting import STROKES


@pytest.fixture
def timed(open_page):
    """A page whose clock the test can put forward."""
    return open_page(clock=True, **DESKTOP)


def test_without_a_connection_the_pad_draws_on_and_the_reading_catches_up(page):
    late = re.compile("late")
    page.write(7)
    page.expect_read(7)
    page.page.context.set_offline(True)
    page.press(TEXT["clear"])
    page.expect_text(TEXT["verdicts"]["blank"])  # an empty pad needs no server
    blank = page.drawing()
    page.write(6, wait=False)
    page.expect_notice(TEXT["lost"])
    page.page.evaluate(
        "window.heard = 0; new MutationObserver((changes) => (heard += changes.length))"
        ".observe(document.querySelector('.notice'), { childList: true })"
    )
    with page.page.expect_event("requestfailed"):  # it is sent again
        pass
    assert page.page.evaluate("heard") == 0  # a screen reader says it once
    assert page.drawing() != blank
    page.expect_text(TEXT["waiting"])
    expect(page.find(".reading")).to_have_class(late)  # dimmed: it is not read yet
    page.page.context.set_offline(False)
    page.expect_read(6)
    page.expect_notice("")
    expect(page.find(".reading")).not_to_have_class(late)


def test_that_a_drawing_is_not_read_yet_is_spoken_once(page):
    page.page.context.set_offline(True)
    page.write(6, wait=False)
    expect(page.find(".spoken")).to_have_text(TEXT["waiting"])
    expect(page.find(".answer")).to_have_css("opacity", "1")  # and it can be read
    page.page.evaluate(
        "window.heard = 0; new MutationObserver((changes) => (heard += changes.length))"
        ".observe(document.querySelector('.spoken'), { childList: true })"
    )
    for _ in range(2):
        with page.page.expect_event("requestfailed"):  # it is sent again, every second
            pass
    page.page.wait_for_timeout(700)  # for what must not be said
    assert page.page.evaluate("heard") == 0
    page.page.context.set_offline(False)
    page.expect_read(6)
    expect(page.find(".spoken")).to_have_text(CONFIDENT.format(first=6))


def test_what_is_shown_of_another_drawing_is_soon_dimmed(timed):
    timed.write(3)
    held = timed.hold_readings()
    timed.press(TEXT["examples"][0])
    timed.page.clock.run_for(300)
    expect(timed.find(".reading")).to_have_class(re.compile("late"))
    timed.expect_notice("")  # it is not slow yet
    timed.release(held)
    timed.expect_read(7)
    expect(timed.find(".reading")).not_to_have_class(re.compile("late"))


def test_a_busy_server_is_asked_again(page):
    page.page.route(READ, lambda route: route.fulfill(json={"busy": True}))
    page.write(5, wait=False)
    page.expect_notice(TEXT["busy"])
    page.page.unroute(READ)
    page.expect_read(5)
    page.expect_notice("")


def test_a_slow_answer_is_announced_and_never_replaces_a_newer_one(timed):
    held = timed.hold_readings()
    timed.write(1, wait=False)
    timed.page.clock.run_for(1500)
    timed.expect_notice(TEXT["slow"])
    held.is_open = True
    timed.press(TEXT["clear"])
    timed.write(7)
    timed.expect_read(7)
    timed.release(held)
    timed.expect_read(7)
    timed.expect_notice("")


def test_a_drawing_that_gets_no_answer_is_sent_again(timed):
    held = timed.hold_readings()
    timed.press(TEXT["examples"][0])
    timed.page.clock.run_for(16_000)
    timed.expect_notice(TEXT["lost"])
    held.is_open = True
    timed.page.clock.run_for(1000)
    timed.expect_read(7)
    timed.expect_notice("")
    timed.release(held)


def test_many_strokes_make_no_pile_of_pictures(timed):
    held, clock = timed.hold_readings(), timed.page.clock
    # It stands still but for what is run: a slow machine would take the connection for slow.
    clock.pause_at(timed.page.evaluate("Date.now()") / 1000 + 0.1)
    for i in range(12):
        timed.draw_stroke([(i / 12, 0.2), (i / 12 + 0.02, 0.8)])
        clock.run_for(50)
    assert len(held) == 2
    timed.page.keyboard.press("Escape")
    clock.run_for(50)
    timed.expect_text(TEXT["verdicts"]["blank"])  # an empty pad needs no turn
    timed.write(7, wait=False)
    clock.run_for(50)
    assert len(held) == 2
    held.is_open = True
    for route in held:
        route.continue_()
    clock.resume()
    timed.expect_read(7)


def test_what_is_said_of_a_file_is_not_wiped_by_an_answer(page, tmp_path):
    held = page.hold_readings()
    page.press(TEXT["examples"][0])
    with (tmp_path / "large.jpg").open("wb") as file:
        file.truncate(25_000_001)
    page.choose_photo(file.name)
    page.release(held)
    page.expect_read(7)
    page.expect_notice(TEXT["photo_too_large"])
    page.press(TEXT["clear"])
    page.expect_notice("")


def test_a_map_that_cannot_be_had_is_said(page):
    page.write(7)
    page.page.context.set_offline(True)
    page.find(".view").click()
    page.expect_notice(TEXT["no_map"])
    page.page.context.set_offline(False)
    held = page.hold_readings()
    page.find(".view").click()
    page.expect_notice(TEXT["slow_answer"])
    page.release(held)
    page.expect_notice("")
    expect(page.find(".view")).to_have_text(TEXT["occlusion_map"])


@pytest.mark.parametrize("happens", ["it is slow", "it fails"])
def test_what_becomes_of_an_old_picture_is_not_said_once_a_newer_one_is_read(timed, happens):
    held = timed.hold_readings()
    timed.write(1, wait=False)
    held.is_open = True
    timed.press(TEXT["clear"])
    timed.write(7)
    timed.expect_read(7)
    if happens == "it fails":
        with timed.page.expect_event("requestfailed"):
            held[0].abort()
        timed.complaints.clear()  # the browser logs it
    else:
        timed.page.clock.run_for(1500)
    timed.page.wait_for_timeout(300)  # for what must not be said
    assert not timed.find(".notice").text_content()
    assert "late" not in timed.find(".reading").get_attribute("class")
    timed.expect_read(7)


def test_one_picture_at_a_time_is_sent_while_the_pen_is_down_and_the_last_one_at_once(timed):
    held = timed.hold_readings()
    timed.page.clock.pause_at(2_000_000_000)
    for point in timed.points(STROKES[3][0]):
        timed.page.mouse.move(*point)
        timed.page.mouse.down()
        timed.page.clock.run_for(20)
    assert len(held) == 1
    with timed.page.expect_request(READ):
        timed.page.mouse.up()
    timed.page.clock.resume()
    timed.frames(2)
    assert len(held) == 2
    timed.release(held)
    timed.expect_read(3)


def test_a_drawing_that_grows_is_sent_every_45_ms(timed):
    sent = []
    timed.page.on("request", lambda request: sent.append(request) if "server" in request.url else 0)
    timed.page.clock.pause_at(2_000_000_000)
    for x in np.linspace(0, 1, 13):
        [point] = timed.points([(x, 0.5)])
        timed.page.mouse.move(*point)
        timed.page.mouse.down()
        timed.page.clock.run_for(20)
        if sent:
            sent[-1].response()
    assert 5 <= len(sent) <= 6  # 240 ms
    timed.page.clock.resume()
