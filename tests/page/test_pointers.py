"""Mouse, fingers, palm and pen on the page's pad, as the browser gets them from the system."""

import time
from functools import partial

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from digits.page import TEXT
from tests.browser import PHONE, WHOLE, Visit, picture_of
from tests.handwriting import STROKES
from tests.picture_files import saved

LINE = [(0.1, 0.5), (0.3, 0.5), (0.5, 0.5), (0.7, 0.5), (0.9, 0.5)]
FINGER, PALM = 12, 45  # radius of a contact, in CSS pixels
LATER_MS = 600  # when a touch is no longer taken for the hand that holds the pen


class Hand:
    """What the system tells the browser of fingers, palm and pen."""

    def __init__(self, visit):
        self.visit = visit
        self._session = visit.page.context.new_cdp_session(visit.page)
        self._touching = {}

    def _at(self, point):
        [(x, y)] = self.visit.points([point], WHOLE)
        return {"x": x, "y": y}

    def _touch(self, kind, at=None):
        event = {"type": kind, "touchPoints": [*self._touching.values()]}
        self._session.send("Input.dispatchTouchEvent", event | {"timestamp": at or time.time()})

    def touch(self, point, finger=0, radius=FINGER, at=None):
        """Put a finger down, or move it, at a time in seconds."""
        kind = "touchMove" if finger in self._touching else "touchStart"
        size = {"radiusX": radius, "radiusY": radius, "id": finger}
        self._touching[finger] = self._at(point) | size
        self._touch(kind, at)

    def lift(self, finger=0):
        del self._touching[finger]
        self._touch("touchMove" if self._touching else "touchEnd")

    def lose(self):
        """Have the system take the touch away, as for a gesture of its own."""
        if self._touching:
            self._touching.clear()
            self._touch("touchCancel")

    def draw(self, stroke, lift=True, **contact):
        for point in stroke:
            self.touch(point, **contact)
        if lift:
            self.lift()

    def pen_event(self, kind, point, button="left"):
        held = {"left": 1, "right": 2}[button] if kind != "mouseReleased" else 0
        self._session.send(
            "Input.dispatchMouseEvent",
            {"type": kind, "button": button, "buttons": held, "pointerType": "pen"}
            | {"clickCount": 1, **self._at(point)},
        )

    def pen(self, stroke, **button):
        first, *others = stroke
        self.pen_event("mousePressed", first, **button)
        for point in others:
            self.pen_event("mouseMoved", point, **button)
        self.pen_event("mouseReleased", stroke[-1], **button)


@pytest.fixture(scope="module")
def tablet(app, chromium):
    with Visit(chromium, app, has_touch=True) as visit:
        yield visit


@pytest.fixture
def page(tablet):
    tablet.page.set_viewport_size({"width": 1024, "height": 700})
    tablet.page.evaluate("scrollTo(0, 0)")
    tablet.clear()
    tablet.page.wait_for_timeout(LATER_MS)
    return tablet


@pytest.fixture
def hand(page):
    hand = Hand(page)
    yield hand
    hand.lose()


def test_a_finger_on_a_phone_draws(phone):
    hand = Hand(phone)
    for stroke in STROKES[2]:
        hand.draw([(0.24 + 0.52 * x, 0.16 + 0.68 * y) for x, y in stroke])
    phone.expect_read(2)
    assert phone.page.evaluate("scrollY") == 0


def inked(page):
    """Where the ink is, in shares of the paper: left, top, right, bottom; None without any."""
    picture = picture_of(page.drawing()).convert("L")
    box = picture.point(lambda grey: 255 * (grey < 128)).getbbox()
    return box and np.divide(box, picture.width)


def assert_line(page):
    """LINE and nothing else."""
    assert inked(page) == pytest.approx([0.083, 0.483, 0.917, 0.517], abs=5e-3)


# --- Pen and palm -----------------------------------------------------------------------------


