"""Measure accuracy and calibration, given probabilities and labels."""

import numpy as np

BINS = 15
"""Of equal width, over the confidence."""


def negative_log_likelihood(probabilities, labels):
    """Mean negative log-likelihood of the true labels.

    Parameters
    ----------
    probabilities : ndarray, shape (n, k)
    labels : ndarray of int, shape (n,)

    Returns
    -------
    float
        In nats; 0 is perfect.
    """
    chosen = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chosen, np.finfo(np.float32).tiny)).mean())


def reliability(probabilities, labels):
    """Compare confidence with accuracy in `BINS` bins over the confidence.

    Parameters
    ----------
    probabilities : ndarray, shape (n, k)
    labels : ndarray of int, shape (n,)

    Returns
    -------
    confidence, accuracy, share : ndarray, shape (BINS,)
        Means in each bin (0 where it is empty), and the share of all samples that fall in it.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    index = np.minimum((confidence * BINS).astype(int), BINS - 1)
    count = np.bincount(index, minlength=BINS)
    filled = np.maximum(count, 1)
    return (
        np.bincount(index, confidence, BINS) / filled,
        np.bincount(index, right, BINS) / filled,
        count / len(labels),
    )


def expected_calibration_error(probabilities, labels):
    """Mean difference between confidence and accuracy, weighted by the samples in each bin.

    Parameters
    ----------
    probabilities : ndarray, shape (n, k)
    labels : ndarray of int, shape (n,)

    Returns
    -------
    float
        In [0, 1]; 0 is perfect.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger: On calibration of modern neural networks.
    ICML 2017.
    """
    confidence, accuracy, share = reliability(probabilities, labels)
    return float((np.abs(confidence - accuracy) * share).sum())


def macro_accuracy(right, groups):
    """Accuracy of each group, averaged over the groups: a large one counts no more than a small.

    Parameters
    ----------
    right : array-like of bool, shape (n,)
    groups : sequence of str, length n
        Such as the writing site of each sample.

    Returns
    -------
    float
        In [0, 1].
    """
    right, groups = np.asarray(right), np.asarray(groups)
    return float(np.mean([right[groups == group].mean() for group in np.unique(groups)]))
