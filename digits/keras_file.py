"""Read the operations of the network in a ``.keras`` file, for any engine.

A ``.keras`` file is a zip archive of ``config.json``, the layers, and ``model.weights.h5``, their
weights. Both are read as data, and nothing in them is executed.
"""

import json
import re
import zipfile
from io import BytesIO
from itertools import count

import numpy as np

from digits.model_file import UNREADABLE, ModelFileError
from digits.model_input import SIDE

MAX_UNPACKED_BYTES = 64 << 20
"""Of each part of a model file, unpacked: the shipped model has 1.9 MB, a real bomb gigabytes."""

# What Keras and ONNX call the same.
_ACTIVATIONS = {"linear": None, "relu": "Relu", "softmax": "Softmax"}
_PADDINGS = {"same": "SAME_UPPER", "valid": "VALID"}
# The layers that can be read, each with the settings that change what it computes once trained, and
# the values of them that can be read, where not all can.
_LAYERS = {
    "InputLayer": {"batch_shape": [[None, SIDE, SIDE, 1]]},
    "Conv2D": {
        "filters": None,
        "kernel_size": None,
        "strides": None,
        "dilation_rate": [[1, 1]],
        "padding": [*_PADDINGS],
        "data_format": ["channels_last"],
        "groups": None,
        "activation": [*_ACTIVATIONS],
        "use_bias": None,
    },
    "BatchNormalization": {"axis": [-1], "epsilon": None, "center": None, "scale": None},
    "MaxPooling2D": {
        "pool_size": None,
        "strides": None,
        "padding": [*_PADDINGS],
        "data_format": ["channels_last"],
    },
    "Flatten": {"data_format": ["channels_last"]},
    "Dense": {"units": None, "activation": [*_ACTIVATIONS], "use_bias": None},
    "Dropout": {},
    "Activation": {"activation": [*_ACTIVATIONS]},
}
_WEIGHTS = {"Conv2D": "conv2d", "BatchNormalization": "batch_normalization", "Dense": "dense"}
# These settings change training alone. Of any other that is not listed, None and False mean off.
_TRAINING_ONLY = re.compile(
    "name|trainable|dtype|rate|seed|momentum|renorm_momentum|.*_(initializer|regularizer|constraint)"
)


def load_operations(path):
    """Read the network of a model file, for any engine.

    Parameters
    ----------
    path : path-like
        A ``.keras`` file as `digits.engine.load_engine` takes it.

    Returns
    -------
    list of (operator, arrays, attributes)
        From (n, 1, 28, 28) to the logits; see `digits.onnx_model.onnx_model`.

    Raises
    ------
    ModelFileError
        If the file is missing, broken or too large, or its network is of another kind.
    """
    try:
        return _operations(*_unpack(path))
    except _Unknown as unknown:
        raise ModelFileError(
            f"{path} has {unknown}, which cannot be read. The layers that can are "
            f"{', '.join(_LAYERS)} (docs/engine.md has their settings): change the network in the "
            "training notebook and run it again."
        ) from unknown
    except ImportError:  # not the file is broken, but the environment
        raise
    except Exception as error:  # a broken file can fail anywhere in zipfile or h5py
        raise ModelFileError(UNREADABLE.format(path)) from error


class _Unknown(Exception):
    """What a model has that cannot be read."""


def _unpack(path):
    """Read a model file: the configuration of its network, and {path: array} of its weights."""
    import h5py

    with zipfile.ZipFile(path) as archive:
        config = json.loads(_member(archive, "config.json"))
        file = BytesIO(_member(archive, "model.weights.h5"))
    items = {}
    with h5py.File(file) as root:
        root.visititems(items.__setitem__)  # follows no link to another file
        arrays = {
            name: item
            for name, item in items.items()
            if isinstance(item, h5py.Dataset) and name.startswith("layers/")
        }
        for name, array in arrays.items():
            if array.external or array.is_virtual or array.dtype.kind != "f":
                raise ValueError(f"{name} is not an array of numbers in this file")
        # A small file can declare arrays that fill any memory.
        if sum(array.nbytes for array in arrays.values()) > MAX_UNPACKED_BYTES:
            raise ValueError(f"the weights have more than {MAX_UNPACKED_BYTES} bytes")
        weights = {name: array[()].astype(np.float32) for name, array in arrays.items()}
    return config, weights


