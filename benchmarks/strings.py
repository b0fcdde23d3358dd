"""How often whole numbers are read right: several real digits on one canvas.

    python -m benchmarks.strings                  # 300 numbers of each length, 2 to 6 digits
    python -m benchmarks.strings --limit 50 --json strings.json

Each number is made of digits that one test writer wrote (UNIPEN train_r01_v07, category 1a, without
segmentation errors), side by side in the writer's own sizes: with a gap of 15 % of their height on
average between the ink of two, standard deviation 10 %, so that some overlap or touch; shifted up
and down by 5 %; drawn over 85 % of the width of a 520x520 canvas with the page's pen. It is right
when `read_digits` gives all of its digits and nothing else. Single digits are read by `read`, too.
The network was not trained on these writers.
"""

import numpy as np

from benchmarks import common
from digits import Recognizer
from digits.training.render import CANVAS, CONDITIONS, PEN_WIDTH, draw, render

LENGTHS = (2, 3, 4, 5, 6)


def main():
    """Read numbers, print the table, write the figures."""
    parser = common.command_line(__doc__)
    parser.add_argument("--limit", type=int, default=300, help="numbers of each length")
    options = parser.parse_args()

    recognizer = Recognizer.load()
    writers = common.hands(common.digits_of_test_writers())
    results = {}
    for length in LENGTHS:
        rng = np.random.default_rng(length)
        outcomes = []
        for _ in range(options.limit):
            hand = writers[rng.integers(len(writers))]
            digits = [hand[i] for i in rng.integers(len(hand), size=length)]
            read = [r.digit for r in recognizer.read_digits(draw_number(digits, rng))]
            expected = [int(digit.label) for digit in digits]
            outcomes.append((read == expected, len(read) == length))
        results[f"{length} digits"] = shares(outcomes)

    digits = common.subsample([digit for hand in writers for digit in hand], 4 * options.limit)
    for condition in CONDITIONS:
        outcomes = []
        for digit in digits:
            canvas, expected = draw(digit, condition), int(digit.label)
            read = [reading.digit for reading in recognizer.read_digits(canvas)]
            alone = recognizer.read(canvas).digit
            outcomes.append((read == [expected], len(read) == 1, alone == expected))
        results[f"1 digit, {condition}"] = shares(outcomes)

    rows = [
        [name, n, *(common.percent(share, 1) for share in [*found, None][:3])]
        for name, (n, *found) in ((name, figures.values()) for name, figures in results.items())
    ]
    header = ["drawing", "n", "right", "as many digits", "right by `read`"]
    print(common.table(header, rows))
    common.write_json(options.json, results)


def shares(outcomes):
    """Turn tuples of bool, one a drawing, into the shares of those that are true."""
    names = ("right", "counted", "right by `read`")[: len(outcomes[0])]
    return {"n": len(outcomes), **dict(zip(names, np.mean(outcomes, axis=0), strict=True))}


def draw_number(digits, rng):
    """Draw digits side by side on one canvas: (520, 520) uint8, 255 paper, 0 ink."""
    boxes = [np.concatenate(digit.strokes) for digit in digits]
    tall = np.median([np.ptp(points[:, 1]) for points in boxes])
    gaps = rng.normal(0.15, 0.1, len(digits))
    shifts = rng.normal(0, 0.05, len(digits))
    # The pen is as wide whatever the number's size: its share of a digit's height follows from how
    # wide the number is, and the gaps between ink from that share.
    wide = sum(np.ptp(points[:, 0]) for points in boxes) + tall * gaps.sum()
    height = min(0.6, tall / wide * (0.85 - PEN_WIDTH * len(digits)))
    strokes, right = [], 0.0
    for digit, points, gap, shift in zip(digits, boxes, gaps, shifts, strict=True):
        low, high = points.min(0), points.max(0)
        left = right + tall * (gap + PEN_WIDTH / height)
        move = [left - low[0], tall * shift - (low[1] + high[1]) / 2]
        strokes += [stroke + np.float32(move) for stroke in digit.strokes]
        right = left + high[0] - low[0]
    height *= np.ptp(np.concatenate(strokes)[:, 1]) / tall
    return render(strokes, CANVAS, height, (0.5, 0.5), PEN_WIDTH)


if __name__ == "__main__":
    main()
