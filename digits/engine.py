"""Make a function from a trained ``.keras`` file that computes the network's features and logits.

The network becomes an ONNX model in memory that ONNX Runtime runs. Keras is not needed to serve:
docs/engine.md says what that gains.
"""

import hashlib
import json
import os
from pathlib import Path

import numpy as np

from digits.keras_file import UNREADABLE, ModelFileError, load_operations
from digits.model_input import SIDE
from digits.onnx_model import onnx_model

MODEL = Path(__file__).resolve().parent.parent / "models" / "mnist_cnn_albu.keras"


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


def load_engine(path):
    """Load a model file.

    Parameters
    ----------
    path : path-like
        A ``.keras`` file, saved by any Keras 3, of a ``Sequential`` from (n, 28, 28, 1) to ten
        classes that ends in a softmax ``Dense`` layer.

    Returns
    -------
    callable
        ``infer(model_input) -> (features, logits)``, for any number of threads at a time. It takes
        float32 of shape (n, 28, 28), ink 1 on paper 0, and returns float32: what the last ``Dense``
        layer receives, (n, f), f = 128 in the shipped model, and what that layer computes before
        its softmax, (n, 10). It computes in float32, whatever precision the model was trained in.

    Raises
    ------
    ModelFileError
        If the file is missing, broken or too large, or its network is of another kind.
    """
    # Telemetry starts with the import, so onnxruntime.disable_telemetry_events() comes too late: it
    # would send usage data to its maker and write a file into the temporary folder.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # one image is too little work to share
    operations = load_operations(path)
    try:
        session = onnxruntime.InferenceSession(
            onnx_model(operations, (1, SIDE, SIDE)), options, ["CPUExecutionProvider"]
        )

        def infer(model_input):
            return tuple(session.run(None, {"input": model_input[:, np.newaxis]}))

        _, logits = infer(np.zeros((1, SIDE, SIDE), np.float32))
    except Exception as error:  # shapes that do not fit can fail anywhere in ONNX Runtime
        raise ModelFileError(UNREADABLE.format(path)) from error
    if logits.shape != (1, 10):
        raise ModelFileError(
            f"{path} gives {logits.shape[-1]} classes, not ten digits: restore it or run the "
            "training notebook again."
        )
    return infer
