"""Accuracy on real hands and on MNIST, calibration, and what is called a digit but is none.

    python -m benchmarks.accuracy                         # everything: a few minutes on one core
    python -m benchmarks.accuracy --limit 200             # a quick look
    python -m benchmarks.accuracy --json benchmarks/accuracy.json --errors errors.png

Real hands are pen strokes of UNIPEN train_r01_v07, category 1a, drawn on a 520x520 canvas under the
conditions of `digits.training.render.draw` and read by `Recognizer.read_many`, as a visitor's
drawing is. Two baselines in the same run: the same network after plain preprocessing of the same
canvases. Segments that do not hold one whole character (`is_isolated_digit`, by geometry alone) are
counted and left out; the accuracy with them is stated too. The macro-average is over writing sites;
its 95 % interval resamples the writers of each site 1,000 times.
"""

import gzip
import hashlib
import json
import os
import string
from collections import Counter
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sklearn.metrics import roc_auc_score

from benchmarks.common import command_line, percent, subsample, table, write_json
from digits import Recognizer
from digits.engine import MODEL, load_engine
from digits.training.metrics import (
    expected_calibration_error,
    macro_accuracy,
    negative_log_likelihood,
)
from digits.training.mnist import DISPUTED_TEST_IDS, load_test
from digits.training.plots import plot_most_confident_errors
from digits.training.render import CANVAS, CONDITIONS, draw
from digits.training.stroke_shapes import (
    is_crossed_seven,
    is_flagged_one,
    is_isolated_digit,
    is_slashed_zero,
)
from digits.training.unipen import Drawing, load_unipen

VERDICTS = ("digit", "unsure", "not_a_digit")
SUBSETS = {
    "slashed zeros": is_slashed_zero,
    "flagged or footed ones": is_flagged_one,
    "crossed sevens": is_crossed_seven,
}
BATCH = 500  # images in one call of the network
# Fonts unlike those of the outliers in training; matplotlib ships them, so every machine has them.
FONTS = (
    "STIXGeneral",
    "STIXGeneralItalic",
    "cmr10",
    "cmtt10",
    "DejaVuSans-Bold",
    "DejaVuSerif-Italic",
)
LOOKALIKES = "OoIlliSsZzBbgqD"
LETTERS = [letter for letter in string.ascii_letters if letter not in LOOKALIKES]
PLACEMENTS = 4  # of each letter of each font
SCRIBBLES = 1000


def main():
    """Read everything, print the tables, write the figures."""
    parser = command_line(__doc__)
    parser.add_argument("--model", help="a .keras file with its metadata beside it")
    parser.add_argument("--mnist", help="an mnist.npz (default: DIGITS_MNIST, else a download)")
    parser.add_argument(
        "--unipen", help="a UNIPEN folder (default: DIGITS_UNIPEN, else a download)"
    )
    parser.add_argument("--doodles", help="a doodles.json.gz (default: DIGITS_DOODLES, else none)")
    parser.add_argument("--limit", type=int, help="read about so many drawings of each kind")
    parser.add_argument(
        "--errors", help="draw the most confident errors of `anywhere` to this file"
    )
    options = parser.parse_args()
    model = Path(options.model or os.environ.get("DIGITS_MODEL") or MODEL)
    recognizer, infer = Recognizer.load(model), load_engine(model)

    drawings = load_unipen(options.unipen)
    kept = subsample(np.arange(len(drawings)), options.limit)
    isolated = is_isolated_digit(drawings)[kept]
    drawings = [drawings[i] for i in kept]
    readings, scores = {}, {}
    for condition in CONDITIONS:
        canvases = (draw(drawing, condition) for drawing in drawings)
        readings[condition], by_way = read_canvases(recognizer, infer, canvases)
        scores |= {f"{condition}, {way}": found for way, found in by_way.items()}
    images, labels = (subsample(array, options.limit) for array in load_test(options.mnist))
    mnist = recognizer.read_many(images)

    truth = np.array([int(drawing.label) for drawing in drawings])
    sets = {"MNIST test": (mnist, labels)} | {
        f"real hands, {condition}": ([found[i] for i in np.flatnonzero(isolated)], truth[isolated])
        for condition, found in readings.items()
    }
    outliers = kinds_of_outliers(options.doodles or os.environ.get("DIGITS_DOODLES"), options.limit)
    results = {
        "model": model.name,
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "real_hands": report_real_hands(drawings, truth, isolated, scores),
        "subsets": report_subsets(drawings, truth, isolated, scores),
        "confusions": report_confusions(truth, isolated, scores),
        "mnist": report_mnist(mnist, labels, subsample(np.arange(10000), options.limit)),
        "confidence": report_confidence(sets),
        "not_a_digit": report_not_a_digit(recognizer, sets, outliers),
    }
    write_json(options.json, results)
    if options.errors:
        found, truth = sets["real hands, anywhere"]
        model_inputs = np.stack([reading.model_input for reading in found])
        figure = plot_most_confident_errors(model_inputs, truth, probabilities(found), count=200)
        figure.savefig(options.errors, dpi=80)


# --- Reading ----------------------------------------------------------------------------------


