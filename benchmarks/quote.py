"""Put figures into the documents: from the metadata and from what benchmarks wrote.

    python -m benchmarks.accuracy --json benchmarks/accuracy.json
    python -m benchmarks.latency --json benchmarks/latency.json
    python -m benchmarks.sites --json benchmarks/sites.json
    python -m benchmarks.seeds --seeds 1 2 --json benchmarks/seeds.json
    python -m benchmarks.teaching --json benchmarks/teaching.json
    python -m benchmarks.editions site --json benchmarks/editions.json
    python -m benchmarks.quote

A test checks that the documents quote what the JSON files hold.
"""

import json
import re

from benchmarks import tables
from benchmarks.server import ROOT
from digits.model_file import MODEL

METADATA = MODEL.with_suffix(".json")
MEASURED = ("accuracy", "latency", "sites", "seeds", "teaching", "editions")
QUOTING = [
    ROOT / f"{name}.md" for name in ("README", "models/README", "docs/teaching", "docs/editions")
]
TRAINING = (
    "{trained[images]:,} MNIST training images and the strokes of {writers[training]} writers, "
    "drawn afresh in each of {trained[epochs]} epochs, seed {trained[seed]}, in "
    "{trained[precision]}; Keras {versions[keras]}, Albumentations {versions[albumentations]}. "
    "Calibrated with temperature {temperature:.3f} on {calibrated_on:,} pictures, each pen stroke "
    "drawing in two conditions."
)
MNIST = (
    "MNIST test, n = 10,000, one seed: {mnist_test_accuracy:.2%}, without the 15 disputed labels "
    "{mnist_test_accuracy_undisputed:.2%} (through `Recognizer.read_many`: {accuracy:.2%})."
)
SEEDS = (
    "This network (seed 0) and {others} training runs with other seeds, each measured with the "
    "layout analysis of its time, so that seed 0 differs from the figures above. Real hands are "
    "means over {sites} writing sites: one of the {smallest} digits of the smallest site counts "
    "{one:.1%}."
)


def main():
    """Fill in all documents."""
    for path in QUOTING:
        path.write_text(quoted(path.read_text(encoding="utf-8")), encoding="utf-8")


def quoted(text):
    """Put today's figures between the marks of a text, ``<!-- name -->`` and ``<!-- end -->``."""
    metadata = json.loads(METADATA.read_text(encoding="utf-8"))
    measured, speed, places, seeds, taught, editions = (
        json.loads((ROOT / "benchmarks" / f"{name}.json").read_text(encoding="utf-8"))
        for name in MEASURED
    )
    for name, figures in (("accuracy", measured), ("teaching", taught)):
        if figures["sha256"] != metadata["sha256"]:
            raise ValueError(f"Another model was measured: run benchmarks.{name} again.")
    hands = tables.real_hands(measured["real_hands"])
    sites = measured["real_hands"]["sites"].values()
    smallest = {"smallest": min(sites), "one": 1 / min(sites) / len(sites)}
    details = (
        MNIST.format(**metadata["figures"] | measured["mnist"]),
        hands,
        tables.formatted(tables.SUBSETS, measured["subsets"]),
        tables.formatted(tables.CONFIDENCE, measured["confidence"]),
        tables.formatted(tables.NOT_A_DIGIT, measured["not_a_digit"]),
        tables.varied(seeds),
        SEEDS.format(others=len(seeds) - 1, sites=len(sites), **smallest),
        tables.new_places(places),
    )
    sections = {
        "real hands": hands,
        "latency": tables.latency(speed),
        "training": TRAINING.format(**metadata),
        "figures": "\n\n".join(details),
        "teaching": tables.teaching(taught),
        "editions": tables.editions(editions),
    }

    def fill(match):
        return f"<!-- {match[1]} -->\n\n{sections[match[1]]}\n\n<!-- end -->"

    return re.sub(r"<!-- ([a-z ]+) -->.*?<!-- end -->", fill, text, flags=re.DOTALL)


if __name__ == "__main__":
    main()
