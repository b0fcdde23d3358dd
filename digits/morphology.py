"""Grey or binary images in, images or labels out: the standard operations of morphology.

All of them use a square structuring element of side ``2 * radius + 1`` and treat what lies outside
the image as absent, so that an edge neither grows nor shrinks what touches it.

References
----------
P. Soille: Morphological Image Analysis. Springer, 2nd edition, 2003.
"""

import numpy as np


def dilate(image, radius):
    """Give every pixel the largest value within `radius` rows and columns.

    Parameters
    ----------
    image : ndarray of uint8 or bool, shape (H, W)
    radius : int
        In pixels, at least 0.

    Returns
    -------
    ndarray, shape (H, W)
    """
    return _extreme(np.maximum, image, radius)


def erode(image, radius):
    """Give every pixel the smallest value within `radius` rows and columns; see `dilate`."""
    return _extreme(np.minimum, image, radius)


def close(image, radius):
    """Fill in what is darker than its surroundings and narrower than twice `radius`."""
    return erode(dilate(image, radius), radius)


def open(image, radius):
    """Remove what is lighter than its surroundings and narrower than twice `radius`."""
    return dilate(erode(image, radius), radius)


def connected_components(mask):
    """Label the 8-connected components of a mask by the runs of its rows.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)

    Returns
    -------
    ndarray of int, shape (H, W)
        0 outside; components are numbered from 1 in the order of their first pixels.
    """
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    runs = list(zip(*np.nonzero(edges == 1), np.nonzero(edges == -1)[1], strict=True))
    parent = list(range(len(runs)))

    def root(i):
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    above = 0  # the first run of the row above that may still touch
    for i, (row, start, end) in enumerate(runs):
        while runs[above][0] < row - 1 or (runs[above][0] == row - 1 and runs[above][2] < start):
            above += 1
        j = above
        while runs[j][0] == row - 1 and runs[j][1] <= end:
            parent[root(j)] = root(i)
            j += 1
    labels = np.zeros(mask.shape, int)
    numbers = {}
    for i, (row, start, end) in enumerate(runs):
        labels[row, start:end] = numbers.setdefault(root(i), len(numbers) + 1)
    return labels


def _extreme(choose, image, radius):
    """Apply a running maximum or minimum along both axes, by windows of doubling width."""
    result = np.pad(image, radius, "edge")
    for axis in (0, 1):
        width, result = 1, np.moveaxis(result, axis, 0)
        while width <= 2 * radius:
            step = min(width, 2 * radius + 1 - width)
            result = choose(result[step:], result[:-step])
            width += step
        result = np.moveaxis(result, 0, axis)
    return result
