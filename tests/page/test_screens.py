"""The page on every screen, for the keyboard and for screen readers."""

from itertools import combinations

import numpy as np
import pytest
from playwright.sync_api import expect

from digits.page import TEXT
from tests.handwriting import write_lines
from tests.picture_files import saved

SHORT_NOTE = TEXT["left_out"].format(kinds=TEXT["left_out_kinds"]["illegible"][0])
LONG_NOTE = TEXT["left_out"].format(kinds="something at the edge and 12 faint marks")
NO_PICTURE = "This file is not a picture that can be read: send a complete PNG, JPEG, WebP or TIFF."
SPACED = """* {
    line-height: 1.5 !important;
    letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important;
}"""


def test_pad_digit_and_chart_are_on_a_phone_at_once(phone):
    for name in (".paper", ".tools", ".examples", ".digit", ".text", ".top", ".view", ".chart"):
        box = phone.find(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= 844
    assert phone.find(".paper").bounding_box()["width"] > 300
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("number", ["42", "2026", "2048517", "35812746"])
def test_a_number_is_whole_on_every_screen_and_has_no_scrollbar(page, phone, number):
    for visit in (page, phone):
        visit.write_number(*map(int, number))
        visit.expect_text(TEXT["number"].format(number=number))
        digits, view = visit.find(".number button"), visit.find(".view").bounding_box()
        expect(digits).to_have_count(len(number))
        for digit in digits.all():
            box = digit.bounding_box()
            assert box["x"] + box["width"] < view["x"]
        assert visit.find(".number").evaluate("(e) => e.scrollHeight - e.clientHeight") == 0
        covers = "e => e.contains(document.elementFromPoint(...%s)) || 'covered'"
        box = visit.find(".text").bounding_box()
        end = [box["x"] + box["width"] - 2, box["y"] + box["height"] / 2]
        assert visit.find(".text").evaluate(covers % end) is True


@pytest.mark.parametrize(("width", "height"), [(1366, 625), (1280, 720)])
def test_all_is_in_sight_on_a_laptop(open_page, width, height):
    visit = open_page(viewport={"width": width, "height": height})
    visit.hand_over("drop", b"no picture")
    expect(visit.find(".notice")).not_to_be_empty()
    box = {name: visit.find(f".{name}").bounding_box() for name in ("notice", "save", "reading")}
    assert box["notice"]["y"] + box["notice"]["height"] <= height
    assert box["reading"]["y"] + box["reading"]["height"] <= height
    assert box["save"]["x"] + box["save"]["width"] < box["reading"]["x"]


@pytest.mark.parametrize("width", [320, 390, 640, 844])
def test_the_chart_shrinks_with_the_window(page, width):
    page.write(7)
    page.expect_read(7)
    page.page.set_viewport_size({"width": width, "height": 600})
    for name in (".chart svg", ".view", ".teach"):  # Plotly takes its time
        end = f"document.querySelector('{name}').getBoundingClientRect().right"
        page.page.wait_for_function(f"{end} <= innerWidth")
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_boxes_of_a_number_are_seen_with_forced_colours(open_page):
    visit = open_page(forced_colors="active", color_scheme="dark")
    visit.write_number(4, 2)
    visit.expect_text(TEXT["number"].format(number=42))
    expect(visit.find(".boxes .picked")).to_have_css("border-top-color", "rgb(51, 70, 211)")


CONTRAST = """([selector, pseudo, property, behind]) => {
    const [, r, g, b] = getComputedStyle(document.querySelector(selector), pseudo)[property]
        .match(/rgba?\\((\\d+), (\\d+), (\\d+)/);
    const light = (c) => (c <= 10 ? c / 12.92 / 255 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    const [one, other] = [[r, g, b], behind].map(
        ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b) + 0.05,
    );
    return Math.max(one, other) / Math.min(one, other);
}"""


@pytest.mark.parametrize(("scheme", "card"), [("light", [255, 255, 255]), ("dark", [26, 28, 34])])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_the_digit_that_is_picked_is_marked_in_a_strong_colour(open_page, scheme, card, forced):
    visit = open_page(color_scheme=scheme, forced_colors=forced)
    visit.write_number(4, 2)
    visit.expect_text(TEXT["number"].format(number=42))
    picked = '.number button[aria-pressed="true"]'
    behind = card if forced == "none" else [255 * (scheme == "light")] * 3
    mark = [picked, "::after", "borderBottomColor", behind]
    assert visit.page.evaluate(CONTRAST, mark) > 3
    expect(visit.find(picked)).to_have_css("outline-style", "none")  # it is not that of the focus
    marks = visit.find(".number button").evaluate_all(
        "buttons => buttons.map((button) => getComputedStyle(button, '::after').content)"
    )
    assert marks == ['""', "none"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_are_strong_for_who_wants_contrast(open_page, scheme):
    visit = open_page(color_scheme=scheme, contrast="more")
    behind = [247, 247, 244] if scheme == "light" else [17, 18, 22]
    for name in (".sheet", ".tools .clear", ".reading"):
        assert visit.page.evaluate(CONTRAST, [name, None, "borderTopColor", behind]) > 3
    visit.page.emulate_media(contrast="no-preference", forced_colors="active")
    behind = [255 * (scheme == "light")] * 3
    assert visit.page.evaluate(CONTRAST, [".sheet", None, "borderTopColor", behind]) > 3


def test_examples_are_in_one_row_on_a_small_phone(open_page):
    visit = open_page(viewport={"width": 360, "height": 640}, has_touch=True)
    assert len({button.bounding_box()["y"] for button in visit.find(".examples button").all()}) == 1


def test_several_long_numbers_are_whole_on_every_screen(page, phone):
    for visit in (page, phone):
        visit.choose_photo(saved(write_lines(*["204851724"] * 6)))
        expect(visit.find(".number button")).to_have_count(54)
        visit.settle()
        for cut in (".number", ".text"):
            size, content = visit.find(cut).evaluate(
                "e => [[e.clientWidth, e.clientHeight], [e.scrollWidth, e.scrollHeight]]"
            )
            assert content == size


def test_the_chart_stays_in_its_panel_when_the_text_above_grows(phone):
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


def test_the_pad_can_be_drawn_on_when_a_desktop_is_magnified_four_times(page):
    page.page.set_viewport_size({"width": 320, "height": 200})
    assert page.find(".sheet").bounding_box()["width"] > 180
    assert page.page.evaluate("document.documentElement.scrollWidth") == 320


def test_nothing_moves_whatever_the_reading_says(page, phone):
    names = ["paper", "tools", "examples", "answer", "view", "chart", "page footer"]
    for visit in (page, phone):

        def places(visit=visit):
            return [visit.find(f".{name}").bounding_box() for name in names]

        before = places()
        said = [*(("text", verdict) for verdict in TEXT["verdicts"].values()), ("note", SHORT_NOTE)]
        for place, sentence in (*said, ("notice", TEXT["failed"]), ("notice", TEXT["lost"])):
            visit.find(f".{place}").evaluate("(e, said) => (e.textContent = said)", sentence)
            assert places() == before
        visit.write(5)
        assert places() == before


@pytest.mark.parametrize("screen", [(320, 256), (390, 844), (568, 320), (640, 400), (1280, 800)])
@pytest.mark.parametrize("style", ["", SPACED])
def test_every_sentence_of_a_reading_is_whole_and_free(page, screen, style):
    """Also magnified two and four times, and with the spacing that some visitors need."""
    page.page.set_viewport_size(dict(zip(("width", "height"), screen, strict=True)))
    page.press(TEXT["examples"][4])
    page.expect_text(TEXT["verdicts"]["not_a_digit"])
    page.settle()
    page.page.evaluate(
        """([style, note]) => {
            document.adoptedStyleSheets = [new CSSStyleSheet()];
            document.adoptedStyleSheets[0].replaceSync(style);
            document.querySelector(".note").textContent = note;
        }""",
        [style, LONG_NOTE],
    )
    for verdict, sentence in (("unsure", TEXT["verdicts"]["not_a_digit"]), ("failed", NO_PICTURE)):
        page.page.evaluate(
            """([verdict, sentence]) => {
                document.querySelector(".reading").dataset.verdict = verdict;
                document.querySelector(".text").textContent = sentence;
            }""",
            [verdict, sentence],
        )
        boxes = [page.find(name).bounding_box() for name in (".text", ".note", ".teach", ".view")]
        assert [pair for pair in combinations(boxes, 2) if overlap(*pair)] == []
        for name in (".text", ".note"):
            size, content = page.find(name).evaluate(
                "e => [[e.clientWidth, e.clientHeight], [e.scrollWidth, e.scrollHeight]]"
            )
            assert np.all(np.less_equal(content, np.add(size, 4))), name  # a tall font's descenders
    page.page.evaluate("document.adoptedStyleSheets = []")


def overlap(one, other):
    """Return whether two boxes overlap by more than a pixel or two."""
    return all(
        min(one[at] + one[size], other[at] + other[size]) - max(one[at], other[at]) > 2
        for at, size in (("x", "width"), ("y", "height"))
    )


def test_the_keyboard_reaches_everything_in_reading_order(page):
    page.write(7)
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
    for name, left in (("save", ".photo"), ("teach", ".view")):  # a blank pad has neither
        page.write(7)
        page.page.get_by_role("button", name=TEXT[name]).focus()
        page.clear()
        expect(page.find(left)).to_be_focused()
    page.page.get_by_role("button", name=TEXT["examples"][1]).focus()
    page.page.keyboard.press("Enter")
    page.expect_read(0)


def test_a_sentence_about_a_file_is_in_sight_on_a_phone_held_sideways(open_page):
    visit = open_page(viewport={"width": 844, "height": 390}, has_touch=True)
    visit.choose_photo(b"no picture")
    expect(visit.find(".notice")).not_to_be_empty()
    box = visit.find(".notice").bounding_box()
    assert box["y"] + box["height"] < 390


def test_keys_meet_no_example_under_a_sentence_on_a_small_screen(open_page):
    """Also on a desktop that is magnified twice."""
    visit = open_page(viewport={"width": 640, "height": 400})
    visit.choose_photo(b"no picture")
    expect(visit.find(".notice")).not_to_be_empty()
    visit.page.get_by_role("button", name=TEXT["photo"]).focus()
    for name in TEXT["examples"]:
        visit.page.keyboard.press("Tab")
        while visit.page.evaluate("document.activeElement.ariaLabel") != name:
            visit.page.keyboard.press("Tab")
        assert visit.page.evaluate(
            """() => {
                const { x, y, width, height } = document.activeElement.getBoundingClientRect();
                const seen = document.elementFromPoint(x + width / 2, y + height / 2);
                return document.activeElement.contains(seen);
            }"""
        )
