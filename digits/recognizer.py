"""Read pictures: which digits they show, how sure that is, and which ink counted."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice

import numpy as np

from digits.engine import load_engine
from digits.ink import analyse
from digits.model_file import load_metadata, model_path
from digits.normalization import normalize_crop, normalize_ink
from digits.number_reader import NumberReader
from digits.occlusion import occlusion_map
from digits.outlines import fill_outlines
from digits.picture_reading import (
    PictureReading,
    is_sure,
    more_legible,
    more_legible_blurred,
    with_small,
    without_illegible,
)
from digits.reading import BLANK, doubted, judge, judge_in_picture

_BATCH = 32  # drawings in one call of the network: more are no faster, and exceed the cache
_BATCHES = 32  # in memory at a time

# Energy of what a 1 and the pieces beside it make together, above that of the 1 alone, at most if
# it is certainly one digit: strokes of a 7 that do not touch reach 1, a 1 behind a minus 4.
_MAX_COMPLETED_EXCESS = 1.5


class Recognizer:
    """Reads handwritten digits. Make one with `Recognizer.load`; threads may share it.

    Parameters
    ----------
    infer : callable
        Takes model inputs, float32 (n, 28, 28), ink 1 on paper 0; returns the features before the
        last layer, (n, d), and the logits of the ten digits, (n, 10). Called from any thread.
    thresholds : dict
        ``"energy"``: the largest energy of a digit; ``"confidence"``: the smallest probability of
        a digit that is read without hesitation.
    sha256 : str, optional
        Of the model file.
    """

    def __init__(self, infer, thresholds, sha256=None):
        self._infer = infer
        self.thresholds = thresholds
        self.sha256 = sha256

    @classmethod
    def load(cls, path=None):
        """Load a model and the metadata beside it.

        Parameters
        ----------
        path : path-like, optional
            A ``.keras`` file; its metadata is the ``.json`` file of the same name. Default: the
            environment variable ``DIGITS_MODEL``, else the model of this project.

        Returns
        -------
        Recognizer

        Raises
        ------
        ModelFileError
            If a file is missing or broken, or the two do not belong together.
        """
        path = model_path(path)
        metadata = load_metadata(path)
        return cls(load_engine(path), metadata["thresholds"], metadata["sha256"])

    def read(self, image):
        """Read a picture as one digit.

        Parameters
        ----------
        image : PIL.Image.Image or ndarray of uint8, shape (H, W), (H, W, 3) or (H, W, 4)
            See `digits.normalization.normalize`.

        Returns
        -------
        Reading

        Raises
        ------
        PictureError
            If `image` is neither a PIL image nor such an array, or is of a broken file, or has
            floating-point grey levels, no pixels, or more than 50 million.
        """
        [reading] = self._read_batch([image])
        return reading

    def read_many(self, images):
        """Read any number of pictures, each as one digit, in batches and on all cores.

        Parameters
        ----------
        images : iterable of images
            Each as in `read`.

        Returns
        -------
        list of Reading
            In the order of `images`.

        Raises
        ------
        PictureError
            As in `read`, of the first such image.
        """
        images, readings = iter(images), []
        batches = iter(lambda: list(islice(images, _BATCH)), [])
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            while some := list(islice(batches, _BATCHES)):
                for part in threads.map(self._read_batch, some):
                    readings += part
        return readings

    def read_digits(self, image):
        """Read all digits of a picture.

        Parameters
        ----------
        image : PIL.Image.Image or ndarray of uint8, shape (H, W), (H, W, 3) or (H, W, 4)
            See `digits.normalization.normalize`.

        Returns
        -------
        list of Reading
            In reading order, at least one: a picture that shows no number is read as by `read`.

        Raises
        ------
        PictureError
            As in `read`.
        """
        return self.read_picture(image).digits

    def read_picture(self, image):
        """Read a picture both as one digit and as all its digits, looking at it once.

        Parameters
        ----------
        image : PIL.Image.Image or ndarray of uint8
            As in `read`.

        Returns
        -------
        PictureReading

        Raises
        ------
        PictureError
            As in `read`.
        """
        return self._read_layout(analyse(image))

    def features(self, model_inputs):
        """Compute what the last layer of the network judges.

        Parameters
        ----------
        model_inputs : ndarray of float32, shape (n, 28, 28)

        Returns
        -------
        ndarray of float32, shape (n, d)
            128 features each with the model of this project.
        """
        return self._infer(model_inputs)[0]

    def occlusion_map(self, reading):
        """Find the ink that a reading rests on.

        By occlusion (Zeiler and Fergus, "Visualizing and understanding convolutional networks",
        ECCV 2014): how much less probable the digit becomes when a patch of ink is taken away. It
        needs no gradients, so it works with any inference function.

        Parameters
        ----------
        reading : Reading
            Only its ``model_input`` counts.

        Returns
        -------
        ndarray of float32, shape (28, 28)
            From 0, irrelevant, to 1, the ink that counted most; all zeros if blank.
        """
        return occlusion_map(self._infer, reading.model_input)

    def _read_batch(self, images):
        """Read pictures, each as one digit: hollow, in broken strokes or on rough ground, too."""
        layouts = list(map(analyse, images))
        whole = iter(self._read_layouts([layout for layout in layouts if layout.is_plain]))
        return [
            self._read_whole(*next(whole)) if layout.is_plain else self._read_layout(layout).whole
            for layout in layouts
        ]

    def _read_layout(self, layout):
        """Read a picture as it is, and if that leaves doubt, without its texture, too."""
        read = self._read_closed(layout)
        if is_sure(read) or layout.blurred is None:
            return read
        return more_legible_blurred(read, self._read_closed(layout.blurred))

    def _read_closed(self, layout):
        """Read the strokes of a picture as they are, or closed if they are read better so."""
        read = self._read_strokes(layout)
        if is_sure(read) or layout.closed is None:
            return read
        return more_legible(read, self._read_strokes(layout.closed))

    def _read_strokes(self, layout):
        """Read a picture both as one digit and as all its digits."""
        [(layout, whole)] = self._read_layouts([layout])
        parts = self._numbers(layout).read(whole) or [whole]
        solid, filled = self._fill(layout, whole)
        if filled:
            hollow = self._numbers(solid).read(filled) or [filled]
            if all(part.verdict == "digit" for part in hollow):
                layout, parts = solid, [doubted(part) for part in hollow]
            whole = _of_hollow_digit(filled, whole)
        read = without_illegible(PictureReading(whole, parts, layout))
        if layout.small is None or any(part.digit is None for part in read.digits):
            return read
        return with_small(read, self._numbers(layout.small).read_among_words())

    def _read_whole(self, layout, whole):
        """Read as one digit what may be hollow, given its reading as it is."""
        return _of_hollow_digit(self._fill(layout, whole)[1], whole)

    def _fill(self, layout, whole):
        """Fill what may be hollow digits: the layout and its reading as a whole, or None, None."""
        if layout.framed:
            layout = replace(layout.framed, may_hold_sign=False, is_drawing=False)
        elif whole.verdict != "not_a_digit" or layout.is_drawing:
            return None, None
        solid = fill_outlines(layout.ink)
        if solid is None:
            return None, None
        [filled] = self._read_inked([(normalize_ink(solid), layout.picture_box)])
        return replace(layout, ink=solid), filled

    def _read_layouts(self, layouts):
        """Read pictures, each as one digit: of each its layout, or the fuller one, and its reading.

        A piece that was left out belongs to the digit if the digit looks more like one with it, or
        if it makes another digit of a 1: a stroke looks like a 1 whatever it is a part of. One that
        stands within the digit and does not belong to it leaves doubt.
        """
        layouts = list(layouts)
        fuller = [layout.fuller for layout in layouts if layout.fuller]
        inputs = [None if p.ink is None else normalize_crop(p.ink) for p in layouts + fuller]
        boxes = [layout.picture_box for layout in layouts + fuller]
        readings = self._read_inked(list(zip(inputs, boxes, strict=True)))
        with_pieces = iter(zip(fuller, readings[len(layouts) :], strict=True))
        chosen = []
        for layout, reading in zip(layouts, readings[: len(layouts)], strict=True):
            if layout.fuller:
                layout, reading = _more_complete((layout, reading), next(with_pieces))
            chosen.append((layout, judge_in_picture(reading, layout)))
        return chosen

    def _numbers(self, layout):
        return NumberReader(layout, self._read_inked, self.thresholds["energy"])

    def _read_inked(self, located):
        """Read (model input or None, box) pairs."""
        inputs = [model_input for model_input, _ in located if model_input is not None]
        if not inputs:
            return [BLANK] * len(located)
        features, logits = self._infer(np.stack(inputs))
        rows = iter(zip(logits, features, strict=True))
        return [
            BLANK if model_input is None else judge(*next(rows), self.thresholds, model_input, box)
            for model_input, box in located
        ]


def _of_hollow_digit(filled, whole):
    """Choose the reading of the filled ink, if there is any and it is a digit: an unsure one."""
    return doubted(filled) if filled and filled.verdict == "digit" else whole


def _more_complete(certain, fuller):
    """Choose between (layout, reading) without the pieces that may belong to a digit, and with."""
    (layout, reading), (whole_layout, whole) = certain, fuller
    left, top, right, bottom = layout.picture_box
    pieces = [each.box for each in layout.left_out if each not in whole_layout.left_out]
    middles = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in pieces]
    if whole.digit is None:
        is_within = any(left < x < right and top < y < bottom for x, y in middles)
        return layout, doubted(reading) if is_within else reading
    if whole.energy < reading.energy:
        return fuller
    is_underlined = any(y > bottom for _, y in middles)
    if reading.digit == 1 and whole.digit != 1 and whole.verdict == "digit" and not is_underlined:
        is_clear = whole.energy < reading.energy + _MAX_COMPLETED_EXCESS
        return whole_layout, whole if is_clear else doubted(whole)
    return certain
