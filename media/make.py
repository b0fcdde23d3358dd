"""Make the pictures of the README from the running app: ``python -m media.make``."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.page import served

HERE = Path(__file__).resolve().parent
CROSSED_SEVEN = (
    [(0.27, 0.24), (0.27, 0.19), (0.5, 0.19), (0.72, 0.17), (0.6, 0.42), (0.5, 0.62), (0.43, 0.86)],
    [(0.37, 0.52), (0.54, 0.5), (0.7, 0.49)],
)
STEPS = 12  # pointer moves between two points


def main():
    """Draw a crossed seven on the page and take its picture."""
    with served(["app.py"]) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        page.locator(".chart .main-svg").first.wait_for()
        box = page.locator(".paper").bounding_box()
        for stroke in CROSSED_SEVEN:
            points = [
                (box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke
            ]
            page.mouse.move(*points[0])
            page.mouse.down()
            for x, y in points[1:]:
                page.mouse.move(x, y, steps=STEPS)
            page.mouse.up()
        page.wait_for_timeout(1500)
        page.screenshot(path=HERE / "page.png")
        browser.close()


if __name__ == "__main__":
    main()
