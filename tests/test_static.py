"""The free edition in a real browser: built, hosted as files, and read by its own worker."""

import json
import os
import re
import shutil
import sys
from http import HTTPStatus
from threading import Event

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from scipy.special import softmax

from benchmarks.server import EXPOSE_GC, launch_chromium, renderer_mb
from benchmarks.static_host import Files, contents, hosted
from digits.engine import load_engine
from digits.model_file import model_path
from digits.page import TEXT
from digits.page.answers import page_answer
from digits.page.static.build import build
from digits.page.static.downloads import DownloadError
from tests.browser import DESKTOP, Visit
from tests.golden import drawings
from tests.handwriting import write, write_number
from tests.picture_files import data_url, saved
from tests.pictures import MARKS, drawn

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
def app(site):
    """The address of this edition, which `page` and `open_page` visit here."""
    with hosted(site) as address:
        yield address


@pytest.fixture(scope="module")
def desktop(desktop):
    expect_reader(desktop)
    return desktop


def expect_reader(visit):
    """Show an example, which may be before the reader is loaded, and wait until it is read."""
    show_example(visit)
    expect(visit.find(".digit")).to_contain_text("7", timeout=90_000)
    visit.expect_notice("")


def keep(visit):
    """Have the service worker keep the page, once it has read."""
    expect_reader(visit)
    visit.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def show_example(visit, number=0):
    visit.press(TEXT["examples"][number])


def url_of(picture, kind="PNG"):
    return data_url(saved(picture, "JPEG" if picture.mode == "CMYK" else kind))


def photo():
    """A number on paper in a shadow, with noise."""
    light = np.linspace(0.5, 0.9, 520) + np.random.default_rng(0).normal(0, 0.02, (520, 520))
    paper = np.asarray(write_number(4, 2)) * np.clip(light, 0, 1)
    return Image.fromarray(paper.astype(np.uint8)).convert("RGB")


def ask(page, method, argument):
    """Ask one of the functions that the worker offers to reader.js."""
    return page.page.workers[0].evaluate(
        "async ([method, argument]) => (await started)[method](argument)", [method, argument]
    )


def test_golden_drawings_and_photos_are_read_as_by_native_python(page, recognizer):
    urls = {name: url_of(picture) for name, picture in drawings()}
    urls |= {"a photo": url_of(photo(), "JPEG"), "a frame": url_of(MARKS["frame"](drawn(5)))}
    for name, url in urls.items():
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
    reader = json.loads(page.find(".settings").text_content())["reader"]
    outputs = page.page.workers[0].evaluate(
        """async ([{ operations, files, runtime }, base, shape, inputs]) => {
            const weights = await (await fetch(new URL(files.weights, base))).arrayBuffer();
            const network = await loadNetwork(operations, weights, new URL(runtime, base).href);
            const buffer = { data: Float32Array.from(inputs), shape, release() {} };
            return network({ getBuffer: () => buffer }).map((output) => Array.from(output));
        }""",
        [reader, page.page.url, inputs.shape, inputs.ravel().tolist()],
    )
    model = model_path()
    for native, browser in zip(load_engine(model)(inputs), outputs, strict=True):
        scale = np.abs(native).max()
        assert np.abs(native - np.reshape(browser, native.shape)).max() < 1e-5 * scale
    native_logits, browser_logits = load_engine(model)(inputs)[1], np.reshape(outputs[1], (-1, 10))
    assert np.abs(softmax(native_logits, 1) - softmax(browser_logits, 1)).max() < 1e-5


def test_a_drawing_is_read_and_explained(page):
    page.write(5)
    page.expect_read(5)
    page.find(".view").click()
    expect(page.find(".view span")).to_have_text(TEXT["occlusion_map"])
    assert not page.complaints


def test_avif_is_read_though_python_in_a_browser_has_no_decoder(page):
    page.choose_photo(saved(write_number(6, 9), "AVIF"), "AVIF")
    page.expect_text(TEXT["number"].format(number="69"))


