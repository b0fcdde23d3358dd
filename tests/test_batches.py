import keras
import numpy as np
import pytest

from digits.training.batches import AugmentedBatches, accuracy
from tests.small_mnist import small_mnist


@pytest.fixture(scope="module")
def digits():
    return small_mnist(512)


def test_batches_do_not_depend_on_the_number_of_workers(digits):
    one, two = (AugmentedBatches(*digits, workers=workers) for workers in (1, 2))
    for batches in (one, two):
        batches.start_epoch(1)
    for index in (0, 3):
        images, targets = one[index]
        assert images.shape == (144, 28, 28, 1)
        assert np.array_equal(images, two[index][0])
        assert np.allclose(targets.sum(axis=1), 1)
        assert (targets[128:] == np.float32(0.1)).all()
    first = one[0][0]
    one.start_epoch(2)
    assert not np.array_equal(first, one[0][0])
    one.close()
    two.close()


def test_an_epoch_uses_every_image_once(digits):
    batches = AugmentedBatches(*digits, batch_size=128, workers=1)
    assert len(batches) == 4
    targets = np.concatenate([batches[index][1][:128] for index in range(4)])
    batches.close()
    counts = np.bincount(targets.argmax(axis=1), minlength=10)
    assert counts.tolist() == np.bincount(digits[1], minlength=10).tolist()


def test_accuracy_is_over_digits_only():
    targets = np.concatenate([np.eye(10)[[3, 5]] * 0.95 + 0.005, np.full((2, 10), 0.1)])
    probabilities = np.eye(10)[[3, 4, 0, 1]]
    assert keras.ops.convert_to_numpy(accuracy(targets, probabilities)) == pytest.approx(0.5)
