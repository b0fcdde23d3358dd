"""How often whole numbers are read right: several real digits on one canvas.

    python -m benchmarks.strings                  # 300 numbers of each length, 2 to 6 digits
    python -m benchmarks.strings --limit 50 --json strings.json

Each number is made of digits that one writer wrote (UNIPEN train_r01_v07, category 1a, without its
accidents), side by side with that writer's own sizes: between the ink of two a gap of 15 % of their
height on average, standard deviation 10 %, so that some overlap or touch; shifted up and down by
5 %; drawn over 85 % of the width of a 520x520 canvas with the page's own pen. It is right when
`read_number` gives all of its digits and nothing else. `misread` are the wrong ones in which a
digit is also misread when it is drawn alone, in the middle of a canvas. Single digits are read by
the same door, beside `read`. `read_number` was tuned on every second writer; these are the others.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from digits import Recognizer
from digits.strokes import CANVAS, PEN_WIDTH, draw, is_whole, load_unipen, render

LENGTHS = (2, 3, 4, 5, 6)


def main():
    """Read numbers, print the table, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--limit", type=int, default=300, help="numbers of each length")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()

    recognizer = Recognizer.load()
    segments = load_unipen()
    whole = is_whole(segments)
    written = {}
    for segment, one in zip(segments, whole, strict=True):
        if one:
            written.setdefault(segment.writer, []).append(segment)
    hands = [written[writer] for writer in sorted(written)[1::2]]

    results = {}
    for length in LENGTHS:
        rng = np.random.default_rng(length)
        outcomes = []
        for _ in range(options.limit):
            hand = hands[rng.integers(len(hands))]
            digits = [hand[i] for i in rng.integers(len(hand), size=length)]
            readings = recognizer.read_number(draw_number(digits, rng))
            read = [reading.digit for reading in readings]
            expected = [int(digit.label) for digit in digits]
            alone = [recognizer.read(render(digit.strokes, CANVAS, 0.5)) for digit in digits]
            misread = [reading.top[0][0] for reading in alone] != expected
            outcomes.append((read == expected, len(read) == length, misread and read != expected))
        right, counted, misread = np.mean(outcomes, axis=0)
        results[f"{length} digits"] = {
            "n": len(outcomes), "right": right, "counted": counted, "misread": misread
        }  # fmt: skip

    digits = [digit for hand in hands for digit in hand]
    digits = digits[:: max(1, len(digits) // (4 * options.limit))]
    for condition in ("default", "anywhere"):
        canvases = [draw(digit, condition) for digit in digits]
        alone = [reading.digit for reading in map(recognizer.read, canvases)]
        numbers = [[r.digit for r in recognizer.read_number(canvas)] for canvas in canvases]
        labels = [int(digit.label) for digit in digits]
        results[f"1 digit, {condition}"] = {
            "n": len(digits),
            "right": np.mean([n == [label] for n, label in zip(numbers, labels, strict=True)]),
            "counted": np.mean([len(n) == 1 for n in numbers]),
            "misread": np.mean(
                [
                    n != [label] != [single]
                    for n, label, single in zip(numbers, labels, alone, strict=True)
                ]
            ),
            "right by `read`": np.mean(np.equal(alone, labels)),
        }
    print("| drawing | n | right | as many digits | wrong and misread alone | right by `read` |")
    print("|---|---|---|---|---|---|")
    for name, figures in results.items():
        n, *shares = figures.values()
        cells = [f"{share:.1%}" for share in shares] + ["-"] * (4 - len(shares))
        print(f"| {name} | {n} | " + " | ".join(cells) + " |")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2, default=float) + "\n")


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
