"""Images like those of MNIST, drawn with fonts: for tests that do not need real data."""

import cv2
import numpy as np

from digits.normalization import normalize


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


def plain_digit(number):
    """Draw a 0, 1, 5, 6, 7, 8 or 9 of plain strokes: uint8 (84, 84), ink 255 on paper 0."""
    picture = np.zeros((84, 84), np.uint8)
    if number == 0:
        cv2.ellipse(picture, (42, 42), (16, 28), 0, 0, 360, 255, 8)
    elif number == 1:
        cv2.line(picture, (42, 14), (42, 70), 255, 8)
    elif number == 5:
        top = np.array([(62, 14), (28, 14), (28, 38)])
        cv2.polylines(picture, [top], False, 255, 6)
        cv2.ellipse(picture, (42, 52), (20, 17), 0, -140, 130, 255, 6)
    elif number == 6:
        cv2.circle(picture, (42, 54), 17, 255, 6)
        cv2.line(picture, (26, 50), (50, 12), 255, 6)
    elif number == 7:
        cv2.polylines(picture, [np.array([(22, 16), (58, 16), (36, 70)])], False, 255, 8)
    else:
        cv2.circle(picture, (42, 26), 13, 255, 8)
        if number == 8:
            cv2.circle(picture, (42, 55), 15, 255, 8)
        else:
            cv2.line(picture, (55, 26), (50, 70), 255, 8)
    return picture
