"""How long the page and its model take to start, and the memory that they then hold.

    python -m benchmarks.startup                 # 5 starts each
    python -m benchmarks.startup --starts 10 --json startup.json

The page: from ``python app.py`` to its first answer. The model: from starting Python to the first
probabilities of one image, by the project's engine and by Keras on TensorFlow. Each start is a
process of its own, after one that warms the disk's cache and is not counted; the ways take turns.
Memory is what the process then holds (resident).
"""

import subprocess
import sys
import time
import urllib.request

import numpy as np

from benchmarks import common
from benchmarks.server import ROOT, served

ENGINE = """
import numpy as np
from digits.engine import load_engine
from digits.model_file import MODEL
load_engine(MODEL)(np.zeros((1, 28, 28), np.float32))
"""
KERAS = """
import keras, numpy as np
from digits.model_file import MODEL
keras.saving.load_model(MODEL, compile=False).predict(np.zeros((1, 28, 28, 1)), verbose=0)
"""


def main():
    """Measure, print the table, write the figures."""
    parser = common.command_line(__doc__)
    parser.add_argument("--starts", type=int, default=5, help="of each")
    options = parser.parse_args()
    ways = {
        "the page": start_page,
        "the model, digits.engine": lambda: start_model(ENGINE),
        "the model, Keras on TensorFlow": lambda: start_model(KERAS),
    }
    turns = [{name: start() for name, start in ways.items()} for _ in range(options.starts + 1)]
    starts = {name: [turn[name] for turn in turns[1:]] for name in ways}
    common.print_environment(common.environment("gradio", "onnxruntime", "keras", "tensorflow"))
    rows = []
    for name, figures in starts.items():
        seconds, memory = zip(*figures, strict=True)
        spread = (np.median(seconds), min(seconds), max(seconds))
        rows.append([name, len(figures), *(f"{s:.2f}" for s in spread), f"{np.median(memory):.0f}"])
    print(
        "\n" + common.table(["start of", "n", "seconds, median", "min", "max", "MB resident"], rows)
    )
    common.write_json(options.json, starts)


def start_page():
    """Return the seconds until the page answers and its memory in MB."""
    begin = time.perf_counter()
    with served() as (address, server):
        urllib.request.urlopen(address, timeout=30).close()
        return time.perf_counter() - begin, common.resident_mb(server.pid)


def start_model(code):
    """Return the seconds until some Python has run and its memory in MB."""
    begin = time.perf_counter()
    command = [sys.executable, "-c", code + "print('done', flush=True)\ninput()"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=-1, stdout=-1, stderr=subprocess.DEVNULL, text=True
    ) as process:
        if process.stdout.readline() != "done\n":
            raise RuntimeError(f"This could not be run:\n{code}")
        figures = time.perf_counter() - begin, common.resident_mb(process.pid)
        process.communicate("\n")
    return figures


if __name__ == "__main__":
    main()
