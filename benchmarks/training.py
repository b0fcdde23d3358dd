"""How fast training is: its steps, its data, and the whole recipe beside the classic one.

    python -m benchmarks.training                         # a few minutes
    python -m benchmarks.training --race --json training.json   # half an hour more

Images per second count the drawings that are no digits, too. "Ready" batches were made beforehand,
so the last line over their line is what augmentation costs an epoch. The ways take turns.

The race trains to 99.4 % on the validation images: the recipe of `digits.training.train`, for 8
epochs instead of its own number, against the classic one on the same augmentation: Adam at 1e-3
throughout, in float32, each batch augmented between two steps, for at most 12 epochs.
"""

import argparse
import json
import os
import platform
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import keras
import numpy as np

from digits.augmentation import augment_batch
from digits.mnist import load_train
from digits.network import build_network
from digits.training import (
    BATCH_SIZE,
    AugmentedBatches,
    accuracy,
    fast_precision,
    network_input,
    train,
)

OUTLIERS = 16
REPEATS = 5
GOAL = 0.994  # of the race: validation accuracy
EPOCHS = 8  # of our side of the race
MOST_EPOCHS = 12  # of the other side


def main():
    """Measure, print the tables, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=60, help="batches in one measurement")
    parser.add_argument("--race", action="store_true", help="train to 99.4 %% as well")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()

    packages = ", ".join(f"{p} {version(p)}" for p in ("tensorflow", "albumentations", "numpy"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, {fast_precision()}; {packages}\n")
    results = {"images per second": speed(options.steps)}
    if options.race:
        results["race"] = race()
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


def speed(steps):
    """Measure the augmenter and the training step, alone and together."""
    (images, labels), _ = load_train()
    images, labels = (array[: steps * BATCH_SIZE] for array in (images, labels))
    batches = AugmentedBatches(images, labels, outliers=OUTLIERS)
    ready = [batches[index] for index in range(len(batches))]
    networks = {}
    for precision in dict.fromkeys(("float32", fast_precision())):
        keras.config.set_dtype_policy(precision)
        networks[precision] = build_network()
        networks[precision].compile("adam", "categorical_crossentropy")
        networks[precision].train_on_batch(*ready[0])  # traces the step
    keras.config.set_dtype_policy("float32")

    def augment():
        for i in range(0, len(images), BATCH_SIZE):
            augment_batch(images[i : i + BATCH_SIZE], labels[i : i + BATCH_SIZE], OUTLIERS, i)

    def learn(network, prepared):
        for batch in prepared:
            network.train_on_batch(*batch)

    def learn_while_augmenting():
        with ThreadPoolExecutor(batches.workers) as threads:
            learn(network, threads.map(batches.__getitem__, range(len(batches))))

    ways = {"augmenter, one process": augment}
    for precision, network in networks.items():
        ways[f"step in {precision}, ready batches"] = lambda net=network: learn(net, ready)
    ways[f"step in {fast_precision()}, augmented batches"] = learn_while_augmenting
    rates = {name: [] for name in ways}
    for _ in range(REPEATS):
        for name, run in ways.items():
            begin = time.perf_counter()
            run()
            count = len(ready) * len(ready[0][0])
            rates[name].append(count / (time.perf_counter() - begin))
    batches.close()

    print("| images per second | n | median | min | max |\n|---|---|---|---|---|")
    for name, values in rates.items():
        spread = (np.median(values), min(values), max(values))
        print(f"| {name} | {len(values)} | " + " | ".join(f"{v:,.0f}" for v in spread) + " |")
    ready_rate, augmented_rate = (np.median(rates[name]) for name in list(ways)[-2:])
    print(f"\nAn epoch takes {ready_rate / augmented_rate:.2f} times what ready batches take.")
    return rates


def race():
    """Train to 99.4 % by both recipes, from the same seed."""
    training, validation = load_train()
    begin = time.perf_counter()
    _, history = train(training, validation, epochs=EPOCHS, verbose=2)
    ours = time.perf_counter() - begin
    shares = {"ours": history["val_accuracy"]}
    seconds = {"ours": ours}
    seconds["classic"], shares["classic"] = train_classically(training, validation)
    print("\n| recipe | seconds to 99.4 % validation accuracy |\n|---|---|")
    for name, reached in shares.items():
        epochs = next((i for i, share in enumerate(reached, 1) if share >= GOAL), None)
        taken = seconds[name] / len(reached)  # the epochs of a recipe are equally long
        so_far = f"not reached in {len(reached)} epochs, {seconds[name]:.0f}"
        print(f"| {name} | {f'{epochs} epochs, {epochs * taken:.0f}' if epochs else so_far} |")
    return {"seconds": seconds, "validation accuracy": shares}


def train_classically(training, validation):
    """Return the seconds that the classic recipe takes, and its accuracy after each epoch."""
    keras.utils.set_random_seed(0)
    images, labels = training
    targets = np.eye(10, dtype=np.float32)
    none = np.full((OUTLIERS, 10), 0.1, np.float32)
    network = build_network()
    network.compile(keras.optimizers.Adam(1e-3), "categorical_crossentropy", metrics=[accuracy])
    begin, shares = time.perf_counter(), []
    for epoch in range(MOST_EPOCHS):
        order = np.random.default_rng(epoch).permutation(len(images))
        for i in range(len(images) // BATCH_SIZE):
            chosen = order[i * BATCH_SIZE : (i + 1) * BATCH_SIZE]
            seed = epoch * len(images) + i
            batch = augment_batch(images[chosen], labels[chosen], OUTLIERS, seed)
            network.train_on_batch(batch, np.concatenate([targets[labels[chosen]], none]))
        read = network.predict(network_input(validation[0]), batch_size=500, verbose=0)
        shares.append(float((read.argmax(axis=1) == validation[1]).mean()))
        print(f"classic, epoch {epoch + 1}: validation accuracy {shares[-1]:.2%}", flush=True)
        if shares[-1] >= GOAL:
            break
    return time.perf_counter() - begin, shares


if __name__ == "__main__":
    main()
