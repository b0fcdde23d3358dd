import json
import os
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest

from digits.network import build_network
from digits.recognizer import Recognizer
from digits.training import AugmentedBatches, calibrate, export, network_input, train
from tests.conftest import ROOT
from tests.small_mnist import small_mnist


@pytest.fixture(scope="module")
def small():
    return small_mnist(512), small_mnist(100, seed=1)


@pytest.fixture(scope="module")
def trained(small):
    return train(*small, epochs=2, seed=3, verbose=0)[0]


def weights(network):
    return np.concatenate([array.ravel() for array in network.get_weights()])


def test_batches_do_not_depend_on_the_number_of_workers(small):
    one, two = (AugmentedBatches(*small[0], workers=workers) for workers in (1, 2))
    for batches in (one, two):
        batches.start_epoch(1)
    for index in (0, 3):
        images, targets = one[index]
        assert images.shape == (144, 28, 28, 1)
        assert np.array_equal(images, two[index][0])
        assert np.allclose(targets.sum(axis=1), 1)
        assert (targets[128:] == np.float32(0.1)).all()
    first = one[0][0]
    one.start_epoch(2)
    assert not np.array_equal(first, one[0][0])
    one.close()
    two.close()


def test_an_epoch_uses_every_image_once(small):
    batches = AugmentedBatches(*small[0], batch_size=128)
    assert len(batches) == 4
    targets = np.concatenate([batches[index][1][:128] for index in range(4)])
    batches.close()
    counts = np.bincount(targets.argmax(axis=1), minlength=10)
    assert counts.tolist() == np.bincount(small[0][1], minlength=10).tolist()


def test_training_is_repeatable_and_learns(small, trained):
    again, history = train(*small, epochs=2, seed=3, verbose=0)
    assert np.abs(weights(again) - weights(trained)).max() < 1e-3
    assert history["loss"][1] < history["loss"][0]
    assert history["accuracy"][1] > 0.15


def test_mixed_precision_is_for_the_training_only(small):
    network, history = train(*small, epochs=2, seed=3, precision="mixed_bfloat16", verbose=0)
    assert history["loss"][1] < history["loss"][0]
    assert {layer.compute_dtype for layer in network.layers} == {"float32"}
    assert keras.config.dtype_policy().name == "float32"


TRAIN_FOR_TESTS = """
import sys
from digits.training import train
from tests.small_mnist import small_mnist

if __name__ == "__main__":
    _, history = train(
        small_mnist(512), small_mnist(100, seed=1), epochs=6, checkpoint=sys.argv[1], verbose=2
    )
    print("epochs", len(history["loss"]), flush=True)
"""


def test_a_killed_training_goes_on_where_it_was(tmp_path):
    script, checkpoint = tmp_path / "train.py", tmp_path / "checkpoint"
    script.write_text(TRAIN_FOR_TESTS)
    command = [sys.executable, "-u", str(script), str(checkpoint)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    for line in killed.stdout:
        if "Epoch 3/6" in line:
            break
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    output = subprocess.run(command, env=environment, capture_output=True, text=True).stdout
    assert "Epoch 3/6" in output
    assert "Epoch 1/6" not in output
    assert "epochs 4" in output


def test_calibration_makes_the_file_itself_honest(small, trained):
    seen = small[1][0] / np.float32(255)
    network = build_network()
    network.set_weights(trained.get_weights())
    before = network.predict(seen[..., np.newaxis], verbose=0)
    facts = calibrate(network, seen, small[1][1])
    after = network.predict(seen[..., np.newaxis], verbose=0)
    assert np.array_equal(before.argmax(axis=1), after.argmax(axis=1))
    logits = np.log(before) / facts["temperature"]
    expected = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    assert np.allclose(after, expected, atol=1e-5)
    readings = Recognizer(network, facts["thresholds"]).read_many(small[1][0])
    verdicts = [reading.verdict for reading in readings]
    assert 1 <= verdicts.count("not_a_digit") <= 3  # 1.5 % of 100
    assert verdicts.count("unsure") <= 3


def test_export_is_whole_small_and_readable(trained, tmp_path):
    path = tmp_path / "model.keras"
    facts = export(trained, {"thresholds": {"doubt": 0.0, "confidence": 0.5}}, path)
    assert json.loads(path.with_suffix(".json").read_text()) == facts
    assert path.stat().st_size < 2_000_000
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.json", "model.keras"]
    images = small_mnist(20)[0]
    probabilities = [reading.probabilities for reading in Recognizer.load(path).read_many(images)]
    expected = trained.predict(network_input(images), verbose=0)
    assert np.abs(probabilities - expected).max() < 0.02  # normalized once more on the way


KILL_WHILE_SAVING = """
import os
import signal
import sys

import keras

from digits.network import build_network
from digits.training import export

save = keras.Model.save


def save_and_die(self, path, **options):
    save(self, path, **options)
    with open(path, "r+b") as file:
        file.truncate(1000)
    os.kill(os.getpid(), signal.SIGKILL)


keras.Model.save = keras.Sequential.save = save_and_die
export(build_network(), {}, sys.argv[1])
"""


def test_a_kill_during_export_leaves_the_old_model_whole(trained, tmp_path):
    path = tmp_path / "model.keras"
    export(trained, {"thresholds": {"doubt": 0.0, "confidence": 0.5}}, path)
    before = path.read_bytes(), path.with_suffix(".json").read_bytes()
    command = [sys.executable, "-c", KILL_WHILE_SAVING, str(path)]
    status = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}).returncode
    assert status == -signal.SIGKILL
    assert (path.read_bytes(), path.with_suffix(".json").read_bytes()) == before
