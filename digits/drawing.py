"""Any picture of ink to an MNIST-style 28x28 array: the bridge between training and serving.

MNIST's own recipe (LeCun et al., "Gradient-based learning applied to document recognition",
Proc. IEEE 86(11), 1998, section III.A): the digit is scaled to fit 20x20 pixels with its aspect
ratio kept, and placed in 28x28 so that its centre of mass is the centre of the field. One step is
ours: ink thinner than a pen would leave at that size is thickened first, since a 6-pixel line on a
520-pixel canvas would otherwise fade to a quarter of its grey.
"""

from itertools import pairwise

import numpy as np
from PIL import ExifTags, Image, ImageFilter, ImageOps

SIDE = 28
BOX = 20
_OVERSAMPLING = 4  # thickening happens at this multiple of the final resolution
_MIN_WIDTH = 1.6  # pixels of the 28x28 field; the thinnest MNIST pens leave about this
_MAX_PIXELS = 50_000_000  # more than any camera's; checked before a picture is decoded
_MIN_CONTRAST = 24  # grey levels of 255 between ink and paper; less is a blank picture
_INK_THRESHOLD = 0.1  # share of the full ink that counts as ink when the crop is found
_PHOTO = 640  # pixels of the longer side of a photo that suffice, and smooth out its noise
_PEN = 0.13  # share of a photo's longer side: what is wider is no stroke
_FAINT = 0.2  # share of the paper's light that the ink of a photo keeps back at least
_LARGE = 1000  # pixels of the longer side that suffice for any number
_COARSE = 200  # pixels of the longer side at which connected ink is looked for
_MOST_PIECES = 24  # connected pieces of ink in what may be a number
_WIDE = 0.55  # times as wide as the drawing is tall: perhaps more than one digit
_NARROW = 0.22  # times as wide as the drawing is tall: no digit that touches another is narrower


class PictureError(ValueError):
    """The picture cannot be read at all; the message says what to do."""


def ink(image):
    """Find ink and paper in a picture.

    Parameters
    ----------
    image : PIL.Image.Image or ndarray of uint8, shape (H, W), (H, W, 3) or (H, W, 4)
        Dark ink on light paper or light ink on dark; transparent pixels are paper.

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Grey levels away from the paper: 0 on paper, the largest value where the ink is full. All
        zeros if the picture is blank.

    Raises
    ------
    PictureError
        If `image` is neither a PIL image nor such an array, or has more than 50 million pixels.
    """
    return _away(*_on_paper(image))


def normalize(image):
    """Make a picture of one digit look like an MNIST image.

    Parameters
    ----------
    image : PIL.Image.Image or ndarray of uint8, shape (H, W), (H, W, 3) or (H, W, 4)
        Dark ink on light paper or light ink on dark; transparent pixels are paper.

    Returns
    -------
    ndarray of float32, shape (28, 28), or None
        Ink 1 on paper 0, or None if the picture is blank.

    Raises
    ------
    PictureError
        If `image` is neither a PIL image nor such an array, or has more than 50 million pixels.
    """
    return _scale(_crop(*_on_paper(image)))


def normalize_ink(ink):
    """Scale, thicken if thin, and centre ink that is already known; see `normalize`.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
        0 on paper, the largest value where the ink is full.

    Returns
    -------
    ndarray of float32, shape (28, 28), or None
        None if there is no ink.
    """
    return _scale(_crop(ink, 0, False))


