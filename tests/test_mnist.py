import numpy as np
import pytest

from digits.training import mnist
from tests.processes import run_python


def test_split_is_stratified_seeded_and_complete(mnist_train):
    (x, y), (x_validation, y_validation) = mnist_train
    assert x.shape == (55000, 28, 28)
    assert x_validation.shape == (5000, 28, 28)
    assert x.dtype == y.dtype == np.uint8
    shares = np.bincount(y) / len(y), np.bincount(y_validation) / len(y_validation)
    assert np.abs(shares[0] - shares[1]).max() < 1e-3
    again = mnist.load_train()[1][0]
    other = mnist.load_train(seed=1)[1][0]
    assert np.array_equal(again, x_validation)
    assert not np.array_equal(other, x_validation)


@pytest.mark.usefixtures("mnist_train")
def test_test_images():
    x_test, y_test = mnist.load_test()
    assert x_test.shape == (10000, 28, 28)
    assert y_test.shape == (10000,)
    assert np.bincount(y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def test_a_wrong_file_is_explained(tmp_path):
    with pytest.raises(mnist.DataError, match=r"no file .*DIGITS_MNIST"):
        mnist.load_test(tmp_path / "missing.npz")

    whole = tmp_path / "mnist.npz"
    images, labels = np.zeros((10000, 28, 28), np.uint8), np.zeros(10000, np.uint8)
    np.savez_compressed(whole, x_test=images, y_test=labels)
    assert mnist.load_test(whole)[0].shape == images.shape

    truncated = tmp_path / "truncated.npz"
    truncated.write_bytes(whole.read_bytes()[:5000])
    with pytest.raises(mnist.DataError, match="not a complete"):
        mnist.load_test(truncated)

    with pytest.raises(mnist.DataError, match="not a complete"):
        mnist.load_train(whole)  # has no training images

    np.savez(tmp_path / "other.npz", x_test=images.astype(float), y_test=labels)
    with pytest.raises(mnist.DataError, match="not MNIST"):
        mnist.load_test(tmp_path / "other.npz")


def test_a_failed_download_is_explained(tmp_path):
    """In a process of its own, whose cache is empty and whose network leads nowhere."""
    nowhere = {"KERAS_HOME": str(tmp_path), "https_proxy": "http://127.0.0.1:9"}
    load = "from digits.training import mnist; mnist.load_test()"
    tried = run_python("-c", load, DIGITS_MNIST="", **nowhere)
    assert "DataError: MNIST could not be downloaded" in tried.stderr
    assert "set DIGITS_MNIST" in tried.stderr
