"""Quote figures in README and model card: from the facts file and from what a benchmark printed.

    python -m benchmarks.accuracy --json benchmarks/accuracy.json
    python -m benchmarks.latency --json benchmarks/latency.json
    python -m benchmarks.seeds --json benchmarks/seeds.json
    python -m benchmarks.quote

A test checks that both files quote what the JSON files hold.
"""

import json
import re
from pathlib import Path
from statistics import mean, stdev

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "models" / "mnist_cnn_albu.json"
ACCURACY = ROOT / "benchmarks" / "accuracy.json"
LATENCY = ROOT / "benchmarks" / "latency.json"
SEEDS = ROOT / "benchmarks" / "seeds.json"
QUOTING = (ROOT / "README.md", ROOT / "models" / "README.md")
WAYS = {
    "this recognizer": "ours",
    "same network, crop, scale to 20, centre the box": "crop, scale to 20, centre the box",
    "same network, whole canvas to 28x28": "whole canvas to 28x28",
}
STEPS = {
    "resize to 28x28, `model.predict` on TensorFlow": "resize, model.predict (TensorFlow)",
    "`Recognizer.read`": "Recognizer.read",
    "normalization alone": "normalize",
    "the network alone": "28x28, as Recognizer runs it (OpenVINO)",
    "the same network in ONNX Runtime": "28x28, ONNX Runtime",
    "`read_many` of 1,000, each": "Recognizer.read_many of 1000, each",
}
LUCK = {
    "MNIST test": "mnist_test_accuracy",
    "MNIST test, without the 15 disputed labels": "mnist_test_accuracy_undisputed",
    "MNIST validation": "mnist_validation_accuracy",
    "real hands, drawn as on the page": "real_hands_default",
    "real hands, any size, anywhere, any pen": "real_hands_anywhere",
}


def main():
    """Write the quotations."""
    for path in QUOTING:
        path.write_text(quoted(path.read_text(encoding="utf-8")), encoding="utf-8")


