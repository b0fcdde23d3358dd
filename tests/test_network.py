import numpy as np

from digits.network import build_network

SHAPES = [
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


def test_the_classic_table():
    network = build_network()
    assert [(type(layer).__name__, layer.output.shape[1:]) for layer in network.layers] == SHAPES
    assert network.count_params() == 468_202
    assert sum(np.prod(weights.shape) for weights in network.trainable_weights) == 468_010
