"""Teaching: the visitor says which digit it is, and drawings alike are read so from then on."""

import json
import re
from base64 import b64decode, b64encode
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from benchmarks.server import ROOT
from digits import Recognizer
from digits.engine import load_engine
from digits.model_file import MODEL
from digits.page import TEXT
from digits.page.answers import FAILED, features_answer, page_answer
from digits.reading import BLANK
from digits.teaching import TEACHING, follow, taught_logits
from tests.browser import PHONE, READ, WHOLE, Visit
from tests.handwriting import STROKES, write, write_lines
from tests.picture_files import data_url, saved

# What nobody else takes for a digit, but somebody may write for a 4.
FORK = [[(0.1, 0.1), (0.1, 0.5), (0.9, 0.5)], [(0.9, 0.1), (0.9, 0.95)], [(0.5, 0.1), (0.5, 0.5)]]
TAUGHT = TEXT["taught"]


# --- The rule ---------------------------------------------------------------------------------


def test_only_what_is_alike_gets_a_higher_logit():
    mean = np.zeros(128)
    mean[0] = 3
    near, edge, far = np.zeros((3, 128))
    near[0] = 5
    edge[:2] = TEACHING.threshold, np.sqrt(1 - TEACHING.threshold**2)
    far[1] = 1
    raised = taught_logits(np.stack([near, edge, far, np.zeros(128)]), {4: mean})
    assert raised[:, 4] == pytest.approx([TEACHING.weight, 0, 0, 0], abs=1e-4)
    assert not np.delete(raised, 4, axis=1).any()


def test_a_reading_follows_what_was_taught_and_only_then(recognizer):
    zero, one, seven = (recognizer.read(write(digit)) for digit in (0, 1, 7))
    thresholds = recognizer.thresholds
    assert follow(seven, {}, thresholds) == (seven, False)
    assert follow(BLANK, {7: seven.features}, thresholds) == (BLANK, False)
    same, is_taught = follow(seven, {7: seven.features}, thresholds)
    assert (same.digit, is_taught) == (7, True)
    assert same.probabilities[7] >= seven.probabilities[7]
    assert same.box == seven.box
    assert follow(one, {0: zero.features}, thresholds) == (one, False)
    three = seven.features.copy()  # somewhat like the seven, which stays one
    three[three.argmin()] = 1.2 * np.linalg.norm(three)
    assert taught_logits(seven.features[np.newaxis], {3: three}).any()
    doubted = replace(seven, verdict="unsure")
    assert follow(doubted, {3: three}, thresholds) == (doubted, False)


def test_a_network_of_other_features_can_be_taught_too(recognizer):
    def infer(model_input):
        features, logits = load_engine(MODEL)(model_input)
        return features[:, :64], logits

    narrow = Recognizer(infer, recognizer.thresholds)
    picture = data_url(saved(write(7)))
    [seven] = page_answer(narrow, picture)["digits"]
    taught = {"7": features_answer(narrow, seven["model_input"])}
    assert page_answer(narrow, picture, taught)["text"] == TAUGHT.format(number=7)
    assert page_answer(recognizer, picture, taught) == page_answer(recognizer, picture)


def test_nonsense_in_place_of_what_was_taught_is_left_out(recognizer):
    picture = data_url(saved(write(7)))
    plain = page_answer(recognizer, picture)
    for taught in (3, "x", ["7"], {"7": 3}, {"7": "AAAA"}, {"11": "AAAA"}, {"7": "/" * 684}):
        assert page_answer(recognizer, picture, taught) == plain
    huge = b64encode(np.full(128, 3e38, "<f4")).decode()
    assert page_answer(recognizer, picture, {"7": huge})["digits"][0]["label"] == "7"
    assert features_answer(recognizer, "AAAA") is None


# --- The page ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desktop(app, chromium):
    with Visit(chromium, app, viewport={"width": 1280, "height": 900}) as visit:
        yield visit


@pytest.fixture
def page(desktop):
    for _ in range(2):
        desktop.page.evaluate("document.querySelector('.forget').click()")
    desktop.page.evaluate("scrollTo(0, 0)")
    desktop.page.keyboard.press("Escape")  # may close a lesson instead of clearing the pad
    desktop.clear()
    return desktop


def teach(page, digit):
    page.press(TEXT["teach"])
    page.press(f"{digit}")
    page.settle()
    page.expect_text(TAUGHT.format(number=digit))


def teach_fork(page):
    """Draw a fork and say that it is a 4; return what was said of it before."""
    page.draw(FORK)
    expect(page.find(".text")).not_to_have_text(TAUGHT.format(number=4))
    before = page.find(".text").inner_text()
    teach(page, 4)
    return before


