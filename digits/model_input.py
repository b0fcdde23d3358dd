"""The size of the network's input, and of the digit in it: those of MNIST's images."""

SIDE = 28
"""Pixels of the model input's side."""

BOX = 20
"""Pixels of the longer side of the digit in it."""
