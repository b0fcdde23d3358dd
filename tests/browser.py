"""A visitor at the page in a real browser: draws with a real pointer, hands over files, looks."""

import json
from base64 import b64decode
from io import BytesIO

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from digits.page import TEXT
from tests.handwriting import STROKES

LARGE = (0.24, 0.16, 0.52, 0.68)  # left, top, width and height on the paper
CORNER = (0.04, 0.05, 0.14, 0.18)
WHOLE = (0, 0, 1, 1)  # the box of a stroke whose points are those of the paper
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "color_scheme": "dark",
}
CONFIDENT = TEXT["verdicts"]["digit"]
READ = "**/component_server/"  # where the page sends drawings


class Visit:
    """One visitor at the page.

    Parameters
    ----------
    chromium : playwright.sync_api.Browser
    address : str
    script : str
        Runs before the page's own.
    clock : bool
        Whether the test may put the clock of the page forward.
    route : tuple, optional
        A pattern of addresses, and what is done with a request of such a one.
    **context : dict
        Of the browser: the size of its window, its colour scheme and so on.
    """

    def __init__(self, chromium, address, script="", clock=False, route=None, **context):
        self.page = chromium.new_context(**context).new_page()
        self.page.add_init_script(script)
        if clock:
            self.page.clock.install()
        if route:
            self.page.context.route(*route)
        self.requests, self.complaints = [], []
        self.page.context.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self.page.goto(address)
        self.find(".chart .main-svg").first.wait_for()

    def _hear(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.page.context.close()

    # --- what the visitor does ----------------------------------------------------------------

    def find(self, selector):
        return self.page.locator(selector)

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def reload(self):
        self.page.reload()
        self.find(".chart .main-svg").first.wait_for()

    def clear(self):
        """Start anew, whatever was drawn."""
        self.page.keyboard.press("Escape")
        self.expect_verdict("blank")

    def points(self, stroke, box=LARGE):
        """Place a stroke on the paper: its points in pixels of the window."""
        paper = self.find(".paper").bounding_box()
        left, top, width, height = box
        return [
            (
                paper["x"] + paper["width"] * (left + width * x),
                paper["y"] + paper["height"] * (top + height * y),
            )
            for x, y in stroke
        ]

    def move(self, stroke, box=WHOLE, steps=1):
        """Move the pointer over the paper, where that is now."""
        for point in self.points(stroke, box):
            self.page.mouse.move(*point, steps=steps)

    def draw_stroke(self, stroke, box=LARGE, lift=True, **button):
        first, *others = stroke
        self.move([first], box)
        self.page.mouse.down(**button)
        self.move(others, box, steps=2)
        if lift:
            self.page.mouse.up(**button)

    def draw(self, strokes, box=LARGE, wait=True):
        """Draw strokes; wait until they are read, unless the test keeps the answer away."""
        for stroke in strokes:
            self.draw_stroke(stroke, box)
        if wait:
            self.settle()

    def write(self, digit, box=LARGE, wait=True):
        self.draw(STROKES[digit], box, wait)

    def write_number(self, *digits):
        for i, digit in enumerate(digits):
            box = (0.04 + 0.96 * i / len(digits), 0.35, 0.76 / len(digits), 0.3)
            self.write(digit, box, wait=False)
        self.settle()

    def tap(self, x, y, **button):
        """Click on the paper, at shares of its width and height."""
        [point] = self.points([(x, y)], WHOLE)
        self.page.mouse.click(*point, **button)

    def choose_photo(self, file, kind="JPEG"):
        """Choose a file by its path, or by its bytes and the format that it claims to be in."""
        if isinstance(file, bytes):
            file = {"name": "photo", "mimeType": f"image/{kind.lower()}", "buffer": file}
        with self.page.expect_file_chooser() as chooser:
            self.press(TEXT["photo"])
        chooser.value.set_files(file)

    def hand_over(self, event, content):
        """Paste or drag a file, as the browser tells the page of it."""
        self.page.evaluate(
            """([event, bytes]) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], "a.jpg", { type: "image/jpeg" }));
                const options = { bubbles: true, cancelable: true };
                document.querySelector(".paper").dispatchEvent(
                    event === "paste"
                        ? new ClipboardEvent("paste", { ...options, clipboardData: data })
                        : new DragEvent(event, { ...options, dataTransfer: data }),
                );
            }""",
            [event, [*content]],
        )

    # --- what the visitor sees ----------------------------------------------------------------

    def settle(self):
        """Wait for the reading of all that is on the pad."""
        expect(self.find(".reading")).not_to_have_attribute("aria-busy", "true")

    def expect_verdict(self, verdict):
        expect(self.find(".reading")).to_have_attribute("data-verdict", verdict)
        self.settle()

    def expect_text(self, text):
        expect(self.find(".text")).to_have_text(text)

    def expect_notice(self, text):
        expect(self.find(".notice")).to_have_text(text)

    def expect_read(self, digit):
        """Wait for a digit, certain or with a question mark; its bar is the highest."""
        self.page.wait_for_function(
            "digit => document.querySelector('.digit').textContent[0] === digit", arg=f"{digit}"
        )
        assert self.highest_bar() == digit

    def highest_bar(self):
        """Find the digit with the highest bar in Plotly's data; wait until it is on the screen."""
        highest = int(np.argmax(self.probabilities()))
        self.page.wait_for_function(
            """highest => {
                const bars = [...document.querySelectorAll(".chart .point path")];
                const heights = bars.map((bar) => bar.getBBox().height);
                return heights.length === 10 && Math.max(...heights) === heights[highest];
            }""",
            arg=highest,
        )
        return highest

    def probabilities(self):
        return self.page.evaluate("document.querySelector('.chart').data[0].y")

    def drawing(self):
        """What is on the paper, as a data URL."""
        return self.page.evaluate("document.querySelector('.paper').toDataURL()")

    def view(self):
        """The picture of what the network sees, in colour."""
        view = self.page.evaluate("document.querySelector('.view canvas').toDataURL()")
        return np.asarray(picture_of(view).convert("RGB"))

    # --- what goes on between browser and server ----------------------------------------------

    def sent_by(self, action):
        """Do something that the page has read; return what it sends for that."""
        with self.page.expect_request(lambda r: '"fn_name":"read"' in (r.post_data or "")) as sent:
            action()
        self.settle()
        return json.loads(sent.value.post_data)["data"]

    def download(self, name):
        """Press a button that has a file saved."""
        with self.page.expect_download() as download:
            self.press(TEXT[name])
        return download.value

    def hold_readings(self):
        """Keep what the page sends from the server; return the list of what is held."""
        held = Held()
        self.page.route(READ, held.handle)
        return held

    def release(self, held):
        """Let what is held reach the server, and wait until the page has all answers."""
        held.is_open = True
        for route in held:
            request = route.request
            with self.page.expect_event("requestfinished", lambda done, of=request: done == of):
                route.continue_()
        self.page.unroute(READ)
        self.frames(2)

    def frames(self, count):
        """Wait until the page was drawn so often."""
        self.page.evaluate(
            "async count => { while (count--) await new Promise(requestAnimationFrame) }", count
        )


class Held(list):
    """Requests that are kept from the server, unless `is_open`."""

    is_open = False

    def handle(self, route):
        if self.is_open:
            route.continue_()
        else:
            self.append(route)


def picture_of(data_url):
    return Image.open(BytesIO(b64decode(data_url.partition(",")[2])))