def expect_kept(page, count, text="kept"):
    expect(page.find(".kept")).to_have_text(TEXT[text].format(count=count))


def test_what_the_visitor_says_is_shown_at_once_and_followed_from_then_on(page):
    teach_fork(page)
    expect(page.find(".digit")).to_have_text("4")
    expect(page.find(".spoken")).to_have_text(TAUGHT.format(number=4))
    page.clear()
    page.draw(FORK, (0.3, 0.2, 0.45, 0.6))  # not quite the same
    page.expect_text(TAUGHT.format(number=4))
    assert page.highest_bar() == 4
    page.clear()
    for digit in (0, 7):
        page.write(digit)
        page.expect_text(TEXT["verdicts"]["digit"].format(first=digit))
        page.clear()


def test_a_confident_reading_is_corrected_too_also_after_undo(page):
    page.write(7)
    teach(page, 1)
    page.page.keyboard.press("Escape")
    page.expect_verdict("blank")
    page.page.keyboard.press("Control+z")
    page.expect_text(TAUGHT.format(number=1))


def test_the_keys_teach_while_the_panel_has_the_focus(page):
    page.write(7)
    page.page.keyboard.press("3")  # the focus is elsewhere
    page.expect_text(TEXT["verdicts"]["digit"].format(first=7))
    opener = page.page.get_by_role("button", name=TEXT["teach"])
    opener.focus()
    page.page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(page.page.get_by_role("button", name="0", exact=True)).to_be_focused()
    page.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(page.find(".lesson")).to_be_hidden()
    page.expect_text(TEXT["verdicts"]["digit"].format(first=7))  # the pad was not cleared
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("9")
    page.expect_text(TAUGHT.format(number=9))
    expect(page.find(".note")).to_have_text(TEXT["own_bars"])  # which are of a 7
    expect(opener).to_be_focused()
    page.page.keyboard.press("3")  # the digits are closed again
    page.page.wait_for_timeout(300)
    page.expect_text(TAUGHT.format(number=9))


def test_the_keys_teach_wherever_the_focus_went_while_the_digits_are_shown(page):
    page.write(7)
    page.press(TEXT["teach"])
    page.page.mouse.click(2, 400)
    page.page.keyboard.press("Alt+3")  # a shortcut of the browser
    page.page.keyboard.press("9")
    page.expect_text(TAUGHT.format(number=9))
    page.press(TEXT["teach"])
    page.page.mouse.click(2, 400)
    page.page.keyboard.press("Escape")  # closes them, and leaves the drawing
    expect(page.find(".lesson")).to_be_hidden()
    page.expect_text(TAUGHT.format(number=9))


def test_a_correction_leaves_no_doubt_of_the_network_beside_it(page):
    page.page.route(READ, lambda route: route.fulfill(json=doubted(route.fetch().json())))
    page.write(7)
    expect(page.find(".note")).to_have_text(TEXT["doubtful"])
    page.page.unroute_all(behavior="wait")  # answers to older pictures may be on their way
    teach(page, 7)
    expect(page.find(".note")).to_have_text("")


def doubted(answer):
    """What the reader answers, but in doubt."""
    if "digits" not in answer:
        return answer
    return answer | {"verdict": "unsure", "note": TEXT["doubtful"]}


def test_what_was_not_read_yet_cannot_be_corrected(page):
    page.write(7)
    held = page.hold_readings()
    page.press(TEXT["examples"][1])
    page.press(TEXT["teach"])
    expect(page.find(".lesson")).to_be_hidden()
    page.expect_notice(TEXT["waiting"])
    page.page.keyboard.press("2")
    page.release(held)
    page.expect_text(TEXT["verdicts"]["digit"].format(first=0))
    open_more(page)
    expect_kept(page, 0)


def test_a_blank_pad_offers_nothing_to_correct(page):
    opener = page.find(".teach")
    expect(opener).to_be_hidden()
    page.write(7)
    expect(opener).to_be_visible()
    page.press(TEXT["teach"])
    expect(page.find(".lesson")).to_be_visible()
    page.draw_stroke([(0.1, 0.1), (0.2, 0.1)], WHOLE)
    expect(page.find(".lesson")).to_be_hidden()
    page.clear()
    expect(opener).to_be_hidden()


def test_a_drawing_that_cannot_be_read_offers_nothing_to_correct(page):
    page.write(7)
    page.expect_read(7)
    page.page.route(READ, lambda route: route.fulfill(json=FAILED))
    page.write(1)
    page.expect_verdict("failed")
    page.page.unroute(READ)
    expect(page.find(".teach")).to_be_hidden()
    expect(page.find(".top li")).to_have_count(0)
    assert page.probabilities() == [0] * 10


