"""Command line: ``python -m digits read FILE... [--json]``."""

import argparse
import json
import sys

from digits import __version__
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
    parser.add_argument("--version", action="version", version=f"digits {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    read = commands.add_parser("read", help="read the digit or the number in each picture")
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
        try:
            answer = {"file": file, **recognizer.read_file(file)}
        except PictureError as error:
            answer = {"file": file, "error": str(error)}
            failed = True
        _print(answer, options.json)
    return int(failed)


def _print(answer, as_json):
    if as_json:
        print(json.dumps(answer))
    elif "error" in answer:
        print(f"{answer['file']}: error: {answer['error']}")
    elif len(answer["digits"]) > 1:
        print(f"{answer['file']}: {''.join(map(str, answer['digits']))} (number)")
    elif answer["digit"] is None:
        print(f"{answer['file']}: {answer['verdict'].replace('_', ' ')}")
    else:
        share = max(answer["probabilities"])
        print(f"{answer['file']}: {answer['digit']} ({answer['verdict']}, {share:.1%})")


if __name__ == "__main__":
    sys.exit(main())
