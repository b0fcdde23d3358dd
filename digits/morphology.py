"""Standard operations of morphology on grey or binary images, and their connected components.

Those with a `radius` use a square structuring element of side ``2 * radius + 1`` and, unless told
otherwise, treat what lies outside the image as absent, so that an edge neither grows nor shrinks
what touches it.

References
----------
P. Soille: Morphological Image Analysis. Springer, 2nd edition, 2003.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Components:
    """The 8-connected components of a mask, in the order of their first pixels.

    Attributes
    ----------
    labels : ndarray of int32, shape (H, W)
        0 outside; component ``i`` of the other attributes is labelled ``i + 1``.
    boxes : ndarray of int, shape (n, 4)
        Left, top, right and bottom of each, in pixels, right and bottom exclusive.
    areas : ndarray of int, shape (n,)
        Pixels of each.
    """

    labels: np.ndarray
    boxes: np.ndarray
    areas: np.ndarray

    def __len__(self):
        return len(self.areas)

    @property
    def widths(self):
        """Widths of the boxes, (n,)."""
        return self.boxes[:, 2] - self.boxes[:, 0]

    @property
    def heights(self):
        """Heights of the boxes, (n,)."""
        return self.boxes[:, 3] - self.boxes[:, 1]

    def select(self, chosen):
        """Make a mask of some components.

        Parameters
        ----------
        chosen : ndarray of bool, shape (n,)

        Returns
        -------
        ndarray of bool, shape (H, W)
        """
        return np.concatenate([[False], chosen])[self.labels]

    def crop(self, i):
        """Cut component `i` out of the mask: bool, of the size of its box."""
        left, top, right, bottom = self.boxes[i]
        return self.labels[top:bottom, left:right] == i + 1


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


def grow(image, radius):
    """Dilate an image with all that this adds beyond its edges: (H + 2 * radius, ...)."""
    return _extreme(np.maximum, _padded(image, 2 * radius, 0), radius, crop=True)


def erode(image, radius):
    """Give every pixel the smallest value within `radius` rows and columns; see `dilate`."""
    return _extreme(np.minimum, image, radius)


def close(image, radius):
    """Fill what is darker than its surroundings and at most `2 * radius` pixels wide."""
    return erode(dilate(image, radius), radius)


def close_inside(image, radius):
    """Close an image as if all were dark outside: what is dark up to an edge is not filled in."""
    return _extreme(np.minimum, _extreme(np.maximum, image, radius, outside=0), radius, crop=True)


def open(image, radius):
    """Remove what is lighter than its surroundings and at most `2 * radius` pixels wide."""
    return dilate(erode(image, radius), radius)


def connected_components(mask):
    """Find the 8-connected components of a mask, by the runs of its rows.

    Runs of neighbouring rows that touch are united by hooking the larger number to the smaller and
    jumping pointers (Shiloach and Vishkin, "An O(log n) parallel connectivity algorithm", Journal
    of Algorithms 3(1), 1982), all runs at a time.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)

    Returns
    -------
    Components
    """
    rows, starts, ends, root = _united_runs(mask)
    is_root = root == np.arange(root.size)
    number = (np.cumsum(is_root) - 1)[root]  # of its component, for each run
    count = int(is_root.sum())
    labels = np.zeros(mask.shape, np.int32)
    labels[mask] = np.repeat(number + 1, ends - starts)
    boxes = np.empty((count, 4), int)
    boxes[:, :2], boxes[:, 2:] = max(mask.shape), 0
    for column, values, extreme in (
        (0, starts, np.minimum),
        (1, rows, np.minimum),
        (2, ends, np.maximum),
        (3, rows + 1, np.maximum),
    ):
        extreme.at(boxes[:, column], number, values)
    areas = np.bincount(number, ends - starts, count).astype(int)
    return Components(labels, boxes, areas)


def is_connected(mask):
    """Return whether a mask has one component, in half the time that it takes to find them."""
    *_, root = _united_runs(mask)
    return bool(root.size and not root.any())


def _united_runs(mask):
    """Find the runs of a mask's rows: row, start, end, and the first run of the same component."""
    rows, starts, ends = _runs(mask)
    width = mask.shape[1] + 2  # a run may touch, diagonally, what is one column further
    above = (rows - 1) * width
    first = np.searchsorted(rows * width + ends, above + starts, "left")
    last = np.searchsorted(rows * width + starts, above + ends, "right")
    touching = np.maximum(last - first, 0)
    lower = np.repeat(np.arange(rows.size), touching)
    place = np.arange(lower.size) - np.repeat(np.cumsum(touching) - touching, touching)
    upper = first[lower] + place

    parent = np.arange(rows.size)
    while True:
        a, b = parent[lower], parent[upper]
        apart = a != b
        if not apart.any():
            break
        np.minimum.at(parent, np.maximum(a, b)[apart], np.minimum(a, b)[apart])
        while (parent != (jumped := parent[parent])).any():
            parent = jumped
    return rows, starts, ends, parent


def run_lengths(mask):
    """Measure how long the vertical run is that each pixel of a mask lies in.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)

    Returns
    -------
    ndarray of int32, shape (H, W)
        0 outside the mask.
    """
    turned = np.ascontiguousarray(mask.T)
    _, starts, ends = _runs(turned)
    lengths = ends - starts
    runs = np.zeros(turned.shape, np.int32)
    runs[turned] = np.repeat(lengths, lengths)
    return runs.T


def _runs(mask):
    """Find the runs of a mask's rows, from the top: the row of each, its start and its end."""
    height, width = mask.shape
    padded = np.zeros((height, width + 2), bool)
    padded[:, 1:-1] = mask
    edges = np.flatnonzero(padded[:, 1:] != padded[:, :-1])  # a start and an end in turn
    rows, starts = np.divmod(edges[::2], width + 1)
    return rows, starts, edges[1::2] - rows * (width + 1)


def _extreme(choose, image, radius, outside=None, crop=False):
    """Apply a running maximum or minimum along both axes, by windows of doubling width.

    With `outside`, a value, the result is larger than the image by `radius` on all sides; with
    `crop` it is smaller by as much.
    """
    if crop:
        result = image
    elif outside is None:
        least = np.zeros((), image.dtype)
        result = _padded(image, radius, least if choose is np.maximum else ~least)
    else:
        result = _padded(image, 2 * radius, outside)
    for _ in ("rows", "columns"):
        width = 1
        while width <= 2 * radius:
            step = min(width, 2 * radius + 1 - width)
            result = choose(result[step:], result[:-step])
            width += step
        result = result.T
    return result


def _padded(image, margin, value):
    """Surround an image by a value: several times faster than `np.pad`."""
    height, width = image.shape
    padded = np.full((height + 2 * margin, width + 2 * margin), value, image.dtype)
    padded[margin : margin + height, margin : margin + width] = image
    return padded
