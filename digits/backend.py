"""Keras as the server needs it: light to start, exact, fast, and safe to call from any thread."""

import os
import sys
import threading
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from types import ModuleType

import numpy as np

from digits.drawing import SIDE


def import_keras():
    """Import Keras, on OpenVINO unless the user chose a backend or one is already imported.

    Returns
    -------
    module
    """
    os.environ.setdefault("KERAS_BACKEND", "openvino")  # the lightest that serves this model
    with _nothing_needless():
        import keras

    if keras.backend.backend() == "openvino":
        _configure_openvino()
    return keras


@contextmanager
def _nothing_needless():
    """Keep Keras from loading SciPy's signal processing, and OpenVINO from reporting to its makers.

    On OpenVINO, Keras 3.15 imports that part of SciPy at once, for the short-time Fourier transform
    alone, which takes longer than all of Keras, and fails if it is not installed; its other
    backends wait until somebody asks for that transform. OpenVINO 2026.4 sends statistics to Google
    Analytics whenever it is imported, unless the package that does so cannot be.
    """
    needed = ["scipy.signal"] if find_spec("scipy") else ["scipy", "scipy.signal"]
    placeholders = {name: ModuleType(name) for name in needed} | {"openvino_telemetry": None}
    placeholders = {name: part for name, part in placeholders.items() if name not in sys.modules}
    sys.modules.update(placeholders)
    try:
        yield
    finally:
        for name in placeholders:
            del sys.modules[name]


def _configure_openvino():
    """Have OpenVINO compute in float32, as the network was trained, with one core for each call.

    By itself it takes bfloat16 where the processor has it, which moves probabilities by 0.01, and
    all cores for one call at a time: little faster for so small a network, slower for several
    calls, and slower by far where something else keeps one of the cores busy. Keras 3.15 offers no
    way to say otherwise.
    """
    import openvino

    if not isinstance(openvino.compile_model, partial):
        openvino.compile_model = partial(
            openvino.compile_model,
            config={"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "THROUGHPUT"},
        )


def for_any_thread(model):
    """Warm a model up, and give a function of (n, 28, 28) images that any threads may call.

    On OpenVINO Keras has one infer request for all threads, which must not call at the same time;
    here each thread has a request of its own for the network that Keras compiled. With another
    backend threads take turns.

    Parameters
    ----------
    model : keras.Model
        Of one input, (n, 28, 28, 1) or (n, 1, 28, 28).

    Returns
    -------
    callable
        Takes float32 of shape (n, 28, 28), gives a sequence of the model's outputs.
    """
    shape = -1, *model.input_shape[1:]
    model.predict_on_batch(np.zeros((1, *shape[1:]), np.float32))
    if compiled := getattr(model, "ov_compiled_model", None):
        threads = threading.local()

        def run(seen):
            if not hasattr(threads, "request"):
                threads.request = compiled.create_infer_request()
            return threads.request.infer([seen.reshape(shape)], share_inputs=True).to_tuple()

    else:
        lock = threading.Lock()

        def run(seen):
            with lock:
                return model.predict_on_batch(seen.reshape(shape))

    return run


def with_features(network):
    """Have a sequential network give what its last layer gets, too, in its backend's own layout.

    In Keras' usual layout OpenVINO turns the picture round before and after every convolution,
    which takes longer than the convolutions themselves. The layers are changed in place: cloning
    them would import every backend that is installed.

    Parameters
    ----------
    network : keras.Sequential

    Returns
    -------
    keras.Model
        With two outputs: the features, (n, f), and the probabilities, (n, 10).
    """
    import keras

    turn = keras.backend.backend() == "openvino"
    x = inputs = keras.Input((1, SIDE, SIDE) if turn else (SIDE, SIDE, 1))
    for layer in network.layers:
        if turn and isinstance(layer, keras.layers.Flatten):
            layer = keras.layers.Flatten("channels_first")
        elif turn and hasattr(layer, "data_format"):
            layer.data_format, layer.input_spec = "channels_first", None
        if turn and isinstance(layer, keras.layers.BatchNormalization):
            layer.axis, layer.input_spec = 1, None
        features, x = x, layer(x)
    return keras.Model(inputs, [features, x])
