"""Ink in, ink without the lines of ruled or squared paper out, with the strokes they cross."""

from dataclasses import dataclass, replace

import numpy as np

from digits.morphology import connected_components, dilate, run_lengths


@dataclass(frozen=True)
class Rule:
    """What a printed line is; chosen on pictures made of UNIPEN digits."""

    slope: float = 0.09  # rise per run at most: the sheet may lie askew by five degrees
    thick: float = 0.018  # of the picture's shorter side at most
    cover: float = 0.55  # share of the picture's width that has ink on the line
    wander: float = 0.006  # of the width by which a line leaves the straight one at most
    steps: int = 160  # columns of the coarse copy that lines are looked for in
    reach: float = 0.05  # share of the width that it may end before the edges of the picture, ...
    grid: int = 4  # ... or, if there are so many lines, ...
    grid_reach: float = 0.15  # ... this share at one end, as below the tools of a program, ...
    alike: float = 0.06  # ... or at both, if their ends are so near to each other: a table
    strong: float = 1.6  # times as strong as the line usually is: a stroke that lies on it
    most: int = 60  # lines that a page has at most
    thicker: float = 1.5  # times as thick as the line usually is: a stroke that crosses it


RULE = Rule()
_NO_TABLE = replace(RULE, alike=0.0)


def remove_rules(mask, ink=None):
    """Find the lines that cross a picture, and take them out.

    A line is what most columns have thin ink on, along one straight line. Of the vertical runs of
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
    lines = (_straight_lines(_thin_runs(view, RULE) > 0) for view in (mask, mask.T))
    rule = RULE if all(len(some) >= RULE.grid for some in lines) else _NO_TABLE
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
        Pixels that any of them is thick at most.
    """
    ink = mask if ink is None else ink
    erased, spans, limit = np.zeros(mask.shape, bool), [], 0
    runs = _thin_runs(mask, rule)
    thin = runs > 0
    if thin.sum() < rule.cover * mask.shape[1]:
        return erased, spans, limit
    lines = _crossing_lines(thin, rule)
    while lines and len(spans) < rule.most:
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
    runs[runs > max(3, round(rule.thick * min(mask.shape)))] = 0
    return runs


def _pixels_of_line(near, rows, runs, ink, rule):
    """Find the rows and columns of a line's pixels, and how thick it is at most.

    `runs` are the heights of the thin ink that it may be of.
    """
    height, width = runs.shape
    columns = np.arange(width)
    typical = np.median(runs[rows[near], columns[near]])
    most = rule.thicker * typical + 1
    reach = int(typical) + 2
    at = np.clip(rows + np.arange(-reach, reach + 1)[:, np.newaxis], 0, height - 1)
    hit = near & (runs[at, columns] > 0) & (runs[at, columns] <= most)
    peaks = np.where(hit, ink[at, columns], 0).max(axis=0)
    hit &= peaks <= rule.strong * np.median(peaks[peaks > 0])
    return (at[hit], np.nonzero(hit)[1]), most


def _crossing_lines(thin, rule):
    """List the lines that cross a picture: in which columns each has thin ink, and in which row."""
    width = thin.shape[1]
    columns, wander = np.arange(width), max(2, round(rule.wander * width))
    lines, ends = [], []  # how far each ends before the edges
    for y, slope in _straight_lines(thin):
        near, rows = _nearest(thin, y + slope * (columns - width / 2), 2 * wander)
        if near.sum() < 3:
            continue
        line = np.polyval(np.polyfit(columns[near], rows[near], 1), columns)
        near, rows = _nearest(thin, line, wander)
        if near.mean() < rule.cover:
            continue
        lines.append((near, rows))
        ends.append([near.argmax() / width, near[::-1].argmax() / width])
    if not lines:
        return []
    usual = np.median(ends, axis=0)
    nearer, farther = np.sort(ends, axis=1).T
    may_be_grid = (nearer < rule.reach) & (farther < rule.grid_reach)
    if usual.max() < rule.grid_reach:
        may_be_grid |= (np.abs(ends - usual) < rule.alike).all(axis=1)
    is_grid = may_be_grid.sum() >= rule.grid
    crosses = may_be_grid if is_grid else farther < rule.reach
    return [line for line, each in zip(lines, crosses, strict=True) if each]


def _straight_lines(thin):
    """Find height in the middle and slope of the lines that most columns have ink on.

    Ink is counted along lines of every height and slope at once, on a coarse copy (a Hough
    transform of few angles).
    """
    height, width = thin.shape
    factor = max(1, -(-width // RULE.steps))
    ys, xs = np.nonzero(thin)
    small = np.zeros((-(-height // factor), -(-width // factor)), bool)
    small[ys // factor, xs // factor] = True
    ys, xs = np.nonzero(small)
    steps = round(RULE.slope * small.shape[1])
    lines = []
    for step in range(-steps, steps + 1):
        slope = step / small.shape[1]
        at = np.rint(ys - slope * (xs - small.shape[1] / 2)).astype(int)
        inside = (at >= 0) & (at < small.shape[0])
        cover = np.bincount(at[inside], minlength=small.shape[0]) / small.shape[1]
        lines += [(cover[y], int(y), slope) for y in np.flatnonzero(cover > RULE.cover)]
    chosen = []
    for _, y, slope in sorted(lines, key=lambda line: (-line[0], abs(line[2])))[: 20 * RULE.most]:
        if all(abs(y - other) > 2 for other, _ in chosen):
            chosen.append((y, slope))
    return [((y + 0.5) * factor, slope) for y, slope in chosen[: RULE.most]]


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
