import numpy as np
import pytest

from digits.evaluation import (
    expected_calibration_error,
    fit_temperature,
    negative_log_likelihood,
    plot_confusion,
    plot_hardest,
    reliability,
)


def sample(n=20000, temperature=1.0):
    """Logits and labels drawn from their softmax at a temperature."""
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, (n, 10))
    labels = (logits / temperature + random.gumbel(size=logits.shape)).argmax(axis=1)
    return logits, labels


def softmax(logits):
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_temperature_is_found(temperature):
    assert fit_temperature(*sample(temperature=temperature)) == pytest.approx(temperature, rel=0.05)


def test_calibration_error_is_the_gap():
    logits, labels = sample()
    assert expected_calibration_error(softmax(logits), labels) < 0.01
    assert expected_calibration_error(softmax(3 * logits), labels) > 0.1
    sure = np.tile([0.9] + [0.1 / 9] * 9, (10, 1))
    labels = np.array([0] * 6 + [1] * 4)
    assert expected_calibration_error(sure, labels) == pytest.approx(0.3)
    confidence, accuracy, share = reliability(sure, labels)
    assert (confidence[13], accuracy[13], share[13]) == pytest.approx((0.9, 0.6, 1))


def test_negative_log_likelihood():
    probabilities = np.array([[0.5, 0.5], [0.25, 0.75]])
    expected = -(np.log(0.5) + np.log(0.75)) / 2
    assert negative_log_likelihood(probabilities, np.array([0, 1])) == pytest.approx(expected)


def test_figures_show_what_they_should():
    labels = np.array([0, 0, 1, 1])
    confusion = plot_confusion(labels, np.array([0, 1, 1, 1]))
    texts = [[text.get_text() for text in axis.texts] for axis in confusion.axes]
    assert texts == [["1", "1", "2"], ["50.0", "50.0", "100.0"]]

    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.1, 0.9]])
    hardest = plot_hardest(np.zeros((4, 28, 28)), labels, probabilities)
    titles = [axis.get_title() for axis in hardest.axes if axis.get_title()]
    assert titles == ["0 read as 1\n80%, #1", "1 read as 0\n60%, #2"]