def test_a_visitor_can_teach(page):
    show_example(page, 4)
    page.expect_text(TEXT["verdicts"]["not_a_digit"])
    page.press(TEXT["teach"])
    page.press("4")
    page.expect_text(TEXT["taught"].format(number=4))
    for _ in range(2):
        page.page.evaluate("document.querySelector('.forget').click()")
    page.expect_text(TEXT["verdicts"]["not_a_digit"])
    assert not page.complaints


def test_the_page_asks_no_other_host_and_may_not(page, app):
    assert any(url.endswith("pyodide.asm.wasm") for url in page.requests)
    assert not [url for url in page.requests if not url.startswith((app, "blob:", "data:"))]
    blocked = """() => new Promise((resolve) => {
        addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
        fetch("https://example.org/").catch(() => {});
    })"""
    for place in (page.page, page.page.workers[0]):
        assert place.evaluate(blocked) == "connect-src"
    page.complaints.clear()


def test_the_page_reads_in_a_frame_that_may_run_scripts_only(site, tab, tmp_path):
    class Open(Files):  # to pages of no origin, as the one in such a frame
        further = (("Access-Control-Allow-Origin", "*"),)

    complaints = []
    tab.on("pageerror", lambda error: complaints.append(error))
    with hosted(site, Open) as address, hosted(tmp_path) as other:
        frame = f'<iframe sandbox="allow-scripts" src="{address}" width="900" height="900">'
        (tmp_path / "index.html").write_text(frame)
        tab.goto(other)
        visit = tab.frame_locator("iframe")
        visit.get_by_role("button", name=TEXT["examples"][0]).click()
        expect(visit.locator(".digit")).to_contain_text("7", timeout=90_000)
        tab.wait_for_timeout(500)  # in which the page is to be kept
        expect(visit.locator(".notice")).to_have_text("")
        assert not complaints