@pytest.mark.parametrize("radius", [FINGER, PALM])
def test_a_pen_draws_whatever_rests_beside_it(page, hand, radius):
    hand.touch((0.2, 0.9), radius=radius)
    hand.pen_event("mousePressed", LINE[0])
    for point in LINE[1:]:
        hand.pen_event("mouseMoved", point)
        hand.touch((0.2 + point[0] / 9, 0.9), radius=radius)
    hand.touch((0.8, 0.9), finger=1, radius=radius)
    hand.pen_event("mouseReleased", LINE[-1])
    hand.touch((0.7, 0.8), finger=1, radius=radius)
    hand.lift()
    hand.lift(1)
    assert_line(page)


def test_a_touch_just_after_the_pen_is_the_hand_that_holds_it(page, hand):
    hand.pen(LINE)
    hand.draw([(0.2, 0.9), (0.3, 0.9)])
    assert_line(page)
    page.page.wait_for_timeout(LATER_MS)
    hand.draw([(0.2, 0.9), (0.3, 0.9)])
    assert inked(page)[3] > 0.9


def test_a_pen_writes_a_digit_over_a_resting_palm(page, hand):
    hand.touch((0.8, 0.95), radius=PALM)
    for stroke in STROKES[4]:
        hand.pen([(0.3 + 0.4 * x, 0.2 + 0.5 * y) for x, y in stroke])
    page.settle()
    page.expect_read(4)


# --- Fingers ----------------------------------------------------------------------------------


def test_the_first_finger_draws_and_a_late_second_one_does_not_disturb_it(page, hand):
    now = time.time()
    hand.touch(LINE[0], at=now)
    hand.touch((0.5, 0.9), finger=1, at=now + 0.11)
    for point in LINE[1:]:
        hand.touch(point)
        hand.touch((0.5 + point[0] / 9, 0.9), finger=1)
    hand.lift()
    hand.lift(1)
    assert_line(page)


def test_a_second_finger_at_once_makes_a_gesture_of_the_stroke(page, hand):
    page.write(7)
    page.page.wait_for_timeout(LATER_MS)
    drawn = page.drawing()
    now = time.time()
    hand.touch((0.1, 0.1), at=now)
    hand.touch((0.2, 0.2), finger=1, at=now + 0.09)
    hand.touch((0.05, 0.05))
    hand.touch((0.3, 0.3), finger=1)
    hand.lift()
    hand.lift(1)
    assert page.drawing() == drawn
    page.settle()
    page.expect_read(7)
    page.press(TEXT["undo"])
    assert page.drawing() != drawn  # the gesture is no step of its own


def test_two_fingers_make_a_magnified_page_smaller_again_on_the_paper(open_page):
    """The paper may be all that is in sight."""
    visit = open_page(**PHONE)
    session = visit.page.context.new_cdp_session(visit.page)

    def pinch(x, y, *distances):
        for step, distance in enumerate(distances):
            fingers = [{"id": i, "x": x + (-distance, distance)[i], "y": y} for i in (0, 1)]
            kind = "touchMove" if step else "touchStart"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
            visit.frames(1)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    pinch(195, 40, *range(20, 100, 8))  # on the title
    visit.page.wait_for_function("visualViewport.scale > 2")
    visit.frames(2)
    scale, *middle = visit.page.evaluate(
        "(({ scale, width, height }) => [scale, width / 2, height / 2])(visualViewport)"
    )
    on_paper = "([x, y]) => document.elementFromPoint(%s).className === 'paper'"
    there = "visualViewport.offsetLeft + x, visualViewport.offsetTop + y"
    assert visit.page.evaluate(on_paper % there, middle)
    pinch(*middle, *range(60, 8, -4))
    visit.page.wait_for_function("scale => visualViewport.scale < scale / 1.5", arg=scale)
    expect(visit.find(".reading")).to_have_attribute("data-verdict", "blank")


def test_a_palm_never_draws(page, hand):
    blank = page.drawing()
    hand.draw(LINE, radius=PALM)
    hand.touch(LINE[0])
    hand.touch(LINE[1])
    hand.touch(LINE[2], radius=PALM)  # it is put down edge first
    hand.touch(LINE[3], radius=PALM)
    hand.lift()
    assert page.drawing() == blank
    page.expect_verdict("blank")
    hand.draw(LINE)
    assert_line(page)


