"""Take ink apart into the lines of writing, from the top, and lines into words."""

from dataclasses import dataclass
from itertools import combinations, pairwise, permutations

import numpy as np

from digits.geometry import are_within, enclosing
from digits.masks import find_pieces, from_coarse, ink_threshold
from digits.morphology import connected_components


@dataclass(frozen=True)
class _Line:
    """What stands in one line; lengths are in heights of a digit, unless told otherwise.

    Chosen like the limits of `digits.layout_analysis.clutter`.
    """

    # Squares per side of the grid on which components are looked for, at most.
    max_grid_squares: int = 400
    # Height of a digit, at most; what is taller may be two, of two lines.
    max_digit_height: float = 1.5
    # Height of a digit, at least; what is shorter belongs to the digit nearest to it.
    min_digit_height: float = 0.45
    # Distance of a short piece from the digit that it belongs to, at most.
    max_piece_distance: float = 1.0
    # Overlap in height of neighbours, as a share of the shorter one's height, at least.
    min_neighbour_overlap: float = 0.25
    # Gap between neighbours, at most.
    max_neighbour_gap: float = 2.5
    # Distance of a digit from its neighbour on the right, as a multiple of the distance of that
    # one's neighbour on the left, at most: else the two stand in different lines.
    max_farther: float = 2.0
    # Overlap in height of a line's parts, as a share of the shorter one's height, at least.
    min_line_overlap: float = 0.6
    # Overlap in height of lines beside each other whose order is clear, as that share, at most.
    max_askew_overlap: float = 0.1
    # Height of a line, as a share of the tallest one's, at least: pieces are shorter.
    min_height_share: float = 0.5
    # Gap between lines, as a share of the tallest one's height, at least: pieces are nearer.
    min_line_gap_share: float = 0.06
    # Gap between words, as a share of their line's height, at least.
    min_word_gap_share: float = 0.4
    # Number of components that can be a page of numbers, at most.
    max_components: int = 100


_LINE = _Line()


def find_lines(ink):
    """Take ink apart into lines.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)

    Returns
    -------
    list of (ndarray of uint8, tuple of int)
        Of each line its ink, cut out, and where that lies: left, top, right and bottom. Empty if
        it is crowded.
    """
    mask, factor, found = find_pieces(ink, _LINE.max_grid_squares)
    if len(found) > _LINE.max_components:
        return []
    found = _apart(mask, found)
    groups = _group(found.boxes, found.heights)
    if len(groups) == 1:
        return [whole_line(ink)]
    lines = []
    for group in groups:
        part = found.select(np.isin(np.arange(len(found)), group)) & mask
        left, top, right, bottom = enclosing(found.boxes[group] * factor)
        cut = (ink * from_coarse(part, factor, ink.shape))[top:bottom, left:right]
        lines.append((cut, (left, top, left + cut.shape[1], top + cut.shape[0])))
    return lines


def _apart(mask, found):
    """Take apart digits of two lines that stand nearly on each other: most are not so tall."""
    main = found.heights[found.heights >= _LINE.min_digit_height * found.heights.max()]
    tall = found.heights > _LINE.max_digit_height * np.median(main)
    if not tall.any():
        return found
    return connected_components(np.where(found.select(tall), mask, found.labels > 0))


def is_crowded(ink):
    """Return whether ink has more components than any numbers have; see `find_lines`."""
    *_, found = find_pieces(ink, _LINE.max_grid_squares)
    return len(found) > _LINE.max_components


def whole_line(ink):
    """Take all ink for one line; see `find_lines`."""
    return ink, (0, 0, ink.shape[1], ink.shape[0])


def split_words(line):
    """Take a line apart at its wide gaps.

    Parameters
    ----------
    line : (ndarray of uint8, tuple of int)
        See `find_lines`.

    Returns
    -------
    list of (ndarray of uint8, tuple of int)
        From left to right; see `find_lines`.
    """
    ink, (left, top, _, bottom) = line
    columns = np.flatnonzero(ink.max(axis=0) > ink_threshold(ink))
    gaps = np.flatnonzero(np.diff(columns) > _LINE.min_word_gap_share * len(ink))
    starts, ends = columns[np.r_[0, gaps + 1]], columns[np.r_[gaps, -1]] + 1
    return [
        (ink[:, start:end], (left + int(start), top, left + int(end), bottom))
        for start, end in zip(starts, ends, strict=True)
    ]


