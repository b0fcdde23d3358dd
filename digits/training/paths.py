"""Measure how far the path of a pen reaches, and find points at even distances along it."""

import numpy as np


def bounding_box(strokes):
    """Smallest and largest x and y of strokes.

    Parameters
    ----------
    strokes : list of (n, 2) arrays

    Returns
    -------
    low, high : ndarray, shape (2,)
    """
    points = np.concatenate(strokes)
    return points.min(0), points.max(0)


def distances(path):
    """Distance of each point from the first one along a path, (n, 2); shape (n,)."""
    return np.append(0, np.cumsum(np.hypot(*np.diff(path, axis=0).T)))


def evenly_spaced(path, count):
    """Place `count` points at even distances along a path, (n, 2); shape (count, 2)."""
    along = distances(path)
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, axis) for axis in path.T], axis=1)
