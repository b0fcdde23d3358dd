"""Load images and labels from an ``mnist.npz``, split into training, validation and test."""

import os
import zipfile
import zlib
from pathlib import Path

import numpy as np
from sklearn.model_selection import train_test_split

# Test images whose labels human review did not uphold: Northcutt, Athalye, Mueller, "Pervasive
# label errors in test sets destabilize machine learning benchmarks", NeurIPS 2021.
DISPUTED_TEST_IDS = (
    *(947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937),
    *(6651, 6783, 8527, 9679, 9729),
)
_SHAPES = {
    "x_train": (60000, 28, 28),
    "y_train": (60000,),
    "x_test": (10000, 28, 28),
    "y_test": (10000,),
}


class DataError(ValueError):
    """The data file is missing or invalid; the message says what to do."""


def load_train(path=None, seed=0):
    """Load the 60,000 training images, split into training and validation images.

    Parameters
    ----------
    path : path-like, optional
        An ``mnist.npz``. Default: the environment variable ``DIGITS_MNIST``; if that is not set,
        the file that `keras.datasets.mnist` downloads and caches.
    seed : int
        Seed of the split, which is stratified by digit.

    Returns
    -------
    (x_train, y_train), (x_validation, y_validation)
        55,000 and 5,000 images, uint8 of shape (n, 28, 28) in [0, 255], and labels, uint8 (n,).

    Raises
    ------
    DataError
        If the file is missing, truncated, not MNIST, or cannot be downloaded.
    """
    x, y = _load("train", path)
    x_train, x_validation, y_train, y_validation = train_test_split(
        x, y, test_size=5000, stratify=y, random_state=seed
    )
    return (x_train, y_train), (x_validation, y_validation)


def load_test(path=None):
    """Load the 10,000 test images, for the evaluation of a finished model only.

    Parameters
    ----------
    path : path-like, optional
        As in `load_train`.

    Returns
    -------
    x_test, y_test : ndarray of uint8, shapes (10000, 28, 28) and (10000,)

    Raises
    ------
    DataError
        If the file is missing, truncated, not MNIST, or cannot be downloaded.
    """
    return _load("test", path)


def network_input(images):
    """Convert MNIST images to what the network takes.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, 28, 28)

    Returns
    -------
    ndarray of float32, shape (n, 28, 28, 1), in [0, 1]
    """
    return (images / np.float32(255))[..., np.newaxis]


def _load(part, path):
    path = path or os.environ.get("DIGITS_MNIST")
    if not path:
        from keras.datasets import mnist

        try:
            (x_train, y_train), (x_test, y_test) = mnist.load_data()
        except Exception as error:  # what Keras raises when the download fails
            raise DataError(
                f"MNIST could not be downloaded ({error}): try again later, or set DIGITS_MNIST to "
                "the path of an mnist.npz."
            ) from error
        return (x_train, y_train) if part == "train" else (x_test, y_test)
    path = Path(path)
    if not path.is_file():
        raise DataError(
            f"There is no file {path}: give the path of an mnist.npz, or unset DIGITS_MNIST to "
            "have it downloaded."
        )
    try:
        with path.open("rb") as stream, np.load(stream) as file:
            arrays = {name: file[name] for name in (f"x_{part}", f"y_{part}")}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"{path} is not a complete mnist.npz ({error}): get it again, or unset DIGITS_MNIST "
            "to have it downloaded."
        ) from error
    for name, array in arrays.items():
        if array.shape != _SHAPES[name] or array.dtype != np.uint8:
            raise DataError(
                f"{path} is not MNIST: {name} is {array.dtype} of shape {array.shape}, not uint8 "
                f"of shape {_SHAPES[name]}. Give the path of the right mnist.npz."
            )
    return tuple(arrays.values())
