"""What stands below the pad: figures, the picture of the network, links."""

import json

import requests
from playwright.sync_api import expect

from benchmarks.server import ROOT
from digits import Recognizer, __version__
from digits.engine import load_engine
from digits.model_file import MODEL
from digits.page import TEXT
from digits.page.content import page_html


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
        assert f"{hands[way]['pooled'][0]:.1%}" in shares
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


def test_the_footers_name_the_version_and_lead_to_the_api(open_page):
    visit = open_page()
    visit.write(7)
    expect(visit.find(".page footer")).to_contain_text(f"Digits {__version__}")
    visit.page.get_by_role("button", name="Use via API").click()
    dialog = visit.page.get_by_role("dialog", name="Use via API")
    expect(dialog.get_by_role("heading", name="documentation")).to_be_visible()
    visit.page.keyboard.press("Delete")  # in the dialog, not on the pad behind it
    expect(visit.find(".digit")).to_have_text("7")
