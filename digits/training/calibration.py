"""Calibrate a trained network's probabilities on labelled digits, and choose its thresholds."""

import keras
import numpy as np
from scipy.optimize import minimize_scalar

# Shares of the digits, chosen by hand: who is turned away has to draw again, so few may be.
_TURNED_AWAY = 0.015  # those of the highest energy, least like a digit
_UNSURE = 0.015  # those of the lowest confidence


def calibrate(network, model_input, labels):
    """Calibrate a network's probabilities and choose the thresholds of its verdicts.

    The temperature is folded into the last layer, so the saved file itself is calibrated.

    Parameters
    ----------
    network : keras.Model
        Its last layer is a softmax `Dense` layer; changed in place.
    model_input : ndarray of float32, shape (n, 28, 28)
        Digits that the network was not trained on, ink 1 on paper 0.
    labels : ndarray of int, shape (n,)

    Returns
    -------
    dict
        ``n``, ``temperature`` and ``thresholds`` (see `digits.Recognizer`), for the metadata.
    """
    last = network.layers[-1]
    features = keras.Model(network.inputs, last.input).predict(
        model_input[..., np.newaxis], batch_size=500, verbose=0
    )
    logits = features @ np.asarray(last.kernel) + np.asarray(last.bias)
    temperature = fit_temperature(logits, labels)
    last.set_weights([weights / temperature for weights in last.get_weights()])
    logits /= temperature
    log_normalizer = np.logaddexp.reduce(logits, axis=1)
    energy = -log_normalizer
    confidence = np.exp(logits.max(axis=1) - log_normalizer)
    return {
        "n": len(labels),
        "temperature": temperature,
        "thresholds": {
            "energy": float(np.quantile(energy, 1 - _TURNED_AWAY)),
            "confidence": float(np.quantile(confidence, _UNSURE)),
        },
    }


def fit_temperature(logits, labels):
    """Find the temperature that calibrates a softmax: the one with the smallest NLL.

    Parameters
    ----------
    logits : ndarray, shape (n, k)
    labels : ndarray of int, shape (n,)

    Returns
    -------
    float
        What to divide the logits by; above 1 if the network was overconfident.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger: On calibration of modern neural networks.
    ICML 2017.
    """

    def loss(log_temperature):
        scaled = logits / np.exp(log_temperature)
        chosen = scaled[np.arange(len(labels)), labels]
        return (np.logaddexp.reduce(scaled, axis=1) - chosen).mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))
