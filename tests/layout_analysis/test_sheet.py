"""Sheets of paper on something else."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from digits.layout_analysis.sheet import find_sheets
from tests.handwriting import STROKES, arc, trace, trace_row
from tests.pictures import EMPTY, SIDE, drawn, photographed, readings, text


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("angle", [0, -7, 5])
def test_a_sheet_askew_on_a_dark_scanner_is_read(recognizer, mode, angle):
    scan = Image.new(mode, (520, 480), (60,) * len(mode) if mode == "RGB" else 60)
    for picture, said in ((EMPTY, ""), (drawn(5), "5")):
        scan.paste(picture, (60, 40))
        turned = scan.rotate(angle, Image.Resampling.BICUBIC, fillcolor=scan.getpixel((0, 0)))
        assert text(recognizer, turned) == said


@pytest.mark.parametrize("desk", [(125, 50, 45), (45, 75, 110), (30, 30, 34)])
def test_a_ruled_card_on_a_desk_is_one_sheet(recognizer, desk):
    pen = ImageDraw.Draw(picture := Image.new("RGB", (460, 380), desk))
    pen.rectangle((36, 34, 424, 346), (240, 236, 218))
    for y in range(90, 330, 52):
        pen.line((36, y, 424, y + 4), (150, 180, 220), 2)
    trace_row(pen, "742", (110, 150, 55, 80), 80, 8, (30, 30, 110))
    assert text(recognizer, photographed(picture)) == "742"


@pytest.mark.parametrize("deep", [60, 80])
def test_the_title_bar_of_a_window_is_no_sheet(recognizer, deep):
    pen = ImageDraw.Draw(notes := Image.new("RGB", (420, 480), (255, 252, 240)))
    pen.rectangle((0, 0, 420, deep), (250, 204, 21))
    pen.text((20, deep - 35), "Notes", (80, 60, 0), font_size=26)
    for y in range(deep + 40, 480, 36):
        pen.line((0, y, 420, y), (200, 215, 235))
    trace_row(pen, "25", (120, 180, 60, 100), 90, 6, (20, 20, 60))
    assert readings(recognizer, notes) == "25"


def test_a_page_on_a_screen_is_a_sheet_on_a_sheet(recognizer):
    """As in a viewer of documents, with a bar at its top and another at its side."""
    pen = ImageDraw.Draw(viewer := Image.new("L", (800, 500), 130))
    pen.rectangle((0, 0, 800, 35), 60)
    pen.rectangle((786, 35, 800, 500), 200)
    pen.rectangle((150, 50, 650, 480), 250)
    trace_row(pen, "731", (240, 180, 45, 70), 60, 5, 40)
    assert find_sheets(np.asarray(viewer)).mean() < 0.5
    assert text(recognizer, viewer) == "731"


CORNERS = [(150, 90), (400, 60), (470, 400), (90, 380)]


@pytest.mark.parametrize("width", [30, 60])
@pytest.mark.parametrize("digit", [None, 4, 9])
def test_of_a_sheet_on_a_striped_cloth_only_the_sheet_is_read(recognizer, width, digit):
    sheet = ImageDraw.Draw(stripes := Image.new("RGB", (520, 480), (120, 130, 150)))
    for left in range(0, 520, 2 * width):
        sheet.rectangle((left, 0, left + width, 480), (60, 40, 50))
    sheet.polygon(CORNERS, (235, 230, 215))
    trace(sheet, STROKES.get(digit, []), (210, 150, 110, 170), 12, (40, 40, 90))
    assert text(recognizer, photographed(stripes)) == ("" if digit is None else str(digit))


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


@pytest.mark.parametrize(("side", "share"), [(90, 0.6), (120, 0.8)])
@pytest.mark.parametrize("colours", [("navy", "ivory"), ("white", "midnightblue")])
def test_a_small_label_that_its_digit_fills_is_a_sheet(recognizer, side, share, colours):
    ink, paper = colours
    table = Image.new("RGB", (SIDE, SIDE), "saddlebrown" if paper == "ivory" else "beige")
    edge = (SIDE - side) // 2
    for digit in (0, 2, 8):
        whole = drawn(digit, share * side / SIDE, 0.1 * side / SIDE, (0.5, 0.5))
        label = ImageOps.colorize(ImageOps.crop(whole, edge), ink, paper)
        table.paste(label, (150, 170))
        assert readings(recognizer, photographed(table)) == str(digit)


def test_a_thumb_that_holds_a_card_is_not_on_it():
    pen = ImageDraw.Draw(table := Image.new("RGB", (SIDE, SIDE), (60, 45, 40)))
    pen.rectangle((40, 60, 350, 380), (240, 236, 225))
    pen.rounded_rectangle((210, 330, 260, 420), 25, (225, 180, 150))
    inside = find_sheets(np.asarray(photographed(table)))
    assert inside[200, 200]
    assert not inside[360, 235]


@pytest.mark.parametrize("on_it", [None, 4])
def test_what_stands_beside_a_note_on_the_same_paper_is_read(recognizer, on_it):
    paper = Image.new("RGB", (2 * SIDE, SIDE), "white")
    paper.paste(drawn(7).convert("RGB"), (SIDE, 0))
    pen = ImageDraw.Draw(paper)
    pen.polygon([(60, 80), (340, 70), (350, 330), (50, 340)], (250, 220, 90))
    trace(pen, STROKES.get(on_it, []), (140, 130, 110, 150), 12, (30, 30, 60))
    assert text(recognizer, photographed(paper)) == ("7" if on_it is None else "47")


@pytest.mark.parametrize("beyond", [0, 90, 255])
@pytest.mark.parametrize("angle", [-6, 5])
def test_a_turned_sheet_whose_corners_reach_the_edges_is_read(recognizer, angle, beyond):
    sheet = drawn(5).point(lambda level: max(0, level - 15))
    turned = sheet.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=beyond)
    assert readings(recognizer, turned) == "5"


def test_a_strip_that_is_all_border_is_no_sheet():
    assert find_sheets(np.tile(np.uint8(np.linspace(45, 126, 8)), (120, 1))) is None


@pytest.mark.parametrize(("y", "light"), [(235, 0.85), (310, 0.8), (310, 0.9)])
def test_both_sides_of_a_fold_through_the_digits_are_read(recognizer, y, light):
    pen = ImageDraw.Draw(table := Image.new("RGB", (640, 640), (60, 40, 30)))
    pen.polygon([(90, 60), (540, 70), (570, 590), (70, 590)], (235, 232, 222))
    trace_row(pen, "196", (170, 240, 80, 140), 120, 9, (110, 110, 115))
    lamp = np.where(np.arange(640) < y, light, 1)[:, np.newaxis, np.newaxis]
    assert readings(recognizer, photographed(table, lamp)) == "196"


@pytest.mark.parametrize("seed", [10, 15, 18, 23, 26])
def test_a_crumpled_sheet_is_read_as_a_whole(recognizer, seed):
    rng = np.random.default_rng(seed)
    pen = ImageDraw.Draw(table := Image.new("RGB", (640, 640), (40, 42, 46)))
    pen.polygon([(90, 60), (540, 70), (570, 590), (70, 590)], (235, 232, 222))
    trace_row(pen, "296", (150, 240, 80, 140), 135, 9, (70, 70, 80))
    y, x = np.mgrid[-320:320, -320:320]
    lamp = np.ones((640, 640, 1))
    for _ in range(4):  # creases, each with one side in less light
        angle, place = rng.uniform(0, np.pi), rng.uniform(-180, 180)
        is_beyond = x * np.cos(angle) + y * np.sin(angle) < place
        lamp *= np.where(is_beyond, rng.uniform(0.85, 1), 1)[..., np.newaxis]
    assert readings(recognizer, photographed(table, lamp)) == "296"


@pytest.mark.parametrize("digits", ["76", "64"])
def test_a_digit_that_reaches_the_edge_of_a_card_is_read(recognizer, digits):
    pen = ImageDraw.Draw(table := Image.new("RGB", (640, 520), (50, 40, 35)))
    pen.rectangle((90, 90, 550, 430), (238, 236, 228))
    trace_row(pen, digits, (180, 97, 90, 150), 150, 12, (40, 40, 60))
    assert readings(recognizer, photographed(table)) == digits


@pytest.mark.parametrize("light", [0.85, 0.9])
def test_the_smooth_side_of_a_crumpled_sheet_is_no_sheet_of_its_own(recognizer, light):
    rng = np.random.default_rng(1)
    pen = ImageDraw.Draw(table := Image.new("RGB", (640, 640), (40, 42, 46)))
    pen.polygon([(90, 60), (540, 70), (570, 590), (70, 590)], (235, 232, 222))
    trace_row(pen, "296", (150, 240, 80, 140), 130, 9, (70, 70, 80))
    y, x = np.mgrid[:640, :640]
    is_crumpled, lamp = x < 370, np.where(x < 370, light, 1)
    for _ in range(14):
        angle, place = rng.uniform(0, np.pi), rng.uniform(-250, 250)
        distance = (x - 230) * np.cos(angle) + (y - 320) * np.sin(angle) - place
        lamp = np.where((abs(distance) < 3) & is_crumpled, lamp * 0.85, lamp)
    assert readings(recognizer, photographed(table, lamp[..., np.newaxis])) == "296"


def test_a_finger_that_holds_a_card_is_no_ink(recognizer):
    pen = ImageDraw.Draw(table := Image.new("RGB", (640, 640), (90, 65, 45)))
    pen.rectangle((60, 60, 580, 520), (236, 234, 226))
    trace_row(pen, "54", (170, 150, 110, 170), 170, 14, (30, 30, 80))
    pen.rounded_rectangle((300, 440, 390, 700), 45, (225, 180, 155), (175, 130, 105), 5)
    assert readings(recognizer, photographed(table)) == "54"