def pieces(ink):
    """Take a drawing apart into its connected pieces of ink, as a number is into digits.

    A piece as wide as two digits that touch may be is cut wherever a column has little ink: more
    often than there are digits, since only a reader can tell which cuts are right.

    Parameters
    ----------
    ink : ndarray of uint8, shape (H, W)
        See `ink`.

    Returns
    -------
    parts : list of ndarray of uint8
        From left to right; together they are all the ink. Of shape (H, W), scaled down to at most
        1,000 pixels. Empty if there is no ink, or more pieces than any number has.
    connected : list of int
        A number for each part, the same for parts that were cut from one piece.
    """
    ink = np.asarray(Image.fromarray(ink).reduce(-(-max(ink.shape) // _LARGE)))
    coarse = -(-max(ink.shape) // _COARSE)
    small = np.pad(ink, [(0, -length % coarse) for length in ink.shape])
    for _ in range(2):  # the largest of each square, much faster than over two axes of blocks
        small = np.maximum.reduce([small[i::coarse] for i in range(coarse)]).T
    labels = _label(small > int(small.max() * _INK_THRESHOLD))
    if not 0 < labels.max() <= _MOST_PIECES:
        return [], []
    tall = np.ptp(np.flatnonzero(labels.any(axis=1))) + 1
    found = [(p, n) for n in range(1, labels.max() + 1) for p in _cut(labels == n, tall)]
    if len(found) > _MOST_PIECES:
        return [], []
    found.sort(key=lambda part: np.flatnonzero(part[0].any(axis=0)).mean())
    place = np.zeros(labels.shape, np.uint8)  # in `found`, from 1
    for i, (part, _) in enumerate(found, start=1):
        place[part] = i
    place = place.repeat(coarse, 0).repeat(coarse, 1)[: ink.shape[0], : ink.shape[1]]
    parts = [ink * (place == i) for i in range(1, len(found) + 1)]
    return parts, [number for _, number in found]


def stroke_width(ink):
    """Measure the mean width of strokes: one of length L has area L*w and total variation 2*L.

    Parameters
    ----------
    ink : ndarray of float32, shape (H, W)
        Full ink 1, paper 0; not all zeros.

    Returns
    -------
    float
        In pixels.
    """
    height, width = ink.shape
    padded = np.zeros((height + 2, width + 2), np.float32)
    padded[1:-1, 1:-1] = ink
    down = padded[1:, 1:] - padded[:-1, 1:]
    right = padded[1:, 1:] - padded[1:, :-1]
    return 2 * ink.sum() / np.sqrt(down * down + right * right).sum()


def _grey(image):
    """Luminance over white paper, uint8 (H, W)."""
    if isinstance(image, np.ndarray):
        if image.dtype != np.uint8 or not (
            image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (3, 4))
        ):
            raise PictureError(
                f"This array is {image.dtype} of shape {image.shape}: give a uint8 array of shape "
                "(H, W), (H, W, 3) or (H, W, 4)."
            )
        if not image.size:
            raise PictureError("This picture has no pixels: give one of at least 1x1.")
        if image.ndim == 2:
            return image
        image = Image.fromarray(image)
    if not isinstance(image, Image.Image):
        raise PictureError(
            f"A {type(image).__name__} is no picture: give a PIL image or a uint8 array."
        )
    if image.width * image.height > _MAX_PIXELS:
        raise PictureError(
            f"This picture has {image.width}x{image.height} pixels: scale it down to at most "
            f"{_MAX_PIXELS // 1_000_000} million."
        )
    if image.mode == "F":
        raise PictureError("This picture's grey levels are fractions: convert it to 8 or 16 bits.")
    if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
        image = ImageOps.exif_transpose(image)  # cameras store pictures as they were held
    if image.mode.startswith("I"):  # 16 bits a pixel, which Pillow would cut off at 255
        deep = np.asarray(image)
        return (deep >> 8 if deep.max() > 255 else deep).clip(0, 255).astype(np.uint8)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
        if image.getchannel("A").getextrema()[0] < 255:
            image = _over_paper(image)
    return np.asarray(image if image.mode == "L" else image.convert("L"))


def _over_paper(image):
    """Composite a picture on white paper, or on black under light ink, all in bytes of grey.

    In fractions, or in colours, a picture of 50 million pixels would take a gigabyte.
    """
    grey, alpha = image.convert("L"), image.getchannel("A")
    weights = np.asarray(alpha)
    weight = int(weights.sum())
    mean = np.einsum("ij,ij->", np.asarray(grey), weights, dtype=np.int64) / max(weight, 1)
    paper = 0 if weights.min() < 128 and mean > 127 else 255
    return Image.composite(grey, Image.new("L", image.size, paper), alpha)


def _on_paper(image):
    """Grey levels of a picture, the one of its paper, and whether ink is darker than that."""
    grey = _grey(image)
    edge = _edge(grey)
    if _is_photo(grey, edge):
        grey = _flatten(grey)
        edge = _edge(grey)
    dark, light = grey.min(), grey.max()
    if int(light) - int(dark) < _MIN_CONTRAST:
        return np.zeros_like(grey), 0, False
    # Ink covers less of a picture than its paper does, above all along the edges.
    is_dark = np.median(edge) >= (int(dark) + int(light)) / 2
    return grey, light if is_dark else dark, is_dark


def _away(grey, paper, is_dark):
    """Grey levels away from those of the paper."""
    return paper - grey if is_dark else grey - paper


def _crop(grey, paper, is_dark):
    """Cut out what has ink, and no more of the picture is made into ink; None if nothing has."""
    most = np.min if is_dark else np.max
    columns = _away(most(grey, axis=0), paper, is_dark)
    threshold = int(columns.max() * _INK_THRESHOLD)  # an integer: no array of floats is made
    columns = np.flatnonzero(columns > threshold)
    if not columns.size:
        return None
    grey = grey[:, columns[0] : columns[-1] + 1]
    rows = np.flatnonzero(_away(most(grey, axis=1), paper, is_dark) > threshold)
    return _away(grey[rows[0] : rows[-1] + 1], paper, is_dark)


def _scale(crop):
    """Make ink that fills its picture look like an MNIST image; None stays None."""
    if crop is None:
        return None
    full = crop.max()
    crop = Image.fromarray(crop)
    small = _fit(crop, BOX) / np.float32(full)
    if stroke_width(small) < _MIN_WIDTH:
        fine = _fit(crop, BOX * _OVERSAMPLING)
        missing = _MIN_WIDTH * _OVERSAMPLING - stroke_width(fine / np.float32(full))
        fine = _thicken(fine, max(1, round(missing / 2)))
        small = _fit(Image.fromarray(fine), BOX) / np.float32(fine.max())

    field = np.zeros((SIDE, SIDE), np.float32)
    top, left = (_offset(small, axis) for axis in (0, 1))
    field[top : top + small.shape[0], left : left + small.shape[1]] = small
    return field


def _edge(grey):
    return np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])


def _is_photo(grey, edge):
    """Tell paper under a lamp from a drawing's, which is of one grey along most of the edge."""
    return min(grey.shape) >= 4 * BOX and 2 * np.bincount(edge).max() < edge.size


def _flatten(grey):
    """Even out the light on a photo and leave nothing on its paper but strokes, as dark ink.

    The light that falls on the paper is what a morphological closing finds: it fills in whatever is
    dark and narrow, and keeps the edge of a shadow.
    """
    photo = Image.fromarray(grey).reduce(-(-max(grey.shape) // _PHOTO))
    photo = photo.filter(ImageFilter.BoxBlur(1))
    coarse = photo.reduce(4)
    around = coarse.filter(ImageFilter.BoxBlur(max(coarse.size) // 12))
    # Ink is rarer than paper, so that it differs more from what is around it.
    if ((np.asarray(coarse, np.float32) - around) ** 3).sum() > 0:  # chalk on a board
        photo, coarse = ImageOps.invert(photo), ImageOps.invert(coarse)
    coarse = np.asarray(coarse)
    paper = _fill(coarse, round(_PEN * max(coarse.shape) / 2))
    if np.percentile(1 - coarse / np.maximum(paper, 1), 99.8) < _FAINT:  # noise is averaged out
        return np.full_like(grey, 255)
    paper = Image.fromarray(paper).resize(photo.size, Image.Resampling.BILINEAR)
    kept = 1 - np.asarray(photo) / np.maximum(paper, 1).astype(np.float32)
    full = np.percentile(kept, 99.8)
    return 255 - (255 * ((kept / full - 0.4) / 0.3).clip(0, 1)).astype(np.uint8)


def _label(marked):
    """Give every 8-connected component of a bool array its number, from 1, by way of its runs."""
    edges = np.diff(np.pad(marked, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    runs = list(zip(*np.nonzero(edges == 1), np.nonzero(edges == -1)[1], strict=True))
    parent = list(range(len(runs)))

    def root(i):
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    above = 0  # the first run of the row above that may still touch
    for i, (row, start, end) in enumerate(runs):
        while runs[above][0] < row - 1 or (runs[above][0] == row - 1 and runs[above][2] < start):
            above += 1
        j = above
        while runs[j][0] == row - 1 and runs[j][1] <= end:
            parent[root(j)] = root(i)
            j += 1
    labels = np.zeros(marked.shape, int)
    numbers = {}
    for i, (row, start, end) in enumerate(runs):
        labels[row, start:end] = numbers.setdefault(root(i), len(numbers) + 1)
    return labels


def _cut(piece, tall):
    """Cut a piece that may be several digits, first where the least ink is in a column."""
    columns = np.flatnonzero(piece.any(axis=0))
    if np.ptp(columns) + 1 < _WIDE * tall:
        return [piece]
    apart = max(2, round(_NARROW * tall))
    ink = piece.sum(axis=0, dtype=np.float32)
    ink[: columns[0] + apart] = ink[columns[-1] + 1 - apart :] = np.inf
    edges = [0, piece.shape[1]]
    while ink.min() < np.inf:
        edges.append(at := int(ink.argmin()))
        ink[max(0, at - apart) : at + apart + 1] = np.inf
    place = np.arange(piece.shape[1])
    return [piece & (place >= start) & (place < end) for start, end in pairwise(sorted(edges))]


def _fit(crop, side):
    """Scale the longer side to `side`, averaging over the area that each new pixel covers."""
    size = [max(1, round(length * side / max(crop.size))) for length in crop.size]
    return np.asarray(crop.resize(size, Image.Resampling.BOX))


def _thicken(ink, radius):
    """Grow ink by `radius` pixels on every side, the field with it."""
    height, width = (length + 2 * radius for length in ink.shape)
    tall = np.zeros((height, ink.shape[1]), np.uint8)
    wide = np.zeros((height, width), np.uint8)
    for i in range(2 * radius + 1):
        np.maximum(rows := tall[i : i + ink.shape[0]], ink, out=rows)
    for i in range(2 * radius + 1):
        np.maximum(columns := wide[:, i : i + ink.shape[1]], tall, out=columns)
    return wide


def _fill(grey, radius):
    """Fill in what is darker than all around it and narrower than twice the radius: a closing."""
    return 255 - _spread(255 - _spread(grey, radius), radius)


def _spread(grey, radius):
    """Give every pixel the lightest value within `radius` rows and columns, by doubling steps."""
    spread = np.pad(grey, radius, "edge")
    for axis in (0, 1):
        wide, spread = 1, np.moveaxis(spread, axis, 0)
        while wide <= 2 * radius:
            step = min(wide, 2 * radius + 1 - wide)
            spread = np.maximum(spread[step:], spread[:-step])
            wide += step
        spread = np.moveaxis(spread, 0, axis)
    return spread


def _offset(small, axis):
    """Where `small` starts so that its centre of mass falls on pixel 14, as in MNIST."""
    mass = small.sum(axis=1 - axis)
    centre = float(mass @ np.arange(mass.size)) / float(mass.sum())
    return min(max(round(SIDE / 2 - centre), 0), SIDE - mass.size)
