"""How long one reading takes, beside other ways to run the same network on the same drawing.

    pip install onnx onnxruntime torch jax                 # the peers; without them: what is there
    python -m benchmarks.latency --json benchmarks/latency.json
    python -m benchmarks.quote                             # bring the figures into the README

Each way runs in a process of its own, on one core and on all; the processes take turns in random
order, ten calls a turn, so that what else the machine does hits all of them alike. The drawing is a
seven of 520x520 pixels; the ways that start from "28x28" get it normalized already. On two cores
that do nothing else it takes about five minutes.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from digits.drawing import normalize
from digits.recognizer import MODEL, Recognizer

CALLS = 10  # in one turn
MANY = 1000  # drawings for read_many
ONE, ALL = "one core", "all cores"
BASELINE = "resize, model.predict (TensorFlow)"


def main():
    """Let the ways take turns, print the table, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=20, help="turns of each way")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        return work(WAYS[options.way][0])

    missing = {need for _, backend, needs in WAYS.values() for need in (backend, *needs)}
    missing = {name for name in missing if not find_spec(name)}
    places = [(ALL, None)]
    if hasattr(os, "sched_setaffinity"):
        places.insert(0, (ONE, {0}))
    workers = {
        (name, label): Worker(name, backend, place)
        for name, (_, backend, needs) in WAYS.items()
        if not missing & {backend, *needs}
        for label, place in places
    }
    turns = [
        worker
        for (name, _), worker in workers.items()
        for _ in range(-(-options.rounds // 5) if WAYS[name][0] in IN_BULK else options.rounds)
    ]
    random.Random(0).shuffle(turns)
    for worker in turns:
        worker.turn()
    for worker in workers.values():
        worker.close()
    figures = summary(workers)
    report(figures, missing)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


class Worker:
    """A process that runs one way, ten calls whenever it is asked."""

    def __init__(self, name, backend, place):
        self.times = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.latency", "--way", name],
            env=os.environ | {"KERAS_BACKEND": backend},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=place and (lambda: os.sched_setaffinity(0, place)),
        )
        if not self._process.stdout.readline():
            raise RuntimeError(f"{name} could not be started.")

    def turn(self):
        """Have it run, and note the milliseconds."""
        print(file=self._process.stdin, flush=True)
        self.times += json.loads(self._process.stdout.readline())

    def close(self):
        """End the process."""
        self._process.stdin.close()
        self._process.wait(30)


def work(way):
    """Be a worker: make the way ready, then run it for every line that comes in."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # what libraries print is no answer
    call, share = way(drawing())
    for _ in range(3):
        call()
    print("ready", file=answers, flush=True)
    for _ in sys.stdin:
        times = []
        for _ in range(CALLS if share == 1 else 1):
            begin = time.perf_counter()
            call()
            times.append((time.perf_counter() - begin) * 1000 / share)
        print(json.dumps(times), file=answers, flush=True)


def drawing():
    """Draw a seven as the page does."""
    picture = Image.new("L", (520, 520), "white")
    ImageDraw.Draw(picture).line([(150, 120), (370, 120), (230, 420)], "black", 18, "curve")
    return picture


def cores():
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def load():
    """Load the shipped model on the backend of this process."""
    import keras

    return keras.saving.load_model(MODEL, compile=False)


def batch(picture):
    """Normalize one drawing to what the network takes."""
    return normalize(picture)[np.newaxis, ..., np.newaxis]


def resize_and_predict(picture):
    network = load()

    def call():
        small = 1 - np.asarray(picture.resize((28, 28)), np.float32) / 255
        return network.predict(small[np.newaxis, ..., np.newaxis], verbose=0)

    return call, 1


def eager(picture):
    network, x = load(), batch(picture)
    return lambda: np.asarray(network(x)), 1


def torch_eager(picture):
    import torch

    network, x = load(), torch.from_numpy(batch(picture))

    def call():
        with torch.inference_mode():
            return network(x).numpy()

    return call, 1


def predict_on_batch(picture):
    network, x = load(), batch(picture)
    return lambda: network.predict_on_batch(x), 1


def litert(picture):
    import tensorflow as tf

    interpreter = tf.lite.Interpreter(
        model_content=tf.lite.TFLiteConverter.from_keras_model(load()).convert(),
        num_threads=cores(),
    )
    interpreter.allocate_tensors()
    into, out = (
        part()[0]["index"]
        for part in (interpreter.get_input_details, interpreter.get_output_details)
    )
    x = batch(picture)

    def call():
        interpreter.set_tensor(into, x)
        interpreter.invoke()
        return interpreter.get_tensor(out)

    return call, 1


def onnx_runtime(picture):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = cores()
    session = onnxruntime.InferenceSession(to_onnx(load()), options)
    x = batch(picture)
    return lambda: session.run(None, {"x": x}), 1


def to_onnx(network):
    """Write the network as an ONNX graph, with the same weights."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, weights, shape = [], [], [-1, 1, 28, 28]
    nodes.append(helper.make_node("Reshape", ["x", "shape"], ["h"]))
    weights.append(numpy_helper.from_array(np.array(shape), "shape"))

    def add(kind, *arrays, **attributes):
        names = [f"{len(weights) + i}" for i in range(len(arrays))]
        weights.extend(
            numpy_helper.from_array(np.ascontiguousarray(array), name)
            for array, name in zip(arrays, names, strict=True)
        )
        last = nodes[-1].output[0]
        nodes.append(helper.make_node(kind, [last, *names], [f"{last}h"], **attributes))

    for layer in network.layers:
        kind, arrays = type(layer).__name__, layer.get_weights()
        if kind == "Conv2D":
            add("Conv", arrays[0].transpose(3, 2, 0, 1), arrays[1], pads=[1, 1, 1, 1])
        elif kind == "BatchNormalization":
            add("BatchNormalization", *arrays, epsilon=layer.epsilon)
        elif kind == "MaxPooling2D":
            add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
        elif kind == "Flatten":
            add("Transpose", perm=[0, 2, 3, 1])
            add("Flatten")
        elif kind == "Dense":
            add("Gemm", *arrays)
        if getattr(layer, "activation", None) is not None:
            name = layer.activation.__name__
            if name != "linear":
                add({"relu": "Relu", "softmax": "Softmax"}[name])
    graph = helper.make_graph(
        nodes,
        "digits",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 28, 28, 1])],
        [helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, [1, 10])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return model.SerializeToString()


