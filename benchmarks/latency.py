"""How long one reading takes, beside other ways to run the same network on the same drawing.

    python -m benchmarks.latency --json benchmarks/latency.json  # five minutes on two quiet cores
    python -m benchmarks.quote                                   # put the figures into the README

Each way runs in a process of its own, on one core and on all; the processes take turns in random
order, ten calls a turn (of `read_many`, one), so that other load on the machine affects all of them
alike. The drawing is a seven of 520x520 pixels; the network alone gets it normalized already.
"""

import os
import random
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

import numpy as np
from PIL import Image, ImageDraw

from benchmarks import tables
from benchmarks.common import command_line, environment, write_json
from digits.model_file import MODEL
from digits.normalization import normalize
from digits.recognizer import Recognizer

CALLS = 10  # in one turn
MANY = 1000  # drawings, where a call reads many


def main():
    """Let the ways take turns, print the table, write the figures."""
    parser = command_line(__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="turns of each way")
    options = parser.parse_args()

    places = {"all cores": None}
    if hasattr(os, "sched_setaffinity"):
        places = {"one core": {min(os.sched_getaffinity(0))}, **places}
    workers = {(way, place): start(way, cores) for way in WAYS for place, cores in places.items()}
    turns = [(way, place) for way, place in workers for _ in range(options.rounds)]
    random.Random(0).shuffle(turns)
    times = {key: [] for key in workers}
    for way, place in turns:
        times[way, place] += workers[way, place].submit(measure, way).result()
    for worker in workers.values():
        worker.shutdown()

    ways = {}
    for (way, place), milliseconds in times.items():
        median, p95 = (round(ms, 3) for ms in np.percentile(milliseconds, [50, 95]))
        figures = {"n": len(milliseconds), "median": median, "p95": p95}
        ways.setdefault(way, {})[place] = figures
    packages = ("onnxruntime", "numpy", "pillow", "keras", "tensorflow")
    results = {**environment(*packages), "ways": ways}
    print(tables.latency(results))
    write_json(options.json, results)


# --- The process of one way -------------------------------------------------------------------


def start(way, cores):
    """Start a process that is ready to run a way; on those cores alone, if any are given."""
    worker = ProcessPoolExecutor(1, get_context("spawn"))
    everywhere = cores and os.sched_getaffinity(0)
    if cores:
        os.sched_setaffinity(0, cores)  # which the new process inherits
    worker.submit(measure, way).result()  # what is slow only the first time
    if cores:
        os.sched_setaffinity(0, everywhere)
    return worker


@cache
def prepare(way):
    """Make the way ready, once, in its process."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    picture = Image.new("L", (520, 520), "white")
    ImageDraw.Draw(picture).line([(150, 120), (370, 120), (230, 420)], "black", 18, "curve")
    return WAYS[way](picture)


def measure(way):
    """Run a way for one turn; return the milliseconds of each reading."""
    call, times = prepare(way), []
    readings = MANY if WAYS[way] is read_many else 1
    for _ in range(CALLS if readings == 1 else 1):
        begin = time.perf_counter()
        call()
        times.append((time.perf_counter() - begin) * 1000 / readings)
    return times


# --- The ways: a drawing in, out a function that reads it -------------------------------------


def load_keras():
    """Load the shipped model in Keras."""
    import keras

    return keras.saving.load_model(MODEL, compile=False)


def resize_and_predict(picture):
    network = load_keras()

    def resized():
        small = 1 - np.asarray(picture.resize((28, 28)), np.float32) / 255
        return network.predict(small[np.newaxis, ..., np.newaxis], verbose=0)

    return resized


def predict_on_batch(picture):
    network, model_input = load_keras(), normalize(picture)[np.newaxis, ..., np.newaxis]
    return lambda: network.predict_on_batch(model_input)


def read(picture):
    recognizer = Recognizer.load()
    return lambda: recognizer.read(picture)


def read_many(picture):
    recognizer = Recognizer.load()
    return lambda: recognizer.read_many([picture] * MANY)


WAYS = {
    "resize to 28x28, `model.predict` on TensorFlow": resize_and_predict,
    "the network alone, `predict_on_batch` on TensorFlow": predict_on_batch,
    "`Recognizer.read`": read,
    f"`Recognizer.read_many` of {MANY:,}, each": read_many,
}


if __name__ == "__main__":
    main()
