"""Ink of several digits in, the digits' own ink out: segmentation by recognition.

The ink is taken apart into its connected components, which are cut further where digits may touch.
Neighbouring segments are put together again in the way that makes the best digits: section IV of
LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86(11), 1998.
"""

from bisect import bisect
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image

from digits.morphology import (
    bounds,
    bridge_gaps,
    coarse_mask,
    connected_components,
    from_coarse,
)


@dataclass(frozen=True)
class _Cut:
    """Where ink is taken apart; chosen on MNIST digits that touch, and for a 1 on UNIPEN digits."""

    side: int = 1000  # pixels of the longer side that are enough for any number
    coarse: int = 200  # pixels of the longer side at which components are looked for
    max_segments: int = 100  # in what may be a number
    wide: float = 0.55  # times as wide as the drawing is tall: perhaps more than one digit
    narrow: float = 0.22  # times as wide as the drawing is tall: no digit that touches another ...
    bar: float = 0.09  # ... but a 1, which is wider than this ...
    bar_tall: float = 0.7  # ... and as high as this


@dataclass(frozen=True)
class _Cost:
    """What speaks against a segmentation, in units of log probability; chosen like `_Cut`."""

    digit: float = 0.5  # each digit
    unlikeness: float = 0.5  # per unit of energy above that of a usual digit
    wide: float = 8.0  # per unit of width above `usual_width`, in heights of the number
    usual_width: float = 0.7
    connected: float = 0.6  # share of that which is not counted for one piece of ink ...
    familiar: float = 1.2  # ... that is read with less unlikeness than this
    clear: float = 4.0  # lead in cost over not cutting, from which a cut is not doubted
    alone: float = 8.0  # a piece that is not a digit by itself, such as a dot ...
    speck: float = 0.3  # ... lower and narrower than this, in heights of the number
    cut: float = 6.0  # each cut through connected ink ...
    cut_beside_digit: float = 3.0  # ... in a line where a whole piece is a familiar digit
    max_width: float = 1.5  # times the number's height: no digit is wider
    max_joined: int = 12  # segments in one digit


_CUT, _COST = _Cut(), _Cost()
MIN_NUMBER_COST = 2 * _COST.digit  # no number of two digits costs less


@dataclass(frozen=True, eq=False)  # told apart by identity, which is quick to look up
class _Span:
    """Neighbouring segments that may be one digit."""

    start: int  # the first of them
    end: int  # the first after them
    box: tuple[int, int, int, int]
    least: float  # cost of any digit of this shape
    bonus: float  # what is not counted if the digit is familiar: see `_Cost.connected`
    is_cut: bool  # whether other segments were cut from the same ink
    is_after_cut: bool  # the same, of segments before the first and after


def segment(ink, may_cut_all=True):
    """Take ink apart into segments, as a number is into digits.

    A component as wide as two digits that touch may be is cut wherever a column has little ink:
    more often than there are digits, since only a reader can tell which cuts are right.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
    may_cut_all : bool
        Whether ink that is all in one piece is cut, too.

    Returns
    -------
    segments : list of ndarray of uint8
        From left to right, each of shape (H, W); together they are all the ink. Empty if there is
        no ink, or more components than any number has.
    component : list of int
        A number for each segment, the same for segments cut from one component.
    """
    mask, coarse = coarse_mask(ink, _CUT.coarse)
    components = connected_components(bridge_gaps(mask))
    if not 0 < len(components) <= _CUT.max_segments or not ink.any():
        return [], []
    if len(components) == 1 and not may_cut_all:
        return [ink], [1]
    labels = components.labels
    tall = np.ptp(np.flatnonzero(labels.any(axis=1))) + 1
    found = [
        (p, n) for n in range(1, len(components) + 1) for p in _cut(labels == n, tall) if p.any()
    ]
    if len(found) > _CUT.max_segments:
        return [], []
    found.sort(key=lambda part: np.flatnonzero(part[0].any(axis=0)).mean())
    place = np.zeros(labels.shape, np.uint8)  # in `found`, from 1
    for i, (part, _) in enumerate(found, start=1):
        place[part] = i
    place = from_coarse(place, coarse, ink.shape)
    segments = [ink * (place == i) for i in range(1, len(found) + 1)]
    return segments, [number for _, number in found]


