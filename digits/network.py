"""The architecture, once: the classic two-block CNN for 28x28 grey images."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
from keras import layers


def build_network():
    """Build the untrained network.

    Two blocks of Conv 3x3, BatchNormalization, Conv 3x3, MaxPooling and Dropout with 32 and 64
    filters, then Dense 128 and a softmax over the ten digits.

    Returns
    -------
    keras.Sequential
        Input (n, 28, 28, 1) with ink 1 on paper 0, output (n, 10) probabilities; 468,202
        parameters, 468,010 of them trainable.
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Dropout(0.1),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Dropout(0.1),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax", dtype="float32"),  # also in mixed precision
        ],
        name="mnist_cnn",
    )