def are_apart(boxes):
    """Return whether lines are too clearly apart to be pieces of a single digit.

    Parameters
    ----------
    boxes : list of tuple of int
        Of each line, from the top.

    Returns
    -------
    bool
        True if there are several, of similar height, with a gap between each and the next.
    """
    heights = [bottom - top for _, top, _, bottom in boxes]
    gaps = [lower[1] - upper[3] for upper, lower in pairwise(boxes)]
    return (
        len(boxes) > 1
        and min(heights) >= _LINE.min_height_share * max(heights)
        and min(gaps) >= _LINE.min_line_gap_share * max(heights)
    )


def are_in_order(boxes):
    """Return whether it is clear which line comes first: none stands beside another, but askew.

    Parameters
    ----------
    boxes : list of tuple of int
        See `are_apart`.

    Returns
    -------
    bool
    """
    boxes = np.array(boxes)
    return not any(
        _overlap(a, b) > _LINE.max_askew_overlap and _are_beside(a[np.newaxis], b[np.newaxis])
        for a, b in combinations(boxes, 2)
    )


def _group(boxes, heights):
    """Group boxes into lines, from the top: lists of their numbers."""
    tall = np.percentile(heights, 75, method="higher")
    main = np.flatnonzero(heights >= _LINE.min_digit_height * tall)
    parent = np.arange(len(boxes))

    def unite(i, j):
        parent[parent == parent[j]] = parent[i]

    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    away = _distances(boxes, middles, main, tall)
    for i in main:
        j = away[i].argmin()
        is_level = _overlap(boxes[i], boxes[j]) >= _LINE.min_line_overlap
        limit = np.inf if is_level else max(_LINE.max_farther * away[:, j].min(), tall / 2)
        if away[i, j] < limit:
            unite(i, j)
        for j in np.flatnonzero(are_within(boxes, i)):
            unite(i, j)
    for i in np.flatnonzero(heights < _LINE.min_digit_height * tall):
        left, top, right, bottom = boxes[i]
        across = np.maximum(np.maximum(left - boxes[main, 2], boxes[main, 0] - right), 0)
        down = np.maximum(np.maximum(top - boxes[main, 3], boxes[main, 1] - bottom), 0)
        away = np.hypot(across, down)
        if away.min() < _LINE.max_piece_distance * tall:
            unite(main[away.argmin()], i)
    groups = [np.flatnonzero(parent == root) for root in np.unique(parent)]
    groups.sort(key=lambda group: middles[group, 1].mean())
    lines = []
    for group in groups:
        box = enclosing(boxes[group])
        for line in lines:
            is_level = _overlap(box, enclosing(boxes[line])) >= _LINE.min_line_overlap
            if is_level and _are_beside(boxes[group], boxes[line]):
                line += list(group)
                break
        else:
            lines.append(list(group))
    return lines


def _distances(boxes, middles, main, tall):
    """Measure how far digits are from those on their right: (n, n), infinite beyond neighbours."""
    away = np.full((len(boxes), len(boxes)), np.inf)
    for i, j in permutations(main, 2):
        gap = boxes[j, 0] - boxes[i, 2]
        if (
            middles[j, 0] > middles[i, 0]
            and gap < _LINE.max_neighbour_gap * tall
            and _overlap(boxes[i], boxes[j]) >= _LINE.min_neighbour_overlap
        ):
            away[i, j] = max(0, gap) + abs(middles[j, 1] - middles[i, 1])
    return away


def _are_beside(some, others):
    """Return whether no box stands above or below one of the others."""
    return bool(((some[:, [2]] <= others[:, 0]) | (others[:, 2] <= some[:, [0]])).all())


def _overlap(a, b):
    """Measure the vertical overlap of two boxes, as a share of the shorter one's height."""
    return (min(a[3], b[3]) - max(a[1], b[1])) / min(a[3] - a[1], b[3] - b[1])