def test_one_digit_of_a_number_is_taught(page):
    page.write_number(4, 2)
    page.find(".number button").nth(1).click()
    page.press(TEXT["teach"])
    expect(page.find(".lesson p")).to_have_text(TEXT["lesson_of"].format(place=2, count=2))
    page.find(".number button").nth(0).click()
    expect(page.find(".lesson p")).to_have_text(TEXT["lesson_of"].format(place=1, count=2))
    page.find(".number button").nth(1).click()
    page.page.keyboard.press("3")
    page.expect_text(TAUGHT.format(number=43))
    assert page.find(".number button").all_inner_texts() == ["4", "3"]
    second = page.find(".number button").nth(1)
    expect(second).to_have_attribute("aria-label", TAUGHT.format(number=3))
    assert page.find(".boxes .picked").get_attribute("data-label") == "3"
    [drawing] = download(page)["drawings"]
    assert len(drawing["strokes"]) == len(STROKES[2])


def open_more(page):
    if not page.find(".forget").is_visible():
        page.find(".more summary").click()


def download(page):
    open_more(page)
    file = page.download("download")
    assert file.suggested_filename == "my-drawings.json"
    return json.loads(Path(file.path()).read_text(encoding="utf-8"))


def test_drawings_are_kept_from_visit_to_visit_downloaded_and_deleted(page):
    before = teach_fork(page)
    page.reload()
    page.draw(FORK)
    page.expect_text(TAUGHT.format(number=4))
    open_more(page)
    expect_kept(page, 1)
    [drawing] = download(page)["drawings"]
    assert drawing["digit"] == 4
    assert drawing["read"]["verdict"] in ("unsure", "not_a_digit", "digit")
    assert [len(stroke) >= 3 for stroke in drawing["strokes"]] == [True, True, True]
    assert np.concatenate(drawing["strokes"]).min() > 0.1
    assert len(b64decode(drawing["model_input"])) == 784
    page.press(TEXT["forget"])
    page.find(".more summary").focus()
    expect(page.find(".forget")).to_have_text(TEXT["forget"])  # something else was done
    page.press(TEXT["forget"])
    kept = page.page.get_by_role("status").filter(has_text=TEXT["kept"].partition(":")[0])
    expect(kept).to_have_text(f"{TEXT['kept'].format(count=1)}. {TEXT['forget_sure']}.")
    page.press(TEXT["forget_sure"])
    page.expect_text(before)
    expect(kept).to_have_text(TEXT["kept"].format(count=0))
    expect(page.find(".more summary")).to_be_focused()
    expect(page.find(".download")).to_be_disabled()
    page.reload()
    page.draw(FORK)
    page.expect_text(before)


def test_two_tabs_know_of_what_either_taught(page):
    other = page.page.context.new_page()
    other.goto(page.page.url)
    expect(other.locator(".kept")).to_have_text(TEXT["kept"].format(count=0))
    before = teach_fork(page)
    expect(other.locator(".kept")).to_have_text(TEXT["kept"].format(count=1))
    page.press(TEXT["teach"])
    page.page.get_by_role("button", name="2", exact=True).focus()
    other.locator(".more summary").click()
    for name in ("forget", "forget_sure"):
        other.get_by_role("button", name=TEXT[name]).click()
    page.expect_text(before)
    expect(page.page.get_by_role("button", name="2", exact=True)).to_be_focused()
    other.close()


def test_the_server_gets_class_means_and_keeps_nothing(page, open_page):
    teach_fork(page)
    page.clear()
    taught = page.sent_by(lambda: page.press(TEXT["examples"][0]))["taught"]
    assert list(taught) == ["4"]
    assert len(b64decode(taught["4"])) == 4 * 128
    other = open_page()
    other.draw(FORK)
    expect(other.find(".text")).not_to_have_text(TAUGHT.format(number=4))


def test_drawings_outlast_a_change_of_the_model(page):
    """Features are those of one model: for another one they are computed anew."""
    teach_fork(page)
    page.page.evaluate(
        """() => new Promise((resolve, reject) => {
            const opening = indexedDB.open("digits", 1);
            opening.onsuccess = () => {
                const writing = opening.result.transaction("lessons", "readwrite");
                const store = writing.objectStore("lessons");
                writing.onerror = writing.onabort = reject;
                store.getAll().onsuccess = ({ target }) => {
                    store.put({ ...target.result[0], model: "an older one", features: "AAAA" });
                    writing.oncomplete = () => { opening.result.close(); resolve(); };
                };
            };
        })"""
    )
    page.reload()
    page.draw(FORK, (0.3, 0.2, 0.45, 0.6))
    page.expect_text(TAUGHT.format(number=4))


