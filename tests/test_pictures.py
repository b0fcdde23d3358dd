"""Pictures that people send: digits among frames, rules, shadows, specks, in several lines."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from digits.answer import answer
from digits.image_file import PictureError, open_picture
from digits.ink import analyse
from digits.layout_analysis.sheet import find_sheets
from digits.morphology import (
    bridge_gaps,
    close_inside,
    connected_components,
    is_connected,
    run_lengths,
)
from digits.text_lines import find_lines
from digits.training.paths import distances, evenly_spaced
from digits.training.render import render
from tests.handwriting import STROKES, arc, write, write_number

SIDE = 400
WIDE = slice(40, 360)


def drawn(digit, height=0.5, width=0.035, centre=(0.45, 0.55)):
    strokes = [np.float32(stroke) * (0.6, 1) for stroke in STROKES[digit]]
    return Image.fromarray(render(strokes, SIDE, height, centre, width))


def text(recognizer, picture):
    return "".join(str(r.digit) for r in recognizer.read_digits(picture) if r.digit is not None)


def reasons(picture):
    return {each.reason for each in analyse(picture).left_out}


def photographed(picture, lamp=1.0, noise=3):
    """Photograph a drawing: yellowish paper, light from one side, noise, JPEG."""
    sheet = np.asarray(picture.convert("RGB"), np.float32) * (0.95, 0.92, 0.85)
    side = np.linspace(0.65, 1, sheet.shape[1])[:, np.newaxis]
    grain = np.random.default_rng(0).normal(0, noise, sheet.shape)
    photo = Image.fromarray((sheet * side * lamp + grain).clip(0, 255).astype(np.uint8))
    file = BytesIO()
    photo.filter(ImageFilter.GaussianBlur(0.7)).save(file, "JPEG", quality=85)
    return Image.open(file)


def with_pen(draw):
    """Give a function that adds something to a drawing."""

    def add(picture):
        picture = picture.copy()
        draw(ImageDraw.Draw(picture))
        return picture

    return add


MARKS = {
    "frame": with_pen(lambda pen: pen.rectangle((60, 80, 320, 370), outline=0, width=5)),
    "rule": with_pen(lambda pen: [pen.line((0, y, 400, y), 140, 2) for y in range(20, 400, 60)]),
    "edge": with_pen(lambda pen: pen.polygon([(0, 0), (60, 0), (0, 40)], 0)),
    "block": with_pen(lambda pen: pen.rectangle((290, 15, 385, 75), 40)),
    "speck": with_pen(lambda pen: [pen.ellipse((x, x, x + 9, x + 9), 0) for x in (20, 35, 370)]),
    "sign": with_pen(lambda pen: pen.line((20, 220, 80, 220), 0, 14)),
    "line": with_pen(lambda pen: pen.line((300, 40, 370, 300), 0, 2)),
    "bracket": with_pen(
        lambda pen: [
            pen.arc((70, 90, 130, 350), 90, 270, 0, 12),
            pen.arc((230, 90, 290, 350), 270, 90, 0, 12),
        ]
    ),
}


@pytest.mark.parametrize("photo", [False, True])
@pytest.mark.parametrize("reason", MARKS)
@pytest.mark.parametrize("digit", [2, 5, 7])
def test_what_is_beside_a_digit_is_left_out_with_a_reason(recognizer, digit, reason, photo):
    picture = MARKS[reason](drawn(digit))
    if photo:
        picture = photographed(picture)
    assert text(recognizer, picture) == str(digit)
    assert reason in reasons(picture) or photo  # what is dark up to an edge of a photo is not ink


def test_the_box_of_a_rule_is_as_thick_as_the_rule():
    picture = with_pen(lambda pen: pen.line((0, 40, 400, 40), 0, 5))(drawn(2))
    [rule] = analyse(picture).left_out
    assert rule.box == pytest.approx((0, 38, 400, 43), abs=1)


@pytest.mark.parametrize("digit", range(10))
def test_nothing_is_left_out_of_a_digit(recognizer, digit):
    for picture in (drawn(digit), drawn(digit, 0.9, 0.05, (0.5, 0.5)), drawn(digit, 0.2, 0.008)):
        assert not analyse(picture).left_out
        assert text(recognizer, picture) == str(digit)


@pytest.mark.parametrize("y", [0, 0.95])
def test_a_dot_right_above_or_below_belongs_to_the_character(y):
    """As in a question mark, which is a 2 or a 7 without it."""
    x, y = 520 * (0.25 + 0.4 * 0.45), 520 * (0.12 + 0.75 * y)
    add_dot = with_pen(lambda pen: pen.ellipse((x - 12, y - 12, x + 12, y + 12), 0))
    assert analyse(add_dot(write(7, top=0.25, tall=0.5))).left_out == ()


def test_a_lone_straight_stroke_is_a_one(recognizer):
    picture = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(picture).line((210, 60, 190, 340), 0, 12)
    assert text(recognizer, picture) == "1"
    crossing = picture.crop((100, 80, 300, 320))  # from edge to edge
    assert text(recognizer, crossing) == "1"


@pytest.mark.parametrize("gap", [90, 270])
def test_a_ring_with_a_gap_is_a_frame(recognizer, gap):
    ring = with_pen(lambda pen: pen.arc((80, 90, 280, 350), gap + 35, gap - 35, 0, 8))
    [reading] = recognizer.read_digits(ring(drawn(9, height=0.3, width=0.02)))
    assert (reading.digit, reading.verdict) == (9, "digit")


def test_a_zero_is_no_frame(recognizer):
    assert text(recognizer, drawn(0, 0.95, 0.02, (0.5, 0.5))) == "0"


def test_a_line_that_may_be_a_one_leaves_doubt(recognizer):
    [reading] = recognizer.read_digits(MARKS["line"](drawn(5)))
    assert (reading.digit, reading.verdict) == (5, "unsure")


def test_a_patch_of_faint_print_is_left_out_of_a_photo(recognizer):
    """Of squared paper in uneven light only some of the lines may be dark enough to be seen."""
    patch = [(20, 40, 120, 40), (20, 70, 120, 70), (50, 20, 50, 110), (80, 20, 80, 110)]
    picture = with_pen(lambda pen: [pen.line(line, 150, 3) for line in patch])(drawn(5))
    [reading] = recognizer.read_digits(photographed(picture))
    assert (reading.digit, reading.verdict) == (5, "digit")
    assert reasons(photographed(picture)) == {"faint"}


def test_a_faint_stroke_as_wide_as_the_pen_leaves_doubt(recognizer):
    picture = with_pen(lambda pen: pen.line((330, 100, 320, 330), 150, 14))(drawn(5))
    [reading] = recognizer.read_digits(photographed(picture))
    assert (reading.digit, reading.verdict) == (5, "unsure")


def test_a_point_below_a_digit_among_specks_is_one_of_them(recognizer):
    digit = drawn(4)
    rows, columns = (np.flatnonzero((np.asarray(digit) < 128).any(axis)) for axis in (1, 0))
    x, y = columns.mean(), rows[-1] + 40

    def specks(*places):
        return with_pen(lambda pen: [pen.ellipse((x, y, x + 17, y + 17), 0) for x, y in places])

    assert not analyse(specks((x, y))(digit)).left_out
    [reading] = recognizer.read_digits(specks((x, y), (20, 30), (370, 340))(digit))
    assert (reading.digit, reading.verdict) == (4, "unsure")


def test_a_digit_at_the_edge_of_a_photo_is_read(recognizer):
    picture = Image.new("L", (SIDE, SIDE), 255)
    picture.paste(drawn(5).resize((60, 60)).crop((12, 14, 46, 50)), (3, 362))
    assert text(recognizer, photographed(picture)) == "5"


def test_a_printed_line_along_the_very_edge_is_no_paper(recognizer):
    lines = with_pen(
        lambda pen: (
            [pen.line((0, y, 400, y), (150, 180, 220), 3) for y in range(1, 400, 40)]
            + [pen.line((x, 0, x, 400), (150, 180, 220), 3) for x in range(1, 400, 40)]
        )
    )(Image.new("RGB", (SIDE, SIDE), (255, 253, 245)))
    ink = Image.merge("RGB", [drawn(2)] * 3)
    assert text(recognizer, ImageChops.darker(lines, ink)) == "2"


def test_a_thin_line_beside_a_lone_stroke_is_left_out(recognizer):
    picture = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(picture).line((210, 120, 195, 320), 0, 14)
    [reading] = recognizer.read_digits(MARKS["line"](picture))
    assert (reading.digit, reading.verdict) == (1, "unsure")


def test_many_flat_lines_beside_a_digit_leave_doubt():
    """As in digits made of bars, of which not all touch."""

    def bars(*heights):
        return with_pen(lambda pen: [pen.line((20, y, 80, y), 0, 14) for y in heights])

    assert analyse(bars(220)(drawn(7))).is_clear
    assert not analyse(bars(80, 220, 360)(drawn(7))).is_clear


def test_squared_paper_of_blurred_lines_is_left_out(recognizer):
    grid = Image.new("L", (2 * SIDE, 2 * SIDE), 255)
    pen = ImageDraw.Draw(grid)
    for at in range(31, 2 * SIDE, 70):
        pen.line((at, 0, at, 2 * SIDE), 120, 3)
        pen.line((0, at, 2 * SIDE, at), 120, 3)
    assert text(recognizer, ImageChops.darker(grid.reduce(2), drawn(2))) == "2"


def test_a_stroke_along_a_lighter_ruled_line_stays(recognizer):
    """The bar of a 7, without which it would be a 1."""
    picture = Image.new("L", (SIDE, SIDE), 255)
    pen = ImageDraw.Draw(picture)
    for y in range(60, SIDE, 60):
        pen.line((0, y, SIDE, y), 170, 4)
    pen.line([(140, 120), (250, 120), (180, 300)], 30, 4)
    assert text(recognizer, picture) == "7"


@pytest.mark.parametrize(
    ("writing", "digits"), [("3)47", "347"), ("(16)42", "1642"), ("4J2", "472")]
)
def test_brackets_between_digits_are_no_ones(recognizer, writing, digits):
    """The J stands for a 7 that bends, but at its top."""
    strokes = {
        ")": [arc(-0.3, 0.5, 0.7, 0.72, -50, 50)],
        "(": [arc(1.0, 0.5, 0.7, 0.72, 130, 230)],
        "J": [[(0.1, 0.02), (0.5, 0.1), (0.58, 0.22), (0.54, 0.5), (0.26, 1)]],
    }
    picture = Image.new("L", (80 + 100 * len(writing), 300), 255)
    for i, sign in enumerate(writing):
        for stroke in strokes[sign] if sign in strokes else STROKES[int(sign)]:
            path = [(40 + 100 * i + 60 * x, 100 + 100 * y) for x, y in stroke]
            ImageDraw.Draw(picture).line(path, 0, 10, "curve")
    assert text(recognizer, picture) == digits
    assert ("bracket" in reasons(picture)) == (")" in writing)


@pytest.mark.parametrize("ends", [(0,), (0, 1)])
def test_a_bent_bracket_as_tall_as_the_digit_is_none(recognizer, ends):
    """A lone one, as after the number of an item, leaves doubt."""
    digit = drawn(7, width=0.025)
    rows = np.flatnonzero((np.asarray(digit) < 128).any(1))
    top, bottom = int(rows[0]) - 5, int(rows[-1]) + 5
    arcs = [((230, top, 290, bottom), 270, 90), ((70, top, 130, bottom), 90, 270)]
    picture = with_pen(lambda pen: [pen.arc(*arcs[end], 0, 10) for end in ends])(digit)
    [reading] = recognizer.read_digits(picture)
    assert (reading.digit, reading.verdict) == (7, "digit" if len(ends) == 2 else "unsure")


@pytest.mark.parametrize("is_comb", [False, True])
@pytest.mark.parametrize("low", [1, 2])
def test_digits_that_touch_their_fields_are_read_and_doubted(recognizer, low, is_comb):
    number = np.array(write_number(5, low, 7))
    rows, columns = (np.flatnonzero((number < 128).any(axis)) for axis in (1, 0))
    _, start, end, _ = np.sort(np.r_[0, 1 + np.flatnonzero(np.diff(columns) > 1), columns.size])
    middle = np.s_[:, columns[start] : columns[end - 1] + 1]
    number[middle] = np.roll(number[middle], 25, axis=0)
    left, right, bottom = columns[0] - 20, columns[-1] + 20, rows[-1] + 20
    top = rows[0] + (120 if is_comb else -20)
    fields = np.full(number.shape, 255, np.uint8)
    fields[bottom - 2 : bottom, left:right] = 0
    for x in np.linspace(left, right - 2, 4).astype(int):
        fields[top:bottom, x : x + 2] = 0
    if not is_comb:
        fields[top : top + 2, left:right] = 0
    fields = np.minimum(fields, number)
    readings = recognizer.read_digits(fields)
    assert [reading.digit for reading in readings] == [5, low, 7]
    assert "digit" not in {reading.verdict for reading in readings}


@pytest.mark.parametrize("lines", [range(4), range(1, 3)], ids=["boxed", "open"])
def test_the_cells_of_a_table_are_read(recognizer, lines):
    table = np.full((440, 640), 255, np.uint8)
    for row, digits in enumerate([(2, 7, 4), (5, 3, 8)]):
        for column, digit in enumerate(digits):
            cell = np.s_[60 + 160 * row : 220 + 160 * row, 80 + 160 * column : 240 + 160 * column]
            table[cell] = np.asarray(drawn(digit, centre=(0.5, 0.5)).resize((160, 160)))
    pen = ImageDraw.Draw(picture := Image.fromarray(table))
    for at in lines:
        pen.line((80 + 160 * at, 60, 80 + 160 * at, 380), 60, 3)
    for at in lines[:-1]:
        pen.line((80, 60 + 160 * at, 560, 60 + 160 * at), 60, 3)
    readings = recognizer.read_digits(picture)
    assert [(reading.digit, reading.verdict) for reading in readings] == [
        (digit, "digit") for digit in (2, 7, 4, 5, 3, 8)
    ]


@pytest.mark.parametrize("angle", [0, 2, -2])
def test_digits_that_touch_the_walls_between_their_fields_are_read(recognizer, angle):
    """The 1 is no wall, and on fields that lie askew no wall is a 1."""
    form = Image.new("L", (1000, 400), 255)
    pen = ImageDraw.Draw(form)
    for i, digit in enumerate((4, 1, 2, 8, 3)):
        left, wide = (295, 50) if digit == 1 else (262, 108)
        strokes = [[(left + 90 * i + wide * x, 158 + 80 * y) for x, y in s] for s in STROKES[digit]]
        for stroke in strokes:
            pen.line(stroke, 0, 7, "curve")
    for left in range(275, 726, 90):
        pen.line((left, 150, left, 250), 60, 5)
    for y in (150, 250):
        pen.line((275, y, 725, y), 60, 5)
    form = form.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)
    readings = recognizer.read_digits(form)
    assert [(r.digit, r.verdict) for r in readings] == [(d, "unsure") for d in (4, 1, 2, 8, 3)]


def test_the_bar_of_a_5_that_hangs_free_is_no_comb():
    """Although it is a line with a hook at its end, drawn with a thin pen."""
    picture = Image.new("L", (700, 500), 255)
    pen = ImageDraw.Draw(picture)
    pen.line([(396, 124), (372, 192), *arc(390, 235, 52, 50, -110, 140)], 0, 3)
    pen.line([(392, 107), (410, 117), (480, 112), (386, 102), (384, 106)], 0, 3)
    pen.line([(384, 106), (398, 110), (409, 120)], 0, 3)
    for stroke in STROKES[3]:
        pen.line([(240 + 80 * x, 130 + 160 * y) for x, y in stroke], 0, 3)
    assert analyse(picture).left_out == ()


@pytest.mark.parametrize("places", [{}, {(1, 2): 7, (1, 6): 2, (4, 4): 5, (7, 1): 8}])
def test_a_table_of_many_squares_is_no_writing(recognizer, places):
    table = Image.new("L", (720, 720), 255)
    pen = ImageDraw.Draw(table)
    for (row, column), digit in places.items():
        strokes = STROKES[digit]
        corner = np.array([52 + 70 * column, 50 + 70 * row])
        for stroke in strokes:
            pen.line([tuple(corner + (34 * x, 40 * y)) for x, y in stroke], 0, 5, "curve")
    for i in range(10):
        wide = 5 if i % 3 == 0 else 2
        at = 36 + 70 * i
        pen.line((36, at, 666, at), 40, wide)
        pen.line((at, 36, at, 666), 40, wide)
    table = table.rotate(1.2, Image.Resampling.BICUBIC, fillcolor=255)
    assert text(recognizer, photographed(table)) == "".join(map(str, places.values()))


def test_digits_in_the_squares_of_strong_squared_paper_are_read(recognizer):
    page = Image.new("RGB", (800, 560), "white")
    pen = ImageDraw.Draw(page)
    for at in range(-40, 860, 50):
        pen.line((at, 0, at + 8, 560), (110, 150, 215), 3)
        pen.line((0, at, 800, at + 11), (110, 150, 215), 3)
    for i, digit in enumerate((3, 7, 2, 8, 5)):
        for stroke in STROKES[digit]:
            path = [(221 + 50 * i + 32 * x, 272 + 38 * y) for x, y in stroke]
            pen.line(path, (25, 25, 45), 4, "curve")
    assert text(recognizer, photographed(page)) == "37285"


@pytest.mark.parametrize("date", ["15/12/24", "7/1/2024", "2024/11/3"])
def test_the_slashes_of_a_date_are_no_ones(recognizer, date):
    """Although they are hardly taller than the tallest digit."""
    strokes = {"/": [[(0.8, -0.1), (0.15, 1.1)]]}
    picture = Image.new("L", (80 + 70 * len(date), 260), 255)
    for i, sign in enumerate(date):
        tall = 104 if sign in "12" else 88
        for stroke in strokes.get(sign) or STROKES[int(sign)]:
            path = [(40 + 70 * i + 56 * x, 80 + tall * y) for x, y in stroke]
            ImageDraw.Draw(picture).line(path, 0, 8, "curve")
    readings = recognizer.read_digits(picture)
    assert "".join(str(r.digit) for r in readings) == date.replace("/", "")
    assert {r.verdict for r in readings} == {"unsure"}


NUMBER = np.asarray(write_number(7, 4))
ROWS, COLUMNS = (np.flatnonzero((NUMBER < 128).any(axis)) for axis in (1, 0))
AFTER_SEVEN = COLUMNS[np.diff(COLUMNS, append=0) > 1][0] + 5
NUMBER = np.insert(NUMBER, [AFTER_SEVEN] * 100, 255, axis=1)
GAP, TOP, BOTTOM, RIGHT = AFTER_SEVEN + 50, ROWS[0], ROWS[-1], COLUMNS[-1] + 100
MIDDLE = (TOP + BOTTOM) / 2
SIGNS = {
    "slash": ("74", lambda pen: pen.line((GAP - 50, BOTTOM + 30, GAP + 50, TOP - 30), 0, 14)),
    "leaning slash": ("74", lambda pen: pen.line((GAP - 44, BOTTOM + 6, GAP + 44, TOP - 6), 0, 14)),
    "slash or 1": ("714", lambda pen: pen.line((GAP - 30, BOTTOM + 6, GAP + 30, TOP - 6), 0, 14)),
    "pen": ("74", lambda pen: pen.line((RIGHT + 50, BOTTOM + 70, RIGHT + 80, TOP - 70), 0, 14)),
    "!": (
        "741",
        lambda pen: [
            pen.line((RIGHT + 50, TOP, RIGHT + 50, BOTTOM - 50), 0, 16),
            pen.ellipse((RIGHT + 40, BOTTOM - 20, RIGHT + 60, BOTTOM), 0),
        ],
    ),
    "lone (": ("174", lambda pen: pen.arc((10, TOP - 10, 70, BOTTOM + 10), 100, 260, 0, 14)),
    "superscript": (
        "74",
        lambda pen: [
            pen.line([(RIGHT + x, TOP - 20 + y) for x, y in path], 0, 8, "curve")
            for path in [[(78, 0), (42, 0), (40, 20), (75, 24), (76, 42), (40, 46)]]
        ],
    ),
    "cut off": ("74", lambda pen: pen.line((RIGHT + 225, MIDDLE, RIGHT + 260, TOP), 0, 14)),
    "degree": (
        "740",
        lambda pen: pen.ellipse((RIGHT + 30, TOP, RIGHT + 100, MIDDLE), outline=0, width=14),
    ),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_what_may_be_a_sign_leaves_doubt(recognizer, sign):
    expected, draw = SIGNS[sign]
    picture = Image.fromarray(np.pad(NUMBER, ((80, 80), (0, 160)), constant_values=255))
    moved = ImageDraw.Draw(shifted := ImageChops.offset(picture, 0, -80))
    draw(moved)
    readings = recognizer.read_digits(ImageChops.offset(shifted, 0, 80))
    assert "".join(str(reading.digit) for reading in readings) == expected
    assert "unsure" in {reading.verdict for reading in readings}


def test_a_digit_that_touches_its_ring_leaves_doubt(recognizer):
    pen = ImageDraw.Draw(picture := Image.fromarray(NUMBER))
    pen.ellipse((15, TOP - 80, GAP, BOTTOM + 80), outline=0, width=6)
    pen.ellipse((GAP - 3, TOP - 80, RIGHT + 60, BOTTOM + 80), outline=0, width=6)
    alone = recognizer.read_digits(picture)
    assert ("74", {"digit"}) == ("".join(str(r.digit) for r in alone), {r.verdict for r in alone})
    pen.line((RIGHT - 5, 270, RIGHT + 60, 270), 0, 14)
    assert "digit" not in {reading.verdict for reading in recognizer.read_digits(picture)}


def with_box(wander):
    """Draw a box by hand so that its sides go through the first and the last digit of NUMBER."""
    along = np.linspace(0, 1, 40)[:, np.newaxis]
    corners = np.float32(
        [(30, TOP - 60), (RIGHT - 25, TOP - 50), (RIGHT - 35, BOTTOM + 60), (20, BOTTOM + 70)]
    )

    def draw(pen):
        for first, last in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            side = first + (last - first) * along
            side += wander * np.sin(9 * along) * np.sign(last - first)[::-1]
            pen.line([tuple(point) for point in side], 0, 8, "curve")

    return with_pen(draw)


@pytest.mark.parametrize("wander", [0, 5])
def test_digits_that_cross_a_drawn_box_are_read_and_doubted(recognizer, wander):
    readings = recognizer.read_digits(with_box(wander)(Image.fromarray(NUMBER)))
    assert [(reading.digit, reading.verdict) for reading in readings] == [
        (7, "unsure"),
        (4, "unsure"),
    ]


def test_a_line_that_touches_a_drawn_box_is_no_one(recognizer):
    window = with_box(5)(Image.new("L", NUMBER.shape[::-1], 255))
    bar = with_pen(lambda pen: pen.line((GAP, TOP - 60, GAP - 10, BOTTOM), 0, 8))
    assert not text(recognizer, photographed(bar(window)))


def test_the_edges_of_a_sheet_round_a_digit_are_left_out_and_doubted(recognizer):
    edges = with_pen(lambda pen: pen.line([(60, 30), (45, 360), (370, 375)], 0, 5))
    picture = edges(drawn(2, height=0.3))
    [reading] = recognizer.read_digits(picture)
    assert (reading.digit, reading.verdict) == (2, "unsure")
    assert reasons(picture) == {"edge"}


@pytest.mark.parametrize("dot", [(340, 340, 365, 365), (120, 250, 145, 275)])
@pytest.mark.parametrize("foot", [300, 270, 230])
def test_a_large_seven_with_a_dot_is_no_edge(foot, dot):
    seven = with_pen(lambda pen: pen.line([(90, 70), (310, 70), (foot, 370)], 0, 14))
    dotted = with_pen(lambda pen: pen.ellipse(dot, 0))
    assert "edge" not in reasons(dotted(seven(Image.new("L", (SIDE, SIDE), 255))))


def among_words(number, words=2):
    """Put a number behind scribbles that look like words."""
    beside = np.full((len(number), 40 + 260 * words), 255, np.uint8)
    pen = ImageDraw.Draw(picture := Image.fromarray(np.hstack([beside, number])))
    for left in range(30, 30 + 260 * words, 260):
        zigzag = [(left + 24 * i, BOTTOM - 90 * (i % 2)) for i in range(8)]
        pen.line(zigzag, 0, 12, "curve")
    return picture


def test_a_number_among_words_is_read_and_doubted(recognizer):
    read = recognizer.read_picture(among_words(NUMBER, 4))
    assert [(reading.digit, reading.verdict) for reading in read.digits] == [
        (7, "unsure"),
        (4, "unsure"),
    ]
    assert {each.reason for each in read.layout.left_out} == {"illegible"}


def test_a_tick_behind_a_number_is_left_out_and_leaves_doubt(recognizer):
    picture = write_number(7, 4, gap=0.22)
    tick = [(430, 260), (452, 330), (510, 190)]
    read = recognizer.read_picture(with_pen(lambda pen: pen.line(tick, 0, 14, "curve"))(picture))
    assert [(r.digit, r.verdict) for r in read.digits] == [(7, "unsure"), (4, "unsure")]
    assert {each.reason for each in read.layout.left_out} == {"illegible"}


def test_a_tick_alone_is_no_digit(recognizer):
    tick = with_pen(lambda pen: pen.line([(120, 240), (160, 300), (310, 160)], 0, 16, "curve"))
    [reading] = recognizer.read_digits(tick(Image.new("L", (400, 400), 255)))
    assert (reading.digit, reading.verdict) == (None, "not_a_digit")


@pytest.mark.parametrize("ink", [(180, TOP, 290, BOTTOM), (240, TOP, 256, BOTTOM)])
def test_a_ring_or_a_stroke_among_words_is_no_number(recognizer, ink):
    """Words and drawings have many of them."""
    ring = with_pen(lambda pen: pen.ellipse(ink, outline=0, width=14))
    assert not text(recognizer, among_words(np.asarray(ring(Image.new("L", (520, 520), 255))), 4))


def test_a_number_below_hundreds_of_small_letters_is_read_and_doubted(recognizer):
    picture = Image.fromarray(np.vstack([np.full((600, NUMBER.shape[1]), 255, np.uint8), NUMBER]))
    pen = ImageDraw.Draw(picture)
    for y in range(30, 600, 45):
        pen.text((40, y), "Milk and Bread 12.34 EUR", 0, font_size=24)
    readings = recognizer.read_digits(picture)
    assert [(reading.digit, reading.verdict) for reading in readings] == [
        (7, "unsure"),
        (4, "unsure"),
    ]


def test_the_upright_stroke_of_a_4_is_no_sign(recognizer):
    """Where it is far taller than the rest, which it does not touch."""
    four = with_pen(
        lambda pen: [
            pen.line([(125, 100), (100, 220), (200, 220)], 0, 14, "curve"),
            pen.line((240, 70, 225, 330), 0, 14),
        ]
    )(Image.new("L", (SIDE, SIDE), 255))
    assert text(recognizer, four) == "4"
    assert not reasons(four)


def test_squared_paper_below_a_tool_bar_is_left_out(recognizer):
    def squares(pen):
        for at in range(60, SIDE, 30):
            pen.line((0, at, SIDE, at), 205)
            pen.line((at - 45, 45, at - 45, SIDE), 205)
        pen.rectangle((0, 0, SIDE, 45), 225)

    assert text(recognizer, ImageChops.darker(with_pen(squares)(drawn(7)), drawn(7))) == "7"


def test_the_label_of_fields_is_left_out_and_leaves_doubt(recognizer):
    form = Image.new("L", (620, 320), 255)
    pen = ImageDraw.Draw(form)
    for i, digit in enumerate((6, 7, 8)):
        form.paste(write(digit, 150, 0.2, 0.1, 0.6, 0.8, 9), (50 + 180 * i, 130))
        pen.rectangle((40 + 180 * i, 125, 210 + 180 * i, 290), outline=60, width=3)
    pen.text((40, 116), "Room", 0, font_size=60, anchor="ls")
    read = recognizer.read_picture(form)
    assert [(r.digit, r.verdict) for r in read.digits] == [(d, "unsure") for d in (6, 7, 8)]
    assert "illegible" in {each.reason for each in read.layout.left_out}


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("angle", [0, -7, 5])
def test_a_sheet_askew_on_a_dark_scanner_is_read(recognizer, mode, angle):
    scan = Image.new(mode, (520, 480), (60,) * len(mode) if mode == "RGB" else 60)
    for picture in (Image.new("L", (SIDE, SIDE), 255), drawn(5)):
        scan.paste(picture, (60, 40))
        turned = scan.rotate(angle, Image.Resampling.BICUBIC, fillcolor=scan.getpixel((0, 0)))
        said = text(recognizer, turned)
        assert said == ("5" if picture.getextrema()[0] < 255 else "")


def test_a_percent_sign_is_left_out(recognizer):
    picture = with_pen(
        lambda pen: [
            pen.line((RIGHT + 40, BOTTOM, RIGHT + 110, TOP), 0, 12),
            pen.ellipse((RIGHT + 25, TOP, RIGHT + 75, TOP + 60), outline=0, width=12),
            pen.ellipse((RIGHT + 85, BOTTOM - 60, RIGHT + 135, BOTTOM), outline=0, width=12),
        ]
    )(Image.fromarray(np.pad(NUMBER, ((0, 0), (0, 160)), constant_values=255)))
    assert text(recognizer, picture) == "74"
    assert [each.reason for each in analyse(picture).left_out] == ["percent"]


def test_the_holes_of_a_binding_are_no_digits(recognizer):
    page = with_pen(
        lambda pen: [
            shape((x, 12, x + 12, 32), 0)
            for x in range(20, 380, 30)
            for shape in (pen.ellipse, pen.rectangle)
        ]
    )(drawn(6, height=0.3, width=0.02))
    assert text(recognizer, page) == "6"


@pytest.mark.parametrize(
    ("top", "found"),
    [(0.02, [(4, 0), (2, 0), (5, 1)]), (0.85, [(5, 0), (4, 1), (2, 1)]), (0.3, [(5, 0)])],
)
def test_a_far_smaller_number_is_a_line_of_its_own_and_leaves_doubt(recognizer, top, found):
    picture = write(5, top=0.2, tall=0.6)
    for digit, left in ((4, 0.78), (2, 0.88)):
        small = write(digit, left=left, top=top, wide=0.08, tall=0.12, pen=6)
        picture = ImageChops.darker(picture, small)
    read = recognizer.read_picture(picture)
    assert [(r.digit, r.line) for r in read.digits] == found
    assert {r.verdict for r in read.digits} == {"unsure"}
    # What is beside a digit may be its exponent, or a unit.
    assert len(read.layout.left_out) == 3 - len(found)


def test_lines_are_read_from_the_top(recognizer):
    upper, lower = (np.asarray(write_number(*number))[150:370] for number in [(2, 0), (7, 5, 4)])
    width = max(upper.shape[1], lower.shape[1])
    page = np.full((440, width), 255, np.uint8)
    page[:220, : upper.shape[1]], page[220:, : lower.shape[1]] = upper, lower
    readings = recognizer.read_digits(page)
    assert [(r.digit, r.line) for r in readings] == [(2, 0), (0, 0), (7, 1), (5, 1), (4, 1)]
    assert readings[0].box[3] <= readings[2].box[1]


def test_a_rising_number_is_one_line(recognizer):
    left, right = NUMBER[:, :GAP], NUMBER[:, GAP:]
    picture = np.hstack([np.roll(left, 50, axis=0), np.roll(right, -50, axis=0)])
    assert text(recognizer, Image.fromarray(picture)) == "74"


def test_a_box_is_where_the_digit_is(recognizer):
    picture = Image.new("L", (3000, 2000), 255)
    picture.paste(drawn(3), (1000, 500))
    [reading] = recognizer.read_digits(MARKS["speck"](picture))
    left, top, right, bottom = reading.box
    expected = [
        edge + shift
        for edge, shift in zip(analyse(drawn(3)).picture_box, (1000, 500) * 2, strict=True)
    ]
    assert np.abs(np.subtract((left, top, right, bottom), expected)).max() <= 4


@pytest.mark.parametrize("light", ["shadow", "stripes", "strip", "corner", "chalk"])
def test_light_and_surroundings_are_no_ink(recognizer, light):
    y, x = np.mgrid[:SIDE, :SIDE]
    lamp = {
        "shadow": np.where(x + 0.3 * y > 250, 0.45, 1.0),
        "stripes": np.where((x + 0.3 * y) % 40 < 20, 0.5, 1.0),
        "strip": np.where(x < 25, 0.25, 1.0),
        "corner": np.where(x + y < 70, 0.05, 1.0),
        "chalk": np.ones((SIDE, SIDE)),
    }[light]
    photo = photographed(drawn(5), lamp[..., np.newaxis])
    photo = ImageOps.invert(photo) if light == "chalk" else photo
    assert text(recognizer, photo) == "5"


@pytest.mark.parametrize(
    ("paper", "ink"),
    [
        ((95, 200, 90), (200, 130, 200)),
        ((210, 70, 60), (60, 115, 165)),
        ((0, 150, 150), (170, 75, 235)),
    ],
)
@pytest.mark.parametrize("digits", [(0, 0), (3,), (5, 8)])
def test_a_photo_of_ink_as_light_as_its_paper_is_read(recognizer, paper, ink, digits):
    sheet = ImageOps.colorize(write_number(*digits), ink, paper)
    assert text(recognizer, photographed(sheet)) == "".join(map(str, digits))


def test_a_light_sheet_on_a_dark_table_is_no_chalk(recognizer):
    page = Image.new("L", (300, 500), 255)
    page.paste(write_number(6, 9, 2, 5).resize((160, 100)), (70, 220))
    y, x = np.mgrid[:500, :300]
    is_sheet = (abs(x - 150) < 105) & (abs(y - 260) < 150)
    assert text(recognizer, photographed(page, np.where(is_sheet, 1, 0.1)[..., None])) == "6925"


def test_the_torn_edge_of_a_sheet_is_no_ink(recognizer):
    y, x = np.mgrid[:SIDE, :SIDE]
    torn = np.random.default_rng(0).normal(0, 2, (4, SIDE // 2)).repeat(2, axis=1)
    is_sheet = (x > 55 + torn[0][y]) & (x < 330 + torn[1][y])
    is_sheet &= (y > 80 + torn[2][x]) & (y < 360 + torn[3][x])
    photo = photographed(drawn(3, 0.3, 0.02), np.where(is_sheet, 1, 0.3)[..., np.newaxis])
    [reading] = recognizer.read_digits(photo)
    assert (reading.digit, reading.verdict) == (3, "digit")


def test_a_digit_of_three_percent_of_a_photo_is_read(recognizer):
    page = Image.new("L", (1600, 1200), 255)
    page.paste(drawn(3, 0.9, 0.1, (0.5, 0.5)).resize((40, 40), Image.Resampling.BOX), (1200, 300))
    assert text(recognizer, photographed(page)) == "3"


@pytest.mark.parametrize("tall", [9, 12, 16])
def test_a_digit_of_few_pixels_is_read(recognizer, tall):
    small = drawn(3, 0.9, 0.09, (0.5, 0.5)).resize((tall, tall), Image.Resampling.BOX)
    page = Image.new("L", (60, 60), 255)
    page.paste(small, (30, 20))
    assert text(recognizer, page) == "3"


def test_colours_of_one_lightness_are_told_apart(recognizer):
    mask = ImageOps.invert(drawn(7))
    picture = Image.composite(
        Image.new("RGB", mask.size, (22, 163, 65)), Image.new("RGB", mask.size, (200, 70, 70)), mask
    )
    assert np.ptp(np.asarray(picture.convert("L"))) < 30
    assert text(recognizer, picture) == "7"


def test_noise_is_filtered(recognizer):
    rng, picture = np.random.default_rng(0), np.asarray(drawn(2)).copy()
    hit = rng.random(picture.shape) < 0.01
    picture[hit] = rng.choice([0, 255], hit.sum())
    assert text(recognizer, picture) == "2"


def test_a_dithered_scan_is_read(recognizer):
    grey = Image.eval(drawn(2), lambda level: 30 + level * 4 // 5)
    assert text(recognizer, grey.convert("1")) == "2"


def test_a_dithered_scan_of_grey_paper_is_read(recognizer):
    scan = photographed(drawn(5), lamp=0.7).convert("1")
    assert text(recognizer, scan) == "5"


def test_pencil_in_black_and_white_is_read(recognizer):
    ink = np.asarray(write_number(7, 4)) < 128
    grains = ink & (np.random.default_rng(0).random(ink.shape) < 0.35)
    assert text(recognizer, Image.fromarray(~grains)) == "74"


def test_chalk_full_of_pinholes_is_read(recognizer):
    grain = np.random.default_rng(0).integers(0, 256, (SIDE // 4, SIDE // 4), np.uint8)
    grain = np.asarray(Image.fromarray(grain).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
    board = np.maximum(drawn(5, width=0.1), np.where(grain < 130, 255, 0).astype(np.uint8))
    assert text(recognizer, ImageOps.invert(photographed(Image.fromarray(board)))) == "5"


def test_a_coarse_jpeg_on_grey_paper_is_read(recognizer):
    file = BytesIO()
    Image.eval(drawn(3), lambda level: level * 2 // 3).save(file, "JPEG", quality=15)
    assert text(recognizer, Image.open(file)) == "3"


@pytest.mark.parametrize("bars", ["black", "white", "grey"])
def test_bars_are_no_paper(recognizer, bars):
    for drawing in (drawn(2), photographed(drawn(2)), photographed(drawn(2), lamp=1.2)):
        wide = Image.new("RGB", (640, SIDE), bars)
        wide.paste(drawing.convert("RGB"), (120, 0))
        assert text(recognizer, wide) == "2"


@pytest.mark.parametrize("colour", ["black", "#440154"])
def test_digits_of_a_plotted_figure_are_read(recognizer, colour):
    """As matplotlib's imshow draws them, with ticks and a title."""
    figure = Image.new("RGB", (820, 380), "white")
    pen = ImageDraw.Draw(figure)
    for left, digit in ((50, 4), (440, 2)):
        ink = ImageOps.invert(drawn(digit, width=0.07)).resize((300, 300))
        figure.paste(ImageOps.colorize(ink, colour, "#fde725"), (left, 40))
        for at in (left + 40, left + 150):
            pen.line((at, 340, at, 345), 0)
        pen.rectangle((left - 1, 39, left + 300, 340), outline=0)
        pen.text((left + 130, 20), "Label: 7", 0)
    assert text(recognizer, figure.crop((0, 0, 410, 380))) == "4"
    assert text(recognizer, figure) == "42"


