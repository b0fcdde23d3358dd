"""Remove the checkerboard that editors show behind transparent pictures."""

from dataclasses import dataclass

import numpy as np

from digits.layout_analysis.colours import off_mixture


@dataclass(frozen=True)
class _Board:
    """What counts as a checkerboard; chosen on pictures made of UNIPEN digits."""

    # Difference between the board's two colours, in levels of 255, at least.
    min_contrast_levels: int = 6
    # Difference of a pixel from all mixtures of the board's colours, in levels of 255, at most.
    max_difference_levels: int = 12
    # Share of the picture's edge that has each of the board's two colours, at least.
    min_colour_share: float = 0.3
    # Side of a square, in pixels, at least.
    min_square_pixels: int = 3
    # Side of a square, as a share of the picture's shorter side, at most.
    max_square_share: float = 0.25
    # Share of pixels that have the other colour one square farther on, at least.
    min_alternating_share: float = 0.85


_BOARD = _Board()


def without_checkerboard(pixels):
    """Give all squares of a checkerboard one colour, if the paper is one.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W) or (H, W, 3)

    Returns
    -------
    ndarray of uint8, of the same shape
    """
    colours = pixels.reshape(*pixels.shape[:2], -1)
    edges = [colours[0], colours[-1], colours[:, 0], colours[:, -1]]
    edge = np.concatenate(edges)
    level = edge.mean(axis=1)
    middle = (level.min() + level.max()) / 2
    is_light = level > middle
    if not _BOARD.min_colour_share < is_light.mean() < 1 - _BOARD.min_colour_share:
        return pixels
    first, second = np.median(edge[is_light], axis=0), np.median(edge[~is_light], axis=0)
    lines = [each.mean(axis=1) > middle for each in edges]
    square = round(np.median([_side_of_square(line) for line in lines]))
    is_board = _BOARD.min_square_pixels <= square <= _BOARD.max_square_share * min(pixels.shape[:2])
    is_board = is_board and abs(first - second).max() >= _BOARD.min_contrast_levels
    if not is_board or not all(
        _share_changed(line, square) > _BOARD.min_alternating_share for line in lines
    ):
        return pixels
    is_paper = off_mixture(colours, first, second) <= _BOARD.max_difference_levels
    if not _alternates(colours.mean(axis=2) > middle, is_paper, square):
        return pixels
    plain = colours.copy()
    plain[is_paper] = first
    return plain.reshape(pixels.shape)


def _side_of_square(line):
    """Measure how long the runs of equal values in a line are on average."""
    return len(line) / (1 + np.count_nonzero(np.diff(line)))


def _share_changed(line, distance):
    return (line[distance:] != line[:-distance]).mean()


def _alternates(is_light, is_paper, square):
    """Return whether the colours alternate in both directions, square by square."""
    for light, paper in ((is_light, is_paper), (is_light.T, is_paper.T)):
        both = paper[square:] & paper[:-square]
        if (
            not both.any()
            or (light[square:] != light[:-square])[both].mean() < _BOARD.min_alternating_share
        ):
            return False
    return True
