"""Digits of one hand in, what is written round them out: boxes, lines, brackets, signs."""

import numpy as np

from benchmarks.sheets import box_path

MIDDLE = {"off": 0.1, "widest": 0.5}  # with room on all sides


def boxed(s):
    label, ink, (left, top, right, bottom), tall = s.write(1, 2, share=(0.25, 0.4), **MIDDLE)
    gap = s.between(0.12, 0.5) * tall
    frame = s.bent(box_path(left - gap, top - gap, right + gap, bottom + gap), s.between(0, 4))
    return label, s.either(np.maximum(ink, s.draw([frame], s.between(1.5, 9))))


def crossed_box(s):
    label, ink, box, tall = s.write(1, 2, share=(0.25, 0.4), **MIDDLE)
    gap, i = s.between(0.1, 0.4) * tall, s.rng.integers(4)
    box = np.array(box) + np.array([-gap, -gap, gap, gap])
    box[i] += (gap + 0.15 * tall) * (1 if i < 2 else -1)
    frame = s.bent(box_path(*box), s.between(0, 4))
    return label, s.photo(s.sheet(np.maximum(ink, s.draw([frame], s.between(1.5, 9)))))


def circled(s):
    label, ink, (left, top, right, bottom), _ = s.write(1, 2, share=(0.25, 0.38), **MIDDLE)
    turn = np.radians(np.linspace(s.between(0, 90), s.between(420, 470), 60))
    radii = np.array([right - left, bottom - top]) * s.between(0.75, 0.95) + 12
    radii = np.maximum(radii, 0.7 * radii.max())
    ring = radii * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    ring += np.array([left + right, top + bottom]) / 2
    return label, s.either(np.maximum(ink, s.draw([s.bent(ring)], s.between(2, 8))))


def underlined(s):
    label, ink, (left, top, right, bottom), tall = s.write(1, 3, share=(0.2, 0.4), **MIDDLE)
    out, gap = s.between(-0.02, 0.3) * tall, s.between(0.14, 0.35) * tall
    y = bottom + gap if s.chance(0.7) else top - gap
    line = s.bent([(left - out, y), (right + out, y + s.between(-0.06, 0.06) * tall)], 2)
    return label, s.either(np.maximum(ink, s.draw([line], s.pen * tall * s.between(0.5, 1))))


def bracketed(s):
    label, ink, (left, top, right, bottom), tall = s.write(1, 3, share=(0.2, 0.38), **MIDDLE)
    gap, out = s.between(0.15, 0.35) * tall, s.between(0.08, 0.2) * tall
    turn, radii = np.linspace(-1.4, 1.4, 30), (0.25 * tall, (bottom - top + 2 * out) / 2)
    arc = radii * np.stack([np.cos(turn) - 1, np.sin(turn)], axis=1)
    middle, away = (top + bottom) / 2, gap + 0.2 * tall
    pair = [arc * (-1, 1) + (left - away, middle), arc + (right + away, middle)]
    return label, s.either(np.maximum(ink, s.draw(pair, s.pen * tall)))


def signed(s):
    label, ink, (left, top, right, bottom), tall = s.write(1, 3, share=(0.25, 0.45), off=0.1)
    width, y = s.pen * tall, (top + bottom) / 2 + s.between(-0.1, 0.1) * tall
    marks = []
    if s.chance(0.6):
        end = left - s.between(0.2, 0.35) * tall
        marks.append([(max(4, end - s.between(0.3, 0.5) * tall), y), (end, y)])
    if s.chance(0.6) or not marks:
        x = right + s.between(0.2, 0.3) * tall
        tail = x - s.of([0, 0.08]) * tall, bottom + s.of([0.01, 0.18]) * tall
        marks.append([(x, bottom), tail])
    return label, s.either(np.maximum(ink, s.draw(marks, width)))


def specked(s):
    label, ink, (left, top, right, bottom), tall = s.write(1, 2)
    points = s.rng.uniform((0.03, 0.03), (0.97, 0.97), (8, 2)) * s.shape[::-1]
    near = (points > (left - 30, top - 30)) & (points < (right + 30, bottom + 30))
    specks = [[point, point] for point in points[~near.all(axis=1)]]
    return label, s.either(np.maximum(ink, s.draw(specks, s.between(3, 0.1 * tall))))


def dates(s):
    tall = s.between(0.1, 0.16) * s.shape[1]
    label, strokes, right = "", [], 0.0
    for i, (least, most) in enumerate([(1, 2), (1, 2), s.of([(2, 2), (4, 4)])]):
        digits, written = s.number(least, most, tall)
        if i:
            bottom = right + s.between(0.1, 0.25) * tall
            top, over = bottom + s.between(0.3, 0.5) * tall, s.between(0.05, 0.2) * tall
            strokes.append(np.array([(top, -over), (bottom, tall + over)]))
            right = top + s.between(0.1, 0.3) * tall
        strokes += [stroke + (right - min(p[:, 0].min() for p in written), 0) for stroke in written]
        right = max(stroke[:, 0].max() for stroke in strokes) + s.pen * tall
        label += digits
    scale = min(1, 0.8 * s.shape[1] / right)
    corner = 0.1 * s.shape[1], s.between(0.2, 0.6) * s.shape[0]
    ink = s.draw([stroke * scale + corner for stroke in strokes], s.pen * tall * scale)
    return label, s.either(ink)
