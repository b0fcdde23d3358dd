"""The free edition in a real browser: built, hosted as files, and read by its own worker."""

import json
import os
import re
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from benchmarks.server import EXPOSE_GC, launch_chromium, renderer_mb
from benchmarks.static_host import contents, hosted
from digits.engine import load_engine, model_path
from digits.page import TEXT
from digits.page.answers import page_answer
from digits.page.static.build import build
from digits.page.static.downloads import DownloadError
from tests.golden import drawings
from tests.handwriting import STROKES, write, write_number
from tests.picture_files import data_url, saved

DRAWINGS = 100
MAX_MEMORY_MB = 250
MAX_WIRE_BYTES = 10_000_000


# Of an earlier build in a repository that a host publishes.
OLD_FILES = ("service-worker.js", "page-123/page.js", ".git/HEAD", "README.md")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with the page, built here."""
    folder = tmp_path_factory.mktemp("static") / "site"
    for old in OLD_FILES:
        (folder / old).parent.mkdir(parents=True, exist_ok=True)
        (folder / old).write_text("old")
    try:
        build(folder, os.environ.get("DIGITS_WHEELS"))
    except DownloadError as error:
        pytest.skip(f"The free edition cannot be built: {error}")
    return folder


@pytest.fixture(scope="module")
def address(site):
    with hosted(site) as address:
        yield address


@pytest.fixture(scope="module")
def page(chromium, address):
    """The page, its reader ready; with what it requested and what it complained of."""
    page = open_page(chromium, address)
    expect_reader(page)
    yield page
    page.context.close()


def open_page(chromium, address, route=None, script=""):
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(script)
    if route:
        context.route(*route)
    page = context.new_page()
    page.requested, page.complaints = [], []
    context.on("request", lambda request: page.requested.append(request.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.goto(address)
    expect(page.locator(".examples button")).to_have_count(len(TEXT["examples"]))
    return page


def expect_reader(page):
    """Show an example, which may be before the reader is loaded, and wait until it is read."""
    page.locator(".examples button").first.click()
    expect(page.locator(".digit")).to_contain_text("7", timeout=90_000)
    expect(page.locator(".notice")).to_be_empty()


def url_of(picture, kind="PNG"):
    return data_url(saved(picture, "JPEG" if picture.mode == "CMYK" else kind))


def photo():
    """A number on paper in a shadow, with noise."""
    light = np.linspace(0.5, 0.9, 520) + np.random.default_rng(0).normal(0, 0.02, (520, 520))
    paper = np.asarray(write_number(4, 2)) * np.clip(light, 0, 1)
    return Image.fromarray(paper.astype(np.uint8)).convert("RGB")


def ask(page, method, argument):
    """Ask one of the functions that the worker offers to reader.js."""
    return page.workers[0].evaluate(
        "async ([method, argument]) => (await started)[method](argument)", [method, argument]
    )


def settings(page):
    return json.loads(page.locator(".settings").text_content())


def test_golden_drawings_and_photos_are_read_as_by_native_python(page, recognizer):
    urls = {name: url_of(picture) for name, picture in drawings()}
    for name, url in (urls | {"a photo": url_of(photo(), "JPEG")}).items():
        here, there = page_answer(recognizer, url), ask(page, "read", {"picture": url})
        for each in (*here["digits"], *there["digits"]):
            each["probabilities"] = each["chart"].pop("y")
        pairs = list(zip(here["digits"], there["digits"], strict=True))
        for ours, theirs in pairs:
            np.testing.assert_allclose(
                ours.pop("probabilities"), theirs.pop("probabilities"), atol=1.01e-4, err_msg=name
            )
        assert json.loads(json.dumps(here)) == there, name  # with every byte of the model input


def test_the_network_is_that_of_the_native_engine(page, recognizer):
    readings = [recognizer.read(picture) for _, picture in drawings()]
    inputs = np.stack([reading.model_input for reading in readings])
    reader = settings(page)["reader"]
    outputs = page.workers[0].evaluate(
        """async ([{ operations, files, runtime }, base, shape, inputs]) => {
            const weights = await (await fetch(new URL(files.weights, base))).arrayBuffer();
            const network = await loadNetwork(operations, weights, new URL(runtime, base).href);
            const buffer = { data: Float32Array.from(inputs), shape, release() {} };
            return network({ getBuffer: () => buffer }).map((output) => Array.from(output));
        }""",
        [reader, page.url, inputs.shape, inputs.ravel().tolist()],
    )
    model = model_path()
    for native, browser in zip(load_engine(model)(inputs), outputs, strict=True):
        scale = np.abs(native).max()
        assert np.abs(native - np.reshape(browser, native.shape)).max() < 1e-5 * scale
    native_logits, browser_logits = load_engine(model)(inputs)[1], np.reshape(outputs[1], (-1, 10))
    assert np.abs(softmax(native_logits) - softmax(browser_logits)).max() < 1e-5


def softmax(logits):
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


def test_a_drawing_is_read_and_explained(page):
    page.keyboard.press("Escape")
    paper = page.locator(".paper").bounding_box()
    for stroke in STROKES[5]:
        points = [
            (
                paper["x"] + paper["width"] * (0.3 + 0.4 * x),
                paper["y"] + paper["height"] * (0.2 + 0.6 * y),
            )
            for x, y in stroke
        ]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()
    expect(page.locator(".digit")).to_contain_text("5")
    page.locator(".view").click()
    expect(page.locator(".view span")).to_have_text(TEXT["occlusion_map"])
    assert not page.complaints


def test_a_photo_is_read(page, tmp_path):
    path = tmp_path / "number.jpg"
    write_number(4, 2).save(path, quality=90)
    page.locator(".file").set_input_files(path)
    expect(page.locator(".text")).to_have_text(TEXT["number"].format(number="42"))


def test_what_is_left_out_of_a_photo_is_dimmed(page, tmp_path):
    path = tmp_path / "framed.png"
    framed = write(3)
    ImageDraw.Draw(framed).rectangle((60, 60, 400, 440), outline=0, width=6)
    framed.save(path)
    page.locator(".file").set_input_files(path)
    said = TEXT["left_out"].format(kinds=TEXT["left_out_kinds"]["frame"][0])
    expect(page.locator(".note")).to_have_text(said)
    veil = page.evaluate(
        "[...document.querySelector('.veil').getContext('2d').getImageData(62, 62, 1, 1).data]"
    )
    assert veil == [255] * 4
    assert not page.complaints


def test_avif_is_read_though_python_in_a_browser_has_no_decoder(page, tmp_path):
    path = tmp_path / "number.avif"
    write_number(6, 9).save(path)
    page.locator(".file").set_input_files(path)
    expect(page.locator(".text")).to_have_text(TEXT["number"].format(number="69"))


def test_a_visitor_can_teach(page):
    page.locator(".examples button").nth(4).click()
    expect(page.locator(".text")).to_have_text(TEXT["verdicts"]["not_a_digit"])
    page.locator(".teach").click()
    page.locator(".lesson button").nth(4).click()
    expect(page.locator(".text")).to_have_text(TEXT["taught"].format(first=4))
    for _ in range(2):
        page.evaluate("document.querySelector('.forget').click()")
    expect(page.locator(".text")).to_have_text(TEXT["verdicts"]["not_a_digit"])
    assert not page.complaints


def test_the_page_asks_no_other_host_and_may_not(page, address):
    assert any(url.endswith("pyodide.asm.wasm") for url in page.requested)
    assert not [url for url in page.requested if not url.startswith((address, "blob:", "data:"))]
    blocked = """() => new Promise((resolve) => {
        addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
        fetch("https://example.org/").catch(() => {});
    })"""
    for place in (page, page.workers[0]):
        assert place.evaluate(blocked) == "connect-src"
    page.complaints.clear()


@pytest.mark.skipif(sys.platform != "linux", reason="measured with Linux's smaps")
def test_memory_stays_flat(chromium, address):
    """A hundred drawings are shown on the page, as many others are read and explained beside."""
    browser = launch_chromium(chromium.browser_type, EXPOSE_GC)  # whose only page it is
    page = open_page(browser, address)
    expect_reader(page)
    examples, used = page.locator(".examples button"), []
    for i in range(DRAWINGS):
        examples.nth(i % len(TEXT["examples"])).click()
        answer = ask(page, "read", {"picture": url_of(write(i % 10, left=0.2 + 0.002 * i))})
        ask(page, "occlusion_map", answer["digits"][0]["model_input"])
        if i + 1 in (DRAWINGS // 2, DRAWINGS):
            used.append(renderer_mb(page))
    assert used[-1] < MAX_MEMORY_MB
    assert used[1] - used[0] < 10, used
    browser.close()


def test_the_second_visit_needs_no_network(chromium, address):
    page = open_page(chromium, address)
    expect_reader(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()
    expect_reader(page)
    assert not page.complaints
    page.context.close()


@pytest.mark.parametrize("part", ["pyodide.asm.wasm", "stdlib.zip", "packages.zip", "network.js"])
def test_what_cannot_be_loaded_is_said_in_a_sentence(chromium, address, part):
    page = open_page(chromium, address, (f"**/{part}", lambda route: route.abort()))
    expect(page.locator(".notice")).to_have_text(TEXT["static"]["no_reader"])
    page.locator(".examples button").first.click()  # drawing goes on
    expect(page.locator(".save")).to_be_enabled()
    page.context.close()


def test_a_module_that_is_missing_is_said_for_good(chromium, address):
    page = chromium.new_context().new_page()
    page.route("**/teach.js*", lambda route: route.fulfill(status=404))
    page.goto(address)
    expect(page.locator(".notice")).to_have_text(TEXT["no_page"])
    page.wait_for_timeout(3000)  # in which the reader goes on loading
    expect(page.locator(".notice")).to_have_text(TEXT["no_page"])
    page.context.close()


@pytest.mark.parametrize("window", [(390, 844), (820, 1180), (844, 390), (1280, 800)])
def test_the_page_fits_any_window(page, window):
    before = page.viewport_size
    page.set_viewport_size({"width": window[0], "height": window[1]})
    page.locator(".save").click(trial=True)  # nothing lies over it
    boxes = page.locator(".sheet, .tools button, .reading").all()
    boxes = [each.bounding_box() for each in boxes]
    assert min(box["x"] for box in boxes) >= 16
    assert max(box["x"] + box["width"] for box in boxes) <= window[0] - 16
    page.set_viewport_size(before)


def test_a_reader_that_fails_is_said_in_a_sentence(chromium, address):
    page = open_page(chromium, address)
    expect_reader(page)
    [worker] = page.workers
    worker.evaluate("() => { self.postMessage = () => {}; }")
    page.locator(".examples button").last.click()
    worker.evaluate("() => setTimeout(() => { throw new Error('out of memory'); })")
    expect(page.locator(".notice")).to_have_text(TEXT["static"]["lost"])
    page.context.close()


def test_a_browser_without_webassembly_gets_a_sentence(chromium, address):
    page = open_page(chromium, address, script="delete globalThis.WebAssembly")
    expect(page.locator(".notice")).to_have_text(TEXT["static"]["no_webassembly"])
    page.context.close()


def test_progress_is_shown_while_the_reader_loads(chromium, address):
    page = open_page(chromium, address, ("**/packages.zip", lambda route: None))
    expect(page.locator(".notice")).to_have_text(re.compile(r"Loading the reader, [1-9] of \d+ MB"))
    page.context.close()


def test_a_drawing_waits_for_the_reader_and_says_so(chromium, address):
    held = []
    page = open_page(chromium, address, ("**/packages.zip", lambda route: held.append(route)))
    expect(page.locator(".text")).to_have_text(TEXT["verdicts"]["blank"])
    page.locator(".examples button").first.click()
    expect(page.locator(".text")).to_have_text(TEXT["waiting"])
    page.keyboard.press("Escape")
    expect(page.locator(".text")).to_have_text(TEXT["verdicts"]["blank"])
    page.locator(".examples button").first.click()
    held[0].continue_()
    expect(page.locator(".digit")).to_have_text("7", timeout=90_000)
    page.context.close()


def test_a_build_replaces_the_one_before_and_nothing_else(site):
    assert [(site / old).exists() for old in OLD_FILES] == [True, False, True, True]
    worker = (site / "service-worker.js").read_text()
    assert "page.js" in worker
    assert "HEAD" not in worker


def test_everything_takes_10_mb_at_most(site):
    files = [path for path in site.rglob("*") if path.suffix not in (".ipynb", ".md")]
    assert sum(len(contents(path)[0]) for path in files if path.is_file()) < MAX_WIRE_BYTES
