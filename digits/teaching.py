"""Make readings follow what a visitor has corrected.

A correction is kept as the network's features of the drawing. The mean of the features that were
taught for one digit is the centre of a class, as in Snell et al., "Prototypical networks for
few-shot learning", NIPS 2017: a drawing near it gets a higher logit for this digit, and any other
drawing is read as before.
"""

from dataclasses import dataclass

import numpy as np

from digits.reading import judge


@dataclass(frozen=True)
class Teaching:
    """How far taught drawings reach; chosen by ``benchmarks.teaching``.

    Attributes
    ----------
    threshold : float
        Cosine similarity of features, from which on a drawing follows those that were taught.
    weight : float
        What is added to the logit where the similarity is 1. It rises linearly from 0 at
        `threshold`.
    """

    threshold: float = 0.6
    weight: float = 6.0


TEACHING = Teaching()


def follow(reading, means, thresholds):
    """Let a reading follow what was taught, if it is close to that.

    Parameters
    ----------
    reading : digits.Reading
    means : dict of int to ndarray of shape (d,)
        For each digit that was taught, the mean of the features of the taught drawings. A mean of
        another length than the reading's features is ignored.
    thresholds : dict
        See `digits.recognizer.Recognizer`.

    Returns
    -------
    Reading
        `reading` itself unless a similar drawing was taught and its digit now wins. What was taught
        then counts for more than what makes the picture doubtful.
    is_taught : bool
        Whether it was changed in this way.
    """
    if reading.features is None:
        return reading, False
    means = {digit: mean for digit, mean in means.items() if mean.size == reading.features.size}
    [raised] = taught_logits(reading.features[np.newaxis], means)
    logits = np.log(np.maximum(reading.probabilities, 1e-30)) - np.float32(reading.energy)
    followed = judge(
        logits + raised,
        reading.features,
        thresholds,
        reading.model_input,
        reading.box,
        reading.line,
    )
    if followed.digit is None or not raised[followed.digit]:
        return reading, False
    return followed, True


def taught_logits(features, means, teaching=TEACHING):
    """Measure how much what was taught speaks for each digit.

    Parameters
    ----------
    features : ndarray, shape (n, d)
        Of the drawings that are read.
    means : dict of int to ndarray of shape (d,)
        Of the digits that were taught, the mean of the features of the taught drawings.
    teaching : Teaching

    Returns
    -------
    ndarray of float32, shape (n, 10)
        To be added to the logits; all zeros in a row if nothing alike was taught.
    """
    raised = np.zeros((len(features), 10), np.float32)
    for digit, mean in means.items():
        length = np.linalg.norm(features, axis=1) * np.linalg.norm(mean)
        similarity = features @ mean / np.maximum(length, 1e-9)
        excess = (similarity - teaching.threshold) / (1 - teaching.threshold)
        raised[:, digit] = teaching.weight * excess.clip(0, 1)
    return raised