def test_a_touch_that_the_system_takes_away_keeps_its_ink(page, hand):
    hand.draw(LINE, lift=False)
    hand.lose()
    assert_line(page)
    page.settle()
    hand.draw([(0.1, 0.8), (0.9, 0.8)])
    assert inked(page)[3] > 0.8


# --- What happens to the page during a stroke -------------------------------------------------


def test_scrolling_during_a_stroke_moves_the_paper_and_not_the_ink(page):
    page.page.set_viewport_size({"width": 1024, "height": 400})
    page.draw_stroke([(0.2, 0.1)], WHOLE, lift=False)
    page.page.mouse.wheel(0, 100)
    page.page.wait_for_function("scrollY === 100")
    page.move([(0.25, 0.5), (0.3, 0.5)])
    page.page.mouse.up()
    assert inked(page) == pytest.approx([0.183, 0.083, 0.317, 0.517], abs=5e-3)


def test_a_number_that_is_found_leaves_the_page_where_it_is(page):
    """The large digits may be out of sight while the pen is on the paper."""
    page.page.set_viewport_size({"width": 1280, "height": 500})
    page.page.evaluate("scrollTo(0, 100)")
    page.write_number(3, 7)
    expect(page.find(".number button")).to_have_count(2)
    assert page.page.evaluate("scrollY") == 100


def test_the_window_may_change_its_size_during_a_stroke(page):
    page.draw_stroke(LINE[:1], WHOLE, lift=False)
    page.page.set_viewport_size({"width": 800, "height": 700})
    page.frames(2)
    page.move(LINE[1:])
    page.page.mouse.up()
    assert_line(page)


@pytest.mark.parametrize("tool", ["finger", "mouse"])
def test_turning_the_screen_ends_the_stroke_and_keeps_it(phone, tool):
    portrait, landscape = phone.page.viewport_size, {"width": 844, "height": 390}
    if tool == "finger":
        hand = Hand(phone)
        draw = move = partial(hand.draw, lift=False)
        lift = hand.lift
    else:
        draw, move = partial(phone.draw_stroke, box=WHOLE, lift=False), phone.move
        lift = phone.page.mouse.up
    draw(LINE)
    phone.frames(2)
    phone.page.set_viewport_size(landscape)
    phone.page.wait_for_function("innerWidth > innerHeight && !document.querySelector('.drawing')")
    move([(0.5, 0.9), (0.2, 0.9)])  # it is still down, and may be anywhere by now
    phone.frames(2)
    assert_line(phone)
    lift()
    phone.settle()
    assert_line(phone)
    draw([(0.1, 0.8), (0.9, 0.8)])
    lift()
    both = [0.083, 0.483, 0.917, 0.817]
    assert inked(phone) == pytest.approx(both, abs=5e-3)
    phone.page.set_viewport_size(portrait)
    phone.frames(2)
    assert inked(phone) == pytest.approx(both, abs=5e-3)
    phone.settle()
    phone.press(TEXT["undo"])
    assert_line(phone)
    phone.press(TEXT["undo"])
    phone.expect_verdict("blank")
    assert phone.complaints == []


# A headless browser shows all its tabs.
ANOTHER_TAB = """
    Object.defineProperty(document, "hidden", { configurable: true, value: true });
    document.dispatchEvent(new Event("visibilitychange"));
    delete document.hidden;
"""
LOST_CAPTURE = """
    const paper = document.querySelector(".paper");
    for (let id = 0; id < 9; id++)
        if (paper.hasPointerCapture(id)) paper.releasePointerCapture(id);
"""


@pytest.mark.parametrize("script", [ANOTHER_TAB, LOST_CAPTURE], ids=["another tab", "no capture"])
def test_what_ends_a_stroke_keeps_it(page, script):
    page.draw_stroke(LINE, WHOLE, lift=False)
    page.page.evaluate(f"() => {{ {script} }}")
    page.move([(0.9, 0.5), (0.5, 0.9)])
    page.page.mouse.up()
    assert_line(page)
    page.press(TEXT["undo"])
    page.expect_verdict("blank")


