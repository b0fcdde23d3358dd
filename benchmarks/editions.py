"""Both editions of the page side by side: what they load, how soon they read, how fast, how much.

    python -m digits.page.static --out site
    python -m benchmarks.editions site                  # 5 visits, 50 strokes, 1,000 drawings
    python -m benchmarks.editions site --visits 1 --strokes 5 --drawings 100 --json results.json

Both run one after the other on the same machine in headless Chromium: the free edition from a host
that compresses what static hosts do, the Gradio edition from a process of its own. A visitor shows
an example as soon as the page takes it. "Drawable" is when it does, "first reading" when the
digit is shown, both from the start of the navigation; "cold" is the first visit of a browser,
"warm" its second one. The slow line has 10 Mbit/s and no latency. "Pen-up to bars" is that of
benchmarks/page.py. Memory is what the page's process shares with no other one, once its garbage is
collected; the Gradio edition takes its server's, too. Readings are compared with those of native
Python, on real pen strokes drawn as on the page.
"""

from base64 import b64encode
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from benchmarks import common, tables
from benchmarks.page import WARM_UP, WATCH
from benchmarks.page import draw as draw_stroke
from benchmarks.server import launch_chromium, private_mb, renderer_mb, served
from benchmarks.slow_line import slowed
from benchmarks.static_host import hosted
from digits import Recognizer
from digits.page.answers import page_answer
from digits.training.render import draw

LINE = 10e6 / 8  # bytes a second
SERVER_MEMORY = "memory of the server, MB"
WINDOW = {"width": 1280, "height": 800}

# Shows an example once there is one, and notes when that was and when a digit is read.
VISIT = """
(() => {
  const times = (window.times = {});
  new MutationObserver(() => {
    const example = document.querySelector(".examples button");
    if (example && !times.drawable) {
      times.drawable = performance.now();
      example.click();
    }
    if (/[0-9]/.test(document.querySelector(".digit")?.textContent))
      times.reading ??= performance.now();
  }).observe(document, { subtree: true, childList: true, characterData: true });
})();
"""


def main():
    """Measure both editions, print the table, write the figures."""
    parser = common.command_line(__doc__)
    parser.add_argument("site", type=Path, help="the folder of the free edition")
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--strokes", type=int, default=50)
    parser.add_argument("--drawings", type=int, default=1000, help="compared with native Python")
    options = parser.parse_args()

    results = common.environment("gradio", "plotly", "numpy", "pillow", "playwright")
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright.chromium)
        results["versions"]["chromium"] = browser.version
        with hosted(options.site) as address:
            results["free"] = measure(browser, address, options) | {SERVER_MEMORY: 0}
            results["readings"] = compare(browser, address, options.drawings)
        browser.close()
        browser = launch_chromium(playwright.chromium)  # `renderer_mb` is of the largest page in it
        with served() as (address, process):
            figures = measure(browser, address, options)
            results["Gradio"] = figures | {SERVER_MEMORY: private_mb(process.pid)}
        browser.close()
    print(tables.editions(results))
    common.write_json(options.json, results)


def measure(browser, address, options):
    """Visit one edition again and again, then draw on it; return its figures."""
    cold, warm, slow = [], [], []
    for _ in range(options.visits):
        context = browser.new_context(viewport=WINDOW)
        cold.append(visit(context, address))
        warm.append(visit(context, address))
        context.close()
    with slowed(address, LINE) as behind:
        for _ in range(options.visits):
            context = browser.new_context(viewport=WINDOW)
            slow.append(visit(context, behind))
            context.close()
    pen, memory = draw_strokes(browser, address, options.strokes)
    return {
        "sent to the browser, MB": cold[0]["megabytes"],
        **{
            f"{name}: {event}, s": common.spread([each[event] for each in visits], 2)
            for name, visits in {"cold": cold, "warm": warm, "10 Mbit/s": slow}.items()
            for event in ("drawable", "first reading")
        },
        "pen-up to bars, ms": common.spread(pen),
        "memory of the page, MB": memory,
    }


def visit(context, address):
    """Visit the page once; return seconds from the start of the navigation, and megabytes."""
    page = context.new_page()
    received = []
    context.on("requestfinished", lambda request: received.append(request.sizes()))
    page.add_init_script(VISIT)
    page.goto(address)
    expect(page.locator(".digit")).to_contain_text("7", timeout=120_000)
    page.wait_for_timeout(1000)  # until the chart is there
    page.evaluate(  # and, on the page that has one, until the service worker has kept everything
        "navigator.serviceWorker.getRegistration().then((r) => r && navigator.serviceWorker.ready)"
        ".then(() => 0)"
    )
    times = page.evaluate("times")
    page.close()
    sizes = sum(max(each["responseBodySize"], 0) for each in received)  # from a cache: below 0
    return {
        "megabytes": round(sizes / 1e6, 2),
        "drawable": times["drawable"] / 1000,
        "first reading": times["reading"] / 1000,
    }


def show_example(page, address):
    """Open the page and show its first example, a seven, until it is read."""
    page.goto(address)
    page.locator(".examples button").first.click()
    expect(page.locator(".digit")).to_contain_text("7", timeout=120_000)


def draw_strokes(browser, address, strokes):
    """Draw strokes; return milliseconds from pen-up to the last change, and memory afterwards."""
    # Playwright waits for conditions by evaluating text, which the page's policy forbids.
    context = browser.new_context(viewport=WINDOW, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    show_example(page, address)
    page.keyboard.press("Escape")
    page.wait_for_timeout(3000)  # until the chart is there
    box = page.locator(".paper").bounding_box()
    logs = [draw_stroke(page, box, seed) for seed in range(WARM_UP + strokes)][WARM_UP:]
    memory = renderer_mb(page)
    context.close()
    after = [[at - log["up"] for at in log["changes"] if at > log["up"]] for log in logs]
    return [times[-1] for times in after if times], memory


def compare(browser, address, n):
    """Read drawings of UNIPEN in the browser and natively; return how often they differ."""
    recognizer = Recognizer.load()
    page = browser.new_page()
    show_example(page, address)
    inputs = verdicts = 0
    drawings = common.subsample(common.unipen_digits(), n)
    for seed, drawing in enumerate(drawings):
        file = BytesIO()
        Image.fromarray(draw(drawing, "default", seed=seed)).save(file, "PNG")
        url = "data:image/png;base64," + b64encode(file.getvalue()).decode()
        here = page_answer(recognizer, url)
        there = page.workers[0].evaluate(
            "async (url) => (await started).read({ picture: url })", url
        )
        inputs += [each["model_input"] for each in here["digits"]] != [
            each["model_input"] for each in there["digits"]
        ]
        verdicts += (here["verdict"], here["label"]) != (there["verdict"], there["label"])
    page.close()
    return {
        "drawings": len(drawings),
        "with another model input": inputs,
        "with another verdict or label": verdicts,
    }


if __name__ == "__main__":
    main()
