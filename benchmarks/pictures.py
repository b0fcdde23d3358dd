"""How well pictures are read that people send: frames, rules, shadows, small digits, several lines.

    python -m benchmarks.pictures                  # 40 pictures of each kind
    python -m benchmarks.pictures --limit 10 --json pictures.json

The digits are real (UNIPEN train_r01_v07, category 1a, without its accidents), of one writer in
each picture; paper, light and clutter are made here, with a fixed seed. A picture is right when its
digits are read in order and no others; sure and wrong when it is not, and everything that is read
is called a digit; doubted otherwise. The thresholds of page analysis were chosen on every second
writer (``--tune``); the figures are of the others.
"""

from io import BytesIO

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from benchmarks.common import command_line, percent, table, unipen_digits, write_json
from benchmarks.sheets import INKS, PAPERS, Sheet, box_path, lay, picture, saved
from digits import Recognizer
from digits.image_file import open_picture

KINDS = {}


def kind(function):
    """Register a function (Sheet) -> (expected digits, picture) under its name."""
    KINDS[function.__name__.replace("_", " ")] = function
    return function


@kind
def drawing(s):
    label, ink, *_ = s.write(off=0.9, share=(0.12, 0.8))
    return label, s.drawn(ink)


@kind
def number(s):
    label, ink, *_ = s.write(2, 5, off=0.5)
    return label, s.either(ink)


@kind
def photo(s):
    label, ink, *_ = s.write(1, 3)
    return label, s.photo(s.sheet(ink))


@kind
def hard_shadow(s):
    label, ink, box, _ = s.write(1, 2)
    shade = shadow(s, s.shape, box, s.between(0.3, 4))
    return label, s.photo(s.sheet(ink), 1 - s.between(0.3, 0.7) * shade)


def shadow(s, shape, box, soft):
    """Let a shadow fall through a box: 1 within, 0 outside, with an edge `soft` pixels wide."""
    left, top, right, bottom = box
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    angle = s.between(0, 6.3)
    x, y = x - s.between(left, right), y - s.between(top, bottom)
    edge = x * np.cos(angle) + y * np.sin(angle)
    return 1 / (1 + np.exp(-np.clip(edge / soft, -30, 30)))


@kind
def table_edge(s):
    label, ink, *_ = s.write(1, 2, off=0.15, share=(0.2, 0.45))
    sheet, mask = s.sheet(ink), np.zeros(s.shape, bool)
    for turn in s.rng.permutation(4)[: s.rng.integers(1, 4)]:
        view = np.rot90(mask, turn)
        slope = np.linspace(0, s.between(-0.02, 0.02), view.shape[1]) * view.shape[1]
        view |= (
            np.arange(view.shape[0])[:, np.newaxis] < s.between(0.01, 0.1) * min(s.shape) + slope
        )
    sheet[mask] = s.of([(60, 40, 30), (25, 25, 28), (120, 90, 60), (90, 110, 120)])
    return label, s.photo(sheet)


@kind
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


@kind
def small_in_photo(s):
    s.shape = s.of([(900, 1200), (1200, 900), (1500, 2000)])
    label, ink, *_ = s.write(1, 2, share=(0.03, 0.09), off=0.9)
    return label, s.photo(s.sheet(ink), noise=2)


@kind
def boxed(s):
    label, ink, (left, top, right, bottom), tall = s.write(
        1, 2, share=(0.25, 0.4), off=0.1, widest=0.5
    )
    gap = s.between(0.12, 0.5) * tall
    frame = s.bent(box_path(left - gap, top - gap, right + gap, bottom + gap), s.between(0, 4))
    return label, s.either(np.maximum(ink, s.draw([frame], s.between(1.5, 9))))


@kind
def circled(s):
    label, ink, (left, top, right, bottom), _ = s.write(
        1, 2, share=(0.25, 0.38), off=0.1, widest=0.5
    )
    turn = np.radians(np.linspace(s.between(0, 90), s.between(420, 470), 60))
    radii = np.array([right - left, bottom - top]) * s.between(0.75, 0.95) + 12
    radii = np.maximum(radii, 0.7 * radii.max())
    ring = np.array([left + right, top + bottom]) / 2 + radii * np.stack(
        [np.cos(turn), np.sin(turn)], axis=1
    )
    return label, s.either(np.maximum(ink, s.draw([s.bent(ring)], s.between(2, 8))))


