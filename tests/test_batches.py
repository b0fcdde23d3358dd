from types import SimpleNamespace

import keras
import numpy as np
import pytest

from digits.training.batches import MixedBatches, accuracy
from digits.training.mixture import BatchMix, Mixture
from tests.small_mnist import small_mnist
from tests.small_unipen import small_unipen


class Unchanged:
    """In place of a Mixture: batches are the MNIST digits as they are, a pixel tells the seed."""

    mix = SimpleNamespace(mnist=8)

    def batch(self, images, labels, seed):
        inputs = np.float32(images)
        inputs[:, 0, 1] = seed % 2**20
        return inputs, labels


def test_batches_do_not_depend_on_the_number_of_workers():
    mixture = Mixture(*small_unipen(), BatchMix(mnist=32, strokes=16, outliers=8))
    one, two = (MixedBatches(*small_mnist(128), mixture, workers=workers) for workers in (1, 2))
    for batches in (one, two):
        batches.start_epoch(1)
    for index in (3, 0):
        images, targets = one[index]
        assert images.shape == (56, 28, 28, 1)
        np.testing.assert_array_equal(images, two[index][0])
        np.testing.assert_array_equal(targets, two[index][1])
    first = one[0][0]
    one.start_epoch(2)
    assert not np.array_equal(first, one[0][0])
    one.close()
    two.close()


def test_targets_are_smoothed_for_digits_and_uniform_for_outliers():
    images, labels = small_mnist(16)
    mixture = Mixture(*small_unipen(), BatchMix(mnist=16, strokes=10, outliers=4))
    batches = MixedBatches(images, labels, mixture, smoothing=0.2, workers=1)
    _, targets = batches[0]
    batches.close()
    assert sorted(targets[:16].argmax(axis=1)) == sorted(labels)
    np.testing.assert_allclose(targets[:26].max(axis=1), 0.82)
    np.testing.assert_allclose(targets[26:], 0.1)
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)


def test_an_epoch_shows_every_mnist_digit_once_with_seeds_of_its_own():
    images = np.arange(40, dtype=np.uint8)[:, None, None] * np.ones((1, 28, 28), np.uint8)
    batches = MixedBatches(images, np.arange(40) % 10, Unchanged(), workers=1)
    assert len(batches) == 5
    epochs, seeds = [], set()
    for epoch in (0, 1):
        batches.start_epoch(epoch)
        shown = [batches[index] for index in range(5)]
        epochs.append(np.concatenate([inputs[:, 0, 0, 0] for inputs, _ in shown]))
        for inputs, targets in shown:
            assert (targets.argmax(axis=1) == inputs[:, 0, 0, 0] % 10).all()
            seeds.add(int(inputs[0, 0, 1, 0]))
    batches.close()
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(40))
    assert epochs[0].tolist() != epochs[1].tolist()
    assert len(seeds) == 10


def test_accuracy_is_over_digits_only():
    targets = np.concatenate([np.eye(10)[[3, 5]] * 0.95 + 0.005, np.full((2, 10), 0.1)])
    probabilities = np.eye(10)[[3, 4, 4, 4]]
    assert keras.ops.convert_to_numpy(accuracy(targets, probabilities)) == pytest.approx(0.5)
