import numpy as np
import pytest
from scipy.special import softmax

from digits.training.metrics import (
    expected_calibration_error,
    macro_accuracy,
    negative_log_likelihood,
    reliability,
)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy():
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, (20000, 10))
    labels = (logits + random.gumbel(size=logits.shape)).argmax(axis=1)  # drawn from the softmax

    assert expected_calibration_error(softmax(logits, axis=1), labels) < 0.01
    assert expected_calibration_error(softmax(3 * logits, axis=1), labels) > 0.1
    confident = np.tile([0.9] + [0.1 / 9] * 9, (10, 1))
    labels = np.array([0] * 6 + [1] * 4)
    assert expected_calibration_error(confident, labels) == pytest.approx(0.3)
    confidence, accuracy, share = reliability(confident, labels)
    assert (confidence[13], accuracy[13], share[13]) == pytest.approx((0.9, 0.6, 1))


def test_negative_log_likelihood():
    probabilities = np.array([[0.5, 0.5], [0.25, 0.75]])
    expected = -(np.log(0.5) + np.log(0.75)) / 2
    assert negative_log_likelihood(probabilities, np.array([0, 1])) == pytest.approx(expected)


def test_a_large_group_counts_no_more_than_a_small_one():
    right = [True, True, True, False, False]
    assert macro_accuracy(right, ["a", "a", "a", "a", "b"]) == pytest.approx(0.375)
