"""One recipe: data, network and schedule in, model and history out."""

import hashlib
import json
import multiprocessing
import os
import platform
import tempfile
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
from keras import ops

from digits.augmentation import augment_batch, end_with_parent
from digits.evaluation import fit_temperature
from digits.network import build_network

EPOCHS = 24
BATCH_SIZE = 128
LEARNING_RATE = 2e-3


def train(
    train_set, validation_set, epochs=EPOCHS, seed=0, precision=None, checkpoint=None, verbose=1
):
    """Train the network by the recipe of this project, for a fixed number of epochs.

    Adam with a linear warm-up of one epoch and a cosine decay to zero; freshly augmented batches;
    label smoothing. The last epoch's weights are the result: nothing is selected.

    Parameters
    ----------
    train_set, validation_set : tuple of ndarray
        Images, uint8 (n, 28, 28), and labels (n,), as `digits.mnist.load_train` returns them.
    epochs : int
    seed : int
        Seed of weights, order and augmentation.
    precision : {"float32", "mixed_bfloat16"}, optional
        What to compute in; weights are float32 in any case. Default: `fast_precision`.
    checkpoint : path-like, optional
        Folder that keeps the state after every epoch: an interrupted training that is started
        again with the same folder goes on where it was. Removed when the training is complete.
    verbose : int
        As in `keras.Model.fit`: 1 shows a progress bar.

    Returns
    -------
    network : keras.Sequential
        In float32.
    history : dict of list of float
        ``loss``, ``accuracy``, ``val_loss`` and ``val_accuracy``, one value an epoch run here.
    """
    keras.utils.set_random_seed(seed)
    batches = AugmentedBatches(*train_set, seed=seed)
    usual = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision or fast_precision())
    network = build_network()
    keras.config.set_dtype_policy(usual)
    steps = len(batches)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps * max(epochs - 1, 1), warmup_target=LEARNING_RATE, warmup_steps=steps
    )
    network.compile(keras.optimizers.Adam(schedule), "categorical_crossentropy", metrics=[accuracy])
    callbacks = [keras.callbacks.LambdaCallback(on_epoch_begin=batches.start_epoch)]
    if checkpoint is not None:
        Path(checkpoint).mkdir(parents=True, exist_ok=True)
        callbacks.append(keras.callbacks.BackupAndRestore(str(checkpoint)))
    history = network.fit(
        batches,
        epochs=epochs,
        validation_data=(network_input(validation_set[0]), np.eye(10)[validation_set[1]]),
        validation_batch_size=500,
        callbacks=callbacks,
        verbose=verbose,
    )
    batches.close()
    exact = build_network()
    exact.set_weights(network.get_weights())
    return exact, history.history


def fast_precision():
    """Choose what this machine trains fastest in.

    Returns
    -------
    {"mixed_bfloat16", "float32"}
        bfloat16 where the processor has instructions for it, which Linux tells: one and a half
        times as fast. Elsewhere it would be emulated, and slow.
    """
    try:
        has = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        has = set()
    return "mixed_bfloat16" if has & {"avx512_bf16", "amx_bf16"} else "float32"


class AugmentedBatches(keras.utils.PyDataset):
    """Batches of freshly augmented digits, with a share of drawings that are none.

    Batch `i` of an epoch depends on the seed, the epoch and `i` alone, so order and randomness are
    the same whatever the number of workers.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, 28, 28)
    labels : ndarray of int, shape (n,)
    batch_size : int
        Digits in a batch.
    outliers : int
        Drawings that are no digits, added to each batch with all ten digits equally probable.
    smoothing : float
        Label smoothing of the digits.
    seed : int
    workers : int, optional
        Processes that prepare batches while the network trains. Default: one a core, at most 8.
    """

    def __init__(
        self,
        images,
        labels,
        batch_size=BATCH_SIZE,
        outliers=16,
        smoothing=0.05,
        seed=0,
        workers=None,
    ):
        workers = workers or min(os.cpu_count(), 8)
        # Keras' own processes are forked from a TensorFlow that runs threads, and made anew for
        # every epoch. Its threads only wait for ours.
        super().__init__(workers=workers, max_queue_size=4 * workers)
        self._processes = ProcessPoolExecutor(
            workers, multiprocessing.get_context("spawn"), end_with_parent
        )
        self._images, self._labels = images, labels
        self._batch_size, self._outliers, self._seed = batch_size, outliers, seed
        self._targets = np.eye(10, dtype=np.float32) * (1 - smoothing) + np.float32(smoothing / 10)
        self.start_epoch(0)

    def start_epoch(self, epoch, logs=None):
        """Give the next epoch (int, from 0) an order and randomness of its own: a callback."""
        self._epoch = epoch
        self._order = np.random.default_rng([self._seed, epoch]).permutation(len(self._images))

    def close(self):
        """End the processes."""
        self._processes.shutdown()

    def __len__(self):
        return len(self._images) // self._batch_size

    def __getitem__(self, index):
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        labels = self._labels[chosen]
        seed = int(np.random.SeedSequence([self._seed, self._epoch, index]).generate_state(1)[0])
        batch = self._processes.submit(
            augment_batch, self._images[chosen], labels, self._outliers, seed
        )
        none = np.full((self._outliers, 10), 0.1, np.float32)
        return batch.result(), np.concatenate([self._targets[labels], none])