@pytest.mark.skipif(sys.platform != "linux", reason="measured with Linux's smaps")
def test_memory_stays_flat(chromium, app):
    """A hundred drawings are shown on the page, as many others are read and explained beside."""
    browser = launch_chromium(chromium.browser_type, EXPOSE_GC)  # whose only page it is
    page, used = Visit(browser, app, **DESKTOP), []
    expect_reader(page)
    for i in range(DRAWINGS):
        show_example(page, i % len(TEXT["examples"]))
        answer = ask(page, "read", {"picture": url_of(write(i % 10, left=0.2 + 0.002 * i))})
        ask(page, "occlusion_map", answer["digits"][0]["model_input"])
        if i + 1 in (DRAWINGS // 2, DRAWINGS):
            used.append(renderer_mb(page.page))
    assert used[-1] < MAX_MEMORY_MB
    assert used[1] - used[0] < 10, used
    browser.close()


def test_the_second_visit_needs_no_network(open_page):
    visit = open_page()
    keep(visit)
    visit.page.context.set_offline(True)
    visit.page.reload()
    expect_reader(visit)
    assert not visit.complaints


def test_what_is_kept_is_found_whatever_the_host_says_that_it_varies_with(chromium, site):
    class Varying(Files):
        further = (("Vary", "Accept, Accept-Language, Origin, User-Agent"),)

    with hosted(site, Varying) as address, Visit(chromium, address) as visit:
        keep(visit)
        visit.page.context.set_offline(True)
        visit.reload()
        expect_reader(visit)


@pytest.mark.parametrize("trouble", ["no answer", "an error"])
def test_the_second_visit_needs_no_answer_of_the_host(chromium, site, trouble):
    has_trouble, is_over = Event(), Event()

    class Troubled(Files):
        further = (("Cache-Control", "no-cache"),)

        def do_GET(self):
            if not has_trouble.is_set():
                super().do_GET()
            elif trouble == "an error":
                self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
            else:
                is_over.wait(60)

    with hosted(site, Troubled) as address, Visit(chromium, address) as visit:
        keep(visit)
        has_trouble.set()
        visit.page.goto(address, timeout=10_000)
        expect_reader(visit)
        is_over.set()


# Waits for what a new service worker does, whether it succeeds or not.
UPDATED = """async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const worker = registration.installing ?? registration.active;
    while (!["activated", "redundant"].includes(worker.state)) {
        await new Promise((resolve) => worker.addEventListener("statechange", resolve));
    }
}"""


def test_a_page_that_the_host_has_not_updated_yet_does_not_take_the_place_of_all(
    chromium, site, tmp_path
):
    newer = tmp_path / "newer"
    shutil.copytree(site, newer)
    folder = next(newer.glob("page-*"))
    folder.rename(newer / "page-newer")
    for name in ("index.html", "service-worker.js"):
        text = (newer / name).read_text().replace(folder.name, "page-newer")
        (newer / name).write_text(text.replace("${OURS}", "${OURS}newer-"))
    updated = {}  # what the host has of the newer build, by whether it is the page itself

    class Updating(Files):
        further = (("Cache-Control", "no-cache"),)

        def translate_path(self, path):
            self.directory = f"{updated.get(path == '/', site)}"
            return super().translate_path(path)

    with hosted(site, Updating) as address, Visit(chromium, address) as visit:
        keep(visit)
        for is_page in (False, True):
            updated[is_page] = newer
            visit.reload()
            expect_reader(visit)
            visit.page.evaluate(UPDATED)
            visit.page.context.set_offline(True)
            visit.reload()
            expect_reader(visit)
            is_newer = "page-newer" in visit.find(".settings").text_content()
            assert is_newer == is_page
            visit.page.context.set_offline(False)


@pytest.mark.parametrize("part", ["pyodide.asm.wasm", "stdlib.zip", "packages.zip", "network.js"])
def test_what_cannot_be_loaded_is_said_in_a_sentence(open_page, part):
    visit = open_page(route=(f"**/{part}", lambda route: route.abort()))
    visit.expect_notice(TEXT["static"]["no_reader"])
    show_example(visit)  # drawing goes on
    expect(visit.find(".save")).to_be_enabled()
    visit.expect_text(TEXT["waiting"])
    for name in ("download", "forget"):
        expect(visit.find(f".{name}")).to_be_disabled()


def test_a_module_that_is_missing_is_said_for_good(app, tab):
    tab.route("**/teach.js*", lambda route: route.fulfill(status=404))
    tab.goto(app)
    expect(tab.locator(".notice")).to_have_text(TEXT["no_page"])
    tab.wait_for_timeout(3000)  # in which the reader goes on loading
    expect(tab.locator(".notice")).to_have_text(TEXT["no_page"])


@pytest.mark.parametrize("trouble", [{"status": 404}, {"content_type": "text/plain"}])
def test_a_host_that_does_not_send_the_page_s_scripts_is_said(app, tab, trouble):
    tab.route(re.compile(r"/page-\w+/.*\.js"), lambda route: route.fulfill(**trouble))
    tab.goto(app)
    expect(tab.locator(".notice")).to_have_text(TEXT["no_page"])


def test_a_photo_that_only_the_missing_reader_opens_gets_a_sentence(open_page):
    visit = open_page(route=("**/worker.js", lambda route: route.fulfill(status=404)))
    visit.expect_notice(TEXT["static"]["no_reader"])
    photo = {"name": "scan.tiff", "mimeType": "image/tiff", "buffer": saved(drawn(5), "TIFF")}
    visit.find("input.file").set_input_files({**photo, "buffer": bytes(25_000_001)})
    visit.expect_notice(TEXT["photo_too_large"])
    visit.find("input.file").set_input_files(photo)
    visit.expect_notice(TEXT["static"]["no_reader"])


@pytest.mark.parametrize("window", [(390, 844), (820, 1180), (844, 390), (1280, 800)])
def test_the_page_fits_any_window(page, window):
    show_example(page)
    page.page.set_viewport_size({"width": window[0], "height": window[1]})
    page.find(".save").click(trial=True)  # nothing lies over it
    boxes = page.find(".sheet, .tools button, .reading").all()
    boxes = [each.bounding_box() for each in boxes]
    assert min(box["x"] for box in boxes) >= 16
    assert max(box["x"] + box["width"] for box in boxes) <= window[0] - 16


def test_a_reader_that_fails_is_said_in_a_sentence(open_page):
    visit = open_page()
    expect_reader(visit)
    [worker] = visit.page.workers
    worker.evaluate("() => { self.postMessage = () => {}; }")
    show_example(visit, -1)
    worker.evaluate("() => setTimeout(() => { throw new Error('out of memory'); })")
    visit.expect_notice(TEXT["static"]["lost"])


def test_a_browser_without_webassembly_gets_a_sentence(open_page):
    visit = open_page(script="delete globalThis.WebAssembly")
    visit.expect_notice(TEXT["static"]["no_webassembly"])


def test_progress_is_shown_while_the_reader_loads(open_page):
    visit = open_page(route=("**/packages.zip", lambda route: None))
    visit.expect_notice(re.compile(r"Loading the reader, [1-9] of \d+ MB"))


@pytest.mark.parametrize("below", ["", "index.html", "?from=a#b"])
def test_the_progress_counts_every_part_whatever_follows_in_the_address(app, tab, below):
    tab.route("**/reading.zip", lambda route: None)  # of less than 1 MB
    tab.goto(app + below)
    expect(tab.locator(".notice")).to_have_text(re.compile(r"Loading the reader, (9|10) of 10 MB"))


# Notes what a screen reader hears of the page's live regions.
LISTEN = """
    window.heard = [];
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            const live = target.closest?.("[role=status]");
            if (live?.textContent && live.ariaLive !== "off") heard.push(live.textContent);
        }
    }).observe(document, { subtree: true, childList: true });
"""


def test_a_screen_reader_hears_once_that_the_reader_loads_and_once_that_it_is_ready(open_page):
    held = []
    visit = open_page(script=LISTEN, route=("**/packages.zip", lambda route: held.append(route)))
    visit.expect_notice(re.compile(r"Loading the reader, [4-9]"))
    expect(visit.find(".spoken")).to_have_text(TEXT["static"]["loading_spoken"])
    large = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": bytes(25_000_001)}
    visit.find("input.file").set_input_files(large)
    held[0].continue_()
    expect(visit.find(".spoken")).to_have_text(TEXT["static"]["ready"], timeout=90_000)
    heard = visit.page.evaluate("heard.filter((text) => /reader|large/.test(text))")
    static = TEXT["static"]
    assert heard == [static["loading_spoken"], TEXT["photo_too_large"], static["ready"]]


def test_the_progress_ends_on_a_page_that_the_browser_translates(open_page):
    held = []
    visit = open_page(route=("**/packages.zip", lambda route: held.append(route)))
    visit.expect_notice(re.compile(r"Loading the reader, [1-9]"))
    visit.page.evaluate(
        "document.querySelector('.notice').innerHTML = '<font><font>Wird geladen</font></font>'"
    )
    held[0].continue_()
    expect_reader(visit)


def test_a_drawing_waits_for_the_reader_and_says_so(open_page):
    held = []
    visit = open_page(route=("**/packages.zip", lambda route: held.append(route)))
    visit.expect_text(TEXT["verdicts"]["blank"])
    show_example(visit)
    visit.expect_text(TEXT["waiting"])
    visit.page.keyboard.press("Escape")
    visit.expect_text(TEXT["verdicts"]["blank"])
    show_example(visit)
    large = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": bytes(25_000_001)}
    visit.find("input.file").set_input_files(large)
    visit.expect_notice(TEXT["photo_too_large"])
    held[0].continue_()
    expect(visit.find(".digit")).to_have_text("7", timeout=90_000)
    visit.expect_notice(TEXT["photo_too_large"])  # whatever the reader said while it loaded


def test_a_build_replaces_the_one_before_and_nothing_else(site):
    assert [(site / old).exists() for old in OLD_FILES] == [True, False, True, True]
    worker = (site / "service-worker.js").read_text()
    assert "page.js" in worker
    assert "HEAD" not in worker


def test_everything_takes_10_mb_at_most(site):
    files = [path for path in site.rglob("*") if path.suffix not in (".ipynb", ".md")]
    assert sum(len(contents(path)[0]) for path in files if path.is_file()) < MAX_WIRE_BYTES


def test_the_licences_of_what_is_not_ours_go_with_it(site):
    (licences,) = site.glob("runtime-*/licences.txt")
    text = licences.read_text()
    assert re.search("^pyodide [0-9.]+, MPL-2.0: https://github.com/pyodide", text, re.M)
    assert "NumPy Developers" in text
    assert "Fredrik Lundh" in text
