"""The cells of the training notebook, run on a few self-made digits instead of real ones."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import jupytext
import keras
import nbformat
import numpy as np
import pytest

from digits.training.batches import MixedBatches
from digits.training.mixture import BatchMix, Mixture
from notebooks.build import HERE, execute, find_problem
from tests.processes import ENVIRONMENT, run_python
from tests.small_mnist import small_mnist
from tests.small_unipen import small_unipen

ROOT = HERE.parent
TEXT = HERE / "digits_detector_cnn_training.py"
LAYERS = [
    ("Conv2D", (28, 28, 32)),
    ("BatchNormalization", (28, 28, 32)),
    ("Conv2D", (28, 28, 32)),
    ("MaxPooling2D", (14, 14, 32)),
    ("Dropout", (14, 14, 32)),
    ("Conv2D", (14, 14, 64)),
    ("BatchNormalization", (14, 14, 64)),
    ("Conv2D", (14, 14, 64)),
    ("MaxPooling2D", (7, 7, 64)),
    ("Dropout", (7, 7, 64)),
    ("Flatten", (3136,)),
    ("Dense", (128,)),
    ("Dropout", (128,)),
    ("Dense", (10,)),
]


def code(*headings):
    """Join the code cells below second-level headings of the notebook."""
    cells, heading = [], None
    for cell in jupytext.read(TEXT).cells:
        if cell.source.startswith("## "):
            heading = cell.source.partition("\n")[0].removeprefix("## ")
        if cell.cell_type == "code" and heading in headings:
            cells.append(cell.source)
    return "\n".join(cells)


def small_batches(count):
    """Mix `count` digits like those of MNIST with strokes and outliers."""
    mixture = Mixture(*small_unipen(), BatchMix(mnist=80, strokes=16, outliers=16))
    return MixedBatches(*small_mnist(count), mixture, seed=3)


def train(checkpoint_dir, precision="float32"):
    """Run the cells that build and train the network; return all their variables."""
    variables = {}
    exec(code("Setup"), variables)
    x_validation, y_validation = small_mnist(100, seed=1)
    variables |= {
        "seed": 3,
        "epochs": 2,
        "learning_rate": 2e-3,
        "weight_decay": 0.1,
        "checkpoint_dir": str(checkpoint_dir),
        "batches": small_batches(512),
        "x_validation": x_validation,
        "y_validation": y_validation,
        "fast_precision": lambda: precision,
    }
    exec(code("Build the model", "Train"), variables)
    return variables


def flat_weights(network):
    return np.concatenate([array.ravel() for array in network.get_weights()])


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return train(tmp_path_factory.mktemp("training"))


def test_the_network(trained):
    network = trained["build_network"]()
    assert [(type(layer).__name__, layer.output.shape[1:]) for layer in network.layers] == LAYERS
    assert network.count_params() == 468_202
    assert sum(np.prod(weights.shape) for weights in network.trainable_weights) == 468_010


def test_training_is_repeatable_and_learns(trained, tmp_path):
    history = trained["fitted"].history
    assert history["loss"][1] < history["loss"][0]
    assert history["accuracy"][1] > 0.15
    again = train(tmp_path)
    assert np.abs(flat_weights(again["network"]) - flat_weights(trained["network"])).max() < 1e-3


def test_mixed_precision_is_for_training_only(tmp_path):
    mixed = train(tmp_path, precision="mixed_bfloat16")
    losses = mixed["fitted"].history["loss"]
    assert losses[1] < losses[0]
    assert {layer.compute_dtype for layer in mixed["trained"].layers[:-1]} == {"bfloat16"}
    assert {layer.compute_dtype for layer in mixed["network"].layers} == {"float32"}
    assert np.array_equal(flat_weights(mixed["network"]), flat_weights(mixed["trained"]))
    assert keras.config.dtype_policy().name == "float32"


TRAINING = """
import sys
from tests.small_mnist import small_mnist
from tests.test_notebook import small_batches

if __name__ == "__main__":
{setup}
    seed, epochs, checkpoint_dir = 3, 3, sys.argv[1]
    learning_rate, weight_decay = 2e-3, 0.1
    x_validation, y_validation = small_mnist(100, seed=1)
    batches = small_batches(256)
{cells}
    print("epochs", fitted.epoch, flush=True)
"""


def test_a_killed_training_resumes_and_leaves_no_process(tmp_path):
    cells = {"setup": code("Setup"), "cells": code("Build the model", "Train")}
    script = tmp_path / "train.py"
    script.write_text(
        TRAINING.format(**{name: textwrap.indent(text, "    ") for name, text in cells.items()})
    )
    command = [sys.executable, "-u", str(script), str(tmp_path / "checkpoint")]
    killed = subprocess.Popen(
        command, env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.PIPE, text=True, process_group=0
    )
    for line in killed.stdout:
        if "Epoch 2/3" in line:
            break
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    deadline = time.monotonic() + 20
    while group_exists(killed.pid):
        assert time.monotonic() < deadline, "the worker processes outlive the training"
        time.sleep(0.1)
    resumed = run_python(*command[1:])
    assert "Epoch 2/3" in resumed.stdout, resumed.stderr
    assert "Epoch 1/3" not in resumed.stdout
    assert "epochs [1, 2]" in resumed.stdout  # as they are plotted


def group_exists(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_parameters_are_set_and_problems_of_a_notebook_found(tmp_path):
    text = jupytext.reads('# %% tags=["parameters"]\nplace = "here"\n\n# %%\nplace', "py:percent")
    path = tmp_path / "some.ipynb"
    notebook = execute(nbformat.from_dict(text), ["place='/home/someone'"])
    nbformat.write(notebook, path)
    assert notebook.cells[-1].outputs[0].data["text/plain"] == "'/home/someone'"
    assert find_problem(text, path) == "does not match its text"
    assert "path of the machine" in find_problem(notebook, path)
    notebook.cells[-1].outputs = []
    nbformat.write(notebook, path)
    assert find_problem(notebook, path) is None
    notebook.cells[-1].execution_count = 9
    nbformat.write(notebook, path)
    assert find_problem(notebook, path) == "was not run from top to bottom"
