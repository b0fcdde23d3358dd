"""What a visit loads, and what works without some of it."""

import re

import pytest
import requests
from playwright.sync_api import expect

from benchmarks.server import ROOT
from digits.page import TEXT
from tests.browser import CONFIDENT, Visit


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