def test_digits_of_a_grid_of_images_are_read(recognizer):
    """As the first images of MNIST are often shown; one of them reaches the edge of its own."""
    grid = Image.new("L", (420, 340), 255)
    for i in range(20):
        image = ImageOps.invert(drawn((7, 4, 2, 3)[i % 4], height=0.96 if i == 6 else 0.6))
        grid.paste(image.resize((60, 60)), (20 + i % 5 * 80, 20 + i // 5 * 80))
    assert text(recognizer, grid) == "74237423742374237423"


@pytest.mark.parametrize("square", [8, 13.3])
@pytest.mark.parametrize(
    "colours", [((255, 255, 255), (204, 204, 204)), ((50, 50, 60), (70, 70, 80))]
)
def test_the_checkerboard_of_a_transparent_picture_is_paper(recognizer, square, colours):
    y, x = np.mgrid[:SIDE, :SIDE] // square % 2 == 0
    board = np.where((x == y)[..., np.newaxis], *colours).astype(np.uint8)
    ink = "gold" if colours[0][0] < 100 else "navy"
    board = Image.fromarray(board)
    board.paste(ink, mask=ImageOps.invert(write_number(4, 2).resize((SIDE, SIDE))))
    assert text(recognizer, board) == "42"
    file = BytesIO()
    board.save(file, "JPEG", quality=80)
    assert text(recognizer, Image.open(file)) == "42"


@pytest.mark.parametrize("lean", [0, 0.2])
def test_an_exclamation_mark_is_no_one_for_certain(recognizer, lean):
    def draw(pen):
        pen.line([(200 + 140 * lean, 100), (200, 240)], 0, 12)
        pen.ellipse((190 - 35 * lean, 275, 206 - 35 * lean, 291), fill=0)

    mark = with_pen(draw)(Image.new("L", (SIDE, SIDE), 255))
    [reading] = recognizer.read_digits(mark)
    assert reading.verdict != "digit"


def test_a_question_mark_is_no_seven_for_certain(recognizer):
    mark = with_pen(lambda pen: pen.ellipse((170, 365, 188, 383), 0))(drawn(7))
    assert not analyse(mark).is_clear
    assert "digit" not in {reading.verdict for reading in recognizer.read_digits(mark)}


def test_brackets_round_nothing_are_no_ones_for_certain(recognizer):
    picture = Image.new("L", (SIDE, SIDE), 255)
    for start in (120, 300):
        ImageDraw.Draw(picture).arc((150, 90, 290, 350), start, start + 120, 0, 12)
    assert {reading.verdict for reading in recognizer.read_digits(picture)} <= {"unsure"}


def test_a_watermark_is_no_writing(recognizer):
    mark = ImageDraw.Draw(page := Image.new("L", (SIDE, SIDE), 255))
    for i, y in enumerate(range(10, SIDE, 50)):
        mark.text((20 - 15 * i, y), "SAMPLE DRAFT SAMPLE DRAFT", 200, font_size=28)
    page = ImageChops.darker(page, write_number(4, 2).resize((SIDE, SIDE)))
    assert text(recognizer, page) == "42"
    assert reasons(page) == {"faint"}
    assert {reading.verdict for reading in recognizer.read_digits(page)} == {"digit"}


def test_pencil_beside_ink_is_no_watermark_for_certain(recognizer):
    page = drawn(4, height=0.2, centre=(0.5, 0.85))
    for i in range(12):
        place = (0.1 + i % 6 * 0.16, 0.15 + i // 6 * 0.35)
        pencil = drawn(3, height=0.2, width=0.02, centre=place).point(
            lambda level: 175 + level * 80 // 255
        )
        page = ImageChops.darker(page, pencil)
    assert {reading.verdict for reading in recognizer.read_digits(page)} == {"unsure"}


def test_the_dark_rim_of_a_photocopy_is_no_paper(recognizer):
    y, x = np.mgrid[:SIDE, :SIDE]
    depth = np.minimum.reduce([x, y, SIDE - 1 - x, SIDE - 1 - y])
    light = np.clip(0.2 + depth / 30, 0, 1)
    copy = Image.fromarray((np.asarray(drawn(4)) * light).astype(np.uint8))
    assert text(recognizer, copy) == "4"
    assert text(recognizer, ImageOps.expand(drawn(4), 6)) == "4"  # a line has the same place


def test_a_photo_on_a_dark_screen_is_read(recognizer):
    screen = Image.new("RGB", (SIDE, 800))
    screen.paste(photographed(drawn(6)), (0, 200))
    pen = ImageDraw.Draw(screen)
    pen.text((20, 30), "Today", "white", font_size=20)
    pen.text((150, 750), "Share    Delete", "white", font_size=20)
    assert text(recognizer, screen) == "6"


def test_a_solid_bar_is_no_photo_of_nothing(recognizer):
    bar = with_pen(lambda pen: pen.rectangle((140, 40, 250, 360), 0))
    assert recognizer.read(bar(Image.new("RGB", (SIDE, SIDE), "white"))).verdict != "blank"


def test_a_highlighted_digit_is_read(recognizer):
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    ImageDraw.Draw(picture).polygon([(60, 130), (290, 120), (300, 330), (50, 300)], (255, 240, 60))
    assert text(recognizer, ImageChops.multiply(picture, drawn(4).convert("RGB"))) == "4"


@pytest.mark.parametrize("colour", [(255, 240, 60), (120, 250, 120), (255, 180, 80)])
def test_a_digit_under_a_highlighter_is_read_in_a_photo(recognizer, colour):
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    # No wider than a stroke may be, so that it is not paper; the digit stands out of it.
    ImageDraw.Draw(picture).line([(80, 210), (330, 200)], colour, 46)
    photo = photographed(
        ImageChops.multiply(picture, drawn(4, height=0.2, width=0.02).convert("RGB"))
    )
    assert text(recognizer, photo) == "4"


CORNERS = [(150, 90), (400, 60), (470, 400), (90, 380)]


@pytest.mark.parametrize("width", [30, 60])
@pytest.mark.parametrize("digit", [None, 4, 9])
def test_of_a_sheet_on_a_striped_cloth_only_the_sheet_is_read(recognizer, width, digit):
    stripes = Image.new("RGB", (520, 480), (120, 130, 150))
    sheet = ImageDraw.Draw(stripes)
    for left in range(0, 520, 2 * width):
        sheet.rectangle((left, 0, left + width, 480), (60, 40, 50))
    sheet.polygon(CORNERS, (235, 230, 215))
    if digit is not None:
        for stroke in STROKES[digit]:
            sheet.line([(210 + 110 * x, 150 + 170 * y) for x, y in stroke], (40, 40, 90), 12)
    said = text(recognizer, photographed(stripes))
    assert said == ("" if digit is None else str(digit))


def test_all_of_several_sheets_are_read(recognizer):
    table = Image.new("RGB", (800, 800), (120, 90, 60))
    for i, digit in enumerate((7, 4, 2, 3)):
        paper = (235, 230, 215) if i % 2 else (205, 210, 225)
        sheet = ImageOps.colorize(drawn(digit, width=0.02), "navy", paper).resize((280, 280))
        table.paste(sheet, (80 + i % 2 * 360, 80 + i // 2 * 360))
    assert text(recognizer, photographed(table)) == "7423"


def test_a_photo_at_the_corner_of_a_grid_is_a_sheet():
    grid = np.full((240, 240, 3), 255, np.uint8)
    for i, paper in enumerate([(240, 230, 190), (110, 150, 200), (180, 200, 170), (210, 190, 220)]):
        top, left = 4 + i // 2 * 120, 4 + i % 2 * 120
        grid[top : top + 116, left : left + 116] = paper
    inside = find_sheets(grid)
    assert all(part.mean() > 0.75 for half in np.split(inside, 2) for part in np.split(half, 2, 1))


@pytest.mark.parametrize(
    ("outline", "is_sheet"),
    [
        ([(90, 90), (310, 90), (310, 310), (90, 310)], True),
        ([(130, 90), (290, 90), (340, 310), (80, 310)], True),
        ([(90, 90), (310, 90), (280, 200), (310, 310), (90, 310), (60, 200)], False),
        (list(arc(200, 200, 140, 110, 0, 360)), False),
    ],
    ids=["sheet", "seen aslant", "bent", "round"],
)
def test_a_sheet_has_four_corners_and_straight_sides(outline, is_sheet):
    table = Image.new("RGB", (SIDE, SIDE), (120, 90, 60))
    ImageDraw.Draw(table).polygon(outline, (235, 230, 215))
    inside = find_sheets(np.asarray(photographed(table)))
    assert (inside is not None) == is_sheet
    if is_sheet:  # without a border, for the shadow along the edge
        whole = Image.new("1", (SIDE, SIDE))
        ImageDraw.Draw(whole).polygon(outline, 1)
        assert 0.8 < inside.sum() / np.asarray(whole).sum() < 0.88
        assert not (inside & ~np.asarray(whole)).any()


@pytest.mark.parametrize("on_it", [None, 4])
def test_what_stands_beside_a_note_on_the_same_paper_is_read(recognizer, on_it):
    paper = Image.new("RGB", (2 * SIDE, SIDE), "white")
    paper.paste(drawn(7).convert("RGB"), (SIDE, 0))
    pen = ImageDraw.Draw(paper)
    pen.polygon([(60, 80), (340, 70), (350, 330), (50, 340)], (250, 220, 90))
    for stroke in STROKES.get(on_it, []):
        pen.line([(140 + 110 * x, 130 + 150 * y) for x, y in stroke], (30, 30, 60), 12)
    assert text(recognizer, photographed(paper)) == ("7" if on_it is None else "47")


def test_the_round_ends_of_a_highlighter_in_a_photo_are_no_digits(recognizer):
    paper = Image.new("RGB", (520, 400), "white")
    ImageDraw.Draw(paper).rounded_rectangle((60, 150, 460, 250), 50, (250, 240, 90))
    digit = drawn(4, 0.2, centre=(0.55, 0.5)).convert("RGB").resize((520, 400))
    photo = photographed(ImageChops.darker(paper, digit))
    assert [r.digit for r in recognizer.read_digits(photo)] == [4]


@pytest.mark.parametrize(("seed", "usual", "digit"), [(0, 120, 9), (3, 90, 8)])
def test_ink_that_is_darker_in_places_is_no_highlight(recognizer, seed, usual, digit):
    """As of a translucent felt pen where strokes cross."""
    dark = np.random.default_rng(seed).uniform(size=(40, 40)) < 0.12
    level = usual - (usual - 20) * np.kron(dark, np.ones((SIDE // 40, SIDE // 40)))
    ink = (255 - np.asarray(drawn(digit, width=0.03), np.float32)) / 255
    paper = Image.fromarray((255 - ink * (255 - level)).astype(np.uint8))
    assert text(recognizer, photographed(paper)) == str(digit)


def test_blotchy_ink_is_no_highlight_in_a_photo(recognizer):
    blots = np.random.default_rng(0).uniform(0.3, 1, (SIDE // 4, SIDE // 4))
    ink = 255 - np.asarray(drawn(7, width=0.06), np.float32)
    blotchy = 255 - ink * np.kron(blots, np.ones((4, 4)))
    assert text(recognizer, photographed(Image.fromarray(blotchy.astype(np.uint8)))) == "7"


def test_a_bar_of_the_colour_of_the_ink_is_no_highlight(recognizer):
    screen = ImageOps.invert(drawn(4, height=0.3)).convert("RGB")
    pen = ImageDraw.Draw(screen)
    pen.rectangle((0, 0, SIDE, 50), "white")
    pen.ellipse((340, 10, 370, 40), "orange")
    assert text(recognizer, screen) == "4"


def test_a_button_beside_a_digit_is_not_what_is_read(recognizer):
    picture = drawn(2).convert("RGB")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((260, 10, 390, 80), (37, 99, 235))
    pen.line([(300, 25), (345, 25), (315, 68)], "white", 8)
    assert text(recognizer, picture) == "2"


def form(pen):
    for y in (40, 150, 260, 370):
        pen.text((20, y), "Name", 0, font_size=10)
        pen.rectangle((130, y, 396, y + 27), outline=0, width=2)


def ruled_paper(pen):
    for y in range(30, SIDE, 60):
        pen.line([(0, y), (SIDE, y + 6)], 120, 2)


def ruled_paper_on_a_table(pen):
    ruled_paper(pen)
    pen.rectangle((SIDE - 8, 37, SIDE, 80), 0)


@pytest.mark.parametrize("draw", [form, ruled_paper, ruled_paper_on_a_table])
def test_paper_that_nobody_wrote_on_is_no_digit(recognizer, draw):
    picture = with_pen(draw)(Image.new("L", (SIDE, SIDE), 255))
    assert recognizer.read(picture).verdict in ("blank", "not_a_digit")
    assert reasons(picture) & {"frame", "rule"}


def test_a_frame_that_another_digit_crosses_leaves_doubt(recognizer):
    pen = ImageDraw.Draw(picture := write_number(9, 8))
    pen.rectangle((150, 100, 500, 420), outline=0, width=5)
    assert "digit" not in {reading.verdict for reading in recognizer.read_digits(picture)}
    alone = with_pen(lambda pen: pen.rectangle((60, 60, 340, 380), outline=0, width=5))(drawn(8))
    assert recognizer.read(alone).verdict == "digit"


def test_a_box_of_thin_lines_that_a_thick_one_crosses_is_read(recognizer):
    box = with_pen(lambda pen: pen.rectangle((150, 60, 250, 300), outline=0, width=3))
    photo = photographed(
        box(
            with_pen(lambda pen: pen.line((205, 110, 198, 320), 0, 16))(
                Image.new("L", (SIDE, SIDE), 255)
            )
        )
    )
    assert text(recognizer, photo) == "1"


def test_what_lies_along_an_edge_of_the_picture_is_no_sure_digit(recognizer):
    strip = with_pen(lambda pen: pen.rectangle((SIDE - 8, 37, SIDE, 80), 0))
    picture = photographed(strip(Image.new("L", (SIDE, SIDE), 255)))
    assert recognizer.read(picture).verdict == "unsure"


def test_a_long_line_from_an_edge_beside_a_number_is_left_out_and_leaves_doubt(recognizer):
    """As the gutter of a book that lies open; the digits are no marks beside it."""
    gutter = with_pen(lambda pen: pen.line([(60, 0), (20, 460)], 30, 12))(write_number(3, 4))
    for picture in (gutter, photographed(gutter)):
        readings = recognizer.read_digits(picture)
        assert [(r.digit, r.verdict) for r in readings] == [(3, "unsure"), (4, "unsure")]


def test_a_digit_that_the_edge_of_a_photo_may_cut_off_is_unsure(recognizer):
    photo = photographed(drawn(7))
    assert recognizer.read(photo).verdict == "digit"
    left = analyse(photo).box[0]
    cut = recognizer.read(photo.crop((left + 2, 0, SIDE, SIDE)))
    assert (cut.digit, cut.verdict) == (7, "unsure")


def test_an_empty_box_is_no_zero(recognizer):
    box = with_pen(lambda pen: pen.rounded_rectangle((80, 20, 320, 300), 12, None, 0, 4))
    bar = with_pen(lambda pen: pen.rectangle((150, 370, 250, 376), 0))
    picture = bar(box(Image.new("L", (SIDE, SIDE), 255)))
    assert recognizer.read(picture).verdict != "digit"
    assert "frame" in reasons(picture)


def test_a_mark_far_from_a_number_is_a_line_of_its_own():
    ink = np.zeros((400, 400), np.uint8)
    for left in (40, 140, 240):
        ink[250:350, left : left + 30] = 255
    ink[60:90, 40:120] = 255
    assert [box for _, box in find_lines(ink)] == [(40, 60, 120, 90), (40, 250, 270, 350)]


def test_a_number_made_of_dots_is_read(recognizer):
    pen = ImageDraw.Draw(picture := Image.new("L", (520, 400), 255))
    for left, digit in ((60, 4), (300, 7)):
        for stroke in STROKES[digit]:
            path = np.float32(stroke) * (160, 240) + (left, 80)
            for x, y in evenly_spaced(path, round(distances(path)[-1] / 20)):
                pen.ellipse((x - 5, y - 5, x + 5, y + 5), 0)
    assert text(recognizer, picture) == "47"


def test_a_face_is_no_digit(recognizer):
    picture = Image.new("L", (SIDE, SIDE), 255)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((80, 80, 320, 320), outline=0, width=12)
    for x in (150, 235):
        pen.ellipse((x, 150, x + 22, 172), fill=0)
    pen.arc((140, 170, 260, 270), 20, 160, 0, 12)
    assert text(recognizer, picture) == ""


def test_a_hollow_digit_is_doubted_or_read(recognizer):
    thick = ImageOps.invert(drawn(7, width=0.12))
    hollow = np.asarray(thick) - np.asarray(thick.filter(ImageFilter.MinFilter(7)))
    readings = recognizer.read_digits(255 - hollow)
    assert all(reading.digit in (None, 7) or reading.verdict != "digit" for reading in readings)


@pytest.mark.parametrize("number", ["4", "6", "8", "9", "53", "80"])
def test_a_hollow_number_is_read_but_not_surely(recognizer, number):
    shape = 400, 200 + 200 * len(number)
    solid = Image.new("L", shape[::-1])
    pen = ImageDraw.Draw(solid)
    pen.text((shape[1] // 2, 200), number, 255, font_size=240, anchor="mm")
    hollow = ImageChops.subtract(solid.filter(ImageFilter.MaxFilter(7)), solid)
    picture = ImageOps.invert(hollow)
    readings = recognizer.read_digits(picture)
    assert "".join(str(reading.digit) for reading in readings) == number
    assert {reading.verdict for reading in readings} == {"unsure"}
    if len(number) == 1:
        for [reading] in ([recognizer.read(picture)], recognizer.read_many([picture])):
            assert (str(reading.digit), reading.verdict) == (number, "unsure")


def test_empty_paper_is_blank(recognizer):
    paper = Image.new("L", (SIDE, SIDE), 255)
    assert recognizer.read(photographed(paper, noise=6)).verdict == "blank"


def test_a_column_of_print_is_no_digit(recognizer):
    page = Image.new("L", (SIDE, 900), 255)
    pen = ImageDraw.Draw(page)
    for y in range(60, 840, 15):
        pen.text((100, y), "brown fox", 0, font_size=14)
    for picture in (page, photographed(page)):
        assert all(each.digit is None for each in recognizer.read_digits(picture))


def test_a_digit_of_many_dots_is_read(recognizer):
    dots = Image.new("L", (SIDE, SIDE), 255)
    pen, stroke = ImageDraw.Draw(dots), np.argwhere(np.asarray(drawn(3, width=0.02)) < 128)
    for y, x in np.unique(stroke // 12, axis=0) * 12:
        pen.ellipse((x, y, x + 8, y + 8), 0)
    assert len(connected_components(np.asarray(dots) < 128)) > 30
    assert text(recognizer, dots) == "3"


def test_thousands_of_pieces_end_early(recognizer):
    confetti = np.full((600, 600), 255, np.uint8)
    confetti[::9, ::9] = confetti[1::9, ::9] = confetti[::9, 1::9] = confetti[4::9, 4::9] = 0
    assert recognizer.read_digits(confetti)[0].digit is None


@pytest.mark.parametrize("form", ["AVIF", "TIFF", "WEBP"])
def test_formats_are_read(recognizer, form, tmp_path):
    write(2).convert("RGB").save(tmp_path / "two", form)
    assert answer(recognizer, tmp_path / "two", "two")["text"] == "2"


def test_heic_gets_the_way_out():
    file = BytesIO(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40))
    with pytest.raises(PictureError, match="JPEG"), open_picture(file):
        pass


@pytest.mark.parametrize("seed", range(5))
def test_components_are_those_that_scipy_finds(seed):
    ndimage = pytest.importorskip("scipy.ndimage")
    rng = np.random.default_rng(seed)
    mask = rng.random(rng.integers(1, 60, 2)) < rng.uniform(0.1, 0.7)
    ours, (theirs, count) = connected_components(mask), ndimage.label(mask, np.ones((3, 3)))
    assert len(ours) == count
    assert is_connected(mask) == (count == 1)
    assert all(is_connected(ours.crop(i)) for i in range(count))
    assert len(set(zip(ours.labels.ravel(), theirs.ravel(), strict=True))) == count + (~mask).any()
    for i in range(count):
        assert ours.crop(i).sum() == ours.areas[i]


def test_runs_are_measured_down_the_columns():
    mask = np.array([[1, 0], [1, 1], [0, 1], [1, 1]], bool)
    assert run_lengths(mask).tolist() == [[2, 0], [2, 3], [0, 3], [1, 3]]


def test_gaps_between_pieces_one_above_another_are_bridged():
    mask = np.zeros((40, 20), bool)
    mask[5:18, 8:13] = mask[20:33, 8:13] = True
    assert len(connected_components(mask)) == 2
    assert len(connected_components(bridge_gaps(mask))) == 1


def test_a_closing_keeps_what_is_dark_up_to_an_edge():
    paper = np.full((60, 60), 200, np.uint8)
    paper[:, :5] = 50
    paper[20:24, 30:40] = 50
    closed = close_inside(paper, 8)
    assert closed[30, 2] == 50
    assert (closed[:, 6:] == 200).all()