def read_canvases(recognizer, infer, canvases):
    """Read canvases as the page does; also give the probabilities, (n, 10), of every way."""
    inputs = {name: [] for name in BASELINES}

    def preprocessed():  # one canvas at a time: all of them would fill 2.6 GB
        for canvas in canvases:
            for name, preprocess in BASELINES.items():
                inputs[name].append(preprocess(canvas))
            yield canvas

    readings = recognizer.read_many(preprocessed())
    scores = {name: predict(infer, np.stack(images)) for name, images in inputs.items()}
    return readings, {"ours": probabilities(readings), **scores}


def predict(infer, images):
    """Give the network's probabilities, (n, 10), for model inputs, (n, 28, 28)."""
    parts = [infer(images[i : i + BATCH])[1] for i in range(0, len(images), BATCH)]
    logits = np.concatenate(parts)
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


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


BASELINES = {"whole canvas to 28x28": whole_canvas, "crop, scale to 20, centre the box": cropped}


def probabilities(readings):
    return np.stack([reading.probabilities for reading in readings])


# --- Reports: print a table, return its figures -----------------------------------------------


def report_real_hands(drawings, truth, isolated, scores):
    sites = np.array([drawing.site for drawing in drawings])
    writers = np.array([drawing.writer for drawing in drawings])
    counts = {site: int((isolated & (sites == site)).sum()) for site in sorted(set(sites))}
    results = {
        "n": int(isolated.sum()),
        "accidents": int((~isolated).sum()),
        "sites": counts,
        "writers": len(set(writers[isolated])),
    }
    rows = []
    for name, found in scores.items():
        right = found.argmax(1) == truth
        low, high = macro_interval(right[isolated], sites[isolated], writers[isolated])
        figures = {
            "macro": macro_accuracy(right[isolated], sites[isolated]),
            "low": float(low),
            "high": float(high),
            "macro_with_accidents": macro_accuracy(right, sites),
            **{site: float(right[isolated & (sites == site)].mean()) for site in counts},
        }
        results[name] = figures
        macro, low, high, *others = map(percent, figures.values())
        rows.append([name, macro, f"{low} to {high}", *others])
    print(f"\n## Real hands: {results['n']:,} digits of {results['writers']} writers\n")
    by_site = [f"{site} (n={n:,})" for site, n in counts.items()]
    print(table(["read by", "macro", "95 % interval", "macro with accidents", *by_site], rows))
    accidents = dict(Counter(sites[~isolated].tolist()))
    print(f"\nLeft out as accidents of the source: {results['accidents']} segments {accidents}.")
    return results


def macro_interval(right, sites, writers, replicates=1000):
    """95 % interval of the mean over sites, from resampling the writers of each site."""
    rng = np.random.default_rng(0)
    means = []
    for site in sorted(set(sites)):
        of_site = [right[writers == writer] for writer in sorted(set(writers[sites == site]))]
        hits, counts = np.array([[answers.sum(), len(answers)] for answers in of_site]).T
        pick = rng.integers(len(of_site), size=(replicates, len(of_site)))
        means.append(hits[pick].sum(1) / counts[pick].sum(1))
    return np.quantile(np.mean(means, axis=0), [0.025, 0.975])


def report_subsets(drawings, truth, isolated, scores):
    rows, results = [], {}
    for subset, rule in SUBSETS.items():
        members = np.flatnonzero(isolated & [rule(drawing) for drawing in drawings])
        if not len(members):
            continue
        shares = {
            name: float((found.argmax(1) == truth)[members].mean())
            for name, found in scores.items()
        }
        writers = len({drawings[i].writer for i in members})
        results[subset] = {"n": len(members), "writers": writers, **shares}
        rows.append([subset, len(members), writers, *map(percent, shares.values())])
    print("\n## Subsets, chosen by strokes and shape alone\n")
    print(table(["subset", "n", "writers", *scores], rows))
    return results


def report_confusions(truth, isolated, scores):
    results = {}
    print("\n## Most frequent confusions of ours\n")
    for condition in CONDITIONS:
        answers = scores[f"{condition}, ours"].argmax(1)
        wrong = isolated & (answers != truth)
        pairs = Counter(zip(truth[wrong].tolist(), answers[wrong].tolist(), strict=True))
        worst = [[written, read, n] for (written, read), n in pairs.most_common(10)]
        results[condition] = worst
        print(f"- {condition}: " + ", ".join(f"{w} read as {r}: {n}" for w, r, n in worst))
    return results


def report_mnist(readings, labels, ids):
    right = probabilities(readings).argmax(1) == labels
    upheld = ~np.isin(ids, DISPUTED_TEST_IDS)
    results = {
        "n": len(labels),
        "accuracy": float(right.mean()),
        "n_undisputed": int(upheld.sum()),
        "accuracy_undisputed": float(right[upheld].mean()),
    }
    n, accuracy, n_upheld, accuracy_upheld = results.values()
    print("\n## MNIST test, with the same preprocessing\n")
    rows = [
        ["all", f"{n:,}", percent(accuracy)],
        ["without disputed labels", f"{n_upheld:,}", percent(accuracy_upheld)],
    ]
    print(table(["images", "n", "accuracy"], rows))
    return results


