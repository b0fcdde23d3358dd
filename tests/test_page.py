"""The real page in a real browser: ``python app.py``, the shipped model, real pointer events."""

import json
import re
import shutil
import socket
from base64 import b64decode
from io import BytesIO

import keras
import numpy as np
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from digits import Recognizer, __version__
from digits.recognizer import MODEL
from digits.strokes import PEN_WIDTH
from tests.conftest import ROOT, start_app
from tests.handwriting import STROKES
from tests.handwriting import write as write_picture

WORDS = json.loads((ROOT / "digits/page/words.json").read_text(encoding="utf-8"))
LARGE = (0.24, 0.16, 0.52, 0.68)  # left, top, width and height on the paper
CORNER = (0.04, 0.05, 0.14, 0.18)


def open_page(chromium, app, script="", **context):
    """Open the page, after a script, and keep what it asked for and what it complained of."""
    page = chromium.new_context(**context).new_page()
    page.add_init_script(script)
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


def test_the_chart_stays_a_plotly_chart(page):
    """What the pen moves without Plotly's help is what Plotly draws, once it is asked."""
    write(page, 4)
    write(page, 7)
    seen_at_last(page)
    bars = "[...document.querySelectorAll('.chart .point path')].map(bar => bar.getAttribute('d'))"
    labels = "[...document.querySelectorAll('.chart .point text')].map(text => text.textContent)"
    moved = page.evaluate(bars), page.evaluate(labels)
    page.locator(".chart").hover()
    assert (page.evaluate(bars), page.evaluate(labels)) == moved
    highest = page.locator(".chart .point").nth(
        int(np.argmax(page.evaluate("document.querySelector('.chart').data[0].y")))
    )
    highest.hover(force=True)  # Plotly listens on a layer above the bars
    expect(page.locator(".chart .hoverlayer")).to_contain_text("most likely")


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


def photograph(digit, width, height, kind="JPEG"):
    """A digit in grey pencil on white paper, as a file."""
    side = min(width, height)
    picture = Image.new("L", (width, height), "white")
    picture.paste(write_picture(digit, size=side, pen=side // 29).point(lambda grey: grey or 60))
    file = BytesIO()
    picture.save(file, kind, quality=90)
    return file.getvalue()


def aspect(picture):
    """Width of the ink in a picture, as a part of its height."""
    dark = picture.convert("L").point(lambda grey: 255 * (grey < 128))
    left, top, right, bottom = dark.getbbox()
    return (right - left) / (bottom - top)


def picture_of(data_url):
    return Image.open(BytesIO(b64decode(data_url.partition(",")[2])))


def choose(page, file):
    if isinstance(file, bytes):
        file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": file}
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=WORDS["photo"]).click()
    chooser.value.set_files(file)


def hand_over(page, event, content):
    """Paste or drop a file, as the browser tells the page of it."""
    page.evaluate(
        """([event, bytes]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "photo.jpg", { type: "image/jpeg" }));
            const options = { bubbles: true, cancelable: true };
            document.querySelector(".paper").dispatchEvent(
                event === "paste"
                    ? new ClipboardEvent("paste", { ...options, clipboardData: data })
                    : new DragEvent(event, { ...options, dataTransfer: data }),
            );
        }""",
        [event, [*content]],
    )


def test_reads_a_chosen_photo_and_draws_again(page):
    blank = ink(page)
    photo = photograph(3, 3000, 4000)
    choose(page, photo)
    expect_read(page, 3)
    shown = ink(page)
    assert aspect(picture_of(shown)) == pytest.approx(aspect(Image.open(BytesIO(photo))), abs=0.02)

    write(page, 7)
    expect_read(page, 7)
    for _ in STROKES[7]:
        page.keyboard.press("Control+z")
    expect_read(page, 3)
    assert ink(page) == shown
    page.keyboard.press("Escape")
    expect(page.locator(".words")).to_have_text(WORDS["verdicts"]["blank"])
    assert ink(page) == blank


def test_what_is_sent_of_a_photo_is_small(page):
    with page.expect_request("**/component_server/") as sent:
        choose(page, photograph(5, 4000, 3000))
    picture = picture_of(sent.value.post_data_json["data"])
    assert picture.format == "JPEG"
    assert picture.size == (1000, 750)
    expect_read(page, 5)


def test_reads_a_pasted_and_a_dropped_photo(page):
    hand_over(page, "paste", photograph(2, 600, 600, "PNG"))
    expect_read(page, 2)
    hand_over(page, "dragover", b"")
    expect(page.locator(".sheet")).to_have_class(re.compile("awaiting"))
    hand_over(page, "drop", photograph(6, 600, 600))
    expect_read(page, 6)
    expect(page.locator(".sheet")).not_to_have_class(re.compile("awaiting"))


def test_a_photo_that_cannot_be_read_gets_a_sentence(page, tmp_path):
    blank = ink(page)
    choose(page, photograph(3, 300, 300)[:100])
    expect(page.locator(".notice")).to_have_text(WORDS["no_picture"])
    hand_over(page, "drop", b"Dear network")
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(25_000_001)
    choose(page, large)
    expect(page.locator(".notice")).to_have_text(WORDS["photo_too_large"])
    assert ink(page) == blank
    write(page, 1)
    expect_read(page, 1)
    expect(page.locator(".notice")).to_be_empty()


def seen(page):
    canvas = "document.querySelector('.seen canvas')"
    pixels = page.evaluate(f"[...{canvas}.getContext('2d').getImageData(0, 0, 28, 28).data]")
    return np.reshape(pixels, (28, 28, 4))[..., :3]


def seen_at_last(page):
    """Wait for the reading of the whole drawing: half a seven may be read as a seven, too."""
    before, now = None, seen(page)
    while not np.array_equal(before, now):
        page.wait_for_timeout(500)
        before, now = now, seen(page)
    return now


def test_shows_what_counted_and_goes_back_with_the_next_reading(page):
    write(page, 7)
    expect_read(page, 7)
    plain = seen_at_last(page)
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


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (0, WORDS["verdicts"]["digit"].format(a="A", first=7)),
        (1, WORDS["verdicts"]["digit"].format(a="A", first=0)),
        (2, WORDS["verdicts"]["digit"].format(a="A", first=1)),
        (3, WORDS["number"].format(number=2026)),
        (4, WORDS["verdicts"]["not_a_digit"]),
        (5, WORDS["verdicts"]["not_a_digit"]),
    ],
)
def test_an_example_is_drawn_with_one_click_and_undone(page, place, said):
    write(page, 3)
    expect_read(page, 3)
    drawn = ink(page)
    page.get_by_role("button", name=WORDS["examples"][place]).click()
    expect(page.locator(".words")).to_have_text(said)
    page.keyboard.press("Control+z")
    expect_read(page, 3)
    assert ink(page) == drawn


