"""Answer a picture file: the one answer that the command line, HTTP, Python and MCP all give."""

from itertools import groupby

from digits.image_file import PictureError, open_picture


def program_answer(recognizer, file, name):
    """Read a picture file.

    Parameters
    ----------
    recognizer : digits.Recognizer
    file : path-like or binary file
        A PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF; of several pictures in it, the first.
    name : str
        What the answer calls the file.

    Returns
    -------
    dict
        Ready for JSON. Of the picture as one digit: ``"verdict"`` (``"digit"``, ``"unsure"``,
        ``"not_a_digit"`` or ``"blank"``), ``"digit"`` (None for the last two) and
        ``"probabilities"`` (10, calibrated, sum 1). Of all digits in it: ``"text"``, the digits in
        reading order, lines separated by a newline, and ``"digits"``, a list of ``"digit"``,
        ``"verdict"``, ``"probability"``, ``"box"`` and ``"line"`` of each, see
        `digits.Reading`; both empty if no digit was found. ``"file"`` is `name`.

        If the file cannot be read, only ``"file"`` and ``"error"``, a sentence that says what to
        do.
    """
    try:
        with open_picture(file) as picture:
            read = recognizer.read_picture(picture)
    except PictureError as error:
        return {"file": name, "error": str(error)}
    found = [reading for reading in read.digits if reading.digit is not None]
    lines = groupby(found, key=lambda reading: reading.line)
    return {
        "file": name,
        "verdict": read.whole.verdict,
        "digit": read.whole.digit,
        "probabilities": [_rounded(probability) for probability in read.whole.probabilities],
        "text": "\n".join("".join(str(each.digit) for each in line) for _, line in lines),
        "digits": [
            {
                "digit": reading.digit,
                "verdict": reading.verdict,
                "probability": _rounded(reading.probabilities[reading.digit]),
                "box": list(reading.box),
                "line": reading.line,
            }
            for reading in found
        ],
    }


def _rounded(probability):
    return round(float(probability), 6)
