"""How fast the page answers the pen: from pen-up and from a pointer move to the changed chart.

    python -m benchmarks.page                         # 200 strokes on the page, 3 on the baseline
    python -m benchmarks.page --strokes 20 --baseline 40 --json results.json

Both pages run one after the other on the same machine, each served by a process of its own with
the shipped model, in headless Chromium with real pointer events: ellipses of random size and
place, a point every 8 ms. The baseline is what Gradio offers for the purpose: ``gr.Sketchpad`` to
``gr.Plot`` with the same chart of the same reading, without queue and progress display.

A chart has changed once its bars were given the coordinates of a reading in the document, even if
they are those of the reading before; painting the next frame comes on top, for both pages alike.
Pen-up counts to the last change on our page, which is that of the whole drawing, and to the first
one on the baseline. The Sketchpad draws with WebGL: in a browser without a GPU, as here, part of
its time is its own drawing, and a stroke takes it some 25 seconds: hence so few. "Move" is the age
of the newest pointer move in the picture whose reading is shown; "oldest new move" that of the
oldest one that no reading before had shown, with the 45 ms between two pictures in it. "Pen-down
to ink" ends when the frame with the first dot on the canvas has been painted. A task of the main
thread is long from 50 ms on; the slowed processor is four times slower. Own files are those that
are loaded before the first stroke, compressed, without Gradio's and Plotly's, and the document.
The idle load is that of the main thread, beside that of a page of Gradio with one line of text.
"""

import os
import time
from contextlib import suppress
from math import cos, sin, tau

import numpy as np
from playwright.sync_api import TimeoutError, sync_playwright

from benchmarks import common, tables
from benchmarks.server import launch_chromium, served

WARM_UP = 1  # strokes that are drawn first and not counted
POINTS = 60  # of a stroke
INTERVAL_S = 0.008  # between two points, as a mouse or a pen gives them
SLOWED = 10  # strokes on a slowed processor, and as many to see their ink
IDLE_S, IDLE_ROUNDS = 20, 5

# Notes when the pen moves and is lifted, when a picture leaves and its answer is there, and when
# bars change: milliseconds since the page was opened.
WATCH = """
(() => {
  performance.setResourceTimingBufferSize(2000);
  const log = (window.log = {});
  window.forget = () =>
    Object.assign(log, { up: null, moves: [], pictures: [], changes: [], tasks: [], ink: [] });
  forget();
  const painted = new MessageChannel();
  painted.port1.onmessage = ({ data: down }) => {
    const now = performance.now();
    const paper = document.querySelector(".paper");
    const { data } = paper.getContext("2d").getImageData(0, 0, paper.width, paper.height);
    log.ink.push(data.some((value) => value < 128) ? now - down : Infinity);
  };
  addEventListener("pointerdown", ({ timeStamp }) => {
    if (window.watchesInk) requestAnimationFrame(() => painted.port2.postMessage(timeStamp));
  }, true);
  new PerformanceObserver((list) => {
    log.tasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: "longtask" });
  addEventListener("pointermove", (e) => e.buttons && log.moves.push(e.timeStamp), true);
  addEventListener("pointerup", (e) => (log.up = e.timeStamp), true);
  new PerformanceObserver((list) => {
    for (const { name, startTime, responseEnd } of list.getEntries())
      if (name.includes("component_server")) log.pictures.push([startTime, responseEnd]);
  }).observe({ type: "resource" });
  const isBar = (node) => node.matches?.(".point path") || node.querySelector?.(".point path");
  new MutationObserver((changes) => {
    if (changes.some((c) => (c.attributeName ? isBar(c.target) : [...c.addedNodes].some(isBar))))
      log.changes.push(performance.now());
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["d"] });
})();
"""

# Sums the compressed bytes of the document and of our own files.
OWN_FILES = """
["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type))
  .filter(({ entryType, name }) =>
    entryType === "navigation" || (name.includes("/file=") && !name.includes("plotly")))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
"""


# Gradio's own share of the idle load.
EMPTY_PAGE = """
import gradio as gr

with gr.Blocks(analytics_enabled=False) as page:
    gr.HTML("Nothing happens here.")
page.launch(run_history=False, quiet=True)
"""


def main():
    """Measure both pages, print the table, write the figures."""
    parser = common.command_line(__doc__)
    parser.add_argument("--strokes", type=int, default=200, help="on our page")
    parser.add_argument("--baseline", type=int, default=3, help="strokes on the baseline")
    options = parser.parse_args()

    results = common.environment("gradio", "plotly", "onnxruntime", "playwright")
    baseline = ["-c", "from benchmarks.page import serve_baseline; serve_baseline()"]
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright.chromium)
        results["versions"]["chromium"] = browser.version
        results["page"] = measure(browser, ["app.py"], ".paper", options.strokes, change=-1)
        results["baseline"] = measure(browser, baseline, "canvas", options.baseline, change=0)
        results["page"] |= measure_feel(browser) | measure_idle(browser)
        browser.close()
    common.print_environment(results)
    rows = [
        [name, *(tables.spread_cell(results[page].get(name, "-")) for page in ("page", "baseline"))]
        for name in results["page"]
    ]
    header = ["ms: " + tables.SPREAD, "this page", "Sketchpad to Plot"]
    print("\n" + common.table(header, rows))
    common.write_json(options.json, results)


