"""Command line: ``python -m digits read FILE... [--json]``."""

import argparse
import json
import sys

from PIL import Image

from digits.drawing import PictureError
from digits.recognizer import ModelFileError, Recognizer


def main(arguments=None):
    """Read pictures of digits, one line a file.

    Parameters
    ----------
    arguments : list of str, optional
        Default: those of the process.

    Returns
    -------
    int
        Exit status: 0, or 1 if a file was no picture or the model could not be loaded.
    """
    parser = argparse.ArgumentParser(
        prog="python -m digits", description="Read handwritten digits."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    read = commands.add_parser("read", help="read one digit from each picture")
    read.add_argument("files", nargs="+", metavar="FILE")
    read.add_argument("--json", action="store_true", help="print one JSON object a line")
    options = parser.parse_args(arguments)

    try:
        recognizer = Recognizer.load()
    except ModelFileError as error:
        print(error, file=sys.stderr)
        return 1
    failed = False
    for file in options.files:
        failed |= _print(_read(recognizer, file), options.json)
    return int(failed)


def _read(recognizer, file):
    try:
        with Image.open(file) as image:
            reading = recognizer.read(image)
    except (OSError, PictureError, Image.DecompressionBombError) as error:
        return {"file": file, "error": f"cannot be read as a picture: {error}"}
    return {
        "file": file,
        "digit": reading.digit,
        "verdict": reading.verdict,
        "probabilities": [round(float(p), 6) for p in reading.probabilities],
    }


def _print(answer, as_json):
    """Print one answer and tell whether it is an error."""
    if as_json:
        print(json.dumps(answer))
    elif "error" in answer:
        print(f"{answer['file']}: error: {answer['error']}")
    elif answer["digit"] is None:
        print(f"{answer['file']}: {answer['verdict'].replace('_', ' ')}")
    else:
        share = max(answer["probabilities"])
        print(f"{answer['file']}: {answer['digit']} ({answer['verdict']}, {share:.1%})")
    return "error" in answer


if __name__ == "__main__":
    sys.exit(main())