def test_ink_runs_ahead_of_the_pen_and_leaves_nothing_behind(open_page):
    """Chromium predicts nothing here: each event is predicted again, 30 pixels to the right."""
    visit = open_page(
        script="PointerEvent.prototype.getPredictedEvents = function () { return [new PointerEvent("
        "this.type, { clientX: this.clientX + 30, clientY: this.clientY })]; }"
    )

    def is_ahead():
        drawn = visit.page.evaluate("document.querySelector('.ahead').toDataURL()")
        return np.asarray(picture_of(drawn)).any()

    visit.draw_stroke(STROKES[3][0], lift=False)
    assert is_ahead()
    visit.page.mouse.up()
    assert not is_ahead()


# --- Erasing, undo and redo -------------------------------------------------------------------


@pytest.mark.parametrize("tool", ["mouse", "pen"])
def test_the_right_button_erases_the_strokes_that_it_crosses(page, hand, tool):
    for y in (0.2, 0.5, 0.8):
        page.draw_stroke([(0.1, y), (0.9, y)], WHOLE)
    drawn = page.drawing()
    path = [(0.5, 0.65), (0.52, 0.95)]
    if tool == "pen":
        hand.pen(path, button="right")
    else:
        page.draw_stroke(path, WHOLE, button="right")
    assert inked(page) == pytest.approx([0.083, 0.183, 0.917, 0.517], abs=5e-3)
    page.page.keyboard.press("Control+z")
    assert page.drawing() == drawn
    page.page.keyboard.press("Control+Shift+z")
    assert inked(page)[3] < 0.6


def test_the_other_end_of_a_pen_erases(page):
    """No test can turn a pen around: the event is made here."""
    page.draw_stroke(LINE, WHOLE)
    [(x, y)] = page.points([LINE[2]], WHOLE)
    page.page.evaluate(
        """([x, y]) => {
            const paper = document.querySelector(".paper");
            paper.setPointerCapture = () => {};
            const options = { clientX: x, clientY: y, pointerId: 7, pointerType: "pen" };
            for (const [type, button, buttons] of [["down", 5, 32], ["up", 5, 0]])
                paper.dispatchEvent(
                    new PointerEvent("pointer" + type, { ...options, button, buttons }),
                );
            delete paper.setPointerCapture;
        }""",
        [x, y],
    )
    page.expect_verdict("blank")


def test_a_right_click_that_meets_no_ink_is_no_step(page):
    page.draw_stroke(LINE, WHOLE)
    page.tap(0.5, 0.9, button="right")
    assert_line(page)
    page.page.keyboard.press("Control+z")
    page.expect_verdict("blank")


def photo():
    picture = Image.new("L", (400, 300), 255)
    picture.paste(40, (180, 60, 210, 240))
    return saved(picture)


def test_undo_and_redo_go_through_strokes_photos_examples_and_clears(page):
    undo, redo = (page.page.get_by_role("button", name=TEXT[name]) for name in ("undo", "redo"))
    while undo.is_enabled():  # what earlier tests drew
        page.page.keyboard.press("Control+z")
    seen = [page.drawing()]
    for step in (
        lambda: page.draw_stroke(LINE, WHOLE),
        lambda: page.choose_photo(photo()),
        lambda: page.draw_stroke([(0.2, 0.2), (0.8, 0.8)], WHOLE),
        lambda: page.press(TEXT["examples"][0]),
        lambda: page.press(TEXT["clear"]),
    ):
        step()
        page.page.wait_for_function(
            "before => document.querySelector('.paper').toDataURL() !== before", arg=seen[-1]
        )
        seen.append(page.drawing())
    expect(redo).to_be_disabled()
    assert seen[-1] == seen[0]
    for drawing in seen[-2::-1]:
        page.page.keyboard.press("Control+z")
        assert page.drawing() == drawing
    expect(undo).to_be_disabled()
    for key, drawing in zip(
        ["Control+y", "Control+Shift+Z", "Meta+Shift+Z"], seen[1:4], strict=True
    ):
        page.page.keyboard.press(key)
        assert page.drawing() == drawing
    page.press(TEXT["redo"])
    page.press(TEXT["redo"])
    assert page.drawing() == seen[-1]
    expect(redo).to_be_disabled()
    page.press(TEXT["undo"])
    expect(redo).to_be_enabled()
    page.draw_stroke(LINE, WHOLE)
    expect(redo).to_be_disabled()  # there is another future now
