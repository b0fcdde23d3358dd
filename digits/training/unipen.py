"""Real pen strokes: read UNIPEN files, draw them on a canvas as a person would draw on the page.

UNIPEN is a text format for pen trajectories. A file of the public collection names the segments
(``.SEGMENT CHARACTER 3-4 ? "7"``: the pen components 3 and 4 are a seven) and includes the file
with the components themselves (``.PEN_DOWN``, then the points).

References
----------
I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet: UNIPEN project of on-line data exchange
and recognizer benchmarks. ICPR 1994. The collection train_r01_v07: doi 10.5281/zenodo.1195803.
"""

import os
import re
import tarfile
import warnings
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

ARCHIVE = "https://zenodo.org/records/1195803/files/unipen-CDROM-train_r01_v07.tgz"

CANVAS = 520  # pixels, the side of the square canvas
PEN_WIDTH = 18 / CANVAS  # the page's pen, as a share of the canvas


@dataclass(frozen=True)
class Drawing:
    """One character as it was written.

    Attributes
    ----------
    strokes : list of (n, 2) float32 arrays
        The pen's path while it was down, a stroke an array of x (to the right) and y (downwards),
        in the units of the tablet.
    label : str
    writer : str
        The writer's name in the files, prefixed with the site: unique over the collection.
    site : str
        Where it was collected, such as ``apa``.
    source : str
        File and segment, such as ``apa/apa19/app1989.dat 3-4``: unique over the collection.
    """

    strokes: list
    label: str
    writer: str
    site: str
    source: str


# --- Reading UNIPEN files ---------------------------------------------------------------------


def load_unipen(path=None, category="1a"):
    """Read the characters of one category of a UNIPEN collection.

    Parameters
    ----------
    path : path-like, optional
        The folder that holds ``data`` and ``include`` (or a folder above it). Default: the
        environment variable ``DIGITS_UNIPEN``; without it the collection is downloaded once into
        Keras' cache.
    category : str
        ``1a`` are the isolated digits.

    Returns
    -------
    list of Drawing
        In the order of the file names and of the segments in a file. A segment that names no
        component with ink is skipped with a warning.

    Raises
    ------
    FileNotFoundError
        When the path does not hold that category.
    """
    path = path or os.environ.get("DIGITS_UNIPEN")
    path = Path(path) if path else _download()
    wanted = Path("data", category)
    data = path / wanted if (path / wanted).is_dir() else next(path.rglob(str(wanted)), None)
    if data is None:
        raise FileNotFoundError(f"No UNIPEN collection in {path}: no folder {wanted} in it.")
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
        partial.rename(folder)  # so that an interrupted extraction is not taken for a whole one
    return folder


def read_unipen(file, data, include):
    """Read the characters of one UNIPEN file.

    Parameters
    ----------
    file : Path
    data : Path
        The folder above the sites' folders, to name the site.
    include : Path
        The folder that the paths of ``.INCLUDE`` start from.

    Returns
    -------
    list of Drawing
    """
    name = file.relative_to(data)
    columns, writer = ["X", "Y"], name.stem
    components, segments = [], []
    for keyword, text in _statements(file, include):
        if keyword == "COORD":
            columns = text.split()
        elif keyword == "WRITER_ID":
            writer = text.strip()
        elif keyword in ("PEN_DOWN", "PEN_UP") and text.strip():  # an empty one carries no number
            numbers = np.array(text.split(), np.float32)
            complete = len(numbers) // len(columns) * len(columns)  # a last line may be cut off
            points = numbers[:complete].reshape(-1, len(columns))
            points = points[:, [columns.index("X"), columns.index("Y")]]
            components.append((keyword == "PEN_DOWN", points * np.float32([1, -1])))
        elif keyword == "SEGMENT":
            segment = re.match(r'\s*CHARACTER\s+([\d:,\s-]*\d)\s+(?:\S+\s+)?"(.*)"', text)
            if segment:
                segments.append(segment.groups())
    site = name.parts[0]
    drawings = []
    for where, label in segments:
        source, strokes = f"{name.as_posix()} {where}", _ink(where, components)
        if strokes:
            drawings.append(Drawing(strokes, label, f"{site}/{writer}", site, source))
        else:
            warnings.warn(f"UNIPEN segment {source} holds no ink and is skipped.", stacklevel=3)
    return drawings


