"""A trained model file and a drawing in, a reading out."""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from digits.backend import for_any_thread, import_keras, with_features
from digits.drawing import SIDE, ink, normalize, normalize_ink, pieces
from digits.gate import open_picture

MODEL = Path(__file__).resolve().parent.parent / "models" / "mnist_cnn_albu.keras"
_PATCH, _STRIDE = 5, 3  # of the evidence, in pixels of the 28x28 field
_MOST_TOGETHER = 5  # parts of a drawing in one digit
_WIDEST = 1.5  # times as wide as the number is tall: no digit
# What speaks against a digit of a number, in units of log probability: that it is one more, looks
# strange, is wide, parts connected ink; and against a number, that the whole is read as a digit.
_EACH, _STRANGE, _MARGIN, _WIDE, _USUAL, _CUT, _WHOLE = 0.5, 0.5, 5.0, 8.0, 0.7, 6.0, 2.0
_MOST_DOUBT, _MEAN_DOUBT = 3.0, -1.0  # of the digits of a number, above the largest of a digit
_CHUNK = 32  # drawings in one call of the network: more gain no speed, and leave the cache
_CHUNKS = 32  # of them in memory at a time


class ModelFileError(ValueError):
    """The model file or its facts cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Reading:
    """What was read from one drawing.

    Attributes
    ----------
    digit : int or None
        The most probable digit; None if the verdict is ``"not_a_digit"`` or ``"blank"``.
    probabilities : ndarray of float32, shape (10,)
        Calibrated, sum 1; all 0.1 if blank.
    verdict : {"digit", "unsure", "not_a_digit", "blank"}
    seen : ndarray of float32, shape (28, 28)
        What the network was shown: ink 1 on paper 0.
    doubt : float
        How little the drawing looks like any digit: negative energy of Liu et al., "Energy-based
        out-of-distribution detection", NeurIPS 2020. Infinite if blank.
    """

    digit: int | None
    probabilities: np.ndarray
    verdict: str
    seen: np.ndarray
    doubt: float

    @property
    def top(self):
        """All ten (digit, probability) pairs, the most probable first."""
        order = np.argsort(-self.probabilities, kind="stable")
        return [(int(digit), float(self.probabilities[digit])) for digit in order]


BLANK = Reading(
    None,
    np.full(10, 0.1, np.float32),
    "blank",
    np.zeros((SIDE, SIDE), np.float32),
    float("inf"),
)


class Recognizer:
    """Reads drawings of single digits. Make one with `Recognizer.load`; safe to share by threads.

    Parameters
    ----------
    network : keras.Sequential
        (n, 28, 28, 1) to (n, 10) probabilities, a softmax `Dense` layer at its end. On OpenVINO it
        is rebuilt in place: read with the recognizer only.
    thresholds : dict
        ``"doubt"``: the largest doubt of a digit; ``"confidence"``: the smallest probability of a
        digit that is read without hesitation.
    """

    def __init__(self, network, thresholds):
        self._run = for_any_thread(with_features(network))
        self._kernel, self._bias = map(np.asarray, network.layers[-1].get_weights())
        self._thresholds = thresholds

    @classmethod
    def load(cls, path=None):
        """Load a model and the facts beside it, and warm it up.

        Parameters
        ----------
        path : path-like, optional
            A ``.keras`` file; its facts are the ``.json`` file of the same name. Default: the
            environment variable ``DIGITS_MODEL``, else the model of this project.

        Returns
        -------
        Recognizer

        Raises
        ------
        ModelFileError
            If a file is missing or broken, or the two do not belong together.
        """
        keras = import_keras()
        path = Path(path or os.environ.get("DIGITS_MODEL") or MODEL)
        facts = _load_facts(path)
        try:
            network = keras.saving.load_model(path, compile=False)
        except Exception as error:  # a broken archive can fail anywhere inside Keras
            raise ModelFileError(
                f"{path} is no model that Keras {keras.__version__} can load: restore it or run "
                "the training notebook again."
            ) from error
        shapes = network.input_shape, network.output_shape
        if shapes != ((None, SIDE, SIDE, 1), (None, 10)) or not isinstance(
            network, keras.Sequential
        ):
            raise ModelFileError(
                f"{path} is a {type(network).__name__} from {shapes[0]} to {shapes[1]}, not a "
                "Sequential from 28x28 images to ten digits: restore it or run the training "
                "notebook again."
            )
        return cls(network, facts["thresholds"])

    def read(self, image):
        """Read one drawing.

        Parameters
        ----------
        image : PIL.Image.Image or ndarray of uint8, shape (H, W), (H, W, 3) or (H, W, 4)
            See `digits.drawing.normalize`.

        Returns
        -------
        Reading

        Raises
        ------
        PictureError
            If `image` is neither a PIL image nor such an array.
        """
        return self._read_normalized([normalize(image)])[0]

    def read_file(self, path):
        """Read a picture file.

        Parameters
        ----------
        path : path-like or binary file
            A PNG, JPEG, WebP, GIF, BMP or TIFF; of several pictures in it, the first.

        Returns
        -------
        dict
            What programs are told, ready for JSON: ``digit``, ``verdict`` and ``probabilities`` of
            the picture as one digit, and ``digits``, those of the number in it from left to right:
            empty if there is none.

        Raises
        ------
        PictureError
            If the file is missing, no whole picture, or too large: see `open_picture`.
        """
        with open_picture(path) as image:
            readings = self.read_number(image)
            reading = readings[0] if len(readings) == 1 else self.read(image)
        return {
            "verdict": reading.verdict,
            "digit": reading.digit,
            "digits": [each.digit for each in readings if each.digit is not None],
            "probabilities": [round(float(p), 6) for p in reading.probabilities],
        }

    def read_many(self, images):
        """Read any number of drawings, many at a time.

        Parameters
        ----------
        images : iterable of images
            Each as in `read`.

        Returns
        -------
        list of Reading
            In the order of `images`.
        """

        def read_chunk(chunk):
            return self._read_normalized([normalize(image) for image in chunk])

        images, readings = iter(images), []
        chunks = iter(lambda: list(islice(images, _CHUNK)), [])
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            while some := list(islice(chunks, _CHUNKS)):
                for part in threads.map(read_chunk, some):
                    readings += part
        return readings

    def read_number(self, image):
        """Read all digits of a drawing.

        The drawing is taken apart into its pieces of ink, cut further where digits may touch, which
        are put together, neighbours only, in the way that makes the best digits: segmentation by
        recognition, as in section IV of LeCun et al., 1998.

        Parameters
        ----------
        image : PIL.Image.Image or ndarray of uint8, shape (H, W), (H, W, 3) or (H, W, 4)
            See `digits.drawing.normalize`.

        Returns
        -------
        list of Reading
            From left to right, at least one. What is no number is read as `read` does.

        Raises
        ------
        PictureError
            If `image` is neither a PIL image nor such an array.
        """
        whole = ink(image)
        [alone] = self._read_normalized([normalize_ink(whole)])
        if alone.verdict == "blank":
            return [alone]
        size = np.ptp(np.argwhere(alone.seen > 0), axis=0)
        as_one = _least_cost(*size) + self._strangeness(alone) - _WHOLE
        if as_one <= 2 * _EACH:  # less than any number costs
            return [alone]
        number = self._number(*pieces(whole), np.inf if alone.digit is None else as_one)
        # A face or a house has pieces too: every digit of a number looks somewhat like one, and
        # beside others that do, it may be a strange one.
        doubts = np.array([reading.doubt for reading in number]) - self._thresholds["doubt"]
        if len(number) < 2 or doubts.max() > _MOST_DOUBT or doubts.mean() > _MEAN_DOUBT:
            return [alone]
        return [
            replace(each, digit=each.top[0][0], verdict="unsure") if each.digit is None else each
            for each in number
        ]

    def _number(self, parts, connected, limit):
        """Put parts together in the cheapest way; an empty list if none costs less than `limit`.

        Only what may be in the cheapest number is read, since ink costs something unread.
        """
        rows, columns = (
            [np.flatnonzero(part.any(axis=axis))[[0, -1]] for part in parts] for axis in (1, 0)
        )
        tall = np.ptp(rows) if parts else 0
        least = {}
        for end in range(1, len(parts) + 1):
            for start in range(max(0, end - _MOST_TOGETHER), end):
                wide = np.ptp(columns[start:end])
                if start == end - 1 or wide < _WIDEST * tall:
                    is_cut = set(connected[:start]) & set(connected[start:])
                    least[start, end] = _least_cost(tall, wide) + (_CUT if is_cut else 0)
        costs, readings = least.copy(), {}
        while True:
            cost, chain = _cheapest(costs, len(parts))
            if cost >= limit:
                return []
            unread = [span for span in chain if span not in readings]
            if not unread:
                return [readings[span] for span in chain]
            groups = []
            for span in unread:
                left, right = np.min(columns[slice(*span)]), np.max(columns[slice(*span)]) + 1
                groups.append(np.maximum.reduce([p[:, left:right] for p in parts[slice(*span)]]))
            found = self._read_normalized([normalize_ink(group) for group in groups])
            for span, reading in zip(unread, found, strict=True):
                readings[span], costs[span] = reading, least[span] + self._strangeness(reading)

    def _strangeness(self, reading):
        """How much speaks against ink being the digit it is read as: 0 or more."""
        strange = max(0.0, reading.doubt - self._thresholds["doubt"] + _MARGIN)
        return _STRANGE * strange - np.log(max(reading.probabilities.max(), 1e-9))

    def evidence(self, reading):
        """Find where in a drawing the evidence for its reading was.

        By occlusion (Zeiler and Fergus, "Visualizing and understanding convolutional networks",
        ECCV 2014): how much less probable the digit becomes when a patch of ink is taken away. It
        needs no gradients, so it works on every backend.

        Parameters
        ----------
        reading : Reading
            Only its ``seen`` counts.

        Returns
        -------
        ndarray of float32, shape (28, 28)
            From 0, of no account, to 1, the ink that counted most; all zeros if blank.
        """
        heat = np.zeros((SIDE, SIDE), np.float32)
        steps = range(0, SIDE - _PATCH + 1, _STRIDE)
        patches = [np.s_[y : y + _PATCH, x : x + _PATCH] for y in steps for x in steps]
        patches = [patch for patch in patches if reading.seen[patch].any()]
        if not patches:
            return heat
        pictures = np.repeat(reading.seen[np.newaxis], len(patches) + 1, axis=0)
        for picture, patch in zip(pictures[1:], patches, strict=True):
            picture[patch] = 0
        logits, _ = self._forward(pictures)
        scores = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        losses = (scores[0] - scores[1:])[:, scores[0].argmax()]
        for patch, loss in zip(patches, losses, strict=True):
            heat[patch] += max(loss, 0)
        heat *= reading.seen > 0
        return heat / max(heat.max(), 1e-9)

    def _read_normalized(self, seen):
        inked = [drawing for drawing in seen if drawing is not None]
        if not inked:
            return [BLANK] * len(seen)
        readings = map(self._judge, inked, *self._forward(np.stack(inked)))
        return [BLANK if drawing is None else next(readings) for drawing in seen]

    def _forward(self, seen):
        features, probabilities = self._run(seen)
        return features @ self._kernel + self._bias, probabilities

    def _judge(self, seen, logits, probabilities):
        doubt = -np.logaddexp.reduce(logits)
        verdict = "digit"
        if doubt > self._thresholds["doubt"]:
            verdict = "not_a_digit"
        elif probabilities.max() < self._thresholds["confidence"]:
            verdict = "unsure"
        digit = None if verdict == "not_a_digit" else int(probabilities.argmax())
        return Reading(digit, probabilities, verdict, seen, float(doubt))


def _least_cost(tall, wide):
    """How much speaks against unread ink so wide being one digit of a number so tall."""
    return _EACH + _WIDE * max(0.0, wide / max(tall, 1) - _USUAL)


def _cheapest(costs, end):
    """Find the cheapest chain of spans from 0 to `end`: what it costs, and its spans.

    `costs` are those of the spans (start, end), in the order of their ends.
    """
    best = {0: (0.0, [])}
    for span, cost in costs.items():
        total, chain = best[span[0]]
        if span[1] not in best or total + cost < best[span[1]][0]:
            best[span[1]] = total + cost, [*chain, span]
    return best[end]


def _load_facts(path):
    """Read the facts beside a model file and check that they are about this file."""
    if not path.is_file():
        raise ModelFileError(
            f"There is no model {path}: restore it, run the training notebook, or give another "
            "path in DIGITS_MODEL."
        )
    facts_path = path.with_suffix(".json")
    try:
        facts = json.loads(facts_path.read_text(encoding="utf-8"))
        sha256, thresholds = facts["sha256"], facts["thresholds"]
        float(thresholds["doubt"]), float(thresholds["confidence"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(
            f"{facts_path}, the facts of the model, is missing or broken: restore it or run the "
            "training notebook again."
        ) from error
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise ModelFileError(
            f"{path} is not the model that {facts_path.name} describes: restore both or run the "
            "training notebook again."
        )
    return facts
