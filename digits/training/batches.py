"""Make the batches of each epoch, with their targets, from MNIST digits and a mixture."""

import os

import keras
import numpy as np
from keras import ops

from digits.processes import start_workers
from digits.training.mixture import make_batch, use_mixture


class MixedBatches(keras.utils.PyDataset):
    """Freshly drawn batches of MNIST digits, pen strokes and outliers, for `keras.Model.fit`.

    An epoch shows every MNIST digit once, but for those that fill no batch. Batch `i` of an epoch
    depends only on the seed, the epoch and `i`, for any number of workers; `fit` also shuffles the
    order of the batches, from the second epoch on.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, 28, 28)
        Ink 255 on paper 0.
    labels : ndarray of int, shape (n,)
    mixture : digits.training.mixture.Mixture
        Its outliers get a uniform target.
    smoothing : float
        Label smoothing of the digits' targets.
    seed : int
    workers : int, optional
        Processes that prepare batches while the network trains. Default: one per core, at most 16.
    """

    def __init__(self, images, labels, mixture, smoothing=0.05, seed=0, workers=None):
        workers = workers or min(os.cpu_count(), 16)
        # These are threads of Keras, which only wait for the processes. Keras can use processes of
        # its own, but it forks them from a TensorFlow that runs threads, and anew for every epoch.
        super().__init__(workers=workers, max_queue_size=4 * workers)
        self._processes = start_workers(workers, use_mixture, mixture)
        self._images, self._labels = images, labels
        self._batch_size, self._seed = mixture.mix.mnist, seed
        targets = np.eye(10, dtype=np.float32) * (1 - smoothing) + np.float32(smoothing / 10)
        self._targets = np.vstack([targets, np.full((1, 10), 0.1, np.float32)])  # [-1]: an outlier
        self.start_epoch(0)

    def start_epoch(self, epoch, logs=None):
        """Give an epoch its own order and randomness; a callback for the beginning of an epoch.

        Parameters
        ----------
        epoch : int
            From 0.
        logs : dict, optional
            Ignored; Keras passes it to callbacks.
        """
        self._epoch = epoch
        self._order = np.random.default_rng([self._seed, epoch]).permutation(len(self._images))

    def close(self):
        """End the worker processes."""
        self._processes.shutdown()

    def __len__(self):
        return len(self._images) // self._batch_size

    def __getitem__(self, index):
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        seed = int(np.random.SeedSequence([self._seed, self._epoch, index]).generate_state(1)[0])
        batch = self._processes.submit(make_batch, self._images[chosen], self._labels[chosen], seed)
        model_input, labels = batch.result()
        return model_input[..., np.newaxis], self._targets[labels]


def accuracy(targets, probabilities):
    """Accuracy over the digits of a batch, without the outliers: a metric for `compile`.

    Parameters
    ----------
    targets, probabilities : tensor, shape (n, 10)
        Targets as `MixedBatches` makes them.

    Returns
    -------
    tensor, shape ()
    """
    is_digit = ops.cast(ops.max(targets, axis=1) > 0.5, "float32")
    right = ops.cast(ops.argmax(targets, axis=1) == ops.argmax(probabilities, axis=1), "float32")
    return ops.sum(right * is_digit) / ops.sum(is_digit)
