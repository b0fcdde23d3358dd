"""Images like MNIST's, made from font digits: for tests that need no real data."""

import cv2
import numpy as np

from digits.drawing import normalize


def small_mnist(count, seed=0):
    """Draw `count` digits: images, uint8 (count, 28, 28), ink 255, and labels, uint8 (count,)."""
    random = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.uint8) % 10
    images = []
    for label in labels:
        picture = np.zeros((120, 120), np.uint8)
        font = int(random.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX]))
        thickness = int(random.integers(2, 10))
        cv2.putText(picture, str(label), (25, 95), font, 3.2, 255, thickness, cv2.LINE_AA)
        turn = cv2.getRotationMatrix2D((60, 60), random.uniform(-12, 12), 1)
        picture = cv2.warpAffine(picture, turn, (120, 120))
        images.append(np.uint8(normalize(picture) * 255))
    return np.stack(images), labels
