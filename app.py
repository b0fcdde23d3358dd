"""The page: draw a digit, and see while you draw how the network reads it.

``python app.py`` opens it on http://localhost:7860. The environment variables
``GRADIO_SERVER_NAME`` and ``GRADIO_SERVER_PORT`` choose another address.
"""

import gc
import inspect
import json
import logging
import os
import socket
import sys
import tempfile
from base64 import b64decode, b64encode
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Literal, TypedDict
from urllib.parse import unquote

import numpy as np

from digits import Recognizer, __version__
from digits.drawing import PictureError
from digits.gate import MOST_BYTES, open_picture
from digits.recognizer import BLANK, MODEL, ModelFileError

ROOT = Path(__file__).resolve().parent
PAGE = ROOT / "digits" / "page"
SCRIPTS = ("pad.js", "photo.js", "examples.js", "save.js", "reading.js")  # they share one scope
KEPT = 3600  # seconds that an upload stays: Gradio looks for old ones as often
MOST_SENT = 14_000_000  # bytes of a message: the largest picture, written as base64, and its frame
AT_ONCE = max(4, os.cpu_count())  # readings: one that takes seconds must not stop all others
# At 100 readings a second, which two cores give, nobody waits longer than a second.
MOST_WAITING = 100
WORDS = json.loads((PAGE / "words.json").read_text(encoding="utf-8"))
FAILED = {"verdict": "failed", "digit": "?", "words": WORDS["failed"]}


class Answer(TypedDict, total=False):
    """What programs are told of a picture, as Gradio's API page lists it."""

    file: str
    verdict: Literal["digit", "unsure", "not_a_digit", "blank"]
    digit: int | None
    digits: list[int]
    probabilities: list[float]
    error: str


def main():
    """Load the model, then open the port; what stops that is one sentence on stderr."""
    gc.disable()  # what is made at the start stays: looking for garbage in it only takes time
    try:
        name, port = address()
        check_disk()
        page, theme = build(Recognizer.load())
        from starlette.middleware import Middleware

        gc.freeze()
        gc.enable()
        page.launch(
            server_name=name,
            server_port=port,
            theme=theme,
            # Gradio opens its API page by a button of its footer alone: the page's link presses it.
            footer_links=["api"],
            css="footer:has(.show-api) { display: none }",
            mcp_server=find_spec("mcp") is not None,
            run_history=False,  # it would keep every drawing in the browser, and double the latency
            max_file_size=MOST_BYTES,
            app_kwargs={"middleware": [Middleware(SmallMessages)]},
        )
    except (OSError, ModelFileError) as problem:
        sys.exit(str(problem))


def address():
    """Name and port to listen on; raises an OSError that says why they cannot be had."""
    name = os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1"
    port = os.environ.get("GRADIO_SERVER_PORT") or "7860"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise OSError(f"GRADIO_SERVER_PORT is {port!r}: give a number from 1 to 65535.")
    try:
        socket.create_server((name, int(port))).close()
    except OSError as error:
        raise OSError(
            f"Cannot listen on {name}:{port} ({error.strerror}): "
            "choose another port with GRADIO_SERVER_PORT."
        ) from error
    return name, int(port)


