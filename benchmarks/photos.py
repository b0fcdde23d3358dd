"""How often photographed digits are read right: real pen strokes on paper under a lamp.

    python -m benchmarks.photos                   # 300 digits on each kind of paper
    python -m benchmarks.photos --limit 50 --json photos.json

The digits are real (UNIPEN train_r01_v07, category 1a, without its accidents), drawn at any size
anywhere on a 480x480 sheet; paper, light and camera are made here, with a fixed seed. `read` was
tuned on every second writer with other seeds; the figures are of the others.
"""

from io import BytesIO

import numpy as np
from PIL import Image, ImageFilter

from benchmarks.common import command_line, isolated_digits, percent, table, write_json
from digits import Recognizer
from digits.training.render import draw

SIDE = 480  # pixels
INKS = {"black": (30, 30, 35), "blue": (35, 50, 140), "red": (190, 40, 45), "pencil": (95, 95, 98)}
# What each kind has beside paper that is not quite white, a camera's noise, and JPEG.
KINDS = {
    "evenly lit": {},
    "dim to one side": {"light": "gradient"},
    "under a shadow": {"light": "shadow"},
    "ruled": {"lines": "ruled"},
    "squared": {"lines": "squared"},
    "rough": {"roughness": 0.04},
    "coloured ink": {"inks": ("blue", "red", "pencil")},
    "blurred and noisy": {"blur": 2.5, "noise": 10},
    "ruled, under a shadow, turned": {"lines": "ruled", "light": "shadow", "turn": 3},
    "all of it": {
        **{"lines": "squared", "light": "both", "turn": 3, "roughness": 0.02},
        **{"blur": 1.5, "noise": 6, "inks": tuple(INKS)},
    },
}


def main():
    """Read photos, print the table, write the figures."""
    parser = command_line(__doc__)
    parser.add_argument("--limit", type=int, default=300, help="digits on each kind of paper")
    options = parser.parse_args()
    recognizer, digits = Recognizer.load(), isolated_digits()
    others = set(sorted({digit.writer for digit in digits})[1::2])
    digits = [digit for digit in digits if digit.writer in others]

    results = {}
    for number, (kind, traits) in enumerate(KINDS.items()):
        rng = np.random.default_rng((7, number))
        chosen = [digits[i] for i in rng.permutation(len(digits))[: options.limit]]
        drawn = [draw(digit, "anywhere", SIDE) for digit in chosen]
        photos = [photograph(canvas, rng, **traits) for canvas in drawn]
        results[kind] = {"n": len(chosen)}
        for name, pictures in (("drawn", drawn), ("photographed", photos)):
            read = [reading.digit for reading in recognizer.read_many(pictures)]
            right = [answer == int(digit.label) for answer, digit in zip(read, chosen, strict=True)]
            results[kind][name] = np.mean(right)
    rows = [
        [kind, figures["n"], percent(figures["drawn"], 1), percent(figures["photographed"], 1)]
        for kind, figures in results.items()
    ]
    print(table(["paper", "n", "drawn", "photographed"], rows))
    write_json(options.json, results)


def photograph(
    canvas, rng, lines=None, light=None, turn=0, roughness=0.01, blur=0.7, noise=3, inks=("black",)
):
    """Make a photo of a drawing on paper: an RGB picture, of the canvas' size.

    The canvas is uint8, 255 paper, 0 ink. `turn` is the largest angle between sheet and camera, in
    degrees; `roughness` the standard deviation of the paper's brightness, as a share of it; `blur`
    a radius in pixels; `noise` a standard deviation in grey levels; one of `inks` is chosen.
    """
    side = len(canvas)
    wide = round(side * 1.2)  # a larger sheet, so that a turned one still fills the picture
    margin = (wide - side) // 2
    cover = np.pad(canvas, (margin, wide - side - margin), constant_values=255)
    cover = 1 - cover[..., np.newaxis] / np.float32(255)
    paper = np.ones((wide, wide, 3), np.float32) * rng.uniform((215, 210, 195), (250, 248, 240))
    if lines:
        spacing, width = rng.uniform(0.06, 0.11) * side, rng.uniform(0.002, 0.005) * side
        at = (np.arange(wide) + rng.uniform(0, spacing)) % spacing < width
        printed = at[:, np.newaxis] | (at if lines == "squared" else False)
        colour = np.float32((140, 170, 215)) * rng.uniform(0.85, 1.1)
        paper = np.where(np.broadcast_to(printed, (wide, wide))[..., np.newaxis], colour, paper)
    grain = Image.fromarray(rng.integers(0, 256, (wide, wide), np.uint8))
    grain = np.asarray(grain.filter(ImageFilter.GaussianBlur(1.2)), np.float32)
    paper *= 1 + roughness * ((grain - grain.mean()) / grain.std())[..., np.newaxis]
    ink = np.float32(INKS[inks[rng.integers(len(inks))]])
    sheet = paper * (1 - cover) + np.minimum(paper, ink) * cover
    sheet = Image.fromarray(sheet.clip(0, 255).astype(np.uint8))
    sheet = sheet.rotate(rng.uniform(-turn, turn), Image.Resampling.BICUBIC)
    sheet = sheet.crop((margin, margin, margin + side, margin + side))

    y, x = np.mgrid[:side, :side] / np.float32(side) - 0.5
    lamp = np.ones((side, side), np.float32)
    if light in ("gradient", "both"):
        angle = rng.uniform(0, 2 * np.pi)
        lamp *= 0.7 + rng.uniform(0.3, 0.5) * (x * np.cos(angle) + y * np.sin(angle))
    if light in ("shadow", "both"):
        angle, soft = rng.uniform(0, 2 * np.pi), rng.uniform(0.01, 0.06)
        edge = x * np.cos(angle) + y * np.sin(angle) - rng.uniform(-0.25, 0.25)
        lamp *= 1 - rng.uniform(0.3, 0.55) / (1 + np.exp(-np.clip(edge / soft, -30, 30)))
    photo = np.asarray(sheet, np.float32) * lamp[..., np.newaxis]
    photo = Image.fromarray(photo.clip(0, 255).astype(np.uint8))
    photo = np.asarray(photo.filter(ImageFilter.GaussianBlur(blur)), np.float32)
    photo += noise * rng.standard_normal((side, side, 1), np.float32)
    file = BytesIO()
    Image.fromarray(photo.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=85)
    return Image.open(file)


if __name__ == "__main__":
    main()