def cheapest_number(ink, read, limit):
    """Put the segments of ink together to digits in the cheapest way.

    Only what may be in the cheapest number is read, since a segment's shape alone tells the least
    that it costs.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
    read : callable
        Takes a list of ink arrays, returns a list of (reading, unlikeness) pairs; see
        `unlikeness_cost`.
    limit : float
        What a number has to cost less than.

    Returns
    -------
    list of (reading, box, bool)
        From left to right, boxes in pixels of `ink`, and whether the digit is clearly one: not cut
        out of ink that may be a single digit. Empty if no number costs less than `limit`.
    """
    may_cut_all = limit > MIN_NUMBER_COST + _COST.cut
    factor = -(-max(ink.shape) // _CUT.side)
    small = np.asarray(Image.fromarray(ink).reduce(factor))
    segments, component = segment(small, may_cut_all)
    if not segments or (len(segments) == 1 and not may_cut_all):
        return []
    spans = _spans(segments, component)
    costs, readings = {span: span.least - span.bonus for span in spans}, {}
    cut_cost, digits = _COST.cut, set()
    while True:
        priced = {span: each + cut_cost * span.is_after_cut for span, each in costs.items()}
        cost, chain = _cheapest_chain(priced, len(segments))
        if cost >= limit:
            return []
        if cut_cost == _COST.cut and len(chain) > 1 and digits.intersection(chain):
            cut_cost = _COST.cut_beside_digit  # beside a digit there are digits, not letters
            continue
        unread = [span for span in chain if span not in readings]
        if not unread:
            break
        groups = []
        for span in unread:
            left, _, right, _ = span.box
            parts = segments[span.start : span.end]
            groups.append(np.maximum.reduce([part[:, left:right] for part in parts]))
        for span, (reading, unlikeness) in zip(unread, read(groups), strict=True):
            readings[span], costs[span] = reading, span.least + unlikeness
            if unlikeness < _COST.familiar:
                costs[span] -= span.bonus
                if not span.is_cut and span.least < _COST.alone:
                    digits.add(span)
    uncut = {span: each for span, each in priced.items() if not span.is_cut}
    is_clear = _cheapest_chain(uncut, len(segments))[0] > cost + _COST.clear
    boxes = [tuple(factor * side for side in span.box) for span in chain]
    boxes = [(*box[:2], *np.minimum(box[2:], ink.shape[::-1]).tolist()) for box in boxes]
    return [
        (readings[span], box, is_clear or not span.is_cut)
        for span, box in zip(chain, boxes, strict=True)
    ]


def _spans(segments, component):
    """List all spans of segments that are not too wide for a digit, in the order of their ends."""
    boxes = [_box(part) for part in segments]
    tall = max(bottom for *_, bottom in boxes) - min(top for _, top, *_ in boxes) - 1
    # Where the component of each segment starts and ends.
    first = [component.index(each) for each in component]
    last = [len(component) - 1 - component[::-1].index(each) for each in component]
    are_after_cut = [any(each >= i for each in last[:i]) for i in range(len(segments))]
    spans = []
    for end in range(1, len(segments) + 1):
        box, earliest, latest, ending = boxes[end - 1], end, 0, []
        for start in reversed(range(end)):
            box = _united(box, boxes[start])
            earliest, latest = min(earliest, first[start]), max(latest, last[start])
            is_cut = earliest < start or latest >= end
            is_component = not is_cut and len(set(component[start:end])) == 1
            wide, high = box[2] - box[0] - 1, box[3] - box[1] - 1
            is_too_large = end - start > _COST.max_joined or wide > _COST.max_width * tall
            if is_too_large and not is_component and start < end - 1:
                continue
            is_speck = max(high, wide) < _COST.speck * tall
            least = shape_cost(tall, wide) + _COST.alone * is_speck
            ending.append(
                _Span(
                    start,
                    end,
                    box,
                    least,
                    bonus=_COST.connected * (least - _COST.digit) if is_component else 0,
                    is_cut=is_cut,
                    is_after_cut=are_after_cut[start],
                )
            )
        spans += reversed(ending)
    return spans


def shape_cost(tall, wide):
    """Score what the width alone says against ink being one digit of a number so tall (pixels)."""
    return _COST.digit + _COST.wide * max(0.0, wide / max(tall, 1) - _COST.usual_width)


def unlikeness_cost(energy_excess, probability):
    """Score what a reading says against ink being the digit it is read as: 0 or more.

    Parameters
    ----------
    energy_excess : float
        Energy above that of a usual digit.
    probability : float
        Of the digit it is read as.
    """
    return _COST.unlikeness * max(0.0, energy_excess) - np.log(max(probability, 1e-9))


def _cheapest_chain(costs, end):
    """Find the cheapest chain of spans from segment 0 to `end`: what it costs, and its spans.

    `costs` are those of the spans, in the order of their ends.
    """
    best = {0: (0.0, [])}
    for span, cost in costs.items():
        if span.start not in best:
            continue
        total, chain = best[span.start]
        if span.end not in best or total + cost < best[span.end][0]:
            best[span.end] = total + cost, [*chain, span]
    return best.get(end, (np.inf, []))


def _box(segment):
    """Left, top, right and bottom of a segment."""
    rows, columns = bounds(segment)
    return columns.start, rows.start, columns.stop, rows.stop


def _united(a, b):
    """Return the smallest box round two boxes."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _cut(component, tall):
    """Cut a component that may be several digits, first where the least ink is in a column."""
    inked = component.any(axis=0)
    columns = np.flatnonzero(inked)
    if np.ptp(columns) + 1 < _CUT.wide * tall:
        return [component]
    apart, thin = (max(2, round(share * tall)) for share in (_CUT.narrow, _CUT.bar))
    # Of each column.
    top = np.where(inked, component.argmax(axis=0), len(component))
    bottom = np.where(inked, len(component) - component[::-1].argmax(axis=0), 0)

    def may_be_digit(left, right):
        """Return whether columns are wide enough for any digit, or may be a 1: it is as tall."""
        if not thin <= right - left < apart:
            return right - left >= apart
        return bottom[left:right].max() - top[left:right].min() >= _CUT.bar_tall * tall

    ink = component.sum(axis=0)
    edges = [columns[0], columns[-1] + 1]
    for at in columns[np.argsort(ink[columns], kind="stable")]:
        right = bisect(edges, at)
        if may_be_digit(edges[right - 1], at) and may_be_digit(at, edges[right]):
            edges.insert(right, at)
    edges[0], edges[-1] = 0, component.shape[1]
    place = np.arange(component.shape[1])
    return [component & (place >= start) & (place < end) for start, end in pairwise(edges)]
