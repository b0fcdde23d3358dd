import keras
import numpy as np
import pytest
from scipy.special import softmax

from digits import Recognizer
from digits.model_file import MODEL
from digits.training.calibration import calibrate, fit_temperature
from digits.training.export import export
from tests.small_mnist import small_mnist


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_temperature_is_found(temperature):
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, (20000, 10))
    labels = (logits / temperature + random.gumbel(size=logits.shape)).argmax(axis=1)
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.05)


def test_the_exported_file_itself_is_calibrated(tmp_path):
    images, labels = small_mnist(200)
    labels = np.where(np.arange(200) % 10 == 7, 0, labels)  # so that certainty would be wrong
    network = keras.saving.load_model(MODEL, compile=False)
    model_input = images / np.float32(255)
    before = network.predict(model_input[..., np.newaxis], verbose=0)
    calibration = calibrate(network, model_input, labels)
    after = network.predict(model_input[..., np.newaxis], verbose=0)
    assert calibration["temperature"] > 1.1
    logits = np.log(np.maximum(before, 1e-30)) / calibration["temperature"]
    assert np.allclose(after, softmax(logits, axis=1), atol=1e-5)

    export(network, {"thresholds": calibration["thresholds"]}, tmp_path / "model.keras")
    readings = Recognizer.load(tmp_path / "model.keras").read_many(images)
    assert np.abs([reading.probabilities for reading in readings] - after).mean() < 0.02
    verdicts = [reading.verdict for reading in readings]
    assert 1 <= verdicts.count("not_a_digit") <= 6  # 1.5 % of 200, normalized once more
    confidence = np.array([reading.probabilities.max() for reading in readings])
    assert 1 <= (confidence < calibration["thresholds"]["confidence"]).sum() <= 6
