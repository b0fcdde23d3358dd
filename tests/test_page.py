"""The page in a real browser: ``python app.py``, the shipped model, a real pointer."""

import json
import re
from io import BytesIO

import numpy as np
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from benchmarks.server import ROOT
from digits import Recognizer, __version__
from digits.engine import MODEL, load_engine
from digits.page import TEXT
from digits.page.content import page_html
from digits.training.render import PEN_WIDTH
from tests.browser import CORNER, DESKTOP, READ, Visit, picture_of
from tests.handwriting import STROKES
from tests.handwriting import write as write_picture
from tests.picture_files import saved

CONFIDENT = TEXT["verdicts"]["digit"]


@pytest.fixture
def timed(app, chromium):
    """A page whose clock the test can put forward."""
    visit = Visit(chromium, app, clock=True, **DESKTOP)
    yield visit
    visit.leave()


# --- Reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize("digit", range(10))
def test_reads_each_digit_large_and_in_a_corner(page, digit):
    page.write(digit)
    page.expect_read(digit)
    page.clear()
    page.write(digit, CORNER)
    page.expect_read(digit)


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
    label = TEXT["chart"].format(top=", ".join(map(" ".join, top)))
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


# --- What the network sees, and the chart -----------------------------------------------------


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
    page.settle()
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
    page.settle()
    page.page.evaluate(
        "window.moved = false;"
        "document.querySelector('.chart').addEventListener('transitionrun', () => (moved = true))"
    )
    page.page.keyboard.press("Escape")
    page.write(7)
    page.settle()
    page.frames(2)
    assert page.page.evaluate("moved") == moves
    page.page.emulate_media(reduced_motion="no-preference")


# --- The pad ----------------------------------------------------------------------------------


def test_clear_then_draw_again(page):
    blank = page.drawing()
    page.write(7)
    page.expect_read(7)
    page.press(TEXT["clear"])
    page.expect_verdict("blank")
    assert page.drawing() == blank
    page.write(2)
    page.expect_read(2)


def test_undo_takes_back_one_stroke_and_a_clearing(page):
    first, second = STROKES[4]
    page.draw_stroke(first)
    one_stroke = page.drawing()
    page.draw_stroke(second)
    two_strokes = page.drawing()
    page.expect_read(4)

    page.press(TEXT["undo"])
    assert page.drawing() == one_stroke
    page.page.keyboard.press("Control+z")
    page.expect_verdict("blank")

    page.write(4)
    page.clear()
    page.page.keyboard.press("Control+z")
    page.expect_read(4)
    assert page.drawing() == two_strokes


def test_a_corner_is_a_corner_and_a_curve_is_smooth(page):
    page.draw_stroke([(0.2, 0.2), (0.8, 0.2), (0.8, 0.8)], box=(0, 0, 1, 1))
    ink = np.asarray(picture_of(page.drawing()).convert("L")) < 128
    side = len(ink)
    rows, columns = np.nonzero(ink)
    away = np.minimum(np.abs(rows - 0.2 * side), np.abs(columns - 0.8 * side))
    assert away.max() < (PEN_WIDTH / 2 + 0.005) * side
    page.clear()
    turn = np.linspace(0, 2 * np.pi, 17)
    page.draw_stroke(np.stack([np.cos(turn), np.sin(turn)], 1) / 4 + 0.5, box=(0, 0, 1, 1))
    rows, columns = np.nonzero(np.asarray(picture_of(page.drawing()).convert("L")) < 128)
    radii = np.hypot(rows / side - 0.5, columns / side - 0.5)
    assert np.ptp(radii) < PEN_WIDTH + 0.01


def test_ink_is_where_the_pen_was_and_as_wide_as_the_benchmarks_assume(page):
    page.draw_stroke([(0.2, 0.1), (0.2, 0.9)], box=(0, 0, 1, 1))
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


# --- Photos -----------------------------------------------------------------------------------


