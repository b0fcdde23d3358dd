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
of the newest pointer move in the picture whose reading is shown; "oldest new move" is the longest
that any ink had to wait for its reading, with the pace of 60 ms between two pictures in it.
"""

import argparse
import json
import os
import platform
import shutil
import time
from contextlib import suppress
from importlib.metadata import version
from math import cos, sin, tau
from pathlib import Path

import numpy as np
from playwright.sync_api import TimeoutError, sync_playwright

from benchmarks.server import served

WARM_UP = 1  # strokes that are drawn first and not counted
POINTS = 60  # of a stroke
INTERVAL = 0.008  # seconds between two of them, as a mouse or a pen gives

# Notes when the pen moves and is lifted, when a picture leaves and when bars move.
WATCH = """
(() => {
  const log = (window.log = { up: null, changes: [] });
  let newest = null, oldest = null, carried = null;
  addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    newest = event.timeStamp;
    oldest ??= event.timeStamp;
  }, true);
  addEventListener("pointerup", (event) => (log.up = event.timeStamp), true);
  const fetched = window.fetch;
  window.fetch = async (...request) => {
    if (!`${request[0]}`.includes("component_server")) return fetched(...request);
    const picture = { newest, oldest };
    oldest = null;
    const response = await fetched(...request);
    carried = picture;
    return response;
  };
  const isBar = (node) => node.matches?.(".point path") || node.querySelector?.(".point path");
  new MutationObserver((changes) => {
    if (!changes.some((c) => (c.attributeName ? isBar(c.target) : [...c.addedNodes].some(isBar))))
      return;
    log.changes.push({ at: performance.now(), ...carried });
    carried = null;
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["d"] });
})();
"""


def main():
    """Measure both pages, print the table, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--strokes", type=int, default=200, help="on our page")
    parser.add_argument("--baseline", type=int, default=3, help="strokes on the baseline")
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--serve-baseline", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve_baseline:
        return serve_baseline()

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        results = {
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {load} at the start",
            "versions": {
                **{name: version(name) for name in ("gradio", "plotly", "keras", "playwright")},
                "python": platform.python_version(),
                "chromium": browser.version,
            },
            "page": measure(browser, ["app.py"], ".paper", options.strokes, change=-1),
            "baseline": measure(
                browser, [__file__, "--serve-baseline"], "canvas", options.baseline, change=0
            ),
        }
        browser.close()
    report(results)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=2) + "\n")


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
    changes = [change for log in logs for change in log["changes"] if change.get("oldest")]
    after = [[c["at"] - log["up"] for c in log["changes"] if c["at"] > log["up"]] for log in logs]
    return {
        "strokes": strokes,
        "strokes without an answer": sum(not times for times in after),
        "pen-up to chart": spread([times[change] for times in after if times]),
        "move to chart": spread([c["at"] - c["newest"] for c in changes]),
        "oldest new move to chart": spread([c["at"] - c["oldest"] for c in changes]),
        "charts while the pen is down": spread(
            [sum(c["at"] < log["up"] for c in log["changes"]) for log in logs]
        ),
    }


def draw(page, box, seed):
    """Draw an ellipse, wait for the reading, clear the pad; return what the page noted."""
    rng = np.random.default_rng(seed)
    side = min(box["width"], box["height"])
    (x, y), (width, height), start = (
        rng.uniform(-0.1, 0.1, 2),
        rng.uniform(0.12, 0.3, 2),
        rng.random(),
    )
    page.evaluate("log.up = null; log.changes.length = 0")
    for i in range(POINTS):
        angle = tau * (start + i / POINTS)
        page.mouse.move(
            box["x"] + box["width"] / 2 + side * (x + width * cos(angle)),
            box["y"] + box["height"] / 2 + side * (y + height * sin(angle)),
        )
        if i == 0:
            page.mouse.down()
        time.sleep(INTERVAL)
    page.mouse.up()
    with suppress(TimeoutError):  # gr.Sketchpad says nothing of its first stroke
        page.wait_for_function("log.changes.at(-1)?.at > log.up", timeout=10_000)
    page.wait_for_timeout(300)  # for what may come after it
    log = page.evaluate("({ up: log.up, changes: [...log.changes] })")
    page.keyboard.press("Escape")
    page.wait_for_timeout(150)
    return log


def spread(values):
    """Give median, 95th percentile and number of some values."""
    if not values:
        return None
    median, p95 = np.percentile(values, [50, 95])
    return {"median": round(float(median), 1), "p95": round(float(p95), 1), "n": len(values)}


def report(results):
    """Print machine, versions and the table."""
    print(results["machine"])
    print(", ".join(f"{name} {number}" for name, number in results["versions"].items()))
    page, baseline = results["page"], results["baseline"]
    print(f"\n{'median / p95 (n)':30}{'this page':>22}{'Sketchpad to Plot':>22}")
    for name, figures in page.items():
        cells = [figures, baseline[name]]
        if isinstance(figures, dict):
            cells = [f"{c['median']} / {c['p95']} ({c['n']})" if c else "none" for c in cells]
        print(f"{name:30}{cells[0]:>22}{cells[1]:>22}")


if __name__ == "__main__":
    main()