def test_saves_the_drawing_with_its_reading(page, tmp_path):
    save = page.get_by_role("button", name=WORDS["save"])
    expect(save).to_be_disabled()
    write_number(page, 4, 2)
    expect(page.locator(".words")).to_have_text(WORDS["number"].format(number="42"))
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename == "digits-42.png"
    saved = Image.open(download.value.path())
    assert saved.format == "PNG"
    width, height = saved.size
    drawing, said = saved.crop((0, 0, width, width)), saved.crop((0, width, width, height))
    assert aspect(drawing) == pytest.approx(aspect(picture_of(ink(page))), abs=0.02)
    assert aspect(said) > 1  # a line of words
    assert "".join(f"{each.digit}" for each in Recognizer.load().read_number(drawing)) == "42"


def test_a_drawing_without_an_answer_is_saved_without_a_reading(page):
    write(page, 7)
    expect_read(page, 7)
    held = []
    page.route("**/component_server/", lambda route: held.append(route))
    write(page, 7, CORNER)
    with page.expect_download() as download:
        page.get_by_role("button", name=WORDS["save"]).click()
    for route in held:
        route.continue_()
    page.unroute("**/component_server/")
    assert download.value.suggested_filename == "digits.png"
    saved = Image.open(download.value.path()).convert("L")
    assert saved.crop((0, saved.width, *saved.size)).getextrema()[0] > 200


def test_names_the_three_most_likely_digits(page):
    top = page.locator(".top li")
    expect(top).to_have_count(0)
    write(page, 7)
    expect_read(page, 7)
    probabilities = np.array(page.evaluate("document.querySelector('.chart').data[0].y"))
    named = [text.split() for text in top.all_inner_texts()]
    assert named[0][0] == "7"
    assert [share for _, share in named] == [f"{p:.0%}" for p in sorted(probabilities)[:-4:-1]]
    page.keyboard.press("Escape")
    expect(top).to_have_count(0)
    write_number(page, 2, 6)
    page.locator(".number button").nth(1).click()
    expect(top.first).to_have_text(re.compile("^6 "))


def test_tells_how_it_works_with_the_figures_of_the_benchmark(page):
    about = page.locator(".more")
    expect(about.locator("li").first).to_be_hidden()
    about.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(about.locator("ol li")).to_have_text(WORDS["how"])
    measured = json.loads((ROOT / "benchmarks/accuracy.json").read_text())
    hands, shares = measured["real_hands"], about.locator("td").all_inner_texts()
    for way in ("default, ours", "anywhere, ours", "anywhere, whole canvas to 28x28"):
        assert f"{hands[way]['macro']:.1%}" in shares
    assert f"{measured['mnist']['accuracy']:.1%}" in shares
    assert f"{hands['n']:,}" in about.locator("th").first.inner_text()
    assert f"{hands['writers']} people" in about.locator("th").first.inner_text()
    page.keyboard.press("Enter")
    expect(about.locator("li").first).to_be_hidden()