def photograph(digit, width, height, kind="JPEG"):
    """A digit in grey pencil on white paper, as a file."""
    side = min(width, height)
    picture = Image.new("L", (width, height), "white")
    picture.paste(write_picture(digit, size=side, pen=side // 29).point(lambda grey: grey or 60))
    return saved(picture, kind, quality=90)


def aspect(picture):
    """Width of the ink in a picture, as a part of its height."""
    dark = picture.convert("L").point(lambda grey: 255 * (grey < 128))
    left, top, right, bottom = dark.getbbox()
    return (right - left) / (bottom - top)


def test_reads_a_chosen_photo_and_draws_again(page):
    photo = photograph(3, 3000, 4000)
    page.choose_photo(TEXT["photo"], photo)
    page.expect_read(3)
    shown = page.drawing()
    assert aspect(picture_of(shown)) == pytest.approx(aspect(Image.open(BytesIO(photo))), abs=0.02)
    page.write(7)
    page.expect_read(7)
    for _ in STROKES[7]:
        page.page.keyboard.press("Control+z")
    page.expect_read(3)
    assert page.drawing() == shown


def test_reads_a_pasted_and_a_dropped_photo(page):
    page.hand_over("paste", photograph(2, 600, 600, "PNG"))
    page.expect_read(2)
    page.hand_over("dragover", b"")
    expect(page.find(".sheet")).to_have_class(re.compile("awaiting"))
    page.hand_over("drop", photograph(6, 600, 600))
    page.expect_read(6)
    expect(page.find(".sheet")).not_to_have_class(re.compile("awaiting"))


def test_the_newest_of_photos_and_strokes_counts(page):
    large, small = photograph(3, 3000, 3000), photograph(6, 200, 200, "PNG")
    page.hand_over("paste", large)
    page.hand_over("paste", small)
    page.expect_read(6)
    page.page.wait_for_timeout(500)  # for the large one, which is ready later
    page.expect_read(6)
    page.hand_over("paste", large)
    page.write(7)
    page.page.wait_for_timeout(500)
    page.expect_read(7)


def test_a_photo_that_cannot_be_read_gets_a_sentence(page, tmp_path):
    blank = page.drawing()
    page.choose_photo(TEXT["photo"], photograph(3, 300, 300)[:100])
    expect(page.find(".notice")).to_have_text(re.compile("^This file is not a picture"))
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(25_000_001)
    page.choose_photo(TEXT["photo"], large)
    page.expect_notice(TEXT["photo_too_large"])
    page.hand_over("drop", b"Dear network")
    expect(page.find(".notice")).to_have_text(re.compile("^This file is not a picture"))
    assert page.drawing() == blank
    page.write(1)
    page.expect_read(1)
    page.expect_notice("")


# --- Saving -----------------------------------------------------------------------------------


def test_saves_the_drawing_with_its_reading(page, recognizer):
    expect(page.page.get_by_role("button", name=TEXT["save"])).to_be_disabled()
    page.write_number(4, 2)
    page.expect_text(TEXT["number"].format(number="42"))
    page.settle()
    with page.page.expect_download() as download:
        page.press(TEXT["save"])
    assert download.value.suggested_filename == "digits-42.png"
    saved = Image.open(download.value.path())
    assert saved.format == "PNG"
    width, height = saved.size
    drawing, said = saved.crop((0, 0, width, width)), saved.crop((0, width, width, height))
    assert aspect(drawing) == pytest.approx(aspect(picture_of(page.drawing())), abs=0.02)
    assert aspect(said) > 1  # a line of text
    assert [reading.digit for reading in recognizer.read_digits(drawing)] == [4, 2]


def test_a_drawing_without_an_answer_is_saved_without_a_reading(page):
    page.write(7)
    page.expect_read(7)
    held = page.hold_readings()
    page.write(7, CORNER)
    with page.page.expect_download() as download:
        page.press(TEXT["save"])
    page.release(held)
    assert download.value.suggested_filename == "digits.png"
    saved = Image.open(download.value.path()).convert("L")
    assert saved.crop((0, saved.width, *saved.size)).getextrema()[0] > 200


# --- When the server is far away or busy ------------------------------------------------------


def test_without_a_connection_the_pad_draws_on_and_the_reading_catches_up(page):
    complaints, late = list(page.complaints), re.compile("late")
    page.write(7)
    page.expect_read(7)
    page.page.context.set_offline(True)
    page.press(TEXT["clear"])
    page.expect_text(TEXT["verdicts"]["blank"])  # an empty pad needs no server
    blank = page.drawing()
    page.write(6)
    page.expect_notice(TEXT["lost"])
    assert page.drawing() != blank
    page.expect_text(TEXT["verdicts"]["blank"])
    expect(page.find(".reading")).to_have_class(late)  # dimmed: it is of another drawing
    page.page.context.set_offline(False)
    page.expect_read(6)
    page.expect_notice("")
    expect(page.find(".reading")).not_to_have_class(late)
    page.complaints[:] = complaints  # the browser logs each request that failed


def test_a_busy_server_is_asked_again(page):
    page.page.route(READ, lambda route: route.fulfill(json={"busy": True}))
    page.write(5)
    page.expect_notice(TEXT["busy"])
    page.page.unroute(READ)
    page.expect_read(5)
    page.expect_notice("")


def test_a_slow_answer_is_announced_and_never_replaces_a_newer_one(timed):
    held = timed.hold_readings()
    timed.write(1)
    timed.page.clock.run_for(1500)
    timed.expect_notice(TEXT["slow"])
    held.is_open = True
    timed.press(TEXT["clear"])
    timed.write(7)
    timed.settle()
    timed.expect_read(7)
    timed.release(held)
    timed.expect_read(7)
    timed.expect_notice("")


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


def test_a_broken_picture_gets_a_sentence(app, page):
    component = page.page.evaluate(
        "gradio_config.components.find(({ props }) => props.server_fns?.includes('read')).id"
    )
    answer = requests.post(
        f"{app}/gradio_api/component_server",
        json={
            "data": {"picture": "data:image/png;base64,AAAA"},
            "component_id": component,
            "fn_name": "read",
            "session_hash": "test",
        },
        timeout=20,
    )
    assert answer.json()["text"].startswith("This file is not a picture that can be read")


# --- Every screen, every hand -----------------------------------------------------------------


def test_reads_a_finger_on_a_phone(phone):
    touch = phone.page.context.new_cdp_session(phone.page)

    def finger(kind, *point):
        points = [dict(zip("xy", point, strict=True))] if point else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for stroke in STROKES[2]:
        first, *others = phone.points(stroke)
        finger("touchStart", *first)
        for point in others:
            finger("touchMove", *point)
        finger("touchEnd")
    phone.expect_read(2)
    assert phone.page.evaluate("scrollY") == 0


def test_pad_digit_and_chart_are_on_a_phone_at_once(phone):
    for name in (".paper", ".tools", ".examples", ".digit", ".text", ".top", ".view", ".chart"):
        box = phone.find(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= 844
    assert phone.find(".paper").bounding_box()["width"] > 300
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_long_number_is_whole_on_every_screen(page, phone):
    for visit in (page, phone):
        visit.write_number(2, 0, 4, 8, 5, 1, 7)
        visit.expect_text(TEXT["number"].format(number=2048517))
        digits, view = visit.find(".number button"), visit.find(".view").bounding_box()
        for i in range(7):
            box = digits.nth(i).bounding_box()
            assert box["x"] + box["width"] < view["x"]
        covers = "e => e.contains(document.elementFromPoint(...%s)) || 'covered'"
        box = visit.find(".text").bounding_box()
        end = [box["x"] + box["width"] - 2, box["y"] + box["height"] / 2]
        assert visit.find(".text").evaluate(covers % end) is True


def test_nothing_moves_whatever_the_reading_says(page, phone):
    names = ["paper", "tools", "examples", "answer", "view", "chart", "page footer"]
    for visit in (page, phone):

        def places(visit=visit):
            return [visit.find(f".{name}").bounding_box() for name in names]

        before = places()
        for text in (TEXT["failed"], TEXT["lost"], *TEXT["verdicts"].values()):
            visit.page.evaluate(
                "text => document.querySelectorAll('.text, .note, .notice')"
                ".forEach(element => (element.textContent = text))",
                text,
            )
            assert places() == before
        visit.write(5)
        visit.settle()
        assert places() == before


def test_everyone_can_use_it(page, phone):
    """No finding of axe-core, with something drawn, in the light and in the dark."""
    for visit in (page, phone):
        visit.write(4)
        visit.settle()
        found = Axe().run(visit.page).response["violations"]
        assert [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found] == []


def test_the_keyboard_reaches_everything_in_reading_order(page):
    page.write(7)
    page.settle()
    reached = []
    page.page.get_by_role("button", name=TEXT["undo"]).focus()
    for _ in range(13):
        reached.append(
            page.page.evaluate(
                "document.activeElement.ariaLabel ?? document.activeElement.innerText"
            )
        )
        page.page.keyboard.press("Tab")
    tools = [TEXT[name] for name in ("undo", "clear", "photo", "save")]
    assert reached == [*tools, *TEXT["examples"], TEXT["model_input"], TEXT["teach"], TEXT["more"]]
    page.page.get_by_role("button", name=TEXT["examples"][1]).focus()
    page.page.keyboard.press("Enter")
    page.expect_read(0)


# --- What stands below ------------------------------------------------------------------------


def test_the_figures_are_given_for_the_model_that_was_measured_alone(recognizer):
    assert "<td>" in page_html({}, recognizer.sha256)
    assert "<td>" not in page_html({}, Recognizer(load_engine(MODEL), recognizer.thresholds).sha256)


def test_tells_how_it_works_with_the_figures_of_the_benchmark(page):
    more = page.find(".more")
    expect(more.locator("li").first).to_be_hidden()
    more.locator("summary").focus()
    page.page.keyboard.press("Enter")
    expect(more.locator("ol li")).to_have_text(TEXT["how"])
    measured = json.loads((ROOT / "benchmarks/accuracy.json").read_text())
    hands, shares = measured["real_hands"], more.locator("td").all_inner_texts()
    for way in ("default, ours", "anywhere, ours", "anywhere, whole canvas to 28x28"):
        assert f"{hands[way]['macro']:.1%}" in shares
    assert f"{measured['mnist']['accuracy']:.1%}" in shares
    first = more.locator("th").first.inner_text()
    assert f"{hands['n']:,}" in first
    assert f"{hands['writers']} people" in first
    page.page.keyboard.press("Enter")
    expect(more.locator("li").first).to_be_hidden()


def test_the_picture_of_the_network_is_that_of_the_model(page):
    import keras

    network = keras.saving.load_model(MODEL, compile=False)
    sizes = ["28*28"]
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D):
            _, height, width, filters = layer.output.shape
            sizes.append(f"{filters} * {height}*{width}")
        if isinstance(layer, keras.layers.Dense):
            sizes.append(f"{layer.units}")
    shown = page.find(".network text").all_text_contents()
    assert [text.replace("\N{MULTIPLICATION SIGN}", "*") for text in shown] == [
        *dict.fromkeys(sizes)
    ]
    assert f"{network.count_params():,}" in TEXT["network"]


def test_what_the_page_links_to_is_there(app, page):
    links = page.find(".more a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) == 3
    for link in links:
        assert link.startswith(app)
        assert requests.get(link, timeout=20).status_code == 200


def test_the_footers_name_the_version_and_lead_to_the_api(app, chromium):
    visit = Visit(chromium, app)
    visit.write(7)
    expect(visit.find(".page footer")).to_contain_text(f"Digits {__version__}")
    visit.page.get_by_role("button", name="Use via API").click()
    expect(visit.page.get_by_role("dialog", name="Use via API")).to_be_visible()
    visit.page.keyboard.press("Delete")  # in the dialog, not on the pad behind it
    expect(visit.find(".digit")).to_have_text("7")
    visit.leave()


# --- What goes over the wire ------------------------------------------------------------------


def test_modules_are_scripts_whose_address_changes_with_them(page):
    modules = [url for url in page.requests if "/digits/page/" in url and "/vendor/" not in url]
    names = {re.search(r"(\w+)\.js\?[0-9a-f]{12}$", url)[1] for url in modules}
    assert names == {path.stem for path in (ROOT / "digits/page").glob("*.js")}
    for url in modules:
        kind = requests.get(url, timeout=20).headers["Content-Type"]
        assert re.match("(text|application)/javascript", kind)


def test_a_first_visit_loads_less_than_a_megabyte(app, chromium):
    page = chromium.new_page()
    received = []
    page.on("requestfinished", lambda request: received.append(request.sizes()["responseBodySize"]))
    page.goto(app)
    expect(page.locator(".chart .point")).to_have_count(10)
    assert 100_000 < sum(received) < 1_000_000
    page.context.close()


def test_a_page_without_its_script_says_so(app, chromium):
    page = chromium.new_page()
    page.route("**/view.js*", lambda route: route.abort())
    page.goto(app)
    expect(page.locator(".notice")).to_have_text(TEXT["no_page"])
    page.context.close()


def test_a_page_without_its_chart_reads(app, chromium):
    page = chromium.new_page()
    page.route("**/plotly-basic.min.js*", lambda route: route.abort())
    page.goto(app)
    expect(page.locator(".chart")).to_have_text(TEXT["no_chart"])
    page.get_by_role("button", name=TEXT["examples"][0]).click()
    expect(page.locator(".text")).to_have_text(CONFIDENT.format(first=7))
    page.context.close()


def test_works_under_a_path_of_another_server(app, chromium):
    page = chromium.new_page()
    page.route(
        f"{app}/demo/**", lambda route: route.continue_(url=route.request.url.replace("/demo", ""))
    )
    page.goto(f"{app}/demo/")
    page.get_by_role("button", name=TEXT["examples"][0]).click()
    expect(page.locator(".text")).to_have_text(CONFIDENT.format(first=7))
    page.locator(".chart .main-svg").first.wait_for()
    page.context.close()


def test_the_page_asks_for_no_frames_while_nothing_happens(app, chromium):
    """Its modules and Plotly, that is: Gradio 6.31 asks for frames for as long as it is open."""
    visit = Visit(
        chromium,
        app,
        "const frame = requestAnimationFrame; window.askers = [];"
        "requestAnimationFrame = (callback) => {"
        " askers.push(new Error().stack); return frame(callback); }",
    )
    visit.write(7)
    visit.settle()
    visit.frames(30)
    visit.page.evaluate("askers.length = 0")
    visit.frames(30)
    askers = visit.page.evaluate("askers")
    visit.leave()
    assert not [stack for stack in askers if "/digits/page/" in stack or "plotly" in stack]


def test_no_request_leaves_the_server_and_nothing_complains(app, page, phone):
    for visit in (page, phone):
        visit.write(8)
        visit.expect_read(8)
        own = (app, "data:", "blob:")
        assert [url for url in visit.requests if not url.startswith(own)] == []
        assert visit.complaints == []


@pytest.mark.parametrize("digits", [(4, 2), (2, 0, 2, 6), (3, 5, 8, 1, 2, 7, 4, 6)])
def test_a_number_that_fits_has_no_scrollbar(page, phone, digits):
    for visit in (page, phone):
        visit.write_number(*digits)
        expect(visit.find(".number button")).to_have_count(len(digits))
        number = visit.find(".number")
        assert number.evaluate("(e) => e.scrollHeight - e.clientHeight") == 0


def test_the_chart_stays_in_its_panel_when_the_text_above_grows(phone):
    before = phone.page.viewport_size
    phone.page.set_viewport_size({"width": 844, "height": 390})
    phone.write(4, (0.03, 0.1, 0.25, 0.3))
    for left in (0.4, 0.7):
        phone.write(7, (left, 0.55, 0.25, 0.3))
    expect(phone.find(".number button")).to_have_count(3)
    phone.page.wait_for_function(
        """() => {
            const bottom = (name) => document.querySelector(name).getBoundingClientRect().bottom;
            return bottom(".chart .main-svg") < bottom(".reading");
        }""",
        timeout=3000,
    )
    phone.page.set_viewport_size(before)


def test_the_pad_can_be_drawn_on_when_a_desktop_is_magnified_four_times(page):
    before = page.page.viewport_size
    page.page.set_viewport_size({"width": 320, "height": 200})
    assert page.find(".sheet").bounding_box()["width"] > 180
    assert page.page.evaluate("document.documentElement.scrollWidth") == 320
    page.page.set_viewport_size(before)
