"""How right the reader is: on real hands, on MNIST, and on what is no digit.

    python -m benchmarks.accuracy                         # everything: a few minutes on one core
    python -m benchmarks.accuracy --limit 200             # a small part of it: is all in order?
    python -m benchmarks.accuracy --json results.json --errors errors.png

Real hands are pen strokes of UNIPEN train_r01_v07, category 1a, drawn on a 520x520 canvas under the
two conditions of `digits.strokes.draw` and read by `Recognizer.read_many`, as a visitor's drawing
is. The same network reads the same canvases after two plain preprocessings, the baselines. Segments
that do not hold one whole character (`digits.strokes.is_whole`, a rule of geometry alone) are
counted and left out, and the accuracy with them is stated too. Macro is the mean over writing
sites; its 95 % interval resamples the writers of each site 1,000 times.
"""

import argparse
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

from digits import Recognizer
from digits.evaluation import (
    expected_calibration_error,
    negative_log_likelihood,
    plot_hardest,
)
from digits.mnist import DISPUTED_TEST_IDS, load_test
from digits.recognizer import MODEL
from digits.strokes import (
    CANVAS,
    Drawing,
    draw,
    is_crossed_seven,
    is_flagged_one,
    is_slashed_zero,
    is_whole,
    load_unipen,
)

CONDITIONS = ("default", "anywhere")
SUBSETS = {
    "slashed zeros": is_slashed_zero,
    "flagged or footed ones": is_flagged_one,
    "crossed sevens": is_crossed_seven,
}
# Fonts and scribbles unlike those that the training draws as outliers; matplotlib brings them, so
# that every machine measures the same letters.
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
    parser = argparse.ArgumentParser(description="Measure accuracy, calibration and doubt.")
    parser.add_argument("--model", help="a .keras file with its facts beside it")
    parser.add_argument("--mnist", help="an mnist.npz (default: DIGITS_MNIST, else a download)")
    parser.add_argument(
        "--unipen", help="a UNIPEN folder (default: DIGITS_UNIPEN, else a download)"
    )
    parser.add_argument("--doodles", help="a doodles.json.gz (default: DIGITS_DOODLES, else none)")
    parser.add_argument("--limit", type=int, help="read at most so many drawings of each kind")
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument(
        "--errors", help="draw the errors of `anywhere`, surest first, to this file"
    )
    options = parser.parse_args()
    model = Path(options.model or os.environ.get("DIGITS_MODEL") or MODEL)
    recognizer = Recognizer.load(model)
    import keras  # here, because the recognizer chooses the backend

    network = keras.saving.load_model(model, compile=False)

    segments = load_unipen(options.unipen)
    whole = is_whole(segments)
    kept = thin(range(len(segments)), options.limit)
    segments, whole = [segments[i] for i in kept], whole[kept]
    drawn = {
        condition: read_canvases(
            recognizer, network, (draw(segment, condition) for segment in segments)
        )
        for condition in CONDITIONS
    }
    images, labels = (thin(array, options.limit) for array in load_test(options.mnist))
    mnist = recognizer.read_many(images)

    results = {
        "model": model.name,
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "real_hands": report_real_hands(segments, whole, drawn),
        "subsets": report_subsets(segments, whole, drawn),
        "confusions": report_confusions(segments, whole, drawn),
    }
    digits = [segment for segment, one in zip(segments, whole, strict=True) if one]
    truth = np.array([int(digit.label) for digit in digits])
    sets = {"MNIST test": (mnist, labels)} | {
        f"real hands, {condition}": ([r for r, one in zip(ours, whole, strict=True) if one], truth)
        for condition, (ours, _) in drawn.items()
    }
    results["mnist"] = report_mnist(mnist, labels, thin(np.arange(10000), options.limit))
    results["confidence"] = report_confidence(sets)
    results["not_a_digit"] = report_not_a_digit(
        recognizer, sets, outliers(options.doodles, options.limit)
    )
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=2) + "\n")
    if options.errors:
        readings, truth = sets["real hands, anywhere"]
        seen = np.stack([reading.seen for reading in readings])
        figure = plot_hardest(seen, truth, probabilities(readings), count=200)
        figure.savefig(options.errors, dpi=80)


# --- Reading ----------------------------------------------------------------------------------


def read_canvases(recognizer, network, canvases):
    """Read canvases by our own way and by the plain ways.

    Returns
    -------
    readings : list of Reading
    plain : dict of str to (n, 10) array
        Probabilities of the same network after the plain preprocessings.
    """
    seen = {name: [] for name in PLAIN}

    def watched():  # a canvas at a time: all of them would fill 2.6 GB
        for canvas in canvases:
            for name, preprocess in PLAIN.items():
                seen[name].append(preprocess(canvas))
            yield canvas

    readings = recognizer.read_many(watched())
    return readings, {
        name: network.predict(np.stack(images)[..., None], batch_size=256, verbose=0)
        for name, images in seen.items()
    }


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


