"""Write the network of a model file in the form that network.js computes.

The browser has tensors of (n, height, width, channels), as Keras has and ONNX has not.
"""

import numpy as np

from digits.keras_file import load_operations
from digits.model_file import ModelFileError

_OPERATORS = {"Conv", "BatchNormalization", "MaxPool", "Flatten", "Gemm", "Relu"}


def browser_network(path):
    """Convert the network of a model file.

    Parameters
    ----------
    path : path-like
        A ``.keras`` file.

    Returns
    -------
    operations : list of dict
        Ready for JSON: ``"operator"``, its name in ONNX, ``"shapes"``, those of its arrays, and
        ``"attributes"``, as in `digits.onnx_model.onnx_model`.
    weights : bytes
        All arrays one after the other, little-endian float32.

    Raises
    ------
    ModelFileError
        If the file cannot be read, or has what network.js cannot compute.
    """
    operations, weights = [], b""
    for operator, arrays, attributes in load_operations(path):
        if operator == "Transpose":  # only stands before Flatten, to give it Keras' order
            continue
        if operator not in _OPERATORS or attributes.get("group", 1) != 1:
            raise ModelFileError(
                f"{path} has {operator} {attributes}, which the browser cannot compute here: add "
                "it to network.py and network.js, or train a network without it."
            )
        if operator == "Conv":
            kernel, *bias = arrays
            arrays = [kernel.transpose(2, 3, 1, 0), *bias]
        operations.append(
            {
                "operator": operator,
                "shapes": [array.shape for array in arrays],
                "attributes": attributes,
            }
        )
        weights += b"".join(np.ascontiguousarray(array, "<f4").tobytes() for array in arrays)
    return operations, weights
