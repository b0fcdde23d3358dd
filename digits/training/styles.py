"""Draw an MNIST digit in a handwriting style that is rare in MNIST.

Lengths are random shares of the digit's own height, width or stroke width; their ranges were set by
hand so that no style turns a digit into another one.
"""

import albumentations as A
import cv2
import numpy as np

from digits.masks import stroke_width


class HandwritingStyle(A.ImageOnlyTransform):
    """Draw a digit in a style that is common elsewhere and rare among MNIST's writers.

    Zeros with a slash, a dot or a loop whose end overshoots; ones with flags and feet; crossed and
    serifed sevens; ones and sevens that end in a tick; fives with a detached bar; open sixes and
    eights; nines with a curl or with the tail bent under the loop. All in the digit's own stroke
    width and grey value. Needs the digit as the target ``label``; digits without a style and other
    labels pass unchanged.

    Parameters
    ----------
    p : float
        Probability that a digit gets one of its styles.
    """

    @property
    def targets_as_params(self):
        """Names of the targets that the parameters depend on."""
        return ["label"]

    def get_params_dependent_on_data(self, params, data):
        """Pass the label on to `apply`."""
        return {"label": data["label"]}

    def apply(self, img, label, **params):
        """Draw the style into one image, uint8 of shape (H, W)."""
        style = _STYLES.get(label)
        return img if style is None else style(_Digit(img, self.random_generator))


class _Digit:
    """A digit, its measures, and the pen it was written with."""

    def __init__(self, img, random):
        self.img, self.random = img, random
        self.pen = stroke_width(img / np.float32(255))  # pixels
        self.ink = int(img.max())  # grey value
        self.inked = img > 100
        rows = np.flatnonzero(self.inked.any(axis=1))
        columns = np.flatnonzero(self.inked.any(axis=0))
        self.top, self.bottom = rows[0], rows[-1]
        self.left, self.right = columns[0], columns[-1]
        self.height, self.width = self.bottom - self.top + 1, self.right - self.left + 1

    def between(self, low, high):
        return self.random.uniform(low, high)

    def columns_at(self, row):
        """Columns with ink in a row given as a share of the height."""
        row = int(np.clip(self.top + row * (self.height - 1), self.top, self.bottom))
        return np.flatnonzero(self.inked[row])

    def stroke(self, start, end, bend=(-0.1, 0.1), ink=None, width=1.0):
        """Draw a slightly bent stroke from one point (x, y) to another; with `ink` 0, erase it.

        `bend` is a range in lengths of the stroke, `width` a multiple of the digit's own pen.
        """
        start, end = np.float64(start), np.float64(end)
        along = end - start
        control = (start + end) / 2 + self.between(*bend) * np.array([-along[1], along[0]])
        t = np.linspace(0, 1, 8)[:, np.newaxis]
        curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
        thickness = max(1, round(self.pen * width * self.between(0.85, 1.1)))
        canvas = self.img if ink == 0 else np.zeros_like(self.img)
        cv2.polylines(
            canvas,
            [np.int32(curve * 16)],
            False,
            self.ink if ink is None else ink,
            thickness,
            cv2.LINE_AA,
            4,
        )
        self.img = np.maximum(self.img, canvas)


def _zero(digit):
    kind = digit.random.random()
    if kind < 0.25 or digit.width < 3 * digit.pen:  # a slash would fill a narrow loop
        return _overshooting_loop(digit)
    centre = np.array([(digit.left + digit.right) / 2, (digit.top + digit.bottom) / 2])
    centre += [digit.between(-0.06, 0.06) * digit.width, digit.between(-0.06, 0.06) * digit.height]
    if kind < 0.32:
        digit.stroke(centre, centre + [0, 1], width=1.3)
        return digit.img
    # Steeper than the diagonal of the zero's bounding box: a slash, not the waist of an 8.
    reach = digit.between(0.3, 0.85)
    half = (
        np.array([digit.width * digit.between(0.2, 1.1), -digit.height * digit.between(0.6, 1.1)])
        * reach
    )
    if digit.random.random() < 0.15:
        half[0] *= -1
    digit.stroke(centre - half, centre + half)
    return digit.img


def _overshooting_loop(digit):
    """Continue the loop past its start: flat to the right, unlike a 6, or a short way inside."""
    columns = digit.columns_at(digit.between(0.02, 0.15))
    if columns.size:
        start = np.array([columns.mean(), digit.top + digit.pen / 2])
        if digit.random.random() < 0.6:
            rise = np.radians(digit.between(-20, 25))
            way = digit.between(0.4, 0.9) * digit.width * np.array([np.cos(rise), -np.sin(rise)])
        else:
            way = digit.between(0.15, 0.3) * digit.height * np.array([0.5, 0.9])
        digit.stroke(start, start + way, bend=(-0.2, 0.2))
    return digit.img


