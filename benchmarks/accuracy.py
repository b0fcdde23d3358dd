"""Accuracy on real hands and on MNIST, calibration, false positives on letters and doodles.

    python -m benchmarks.accuracy                         # everything: a quarter of an hour
    python -m benchmarks.accuracy --limit 200             # a quick look
    python -m benchmarks.accuracy --json benchmarks/accuracy.json

Real hands are pen strokes of UNIPEN train_r01_v07 by the test writers of `digits.training.writers`,
whose strokes the network was not trained, chosen or calibrated on. They are drawn under the
conditions of `digits.training.render.draw` and read by `Recognizer.read_many`, as a visitor's
drawing is. Two baselines in the same run: the same network after plain preprocessing of the same
canvases. Segments that do not hold one whole digit (`is_isolated_digit`, by geometry alone) are
left out. The macro-average is over writing sites, of which some have few digits. All 95 % intervals
resample the writers, of each site for the macro-average, and then their digits.

The outliers are the letters and symbols of the same writers, without those that some people write
just like a digit (`digits.training.outliers.LOOKALIKES`); doodles, of which training never sees
any; and scribbles.
"""

import gzip
import json
import os

import numpy as np
from PIL import Image
from sklearn.metrics import roc_auc_score

from benchmarks import tables
from benchmarks.common import command_line, digits_of_test_writers, subsample, write_json
from digits import Recognizer
from digits.engine import load_engine
from digits.model_file import load_metadata, model_path
from digits.training import metrics, stroke_shapes
from digits.training.mnist import load_test
from digits.training.outliers import without_lookalikes
from digits.training.render import CONDITIONS, draw
from digits.training.unipen import Drawing, load_unipen
from digits.training.writers import split_by_writer

VERDICTS = ("digit", "unsure", "not_a_digit")
SUBSETS = {
    "slashed zeros": stroke_shapes.is_slashed_zero,
    "flagged or footed ones": stroke_shapes.is_flagged_one,
    "crossed sevens": stroke_shapes.is_crossed_seven,
}
SCRIBBLES = 1000
REPLICATES = 2000  # of the bootstrap


def main():
    """Read everything, print the tables, write the figures."""
    parser = command_line(__doc__)
    parser.add_argument("--model", help="a .keras file with its metadata beside it")
    parser.add_argument("--limit", type=int, help="read about this many drawings of each kind")
    options = parser.parse_args()
    model = model_path(options.model)
    recognizer, infer = Recognizer.load(model), load_engine(model)

    drawings = subsample(digits_of_test_writers(), options.limit)
    truth = np.array([int(drawing.label) for drawing in drawings])
    readings, answers = {}, {}
    for condition in CONDITIONS:
        canvases = (draw(drawing, condition) for drawing in drawings)
        readings[condition], by_way = read_canvases(recognizer, infer, canvases)
        answers |= {f"{condition}, {way}": found for way, found in by_way.items()}
    images, labels = (subsample(array, options.limit) for array in load_test())
    sets = {"MNIST test": (recognizer.read_many(images), labels)} | {
        f"real hands, {condition}": (found, truth) for condition, found in readings.items()
    }
    right = {name: found == truth for name, found in answers.items()}
    outliers = load_outliers()
    outliers = {kind: subsample(some, options.limit) for kind, some in outliers.items()}
    confidence = measure_confidence(sets)
    results = {
        "model": model.name,
        "sha256": load_metadata(model)["sha256"],
        "real_hands": measure_real_hands(drawings, right),
        "subsets": measure_subsets(drawings, right),
        "mnist": {name: confidence["MNIST test"][name] for name in ("n", "accuracy")},
        "confidence": confidence,
        "not_a_digit": measure_not_a_digit(recognizer, sets, outliers),
    }
    print(tables.accuracy(results))
    write_json(options.json, results)


# --- Reading ----------------------------------------------------------------------------------


def read_canvases(recognizer, infer, canvases):
    """Read canvases as the page does: the readings, and the digits that every way gives, (n,)."""
    answers = {name: [] for name in BASELINES}

    def answered():  # one canvas at a time: all of them would fill 2.6 GB
        for canvas in canvases:
            for name, preprocess in BASELINES.items():
                answers[name].append(infer(preprocess(canvas)[np.newaxis])[1].argmax())
            yield canvas

    readings = recognizer.read_many(answered())
    return readings, {"ours": probabilities(readings).argmax(1), **answers}


def whole_canvas(canvas):
    """Resize the whole canvas to 28x28: (28, 28) float32, ink 1 on paper 0."""
    return resized(255 - canvas, 28, 28)


def cropped(canvas):
    """Crop to the ink, scale the longer side to 20, centre the box: (28, 28), ink 1 on paper 0."""
    ink = 255 - canvas
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (max(1, round(20 * side / max(ink.shape))) for side in ink.shape)
    top, left = (28 - height) // 2, (28 - width) // 2
    field = np.zeros((28, 28), np.float32)
    field[top : top + height, left : left + width] = resized(ink, height, width)
    return field


def resized(ink, height, width):
    small = Image.fromarray(ink).resize((width, height), Image.Resampling.BOX)
    return np.asarray(small, np.float32) / 255


CROPPED = "crop, scale to 20, centre the box"
BASELINES = {"whole canvas to 28x28": whole_canvas, CROPPED: cropped}


def probabilities(readings):
    return np.stack([reading.probabilities for reading in readings])


# --- Figures ----------------------------------------------------------------------------------


