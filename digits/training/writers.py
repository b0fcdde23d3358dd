"""Split the drawings of many people into those of training, validation and test writers.

A hash of site and name assigns each writer to one part for good: no writer is in two of them, and
adding a drawing to the collection moves no writer.
"""

import zlib

import numpy as np

SITES = ["aga", "apa", "apb", "app", "art", "cea", "ceb", "ced", "gmd", "lou", "pri", "syn", "val"]
"""The sites of UNIPEN that may be trained and chosen on; its other four never are."""

PARTS = ("training", "validation", "test")
_SHARES = (70, 10, 20)  # percent of the writers


def part_of(writer):
    """Return the part that a writer belongs to.

    Parameters
    ----------
    writer : str
        Site and name, as in `digits.training.unipen.Drawing.writer`.

    Returns
    -------
    {"training", "validation", "test"}
    """
    place = zlib.crc32(writer.encode()) % 100
    return PARTS[int(np.searchsorted(np.cumsum(_SHARES), place, side="right"))]


def split_by_writer(drawings):
    """Split drawings by the part that their writers belong to.

    Parameters
    ----------
    drawings : list of Drawing

    Returns
    -------
    dict of str to list of Drawing
        ``training``, ``validation`` and ``test``; drawings of sites that are not in `SITES` are in
        none of them.
    """
    parts = {part: [] for part in PARTS}
    for drawing in drawings:
        if drawing.site in SITES:
            parts[part_of(drawing.writer)].append(drawing)
    return parts


class WriterSampler:
    """Draws from a list of drawings so that prolific writers do not dominate.

    A writer's chance grows with the square root of the number of drawings. That lies between equal
    chances for all drawings, where one site of many digits would be half of a batch, and equal
    chances for all writers, where a handful of digits would be seen over and over.

    Parameters
    ----------
    drawings : list of Drawing
    """

    def __init__(self, drawings):
        by_writer = {}
        for drawing in drawings:
            by_writer.setdefault(drawing.writer, []).append(drawing)
        self._writers = list(by_writer.values())
        weights = np.sqrt([len(one) for one in self._writers])
        self._cumulative = np.cumsum(weights / weights.sum())

    def __call__(self, random):
        """Pick one drawing.

        Parameters
        ----------
        random : numpy.random.Generator

        Returns
        -------
        Drawing
        """
        place = np.searchsorted(self._cumulative[:-1], random.random())
        of_one = self._writers[int(place)]
        return of_one[random.integers(len(of_one))]