def _tick(digit, longest=0.4):
    """End the last stroke with a turn up to the right, as of a pen on its way to the next digit."""
    foot, middle = digit.columns_at(0.99), digit.columns_at(0.6)
    if foot.size and middle.size:
        end = np.array([foot.mean(), digit.bottom - digit.pen / 2])
        stem = np.arctan2(middle.mean() - end[0], 0.4 * digit.height)
        angle = stem + np.radians(digit.between(20, 55))
        length = digit.height * digit.between(0.12, longest)
        tip = end + length * np.array([np.sin(angle), -np.cos(angle)])
        digit.stroke(end, tip, bend=(-0.1, 0.2))
    return digit.img


def _one(digit):
    if digit.random.random() < 0.2:
        return _tick(digit)
    flag, foot = [(True, False), (True, True), (False, True)][
        digit.random.choice(3, p=[0.6, 0.3, 0.1])
    ]
    if digit.width > 0.75 * digit.height:
        return digit.img  # so slanted that a flag would turn it into another character
    if flag:
        tip = np.array([digit.columns_at(0).mean(), digit.top + digit.pen / 2])
        length = digit.between(0.15, 0.7 if foot else 0.9)
        # A long, flat flag would turn it into a 7.
        angle = np.radians(digit.between(22, 86 - 38 * length))
        length *= digit.height
        digit.stroke(
            tip, tip + length * np.array([-np.sin(angle), np.cos(angle)]), bend=(-0.2, 0.2)
        )
    if foot:
        base = np.array([digit.columns_at(1).mean(), digit.bottom - digit.pen / 2])
        half = digit.height * digit.between(0.15, 0.4)
        lean = digit.between(-0.15, 0.15)
        digit.stroke(base - [half, -half * lean], base + [half, -half * lean])
    return digit.img


def _seven(digit):
    if digit.random.random() < 0.25:
        _tick(digit, longest=0.22)
    if digit.random.random() < 0.8:
        row = digit.between(0.42, 0.65)
        stem = digit.columns_at(row)
        if stem.size:
            middle = np.array([stem.mean(), digit.top + row * digit.height])
            lean = digit.between(-0.35, 0.2)
            left, right = (
                digit.between(0.2, 0.5) * digit.width,
                digit.between(0.2, 0.5) * digit.width,
            )
            digit.stroke(
                middle - [left, left * lean], middle + [right, right * lean], bend=(-0.15, 0.15)
            )
    if digit.random.random() < 0.4:
        corner = np.array([digit.left + digit.pen / 2, digit.top + digit.pen / 2])
        rows = np.flatnonzero(digit.img[:, int(corner[0])] > 100)
        if rows.size:
            corner[1] = rows[0] + digit.pen / 2
        fall = digit.height * digit.between(0.08, 0.28)
        digit.stroke(corner, corner + [digit.between(-0.4, 0.3) * fall, fall])
    return digit.img


def _may_erase(digit):
    """Decide whether to erase ink: not often, and not from blots, which would become a zero."""
    return digit.random.random() < 0.4 and digit.width > 4 * digit.pen


def _five(digit):
    if not _may_erase(digit):
        return digit.img
    row = digit.top + digit.between(0.2, 0.3) * digit.height
    left = digit.left - digit.pen
    digit.stroke((left, row), (left + digit.pen + 0.45 * digit.width, row), ink=0)
    return digit.img


def _six(digit):
    if not _may_erase(digit):
        return digit.img
    column = digit.left + digit.between(0.35, 0.6) * digit.width
    rows = (
        digit.top + np.array([digit.between(0.25, 0.4), digit.between(0.58, 0.68)]) * digit.height
    )
    digit.stroke((column, rows[0]), (column, rows[1]), ink=0, width=digit.between(0.5, 1))
    return digit.img


def _eight(digit):
    columns = digit.columns_at(0.04)
    if columns.size:
        gap = np.array([columns.mean() + digit.between(-0.1, 0.4) * digit.width, digit.top])
        reach = digit.between(0.12, 0.25) * digit.height
        digit.stroke(gap - [0, 1], gap + [0, reach], ink=0, width=digit.between(0.6, 1.3))
    return digit.img


def _nine(digit):
    if digit.random.random() < 0.6:
        # Push the tail below the loop to the left, as a whole or more and more towards its end.
        rows = np.arange(len(digit.img), dtype=np.float32)[:, np.newaxis]
        below = (rows - digit.top) / digit.height - digit.between(0.3, 0.5)
        push = np.sin(np.pi / 2 * np.clip(below / digit.between(0.12, 0.5), 0, 1))
        columns = np.arange(digit.img.shape[1]) + push * digit.between(0.15, 0.55) * digit.width
        columns = columns.astype(np.float32)
        rows = np.broadcast_to(rows, columns.shape)
        return cv2.remap(digit.img, columns, np.ascontiguousarray(rows), cv2.INTER_LINEAR)
    foot = digit.columns_at(0.98)
    if foot.size:
        base = np.array([foot.mean(), digit.bottom - digit.pen / 2])
        reach = digit.height * digit.between(0.12, 0.4)
        digit.stroke(base, base + [-reach, -reach * digit.between(-0.1, 0.5)], bend=(0.1, 0.4))
    return digit.img


_STYLES = {0: _zero, 1: _one, 5: _five, 6: _six, 7: _seven, 8: _eight, 9: _nine}