def quoted(text):
    """Put the figures of today between the marks of a text, ``<!-- name -->`` to ``<!-- end -->``.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    facts, accuracy, speed, by_seed = (
        json.loads(path.read_text(encoding="utf-8")) for path in (FACTS, ACCURACY, LATENCY, SEEDS)
    )
    if accuracy["sha256"] != facts["sha256"]:
        raise ValueError(f"{ACCURACY} was measured on another model: run the benchmark again.")
    shipped = by_seed[str(facts["trained"]["seed"])]
    if any(facts["figures"].get(name, figure) != figure for name, figure in shipped.items()):
        raise ValueError(f"{SEEDS} is of another recipe: run the benchmark again.")
    sections = {
        "real hands": real_hands(accuracy["real_hands"]),
        "latency": latency(speed),
        "training": training(facts),
        "seeds": seeds(by_seed),
        "figures": "\n\n".join(
            (
                mnist(facts["figures"], accuracy["mnist"]),
                real_hands(accuracy["real_hands"]),
                subsets(accuracy["subsets"]),
                confidence(accuracy["confidence"]),
                outliers(accuracy["not_a_digit"]),
            )
        ),
    }

    def fill(match):
        return f"<!-- {match[1]} -->\n\n{sections[match[1]]}\n\n<!-- end -->"

    return re.sub(r"<!-- ([a-z ]+) -->.*?<!-- end -->", fill, text, flags=re.DOTALL)


def real_hands(figures):
    """Accuracy by condition, ours beside the baselines."""
    rows = [
        [
            way,
            *(
                "{macro:.2%} ({low:.1%} to {high:.1%})".format(**figures[f"{condition}, {key}"])
                for condition in ("default", "anywhere")
            ),
        ]
        for way, key in WAYS.items()
    ]
    return table(["read by", "drawn as on the page", "any size, anywhere, any pen"], rows) + (
        f"\n\nMean over {len(figures['sites'])} writing sites of the accuracy on "
        f"{figures['n']:,} digits of {figures['writers']} writers; 95 % interval over writers."
    )


def latency(figures):
    """Milliseconds by step, and how many times faster than what is usual."""
    ways = figures["ways"]
    usual, *_ = ways.values()
    rows = [
        [step, *(f"{ways[key][place]['median']:.2f}" for place in usual)]
        + [f"{usual['all cores']['median'] / ways[key]['all cores']['median']:.0f}"]
        for step, key in STEPS.items()
        if key in ways
    ]
    return table(["one drawing of 520x520", *(f"{p}, ms" for p in usual), "times faster"], rows) + (
        f"\n\nMedians of {usual['all cores']['n']} calls, in turns, on {figures['machine']}; "
        f"Python {figures['python']}, OpenVINO {figures['versions']['openvino']}, TensorFlow "
        f"{figures['versions']['tensorflow']}."
    )


def training(facts):
    """Tell what the model was trained on, and how long."""
    trained, versions = facts["trained"], facts["versions"]
    return (
        f"{trained['images']:,} MNIST training images, freshly augmented in each of "
        f"{trained['epochs']} epochs, seed {trained['seed']}, {trained['minutes']:.0f} minutes on "
        f"two CPU cores in {trained['precision']}; TensorFlow {versions['tensorflow']}, "
        f"Keras {versions['keras']}, Albumentations {versions['albumentations']}. "
        f"Calibrated with temperature {facts['temperature']:.3f} on {facts['calibrated_on']:,} "
        "digits."
    )


def seeds(figures):
    """Tell how much luck is in a training."""
    rows = []
    for name, key in LUCK.items():
        values = [figure[key] for figure in figures.values()]
        spread = mean(values), stdev(values), min(values), max(values)
        rows.append([name, *(f"{value:.2%}" for value in spread)])
    header = [f"accuracy of {len(figures)} seeds", "mean", "standard deviation", "min", "max"]
    return table(header, rows)


def mnist(figures, benchmark):
    """MNIST test accuracy, of one network with one seed."""
    return (
        f"MNIST test, n = 10,000, one seed: {figures['mnist_test_accuracy']:.2%}, without the 15 "
        f"disputed labels {figures['mnist_test_accuracy_undisputed']:.2%} (through "
        f"`Recognizer.read_many`: {benchmark['accuracy']:.2%})."
    )


def subsets(figures):
    """Accuracy on the styles that MNIST lacks."""
    rows = [
        [name, f"{subset['n']:,}", subset["writers"], f"{subset['default, ours']:.1%}"]
        + [f"{subset['anywhere, ours']:.1%}"]
        for name, subset in figures.items()
    ]
    return table(["real hands, style", "n", "writers", "`default`", "`anywhere`"], rows)


def confidence(figures):
    """Calibration, and how often the verdict is `digit` and right."""
    rows = [
        [name, f"{one['n']:,}", f"{one['ece']:.2%}", f"{one['nll']:.4f}", f"{one['digit']:.1%}"]
        + [f"{one['unsure']:.1%}", f"{one['not_a_digit']:.1%}", f"{one['accuracy_at_digit']:.2%}"]
        for name, one in figures.items()
    ]
    header = ["set", "n", "ECE", "NLL", "`digit`", "`unsure`", "`not_a_digit`"]
    return table([*header, "right at `digit`"], rows)


def outliers(figures):
    """How well doubt tells what is no digit."""
    rows = [
        [name, f"{one['n']:,}", f"{one['auroc']:.3f}", f"{one['fpr_at_95']:.1%}"]
        + [f"{one['digit']:.1%}"]
        for name, one in figures.items()
    ]
    return table(["no digits", "n", "AUROC", "FPR at 95 % of digits", "called `digit`"], rows)


def table(header, rows):
    """Make a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


if __name__ == "__main__":
    main()