def verdict_shares(readings):
    verdicts = [reading.verdict for reading in readings]
    return {verdict: verdicts.count(verdict) / len(verdicts) for verdict in VERDICTS}


def report_confidence(sets):
    rows, results = [], {}
    for name, (readings, labels) in sets.items():
        scores = probabilities(readings)
        right = scores.argmax(1) == labels
        confident = np.array([reading.verdict == "digit" for reading in readings])
        ranked = right[np.argsort(-scores.max(1), kind="stable")]
        results[name] = {
            "n": len(labels),
            "accuracy": float(right.mean()),
            "ece": expected_calibration_error(scores, labels),
            "nll": negative_log_likelihood(scores, labels),
            **verdict_shares(readings),
            "accuracy_at_digit": float(right[confident].mean()) if confident.any() else None,
            **{
                f"accuracy_of_surest_{share}": float(ranked[: len(ranked) * share // 100].mean())
                for share in (99, 95, 90)
            },
        }
        n, accuracy, ece, nll, *shares = results[name].values()
        rows.append([name, f"{n:,}", percent(accuracy), percent(ece), f"{nll:.4f}"])
        rows[-1] += map(percent, shares)
    print("\n## Confidence: calibration, verdicts, accuracy over coverage\n")
    header = ["set", "n", "accuracy", "ECE", "NLL", *(f"`{verdict}`" for verdict in VERDICTS)]
    header += ["accuracy at `digit`", "of the most confident 99 %", "95 %", "90 %"]
    print(table(header, rows))
    return results


def report_not_a_digit(recognizer, sets, outliers):
    rows, results = [], {}
    for condition in CONDITIONS:
        digits = np.array([reading.energy for reading in sets[f"real hands, {condition}"][0]])
        threshold = np.quantile(digits, 0.95)
        for kind, canvases in outliers.items():
            readings = recognizer.read_many(canvases(condition))
            energies = np.array([reading.energy for reading in readings])
            # The energy of a blank is infinite, which sklearn refuses.
            both = np.nan_to_num(np.append(digits, energies))
            figures = {
                "auroc": float(
                    roc_auc_score(np.repeat([0, 1], [len(digits), len(energies)]), both)
                ),
                "fpr_at_95": float((energies <= threshold).mean()),
                **verdict_shares(readings),
            }
            results[f"{kind}, {condition}"] = {"n": len(energies), **figures}
            auroc, *shares = figures.values()
            rows.append([kind, condition, len(energies), f"{auroc:.4f}", *map(percent, shares)])
    print("\n## Not a digit, against real hands under the same condition\n")
    called = [f"called `{verdict}`" for verdict in VERDICTS]
    print(table(["kind", "condition", "n", "AUROC", "accepted with 95 % of digits", *called], rows))
    return results


# --- What is not a digit ----------------------------------------------------------------------


def kinds_of_outliers(doodles, limit):
    """Kinds of drawings that are not digits: name to a function of the condition to canvases."""
    letters = [(letter, font, i) for i in range(PLACEMENTS) for font in FONTS for letter in LETTERS]
    letters, seeds = subsample(letters, limit), subsample(range(SCRIBBLES), limit)
    kinds = {
        "letters": lambda condition: (draw_letter(*letter, condition) for letter in letters),
        "scribbles": lambda condition: (draw(scribble(seed), condition) for seed in seeds),
    }
    if not doodles:
        print("No doodles: give --doodles or set DIGITS_DOODLES to measure them too.")
        return kinds
    with gzip.open(doodles) as file:
        sketches = [
            Drawing(
                [np.float32(s) for s in item["strokes"]], item["category"], "", "", f"doodle {i}"
            )
            for i, item in enumerate(json.load(file))
        ]
    sketches = subsample(sketches, limit)
    kinds["doodles"] = lambda condition: (draw(sketch, condition) for sketch in sketches)
    return kinds


def draw_letter(letter, font, placement, condition):
    """Draw a letter of a font at a random size and place, as `draw` does with strokes."""
    rng = np.random.default_rng([ord(letter), FONTS.index(font), placement])
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")
    glyph = Image.new("L", (1000, 1000))
    ImageDraw.Draw(glyph).text((500, 500), letter, 255, ImageFont.truetype(path, 500), anchor="mm")
    glyph = glyph.crop(glyph.getbbox())
    height = CANVAS * rng.uniform(*CONDITIONS[condition].height)
    scale = min(height / glyph.height, CANVAS / glyph.width)
    size = np.array([max(1, int(glyph.width * scale)), max(1, int(glyph.height * scale))])
    corner = (CANVAS - size) * rng.uniform(0, 1, 2)
    if centre := CONDITIONS[condition].centre:
        corner = np.clip(CANVAS * rng.uniform(*centre, 2) - size / 2, 0, CANVAS - size)
    ink = Image.new("L", (CANVAS, CANVAS))
    ink.paste(glyph.resize(tuple(size)), tuple(corner.astype(int)))
    return 255 - np.asarray(ink)


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
