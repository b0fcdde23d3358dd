"""The real page in a real browser: ``python app.py``, the shipped model, real pointer events."""

import json
import shutil
import socket

import numpy as np
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from digits import __version__
from digits.strokes import PEN_WIDTH
from tests.conftest import ROOT, start_app
from tests.handwriting import STROKES

WORDS = json.loads((ROOT / "digits/page/words.json").read_text(encoding="utf-8"))
LARGE = (0.24, 0.16, 0.52, 0.68)  # left, top, width and height on the paper
CORNER = (0.04, 0.05, 0.14, 0.18)


def open_page(chromium, app, **context):
    """Open the page and keep what it asked for and what it complained of."""
    page = chromium.new_context(**context).new_page()
    page.requested, page.complaints = [], []
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.goto(app)
    page.locator(".chart .main-svg").first.wait_for()
    return page


@pytest.fixture(scope="module")
def desktop(app, chromium):
    page = open_page(chromium, app, viewport={"width": 1280, "height": 800})
    yield page
    page.context.close()


@pytest.fixture
def page(desktop):
    desktop.keyboard.press("Escape")
    expect(desktop.locator(".reading")).to_have_attribute("data-verdict", "blank")
    return desktop


@pytest.fixture(scope="module")
def phone(app, chromium):
    page = open_page(
        chromium,
        app,
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        color_scheme="dark",
    )
    yield page
    page.context.close()


def path(page, stroke, box=LARGE):
    """Points of a stroke in pixels of the window."""
    paper = page.locator(".paper").bounding_box()
    left, top, width, height = box
    return [
        (
            paper["x"] + paper["width"] * (left + width * x),
            paper["y"] + paper["height"] * (top + height * y),
        )
        for x, y in stroke
    ]


def write_stroke(page, points):
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=2)


def write(page, digit, box=LARGE):
    for stroke in STROKES[digit]:
        write_stroke(page, path(page, stroke, box))
        page.mouse.up()


def expect_read(page, digit):
    """Wait for the digit, on its own or with a question mark, and its bar as the highest."""
    shown = page.locator(".digit")
    try:
        page.wait_for_function(
            "d => document.querySelector('.digit').textContent[0] === d", arg=f"{digit}"
        )
    except Exception as error:
        raise AssertionError(f"The page reads {shown.inner_text()}, not {digit}.") from error
    heights = page.evaluate(
        "[...document.querySelectorAll('.chart .point path')].map(bar => bar.getAttribute('d'))"
    )
    assert len(heights) == 10
    probabilities = page.evaluate("document.querySelector('.chart').data[0].y")
    assert np.argmax(probabilities) == digit
    tops = [float(bar.split("V")[1].split("H")[0]) for bar in heights]
    assert np.argmin(tops) == digit  # y grows downwards


def ink(page):
    return page.evaluate("document.querySelector('.paper').toDataURL()")


@pytest.mark.parametrize("box", [LARGE, CORNER], ids=["large", "corner"])
@pytest.mark.parametrize("digit", range(10))
def test_reads_each_digit_without_a_click(page, digit, box):
    write(page, digit, box)
    expect_read(page, digit)


def test_reads_while_the_pen_is_down(page):
    (stroke,) = STROKES[3]
    write_stroke(page, path(page, stroke))
    expect_read(page, 3)  # no pen-up yet
    page.mouse.up()
    expect_read(page, 3)


def test_says_how_sure_it_is_in_the_words_of_the_verdict(page):
    write(page, 7)
    expect(page.locator(".reading")).to_have_attribute("data-verdict", "digit")
    expect(page.locator(".words")).to_have_text("A 7, surely")
    expect(page.locator(".digit")).to_have_text("7")
    expect(page.locator(".spoken")).to_have_text("A 7, surely")  # for a screen reader
    assert (
        page.locator(".chart")
        .get_attribute("aria-label")
        .startswith("Probability of each digit: 7 ")
    )


def test_a_blank_pad_says_so(page):
    expect(page.locator(".words")).to_have_text("Draw something")
    expect(page.get_by_text(WORDS["invitation"])).to_be_visible()
    assert page.evaluate("document.querySelector('.chart').data[0].y") == [0] * 10


def test_shows_what_the_network_sees(page):
    def light():
        return page.evaluate(
            "(() => { const c = document.querySelector('.seen canvas');"
            "return c.getContext('2d').getImageData(0, 0, 28, 28).data"
            ".filter((value, i) => i % 4 === 0 && value > 127).length })()"
        )

    assert light() == 0
    write(page, 0, CORNER)
    expect_read(page, 0)
    assert 40 < light() < 300  # a digit of MNIST's size and weight, however small it was drawn


def write_number(page, *digits):
    for i, digit in enumerate(digits):
        write(page, digit, (0.04 + 0.96 * i / len(digits), 0.35, 0.76 / len(digits), 0.3))


