"""Digits of one hand in, photos out: in shadow, with the edge of a table, from far away."""

import numpy as np
from PIL import Image

from benchmarks.sheets import picture


def photo(s):
    label, ink, *_ = s.write(1, 3)
    return label, s.photo(s.sheet(ink))


def hard_shadow(s):
    label, ink, box, _ = s.write(1, 2)
    shade = s.shadow(s.shape, box, s.between(0.3, 4))
    return label, s.photo(s.sheet(ink), 1 - s.between(0.3, 0.7) * shade)


def table_edge(s):
    label, ink, *_ = s.write(1, 2, off=0.15, share=(0.2, 0.45))
    sheet, mask = s.sheet(ink), np.zeros(s.shape, bool)
    for turn in s.rng.permutation(4)[: s.rng.integers(1, 4)]:
        view = np.rot90(mask, turn)
        slope = np.linspace(0, s.between(-0.02, 0.02), view.shape[1]) * view.shape[1]
        depth = s.between(0.01, 0.1) * min(s.shape) + slope
        view |= np.arange(view.shape[0])[:, np.newaxis] < depth
    sheet[mask] = s.of([(60, 40, 30), (25, 25, 28), (120, 90, 60), (90, 110, 120)])
    return label, s.photo(sheet)


def note_on_desk(s):
    s.shape = (340, 400)
    label, ink, *_ = s.write(1, 2, off=0.3, share=(0.4, 0.7))
    mask = Image.new("L", (400, 340), 255)
    angle = s.between(-12, 12)
    note = picture(s.sheet(ink)).rotate(angle, Image.Resampling.BICUBIC, expand=True)
    mask = mask.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    grain = np.repeat(s.rng.normal(0, 6, (560, 40)), 20, axis=1)[:, :720, np.newaxis]
    desk = picture(s.of([(110, 80, 55), (45, 45, 50), (150, 120, 90), (70, 95, 90)]) + grain)
    desk.paste(note, (int(s.between(60, 200)), int(s.between(20, 120))), mask)
    return label, s.photo(np.asarray(desk, np.float32))


def small_in_photo(s):
    s.shape = s.of([(900, 1200), (1200, 900), (1500, 2000)])
    label, ink, *_ = s.write(1, 2, share=(0.03, 0.09), off=0.9)
    return label, s.photo(s.sheet(ink), noise=2)


def dithered_photo(s):
    label, ink, *_ = s.write(1, 2)
    return label, s.photo(s.sheet(ink)).convert("L").convert("1")