@kind
def form_fields(s):
    return fields(s, lambda wide, cell: min(1, 0.75 * cell / wide))


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
    form = np.full((*s.shape, 3), s.of(PAPERS), np.float32)
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


def printed_lines(s, tall, is_squared):
    spacing, width = max(18, tall / s.between(0.8, 4)), s.between(1, 3.5)
    y, x = ((np.arange(n) + s.between(0, spacing)) % spacing < width for n in s.shape)
    return np.float32(y[:, np.newaxis] | (x if is_squared else False) & np.ones(s.shape, bool))


@kind
def printed_paper(s):
    label, ink, _, tall = s.write(1, 3, share=(0.2, 0.45))
    lines = printed_lines(s, tall, s.chance(0.5))
    sheet = np.full((*s.shape, 3), s.of(PAPERS), np.float32)
    sheet = lay(
        sheet, lines, s.of([(150, 180, 220), (120, 120, 120), (200, 200, 205), (220, 150, 150)])
    )
    sheet = lay(sheet, ink, s.of(INKS[:3]))
    if s.chance(0.5):
        return label, picture(sheet)
    return label, s.photo(turned(s, sheet))


@kind
def squared_in_shadow(s):
    label, ink, box, tall = s.write(1, 3, share=(0.2, 0.45))
    sheet = np.full((*s.shape, 3), s.of(PAPERS), np.float32)
    sheet = lay(sheet, printed_lines(s, tall, True), s.of([(150, 180, 220), (160, 160, 160)]))
    sheet = turned(s, lay(sheet, ink, s.of(INKS)))
    shade = shadow(s, sheet.shape, box, s.between(4, 30))
    return label, s.photo(sheet, 1 - s.between(0.3, 0.55) * shade, light=s.between(0.3, 0.6))


def turned(s, sheet):
    """Turn a sheet by a few degrees, and cut off its corners."""
    angle = s.between(-3, 3)
    turned = picture(sheet).rotate(angle, Image.Resampling.BICUBIC, fillcolor=(250, 250, 250))
    crop = turned.crop((25, 25, s.shape[1] - 25, s.shape[0] - 25))
    return np.asarray(crop, np.float32)


@kind
def underlined(s):
    label, ink, (left, top, right, bottom), tall = s.write(
        1, 3, share=(0.2, 0.4), off=0.1, widest=0.5
    )
    out, gap = s.between(-0.02, 0.3) * tall, s.between(0.14, 0.35) * tall
    y = bottom + gap if s.chance(0.7) else top - gap
    line = s.bent([(left - out, y), (right + out, y + s.between(-0.06, 0.06) * tall)], 2)
    return label, s.either(np.maximum(ink, s.draw([line], s.pen * tall * s.between(0.5, 1))))


@kind
def bracketed(s):
    label, ink, (left, top, right, bottom), tall = s.write(
        1, 3, share=(0.2, 0.38), off=0.1, widest=0.5
    )
    gap, out = s.between(0.15, 0.35) * tall, s.between(0.08, 0.2) * tall
    turn = np.linspace(-1.4, 1.4, 30)
    arc = np.stack(
        [0.25 * tall * (np.cos(turn) - 1), (bottom - top + 2 * out) / 2 * np.sin(turn)], axis=1
    )
    middle = (top + bottom) / 2
    pair = [
        arc * (-1, 1) + (left - gap - 0.2 * tall, middle),
        arc + (right + gap + 0.2 * tall, middle),
    ]
    return label, s.either(np.maximum(ink, s.draw(pair, s.pen * tall)))


@kind
def signed(s):
    label, ink, (left, top, right, bottom), tall = s.write(1, 3, share=(0.25, 0.45), off=0.1)
    width, y = s.pen * tall, (top + bottom) / 2 + s.between(-0.1, 0.1) * tall
    marks = []
    if s.chance(0.6):
        end = left - s.between(0.2, 0.35) * tall
        marks.append([(max(4, end - s.between(0.3, 0.5) * tall), y), (end, y)])
    if s.chance(0.6) or not marks:
        x = right + s.between(0.2, 0.3) * tall
        marks.append(
            [(x, bottom), (x - s.of([0, 0.08]) * tall, bottom + s.of([0.01, 0.18]) * tall)]
        )
    return label, s.either(np.maximum(ink, s.draw(marks, width)))


