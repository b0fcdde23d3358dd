"""Put the readings of a picture's parts together into one, with lines numbered from the top."""

from dataclasses import dataclass, replace
from itertools import groupby

from digits.layout import Layout
from digits.reading import Reading, doubted


@dataclass(frozen=True, eq=False)
class PictureReading:
    """What was read in one picture.

    Attributes
    ----------
    whole : Reading
        The picture as one digit, as `digits.Recognizer.read` gives it.
    digits : list of Reading
        As `digits.Recognizer.read_digits` gives them.
    layout : digits.layout.Layout
        Where they were found, with what was left out.
    """

    whole: Reading
    digits: list[Reading]
    layout: Layout


def is_sure(read):
    """Return whether all that was found in a picture are digits, read without doubt."""
    return all(part.verdict == "digit" for part in read.digits)


def more_legible(read, closed):
    """Choose between what is doubted in a picture, and what is read with gaps in strokes closed.

    Digits beside each other may be taken for one broken stroke: then fewer are read.

    Parameters
    ----------
    read, closed : PictureReading

    Returns
    -------
    PictureReading
    """
    if closed.digits[0].digit is None:
        return read
    if read.digits[0].digit is None or is_sure(closed):
        return closed
    return min(read, closed, key=lambda each: (-len(each.digits), _mean_energy(each)))


def more_legible_blurred(read, blurred):
    """Choose between what is doubted in a photo, and what is read without the photo's texture.

    Nothing read through a blur is sure: it hides what is faint, too.

    Parameters
    ----------
    read, blurred : PictureReading

    Returns
    -------
    PictureReading
    """
    if not is_sure(blurred):
        return read
    digits = [doubted(part) for part in blurred.digits]
    return replace(blurred, whole=doubted(blurred.whole), digits=digits)


def _mean_energy(read):
    return sum(part.energy for part in read.digits) / len(read.digits)


def without_illegible(read):
    """Move the parts of a number that are not digits to what was left out."""
    digits = [part for part in read.digits if part.digit is not None]
    if not digits or len(digits) == len(read.digits):
        return read
    others = [part.box for part in read.digits if part.digit is None]
    layout = read.layout.with_left_out(others, "illegible")
    return replace(read, digits=_in_lines(digits), layout=layout)


def with_small(read, small):
    """Add lines of digits that are far smaller than the others, above or below them all.

    Parameters
    ----------
    read : PictureReading
    small : list of Reading
        In reading order; a line with a part that is not a digit is not added.

    Returns
    -------
    PictureReading
    """
    top = min(part.box[1] for part in read.digits)
    bottom = max(part.box[3] for part in read.digits)
    above, below = [], []
    for _, line in groupby(small, key=lambda part: part.line):
        line = list(line)
        if any(part.digit is None for part in line):
            continue
        if all(part.box[3] <= top for part in line):
            above += line
        elif all(part.box[1] >= bottom for part in line):
            below += line
    layout = read.layout.without_left_out([part.box for part in above + below])
    return replace(read, digits=_in_lines(above, read.digits, below), layout=layout)


def _in_lines(*groups):
    """Join groups of readings that stand one below another, and number their lines anew."""
    joined, count = [], 0
    for group in groups:
        lines = {line: count + i for i, line in enumerate(dict.fromkeys(r.line for r in group))}
        joined += [replace(reading, line=lines[reading.line]) for reading in group]
        count += len(lines)
    return joined