def test_a_number_is_read_and_the_chart_follows_the_digit_that_is_picked(page):
    write_number(page, 2, 0, 2, 6)
    expect(page.locator(".words")).to_have_text(WORDS["number"].format(number="2026"))
    buttons = page.locator(".number button")
    assert buttons.all_inner_texts() == ["2", "0", "2", "6"]
    expect(page.locator(".digit")).to_be_hidden()
    buttons.nth(3).click()
    expect(buttons.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(buttons.nth(0)).to_have_attribute("aria-pressed", "false")
    assert np.argmax(page.evaluate("document.querySelector('.chart').data[0].y")) == 6
    page.keyboard.press("Control+Z")
    expect(buttons).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator(".number")).to_be_hidden()
    expect(page.locator(".digit")).to_be_visible()


def seen(page):
    canvas = "document.querySelector('.seen canvas')"
    pixels = page.evaluate(f"[...{canvas}.getContext('2d').getImageData(0, 0, 28, 28).data]")
    return np.reshape(pixels, (28, 28, 4))[..., :3]


def test_shows_what_counted_and_goes_back_with_the_next_reading(page):
    write(page, 7)
    expect_read(page, 7)
    plain = seen(page)
    page.locator(".seen").click()
    expect(page.locator(".seen")).to_have_text(WORDS["evidence"])
    heat = seen(page)
    assert heat.any(axis=2)[plain.min(axis=2) > 30].all()
    assert (heat <= plain).all()
    red, green, blue = heat[plain.min(axis=2) > 200].T.astype(int)
    assert (red >= green).all()
    assert (green >= blue).all()
    assert red.max() > 2 * red.min()
    page.locator(".seen").click()
    expect(page.locator(".seen")).to_have_text(WORDS["seen"])
    assert np.array_equal(seen(page), plain)
    page.locator(".seen").click()
    expect(page.locator(".seen")).to_have_text(WORDS["evidence"])
    page.keyboard.press("Escape")
    expect(page.locator(".seen")).to_have_text(WORDS["seen"])


def test_clear_then_draw_again(page):
    blank = ink(page)
    write(page, 7)
    expect_read(page, 7)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".words")).to_have_text("Draw something")
    assert ink(page) == blank
    write(page, 2)
    expect_read(page, 2)


def test_undo_takes_back_one_stroke_and_a_clearing(page):
    first, second = STROKES[4]
    write_stroke(page, path(page, first))
    page.mouse.up()
    one_stroke = ink(page)
    write_stroke(page, path(page, second))
    page.mouse.up()
    two_strokes = ink(page)
    expect_read(page, 4)

    page.get_by_role("button", name="Undo").click()
    assert ink(page) == one_stroke
    page.keyboard.press("Control+z")
    expect(page.locator(".words")).to_have_text("Draw something")

    write(page, 4)
    page.keyboard.press("Escape")
    expect(page.locator(".words")).to_have_text("Draw something")
    page.keyboard.press("Control+z")
    expect_read(page, 4)
    assert ink(page) == two_strokes


def test_the_pen_is_as_wide_as_the_benchmarks_assume(page):
    write_stroke(page, path(page, [(0.5, 0), (0.5, 1)]))
    page.mouse.up()
    row = page.evaluate(
        "(() => { const c = document.querySelector('.paper'), y = c.height >> 1;"
        "return [...c.getContext('2d').getImageData(0, y, c.width, 1).data] })()"
    )
    darkness = 255 - np.array(row[::4])
    assert darkness.sum() / 255 / darkness.size == pytest.approx(PEN_WIDTH, abs=1e-3)
    assert ((darkness > 0) & (darkness < 255)).any()  # anti-aliased edges


def test_nothing_moves_whatever_the_reading_says(page, phone):
    def places(visited):
        names = ["paper", "tools", "answer", "seen", "chart", "page footer"]
        return [visited.locator(f".{name}").bounding_box() for name in names]

    for visited in (page, phone):
        before = places(visited)
        for words in (WORDS["failed"], *WORDS["verdicts"].values()):  # ends with the blank one
            visited.evaluate(
                "words => { document.querySelector('.words').textContent = words;"
                "document.querySelector('.notice').textContent = words; }",
                words,
            )
            assert places(visited) == before
        visited.evaluate("document.querySelector('.notice').textContent = ''")
    before = places(page)
    write(page, 5)
    expect_read(page, 5)
    assert places(page) == before


def test_without_a_connection_the_pad_draws_on_and_the_reading_catches_up(page):
    complaints = list(page.complaints)
    page.context.set_offline(True)
    before = ink(page)
    write(page, 6)
    assert ink(page) != before
    expect(page.locator(".notice")).to_contain_text("No connection")
    expect(page.locator(".words")).to_have_text("Draw something")
    page.context.set_offline(False)
    expect_read(page, 6)
    expect(page.locator(".notice")).to_be_empty()
    page.complaints[:] = complaints  # the browser logs each request that failed


