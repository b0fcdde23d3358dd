"""Build the free edition of the page: ``python -m digits.page.static --out site``."""

import argparse
import os
import sys
from pathlib import Path

from digits.model_file import ModelFileError
from digits.page.static.build import build
from digits.page.static.downloads import BuildError


def main():
    """Build the page, or exit with a message on stderr that says why not."""
    parser = argparse.ArgumentParser(
        prog="python -m digits.page.static", description=f"{__doc__.partition(':')[0]}."
    )
    parser.add_argument("--out", type=Path, required=True, help="the folder to write")
    parser.add_argument(
        "--wheels",
        default=os.environ.get("DIGITS_WHEELS"),
        help="a folder with Pyodide's wheels of NumPy and Pillow, to build without its release; "
        "by default that of the environment variable DIGITS_WHEELS",
    )
    options = parser.parse_args()
    try:
        build(options.out, options.wheels)
    except (BuildError, ModelFileError) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
