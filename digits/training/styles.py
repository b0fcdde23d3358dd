"""Handwriting styles that MNIST lacks, drawn into its digits."""

import albumentations as A
import cv2
import numpy as np

from digits.drawing import stroke_width


class HandwritingStyle(A.ImageOnlyTransform):
    """Draw what half the world writes and MNIST's writers hardly ever did.

    Slashed and dotted zeros and such whose loop ends loosely, ones with flags and feet, crossed and
    serifed sevens, ones and sevens that end in a tick, fives whose bar hangs free, open sixes and
    eights, nines with a curl or with their tail under the loop; all in the digit's own ink width
    and grey. Needs the digit as the target ``label``; other labels pass unchanged.

    Parameters
    ----------
    p : float
        Probability that a digit gets one of its styles.
    """

    def __init__(self, p=0.5):
        super().__init__(p=p)
        self._styles = dict(zip((0, 1, 5, 6, 7, 8, 9), _STYLES, strict=True))

    @property
    def targets_as_params(self):
        """The name of the target that the parameters depend on."""
        return ["label"]

    def get_params_dependent_on_data(self, params, data):
        """Hand the label over to `apply`."""
        return {"label": data["label"]}

    def apply(self, img, label, **params):
        """Draw the style into one image, uint8 of shape (H, W)."""
        style = self._styles.get(label)
        return img if style is None else style(_Hand(img, self.random_generator))


class _Hand:
    """A digit and the pen it was written with."""

    def __init__(self, img, random):
        self.img, self.random = img, random
        self.width = stroke_width(img / np.float32(255))
        self.ink = int(img.max())
        inked = img > 100
        self.rows = np.flatnonzero(inked.any(axis=1))
        columns = np.flatnonzero(inked.any(axis=0))
        self.top, self.bottom = self.rows[0], self.rows[-1]
        self.left, self.right = columns[0], columns[-1]
        self.tall, self.wide = self.bottom - self.top + 1, self.right - self.left + 1
        self._inked = inked

    def between(self, low, high):
        return self.random.uniform(low, high)

    def columns_at(self, row):
        """Inked columns of a row given as a share of the height."""
        row = int(np.clip(self.top + row * (self.tall - 1), self.top, self.bottom))
        return np.flatnonzero(self._inked[row])

    def stroke(self, start, end, bend=(-0.1, 0.1), ink=None, width=1.0):
        """Draw a slightly bent stroke between two points (x, y)."""
        start, end = np.float64(start), np.float64(end)
        along = end - start
        control = (start + end) / 2 + self.between(*bend) * np.array([-along[1], along[0]])
        t = np.linspace(0, 1, 8)[:, np.newaxis]
        curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
        thickness = max(1, round(self.width * width * self.between(0.85, 1.1)))
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


def _zero(hand):
    kind = hand.random.random()
    if kind < 0.25 or hand.wide < 3 * hand.width:  # a slash would fill what is narrow
        return _loose_end(hand)
    centre = np.array([(hand.left + hand.right) / 2, (hand.top + hand.bottom) / 2])
    centre += [hand.between(-0.06, 0.06) * hand.wide, hand.between(-0.06, 0.06) * hand.tall]
    if kind < 0.32:
        hand.stroke(centre, centre + [0, 1], width=1.3)
        return hand.img
    # Steeper than the diagonal of the zero's own box: a slash, not the waist of an 8.
    reach = hand.between(0.3, 0.85)
    half = (
        np.array([hand.wide * hand.between(0.2, 1.1), -hand.tall * hand.between(0.6, 1.1)]) * reach
    )
    if hand.random.random() < 0.15:
        half[0] *= -1
    hand.stroke(centre - half, centre + half)
    return hand.img


def _loose_end(hand):
    """End the loop beyond its start: out to the right, flat as no 6 is, or a little way inside."""
    columns = hand.columns_at(hand.between(0.02, 0.15))
    if columns.size:
        start = np.array([columns.mean(), hand.top + hand.width / 2])
        if hand.random.random() < 0.6:
            rise = np.radians(hand.between(-20, 25))
            way = hand.between(0.4, 0.9) * hand.wide * np.array([np.cos(rise), -np.sin(rise)])
        else:
            way = hand.between(0.15, 0.3) * hand.tall * np.array([0.5, 0.9])
        hand.stroke(start, start + way, bend=(-0.2, 0.2))
    return hand.img


def _tick(hand, longest=0.4):
    """End the last stroke with a turn up to the right, as a pen that is already leaving."""
    foot, middle = hand.columns_at(0.99), hand.columns_at(0.6)
    if foot.size and middle.size:
        end = np.array([foot.mean(), hand.bottom - hand.width / 2])
        stem = np.arctan2(middle.mean() - end[0], 0.4 * hand.tall)
        angle = stem + np.radians(hand.between(20, 55))
        length = hand.tall * hand.between(0.12, longest)
        tip = end + length * np.array([np.sin(angle), -np.cos(angle)])
        hand.stroke(end, tip, bend=(-0.1, 0.2))
    return hand.img


