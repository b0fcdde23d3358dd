"""A picture in, out what the page shows of it, ready for JSON.

It knows neither Gradio nor the browser, and is the same wherever the page's reader runs.
"""

import logging
from base64 import b64decode, b64encode
from dataclasses import replace
from io import BytesIO
from itertools import groupby

import numpy as np

from digits.chart import chart_update
from digits.image_file import PictureError, open_picture
from digits.normalization import SIDE
from digits.page import TEXT
from digits.pixels import picture_shape
from digits.recognizer import BLANK

FAILED = {"verdict": "failed", "label": "?", "text": TEXT["failed"], "digits": []}
_LABELS = {"digit": "{}", "unsure": "{}?"}  # of a digit, by its verdict


def page_answer(recognizer, picture):
    """Read a picture for the page.

    Parameters
    ----------
    recognizer : digits.Recognizer
    picture : str
        A data URL of a picture file in base64; see `digits.image_file.open_picture`.

    Returns
    -------
    dict
        ``"verdict"``: that of the digit, or of a number, ``"digit"`` if all its digits have it,
        else ``"unsure"``; or ``"failed"``, with no digits.
        ``"label"``: the digits in large type. ``"text"``: a sentence about them.
        ``"size"``: width and height of the picture, in which the boxes are.
        ``"digits"``: in reading order, of each its ``"verdict"``, ``"label"`` and ``"text"``,
        ``"top"`` (the three most probable digits in words; none if blank), ``"chart"`` (see
        `digits.chart.chart_update`), ``"model_input"`` (28x28 bytes as base64), ``"box"`` and
        ``"line"`` (see `digits.recognizer.Reading`).
    """
    try:
        with open_picture(BytesIO(_decode(f"{picture}".partition(",")[2]))) as image:
            readings, (height, width) = recognizer.read_digits(image), picture_shape(image)
    except PictureError:  # the page itself sends nothing of the kind
        return FAILED
    except Exception:  # a visitor gets a sentence, the log the reason
        logging.exception("A drawing could not be read.")
        return FAILED
    return _answer(readings) | {"size": [width, height]}


def blank_answer():
    """Give the answer of `page_answer` to an empty pad, to start with."""
    return _answer([BLANK])


def occlusion_answer(recognizer, model_input):
    """Compute the occlusion map of what the network saw.

    Parameters
    ----------
    recognizer : digits.Recognizer
    model_input : str
        The ``"model_input"`` of an answer of `page_answer`.

    Returns
    -------
    str or None
        The map in the same form: 255 where the ink counted most. None for any other string.
    """
    pixels = _decode(model_input)
    if len(pixels) != SIDE * SIDE:
        return None
    ink = np.frombuffer(pixels, np.uint8).reshape(SIDE, SIDE) / np.float32(255)
    return _encode(recognizer.occlusion_map(replace(BLANK, model_input=ink)))


def _answer(readings):
    digits = [_digit(reading) for reading in readings]
    if len(digits) == 1:
        return {name: digits[0][name] for name in ("verdict", "label", "text")} | {"digits": digits}
    lines = groupby(readings, key=lambda reading: reading.line)
    number = " ".join("".join(f"{each.digit}" for each in line) for _, line in lines)
    confident = all(reading.verdict == "digit" for reading in readings)
    return {
        "verdict": "digit" if confident else "unsure",
        "label": number,
        "text": TEXT["number" if confident else "unsure_number"].format(number=number),
        "digits": digits,
    }


def _digit(reading):
    blank = reading.verdict == "blank"
    (first, _), (second, _), *_ = reading.top
    return {
        "verdict": reading.verdict,
        "label": _LABELS.get(reading.verdict, "?").format(reading.digit),
        "text": TEXT["verdicts"][reading.verdict].format(first=first, second=second),
        "top": [] if blank else [f"{digit} {p:.0%}" for digit, p in reading.top[:3]],
        "chart": chart_update([0] * 10 if blank else reading.probabilities),
        "model_input": _encode(reading.model_input),
        "box": reading.box,
        "line": reading.line,
    }


def _encode(shares):
    """Write 28x28 numbers from 0 to 1 as bytes in base64."""
    return b64encode((shares * 255).astype("uint8").tobytes()).decode()


def _decode(text):
    """Give the bytes that a string in base64 stands for; none if it is no such string."""
    try:
        return b64decode(text)
    except (TypeError, ValueError):
        return b""
