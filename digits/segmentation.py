"""Take the ink of several digits apart by what reads best: segmentation by recognition.

Neighbouring segments are put together in the way that makes the best digits: section IV of
LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86(11), 1998.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from digits.cuts import segment
from digits.masks import bounds


@dataclass(frozen=True)
class _Cost:
    """Costs of a segmentation, in units of log probability, and limits that decide about them.

    Chosen like the limits of `digits.cuts`.
    """

    digit: float = 0.5  # cost of each digit
    unlikeness: float = 0.5  # cost of each unit of energy above that of a usual digit
    # Cost of each unit of width above `usual_width`, in heights of the number.
    excess_width: float = 8.0
    usual_width: float = 0.7  # width of a usual digit, in heights of the number
    # Share of the cost of its shape that a familiar component does not pay.
    connected_share: float = 0.6
    max_familiar_unlikeness: float = 1.2  # unlikeness of a familiar digit, at most
    min_clear_lead: float = 4.0  # lead in cost over not cutting from which a cut is not doubted
    # Cost of a piece that is too small to be a digit by itself, such as a dot.
    lone_speck: float = 8.0
    # Height and width of a piece too small to be a digit, in heights of the number, at most.
    max_speck_size: float = 0.3
    cut: float = 4.5  # cost of each cut through connected ink
    cut_one: float = 1.5  # extra cost of each 1 that is cut off, since letters are made of strokes
    # Cost of each cut in a line where a whole piece is a familiar digit.
    cut_beside_digit: float = 3.0
    max_width: float = 1.5  # width of a digit, in heights of the number, at most
    max_joined_segments: int = 12  # number of segments in one digit, at most
    # Number of times that the network is asked about a line, at most; numbers of seven digits need
    # up to 95.
    max_rounds: int = 200


_COST = _Cost()
_SIDE = 1000  # pixels of the longer side that are enough for any number
_LEANS = (0.0, 0.3, -0.2)  # leans of the columns that cuts follow, tried in turn: `digits.cuts`
_LIKELY_COST = 5.0  # cost of a number below which no further lean is tried
_MAX_LEANING_COST = 8.0  # cost of a number found with leaning cuts, at most, for speed
MIN_NUMBER_COST = 2 * _COST.digit  # no number of two digits costs less


@dataclass(frozen=True, eq=False)  # told apart by identity, which is quick to look up
class _Span:
    """Neighbouring segments that may be one digit."""

    start: int  # the first of them
    end: int  # the first after them
    box: tuple[int, int, int, int]
    least: float  # cost of any digit of this shape
    bonus: float  # what is not counted if the digit is familiar: see `_Cost.connected_share`
    is_cut: bool  # whether other segments were cut from the same ink
    is_after_cut: bool  # whether ink of an earlier segment was cut, and goes on in these or behind


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
    factor = -(-max(ink.shape) // _SIDE)
    small = np.asarray(Image.fromarray(ink).reduce(factor))
    number = []
    for lean in _LEANS:
        segments, component = segment(small, may_cut_all, lean)
        if not segments or (len(segments) == 1 and not may_cut_all):
            break
        cost, found = _cheapest_spans(segments, component, read, limit)
        if found:
            number, limit = found, cost
        # One piece, as a digit whose other strokes are still to come, is not worth more time.
        if not 1 < len(set(component)) < len(component) or limit < _LIKELY_COST:
            break
        limit = min(limit, _MAX_LEANING_COST)
    boxes = [[factor * side for side in span.box] for _, span, _ in number]
    boxes = [(*box[:2], *np.minimum(box[2:], ink.shape[::-1]).tolist()) for box in boxes]
    parts = zip(number, boxes, strict=True)
    return [(reading, box, is_certain) for (reading, _, is_certain), box in parts]


def _cheapest_spans(segments, component, read, limit):
    """Find the cheapest spans of segments: what they cost, and (reading, span, is clear) tuples."""
    spans = _spans(segments, component)
    costs, readings = {span: span.least - span.bonus for span in spans}, {}
    cut_cost, digits, ones, rounds = _COST.cut, set(), set(), 0
    while True:
        priced = {span: each + cut_cost * span.is_after_cut for span, each in costs.items()}
        if cut_cost == _COST.cut:
            priced.update({span: priced[span] + _COST.cut_one for span in ones})
        cost, chain = _cheapest_chain(priced, len(segments))
        if cost >= limit or rounds > _COST.max_rounds:
            return np.inf, []
        if cut_cost == _COST.cut and len(chain) > 1 and digits.intersection(chain):
            cut_cost = _COST.cut_beside_digit  # beside a digit there are digits, not letters
            continue
        unread = [span for span in chain if span not in readings]
        if not unread:
            break
        # Of what is cut one digit at a time, since the first may rule the others out.
        unread = [span for span in unread if not span.is_cut] or unread[:1]
        rounds += 1
        groups = []
        for span in unread:
            left, _, right, _ = span.box
            parts = segments[span.start : span.end]
            groups.append(np.maximum.reduce([part[:, left:right] for part in parts]))
        for span, (reading, unlikeness) in zip(unread, read(groups), strict=True):
            readings[span], costs[span] = reading, span.least + unlikeness
            if span.is_cut and reading.top[0][0] == 1:
                ones.add(span)
            if unlikeness < _COST.max_familiar_unlikeness:
                costs[span] -= span.bonus
                if not span.is_cut and span.least < _COST.lone_speck:
                    digits.add(span)
    uncut = {span: each for span, each in priced.items() if not span.is_cut}
    is_certain = _cheapest_chain(uncut, len(segments))[0] > cost + _COST.min_clear_lead
    return cost, [(readings[span], span, is_certain or not span.is_cut) for span in chain]


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
            is_too_large = end - start > _COST.max_joined_segments or wide > _COST.max_width * tall
            if is_too_large and not is_component and start < end - 1:
                continue
            is_speck = max(high, wide) < _COST.max_speck_size * tall
            least = shape_cost(tall, wide) + _COST.lone_speck * is_speck
            ending.append(
                _Span(
                    start,
                    end,
                    box,
                    least,
                    bonus=_COST.connected_share * (least - _COST.digit) if is_component else 0,
                    is_cut=is_cut,
                    is_after_cut=are_after_cut[start],
                )
            )
        spans += reversed(ending)
    return spans


def shape_cost(tall, wide):
    """Score what the width alone says against ink being one digit of a number so tall (pixels)."""
    return _COST.digit + _COST.excess_width * max(0.0, wide / max(tall, 1) - _COST.usual_width)


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