@kind
def specked(s):
    label, ink, (left, top, right, bottom), tall = s.write(1, 2)
    points = s.rng.uniform((0.03, 0.03), (0.97, 0.97), (8, 2)) * s.shape[::-1]
    away = [
        p for p in points if not (left - 30 < p[0] < right + 30 and top - 30 < p[1] < bottom + 30)
    ]
    return label, s.either(
        np.maximum(ink, s.draw([[p, p] for p in away], s.between(3, 0.1 * tall)))
    )


@kind
def noisy(s):
    label, ink, *_ = s.write(1, 2)
    hit = s.rng.random(s.shape) < s.between(0.001, 0.015)
    ink = np.where(hit, s.rng.random(s.shape).round(), ink)
    return label, Image.fromarray((255 * (1 - ink)).astype(np.uint8))


@kind
def dithered(s):
    label, ink, *_ = s.write(1, 2)
    return label, Image.fromarray((235 - 200 * ink).astype(np.uint8)).convert("1")


@kind
def flat_grey_jpeg(s):
    label, ink, *_ = s.write(1, 2)
    level = s.between(120, 230)
    grey = Image.fromarray((level * (1 - 0.85 * ink)).astype(np.uint8))
    return label, saved(grey, "JPEG", quality=int(s.between(10, 60)))


@kind
def lines(s):
    tall, rows = s.between(40, 90), s.rng.integers(2, 5)
    s.shape = round(tall * (1.7 * rows + 1)), 700
    labels, strokes, slant = [], [], s.between(-0.05, 0.05)
    for row in range(rows):
        label, written = s.number(1, 5, tall * s.between(0.75, 1))
        start = np.array([s.between(0.5, 1.5) * tall, tall * (0.5 + s.between(1.5, 1.7) * row)])
        strokes += [stroke + start + np.outer(stroke[:, 0] * slant, (0, 1)) for stroke in written]
        labels.append(label)
    return "".join(labels), s.either(s.draw(strokes, s.pen * tall))


@kind
def few_pixels(s):
    tall = int(s.rng.integers(8, 20))
    s.shape = tall + s.rng.integers(3, 30), 2 * tall + s.rng.integers(3, 60)
    label, strokes = s.number(1, 1, tall - 1)
    strokes = [stroke + (3, 2) for stroke in strokes]
    return label, Image.fromarray((255 * (1 - s.draw(strokes, 1.2))).astype(np.uint8))


@kind
def coloured(s):
    label, ink, *_ = s.write(1, 2)
    paper, pen = s.rng.permutation([(190, 60, 60), (60, 140, 70), (80, 110, 200), (120, 115, 110)])[
        :2
    ]
    return label, picture(lay(np.full((*s.shape, 3), paper, np.float32), ink, pen))


@kind
def plotted(s):
    """Plot an image in a white figure with a title, as plotting libraries do."""
    label, ink, *_ = s.write(share=(0.4, 0.7), off=0.3)
    low, high = s.of([("black", "white"), ("white", "black"), ("#440154", "#fde725")])
    levels = Image.fromarray((255 * ink).astype(np.uint8)).resize((28, 28), Image.Resampling.BOX)
    side, (left, top) = int(s.between(120, 400)), s.rng.integers(30, 150, 2).tolist()
    figure = Image.new("RGB", (side + 2 * left, side + 2 * top), "white")
    plot = ImageOps.colorize(levels, low, high).resize((side, side), Image.Resampling.NEAREST)
    figure.paste(plot, (left, top))
    pen = ImageDraw.Draw(figure)
    if s.chance(0.5):
        pen.rectangle((left - 1, top - 1, left + side, top + side), outline="black")
    if s.chance(0.5):
        pen.text((left + side / 2, top - 16), f"Label: {s.rng.integers(10)}", "black")
    return label, figure


def under_marker(s):
    label, ink, (left, top, right, bottom), tall = s.write(1, 3)
    marker = [(x, y + s.between(-0.1, 0.1) * tall) for x, y in box_path(left, top, right, bottom)]
    patch = Image.new("RGB", s.shape[::-1], s.of(PAPERS))
    colour = s.of([(255, 240, 60), (120, 250, 120), (255, 150, 200), (255, 180, 80)])
    ImageDraw.Draw(patch).polygon(marker, colour)
    return label, lay(np.asarray(patch, np.float32), ink, s.of(INKS))


@kind
def highlighted(s):
    label, sheet = under_marker(s)
    return label, picture(sheet)


