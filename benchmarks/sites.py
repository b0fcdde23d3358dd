"""Accuracy on a new place: networks that were trained without one writing site of UNIPEN.

    python -m benchmarks.sites --json benchmarks/sites.json

One pool of model inputs is drawn as in training. From it a network is trained on everything, and
for each of the larger sites one without the digits of that site: the architecture of the shipped
model, with new weights, and the optimizer of the notebook, for fewer steps than the shipped model.
Both read the site's validation and test writers, whom neither has seen.
"""

import os
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np

from benchmarks.common import command_line, isolated_digits, percent, table, write_json
from digits.engine import MODEL
from digits.normalization import normalize
from digits.training.mixture import Mixture, make_batch, use_mixture
from digits.training.mnist import load_train
from digits.training.render import draw
from digits.training.unipen import load_unipen
from digits.training.workers import start_workers
from digits.training.writers import split_by_writer

SITES = ("aga", "apa", "apb", "app", "ced", "gmd", "syn", "val")  # of 400 digits and more
CONDITIONS = ("anywhere", "coarse")


def main():
    parser = command_line(__doc__)
    parser.add_argument("--epochs", type=int, default=5, help="passes over MNIST in the pool")
    options = parser.parse_args()
    digits = split_by_writer(isolated_digits())
    others = {name: split_by_writer(load_unipen(category=name)) for name in ("1b", "1c", "1d")}
    letters = others["1b"]["training"] + others["1c"]["training"]
    mixture = Mixture(digits["training"], letters, others["1d"]["training"])
    pool = draw_pool(mixture, options.epochs)
    unseen = digits["validation"] + digits["test"]
    batch = sum(vars(mixture.mix).values())
    started = time.time()
    everything = train(pool, batch)
    figures = {"pool": len(pool[0]), "minutes": (time.time() - started) / 60, "sites": {}}
    for site in SITES:
        without = train([array[pool[2] != site] for array in pool], batch)
        members = [drawing for drawing in unseen if drawing.site == site]
        labels = [int(drawing.label) for drawing in members]
        figures["sites"][site] = {"n": len(members)}
        for condition in CONDITIONS:
            inputs = np.stack([normalize(draw(drawing, condition)) for drawing in members])
            for name, network in {"with": everything, "without": without}.items():
                read = network.predict(inputs[..., np.newaxis], batch_size=500, verbose=0)
                right = (read.argmax(axis=1) == labels).mean()
                figures["sites"][site][f"{name}, {condition}"] = float(right)
    write_json(options.json, figures)
    report(figures)


def draw_pool(mixture, epochs):
    """Draw model inputs, their labels and the sites of those that are pen strokes."""
    (images, labels), _ = load_train()
    size = mixture.mix.mnist
    with start_workers(os.cpu_count(), use_mixture, mixture) as workers:
        jobs = []
        for epoch in range(epochs):
            order = np.random.default_rng([0, epoch]).permutation(len(images))
            for step in range(len(images) // size):
                chosen = order[step * size : (step + 1) * size]
                seed = (epoch << 16) + step
                jobs.append(workers.submit(make_batch, images[chosen], labels[chosen], seed))
        batches = [job.result() for job in jobs]
    return [np.concatenate(arrays) for arrays in zip(*batches, strict=True)]


def train(pool, batch):
    """Train a network on a pool for one pass, with a cosine decay after a short warm-up."""
    inputs, labels, _ = pool
    keras.utils.set_random_seed(0)
    network = keras.models.clone_model(keras.saving.load_model(MODEL, compile=False))
    targets = np.vstack([np.eye(10) * 0.95 + 0.005, np.full((1, 10), 0.1)]).astype(np.float32)
    steps = len(inputs) // batch
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - steps // 20, warmup_target=2e-3, warmup_steps=steps // 20
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=0.1)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    network.compile(optimizer, "categorical_crossentropy")
    network.fit(inputs[..., np.newaxis], targets[labels], batch_size=batch, verbose=0)
    return network


def report(figures):
    """Print a row for each site and the mean over sites."""
    ways = [f"{name}, {condition}" for condition in CONDITIONS for name in ("with", "without")]
    sites = figures["sites"]
    rows = [[site, one["n"], *(percent(one[way]) for way in ways)] for site, one in sites.items()]
    means = [np.mean([one[way] for one in sites.values()]) for way in ways]
    rows.append(["mean", sum(one["n"] for one in sites.values()), *map(percent, means)])
    print(table(["site", "digits of unseen writers", *ways], rows))


if __name__ == "__main__":
    main()
