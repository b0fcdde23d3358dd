"""Whether training waits for its data: the augmenter and the training step, alone and together.

    python -m benchmarks.training --steps 60 --json training.json

Images per second, drawings that are no digits included. "Step on ready arrays" trains on batches
that were made beforehand, so the last line over it is what augmentation costs an epoch.
"""

import argparse
import json
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

from digits.augmentation import augment_batch
from digits.mnist import load_train
from digits.network import build_network
from digits.training import BATCH_SIZE, AugmentedBatches

OUTLIERS = 16
REPEATS = 5


def main():
    parser = argparse.ArgumentParser(description="Measure augmentation and training speed.")
    parser.add_argument("--steps", type=int, default=60, help="batches in one measurement")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()

    (images, labels), _ = load_train()
    images, labels = (array[: options.steps * BATCH_SIZE] for array in (images, labels))
    batches = AugmentedBatches(images, labels, outliers=OUTLIERS)
    ready = [batches[index] for index in range(len(batches))]
    network = build_network()
    network.compile("adam", "categorical_crossentropy")
    network.fit(*ready[0], verbose=0, batch_size=len(ready[0][0]))  # traces the step

    whole = tuple(np.concatenate(part) for part in zip(*ready, strict=True))
    size = len(ready[0][0])
    ways = {
        "augmenter, one process": lambda: [
            augment_batch(images[i : i + BATCH_SIZE], labels[i : i + BATCH_SIZE], OUTLIERS, i)
            for i in range(0, len(images) // 4, BATCH_SIZE)
        ],
        "step on ready arrays": lambda: network.fit(*whole, batch_size=size, verbose=0),
        "step on augmented batches": lambda: network.fit(batches, verbose=0),
    }
    share = {"augmenter, one process": 4}
    rates = {name: [] for name in ways}
    for _ in range(REPEATS):
        for name, run in ways.items():
            begin = time.perf_counter()
            run()
            rates[name].append(len(whole[0]) / share.get(name, 1) / (time.perf_counter() - begin))
    batches.close()

    packages = ", ".join(f"{p} {version(p)}" for p in ("tensorflow", "albumentations", "numpy"))
    print(f"{platform.machine()}, {os.cpu_count()} cores; {packages}\n")
    print("| images per second | n | median | min | max |\n|---|---|---|---|---|")
    for name, values in rates.items():
        spread = (np.median(values), min(values), max(values))
        print(f"| {name} | {len(values)} | " + " | ".join(f"{v:,.0f}" for v in spread) + " |")
    ready_rate, augmented_rate = (np.median(rates[name]) for name in list(ways)[1:])
    print(f"\nAn epoch takes {ready_rate / augmented_rate:.2f} times what ready arrays take.")
    if options.json:
        options.json.write_text(json.dumps(rates, indent=2) + "\n")


if __name__ == "__main__":
    main()
