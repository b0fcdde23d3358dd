"""The readings of what may be the digits of a number in, each judged beside the others out."""

from dataclasses import dataclass, replace

import numpy as np

from digits.reading import doubted


@dataclass(frozen=True)
class _Context:
    """When parts are a number. Strangeness: 0 at the threshold of a digit, 1 without evidence.

    Chosen on strings of digits, of letters, and of both, that validation writers wrote.
    """

    max_mean_energy: float = -1.0  # of all parts, above the threshold: a face has parts, too
    strange: float = 0.6  # strangeness from which a part needs clear digits beside it
    legible: float = 0.35  # smallest probability of such a part that is one digit, and no other
    beside_legible: float = 1 / 2  # share of the parts that look like digits, if all are legible
    beside_illegible: float = 2 / 3  # that share otherwise; two digits at least


_CONTEXT = _Context()
_NO_EVIDENCE = -float(np.log(10))  # energy of what is trained to look like no digit at all


def judge_parts(parts, max_energy):
    """Judge what may be the digits of a number, each beside the others.

    Beside clear digits a strange part is one, too, but unsure. A part that resembles no digit stays
    none and makes the others unsure: it may be several digits that were not taken apart.

    Parameters
    ----------
    parts : list of Reading
        In reading order.
    max_energy : float
        The largest energy of a digit.

    Returns
    -------
    list of Reading
        As many as `parts`, ``digit`` None where a part is no digit; empty if they are no number.
    """
    if len(parts) < 2:
        return []
    energies = np.array([part.energy for part in parts]) - max_energy
    strange = energies > _CONTEXT.strange * (_NO_EVIDENCE - max_energy)
    illegible = strange & [part.top[0][1] < _CONTEXT.legible for part in parts]
    clear = (energies <= 0).sum()
    if illegible.any():
        is_number = clear >= max(2, _CONTEXT.beside_illegible * len(parts))
    elif strange.any():
        is_number = clear >= _CONTEXT.beside_legible * len(parts)
    else:
        is_number = energies.mean() <= _CONTEXT.max_mean_energy
    if not is_number:
        return []
    if not illegible.any():
        return [_as_digit(part) for part in parts]
    return [
        part if is_none else doubted(_as_digit(part))
        for part, is_none in zip(parts, illegible, strict=True)
    ]


def _as_digit(part):
    if part.digit is not None:
        return part
    return replace(part, digit=part.top[0][0], verdict="unsure")