def normalization(picture):
    return lambda: normalize(picture), 1


def network(picture):
    recognizer, seen = Recognizer.load(), normalize(picture)[np.newaxis]
    return lambda: recognizer._forward(seen), 1


def read(picture):
    recognizer = Recognizer.load()
    return lambda: recognizer.read(picture), 1


def read_many(picture):
    recognizer, pictures = Recognizer.load(), [picture] * MANY
    return lambda: recognizer.read_many(pictures), MANY


def read_from_threads(picture):
    recognizer, threads = Recognizer.load(), ThreadPoolExecutor(4)
    return lambda: list(threads.map(recognizer.read, [picture] * MANY)), MANY


# What is measured: the function, the Keras backend of its process, and what else it needs.
WAYS = {
    BASELINE: (resize_and_predict, "tensorflow", ()),
    "28x28, model(x) (TensorFlow)": (eager, "tensorflow", ()),
    "28x28, predict_on_batch (TensorFlow)": (predict_on_batch, "tensorflow", ()),
    "28x28, LiteRT": (litert, "tensorflow", ()),
    "28x28, predict_on_batch (JAX)": (predict_on_batch, "jax", ()),
    "28x28, model(x) (PyTorch)": (torch_eager, "torch", ()),
    "28x28, ONNX Runtime": (onnx_runtime, "openvino", ("onnx", "onnxruntime")),
    "28x28, predict_on_batch (OpenVINO)": (predict_on_batch, "openvino", ()),
    "28x28, as Recognizer runs it (OpenVINO)": (network, "openvino", ()),
    "normalize": (normalization, "openvino", ()),
    "Recognizer.read": (read, "openvino", ()),
    "Recognizer.read from 4 threads, each": (read_from_threads, "openvino", ()),
    f"Recognizer.read_many of {MANY}, each": (read_many, "openvino", ()),
}


IN_BULK = (read_from_threads, read_many)  # a turn takes seconds: a fifth of the turns


def summary(workers):
    """Tell machine, versions and, for each way and place, n and milliseconds."""
    packages = ("keras", "openvino", "tensorflow", "jax", "torch", "onnxruntime", "numpy", "pillow")
    installed = [name for name in packages if name == "pillow" or find_spec(name)]
    ways = {}
    for (name, place), worker in workers.items():
        low, median, p95 = (round(ms, 3) for ms in np.percentile(worker.times, [0, 50, 95]))
        figures = {"n": len(worker.times), "min": low, "median": median, "p95": p95}
        ways.setdefault(name, {})[place] = figures
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in installed},
        "ways": ways,
    }


def report(figures, missing):
    """Print machine, versions and the tables."""
    print(f"{figures['machine']}, Python {figures['python']}")
    print(", ".join(f"{name} {number}" for name, number in figures["versions"].items()))
    for place, base in figures["ways"][BASELINE].items():
        print(
            f"\n| ms, {place} | n | min | median | p95 | times faster |\n|---|---|---|---|---|---|"
        )
        for name, places in figures["ways"].items():
            one = places[place]
            print(
                f"| {name} | {one['n']} | {one['min']:.2f} | {one['median']:.2f} | "
                f"{one['p95']:.2f} | {base['median'] / one['median']:.1f} |"
            )
    if missing:
        print(f"\nNot installed, so left out: {', '.join(sorted(missing))}.")


if __name__ == "__main__":
    main()
