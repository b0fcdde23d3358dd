"""What a visit loads, and what works without some of it."""

import re

import requests
from playwright.sync_api import expect

from benchmarks.server import ROOT
from digits.page import TEXT
from tests.browser import CONFIDENT


def test_modules_are_scripts_whose_address_changes_with_them(page):
    modules = [url for url in page.requests if "/digits/page/" in url and "/vendor/" not in url]
    names = {re.search(r"(\w+)\.js\?[0-9a-f]{12}$", url)[1] for url in modules}
    assert names == {path.stem for path in (ROOT / "digits/page").glob("*.js")}
    for url in modules:
        kind = requests.get(url, timeout=20).headers["Content-Type"]
        assert re.match("(text|application)/javascript", kind)


def test_a_first_visit_loads_less_than_a_megabyte(app, tab):
    received = []
    tab.on("requestfinished", lambda request: received.append(request.sizes()["responseBodySize"]))
    tab.goto(app)
    expect(tab.locator(".chart .point")).to_have_count(10)
    assert 100_000 < sum(received) < 1_000_000


def test_a_page_without_its_script_says_so(app, tab):
    tab.route("**/view.js*", lambda route: route.abort())
    tab.goto(app)
    expect(tab.locator(".notice")).to_have_text(TEXT["no_page"])


def expect_seven(tab):
    """Show an example, which is a 7, and wait until it is read."""
    tab.get_by_role("button", name=TEXT["examples"][0]).click()
    expect(tab.locator(".text")).to_have_text(CONFIDENT.format(first=7))


def test_a_page_without_its_chart_reads(app, tab):
    tab.route("**/plotly-basic.min.js*", lambda route: route.abort())
    tab.goto(app)
    expect(tab.locator(".chart")).to_have_text(TEXT["no_chart"])
    expect_seven(tab)


def test_works_under_a_path_of_another_server(app, tab):
    tab.route(
        f"{app}/demo/**", lambda route: route.continue_(url=route.request.url.replace("/demo", ""))
    )
    tab.goto(f"{app}/demo/")
    expect_seven(tab)
    tab.locator(".chart .main-svg").first.wait_for()


def test_the_page_asks_for_no_frames_while_nothing_happens(open_page):
    """Its modules and Plotly, that is: Gradio 6.31 asks for frames for as long as it is open."""
    script = (
        "const frame = requestAnimationFrame; window.askers = [];"
        "requestAnimationFrame = (callback) => {"
        " askers.push(new Error().stack); return frame(callback); }"
    )
    visit = open_page(script=script)
    visit.write(7)
    visit.frames(30)
    visit.page.evaluate("askers.length = 0")
    visit.frames(30)
    askers = visit.page.evaluate("askers")
    assert askers  # the hook sees those of Gradio
    assert not [stack for stack in askers if "/digits/page/" in stack or "plotly" in stack]


def test_no_request_leaves_the_server_and_nothing_complains(app, page, phone):
    for visit in (page, phone):
        visit.write(8)
        visit.expect_read(8)
        own = (app, "data:", "blob:")
        assert [url for url in visit.requests if not url.startswith(own)] == []
        assert visit.complaints == []
