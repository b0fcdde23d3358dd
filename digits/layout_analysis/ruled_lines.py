"""Remove the lines of ruled or squared paper from ink; the strokes that cross them stay whole."""

from dataclasses import dataclass, replace

import numpy as np

from digits.morphology import connected_components, dilate, run_lengths


@dataclass(frozen=True)
class Rule:
    """What counts as a printed line; chosen on pictures made of UNIPEN digits."""

    # Rise per run of a line, at most: the sheet may lie askew by five degrees.
    max_slope: float = 0.09
    # Thickness of a line, as a share of the picture's shorter side, at most.
    max_thickness_share: float = 0.018
    # Share of the picture's width that has ink on the line, at least.
    min_covered_share: float = 0.55
    # Distance of its ink from a straight line, as a share of the width, at most.
    max_wander_share: float = 0.006
    # Columns of the coarse copy that lines are looked for in, at most.
    max_coarse_columns: int = 160
    # Gap between each end of a line and the edge, as a share of the width, at most.
    max_end_gap_share: float = 0.05
    # Number of lines in one direction that make a grid or a table, at least.
    min_grid_lines: int = 4
    # Gap at one end of a grid's line, as a share of the width, at most, as below a program's tools.
    max_grid_end_gap_share: float = 0.15
    # Distance of the ends of a table's lines from their median, as a share of the width, at most.
    max_table_end_spread: float = 0.06
    # Strength of ink on a line, as a multiple of its median, at most; more is a stroke.
    max_strength_ratio: float = 1.6
    # Number of lines that a page has in one direction, at most.
    max_lines: int = 60
    # Height of ink on a line, as a multiple of its median, at most; more is a stroke.
    max_run_ratio: float = 1.5


RULE = Rule()
_NO_TABLE = replace(RULE, max_table_end_spread=0.0)


def remove_rules(mask, ink=None):
    """Find the lines that cross a picture, and take them out.

    A line is thin ink that lies along one straight line in most columns. Of the vertical runs of
    ink that meet it only those are removed that are as thin as the line itself, and no stronger: a
    stroke that crosses it has a longer run there, and stays whole.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)
        Where there is ink.
    ink : ndarray of uint8, shape (H, W), optional
        How strong it is, where that tells lines from strokes.

    Returns
    -------
    kept : ndarray of bool, shape (H, W)
    boxes : list of tuple of int
        Left, top, right and bottom of each line that was removed.
    """
    ink = mask if ink is None else ink
    lines = (_straight_lines(_thin_runs(view, RULE) > 0, RULE) for view in (mask, mask.T))
    rule = RULE if all(len(some) >= RULE.min_grid_lines for some in lines) else _NO_TABLE
    removed, boxes, limits = np.zeros(mask.shape, bool), [], [0, 0]
    for turned in (False, True):
        view = mask.T if turned else mask
        rest = view & ~(removed.T if turned else removed)
        erased, spans, limits[turned] = find_horizontal(rest, ink.T if turned else ink, rule)
        removed |= erased.T if turned else erased
        width = view.shape[1]
        boxes += [
            (top, 0, bottom, width) if turned else (0, top, width, bottom) for top, bottom in spans
        ]
    kept = mask & ~removed
    return kept & ~_crossings(kept, removed, max(limits)) if all(limits) else kept, boxes


def _crossings(kept, removed, limit):
    """Find what remains of the places where lines cross: pieces beside lines, no wider."""
    pieces = connected_components(kept)
    beside = np.bincount(pieces.labels[dilate(removed, 1)], minlength=len(pieces) + 1)[1:] > 0
    return pieces.select(beside & (np.maximum(pieces.widths, pieces.heights) <= limit))


def find_horizontal(mask, ink=None, rule=RULE):
    """Find the nearly horizontal lines that cross a picture; see `remove_rules`.

    Returns
    -------
    lines : ndarray of bool, shape (H, W)
        Their pixels.
    spans : list of (int, int)
        The first row of each, and the row after its last.
    limit : float
        Largest thickness of any of them, in pixels.
    """
    ink = mask if ink is None else ink
    erased, spans, limit = np.zeros(mask.shape, bool), [], 0
    runs = _thin_runs(mask, rule)
    thin = runs > 0
    if thin.sum() < rule.min_covered_share * mask.shape[1]:
        return erased, spans, limit
    lines = _crossing_lines(thin, rule)
    while lines and len(spans) < rule.max_lines:
        for near, rows in lines:
            pixels, thickest = _pixels_of_line(near, rows, runs, ink, rule)
            erased[pixels] = True
            spans.append((int(pixels[0].min()), int(pixels[0].max()) + 1))
            limit = max(limit, thickest)
        lines = _crossing_lines(thin & ~erased, rule)  # close beside the first: a double one
    return erased, spans, limit


