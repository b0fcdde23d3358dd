"""Find the model file to read with, and what its metadata says of it."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np

MODEL = Path(__file__).resolve().parent.parent / "models" / "mnist_cnn_albu.keras"
UNREADABLE = "{} is not a model that can be read: restore it or run the training notebook again."


class ModelFileError(ValueError):
    """The model file or its metadata cannot be used; the message says what to do."""


def model_path(path=None):
    """Choose the model file: `path`, else the environment variable ``DIGITS_MODEL``, else `MODEL`.

    Parameters
    ----------
    path : path-like, optional

    Returns
    -------
    Path
    """
    return Path(path or os.environ.get("DIGITS_MODEL") or MODEL)


def load_metadata(path):
    """Read the metadata of a model file and check that it describes this file.

    Parameters
    ----------
    path : path-like
        A ``.keras`` file; its metadata is the ``.json`` file of the same name beside it.

    Returns
    -------
    dict
        With at least ``"sha256"``, of the model file, and ``"thresholds"``: ``"energy"``, above
        which a picture is not a digit, and ``"confidence"``, the probability below which the
        reading is unsure.

    Raises
    ------
    ModelFileError
        If a file is missing or broken, or the two do not belong together.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelFileError(
            f"There is no model {path}: restore it, run the training notebook, or give another "
            "path in DIGITS_MODEL."
        )
    metadata_path = path.with_suffix(".json")
    try:
        metadata = json.loads(metadata_path.read_text(encoding="utf-8"))
        sha256, thresholds = metadata["sha256"], metadata["thresholds"]
        if not np.isfinite([thresholds["energy"], thresholds["confidence"]]).all():
            raise ValueError("thresholds that are not finite")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(
            f"{metadata_path}, the metadata of the model, is missing or broken: restore it or run "
            "the training notebook again."
        ) from error
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelFileError(UNREADABLE.format(path)) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelFileError(
            f"{path} is not the model that {metadata_path.name} describes: restore both or run the "
            "training notebook again."
        )
    return metadata
