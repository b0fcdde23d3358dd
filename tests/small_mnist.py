"""Images like those of MNIST, drawn with fonts: for tests that do not need real data."""

import cv2
import numpy as np
from PIL import Image, ImageDraw

from digits.normalization import normalize
from tests.handwriting import STROKES, trace


def small_mnist(count, seed=0):
    """Draw digits: images, uint8 (count, 28, 28), ink 255, and labels, uint8 (count,)."""
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


def plain_digit(digit):
    """Draw a digit along the strokes of the tests: uint8 (84, 84), ink 255 on paper 0."""
    picture = Image.new("L", (84, 84))
    trace(ImageDraw.Draw(picture), STROKES[digit], (22, 14, 40, 56), 7, 255)
    return np.array(picture)
