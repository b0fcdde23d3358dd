"""Make the pictures of the README from the running app: ``python -m media.make``."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from benchmarks.server import launch_chromium, served

HERE = Path(__file__).resolve().parent
CROSSED_SEVEN = (
    [(0.27, 0.24), (0.27, 0.19), (0.5, 0.19), (0.72, 0.17), (0.6, 0.42), (0.5, 0.62), (0.43, 0.86)],
    [(0.37, 0.52), (0.54, 0.5), (0.7, 0.49)],
)
# A 4 and a 2 as someone writes them, beside each other.
FORTY_TWO = (
    [(0.2, 0.25), (0.13, 0.52), (0.4, 0.5)],
    [(0.34, 0.32), (0.31, 0.75)],
    [(0.55, 0.38), (0.6, 0.28), (0.71, 0.26), (0.77, 0.35), (0.72, 0.48), (0.62, 0.61)]
    + [(0.53, 0.74), (0.66, 0.72), (0.84, 0.73)],
)
STEPS = 12  # pointer moves between two points


def main():
    """Draw a crossed seven and take a picture; draw 42 and make a film of it."""
    with served() as (address, _), sync_playwright() as playwright:
        browser = launch_chromium(playwright.chromium)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        page.locator(".chart .main-svg").first.wait_for()
        draw(page, CROSSED_SEVEN)
        settle(page)
        page.screenshot(path=HERE / "page.png")
        page.keyboard.press("Escape")
        settle(page)

        frames = [frame(page)]
        draw(page, FORTY_TWO, lambda: frames.append(frame(page)))
        settle(page)
        for i in (0, 1):
            page.locator(".number button").nth(i).click()
            settle(page)
            frames.append(frame(page))
        frames[0].save(
            HERE / "demo.gif",
            save_all=True,
            append_images=frames[1:],
            duration=[600] + [250] * (len(frames) - 3) + [1500, 1500],
            loop=0,
        )
        browser.close()


def draw(page, strokes, after=lambda: None):
    """Draw strokes on the paper, of which they are shares; call `after` at every point."""
    box = page.locator(".paper").bounding_box()
    for stroke in strokes:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for x, y in points[1:]:
            page.mouse.move(x, y, steps=STEPS)
            after()
        page.mouse.up()


def settle(page):
    """Wait for the reading of all that is on the pad, and for bars that still move."""
    expect(page.locator(".reading")).not_to_have_attribute("aria-busy", "true")
    page.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished))")


def frame(page):
    """Take one picture of the film, in 64 colours."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    return picture.resize((768, 480), Image.Resampling.LANCZOS).quantize(64)


if __name__ == "__main__":
    main()
