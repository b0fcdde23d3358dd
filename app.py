"""The page: draw a digit, and see while you draw how the network reads it.

``python app.py`` opens it on http://localhost:7860. The environment variables
``GRADIO_SERVER_NAME`` and ``GRADIO_SERVER_PORT`` choose another address.
"""

import json
import logging
import os
import socket
import sys
from base64 import b64decode, b64encode
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from digits import Recognizer, __version__
from digits.drawing import PictureError
from digits.recognizer import BLANK, MODEL, ModelFileError

ROOT = Path(__file__).resolve().parent
PAGE = ROOT / "digits" / "page"
SCRIPTS = ("pad.js", "photo.js", "examples.js", "save.js", "reading.js")  # they share one scope
LARGEST = 4_000_000  # characters of what the page sends: a photo of 1000x1000 takes a tenth
WORDS = json.loads((PAGE / "words.json").read_text(encoding="utf-8"))


def main():
    """Load the model, then open the port; what stops that is one sentence on stderr."""
    try:
        name, port = address()
        recognizer = Recognizer.load()
    except (OSError, ModelFileError) as problem:
        sys.exit(str(problem))

    page, theme = build(recognizer)
    page.launch(
        server_name=name,
        server_port=port,
        theme=theme,
        footer_links=[],
        run_history=False,  # it would keep every drawing in the browser, and double the latency
        max_file_size="10mb",
    )


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


def build(recognizer):
    """Make the page around a recognizer: the Gradio blocks, and their theme."""
    # Imported here, after what can go wrong at the start has gone wrong: they take seconds.
    import gradio as gr
    from plotly import package_data

    from digits.chart import CONFIG, chart_update, probability_chart

    def read(drawing: str) -> dict:
        """One drawing or photo in (a data URL), out what the page has to change."""
        try:
            if len(drawing) > LARGEST:
                raise PictureError(f"A drawing of {len(drawing):,} characters.")
            data = BytesIO(b64decode(drawing.partition(",")[2]))
            picture = Image.open(data, formats=["PNG", "JPEG"])
            shown = [show(reading) for reading in recognizer.read_number(picture)]
        except Exception:  # a visitor gets a sentence, the log the reason
            logging.exception("A drawing could not be read.")
            return {"verdict": "failed", "digit": "?", "words": WORDS["failed"]}
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

    def predict(image: gr.FileData) -> dict:
        """Read the digit in a picture of one.

        Parameters
        ----------
        image : FileData
            A picture file: dark ink on light paper, or light on dark, of any size.

        Returns
        -------
        dict
            `file`, the name of the picture; `digit`, 0 to 9, or null if it shows none; `verdict`,
            one of "digit", "unsure", "not_a_digit" and "blank"; `probabilities`, of the digits
            0 to 9; `digits`, those of the number in the picture, from left to right. For a file
            that is no picture: `file` and `error`, a sentence.
        """
        file = image.get("orig_name") or Path(image.get("path", "")).name
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

    plotly = Path(package_data.__path__[0]) / "plotly.min.js"
    links = [(text, ROOT / path) for text, path in WORDS["links"]]
    gr.set_static_paths([plotly, *(path for _, path in links)])
    figure = json.loads(probability_chart([0] * 10).to_json())
    del figure["layout"]["height"]  # here the chart fills its place on the page
    theme = gr.themes.Base(
        font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
    )
    theme.set(body_background_fill="#f7f7f4", body_background_fill_dark="#111216")

    with gr.Blocks(title=WORDS["title"], analytics_enabled=False) as page:
        gr.HTML(
            show(BLANK),
            html_template=part("page.html"),
            css_template=part("page.css"),
            js_on_load="".join(map(part, SCRIPTS)),
            apply_default_css=False,
            server_functions=[read, evidence],
            words=WORDS,
            version=__version__,
            examples=json.loads(part("examples.json")),
            figure={**figure, "config": CONFIG},
            plotly=served(plotly),
            network=part("network.svg"),
            figures=figures(),
            links=[*((text, served(path)) for text, path in links), (WORDS["api"], "?view=api")],
        )
        gr.api(predict, queue=False, concurrency_limit=None)
    [upload] = next(fn.inputs for fn in page.fns.values() if fn.api_name == "predict")
    fetch_nothing(upload)
    return page, theme


def fetch_nothing(component):
    """Keep Gradio from downloading what a visitor names by its address, from anywhere at all."""
    move = component.async_move_resource_to_block_cache

    async def move_uploads(path):
        return path if "://" in path else await move(path)

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