class SmallMessages:
    """Refuse messages larger than any picture before they fill memory or disk.

    Gradio limits each file of an upload, but takes a thousand of them, and JSON of any length; and
    it leaves what came of an upload that was given up, unless the form is called broken.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        """Pass a request on, until more of it has come in than may, or no more will."""
        from starlette.formparsers import MultiPartException

        received, complete = 0, False

        async def receive_some():
            nonlocal received, complete
            message = await receive()
            received += len(message.get("body", b""))
            if received > MOST_SENT:
                raise MultiPartException(WORDS["too_large"])
            if message["type"] == "http.disconnect" and received and not complete:
                raise MultiPartException("The upload was given up.")
            complete = complete or not message.get("more_body", False)
            return message

        await self._app(scope, receive_some if scope["type"] == "http" else receive, send)


def check_disk():
    """Raise an OSError that says what to do if uploads have no place to go to."""
    try:
        tempfile.gettempdir()
    except OSError as error:
        raise OSError(
            "There is no folder for uploads, which is writable and has room: mount one on /tmp, or "
            "name one in TMPDIR."
        ) from error


def build(recognizer):
    """Make the page around a recognizer: the Gradio blocks, and their theme."""
    # Imported here, after what can go wrong at the start has gone wrong: they take seconds.
    with no_stubs():
        import gradio as gr
    from anyio import CapacityLimiter, to_thread
    from plotly import package_data

    from digits.chart import CONFIG, chart_update, probability_chart

    turns = CapacityLimiter(AT_ONCE)

    def in_turn(work, busy):
        """Let some callers work and some wait; tell the others to try again, what `busy` says."""

        @wraps(work)
        async def wait(given):
            if turns.statistics().tasks_waiting >= MOST_WAITING:
                return busy(given)
            return await to_thread.run_sync(work, given, limiter=turns)

        return wait

    def read(drawing: str) -> dict:
        """One drawing or photo in (a data URL), out what the page has to change."""
        try:
            with open_picture(BytesIO(b64decode(drawing.partition(",")[2]))) as picture:
                shown = [show(reading) for reading in recognizer.read_number(picture)]
        except PictureError:  # the page itself sends nothing of the kind
            return FAILED
        except Exception:  # a visitor gets a sentence, the log the reason
            logging.exception("A drawing could not be read.")
            return FAILED
        return shown[0] if len(shown) == 1 else show_number(shown)

    def evidence(seen: str) -> str | None:
        """Take what the network saw, as `show` wrote it; tell how much each pixel counted."""
        try:
            ink = np.frombuffer(b64decode(seen), np.uint8).reshape(28, 28) / np.float32(255)
        except ValueError:
            return None
        return encode(recognizer.evidence(replace(BLANK, seen=ink)))

    def show_number(shown):
        sure = all(digit["verdict"] == "digit" for digit in shown)
        text = "".join(digit["digit"][0] for digit in shown)
        return {
            "verdict": "digit" if sure else "unsure",
            "digit": text,
            "words": WORDS["number" if sure else "doubtful_number"].format(number=text),
            "number": shown,
        }

    def show(reading):
        blank = reading.verdict == "blank"
        return {
            "verdict": reading.verdict,
            "digit": {"digit": f"{reading.digit}", "unsure": f"{reading.digit}?"}.get(
                reading.verdict, "?"
            ),
            "words": in_words(reading),
            "top": [] if blank else percentages(reading),
            "chart": chart_update([0] * 10 if blank else reading.probabilities),
            "seen": encode(reading.seen),
        }

    # Gradio tells MCP clients what it finds in this form of docstring, one line a parameter.
    def read_digits(image: gr.FileData) -> Answer:
        """Read the handwritten digit, or the number of several digits, in a picture.

        Parameters:
            image: A picture, dark ink on light paper or light on dark: a data URL, or an upload.

        Returns:
            verdict: "digit" (sure), "unsure" (two digits compete), "not_a_digit" or "blank"
            digit: 0 to 9, of the picture as one digit, or null if it shows none
            digits: those of the number in the picture, from left to right; empty if there is none
            probabilities: ten, of the digits 0 to 9 in this order, sum 1
            file: the name of the picture
            error: a sentence, in place of all but the name, if it cannot be read
        """  # noqa: D406, D407
        file = name(image)
        if "://" in image.get("path", ""):
            return {"file": file, "error": WORDS["no_address"]}
        try:
            # Gradio checks the paths of files that carry its mark: the others are any path at all.
            upload = gr.FileData.model_validate(image, context={"validate_meta": True})
            return {"file": file, **recognizer.read_file(upload.path)}
        except PictureError as problem:
            return {"file": file, "error": str(problem)}
        except ValueError:
            return {"file": file, "error": WORDS["no_picture"]}

    def name(image):
        return image.get("orig_name") or Path(image.get("path", "")).name

    plotly = Path(package_data.__path__[0]) / "plotly.min.js"
    links = [(text, ROOT / path) for text, path in WORDS["links"]]
    gr.set_static_paths([plotly, *(path for _, path in links)])
    figure = json.loads(probability_chart([0] * 10).to_json())
    del figure["layout"]["height"]  # here the chart fills its place on the page
    theme = gr.themes.Base(
        font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
    )
    theme.set(body_background_fill="#f7f7f4", body_background_fill_dark="#111216")

    with gr.Blocks(
        title=WORDS["title"], analytics_enabled=False, delete_cache=(KEPT, KEPT)
    ) as page:
        gr.HTML(
            show(BLANK),
            html_template=part("page.html"),
            css_template=part("page.css"),
            js_on_load="".join(map(part, SCRIPTS)),
            apply_default_css=False,
            server_functions=[
                in_turn(read, lambda _: {"busy": True}),
                in_turn(evidence, lambda _: None),
            ],
            words=WORDS,
            version=__version__,
            examples=json.loads(part("examples.json")),
            figure={**figure, "config": CONFIG},
            plotly=served(plotly),
            network=part("network.svg"),
            figures=figures(),
            links=[(text, served(path)) for text, path in links],
        )
        # No queue: it takes a visitor two requests and a stream; `in_turn` limits what is at work.
        answer = in_turn(
            read_digits, lambda image: {"file": name(image), "error": WORDS["try_again"]}
        )
        gr.api(answer, api_name="predict", queue=False, concurrency_limit=None)
    [upload] = next(fn.inputs for fn in page.fns.values() if fn.api_name == "predict")
    upload.example_payload = lambda: {"url": "seven.png", "meta": {"_type": "gradio.FileData"}}
    fetch_nothing(upload)
    return page, theme


@contextmanager
def no_stubs():
    """Keep Gradio from writing stubs for editors while it is imported, a third of that time.

    Gradio 6.31 parses the source of each of its components every time, to see whether the stub
    beside it is of today. It passes over what has no file.
    """

    def no_file(_):
        raise FileNotFoundError

    getfile, inspect.getfile = inspect.getfile, no_file
    try:
        yield
    finally:
        inspect.getfile = getfile


def fetch_nothing(component):
    """Keep Gradio from downloading what a visitor names by its address, from anywhere at all.

    The address of an upload to this server, which MCP clients give, is taken for its path. Gradio
    refuses any other path by itself, but says why to the log alone.
    """
    from gradio import Error, processing_utils
    from gradio.utils import is_in_or_equal

    check = processing_utils._check_allowed

    def check_in_words(*path):
        try:
            check(*path)
        except ValueError as error:
            raise Error(WORDS["not_uploaded"], print_exception=False) from error

    processing_utils._check_allowed = check_in_words
    move = component.async_move_resource_to_block_cache

    async def move_uploads(path):
        if "://" not in path:
            return await move(path)
        upload = unquote(path.partition("/gradio_api/file=")[2])
        return upload if is_in_or_equal(upload, component.GRADIO_CACHE) else path

    component.async_move_resource_to_block_cache = move_uploads


def encode(picture):
    """Write 28x28 shares from 0 to 1 as bytes that a message can carry."""
    return b64encode((picture * 255).astype("uint8").tobytes()).decode()


def part(name):
    """Read one file of the page."""
    return (PAGE / name).read_text(encoding="utf-8")


def served(file):
    """Give the address of a file that visitors may have, relative to the page's own."""
    return f"gradio_api/file={file}"


def figures():
    """Tell how right the project's model is, as the benchmark found: nothing about any other."""
    measured = json.loads((ROOT / "benchmarks" / "accuracy.json").read_text(encoding="utf-8"))
    model = Path(os.environ.get("DIGITS_MODEL") or MODEL)
    facts = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
    if facts["sha256"] != measured["sha256"]:
        return []
    return [[text.format(**measured) for text in row] for row in WORDS["figures"]]


def in_words(reading):
    """Say how sure a reading is: the verdict decides, the page has no threshold of its own."""
    (first, _), (second, _), *_ = reading.top
    return WORDS["verdicts"][reading.verdict].format(
        a="An" if first == 8 else "A", first=first, second=second
    )


def percentages(reading):
    """Give the three most likely digits, as a screen reader should read them."""
    return [f"{digit} {probability:.0%}" for digit, probability in reading.top[:3]]


if __name__ == "__main__":
    main()