def test_the_picture_of_the_network_is_that_of_the_model(page):
    network = keras.saving.load_model(MODEL, compile=False)
    sizes = ["28*28"]
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D):
            _, height, width, filters = layer.output.shape
            sizes.append(f"{filters} * {height}*{width}")
        if isinstance(layer, keras.layers.Dense):
            sizes.append(f"{layer.units}")
    told = [
        text.replace("\N{MULTIPLICATION SIGN}", "*")
        for text in page.locator(".network text").all_text_contents()
    ]
    assert told == list(dict.fromkeys(sizes))
    assert f"{network.count_params():,}" in WORDS["network"]


def test_what_the_page_links_to_is_there(app, page):
    links = page.locator(".more a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) == 3
    for link in links:
        assert link.startswith(app)
        assert requests.get(link, timeout=20).status_code == 200


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
        names = ["paper", "tools", "examples", "answer", "seen", "chart", "page footer"]
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


def test_one_picture_is_on_its_way_while_the_pen_is_down_and_the_last_one_waits_for_none(page):
    held = []
    page.route("**/component_server/", lambda route: held.append(route))
    points = path(page, STROKES[3][0], LARGE)
    write_stroke(page, points[:2])
    for point in points[2:]:
        page.wait_for_timeout(300 / len(points))  # long before it gives the answer up
        page.mouse.move(*point)
    assert len(held) == 1
    with page.expect_request("**/component_server/"):
        page.mouse.up()
    page.wait_for_timeout(150)
    assert len(held) == 2
    for route in held:
        route.continue_()
    expect_read(page, 3)
    page.unroute("**/component_server/")


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
    for name in (".paper", ".tools", ".examples", ".digit", ".words", ".top", ".seen", ".chart"):
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


def test_the_keyboard_reaches_everything_in_reading_order(page):
    write(page, 7)
    expect_read(page, 7)
    reached = []
    page.get_by_role("button", name=WORDS["undo"]).focus()
    for _ in range(12):
        reached.append(
            page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.innerText")
        )
        page.keyboard.press("Tab")
    tools = [WORDS[name] for name in ("undo", "clear", "photo", "save")]
    assert reached == [*tools, *WORDS["examples"], WORDS["seen"], WORDS["more"]]
    page.get_by_role("button", name=WORDS["examples"][1]).focus()
    page.keyboard.press("Enter")
    expect_read(page, 0)


@pytest.mark.parametrize(("wish", "still"), [("no-preference", False), ("reduce", True)])
def test_bars_move_smoothly_unless_a_visitor_wants_no_motion(page, wish, still):
    page.emulate_media(reduced_motion=wish)
    write(page, 1)
    expect_read(page, 1)
    page.evaluate(
        "window.moved = 0;"
        "document.querySelector('.chart').addEventListener('transitionrun', () => moved++)"
    )
    write(page, 7)
    seen_at_last(page)
    assert (page.evaluate("moved") == 0) == still
    page.emulate_media(reduced_motion="no-preference")


def test_the_footer_names_the_version(page):
    expect(page.locator(".page footer")).to_contain_text(f"Digits {__version__}")


def test_no_request_leaves_the_server_and_nothing_complains(app, page, phone):
    write(page, 8)
    expect_read(page, 8)
    for visited in (page, phone):
        foreign = [url for url in visited.requested if not url.startswith((app, "data:", "blob:"))]
        assert foreign == []
        assert visited.complaints == []


def test_an_idle_page_rests(app, chromium):
    page = open_page(
        chromium,
        app,
        "const frame = requestAnimationFrame; window.frames_asked = 0;"
        "requestAnimationFrame = (callback) => { frames_asked++; return frame(callback); }",
    )

    def rests():
        before = page.evaluate("frames_asked")
        page.wait_for_timeout(1000)
        return page.evaluate("frames_asked") == before

    assert any(rests() for _ in range(20))  # Gradio asks for 60 frames at the start
    page.context.close()


def test_the_page_takes_no_frame_from_others(app, chromium):
    page = open_page(
        chromium,
        app,
        "const frame = requestAnimationFrame; window.frames_had = 0;"
        "frame(function again() { frames_had++; frame(again); })",
    )
    page.wait_for_timeout(1000)
    before = page.evaluate("frames_had")
    page.wait_for_timeout(500)
    assert page.evaluate("frames_had") > before
    page.context.close()


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
