"""How much luck is in the MNIST figure: the same recipe with other seeds.

    python -m benchmarks.seeds --seeds 1 2 --json benchmarks/seeds.json

Each seed trains a network from scratch for the recipe's fixed number of epochs and looks at the
test images once, after the last one; a run that was interrupted goes on with the same command. The
shipped model's own seed is taken from its facts and from what benchmarks/accuracy.py wrote.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from digits.drawing import normalize
from digits.mnist import DISPUTED_TEST_IDS, load_test, load_train
from digits.recognizer import MODEL
from digits.strokes import draw, is_whole, load_unipen
from digits.training import EPOCHS, network_input, train

ACCURACY = Path(__file__).with_name("accuracy.json")
KEPT = ("mnist_test_accuracy", "mnist_test_accuracy_undisputed", "mnist_validation_accuracy")
REAL_HANDS = ("default", "anywhere")


def main():
    parser = argparse.ArgumentParser(description="Measure the spread of accuracy over seeds.")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--json", type=Path, default=Path("seeds.json"))
    options = parser.parse_args()

    facts = json.loads(MODEL.with_suffix(".json").read_text())
    results = json.loads(options.json.read_text()) if options.json.exists() else {}
    shipped = facts["trained"]
    if shipped["epochs"] == options.epochs:
        results[str(shipped["seed"])] = {name: facts["figures"][name] for name in KEPT}
        hands = json.loads(ACCURACY.read_text())["real_hands"]
        for condition in REAL_HANDS:
            results[str(shipped["seed"])][f"real_hands_{condition}"] = hands[f"{condition}, ours"][
                "macro"
            ]
    for seed in options.seeds:
        if str(seed) not in results:
            results[str(seed)] = run(seed, options.epochs)
            options.json.write_text(json.dumps(results, indent=2) + "\n")

    print("| figure | n | mean | sd | min | max |\n|---|---|---|---|---|---|")
    for name in results[str(options.seeds[0])]:
        values = np.array([result[name] for result in results.values()])
        spread = (values.mean(), values.std(ddof=1), values.min(), values.max())
        print(f"| {name} | {len(values)} | " + " | ".join(f"{v:.3%}" for v in spread) + " |")


def run(seed, epochs):
    """Train and test one network."""
    network, history = train(
        *load_train(), epochs=epochs, seed=seed, checkpoint=f"checkpoints/seed-{seed}", verbose=2
    )
    images, labels = load_test()
    right = network.predict(network_input(images), verbose=0).argmax(axis=1) == labels
    undisputed = np.delete(right, DISPUTED_TEST_IDS)
    figures = [right.mean(), undisputed.mean(), history["val_accuracy"][-1]]
    figures = dict(zip(KEPT, map(float, figures), strict=True))
    for condition in REAL_HANDS:
        figures[f"real_hands_{condition}"] = real_hands(network, condition)
    return figures


def real_hands(network, condition):
    """Mean over writing sites of the accuracy on real pen strokes."""
    segments = load_unipen()
    digits = [s for s, whole in zip(segments, is_whole(segments), strict=True) if whole]
    seen = np.stack([normalize(draw(digit, condition)) for digit in digits])
    read = network.predict(seen[..., np.newaxis], batch_size=500, verbose=0).argmax(axis=1)
    right = read == [int(digit.label) for digit in digits]
    sites = np.array([digit.site for digit in digits])
    return float(np.mean([right[sites == site].mean() for site in sorted(set(sites))]))


if __name__ == "__main__":
    main()