def serve_baseline():
    """Serve ``gr.Sketchpad`` to ``gr.Plot``, with the options that made it fastest."""
    import gradio as gr
    from PIL import Image

    from digits import Recognizer
    from digits.chart import probability_chart

    recognizer = Recognizer.load()

    def read(drawing):
        return probability_chart(recognizer.read(drawing["composite"]).probabilities)

    paper = Image.new("RGB", (520, 520), "white")
    with gr.Blocks(analytics_enabled=False) as page:
        pad = gr.Sketchpad(
            {"background": paper, "layers": [], "composite": paper},
            type="pil",
            canvas_size=paper.size,
            brush=gr.Brush(default_size=18, colors=["#000000"], color_mode="fixed"),
        )
        options = {"queue": False, "show_progress": "hidden", "trigger_mode": "always_last"}
        pad.change(read, pad, gr.Plot(), **options)
    page.launch(server_port=int(os.environ["GRADIO_SERVER_PORT"]), run_history=False, quiet=True)


def measure(browser, command, canvas, strokes, change):
    """Draw strokes on one page; return its figures, times in milliseconds.

    `change` is the index of the change after pen-up that ends the wait: the first or the last.
    """
    with served(command) as (address, _):
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.add_init_script(WATCH)
        page.goto(address)
        page.locator(canvas).first.wait_for()
        page.wait_for_timeout(5000)  # until scripts and pictures are there
        box = page.locator(canvas).first.bounding_box()
        logs = [draw(page, box, seed) for seed in range(WARM_UP + strokes)][WARM_UP:]
        page.context.close()
    after = [[at - log["up"] for at in log["changes"] if at > log["up"]] for log in logs]
    gaps = [np.diff([at for at in log["changes"] if at < log["up"]]) for log in logs]
    ages = np.array([pair for log in logs for pair in ages_of_moves(log)]).reshape(-1, 2)
    return {
        "strokes": strokes,
        "strokes without an answer": sum(not times for times in after),
        "pen-up to chart": common.spread([times[change] for times in after if times]),
        "move to chart": common.spread(ages[:, 0]),
        "oldest new move to chart": common.spread(ages[:, 1]),
        "between two charts while the pen is down": common.spread(np.concatenate(gaps)),
        "charts while the pen is down": common.spread(
            [sum(at < log["up"] for at in log["changes"]) for log in logs]
        ),
        "long tasks while drawing": common.spread([ms for log in logs for ms in log["tasks"]]),
    }


def measure_feel(browser):
    """Measure what our page loads, how soon ink is seen, and its tasks on a slow processor."""
    with served(["app.py"]) as (address, _):
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.add_init_script(WATCH)
        page.goto(address)
        page.locator(".paper").wait_for()
        page.wait_for_timeout(5000)
        own = page.evaluate(OWN_FILES)
        box = page.locator(".paper").bounding_box()
        draw(page, box, 0)
        page.evaluate("window.watchesInk = true")
        ink = [draw(page, box, seed)["ink"][0] for seed in range(SLOWED)]
        page.evaluate("window.watchesInk = false")
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        slow = [draw(page, box, seed)["tasks"] for seed in range(SLOWED)]
        page.context.close()
    return {
        "pen-down to ink": common.spread(ink),
        "long tasks, slowed processor": common.spread([ms for tasks in slow for ms in tasks]),
        "own files, kB": round(own / 1000, 1),
    }


def measure_idle(browser):
    """Measure the idle load of our page and of an empty one, in turns."""
    loads = {"idle load, % of a core": [], "of an empty page of Gradio": []}
    with served(["app.py"]) as (ours, _), served(["-c", EMPTY_PAGE]) as (empty, _):
        pages = [browser.new_context().new_page() for _ in loads]
        for page, address in zip(pages, (ours, empty), strict=True):
            page.goto(address)
            page.wait_for_timeout(5000)
        for _ in range(IDLE_ROUNDS):
            for page, load in zip(pages, loads.values(), strict=True):
                load.append(idle_percent(page))
        for page in pages:
            page.context.close()
    return {name: common.spread(load, 2) for name, load in loads.items()}


def idle_percent(page):
    """Measure the load of the main thread while nothing happens, in percent of a core."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def busy():
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(each["value"] for each in metrics if each["name"] == "TaskDuration")

    before = busy()
    page.wait_for_timeout(IDLE_S * 1000)
    load = round(100 * (busy() - before) / IDLE_S, 2)
    session.detach()
    return load


def ages_of_moves(log):
    """Age, at each change of the chart, of the newest and of the oldest new move that it shows."""
    ages, shown = [], 0
    for change in log["changes"]:
        sent = max((start for start, end in log["pictures"] if end <= change), default=0)
        if new := [move for move in log["moves"] if shown < move <= sent]:
            ages.append((change - new[-1], change - new[0]))
            shown = sent
    return ages


def draw(page, box, seed):
    """Draw an ellipse, wait for the reading, clear the pad; return what the page noted."""
    rng = np.random.default_rng(seed)
    side = min(box["width"], box["height"])
    x, y = rng.uniform(-0.1, 0.1, 2)
    width, height = rng.uniform(0.12, 0.3, 2)
    start = rng.random()
    page.evaluate("forget()")
    for i in range(POINTS):
        angle = tau * (start + i / POINTS)
        page.mouse.move(
            box["x"] + box["width"] / 2 + side * (x + width * cos(angle)),
            box["y"] + box["height"] / 2 + side * (y + height * sin(angle)),
        )
        if i == 0:
            page.mouse.down()
        time.sleep(INTERVAL_S)
    page.mouse.up()
    with suppress(TimeoutError):  # gr.Sketchpad says nothing of its first stroke
        page.wait_for_function("log.changes.at(-1) > log.up", timeout=10_000)
    page.wait_for_timeout(300)  # for what may come after it
    log = page.evaluate("log")
    page.keyboard.press("Escape")
    page.wait_for_timeout(150)
    return log


if __name__ == "__main__":
    main()
