"""Components of ink in; out, which of them are brackets round the others, as in (7), [7] and 7)."""

from dataclasses import dataclass

import numpy as np

from digits.geometry import bend


@dataclass(frozen=True)
class _Bracket:
    """What a bracket is; chosen as in `digits.clutter`."""

    bend: float = 0.03  # by which the middles of two brackets stand outwards, on average
    strong_bend: float = 0.07  # the same of a bracket that may be lower; of 100 ones 3 have it
    slack: float = 0.1  # by which such a bracket may end within the height of what it stands round
    wide: float = 0.5  # width, as a share of the height
    taller: float = 1.08  # times as tall as what stands in it
    alike: float = 0.85  # height of the lower of two, as a share of the other's


_BRACKET = _Bracket()


def find_brackets(found, kept):
    """Find a pair of brackets that bends round everything between, or else a lone ")".

    A lone "(" looks too much like a 1 to be told from it.

    Parameters
    ----------
    found : digits.morphology.Components
    kept : ndarray of bool, shape (n,)
        The components to look at.

    Returns
    -------
    brackets : list of int
        One, two or no components.
    is_clear : bool
        Whether they are certainly no digits.
    """
    kept = np.flatnonzero(kept)
    if len(kept) < 2:
        return [], True
    first = kept[found.boxes[kept, 0].argmin()]
    last = kept[found.boxes[kept, 2].argmax()]
    between = kept[(kept != first) & (kept != last)]
    bends = np.array([-bend(found, first), bend(found, last)])
    is_strong = bends.min() > _BRACKET.strong_bend
    if (
        len(between)
        and _stand_round(found, [first, last], between, is_strong)
        and bends.min() > _BRACKET.bend / 3
        and bends.mean() > _BRACKET.bend
    ):
        return [first, last], True
    if bends[1] > _BRACKET.strong_bend and _stand_round(
        found, [last], kept[kept != last], is_strong=True
    ):
        return [last], False
    return [], True


def _stand_round(found, brackets, others, is_strong):
    """Tell whether brackets are narrow, alike, and taller than what they stand round."""
    tall = found.heights[others].max()
    slack = _BRACKET.slack * tall if is_strong else 0
    heights, widths = found.heights[brackets], found.widths[brackets]
    least = tall if is_strong else _BRACKET.taller * tall
    return (
        heights.min() > max(least, _BRACKET.alike * heights.max())
        and found.boxes[brackets, 1].max() <= found.boxes[others, 1].min() + slack
        and found.boxes[brackets, 3].min() >= found.boxes[others, 3].max() - slack
        and (widths < _BRACKET.wide * heights).all()
    )
