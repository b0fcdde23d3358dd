"""How fast training is: its data, its steps, and both together.

    python -m benchmarks.training                         # a few minutes
    python -m benchmarks.training --steps 20 --json training.json

Images per second include the outliers. "Ready" batches are made beforehand, so comparing the last
row with theirs tells what augmentation costs an epoch. The ways take turns. The network is that of
the shipped model with new weights.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np

from benchmarks.common import command_line, environment, print_environment, table, write_json
from digits.engine import MODEL
from digits.training.augmentation import augment_batch
from digits.training.batches import AugmentedBatches
from digits.training.mnist import load_train
from digits.training.precision import fast_precision

BATCH_SIZE, OUTLIERS = 128, 16  # as in the notebook
REPEATS = 5


def main():
    """Measure, print the table, write the figures."""
    parser = command_line(__doc__)
    parser.add_argument("--steps", type=int, default=60, help="batches in one measurement")
    options = parser.parse_args()
    (images, labels), _ = load_train()
    images, labels = (array[: options.steps * BATCH_SIZE] for array in (images, labels))
    batches = AugmentedBatches(images, labels, BATCH_SIZE, OUTLIERS)
    ready = [batches[index] for index in range(len(batches))]

    def augment():
        for i in range(0, len(images), BATCH_SIZE):
            augment_batch(images[i : i + BATCH_SIZE], labels[i : i + BATCH_SIZE], OUTLIERS, i)

    def learn(network, prepared):
        for batch in prepared:
            network.train_on_batch(*batch)

    def learn_while_augmenting(network):
        with ThreadPoolExecutor(batches.workers) as threads:
            learn(network, threads.map(batches.__getitem__, range(len(batches))))

    ways = {"augmentation, one process": augment}
    for precision in dict.fromkeys(("float32", fast_precision())):
        network = new_network(precision)
        network.train_on_batch(*ready[0])  # traces the step
        ways[f"steps in {precision}, ready batches"] = lambda net=network: learn(net, ready)
    augmented = f"steps in {precision}, augmented batches"
    ways[augmented] = lambda: learn_while_augmenting(network)
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
    print("\n" + table(["images per second", "n", "median", "min", "max"], rows))
    times = np.median(rates[f"steps in {precision}, ready batches"]) / np.median(rates[augmented])
    print(f"\nAn epoch takes {times:.2f} times as long as with ready batches.")
    write_json(options.json, rates)


def new_network(precision):
    """Build the shipped model's network anew, to be trained in a precision."""

    def with_precision(layer):
        return type(layer).from_config(layer.get_config() | {"dtype": precision})

    shipped = keras.saving.load_model(MODEL, compile=False)
    network = keras.models.clone_model(shipped, clone_function=with_precision)
    network.compile("adam", "categorical_crossentropy")
    return network


if __name__ == "__main__":
    main()
