"""How well pictures are read that people send: frames, rules, shadows, small digits, several lines.

    python -m benchmarks.pictures                  # 40 pictures of each kind
    python -m benchmarks.pictures --limit 10 --json pictures.json

The digits are real (UNIPEN train_r01_v07, category 1a, without segmentation errors), of one writer
per picture; paper, light and clutter are made here, with a fixed seed. A picture is right when its
digits are read in order and no others; sure and wrong when it is not, and everything that is read
is called a digit; doubted otherwise. The figures are of the test writers; ``--tune`` takes the
training and validation writers, to choose the thresholds of layout analysis on. Until 2026-11-29
these were chosen on every second writer, and so with half of the test writers at hand.
"""

from inspect import signature
from zlib import crc32

from benchmarks import tables
from benchmarks.common import command_line, hands, unipen_digits, write_json
from benchmarks.kinds import drawings, marks, papers, photos
from benchmarks.sheets import Sheet
from digits import Recognizer
from digits.training.writers import split_by_writer

OUTCOMES = ("right", "doubted", "sure and wrong")
KINDS = {  # functions (Sheet) -> (expected digits, picture)
    name: make
    for module in (drawings, marks, papers, photos)
    for name, make in vars(module).items()
    if getattr(make, "__module__", "") == module.__name__ and [*signature(make).parameters] == ["s"]
}


def outcome(recognizer, expected, image):
    """Read a picture: right, doubted, or sure and wrong."""
    digits = [each for each in recognizer.read_digits(image) if each.digit is not None]
    if "".join(str(reading.digit) for reading in digits) == expected:
        return "right"
    sure = digits and all(reading.verdict == "digit" for reading in digits)
    return "sure and wrong" if sure else "doubted"


def main():
    """Read pictures, print the table, write the figures."""
    parser = command_line(__doc__)
    parser.add_argument("--limit", type=int, default=40, help="pictures of each kind")
    parser.add_argument(
        "--tune", action="store_true", help="with the training and validation writers"
    )
    options = parser.parse_args()

    parts = split_by_writer(unipen_digits())
    writers = hands(parts["training"] + parts["validation"] if options.tune else parts["test"])
    recognizer, results = Recognizer.load(), {}
    for name, make in KINDS.items():
        seeds = ((crc32(name.encode()), i) for i in range(options.limit))
        outcomes = [outcome(recognizer, *make(Sheet(writers, seed))) for seed in seeds]
        results[name.replace("_", " ")] = {"n": len(outcomes)} | {
            each: outcomes.count(each) / len(outcomes) for each in OUTCOMES
        }
    print(tables.formatted(tables.PICTURES, results))
    write_json(options.json, results)


if __name__ == "__main__":
    main()