@pytest.mark.parametrize(
    "script",
    ["indexedDB.open = () => { throw new Error('no') }", "indexedDB.open('digits', 1)"],
    ids=["forbidden", "of another page"],
)
def test_without_a_database_lessons_last_as_long_as_the_page(open_page, script):
    visit = open_page(script=script)
    teach_fork(visit)
    expect_kept(visit, 1, "kept_briefly")
    assert visit.complaints == []


def test_a_drawing_that_finds_no_room_is_kept_as_long_as_the_page(open_page):
    visit = open_page()
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": visit.page.url, "quotaSize": 1})
    teach_fork(visit)
    expect_kept(visit, 1, "kept_briefly")


def test_a_drawing_taught_while_the_database_opens_is_stored(open_page):
    visit = open_page(
        script="const open = IDBFactory.prototype.open;"
        "IDBFactory.prototype.open = function (...of) { const request = open.apply(this, of);"
        " Object.defineProperty(request, 'onsuccess', { set: (tell) =>"
        " request.addEventListener('success', () => (window.tellItIsOpen = tell)) });"
        " return request; }"
    )
    teach_fork(visit)
    expect_kept(visit, 1, "kept_briefly")
    visit.page.evaluate("tellItIsOpen()")
    expect_kept(visit, 1)
    visit.reload()
    visit.page.evaluate("tellItIsOpen()")
    expect_kept(visit, 1)


def test_drawings_are_deleted_after_the_browser_deleted_what_is_stored(open_page):
    visit = open_page()
    teach_fork(visit)
    open_more(visit)
    session = visit.page.context.new_cdp_session(visit.page)
    wiped = {"origin": visit.page.url.rstrip("/"), "storageTypes": "indexeddb"}
    session.send("Storage.clearDataForOrigin", wiped)
    expect_kept(visit, 1, "kept_briefly")
    visit.press(TEXT["forget"])
    visit.press(TEXT["forget_sure"])
    expect_kept(visit, 0)
    assert visit.complaints == []


def test_a_double_click_deletes_nothing(page):
    teach_fork(page)
    open_more(page)
    page.page.get_by_role("button", name=TEXT["forget"]).dblclick()
    expect(page.find(".kept")).to_have_text(re.compile(TEXT["forget_sure"]))
    page.press(TEXT["forget_sure"])
    expect_kept(page, 0)


def test_without_a_connection_nothing_is_learned_and_the_page_says_so(page):
    page.write(7)
    page.page.context.set_offline(True)
    page.press(TEXT["teach"])
    page.press("1")
    page.expect_notice(TEXT["lost_lesson"])
    page.page.context.set_offline(False)
    page.expect_text(TEXT["verdicts"]["digit"].format(first=7))


@pytest.fixture
def phone(open_page):
    return open_page(**PHONE)


def test_everyone_can_teach(page, phone):
    """No finding of axe-core, with a digit or with everything open, in the light and the dark."""
    for visit in (page, phone):
        visit.write(4)
        assert findings(visit) == []
        visit.clear()
        visit.write_number(4, 2)
        visit.press(TEXT["teach"])
        open_more(visit)
        assert findings(visit) == []


def findings(visit):
    found = Axe().run(visit.page).response["violations"]
    return [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize("lines", [["42"], ["2347", "567", "124"], ["147036925"]])
def test_a_finger_meets_everything(phone, lines):
    """Targets have 44 pixels, and nothing is wider than the screen."""
    phone.choose_photo(saved(write_lines(*lines)))
    expect(phone.find(".number button")).to_have_count(len("".join(lines)))
    phone.settle()
    phone.press(TEXT["teach"])
    phone.find(".more summary").click()
    for width, height in [(390, 844), (844, 390), (1024, 768)]:
        phone.page.set_viewport_size({"width": width, "height": height})
        for target in phone.find(".page :is(button, summary, a)").all():
            box = target.bounding_box()
            assert min(box["width"], box["height"]) > 43.9, target.evaluate("it => it.outerHTML")
        assert phone.page.evaluate("document.documentElement.scrollWidth") == width
        panel, view = (phone.find(name).bounding_box() for name in (".reading", ".view"))
        assert view["x"] + view["width"] < panel["x"] + panel["width"]


def test_the_threshold_and_weight_are_those_of_the_benchmark():
    chosen = json.loads((ROOT / "benchmarks/teaching.json").read_text(encoding="utf-8"))["chosen"]
    assert (TEACHING.threshold, TEACHING.weight) == (chosen["threshold"], chosen["weight"])