def _statements(file, include):
    """Yield keyword and text of a file's statements, included files in the place of .INCLUDE."""
    try:
        content = file.read_text(encoding="latin-1")
    except FileNotFoundError as error:
        raise FileNotFoundError(f"The UNIPEN file {file} is missing.") from error
    statement = r"^\.([A-Z_0-9]+)(.*(?:\n(?!\.[A-Z]).*)*)"  # up to the next .KEYWORD
    for keyword, text in re.findall(statement, content, re.MULTILINE):
        if keyword == "INCLUDE":
            yield from _statements(include / text.strip(), include)
        else:
            yield keyword, text


def _ink(where, components):
    """Cut the strokes of a segment out of a file's components.

    `where` lists ranges: ``3`` or ``3-5`` are whole components, ``3:10-5:20`` starts at point 10
    of component 3 and ends with point 20 of component 5, commas separate ranges.
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


# --- Drawing on a canvas ----------------------------------------------------------------------


def render(strokes, size=CANVAS, height=0.6, centre=(0.5, 0.5), width=PEN_WIDTH):
    """Draw strokes as black ink on white paper, as a browser does with round caps and joins.

    A pixel's darkness is the share of it that the pen covers, taken from its centre's distance to
    the pen's path: exact for straight edges, for any width, at any subpixel position.

    Parameters
    ----------
    strokes : list of (n, 2) arrays
        x to the right, y downwards, any unit.
    size : int
        Side of the canvas in pixels.
    height : float
        Height of the path as a share of the canvas. A drawing too wide for the canvas is made
        smaller until it fits with its ink.
    centre : (float, float)
        Where the middle of the path's box goes, x and y as shares of the canvas. It is moved
        where ink would leave the canvas.
    width : float
        Width of the pen as a share of the canvas.

    Returns
    -------
    (size, size) uint8 array
        255 paper, 0 ink.
    """
    low, high = _box(strokes)
    extent = _extent(low, high, height, width)
    scale = extent.max() / max((high - low).max(), 1e-6)
    margin = (extent + width) / 2
    shift = np.clip(centre, margin, 1 - margin)
    radius = size * width / 2
    squared = np.full((size, size), np.inf, np.float32)  # distance to the path
    for stroke in strokes:
        path = (((stroke - (low + high) / 2) * scale + shift) * size).astype(np.float32)
        path = path if len(path) > 1 else path.repeat(2, axis=0)  # a dot
        for a, b in pairwise(path):
            x0, y0 = np.maximum(np.minimum(a, b) - radius - 1, 0).astype(int)
            x1, y1 = np.ceil(np.maximum(a, b) + radius + 1).astype(int)
            near = squared[y0:y1, x0:x1]
            x = np.arange(x0, x0 + near.shape[1], dtype=np.float32) + 0.5 - a[0]
            y = np.arange(y0, y0 + near.shape[0], dtype=np.float32)[:, None] + 0.5 - a[1]
            dx, dy = b - a
            length = dx * dx + dy * dy
            t = np.clip((x * dx + y * dy) / length, 0, 1) if length else np.float32(0)
            np.minimum(near, (x - t * dx) ** 2 + (y - t * dy) ** 2, out=near)
    cover = np.clip(radius + 0.5 - np.sqrt(squared), 0, 1)
    return np.rint(255 * (1 - cover)).astype(np.uint8)


def draw(drawing, condition, size=CANVAS, seed=0):
    """Draw one character at a random size and place, under a condition of the protocol.

    ``default``: as on the page; height 45 to 75 % of the canvas, centre within 8 % of the canvas'
    centre in both directions, the page's own pen. ``anywhere``: height 15 to 85 %, any position
    that fits, pen 1 to 6 % of the canvas and at most 16 % of the character's longer side.

    Parameters
    ----------
    drawing : Drawing
    condition : {"default", "anywhere"}
    size : int
        Side of the canvas in pixels.
    seed : int
        The same drawing gets the same canvas for the same seed, whatever else is drawn.

    Returns
    -------
    (size, size) uint8 array
        255 paper, 0 ink.
    """
    rng = np.random.default_rng((seed, zlib.crc32(drawing.source.encode())))
    if condition == "default":
        height, centre, width = rng.uniform(0.45, 0.75), rng.uniform(0.42, 0.58, 2), PEN_WIDTH
    else:
        height, width = rng.uniform(0.15, 0.85), rng.uniform(0.01, 0.06)
        extent = _extent(*_box(drawing.strokes), height, width)
        width = min(width, 0.16 * extent.max())
        margin = (extent + width) / 2
        centre = margin + rng.uniform(0, 1, 2) * (1 - 2 * margin)
    return render(drawing.strokes, size, height, centre, width)


def _box(strokes):
    points = np.concatenate(strokes)
    return points.min(0), points.max(0)


def _extent(low, high, height, width):
    """Width and height on the canvas, in shares of it: that height, or as large as fits."""
    extent = np.maximum(high - low, 1e-6)
    return extent * min(height / extent[1], *(1 - width) / extent)


# --- What was drawn, told from strokes and shape alone ----------------------------------------
# These rules judge geometry only, never a network's answer, so that no sample is left out of a
# measurement, or put into a subset, because a network misreads it.


def is_whole(drawings):
    """Tell the segments that hold one whole character from the source's accidents.

    A segment is taken for an accident when it is

    - several characters: its strokes fall into groups side by side, a gap between them, each at
      least 60 % of the height and 30 % as wide as it is tall ("00" labelled 0);
    - a part of one: fewer strokes than the writer's median for that label and less than 60 % of
      the median path; or as thin as a bar (less than 10 % as wide as long) and no 1; or a 4 of
      one stroke that never goes up by 15 % of its height;
    - a scribble: more than eight times the writer's median path for that label.

    Medians count where the writer wrote that label at least three times.

    Parameters
    ----------
    drawings : list of Drawing

    Returns
    -------
    (n,) bool array
    """
    written = {}
    for drawing in drawings:
        written.setdefault((drawing.writer, drawing.label), []).append(drawing.strokes)
    medians = {
        key: (np.median([len(s) for s in same]), np.median([_length(s) for s in same]))
        for key, same in written.items()
        if len(same) >= 3
    }
    whole = np.ones(len(drawings), bool)
    for index, drawing in enumerate(drawings):
        strokes, length = drawing.strokes, _length(drawing.strokes)
        count, usual = medians.get((drawing.writer, drawing.label), (len(strokes), length))
        whole[index] = not (
            _several(strokes)
            or (len(strokes) < count and length < 0.6 * usual)
            or (drawing.label != "1" and _thinness(strokes) < 0.1)
            or (drawing.label == "4" and len(strokes) == 1 and _rise(strokes[0]) < 0.15)
            or length > 8 * usual
        )
    return whole


def is_slashed_zero(drawing):
    """Tell a 0 with a straight, steep line through its middle and its loop all around that."""
    if drawing.label != "0":
        return False
    paths = _resample(drawing.strokes)
    low, high = _box(paths)
    paths = [(2 * path - low - high) / np.maximum(high - low, 1e-6) for path in paths]  # box: +-1
    ink = np.concatenate(paths)
    ring = ink[np.hypot(*ink.T) > 0.5]
    sectors = np.unique(np.arctan2(ring[:, 1], ring[:, 0]) // (np.pi / 12))
    if len(sectors) < 20:  # of 24: a loop may stay open a little
        return False
    for path in paths:
        inside = np.hypot(*path.T) < 0.5
        ends = np.flatnonzero(np.diff(inside, prepend=False, append=False)).reshape(-1, 2)
        for begin, end in ends:
            along = path[end - 1] - path[begin]
            length = np.hypot(*along)
            straight = length > 0.9 * _length([path[begin:end]])
            if length > 0.65 and straight and abs(along[1]) > 0.5 * abs(along[0]):
                offset = ink - (path[begin] + path[end - 1]) / 2
                beside = _cross(offset, along)[np.abs(offset @ along) < 0.1 * length] / length
                if beside.min() < -0.25 and beside.max() > 0.25:
                    return True
    return False


def is_flagged_one(drawing):
    """Tell a 1 with a flag (ink at two places of one height in its upper half) or a foot."""
    if drawing.label != "1":
        return False
    ink = np.concatenate(_resample(drawing.strokes))
    foot = np.ptp(ink[ink[:, 1] > 0.88, 0]) > 0.3
    bands = (ink[(ink[:, 1] >= y) & (ink[:, 1] <= y + 0.06), 0] for y in np.arange(0, 0.5, 0.03))
    return bool(foot or any(band.size and np.ptp(band) > 0.14 for band in bands))


def is_crossed_seven(drawing):
    """Tell a 7 with a flat line across its steep one, 25 to 85 % down, out on both sides."""
    if drawing.label != "7":
        return False
    paths = _resample(drawing.strokes)
    start = np.concatenate([path[:-1] for path in paths])
    step = np.concatenate([np.diff(path, axis=0) for path in paths])
    flat = np.abs(step[:, 0]) > np.abs(step[:, 1])
    middle = (start[:, 1] > 0.25) & (start[:, 1] < 0.85)
    for a, v in zip(start[flat & middle], step[flat & middle], strict=True):
        b, w = start[~flat & middle], step[~flat & middle]
        parallel = _cross(v, w)
        with np.errstate(divide="ignore", invalid="ignore"):
            s, t = _cross(b - a, w) / parallel, _cross(b - a, v) / parallel
        # Strictly between the ends: two neighbours on a bend touch there and do not cross.
        if np.any((s > 1e-3) & (s < 1 - 1e-3) & (t > 1e-3) & (t < 1 - 1e-3)):
            bar = start[flat & (np.abs(start[:, 1] - a[1]) < 0.12), 0] - a[0]
            if bar.min() < -0.08 and bar.max() > 0.08:
                return True
    return False


def _several(strokes):
    """Whether strokes form characters side by side: see `is_whole`."""
    low, high = _box(strokes)
    groups = []
    for stroke in sorted(strokes, key=lambda stroke: stroke[:, 0].min()):
        if groups and stroke[:, 0].min() <= max(part[:, 0].max() for part in groups[-1]):
            groups[-1].append(stroke)
        else:
            groups.append([stroke])
    sizes = [np.subtract(*_box(group)[::-1]) for group in groups]
    return len(groups) > 1 and all(
        tall > 0.6 * (high - low)[1] and wide > 0.3 * tall for wide, tall in sizes
    )


def _rise(stroke):
    """How far a stroke goes up again, as a share of its height (y points down)."""
    y = stroke[:, 1]
    return (np.maximum.accumulate(y) - y).max() / max(np.ptp(y), 1e-6)


def _thinness(strokes):
    """Width across the main direction, as a share of the length along it."""
    points = np.concatenate(strokes)
    points = points - points.mean(0)
    main = np.linalg.svd(points, full_matrices=False)[2]
    along, across = np.ptp(points @ main.T, axis=0) if len(points) > 1 else (0, 0)
    return across / max(along, 1e-6)


def _length(strokes):
    return sum(np.hypot(*np.diff(stroke, axis=0).T).sum() for stroke in strokes)


def _resample(strokes, step=0.02):
    """Strokes as points no more than `step` apart, in units of the drawing's height, from 0."""
    low, high = _box(strokes)
    paths = []
    for stroke in strokes:
        stroke = (stroke - low) / max((high - low)[1], 1e-6)
        along = np.append(0, np.cumsum(np.hypot(*np.diff(stroke, axis=0).T)))
        at = np.linspace(0, along[-1], int(along[-1] / step) + 2)
        paths.append(np.stack([np.interp(at, along, axis) for axis in stroke.T], axis=1))
    return paths


def _cross(a, b):
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