def _member(archive, name):
    """Unpack one member of a zip archive, and no more than the limit, whatever it claims."""
    info = archive.getinfo(name)
    # Of the other methods zipfile unpacks a whole block before it stops.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{name} is compressed in a way that Keras does not use")
    with archive.open(info) as stream:
        data = stream.read(MAX_UNPACKED_BYTES + 1)
    if len(data) > MAX_UNPACKED_BYTES:
        raise ValueError(f"{name} has more than {MAX_UNPACKED_BYTES} bytes")
    return data


def _operations(network, weights):
    """List the ONNX operations of a network up to its logits: (operator, arrays, attributes)."""
    if network["class_name"] != "Sequential":
        raise _Unknown(f"a network {network['class_name']}, not Sequential")
    operations, counts = [], dict.fromkeys(_LAYERS, 0)
    for layer in network["config"]["layers"]:
        kind, config = layer["class_name"], layer["config"]
        _check_known(kind, config)
        # Arrays lie under the class of their layer and its number among the layers of that class.
        folder = f"layers/{_WEIGHTS.get(kind)}" + (f"_{counts[kind]}" if counts[kind] else "")
        arrays = (weights[f"{folder}/vars/{i}"] for i in count())
        operations += _layer(kind, config, arrays)
        counts[kind] += 1
    operators = [operator for operator, *_ in operations]
    if operators[-2:] != ["Gemm", "Softmax"] or "Softmax" in operators[:-1]:
        raise _Unknown("a softmax anywhere but after its last Dense layer, or no softmax at all")
    return operations[:-1]


def _check_known(kind, config):
    if kind not in _LAYERS:
        raise _Unknown(f"a layer {kind}")
    for setting, value in config.items():
        known = _LAYERS[kind].get(setting)
        if setting in _LAYERS[kind]:
            is_read = known is None or value in known
        else:
            is_read = value is None or value is False or bool(_TRAINING_ONLY.fullmatch(setting))
        if not is_read:
            raise _Unknown(f"{kind}({setting}={value!r})")


def _layer(kind, config, arrays):
    """List the ONNX operations of one layer.

    Pictures are (n, height, width, channels) in Keras, (n, channels, height, width) in ONNX.
    """
    match kind:
        case "Conv2D":
            kernel = next(arrays).transpose(3, 2, 0, 1)
            bias = [next(arrays)] if config["use_bias"] else []
            attributes = {
                "kernel_shape": config["kernel_size"],
                "strides": config["strides"],
                "group": config["groups"],
                "auto_pad": _PADDINGS[config["padding"]],
            }
            yield "Conv", [kernel, *bias], attributes
        case "BatchNormalization":
            scale = next(arrays) if config["scale"] else 1.0
            center = next(arrays) if config["center"] else 0.0
            mean, variance = next(arrays), next(arrays)
            affine = [np.broadcast_to(each, mean.shape) for each in (scale, center)]
            attributes = {"epsilon": float(config["epsilon"])}
            yield "BatchNormalization", [*affine, mean, variance], attributes
        case "MaxPooling2D":
            attributes = {
                "kernel_shape": config["pool_size"],
                "strides": config["strides"],
                "auto_pad": _PADDINGS[config["padding"]],
            }
            yield "MaxPool", [], attributes
        case "Flatten":
            yield "Transpose", [], {"perm": [0, 2, 3, 1]}  # to the order in which Keras flattens
            yield "Flatten", [], {}
        case "Dense":
            kernel = next(arrays)
            bias = [next(arrays)] if config["use_bias"] else []
            yield "Gemm", [kernel, *bias], {}
    if operator := _ACTIVATIONS[config.get("activation", "linear")]:
        yield operator, [], {}