def network_input(images):
    """Turn MNIST images into what the network takes.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, 28, 28)

    Returns
    -------
    ndarray of float32, shape (n, 28, 28, 1), in [0, 1]
    """
    return (images / np.float32(255))[..., np.newaxis]


def accuracy(targets, probabilities):
    """Share of the digits that are right; drawings that are no digit do not count.

    Parameters
    ----------
    targets, probabilities : tensor, shape (n, 10)

    Returns
    -------
    tensor, shape ()
    """
    is_digit = ops.cast(ops.max(targets, axis=1) > 0.5, "float32")
    right = ops.cast(ops.argmax(targets, axis=1) == ops.argmax(probabilities, axis=1), "float32")
    return ops.sum(right * is_digit) / ops.sum(is_digit)


def calibrate(network, seen, labels):
    """Make the network's probabilities honest, and choose the thresholds of its verdicts.

    The temperature of Guo et al., "On calibration of modern neural networks", ICML 2017, is folded
    into the last layer, so that the file itself is calibrated. The thresholds follow one rule:
    1.5 % of these digits, those that look least like a digit, are turned away, and the 1.5 % with
    the smallest probability of what they are read as are called unsure.

    Parameters
    ----------
    network : keras.Model
        A softmax `Dense` layer at its end; changed in place.
    seen : ndarray of float32, shape (n, 28, 28)
        Normalized digits that the network was not trained on; see `digits.drawing.normalize`.
    labels : ndarray of int, shape (n,)

    Returns
    -------
    dict
        ``temperature``, ``thresholds`` (see `digits.Recognizer`) and ``n``, for the facts.
    """
    last = network.layers[-1]
    features = keras.Model(network.inputs, last.input).predict(
        seen[..., np.newaxis], batch_size=500, verbose=0
    )
    logits = features @ np.asarray(last.kernel) + np.asarray(last.bias)
    temperature = fit_temperature(logits, labels)
    last.set_weights([weights / temperature for weights in last.get_weights()])
    logits /= temperature
    energy = np.logaddexp.reduce(logits, axis=1)
    confidence = np.exp(logits.max(axis=1) - energy)
    return {
        "n": len(labels),
        "temperature": temperature,
        "thresholds": {
            "doubt": float(np.quantile(-energy, 0.985)),
            "confidence": float(np.quantile(confidence, 0.015)),
        },
    }


def export(network, facts, path):
    """Put a model and its facts in place, each in one step: no reader ever sees half a file.

    Parameters
    ----------
    network : keras.Model
        Of the architecture of `build_network`; written without the optimizer's state.
    facts : dict
        What is known about the model; ``sha256`` and the versions that made it are added.
    path : path-like
        A ``.keras`` file; the facts go into the ``.json`` file of the same name.

    Returns
    -------
    dict
        The facts as written.
    """
    path = Path(path)
    bare = build_network()  # without optimizer, loss and metrics
    bare.set_weights(network.get_weights())
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        model_file, facts_file = Path(folder, path.name), Path(folder, "facts.json")
        bare.save(model_file)
        facts = {
            "model": path.name,
            "sha256": hashlib.sha256(model_file.read_bytes()).hexdigest(),
            **facts,
            "versions": {
                "python": platform.python_version(),
                **{name: version(name) for name in ("keras", "tensorflow", "albumentations")},
            },
        }
        facts_file.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        model_file.replace(path)
        facts_file.replace(path.with_suffix(".json"))
    return facts