PLAIN = {"whole canvas to 28x28": whole_canvas, "crop, scale to 20, centre the box": cropped}


def probabilities(readings):
    return np.stack([reading.probabilities for reading in readings])


def thin(items, limit):
    """Every so-manieth item, so that about `limit` of them, from begin to end, remain."""
    return items[:: max(1, len(items) // limit)] if limit else items


# --- Reports: print a table, return its figures -----------------------------------------------


def report_real_hands(segments, whole, drawn):
    sites = np.array([segment.site for segment in segments])
    labels = np.array([int(segment.label) for segment in segments])
    names = sorted(set(sites))
    rows, results = [], {"n": int(whole.sum()), "accidents": int((~whole).sum())}
    results["sites"] = {site: int((whole & (sites == site)).sum()) for site in names}
    writers = np.array([segment.writer for segment in segments])
    results["writers"] = len(set(writers[whole]))
    for condition, (ours, plain) in drawn.items():
        for name, scores in {"ours": probabilities(ours), **plain}.items():
            right = scores.argmax(1) == labels
            by_site = [right[whole & (sites == site)].mean() for site in names]
            low, high = macro_interval(right[whole], sites[whole], writers[whole])
            with_all = np.mean([right[sites == site].mean() for site in names])
            figures = [np.mean(by_site), low, high, with_all, *by_site]
            keys = ["macro", "low", "high", "macro_with_accidents", *names]
            results[f"{condition}, {name}"] = dict(zip(keys, map(float, figures), strict=True))
            interval = f"{percent(low)} to {percent(high)}"
            shown = [percent(figure) for figure in (figures[0], *figures[3:])]
            rows.append([condition, name, shown[0], interval, *shown[1:]])
    accidents = Counter(sites[~whole].tolist())
    print(f"\n## Real hands: {results['n']:,} digits of {results['writers']} writers\n")
    counts = [f"{site} (n={results['sites'][site]:,})" for site in names]
    table(["condition", "preprocessing", "macro", "95 %", "macro with accidents", *counts], rows)
    print(f"\nLeft out as accidents of the source: {(~whole).sum()} segments {dict(accidents)}.")
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


def report_subsets(segments, whole, drawn):
    rows, results = [], {}
    labels = np.array([int(segment.label) for segment in segments])
    for subset, rule in SUBSETS.items():
        members = whole & [rule(segment) for segment in segments]
        if not members.any():
            continue
        of = {segment.writer for segment, member in zip(segments, members, strict=True) if member}
        results[subset] = {"n": int(members.sum()), "writers": len(of)}
        for condition, (ours, plain) in drawn.items():
            for name, scores in {"ours": probabilities(ours), **plain}.items():
                right = scores.argmax(1) == labels
                results[subset][f"{condition}, {name}"] = float(right[members].mean())
        n, writers, *shares = results[subset].values()
        rows.append([subset, f"{n:,}", writers, *map(percent, shares)])
    ways = [f"{c}, {name}" for c, (_, plain) in drawn.items() for name in ("ours", *plain)]
    print("\n## Subsets, made by strokes and shape alone\n")
    table(["subset", "n", "writers", *ways], rows)
    return results


def report_confusions(segments, whole, drawn):
    results = {}
    for condition, (ours, _) in drawn.items():
        answers = probabilities(ours).argmax(1)
        pairs = Counter(
            (int(segment.label), int(answer))
            for segment, answer, one in zip(segments, answers, whole, strict=True)
            if one and int(segment.label) != answer
        )
        results[condition] = [[written, read, n] for (written, read), n in pairs.most_common(10)]
    print("\n## Worst confusions of ours (written, read, how often)\n")
    for condition, worst in results.items():
        print(f"- {condition}: " + ", ".join(f"{w} as {r}: {n}" for w, r, n in worst))
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
    print("\n## MNIST test, through the same door\n")
    table(
        ["images", "n", "accuracy"],
        [
            ["all", f"{len(labels):,}", percent(right.mean())],
            ["without disputed labels", f"{upheld.sum():,}", percent(right[upheld].mean())],
        ],
    )
    return results


def report_confidence(sets):
    rows, results = [], {}
    for name, (readings, labels) in sets.items():
        scores = probabilities(readings)
        right = scores.argmax(1) == labels
        verdicts = np.array([reading.verdict for reading in readings])
        surest = right[np.argsort(-scores.max(1), kind="stable")]
        results[name] = {
            "n": len(labels),
            "accuracy": float(right.mean()),
            "ece": expected_calibration_error(scores, labels),
            "nll": negative_log_likelihood(scores, labels),
            **{verdict: float((verdicts == verdict).mean()) for verdict in VERDICTS},
            "accuracy_at_digit": float(right[verdicts == "digit"].mean())
            if "digit" in verdicts
            else None,
            **{
                f"accuracy_of_surest_{share}": float(surest[: len(surest) * share // 100].mean())
                for share in (99, 95, 90)
            },
        }
        n, accuracy, ece, nll, *shares = results[name].values()
        rows.append([name, f"{n:,}", percent(accuracy), percent(ece), f"{nll:.4f}"])
        rows[-1] += map(percent, shares)
    print("\n## Confidence: calibration, verdicts, accuracy over coverage\n")
    table(
        ["set", "n", "accuracy", "ECE", "NLL", *(f"`{verdict}`" for verdict in VERDICTS)]
        + ["accuracy at `digit`", "of the surest 99 %", "95 %", "90 %"],
        rows,
    )
    return results


def report_not_a_digit(recognizer, sets, kinds):
    rows, results = [], {}
    for condition in CONDITIONS:
        digits = np.array([reading.doubt for reading in sets[f"real hands, {condition}"][0]])
        limit = np.quantile(digits, 0.95)
        for kind, canvases in kinds.items():
            readings = recognizer.read_many(canvases(condition))
            doubts = np.array([reading.doubt for reading in readings])
            verdicts = np.array([reading.verdict for reading in readings])
            # Doubt may be infinite (a blank), which no ranking of scores minds but sklearn does.
            scores = np.nan_to_num(np.append(digits, doubts))
            figures = [
                roc_auc_score(np.repeat([0, 1], [len(digits), len(doubts)]), scores),
                (doubts <= limit).mean(),
                *((verdicts == verdict).mean() for verdict in VERDICTS),
            ]
            keys = ["auroc", "fpr_at_95", *VERDICTS]
            figures = dict(zip(keys, map(float, figures), strict=True))
            results[f"{kind}, {condition}"] = {"n": len(doubts), **figures}
            shares = map(percent, list(figures.values())[1:])
            rows.append([kind, condition, f"{len(doubts):,}", f"{figures['auroc']:.4f}", *shares])
    print("\n## Not a digit, against real hands under the same condition\n")
    called = [f"called `{verdict}`" for verdict in VERDICTS]
    table(["kind", "condition", "n", "AUROC", "accepted with 95 % of digits", *called], rows)
    return results


VERDICTS = ("digit", "unsure", "not_a_digit")


def table(header, rows):
    print("| " + " | ".join(map(str, header)) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")


def percent(share):
    return "-" if share is None else f"{100 * share:.2f}"


# --- What is no digit -------------------------------------------------------------------------


def outliers(doodles, limit):
    """Kinds of drawings that are no digits: name to a function of the condition to canvases."""
    letters = [(letter, font, i) for i in range(PLACEMENTS) for font in FONTS for letter in LETTERS]
    scribbles = [scribble(seed) for seed in range(SCRIBBLES)]
    kinds = {
        "letters": lambda condition: (
            draw_letter(*letter, condition) for letter in thin(letters, limit)
        ),
        "scribbles": lambda condition: (draw(s, condition) for s in thin(scribbles, limit)),
    }
    path = doodles or os.environ.get("DIGITS_DOODLES")
    if not path:
        print("No doodles: give --doodles or set DIGITS_DOODLES to measure them too.")
        return kinds
    with gzip.open(path) as file:
        sketches = [
            Drawing(
                [np.float32(s) for s in item["strokes"]], item["category"], "", "", f"doodle {i}"
            )
            for i, item in enumerate(json.load(file))
        ]
    kinds["doodles"] = lambda condition: (draw(s, condition) for s in thin(sketches, limit))
    return kinds


def draw_letter(letter, font, placement, condition):
    """Draw a letter of a font at a random size and place, as `digits.strokes.draw` does strokes."""
    rng = np.random.default_rng([ord(letter), FONTS.index(font), placement])
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")
    glyph = Image.new("L", (1000, 1000))
    ImageDraw.Draw(glyph).text((500, 500), letter, 255, ImageFont.truetype(path, 500), anchor="mm")
    glyph = glyph.crop(glyph.getbbox())
    height = CANVAS * rng.uniform(*((0.45, 0.75) if condition == "default" else (0.15, 0.85)))
    scale = min(height / glyph.height, CANVAS / glyph.width)
    size = np.array([max(1, int(glyph.width * scale)), max(1, int(glyph.height * scale))])
    room = CANVAS - size
    corner = room * rng.uniform(0, 1, 2)
    if condition == "default":
        corner = np.clip(room / 2 + CANVAS * rng.uniform(-0.08, 0.08, 2), 0, room)
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
