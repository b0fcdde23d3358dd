import numpy as np
import pytest

from digits.training.mixture import BatchMix, Mixture
from tests.small_mnist import small_mnist
from tests.small_unipen import small_unipen

MIX = BatchMix(mnist=20, strokes=30, outliers=10)


@pytest.fixture(scope="module")
def mixture():
    return Mixture(*small_unipen(), MIX)


@pytest.fixture(scope="module")
def digits():
    return small_mnist(MIX.mnist)


def test_a_batch_is_mnist_then_strokes_then_outliers(mixture, digits):
    inputs, labels = mixture.batch(*digits, seed=1)
    assert inputs.shape == (60, 28, 28)
    assert inputs.dtype == np.float32
    assert inputs.min() == 0
    assert inputs.max() <= 1
    assert (inputs.max(axis=(1, 2)) > 0.5).all()
    assert labels[:20].tolist() == digits[1].tolist()
    assert set(labels[20:50]) <= set(range(10))
    assert set(labels[50:]) == {-1}


def test_the_digits_of_a_batch_have_their_labels(mixture, digits, recognizer):
    inputs, labels = mixture.batch(*digits, seed=1)
    pictures = (np.uint8(255 * one) for one in inputs[:50])
    read = [reading.top[0][0] for reading in recognizer.read_many(pictures)]
    assert np.mean(read == labels[:50]) > 0.85


def test_the_seed_alone_decides(mixture, digits):
    first, again, other = (mixture.batch(*digits, seed=seed) for seed in (1, 1, 2))
    for one, same in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, same)
    assert not np.array_equal(first[0][:20], other[0][:20])
    assert not np.array_equal(first[0][20:], other[0][20:])