def _thin_runs(mask, rule):
    """Measure the vertical runs that are no higher than a line is thick: (H, W), 0 elsewhere."""
    runs = run_lengths(mask)
    runs[runs > max(3, round(rule.max_thickness_share * min(mask.shape)))] = 0
    return runs


def _pixels_of_line(near, rows, runs, ink, rule):
    """Find the rows and columns of a line's pixels, and how thick it is at most.

    `runs` are the heights of the thin ink that it may be of.
    """
    height, width = runs.shape
    columns = np.arange(width)
    typical = np.median(runs[rows[near], columns[near]])
    most = rule.max_run_ratio * typical + 1
    reach = int(typical) + 2
    at = np.clip(rows + np.arange(-reach, reach + 1)[:, np.newaxis], 0, height - 1)
    hit = near & (runs[at, columns] > 0) & (runs[at, columns] <= most)
    peaks = np.where(hit, ink[at, columns], 0).max(axis=0)
    hit &= peaks <= rule.max_strength_ratio * np.median(peaks[peaks > 0])
    return (at[hit], np.nonzero(hit)[1]), most


def _crossing_lines(thin, rule):
    """List the lines that cross a picture: in which columns each has thin ink, and in which row."""
    width = thin.shape[1]
    columns, wander = np.arange(width), max(2, round(rule.max_wander_share * width))
    lines, ends = [], []  # how far each ends before the edges
    for y, slope in _straight_lines(thin, rule):
        near, rows = _nearest(thin, y + slope * (columns - width / 2), 2 * wander)
        if near.sum() < 3:
            continue
        line = np.polyval(np.polyfit(columns[near], rows[near], 1), columns)
        near, rows = _nearest(thin, line, wander)
        if near.mean() < rule.min_covered_share:
            continue
        lines.append((near, rows))
        ends.append([near.argmax() / width, near[::-1].argmax() / width])
    if not lines:
        return []
    usual = np.median(ends, axis=0)
    nearer, farther = np.sort(ends, axis=1).T
    may_be_grid = (nearer < rule.max_end_gap_share) & (farther < rule.max_grid_end_gap_share)
    if usual.max() < rule.max_grid_end_gap_share:
        may_be_grid |= (np.abs(ends - usual) < rule.max_table_end_spread).all(axis=1)
    is_grid = may_be_grid.sum() >= rule.min_grid_lines
    crosses = may_be_grid if is_grid else farther < rule.max_end_gap_share
    return [line for line, each in zip(lines, crosses, strict=True) if each]


def _straight_lines(thin, rule):
    """Find height in the middle and slope of the lines that most columns have ink on.

    Ink is counted along lines of every height and slope at once, on a coarse copy (a Hough
    transform of few angles).
    """
    height, width = thin.shape
    factor = max(1, -(-width // rule.max_coarse_columns))
    ys, xs = np.nonzero(thin)
    small = np.zeros((-(-height // factor), -(-width // factor)), bool)
    small[ys // factor, xs // factor] = True
    ys, xs = np.nonzero(small)
    steps = round(rule.max_slope * small.shape[1])
    lines = []
    for step in range(-steps, steps + 1):
        slope = step / small.shape[1]
        at = np.rint(ys - slope * (xs - small.shape[1] / 2)).astype(int)
        inside = (at >= 0) & (at < small.shape[0])
        cover = np.bincount(at[inside], minlength=small.shape[0]) / small.shape[1]
        lines += [(cover[y], int(y), slope) for y in np.flatnonzero(cover > rule.min_covered_share)]
    chosen = []
    lines.sort(key=lambda line: (-line[0], abs(line[2])))
    for _, y, slope in lines[: 20 * rule.max_lines]:
        if all(abs(y - other) > 2 for other, _ in chosen):
            chosen.append((y, slope))
    return [((y + 0.5) * factor, slope) for y, slope in chosen[: rule.max_lines]]


def _nearest(thin, line, reach):
    """Find in each column the thin ink nearest to a line: whether there is any, and its row."""
    height, width = thin.shape
    columns = np.arange(width)
    rows, near = np.rint(line).astype(int), np.zeros(width, bool)
    for shift in sorted(range(-reach, reach + 1), key=abs):
        at = np.rint(line).astype(int) + shift
        inside = (at >= 0) & (at < height)
        hit = inside & ~near & thin[np.clip(at, 0, height - 1), columns]
        rows[hit], near = at[hit], near | hit
    return near, rows