@kind
def blank_paper(s):
    return "", s.photo(s.sheet(np.zeros(s.shape, np.float32)))


@kind
def hollow(s):
    s.pen = s.between(0.15, 0.22)
    label, ink, *_ = s.write(1, 2, share=(0.4, 0.6))
    solid = Image.fromarray((255 * ink).astype(np.uint8))
    outer = solid.filter(ImageFilter.MaxFilter(s.of([5, 7, 9])))
    return label, s.either(np.asarray(ImageChops.subtract(outer, solid), np.float32) / 255)


@kind
def crossed_box(s):
    label, ink, box, tall = s.write(1, 2, share=(0.25, 0.4), off=0.1, widest=0.5)
    gap, i = s.between(0.1, 0.4) * tall, s.rng.integers(4)
    box = np.array(box) + np.array([-gap, -gap, gap, gap])
    box[i] += (gap + 0.15 * tall) * (1 if i < 2 else -1)
    frame = s.bent(box_path(*box), s.between(0, 4))
    return label, s.photo(s.sheet(np.maximum(ink, s.draw([frame], s.between(1.5, 9)))))


@kind
def dithered_photo(s):
    label, ink, *_ = s.write(1, 2)
    file = s.photo(s.sheet(ink))
    file.seek(0)
    return label, Image.open(file).convert("L").convert("1")


@kind
def highlighted_photo(s):
    label, sheet = under_marker(s)
    return label, s.photo(sheet)


@kind
def empty_fields(s):
    left, wide, high = s.between(20, 200), s.between(100, 280), s.between(25, 80)
    fields = [box_path(left, y, left + wide, y + high) for y in range(30, s.shape[0] - 90, 120)]
    ink = s.draw(fields, s.between(1.5, 4))
    if s.chance(0.5):
        ink = np.maximum(ink, printed_lines(s, s.between(60, 120), s.chance(0.5)))
    return "", s.either(ink)


@kind
def crowded_fields(s):
    return fields(s, lambda wide, cell: min(1.3, s.between(0.9, 1.1) * cell / wide))


@kind
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
    sheet = np.full((*s.shape, 3), s.of(PAPERS), np.float32)
    colour = s.of([(110, 150, 215), (90, 90, 100), (160, 160, 160), (220, 150, 150)])
    sheet = lay(sheet, s.draw(lines, s.between(1, 3)), colour)
    sheet = lay(sheet, s.draw(strokes, s.pen * tall), s.of(INKS[:3]))
    return label, s.photo(turned(s, sheet)) if s.chance(0.7) else picture(sheet)


@kind
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


def outcome(recognizer, expected, image):
    """Read a picture: right, doubted, or sure and wrong."""
    if isinstance(image, BytesIO):
        image.seek(0)
        with open_picture(image) as opened:
            readings = recognizer.read_digits(opened)
    else:
        readings = recognizer.read_digits(image)
    digits = [reading for reading in readings if reading.digit is not None]
    if "".join(str(reading.digit) for reading in digits) == expected:
        return "right"
    sure = digits and all(reading.verdict == "digit" for reading in digits)
    return "sure and wrong" if sure else "doubted"


def main():
    """Read pictures, print the table, write the figures."""
    parser = command_line(__doc__)
    parser.add_argument("--limit", type=int, default=40, help="pictures of each kind")
    parser.add_argument("--tune", action="store_true", help="with the writers for choosing on")
    options = parser.parse_args()

    written = {}
    for each in unipen_digits():
        written.setdefault(each.writer, []).append(each)
    hands = [written[writer] for writer in sorted(written)[0 if options.tune else 1 :: 2]]
    recognizer, results = Recognizer.load(), {}
    for number, (name, make) in enumerate(KINDS.items()):
        outcomes = [
            outcome(recognizer, *make(Sheet(hands, (21, number, i)))) for i in range(options.limit)
        ]
        results[name] = {"n": len(outcomes)} | {
            each: outcomes.count(each) / len(outcomes)
            for each in ("right", "doubted", "sure and wrong")
        }
    rows = [
        [name, n, *map(percent, shares)]
        for name, (n, *shares) in ((name, figures.values()) for name, figures in results.items())
    ]
    print(table(["kind", "n", "right", "doubted", "sure and wrong"], rows))
    write_json(options.json, results)


if __name__ == "__main__":
    main()
