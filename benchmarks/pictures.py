"""How well pictures are read that people send: frames, rules, shadows, small digits, several lines.

    python -m benchmarks.pictures                  # 40 pictures of each kind
    python -m benchmarks.pictures --limit 10 --json pictures.json

The digits are real (UNIPEN train_r01_v07, category 1a, without its accidents), of one writer in
each picture; paper, light and clutter are made here, with a fixed seed. A picture is right when its
digits are read in order and no others; sure and wrong when it is not, and everything that is read
is called a digit; doubted otherwise. The figures are of the test writers; ``--tune`` takes the
training and validation writers, to choose the thresholds of page analysis on. Until 2026-11-29
these were chosen on every second writer, and so with half of the test writers at hand.
"""

from io import BytesIO

from benchmarks.common import command_line, percent, table, unipen_digits, write_json
from benchmarks.kinds import drawings, marks, papers, photos
from benchmarks.sheets import Sheet
from digits import Recognizer
from digits.image_file import open_picture
from digits.training.writers import split_by_writer

# Functions (Sheet) -> (expected digits, picture). Their places seed the pictures: add at the end.
KINDS = (
    drawings.drawing,
    drawings.number,
    photos.photo,
    photos.hard_shadow,
    photos.table_edge,
    photos.note_on_desk,
    photos.small_in_photo,
    marks.boxed,
    marks.circled,
    papers.form_fields,
    papers.printed_paper,
    papers.squared_in_shadow,
    marks.underlined,
    marks.bracketed,
    marks.signed,
    marks.specked,
    drawings.noisy,
    drawings.dithered,
    drawings.flat_grey_jpeg,
    drawings.lines,
    drawings.few_pixels,
    drawings.coloured,
    drawings.plotted,
    papers.highlighted,
    papers.blank_paper,
    drawings.hollow,
    marks.crossed_box,
    photos.dithered_photo,
    papers.highlighted_photo,
    papers.empty_fields,
    papers.crowded_fields,
    papers.one_in_a_square,
    marks.dates,
)


def outcome(recognizer, expected, image):
    """Read a picture: right, doubted, or sure and wrong."""
    if isinstance(image, BytesIO):
        image.seek(0)
        with open_picture(image) as opened:
            readings = recognizer.read_digits(opened)
    else:
        readings = recognizer.read_digits(image)
    digits = [reading for reading in readings if reading.digit is not None]
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

    parts, written = split_by_writer(unipen_digits()), {}
    for each in parts["training"] + parts["validation"] if options.tune else parts["test"]:
        written.setdefault(each.writer, []).append(each)
    hands = [written[writer] for writer in sorted(written)]
    recognizer, results = Recognizer.load(), {}
    for number, make in enumerate(KINDS):
        outcomes = [
            outcome(recognizer, *make(Sheet(hands, (21, number, i)))) for i in range(options.limit)
        ]
        results[make.__name__.replace("_", " ")] = {"n": len(outcomes)} | {
            each: outcomes.count(each) / len(outcomes)
            for each in ("right", "doubted", "sure and wrong")
        }
    rows = [
        [name, n, *map(percent, shares)]
        for name, (n, *shares) in ((name, figures.values()) for name, figures in results.items())
    ]
    print(table(["kind", "n", "right", "doubted", "sure and wrong"], rows))
    write_json(options.json, results)


if __name__ == "__main__":
    main()
