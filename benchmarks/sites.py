"""Accuracy on a new place: networks that were trained without the digits of one UNIPEN site.

    python -m benchmarks.sites --json benchmarks/sites.json

One pool of model inputs is drawn as in training. From it a network is trained on everything, and
for each site one without the digits of that site: the architecture of the shipped model, with new
weights, and the optimizer of the notebook, for fewer steps than the shipped model. Both read the
site's validation and test writers, whom neither has seen. A site is left out of the table if it has
fewer than 50 digits of such writers.
"""

import os
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np

from benchmarks import tables
from benchmarks.common import (
    command_line,
    unipen_digits,
    write_json,
)
from digits.model_file import MODEL
from digits.normalization import normalize
from digits.processes import start_workers
from digits.training.mixture import Mixture, make_batch, use_mixture
from digits.training.mnist import load_train
from digits.training.precision import fast_precision
from digits.training.render import draw
from digits.training.unipen import load_unipen
from digits.training.writers import SITES, split_by_writer

MIN_DIGITS = 50
CONDITIONS = ("anywhere", "coarse")


def main():
    """Train and measure, print the table, write the figures."""
    parser = command_line(__doc__)
    parser.add_argument("--epochs", type=int, default=5, help="passes over MNIST in the pool")
    options = parser.parse_args()
    digits = split_by_writer(unipen_digits())
    mixture = training_mixture(digits["training"])
    inputs, labels, sites = draw_pool(mixture, options.epochs)
    batch = sum(vars(mixture.mix).values())
    unseen = digits["validation"] + digits["test"]

    started = time.time()
    everything = train(inputs, labels, np.arange(len(inputs)), batch)
    figures = {"pool": len(inputs), "minutes": (time.time() - started) / 60, "sites": {}}
    for site in SITES:
        members = [drawing for drawing in unseen if drawing.site == site]
        if len(members) < MIN_DIGITS:
            continue
        without = train(inputs, labels, np.flatnonzero(sites != site), batch)
        truth = np.array([int(drawing.label) for drawing in members])
        figures["sites"][site] = {"n": len(members)}
        for condition in CONDITIONS:
            drawn = np.stack([normalize(draw(drawing, condition)) for drawing in members])
            for name, network in {"with": everything, "without": without}.items():
                read = network.predict(drawn[..., np.newaxis], batch_size=500, verbose=0)
                right = float((read.argmax(axis=1) == truth).mean())
                figures["sites"][site][f"{name}, {condition}"] = right
        write_json(options.json, figures)
    print(tables.new_places(figures))


def training_mixture(digits):
    """Build the mixture of training writers' strokes that the notebook trains on."""
    capitals, small, symbols = (
        split_by_writer(load_unipen(category=category))["training"]
        for category in ("1b", "1c", "1d")
    )
    return Mixture(digits, capitals + small, symbols)


def draw_pool(mixture, epochs):
    """Draw model inputs, their labels, and the sites of those that are pen strokes."""
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


def new_network():
    """Build the shipped model's network anew, in the precision that is fastest here."""
    shipped = keras.saving.load_model(MODEL, compile=False)

    def with_precision(layer):
        policy = "float32" if layer is shipped.layers[-1] else fast_precision()
        return type(layer).from_config(layer.get_config() | {"dtype": policy})

    return keras.models.clone_model(shipped, clone_function=with_precision)


def train(inputs, labels, chosen, batch):
    """Train a network once on the chosen inputs, in their order, which mixes all kinds."""
    keras.utils.set_random_seed(0)
    network = new_network()
    targets = np.vstack([np.eye(10) * 0.95 + 0.005, np.full((1, 10), 0.1)]).astype(np.float32)
    steps = len(chosen) // batch
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - steps // 20, warmup_target=2e-3, warmup_steps=steps // 20
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=0.1)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    network.compile(optimizer, "categorical_crossentropy")
    for some in np.split(chosen[: steps * batch], steps):
        network.train_on_batch(inputs[some, ..., np.newaxis], targets[labels[some]])
    return network


if __name__ == "__main__":
    main()