def _one(hand):
    if hand.random.random() < 0.2:
        return _tick(hand)
    flag, foot = [(True, False), (True, True), (False, True)][
        hand.random.choice(3, p=[0.6, 0.3, 0.1])
    ]
    if hand.wide > 0.75 * hand.tall:
        return hand.img  # slanted so far that a flag would make another sign of it
    if flag:
        tip = np.array([hand.columns_at(0).mean(), hand.top + hand.width / 2])
        length = hand.between(0.15, 0.7 if foot else 0.9)
        # A long flag as flat as a bar would make a seven of it.
        angle = np.radians(hand.between(22, 86 - 38 * length))
        length *= hand.tall
        hand.stroke(tip, tip + length * np.array([-np.sin(angle), np.cos(angle)]), bend=(-0.2, 0.2))
    if foot:
        base = np.array([hand.columns_at(1).mean(), hand.bottom - hand.width / 2])
        half = hand.tall * hand.between(0.15, 0.4)
        lean = hand.between(-0.15, 0.15)
        hand.stroke(base - [half, -half * lean], base + [half, -half * lean])
    return hand.img


def _seven(hand):
    if hand.random.random() < 0.25:
        _tick(hand, longest=0.22)
    if hand.random.random() < 0.8:
        row = hand.between(0.42, 0.65)
        stem = hand.columns_at(row)
        if stem.size:
            middle = np.array([stem.mean(), hand.top + row * hand.tall])
            lean = hand.between(-0.35, 0.2)
            left, right = hand.between(0.2, 0.5) * hand.wide, hand.between(0.2, 0.5) * hand.wide
            hand.stroke(
                middle - [left, left * lean], middle + [right, right * lean], bend=(-0.15, 0.15)
            )
    if hand.random.random() < 0.4:
        corner = np.array([hand.left + hand.width / 2, hand.top + hand.width / 2])
        rows = np.flatnonzero(hand.img[:, int(corner[0])] > 100)
        if rows.size:
            corner[1] = rows[0] + hand.width / 2
        fall = hand.tall * hand.between(0.08, 0.28)
        hand.stroke(corner, corner + [hand.between(-0.4, 0.3) * fall, fall])
    return hand.img


def _rarely_and_clearly(hand):
    """Tell whether to take ink away: not often, and not from blots, which would become a zero."""
    return hand.random.random() < 0.4 and hand.wide > 4 * hand.width


def _five(hand):
    if not _rarely_and_clearly(hand):
        return hand.img
    row = hand.top + hand.between(0.2, 0.3) * hand.tall
    left = hand.left - hand.width
    hand.stroke((left, row), (left + hand.width + 0.45 * hand.wide, row), ink=0)
    return hand.img


def _six(hand):
    if not _rarely_and_clearly(hand):
        return hand.img
    column = hand.left + hand.between(0.35, 0.6) * hand.wide
    rows = hand.top + np.array([hand.between(0.25, 0.4), hand.between(0.58, 0.68)]) * hand.tall
    hand.stroke((column, rows[0]), (column, rows[1]), ink=0, width=hand.between(0.5, 1))
    return hand.img


def _eight(hand):
    columns = hand.columns_at(0.04)
    if columns.size:
        gap = np.array([columns.mean() + hand.between(-0.1, 0.4) * hand.wide, hand.top])
        reach = hand.between(0.12, 0.25) * hand.tall
        hand.stroke(gap - [0, 1], gap + [0, reach], ink=0, width=hand.between(0.6, 1.3))
    return hand.img


def _nine(hand):
    if hand.random.random() < 0.6:
        # Push what is below the loop to the left, all of it or ever farther down to its end.
        rows = np.arange(len(hand.img), dtype=np.float32)[:, np.newaxis]
        below = (rows - hand.top) / hand.tall - hand.between(0.3, 0.5)
        push = np.sin(np.pi / 2 * np.clip(below / hand.between(0.12, 0.5), 0, 1))
        columns = np.arange(hand.img.shape[1]) + push * hand.between(0.15, 0.55) * hand.wide
        columns = columns.astype(np.float32)
        rows = np.broadcast_to(rows, columns.shape)
        return cv2.remap(hand.img, columns, np.ascontiguousarray(rows), cv2.INTER_LINEAR)
    foot = hand.columns_at(0.98)
    if foot.size:
        base = np.array([foot.mean(), hand.bottom - hand.width / 2])
        reach = hand.tall * hand.between(0.12, 0.4)
        hand.stroke(base, base + [-reach, -reach * hand.between(-0.1, 0.5)], bend=(0.1, 0.4))
    return hand.img


# For the digits 0, 1 and 5 to 9.
_STYLES = (_zero, _one, _five, _six, _seven, _eight, _nine)
