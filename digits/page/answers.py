"""Read a picture from the page, and make what the page shows of it, ready for JSON.

It knows neither Gradio nor the browser, and is the same wherever the page's reader runs.
"""

import logging
from base64 import b64decode, b64encode
from collections import Counter
from dataclasses import replace
from io import BytesIO
from itertools import groupby

import numpy as np
from PIL import Image

from digits.chart import STANDS_OUT, chart_update
from digits.image_file import PictureError, open_picture
from digits.model_input import SIDE
from digits.page import TEXT
from digits.pixels import picture_shape, to_pixels
from digits.reading import BLANK
from digits.teaching import follow
from digits.text_lines import is_crowded

PREVIEW_SIDE = 1000  # pixels of what a browser shows of a picture that it cannot read itself
MAX_LEFT_OUT = 50  # boxes: more cannot be told apart
_MAX_NAMES = 35  # characters of what was left out that a line of the note has room for on a phone
_DIGITS = [str(digit) for digit in range(10)]
_COMPETING = 0.01  # probability from which a second digit is named
_LABELS = {"digit": "{}", "unsure": "{}?"}  # of a digit, by its verdict


def page_answer(recognizer, picture, taught=None):
    """Read a picture for the page.

    Parameters
    ----------
    recognizer : digits.Recognizer
    picture : str
        A data URL of a picture file in base64; see `digits.image_file.open_picture`.
    taught : dict, optional
        Of each digit that the visitor taught, as a string, the mean of the features of the taught
        drawings as `features_answer` writes them.

    Returns
    -------
    dict
        ``"verdict"``: that of the digit, or of a number, ``"digit"`` if all its digits have it,
        else ``"unsure"``; or ``"failed"``, with a blank digit and without ``"size"``,
        ``"left_out"`` and ``"note"``.
        ``"label"``: the digits in large type. ``"text"``: a sentence about them.
        ``"size"``: width and height of the upright picture, in which the boxes are.
        ``"left_out"``: the boxes of what is not handwriting, the largest 50 at most.
        ``"note"``: a sentence about them, or the reason why no digit was found; may be empty.
        ``"digits"``: in reading order, of each its ``"verdict"``, ``"label"`` and ``"text"``,
        ``"top"`` (the three most probable digits in words; empty if none stands out), ``"chart"``
        (see `digits.chart.chart_update`), ``"model_input"`` (28x28 bytes as base64), ``"box"`` and
        ``"line"`` (see `digits.Reading`).
    """
    try:
        with open_picture(_file(picture)) as image:
            read, (height, width) = recognizer.read_picture(image), picture_shape(image)
        means = _means(taught)
        followed = [
            follow(each, means, recognizer.thresholds) if means else (each, False)
            for each in read.digits
        ]
    except PictureError as error:
        return FAILED | {"text": str(error)}
    except Exception:  # a visitor gets a sentence, the log the reason
        logging.exception("A drawing could not be read.")
        return FAILED
    answer = _answer(*zip(*followed, strict=True))
    if answer["verdict"] == "blank":  # of a photo: an empty pad is not sent
        answer["text"] = TEXT["no_writing"]
    return answer | {
        "size": [width, height],
        "left_out": _largest(read.layout.left_out),
        "note": _note(read.layout, answer["verdict"]) or _reason(answer, read.digits),
    }


def blank_answer():
    """Return what the page shows for an empty pad: as `page_answer`, without size, boxes, note."""
    return _answer([BLANK], [False])


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
    ink = _ink(model_input)
    if ink is None:
        return None
    return _encode(recognizer.occlusion_map(replace(BLANK, model_input=ink)))


def features_answer(recognizer, model_input):
    """Compute the features of what the network saw, for a drawing that is taught.

    Parameters
    ----------
    recognizer : digits.Recognizer
    model_input : str
        The ``"model_input"`` of an answer of `page_answer`.

    Returns
    -------
    str or None
        Floating-point numbers of 32 bits as base64. None for any other string.
    """
    ink = _ink(model_input)
    if ink is None:
        return None
    [features] = recognizer.features(ink[np.newaxis])
    return b64encode(features.astype("<f4").tobytes()).decode()


def preview_answer(picture):
    """Make a picture that every browser can show.

    Parameters
    ----------
    picture : str
        A data URL of a picture file in base64.

    Returns
    -------
    dict
        ``"picture"``: a data URL of a JPEG of at most 1000 pixels; or ``"error"``, a sentence.
    """
    try:
        with open_picture(_file(picture)) as image:
            preview = Image.fromarray(to_pixels(image))
    except PictureError as error:
        return {"error": str(error)}
    except Exception:
        logging.exception("A picture could not be shown.")
        return {"error": TEXT["failed"]}
    preview.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    file = BytesIO()
    preview.save(file, "JPEG", quality=90)
    return {"picture": "data:image/jpeg;base64," + b64encode(file.getvalue()).decode()}


