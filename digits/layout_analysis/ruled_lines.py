"""Ink in, ink without the lines of ruled or squared paper out, with the strokes they cross."""

from dataclasses import dataclass

import numpy as np

from digits.morphology import run_lengths


@dataclass(frozen=True)
class _Rule:
    """What a printed line is; chosen on pictures made of UNIPEN digits."""

    slope: float = 0.09  # rise per run at most: the sheet may lie askew by five degrees
    thick: float = 0.018  # of the picture's shorter side at most
    cover: float = 0.55  # share of the picture's width that has ink on the line
    wander: float = 0.006  # of the width by which a line leaves the straight one at most
    steps: int = 160  # columns of the coarse copy that lines are looked for in
    reach: float = 0.05  # share of the width that it may end before the edges of the picture, ...
    grid: int = 4  # ... or, if there are so many lines, ...
    grid_reach: float = 0.15  # ... this share at one end, as below the tools of a program
    strong: float = 1.6  # times as strong as the line usually is: a stroke that lies on it
    most: int = 60  # lines that a page has at most
    thicker: float = 1.5  # times as thick as the line usually is: a stroke that crosses it


_RULE = _Rule()


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
    removed, boxes = np.zeros(mask.shape, bool), []
    ink = mask if ink is None else ink
    for turned in (False, True):
        view = mask.T if turned else mask
        rest = view & ~(removed.T if turned else removed)
        erased, spans = _horizontal(rest, ink.T if turned else ink)
        removed |= erased.T if turned else erased
        width = view.shape[1]
        boxes += [
            (top, 0, bottom, width) if turned else (0, top, width, bottom) for top, bottom in spans
        ]
    return mask & ~removed, boxes


def _horizontal(mask, ink):
    """Find the pixels of the nearly horizontal lines of a mask, and the rows that each spans."""
    height, width = mask.shape
    erased, spans = np.zeros(mask.shape, bool), []
    thick = max(3, round(_RULE.thick * min(mask.shape)))
    runs = run_lengths(mask)
    thin = mask & (runs <= thick)
    if thin.sum() < _RULE.cover * width:
        return erased, spans
    columns = np.arange(width)
    for near, rows in _crossing_lines(thin):
        typical = np.median(runs[rows[near], columns[near]])
        limit = _RULE.thicker * typical + 1
        hits, peaks = [], np.zeros(width, ink.dtype)
        for shift in range(-thick, thick + 1):
            at = np.clip(rows + shift, 0, height - 1)
            hit = near & thin[at, columns] & (runs[at, columns] <= limit)
            peaks = np.maximum(peaks, ink[at, columns] * hit)
            hits.append((at, hit))
        usual = peaks <= _RULE.strong * np.median(peaks[peaks > 0])
        ys = np.concatenate([at[hit & usual] for at, hit in hits])
        xs = np.concatenate([columns[hit & usual] for _, hit in hits])
        erased[ys, xs] = True
        spans.append((int(ys.min()), int(ys.max()) + 1))
    return erased, spans


def _crossing_lines(thin):
    """List the lines that cross a picture: in which columns each has thin ink, and in which row."""
    width = thin.shape[1]
    columns, wander = np.arange(width), max(2, round(_RULE.wander * width))
    lines, short = [], []  # how far each ends before the edges
    for y, slope in _straight_lines(thin):
        near, rows = _nearest(thin, y + slope * (columns - width / 2), 2 * wander)
        if near.sum() < 3:
            continue
        line = np.polyval(np.polyfit(columns[near], rows[near], 1), columns)
        near, rows = _nearest(thin, line, wander)
        if near.mean() < _RULE.cover:
            continue
        lines.append((near, rows))
        short.append(sorted([near.argmax() / width, near[::-1].argmax() / width]))
    nearer, farther = np.reshape(short, (-1, 2)).T
    may_be_grid = (nearer < _RULE.reach) & (farther < _RULE.grid_reach)
    is_grid = may_be_grid.sum() >= _RULE.grid
    crosses = may_be_grid if is_grid else farther < _RULE.reach
    return [line for line, each in zip(lines, crosses, strict=True) if each]


def _straight_lines(thin):
    """Find height in the middle and slope of the lines that most columns have ink on.

    Ink is counted along lines of every height and slope at once, on a coarse copy (a Hough
    transform of few angles).
    """
    height, width = thin.shape
    factor = max(1, -(-width // _RULE.steps))
    ys, xs = np.nonzero(thin)
    small = np.zeros((-(-height // factor), -(-width // factor)), bool)
    small[ys // factor, xs // factor] = True
    ys, xs = np.nonzero(small)
    steps = round(_RULE.slope * small.shape[1])
    lines = []
    for step in range(-steps, steps + 1):
        slope = step / small.shape[1]
        at = np.rint(ys - slope * (xs - small.shape[1] / 2)).astype(int)
        inside = (at >= 0) & (at < small.shape[0])
        cover = np.bincount(at[inside], minlength=small.shape[0]) / small.shape[1]
        lines += [(cover[y], int(y), slope) for y in np.flatnonzero(cover > _RULE.cover)]
    chosen = []
    for _, y, slope in sorted(lines, key=lambda line: (-line[0], abs(line[2])))[: 20 * _RULE.most]:
        if all(abs(y - other) > 2 for other, _ in chosen):
            chosen.append((y, slope))
    return [((y + 0.5) * factor, slope) for y, slope in chosen[: _RULE.most]]


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
