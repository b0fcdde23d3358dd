"""Load characters as pen strokes from the files of a UNIPEN collection.

UNIPEN is a text format for pen trajectories. A file of the public collection names segments
(``.SEGMENT CHARACTER 3-4 ? "7"``: the pen components 3 and 4 are a seven) and includes the file
that holds the components themselves (``.PEN_DOWN``, then the points).

References
----------
I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet: UNIPEN project of on-line data exchange
and recognizer benchmarks. ICPR 1994. The collection train_r01_v07: doi 10.5281/zenodo.1195803.
"""

import os
import re
import tarfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ARCHIVE = "https://zenodo.org/records/1195803/files/unipen-CDROM-train_r01_v07.tgz"


@dataclass(frozen=True, eq=False)
class Drawing:
    """One character as it was written.

    Attributes
    ----------
    strokes : list of (n, 2) float32 arrays
        The path of the pen while it was down, one array per stroke: x to the right, y downwards,
        in the units of the tablet.
    label : str
    writer : str
        The writer's name in the files, prefixed with the site: unique in the collection.
    site : str
        Where the character was collected, such as ``apa``.
    source : str
        File and segment, such as ``apa/apa19/app1989.dat 3-4``: unique in the collection.
    """

    strokes: list
    label: str
    writer: str
    site: str
    source: str


def load_unipen(path=None, category="1a"):
    """Read the characters of one category of a UNIPEN collection.

    Parameters
    ----------
    path : path-like, optional
        The folder that holds ``data`` and ``include``, or a folder above it. Default: the
        environment variable ``DIGITS_UNIPEN``; if that is not set, the collection is downloaded
        once into the Keras cache.
    category : str
        ``1a`` for isolated digits, ``1b`` for upper-case letters, ``1c`` for lower-case letters,
        ``1d`` for symbols.

    Returns
    -------
    list of Drawing
        In the order of the file names and of the segments in a file. A segment without ink is
        skipped with a warning.

    Raises
    ------
    FileNotFoundError
        If the category, or a file that another one includes, is missing.
    """
    path = path or os.environ.get("DIGITS_UNIPEN")
    path = Path(path) if path else _download()
    wanted = Path("data", category)
    data = path / wanted if (path / wanted).is_dir() else next(path.rglob(str(wanted)), None)
    if data is None:
        raise FileNotFoundError(
            f"{path} contains no UNIPEN folder {wanted}: give the folder that holds data and "
            "include, or unset DIGITS_UNIPEN to have the collection downloaded."
        )
    include = data.parents[1] / "include"
    files = sorted(file for file in data.rglob("*") if file.is_file())
    return [drawing for file in files for drawing in read_unipen(file, data, include)]


def _download():
    # Imported here because only the download needs it, and it takes seconds.
    from keras.utils import get_file

    archive = Path(get_file(origin=ARCHIVE, cache_subdir="unipen"))
    folder = archive.with_suffix("")
    if not folder.exists():
        partial = archive.with_suffix(".partial")
        with tarfile.open(archive) as tar:
            tar.extractall(partial, filter="data")
        partial.rename(folder)  # an interrupted extraction must not look complete
    return folder


def read_unipen(file, data, include):
    """Read the characters of one UNIPEN file.

    Parameters
    ----------
    file : Path
    data : Path
        The folder of the category; the first folder below it names the site.
    include : Path
        The folder that the paths in ``.INCLUDE`` start from.

    Returns
    -------
    list of Drawing

    Raises
    ------
    FileNotFoundError
        If an included file is missing.
    """
    name = file.relative_to(data)
    columns, writer = ["X", "Y"], name.stem
    components, segments = [], []
    for keyword, text in _statements(file, include):
        if keyword == "COORD":
            columns = text.split()
        elif keyword == "WRITER_ID":
            writer = text.strip()
        elif keyword in ("PEN_DOWN", "PEN_UP") and text.strip():  # an empty one is not numbered
            numbers = np.array(text.split(), np.float32)
            complete = len(numbers) // len(columns) * len(columns)  # the last line may be cut off
            points = numbers[:complete].reshape(-1, len(columns))
            points = points[:, [columns.index("X"), columns.index("Y")]]
            components.append((keyword == "PEN_DOWN", points * np.float32([1, -1])))
        elif keyword == "SEGMENT":
            segment = re.match(r'\s*CHARACTER\s+([\d:,\s-]*\d)\s+(?:\S+\s+)?"(.*)"', text)
            if segment:
                where, label = segment.groups()
                segments.append((where, re.sub(r"\\(.)", r"\1", label)))  # \" is a quotation mark
    site = name.parts[0]
    drawings = []
    for where, label in segments:
        source, strokes = f"{name.as_posix()} {where}", _strokes(where, components)
        if strokes:
            drawings.append(Drawing(strokes, label, f"{site}/{writer}", site, source))
        else:
            warnings.warn(f"UNIPEN segment {source} has no ink and is skipped.", stacklevel=3)
    return drawings


def _statements(file, include):
    """Yield keyword and text of a file's statements; .INCLUDE is replaced by what it names."""
    try:
        content = file.read_text(encoding="latin-1")
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"The UNIPEN file {file} is missing: restore the collection, or unset DIGITS_UNIPEN "
            "to have it downloaded."
        ) from error
    statement = r"^\.([A-Z_0-9]+)(.*(?:\n(?!\.[A-Z]).*)*)"  # up to the next .KEYWORD
    for keyword, text in re.findall(statement, content, re.MULTILINE):
        if keyword == "INCLUDE":
            yield from _statements(include / text.strip(), include)
        else:
            yield keyword, text


def _strokes(where, components):
    """Cut the strokes of a segment out of a file's components.

    `where` lists ranges separated by commas: ``3`` or ``3-5`` are whole components,
    ``3:10-5:20`` starts at point 10 of component 3 and ends with point 20 of component 5.
    """
    strokes = []
    for span in where.replace(" ", "").split(","):
        first, last = (span.split("-") * 2)[:2]
        first, start, *_ = map(int, f"{first}:-1".split(":"))
        last, stop, *_ = map(int, f"{last}:-1".split(":"))
        for number, (down, points) in enumerate(components[first : last + 1], first):
            begin = start if number == first and start > 0 else 0
            end = stop + 1 if number == last and stop >= 0 else len(points)
            if down and begin < end:
                strokes.append(points[begin:end])
    return strokes