def test_a_slow_answer_is_announced_and_never_replaces_a_newer_one(page):
    held, holding = [], True

    def hold(route):
        if holding:
            held.append(route)
        else:
            route.continue_()

    page.route("**/component_server/", hold)
    write(page, 1)
    expect(page.locator(".notice")).to_contain_text("Slow connection")
    holding = False
    page.get_by_role("button", name="Clear").click()
    write(page, 7)
    expect_read(page, 7)
    for route in held:
        with page.expect_response(lambda answer: answer.request == route.request):  # noqa: B023
            route.continue_()
    page.wait_for_timeout(100)
    expect_read(page, 7)
    expect(page.locator(".notice")).to_be_empty()
    page.unroute("**/component_server/", hold)


def test_reads_a_finger_on_a_phone(phone):
    touch = phone.context.new_cdp_session(phone)

    def finger(kind, *point):
        points = [dict(zip("xy", point, strict=True))] if point else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for stroke in STROKES[2]:
        points = path(phone, stroke)
        finger("touchStart", *points[0])
        for point in points[1:]:
            finger("touchMove", *point)
        finger("touchEnd")
    expect_read(phone, 2)
    assert phone.evaluate("scrollY") == 0


def test_pad_digit_and_chart_are_on_a_phone_at_once(phone):
    for name in (".paper", ".tools", ".digit", ".words", ".seen", ".chart"):
        box = phone.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= 844
    assert phone.locator(".paper").bounding_box()["width"] > 300
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_the_chart_follows_the_theme(page, phone):
    def text_colour(page):
        return page.locator(".chart .xtick text").first.evaluate("text => text.style.fill")

    assert text_colour(page) == "rgb(27, 28, 32)"
    assert text_colour(phone) == "rgb(240, 241, 244)"
    page.evaluate("document.body.classList.add('dark')")
    page.wait_for_function(
        "document.querySelector('.chart .xtick text').style.fill === 'rgb(240, 241, 244)'"
    )
    page.evaluate("document.body.classList.remove('dark')")


def test_everyone_can_use_it(page, phone):
    """No finding of axe-core, with something drawn, in the light and in the dark."""
    for visited in (page, phone):
        visited.keyboard.press("Escape")  # what an earlier test drew
        write(visited, 4)
        expect_read(visited, 4)
        found = Axe().run(visited).response["violations"]
        assert [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found] == []


def test_the_footer_names_the_version(page):
    expect(page.locator("footer").last).to_contain_text(f"Digits {__version__}")


def test_no_request_leaves_the_server_and_nothing_complains(app, page, phone):
    write(page, 8)
    expect_read(page, 8)
    for visited in (page, phone):
        foreign = [url for url in visited.requested if not url.startswith((app, "data:", "blob:"))]
        assert foreign == []
        assert visited.complaints == []


def test_a_broken_picture_gets_a_sentence(app, page):
    component = page.evaluate(
        "gradio_config.components.find(component => component.type === 'html').id"
    )
    answer = requests.post(
        f"{app}/gradio_api/component_server",
        json={
            "data": "data:image/png;base64,AAAA",
            "component_id": component,
            "fn_name": "read",
            "session_hash": "test",
        },
        timeout=20,
    )
    assert answer.json()["words"] == "Something went wrong: try again"
    assert "Traceback" not in answer.text


# --- What stops the start ---------------------------------------------------------------------


def refusal(**environment):
    """Start the app, expect it to give up; return what it says."""
    app = start_app(**environment)
    _, said = app.communicate(timeout=60)
    assert app.returncode == 1
    assert said.count("\n") == 1, said
    return said


def test_an_occupied_port_stops_the_start():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = refusal(GRADIO_SERVER_PORT=port)
    assert port in said
    assert "GRADIO_SERVER_PORT" in said


def test_a_port_that_is_no_number_stops_the_start():
    assert "'http'" in refusal(GRADIO_SERVER_PORT="http")


def test_a_missing_model_stops_the_start(tmp_path):
    model = tmp_path / "lost.keras"
    assert str(model) in refusal(DIGITS_MODEL=str(model), GRADIO_SERVER_PORT=free_port())


def test_a_broken_model_stops_the_start(tmp_path):
    model = tmp_path / "mnist_cnn_albu.keras"
    for suffix in (".keras", ".json"):
        shutil.copy(ROOT / "models" / model.with_suffix(suffix).name, tmp_path)
    model.write_bytes(model.read_bytes()[:1000])
    assert str(model) in refusal(DIGITS_MODEL=str(model), GRADIO_SERVER_PORT=free_port())


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])
