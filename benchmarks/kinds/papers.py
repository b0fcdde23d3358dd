"""Digits of one hand in, what they stand on out: forms, ruled and squared paper, a highlighter."""

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.sheets import INKS, PAPERS, box_path, lay, picture


def form_fields(s):
    return fields(s, lambda wide, cell: min(1, 0.75 * cell / wide))


def crowded_fields(s):
    return fields(s, lambda wide, cell: min(1.3, s.between(0.9, 1.1) * cell / wide))


def empty_fields(s):
    left, wide, high = s.between(20, 200), s.between(100, 280), s.between(25, 80)
    fields = [box_path(left, y, left + wide, y + high) for y in range(30, s.shape[0] - 90, 120)]
    ink = s.draw(fields, s.between(1.5, 4))
    if s.chance(0.5):
        ink = np.maximum(ink, printed_lines(s, s.between(60, 120), s.chance(0.5)))
    return "", s.either(ink)


def fields(s, squeeze):
    """Write a digit into each field of a comb or a row of boxes, as wide as `squeeze` makes it."""
    count, tall = s.rng.integers(3, 8), s.between(50, 110)
    used = s.rng.integers(1, count + 1)
    cell, gap = 1.3 * tall, s.of([0, 0, 0.15]) * tall
    s.shape = round(2.6 * tall), round((cell + gap) * count + tall)
    strokes, label, lines, is_comb = [], "", [], s.chance(0.4)
    for i in range(count):
        left = tall / 2 + i * (cell + gap)
        box = box_path(left, (1.6 if is_comb else 0.5) * tall, left + cell, 2.1 * tall)
        lines.append([box[0], *box[3:0:-1]] if is_comb else box)
        if i < used:
            digit, written = s.number(1, 1, tall)
            corner = left + cell / 2, 0.8 * tall
            strokes += fitted(written, corner, lambda wide: squeeze(wide, cell))
            label += digit
    form = s.paper()
    lines = s.draw(lines, s.between(1, 3))
    form = lay(form, lines, s.of([(0, 0, 0), (130, 130, 130), (230, 120, 120), (90, 130, 200)]))
    form = lay(form, s.draw(strokes, s.pen * tall), s.of(INKS))
    return label, s.photo(form) if s.chance(0.5) else picture(form)


def fitted(strokes, place, squeeze):
    """Make a digit narrower or wider, by `squeeze` of its width, and put its top middle there."""
    across = np.concatenate(strokes)[:, 0]
    factor = squeeze(max(np.ptp(across), 1))
    middle = factor * (across.min() + across.max()) / 2
    return [stroke * (factor, 1) + (place[0] - middle, place[1]) for stroke in strokes]


def printed_paper(s):
    label, ink, _, tall = s.write(1, 3, share=(0.2, 0.45))
    lines = printed_lines(s, tall, s.chance(0.5))
    colours = [(150, 180, 220), (120, 120, 120), (200, 200, 205), (220, 150, 150)]
    sheet = lay(s.paper(), lines, s.of(colours))
    sheet = lay(sheet, ink, s.of(INKS[:3]))
    if s.chance(0.5):
        return label, picture(sheet)
    return label, s.photo(turned(s, sheet))


def squared_in_shadow(s):
    label, ink, box, tall = s.write(1, 3, share=(0.2, 0.45))
    colours = [(150, 180, 220), (160, 160, 160)]
    sheet = lay(s.paper(), printed_lines(s, tall, True), s.of(colours))
    sheet = turned(s, lay(sheet, ink, s.of(INKS)))
    shade = s.shadow(sheet.shape, box, s.between(4, 30))
    return label, s.photo(sheet, 1 - s.between(0.3, 0.55) * shade, light=s.between(0.3, 0.6))


def one_in_a_square(s):
    side = s.between(32, 60)
    tall, count = 0.72 * side, s.rng.integers(2, 7)
    left, top = (
        int(s.between(1, n / side - 1 - free)) for n, free in ((s.shape[1], count), (s.shape[0], 1))
    )
    label, strokes = "", []
    for i in range(count):
        digit, written = s.number(1, 1, tall)
        place = (left + i + 0.5) * side, (top + 0.14) * side
        strokes += fitted(written, place, lambda wide: min(1, 0.7 * side / wide))
        label += digit
    across, down = (np.arange(0, n, side) for n in s.shape[::-1])
    lines = [[(x, 0), (x, s.shape[0])] for x in across] + [[(0, y), (s.shape[1], y)] for y in down]
    sheet = s.paper()
    colour = s.of([(110, 150, 215), (90, 90, 100), (160, 160, 160), (220, 150, 150)])
    sheet = lay(sheet, s.draw(lines, s.between(1, 3)), colour)
    sheet = lay(sheet, s.draw(strokes, s.pen * tall), s.of(INKS[:3]))
    return label, s.photo(turned(s, sheet)) if s.chance(0.7) else picture(sheet)


def printed_lines(s, tall, is_squared):
    spacing, width = max(18, tall / s.between(0.8, 4)), s.between(1, 3.5)
    y, x = ((np.arange(n) + s.between(0, spacing)) % spacing < width for n in s.shape)
    return np.float32(y[:, np.newaxis] | (x if is_squared else False) & np.ones(s.shape, bool))


def turned(s, sheet):
    """Turn a sheet by a few degrees, and cut off its corners."""
    angle = s.between(-3, 3)
    turned = picture(sheet).rotate(angle, Image.Resampling.BICUBIC, fillcolor=(250, 250, 250))
    crop = turned.crop((25, 25, s.shape[1] - 25, s.shape[0] - 25))
    return np.asarray(crop, np.float32)


def highlighted(s):
    label, ink, (left, top, right, bottom), tall = s.write(1, 3)
    marker = [(x, y + s.between(-0.1, 0.1) * tall) for x, y in box_path(left, top, right, bottom)]
    patch = Image.new("RGB", s.shape[::-1], s.of(PAPERS))
    colour = s.of([(255, 240, 60), (120, 250, 120), (255, 150, 200), (255, 180, 80)])
    ImageDraw.Draw(patch).polygon(marker, colour)
    sheet = lay(np.asarray(patch, np.float32), ink, s.of(INKS))
    return label, s.photo(sheet) if s.chance(0.5) else picture(sheet)


def blank_paper(s):
    return "", s.photo(s.sheet(np.zeros(s.shape, np.float32)))