def measure_real_hands(drawings, right):
    """Accuracy of every way, `right` being name to bool (n,), over all sites and on each."""
    sites = np.array([drawing.site for drawing in drawings])
    writers = np.array([drawing.writer for drawing in drawings])
    counts = {site: int((sites == site).sum()) for site in sorted(set(sites))}
    figures = {"n": len(drawings), "sites": counts, "writers": len(set(writers))}
    for name, hits in right.items():
        figures[name] = estimate(hits, sites, writers)
    for condition in CONDITIONS:
        ours, other = (right[f"{condition}, {way}"].astype(int) for way in ("ours", CROPPED))
        figures[f"{condition}, gain"] = estimate(ours - other, sites, writers)
    return figures


def estimate(values, sites, writers):
    """Estimate a mean over sites, that over every digit alike, and that on each site.

    The first two with a 95 % interval: mean, low, high.
    """
    means = {site: float(values[sites == site].mean()) for site in sorted(set(sites))}
    alike = np.zeros(len(values))
    return {
        "macro": [np.mean([*means.values()]), *interval(values, sites, writers)],
        "pooled": [values.mean(), *interval(values, alike, writers)],
        **means,
    }


def interval(values, groups, writers):
    """95 % interval of the mean over groups, whose writers are resampled, and then their digits.

    Without the second step a group of one writer would have no spread at all.
    """
    rng = np.random.default_rng(0)
    hands = [
        [
            values[(groups == group) & (writers == writer)]
            for writer in np.unique(writers[groups == group])
        ]
        for group in np.unique(groups)
    ]

    def resampled(some):
        picked = (some[i] for i in rng.integers(len(some), size=len(some)))
        return np.concatenate([rng.choice(hand, len(hand)) for hand in picked]).mean()

    means = [np.mean([resampled(some) for some in hands]) for _ in range(REPLICATES)]
    return np.quantile(means, [0.025, 0.975])


def measure_subsets(drawings, right):
    figures = {}
    for subset, rule in SUBSETS.items():
        members = np.flatnonzero([rule(drawing) for drawing in drawings])
        if len(members):
            shares = {name: float(hits[members].mean()) for name, hits in right.items()}
            writers = len({drawings[i].writer for i in members})
            figures[subset] = {"n": len(members), "writers": writers, **shares}
    return figures


def verdict_shares(readings):
    verdicts = [reading.verdict for reading in readings]
    return {verdict: verdicts.count(verdict) / len(verdicts) for verdict in VERDICTS}


def measure_confidence(sets):
    figures = {}
    for name, (readings, labels) in sets.items():
        scores = probabilities(readings)
        right = scores.argmax(1) == labels
        confident = np.array([reading.verdict == "digit" for reading in readings])
        figures[name] = {
            "n": len(labels),
            "accuracy": float(right.mean()),
            "ece": metrics.expected_calibration_error(scores, labels),
            "nll": metrics.negative_log_likelihood(scores, labels),
            **verdict_shares(readings),
            "accuracy_at_digit": float(right[confident].mean()),
        }
    return figures


def measure_not_a_digit(recognizer, sets, outliers):
    """Tell outliers of every kind from the real hands that are drawn under the same condition."""
    figures = {}
    for condition in CONDITIONS:
        digits = np.array([reading.energy for reading in sets[f"real hands, {condition}"][0]])
        threshold = np.quantile(digits, 0.95)
        for kind, drawings in outliers.items():
            readings = recognizer.read_many(draw(drawing, condition) for drawing in drawings)
            energies = np.array([reading.energy for reading in readings])
            # The energy of a blank is infinite, which sklearn refuses.
            both = np.nan_to_num(np.append(digits, energies))
            outlying = np.repeat([0, 1], [len(digits), len(energies)])
            figures[f"{kind}, {condition}"] = {
                "n": len(energies),
                "auroc": float(roc_auc_score(outlying, both)),
                "fpr_at_95": float((energies <= threshold).mean()),
                **verdict_shares(readings),
            }
    return figures


# --- What is not a digit ----------------------------------------------------------------------


def load_outliers():
    """Load drawings that are not digits: kind to list of Drawing."""

    def written(category):
        return without_lookalikes(split_by_writer(load_unipen(category=category))["test"])

    outliers = {
        "letters": written("1b") + written("1c"),
        "symbols": written("1d"),
        "scribbles": [scribble(seed) for seed in range(SCRIBBLES)],
    }
    if not (doodles := os.environ.get("DIGITS_DOODLES")):
        print("No doodles: set DIGITS_DOODLES to measure them too.")
        return outliers
    with gzip.open(doodles) as file:
        outliers["doodles"] = [
            Drawing([*map(np.float32, item["strokes"])], item["category"], "", "", f"doodle {i}")
            for i, item in enumerate(json.load(file))
        ]
    return outliers


def scribble(seed):
    """Let a pen wander, its direction a random walk, for more than six times its own size."""
    rng = np.random.default_rng(seed)
    strokes, length = [], 0
    while not strokes or length < 6 * np.ptp(np.concatenate(strokes), axis=0).max():
        steps = rng.integers(40, 120)
        direction = np.cumsum(rng.normal(rng.normal(0, 0.1), rng.uniform(0.15, 0.5), steps))
        path = np.cumsum(np.stack([np.cos(direction), np.sin(direction)], axis=1), axis=0)
        strokes.append((path - path.mean(0) + rng.normal(0, 5, 2)).astype(np.float32))
        length += steps
    return Drawing(strokes, "", "", "", f"scribble {seed}")


if __name__ == "__main__":
    main()
