"""How much luck is in the MNIST figure: the same recipe with other seeds.

    python -m benchmarks.seeds --seeds 1 2 --json benchmarks/seeds.json

Each seed trains a network from scratch for the recipe's fixed number of epochs and looks at the
test images once, after the last one; a run that was interrupted goes on with the same command. The
shipped model's own seed is taken from its facts.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from digits.mnist import DISPUTED_TEST_IDS, load_test, load_train
from digits.recognizer import MODEL
from digits.training import EPOCHS, network_input, train

KEPT = ("mnist_test_accuracy", "mnist_test_accuracy_undisputed", "mnist_validation_accuracy")


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
    for seed in options.seeds:
        if str(seed) not in results:
            results[str(seed)] = run(seed, options.epochs)
            options.json.write_text(json.dumps(results, indent=2) + "\n")

    print("| figure | n | mean | sd | min | max |\n|---|---|---|---|---|---|")
    for name in KEPT:
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
    figures = (right.mean(), undisputed.mean(), history["val_accuracy"][-1])
    return dict(zip(KEPT, map(float, figures), strict=True))


if __name__ == "__main__":
    main()
