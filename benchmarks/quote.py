"""Put figures into the documents: from the metadata and from what benchmarks wrote.

    python -m benchmarks.accuracy --json benchmarks/accuracy.json
    python -m benchmarks.latency --json benchmarks/latency.json
    python -m benchmarks.sites --epochs 2 --json benchmarks/sites.json
    python -m benchmarks.seeds --seeds 1 2 --json benchmarks/seeds.json
    python -m benchmarks.teaching --json benchmarks/teaching.json
    python -m benchmarks.editions site --json benchmarks/editions.json
    python -m benchmarks.quote

A test checks that the documents quote what the JSON files hold.
"""

import json
import re

from benchmarks.common import compared, table, varied
from benchmarks.server import ROOT
from digits.engine import MODEL

METADATA = MODEL.with_suffix(".json")
MEASURED = ("accuracy", "latency", "sites", "seeds", "teaching", "editions")
QUOTING = [
    ROOT / f"{name}.md" for name in ("README", "models/README", "docs/teaching", "docs/editions")
]
CONDITIONS = {
    "default": "drawn as on the page",
    "anywhere": "any size, anywhere, any pen",
    "coarse": "the same, 14 to 40 pixels large",
}
READERS = {
    "this recognizer": "ours",
    "same network, crop, scale to 20, centre the box": "crop, scale to 20, centre the box",
    "same network, whole canvas to 28x28": "whole canvas to 28x28",
}
STEPS = {
    "resize to 28x28, `model.predict` on TensorFlow": "resize, model.predict (TensorFlow)",
    "`Recognizer.read`": "Recognizer.read",
    "normalization alone": "normalize",
    "`Recognizer.read_many` of 1,000, each": "Recognizer.read_many of 1000, each",
}
PARTS = ("normalization alone",)  # no readings, and not as many times faster than one
TRAINING = (
    "{trained[images]:,} MNIST training images and the strokes of {writers[training]} writers, "
    "drawn afresh in each of {trained[epochs]} epochs, seed {trained[seed]}, in "
    "{trained[precision]}; Keras {versions[keras]}, Albumentations {versions[albumentations]}. "
    "Calibrated with temperature {temperature:.3f} on {calibrated_on:,} digits."
)
MNIST = (
    "MNIST test, n = 10,000, one seed: {mnist_test_accuracy:.2%}, without the 15 disputed labels "
    "{mnist_test_accuracy_undisputed:.2%} (through `Recognizer.read_many`: {accuracy:.2%})."
)
SUBSETS = (
    "real hands, style | n | writers | `default` | `anywhere` | `coarse`",
    "{name} | {n:,} | {writers} | {default, ours:.1%} | {anywhere, ours:.1%} | {coarse, ours:.1%}",
)
CONFIDENCE = (
    "set | n | ECE | NLL | `digit` | `unsure` | `not_a_digit` | accuracy at `digit`",
    "{name} | {n:,} | {ece:.2%} | {nll:.4f} | {digit:.1%} | {unsure:.1%} | {not_a_digit:.1%} | "
    "{accuracy_at_digit:.2%}",
)
NOT_A_DIGIT = (
    "not digits | n | AUROC | FPR at 95 % of digits | called `digit`",
    "{name} | {n:,} | {auroc:.3f} | {fpr_at_95:.1%} | {digit:.1%}",
)
NEW_PLACES = (
    "site left out | digits of unseen writers | `anywhere`, trained with it | without it | "
    "`coarse`, with it | without it",
    "{name} | {n:,} | {with, anywhere:.2%} | {without, anywhere:.2%} | {with, coarse:.2%} | "
    "{without, coarse:.2%}",
)


def main():
    """Fill in all documents."""
    for path in QUOTING:
        path.write_text(quoted(path.read_text(encoding="utf-8")), encoding="utf-8")


def quoted(text):
    """Put today's figures between the marks of a text, ``<!-- name -->`` and ``<!-- end -->``.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If figures are not those of the shipped model.
    """
    metadata = json.loads(METADATA.read_text(encoding="utf-8"))
    measured, speed, sites, seeds, taught, editions = (
        json.loads((ROOT / "benchmarks" / f"{name}.json").read_text(encoding="utf-8"))
        for name in MEASURED
    )
    for name, figures in (("accuracy", measured), ("teaching", taught)):
        if figures["sha256"] != metadata["sha256"]:
            raise ValueError(f"Another model was measured: run benchmarks.{name} again.")
    hands = real_hands(measured["real_hands"])
    details = (
        MNIST.format(**metadata["figures"] | measured["mnist"]),
        hands,
        formatted(*SUBSETS, measured["subsets"]),
        formatted(*CONFIDENCE, measured["confidence"]),
        formatted(*NOT_A_DIGIT, measured["not_a_digit"]),
        trainings(seeds, measured["real_hands"]["sites"]),
        new_places(sites),
    )
    sections = {
        "real hands": hands,
        "latency": latency(speed),
        "training": TRAINING.format(**metadata),
        "figures": "\n\n".join(details),
        "teaching": teaching(taught),
        "editions": side_by_side(editions),
    }

    def fill(match):
        return f"<!-- {match[1]} -->\n\n{sections[match[1]]}\n\n<!-- end -->"

    return re.sub(r"<!-- ([a-z ]+) -->.*?<!-- end -->", fill, text, flags=re.DOTALL)


