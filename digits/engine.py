"""Make a function from a trained ``.keras`` file that computes the network's features and logits.

The network becomes an ONNX model in memory that ONNX Runtime runs. Keras is not needed to serve:
docs/engine.md says what that gains.
"""

import os

import numpy as np

from digits.keras_file import load_operations
from digits.model_file import UNREADABLE, ModelFileError
from digits.model_input import SIDE
from digits.onnx_model import onnx_model


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
    # would send usage data to its vendor and write a file into the temporary folder.
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
