"""Find the ink in any picture that is handwriting, with a reason for everything left out."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PIL import Image, ImageFilter

from digits.geometry import DIGIT, enclosing
from digits.layout import Layout, LeftOut
from digits.layout_analysis.checkerboard import without_checkerboard
from digits.layout_analysis.clutter import Sorter
from digits.layout_analysis.displays import redraw_display, shows_digit
from digits.layout_analysis.enclosures import holds_pieces
from digits.layout_analysis.faint import leave_out_faint, may_hold_stain
from digits.layout_analysis.figures import are_of_figure
from digits.layout_analysis.frames import leave_out_frames
from digits.layout_analysis.grain import (
    close_breaks,
    join_dots,
    to_grey,
    without_dither,
    without_grain,
    without_texture,
)
from digits.layout_analysis.grids import is_grid, without_grids
from digits.layout_analysis.labels import are_in_fields, clear_labels, leave_out_labels
from digits.layout_analysis.margins import clear_margins
from digits.layout_analysis.overlays import without_scroll_bars, without_watermark
from digits.layout_analysis.paper import (
    away_from,
    find_ink,
    is_photo,
    paper_level,
    without_letterbox,
)
from digits.layout_analysis.ruled_lines import remove_rules
from digits.layout_analysis.straight_lines import are_rays
from digits.masks import MIN_CONTRAST, coarse_mask, ink_threshold
from digits.morphology import connected_components, is_connected
from digits.outlines import fill_tones
from digits.pixels import picture_shape, to_pixels


@dataclass(frozen=True)
class _Clean:
    """What is taken for a clean drawing of one digit without further analysis."""

    # Squares per side of the grid on which its ink must be in one piece, at most.
    max_grid_squares: int = 64
    # Share of its box that the ink of a digit other than 1 covers, at most.
    max_fill_share: float = 0.6
    # Share of the paper round it that has another level than the picture's, at most.
    max_other_paper_share: float = 0.25
    # Share of its top row that is ink if a display's bar may be there, at least.
    min_top_bar_share: float = 0.5
    # Distance from the edge of what may be a scroll bar, as a multiple of its width, at most.
    max_bar_distance: float = 2.0
    # Shorter side of a grey picture that is analysed further, in pixels, at least; a smaller one is
    # taken as it is.
    min_side_pixels: int = 40


@dataclass(frozen=True)
class _Analysis:
    """How many things of a kind may be handwriting in a full analysis."""

    # Lines from edge to edge that may be all the writing, at most; more are ruled paper.
    max_strokes: int = 2
    max_doubtful_pieces: int = 2  # left-out pieces that may belong to a digit, at most


@dataclass(frozen=True)
class _Noise:
    """When a picture has so many specks that they are noise, and it is filtered first."""

    max_specks: int = 300  # number of specks in a picture without noise, at most
    max_speck_pixels: int = 3  # longer side of a speck, in pixels, at most


_CLEAN, _ANALYSIS, _NOISE = _Clean(), _Analysis(), _Noise()


def analyse(image):
    """Find the handwriting in a picture.

    Parameters
    ----------
    image : PIL.Image.Image or ndarray of uint8, shape (H, W), (H, W, 3) or (H, W, 4)
        Dark ink on light paper, light ink on dark, or of another colour than the paper's;
        transparent pixels are paper.

    Returns
    -------
    Layout

    Raises
    ------
    PictureError
        As in `digits.Recognizer.read`.
    """
    pixels = to_pixels(image)
    picture = picture_shape(image)
    if layout := _clean_drawing(pixels, picture):
        return layout
    layout = _full_analysis(pixels, picture)
    return replace(layout, make_blurred=partial(_blurred, pixels, picture))


def _clean_drawing(pixels, picture):
    """Return the layout of a grey picture that is blank, tiny or a drawing in one piece; else None.

    Ink is made only of the part of the picture that has any.
    """
    if pixels.ndim == 3 or is_photo(pixels):
        return None
    level, is_dark = paper_level(pixels)
    darkest = np.min if is_dark else np.max
    columns = away_from(level, darkest(pixels, axis=0), is_dark)
    if columns.max() < MIN_CONTRAST:
        return Layout(None, None, pixels.shape, picture)
    threshold = ink_threshold(columns)
    inked = np.flatnonzero(columns > threshold)
    left, right = int(inked[0]), int(inked[-1]) + 1
    part = pixels[:, left:right]
    inked = np.flatnonzero(away_from(level, darkest(part, axis=1), is_dark) > threshold)
    top, bottom = int(inked[0]), int(inked[-1]) + 1
    crop = away_from(level, part[top:bottom], is_dark)
    if _has_other_paper(crop, threshold):
        return None
    crop = fill_tones(crop)
    layout = Layout(crop, (left, top, right, bottom), pixels.shape, picture)
    if min(pixels.shape) < _CLEAN.min_side_pixels:
        return layout
    if crop.shape[1] > DIGIT.max_width * crop.shape[0]:
        return None
    mask, _ = coarse_mask(crop, _CLEAN.max_grid_squares)
    margin = 0
    if mask.mean() > _CLEAN.max_fill_share:
        if not _is_upright_bar(crop > threshold):
            return None
        margin = _CLEAN.max_bar_distance * crop.shape[1]
    height, width = pixels.shape
    if min(left, top, width - right, height - bottom) <= margin:
        return None
    if mask[0].mean() > _CLEAN.min_top_bar_share and shows_digit(crop > threshold):
        return None
    if not is_connected(mask) or (_may_be_ring(mask) and not is_connected(crop > threshold)):
        return None
    return replace(layout, is_one_piece=True)


def _has_other_paper(crop, threshold):
    """Return whether much of what is no ink has another level than the paper, as a card has."""
    some = crop[::4]
    paper = some <= threshold
    return (paper & (some > 0)).sum() > _CLEAN.max_other_paper_share * paper.sum()


def _may_be_ring(mask):
    """Return whether a row has ink in three places, as a ring that something nearly touches."""
    rows = mask[[len(mask) // 4, len(mask) // 2, len(mask) - 1 - len(mask) // 4]]
    starts = rows[:, 1:] & ~rows[:, :-1]
    return bool((starts.sum(axis=1) + rows[:, 0] >= 3).any())


def _is_upright_bar(mask):
    """Return whether ink that fills its box is a 1, and not an area or a page of print."""
    return 2 * mask.shape[1] < mask.shape[0] and mask.mean() > _CLEAN.max_fill_share


def _blurred(pixels, picture):
    """Analyse a photo of something rough without its texture; None for other pictures."""
    smooth = without_texture(pixels) if is_photo(pixels) else None
    return None if smooth is None else _full_analysis(smooth, picture)


def _full_analysis(pixels, picture):
    """Analyse any picture in full: its paper and light, then print, then the components of ink."""
    rows, columns = without_letterbox(pixels)
    place = {"corner": (columns.start, rows.start), "shape": pixels.shape[:2], "picture": picture}
    cut_out = partial(_cut_out, **place)
    ink, absorbed = _find_ink_in_noise(without_checkerboard(pixels[rows, columns]))
    ink, lines = _without_rules(ink, absorbed is not None)
    left_out = [LeftOut(box, "rule") for box in lines]
    if not ink.any():
        return cut_out(ink, left_out)
    ink, components, faint = _without_faint(without_grain(ink), absorbed, is_ruled=bool(lines))
    left_out += faint
    if not ink.any():
        return cut_out(ink, left_out)
    dark = ink * (components.labels > 0)
    redrawn = redraw_display(dark, components)
    if redrawn is not dark:
        redrawn_components = connected_components(redrawn > ink_threshold(redrawn))
        return _sort(redrawn, redrawn_components, left_out, absorbed, cut_out)
    layout = _sort(ink, components, left_out, absorbed, cut_out)
    make_closed = partial(_closed, ink, components, left_out, absorbed, cut_out)
    return replace(layout, make_closed=make_closed)


def _closed(ink, components, *place):
    """Sort the components once more with gaps in strokes closed; None if none may be broken."""
    closed = close_breaks(ink, components)
    return closed and _sort(*closed, *place)


def _without_faint(ink, absorbed, is_ruled):
    """Take out what is fainter than the writing: the rest of the ink, Components, list of LeftOut.

    What is faint in a photo stays in the ink, but in none of the components.
    """
    components, left_out = connected_components(ink > ink_threshold(ink)), []
    if absorbed is not None:
        dark = Sorter(components)
        leave_out_faint(dark, absorbed, is_ruled)
        return ink, connected_components(dark.found.select(dark.kept)), dark.left_out
    ink = fill_tones(ink)
    for take_out in (without_watermark, without_scroll_bars):
        rest, taken = take_out(ink, components)
        if rest is not ink:
            ink, components = rest, connected_components(rest > ink_threshold(rest))
            left_out += taken
    return ink, components, left_out


def _sort(ink, components, left_out, absorbed, cut_out):
    """Sort the components of ink: the layout of what is handwriting, and of what may be, too."""
    is_photo = absorbed is not None
    kept, frames = leave_out_frames(components)
    rules = [each.box for each in left_out if each.reason == "rule"]
    fields = [each.box for each in frames if each.reason != "slash"]
    if is_grid(rules):
        fields.append(enclosing(np.array(rules)))
    sorter = Sorter(connected_components(kept)).sort(is_rest=bool(rules or fields))
    are_beside = ~are_in_fields(sorter.found, fields)
    sorter.leave_out(are_beside & are_of_figure(sorter.found, fields), "frame")
    leave_out_labels(sorter, fields)
    sorter.may_hold_sign |= is_photo and may_hold_stain(sorter, absorbed)
    framed_ink = ink
    if sorter.are_few() and sorter.are_dots():
        dots = connected_components(sorter.found.select(sorter.kept))
        ink = join_dots(ink * (dots.labels > 0), dots)
        sorter = sorter.with_joined(connected_components(ink > 0))
    findings = {
        "may_hold_sign": sorter.may_hold_sign,
        "is_drawing": sorter.are_few() and (holds_pieces(sorter) or are_rays(sorter)),
        "is_scattered": sorter.are_scattered(),
    }

    def layout_of(ink, left_out):
        layout = replace(cut_out(ink, left_out), **findings)
        return replace(layout, is_cut=is_photo and layout.touches_edge)

    taken = frames + sorter.left_out
    if sorter.kept.any():
        digits = enclosing(sorter.found.boxes[sorter.kept])
        taken = clear_margins(taken, digits, ink.shape, is_photo)
        left_out = clear_labels(sorter, left_out, frames)
        taken = clear_labels(sorter, taken, frames)
    layout = layout_of(ink * sorter.found.select(sorter.kept), left_out + taken)
    small = sorter.small
    if fields:  # what stands beside them is print
        small = small & are_in_fields(sorter.found, fields)
    if small.any():
        layout = replace(layout, small=layout_of(ink * sorter.found.select(small), []))
    if not all(frame.is_clear for frame in frames):
        every = Sorter(components)
        every.leave_out_dust()
        framed = layout_of(framed_ink * components.select(every.kept), left_out)
        layout = replace(layout, framed=framed)
    if 0 < sorter.doubtful.sum() <= _ANALYSIS.max_doubtful_pieces:
        added = {tuple(box) for box in sorter.found.boxes[sorter.doubtful].tolist()}
        certain = [each for each in taken if each.box not in added]
        ink = ink * sorter.found.select(sorter.kept | sorter.doubtful)
        layout = replace(layout, fuller=layout_of(ink, left_out + certain))
    return layout


def _without_rules(ink, is_photo):
    """Take out lines and grids of the paper: the rest of the ink, and the boxes of the lines."""
    mask, of_grids = ink > ink_threshold(ink), []
    if not is_photo:
        ink, of_grids = without_grids(ink, connected_components(mask))
        mask = ink > ink_threshold(ink)
    kept, lines = remove_rules(mask, ink)
    if not kept.any() and len(lines) <= _ANALYSIS.max_strokes:
        return ink * mask, of_grids  # strokes from edge to edge
    return ink * kept, of_grids + lines


def _cut_out(ink, left_out, corner, shape, picture):
    """Make the layout of the ink on a part of a picture that starts at `corner`."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    is_blank = not rows.size
    if is_blank:  # only to tell the places of what was left out
        rows = columns = [0]
    x, y = int(columns[0]), int(rows[0])
    crop = ink[y : rows[-1] + 1, x : columns[-1] + 1]
    left, top = corner[0] + x, corner[1] + y
    layout = Layout(crop, (left, top, left + crop.shape[1], top + crop.shape[0]), shape, picture)
    moved = [
        replace(each, box=layout.to_picture(np.subtract(each.box, (x, y, x, y))))
        for each in left_out
    ]
    layout = replace(layout, left_out=tuple(moved))
    return replace(layout, ink=None, box=None) if is_blank else layout


def _find_ink_in_noise(pixels):
    """Find ink, after a median filter if there are so many specks that they are noise."""
    pixels = to_grey(pixels)
    found, absorbed = find_ink(pixels)
    found = without_dither(found)
    specks = connected_components(found > ink_threshold(found))
    sizes = np.maximum(specks.widths, specks.heights)
    if (sizes <= _NOISE.max_speck_pixels).sum() <= _NOISE.max_specks:
        return found, absorbed
    return find_ink(np.asarray(Image.fromarray(pixels).filter(ImageFilter.MedianFilter(3))))