def _answer(readings, taught):
    digits = [_digit(*each) for each in zip(readings, taught, strict=True)]
    if len(digits) == 1:
        return {name: digits[0][name] for name in ("verdict", "label", "text")} | {"digits": digits}
    lines = groupby(readings, key=lambda reading: reading.line)
    number = " ".join("".join(f"{each.digit}" for each in line) for _, line in lines)
    confident = all(reading.verdict == "digit" for reading in readings)
    text = TEXT["unsure_number"]
    if confident:
        text = TEXT["taught" if any(taught) else "number"]
    return {
        "verdict": "digit" if confident else "unsure",
        "label": number,
        "text": text.format(number=number),
        "digits": digits,
    }


def _digit(reading, is_taught):
    verdict = reading.verdict
    (first, _), (second, _), *_ = reading.top
    text = TEXT["taught"] if is_taught and verdict == "digit" else TEXT["verdicts"][verdict]
    if verdict == "unsure" and not _competes(reading):  # the doubt is about the picture
        text = TEXT["unsure_number"].format(number=first)
    return {
        "verdict": verdict,
        "label": _LABELS.get(verdict, "?").format(reading.digit),
        "text": text.format(first=first, second=second, number=first),
        "top": [f"{d} {p:.0%}" for d, p in reading.top[:3]] if _stands_out(reading) else [],
        "chart": chart_update([0] * 10 if verdict == "blank" else reading.probabilities),
        "model_input": _encode(reading.model_input),
        "box": reading.box,
        "line": reading.line,
    }


def _stands_out(reading):
    return reading.top[0][1] >= STANDS_OUT


def _reason(answer, readings):
    """Say why a verdict is weaker than the bars beside it; an empty string if it is not."""
    if answer["verdict"] == "not_a_digit" and _stands_out(readings[0]):
        return TEXT["closest"].format(first=readings[0].top[0][0])
    unsure = [reading for reading in readings if reading.verdict == "unsure"]
    if unsure and not any(_competes(reading) for reading in unsure):
        return TEXT["doubtful"]
    return ""


def _competes(reading):
    """Return whether a second digit is probable enough to be named."""
    return reading.top[1][1] >= _COMPETING


def _largest(left_out):
    boxes = [each.box for each in left_out]
    boxes.sort(key=lambda box: (box[2] - box[0]) * (box[3] - box[1]), reverse=True)
    return boxes[:MAX_LEFT_OUT]


def _note(layout, verdict):
    """Say what was left out, by name if it is of one or two kinds; or that there is too much."""
    if verdict == "not_a_digit" and is_crowded(layout.ink):
        return TEXT["crowded"]
    counts = Counter(each.reason for each in layout.left_out)
    if not counts:
        return ""
    kinds = counts.items() if len(counts) <= 2 else [("any", counts.total())]
    names = [TEXT["left_out_kinds"][kind][n > 1].format(n=n) for kind, n in kinds]
    if len(names) == 2 and len("".join(names)) > _MAX_NAMES:
        names = [TEXT["left_out_kinds"]["any"][1].format(n=counts.total())]
    return TEXT["left_out"].format(kinds=" and ".join(names))


def _file(data_url):
    return BytesIO(decoded(f"{data_url}".partition(",")[2]))


def _means(taught):
    """Read the means of what was taught, by digit; anything else is ignored."""
    if not isinstance(taught, dict):
        return {}
    sent = [(int(digit), decoded(mean)) for digit, mean in taught.items() if digit in _DIGITS]
    read = [
        (digit, np.frombuffer(data, "<f4").astype(float))  # whose squares do not overflow
        for digit, data in sent
        if not len(data) % 4
    ]
    return {digit: mean for digit, mean in read if np.isfinite(mean).all()}


def _ink(model_input):
    """Read 28x28 bytes in base64 as numbers from 0 to 1; None if they are none."""
    pixels = decoded(model_input)
    if len(pixels) != SIDE * SIDE:
        return None
    return np.frombuffer(pixels, np.uint8).reshape(SIDE, SIDE) / np.float32(255)


def _encode(shares):
    """Write 28x28 numbers from 0 to 1 as bytes in base64."""
    return b64encode((shares * 255).astype("uint8").tobytes()).decode()


def decoded(text):
    """Return the bytes that a string in base64 stands for, or bytes; none if they are no base64."""
    try:
        return b64decode(text)
    except (TypeError, ValueError):
        return b""


FAILED = blank_answer() | {"verdict": "failed", "label": "?", "text": TEXT["failed"]}