def formatted(header, row, figures):
    """Make a table with one row for each name and its figures."""
    rows = [row.format(name=name, **one).split(" | ") for name, one in figures.items()]
    return table(header.split(" | "), rows)


def real_hands(figures):
    cell = "{macro:.2%} ({low:.1%} to {high:.1%})"
    rows = [
        [name, *(cell.format(**figures[f"{condition}, {key}"]) for condition in CONDITIONS)]
        for name, key in READERS.items()
    ]
    sites = figures["sites"]
    pooled = (
        sum(n * figures[f"{condition}, ours"][site] for site, n in sites.items()) / figures["n"]
        for condition in CONDITIONS
    )
    return table(["read by", *CONDITIONS.values()], rows) + (
        f"\n\nMean over {len(sites)} writing sites of the accuracy on {figures['n']:,} "
        f"digits of {figures['writers']} test writers; 95 % interval over writers. The most "
        f"probable digit counts, whatever the verdict. The smallest site has "
        f"{min(sites.values())} digits; over all digits alike, this recognizer reads "
        f"{', '.join(f'{share:.2%}' for share in pooled)}."
    )


def trainings(figures, sites):
    smallest = min(sites.values())
    return varied(figures) + (
        f"\n\nThis network, seed 0, and {len(figures) - 1} more trainings with other seeds, "
        f"read with the page analysis of the day when they were trained: seed 0 differs from the "
        f"figures above. Real hands are means over {len(sites)} writing sites: one of the "
        f"{smallest} digits of the smallest site counts {1 / smallest / len(sites):.1%}."
    )


def new_places(figures):
    sites = list(figures["sites"].values())
    mean = {name: sum(site[name] for site in sites) / len(sites) for name in sites[0]}
    mean["n"] = sum(site["n"] for site in sites)
    return formatted(*NEW_PLACES, figures["sites"] | {"mean": mean}) + (
        f"\n\nNot this network, but its architecture trained on {figures['pool']:,} drawings, "
        "once with a site and once without its digits; one seed, sites of at least 50 digits of "
        "validation and test writers."
    )


def teaching(figures):
    rows = [
        [writers, count, found["cases"]]
        + [f"{before} -> {after}" for before, after in found["errors"]]
        + [f"{found['others']:,}"]
        for writers in ("training and validation", "test")
        for count, found in figures[writers]["taught"].items()
        if found["cases"]
    ]
    header = ["writers", "taught", "pairs of writer and digit", "errors of this digit"]
    return table([*header, "errors of all others", "drawings of all others"], rows)


def side_by_side(figures):
    versions, readings = figures["versions"], figures["readings"]
    return compared(figures) + (
        f"\n\nOn {figures['machine']}, Chromium {versions['chromium']}. Of "
        f"{readings['drawings']:,} drawings, {readings['with another model input']} get another "
        f"model input than in native Python, {readings['with another verdict or label']} another "
        "verdict or label."
    )


def latency(figures):
    steps = {name: figures["ways"][key] for name, key in STEPS.items()}
    usual = next(iter(steps.values()))
    rows = []
    for name, step in steps.items():
        times = usual["all cores"]["median"] / step["all cores"]["median"]
        milliseconds = [f"{step[place]['median']:.2f}" for place in usual]
        rows.append([name, *milliseconds, "" if name in PARTS else f"{times:.0f}"])
    versions = figures["versions"]
    header = [
        "one drawing of 520x520",
        *(f"{place}, ms" for place in usual),
        "times faster, all cores",
    ]
    return table(header, rows) + (
        f"\n\nMedians of {usual['all cores']['n']} calls, in turns, on {figures['machine']}; "
        f"Python {figures['python']}, ONNX Runtime {versions['onnxruntime']}, "
        f"TensorFlow {versions['tensorflow']}."
    )


if __name__ == "__main__":
    main()
