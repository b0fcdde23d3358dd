"""How fast training is: its data, its steps, and both together.

    python -m benchmarks.training                         # a few minutes
    python -m benchmarks.training --steps 20 --json training.json

Inputs are MNIST digits, pen strokes and outliers, mixed as in the notebook. "Ready" batches are
made beforehand, so comparing the last row with theirs tells what drawing the batches costs an
epoch. The ways take turns. The network is that of the shipped model with new weights.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.common import (
    command_line,
    environment,
    new_network,
    print_environment,
    table,
    training_mixture,
    write_json,
)
from digits.training.batches import MixedBatches
from digits.training.mnist import load_train
from digits.training.precision import fast_precision

REPEATS = 5


def main():
    """Measure, print the table, write the figures."""
    parser = command_line(__doc__)
    parser.add_argument("--steps", type=int, default=60, help="batches in one measurement")
    options = parser.parse_args()
    (images, labels), _ = load_train()
    mixture = training_mixture()
    size = mixture.mix.mnist
    images, labels = (array[: options.steps * size] for array in (images, labels))
    batches = MixedBatches(images, labels, mixture)
    ready = [batches[index] for index in range(len(batches))]

    def draw_batches():
        for i in range(0, len(images), size):
            mixture.batch(images[i : i + size], labels[i : i + size], seed=i)

    def learn(network, prepared):
        for batch in prepared:
            network.train_on_batch(*batch)

    def learn_while_drawing(network):
        with ThreadPoolExecutor(batches.workers) as threads:
            learn(network, threads.map(batches.__getitem__, range(len(batches))))

    ways = {"batches, one process": draw_batches}
    for precision in dict.fromkeys(("float32", fast_precision())):
        network = new_network(precision)
        network.compile("adamw", "categorical_crossentropy")
        network.train_on_batch(*ready[0])  # traces the step
        ways[f"steps in {precision}, ready batches"] = lambda net=network: learn(net, ready)
    drawn = f"steps in {precision}, batches drawn meanwhile"
    ways[drawn] = lambda: learn_while_drawing(network)
    rates = {name: [] for name in ways}
    for _ in range(REPEATS):
        for name, run in ways.items():
            begin = time.perf_counter()
            run()
            rates[name].append(len(ready) * len(ready[0][0]) / (time.perf_counter() - begin))
    batches.close()

    print_environment(environment("tensorflow", "albumentations", "numpy"))
    rows = [
        [name, len(found), *(f"{f(found):,.0f}" for f in (np.median, min, max))]
        for name, found in rates.items()
    ]
    print("\n" + table(["model inputs per second", "n", "median", "min", "max"], rows))
    times = np.median(rates[f"steps in {precision}, ready batches"]) / np.median(rates[drawn])
    print(f"\nAn epoch takes {times:.2f} times as long as with ready batches.")
    write_json(options.json, rates)


if __name__ == "__main__":
    main()
