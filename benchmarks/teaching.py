"""What correcting a few readings gains a writer, and whether it costs anything.

    python -m benchmarks.teaching                    # some minutes on one core
    python -m benchmarks.teaching --json benchmarks/teaching.json

A writer of UNIPEN train_r01_v07 corrects the first one, three or five misread drawings of a digit,
as on the page, and all other drawings of this writer are read again: those of the digit that was
taught, and those of all others. Threshold and weight of `digits.teaching.Teaching` are chosen on
training and validation writers: of the pairs with which all other digits together get no more
errors, the one with the fewest errors, and of equals the one that reaches the fewest drawings.
Nothing was chosen on test writers.
"""

from itertools import product

import numpy as np

from benchmarks import tables
from benchmarks.common import command_line, unipen_digits, write_json
from digits import Recognizer
from digits.model_file import MODEL, load_metadata
from digits.teaching import TEACHING, Teaching, taught_logits
from digits.training.render import draw
from digits.training.writers import split_by_writer

TAUGHT = (1, 3, 5)  # drawings
THRESHOLDS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
WEIGHTS = (2.0, 4.0, 6.0, 8.0, 10.0, 12.0)  # of logits


def main():
    """Read all drawings, choose, print the table, write the figures."""
    options = command_line(__doc__).parse_args()
    recognizer = Recognizer.load()
    parts = split_by_writer(unipen_digits())
    known = hands(recognizer, parts["training"] + parts["validation"])
    chosen = choose(known)
    print(f"Chosen: {chosen}; in use: {TEACHING}.\n")
    results = {
        "sha256": load_metadata(MODEL)["sha256"],
        "chosen": {"threshold": chosen.threshold, "weight": chosen.weight},
    }
    unknown = hands(recognizer, parts["test"])
    for name, writers in (("training and validation", known), ("test", unknown)):
        drawings = sum(len(truth) for *_, truth in writers)
        taught = {count: teach(writers, count, chosen) for count in TAUGHT}
        results[name] = {"writers": len(writers), "drawings": drawings, "taught": taught}
    print(tables.teaching(results))
    write_json(options.json, results)


def hands(recognizer, drawings):
    """Read drawings by writer: of each writer features, logits and truth."""
    readings = recognizer.read_many(draw(drawing, "default") for drawing in drawings)
    features = np.stack([reading.features for reading in readings])
    logits = np.log(np.maximum([reading.probabilities for reading in readings], 1e-30))
    truth = np.array([int(drawing.label) for drawing in drawings])
    names = np.array([drawing.writer for drawing in drawings])
    return [(features[names == n], logits[names == n], truth[names == n]) for n in np.unique(names)]


def teach(writers, count, teaching):
    """Let every writer teach `count` misread drawings of each digit that has as many.

    ``"cases"`` are pairs of writer and digit. ``"errors"`` are before and after, first of the
    drawings of this digit that were not taught, then of all ``"others"``.
    """
    cases, others, errors = 0, 0, np.zeros((2, 2), int)
    for features, logits, truth in writers:
        misread = logits.argmax(1) != truth
        for digit in np.unique(truth[misread]):
            taught = np.flatnonzero(misread & (truth == digit))[:count]
            if len(taught) < count:
                continue
            means = {int(digit): features[taught].mean(0)}
            followed = logits + taught_logits(features, means, teaching)
            wrong = np.stack([misread, followed.argmax(1) != truth])
            rest = truth == digit
            errors[1] += wrong[:, ~rest].sum(1)
            others += int((~rest).sum())
            rest[taught] = False
            errors[0] += wrong[:, rest].sum(1)
            cases += 1
    return {"cases": cases, "errors": errors.tolist(), "others": others}


def choose(writers):
    """Choose the pair with the fewest errors of those with which other digits, in sum, get no more.

    The first of equals is chosen: the one with the highest threshold, and then the smallest weight.
    """
    best, fewest = Teaching(weight=0.0), np.inf
    for threshold, weight in product(THRESHOLDS, WEIGHTS):
        teaching = Teaching(threshold, weight)
        found = [teach(writers, count, teaching)["errors"] for count in TAUGHT]
        errors, (before, after) = sum(each[0][1] for each in found), np.sum(found, 0)[1]
        print(f"{threshold:.2f} {weight:4.0f}: {errors} errors, others {before} -> {after}")
        if after <= before and errors < fewest:
            best, fewest = teaching, errors
    return best


if __name__ == "__main__":
    main()
