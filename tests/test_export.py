import json
import signal

import keras
import numpy as np
import pytest

from digits.model_file import MODEL
from digits.training.export import export
from tests.processes import run_python

THRESHOLDS = {"thresholds": {"energy": 0.0, "confidence": 0.5}}


@pytest.fixture
def network():
    return keras.saving.load_model(MODEL, compile=False)


def test_export_is_complete_and_without_optimizer(network, tmp_path):
    path = tmp_path / "model.keras"
    network.compile("adam", "categorical_crossentropy")
    network.train_on_batch(np.zeros((2, 28, 28, 1)), np.eye(10)[:2])
    metadata = export(network, THRESHOLDS, path)
    assert json.loads(path.with_suffix(".json").read_text()) == metadata
    assert {"keras", "tensorflow", "albumentations", "python"} == set(metadata["versions"])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.json", "model.keras"]
    assert path.stat().st_size < 2_000_000  # Adam's state would triple it
    loaded = keras.saving.load_model(path)
    assert not loaded.compiled
    for exported, trained in zip(loaded.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(exported, trained)


# A file that grows beyond the limit kills the process in the middle of writing the model.
KILLED_WHILE_SAVING = """
import resource
import signal
import sys

import keras

from digits.training.export import export

network = keras.saving.load_model(sys.argv[1], compile=False)
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
export(network, {}, sys.argv[1])
"""


def test_a_kill_during_export_leaves_the_old_model_intact(network, tmp_path):
    path = tmp_path / "model.keras"
    export(network, THRESHOLDS, path)
    before = path.read_bytes(), path.with_suffix(".json").read_bytes()
    assert run_python("-c", KILLED_WHILE_SAVING, path).returncode == -signal.SIGXFSZ
    assert (path.read_bytes(), path.with_suffix(".json").read_bytes()) == before
