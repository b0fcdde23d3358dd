"""Digits of one hand on paper, under light, in front of a camera: what pictures are made of."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from digits.training.paths import evenly_spaced

PAPERS = [(255, 255, 255), (244, 240, 226), (222, 226, 232), (250, 238, 160), (206, 224, 206)]
INKS = [(25, 25, 30), (30, 45, 150), (170, 30, 40), (85, 85, 90), (20, 90, 50)]


class Sheet:
    """Paper to write on, for one of some hands, which are lists of a writer's digits.

    Ink is float32 (H, W), 1 where the pen covers the paper.
    """

    def __init__(self, hands, seed):
        self.rng = np.random.default_rng(seed)
        self.hand = hands[self.rng.integers(len(hands))]
        self.shape = [(500, 700), (700, 500), (600, 600)][self.rng.integers(3)]
        self.pen = self.rng.uniform(0.06, 0.13)

    def between(self, low, high):
        """Draw a number from a range."""
        return float(self.rng.uniform(low, high))

    def chance(self, share):
        """Say yes to a share of all questions."""
        return self.rng.random() < share

    def of(self, options):
        """Choose one of some options."""
        return options[self.rng.integers(len(options))]

    def number(self, least, most, tall):
        """Write digits side by side: their labels and their strokes, from (0, 0), `tall` pixels."""
        drawings = [self.of(self.hand) for _ in range(self.rng.integers(least, most + 1))]
        strokes, right = [], 0.0
        for drawing in drawings:
            points = np.concatenate(drawing.strokes)
            scale = tall * self.between(0.9, 1.1) / max(np.ptp(points[:, 1]), 1e-6)
            scale = min(scale, 1.6 * tall / max(np.ptp(points[:, 0]), 1e-6))
            low, middle = points[:, 0].min(), (points[:, 1].min() + points[:, 1].max()) / 2
            strokes += [(s - (low, middle)) * scale + (right, tall / 2) for s in drawing.strokes]
            right += np.ptp(points[:, 0]) * scale + tall * (self.pen + self.between(0.12, 0.35))
        return "".join(drawing.label for drawing in drawings), strokes

    def write(self, least=1, most=1, share=(0.25, 0.6), off=0.5, widest=0.8):
        """Write a number somewhere on the sheet: labels, ink, box (x0, y0, x1, y1) and height."""
        tall = self.between(*share) * min(self.shape)
        label, strokes = self.number(least, most, tall)
        points = np.concatenate(strokes)
        wide, high = np.ptp(points, axis=0) + self.pen * tall
        shrink = min(1, widest * self.shape[1] / wide, 0.8 * self.shape[0] / high)
        tall, wide, high = tall * shrink, wide * shrink, high * shrink
        room = np.array([self.shape[1] - wide, self.shape[0] - high]) / 2
        centre = np.array(self.shape[::-1]) / 2 + self.rng.uniform(-off, off, 2) * room
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        strokes = [(stroke - middle) * shrink + centre for stroke in strokes]
        left, top = centre - (wide / 2, high / 2)
        box = (left, top, left + wide, top + high)
        return label, self.draw(strokes, self.pen * tall), box, tall

    def draw(self, strokes, width):
        """Draw paths with a round pen: ink."""
        fine = Image.new("L", (2 * self.shape[1], 2 * self.shape[0]))
        pen, radius = ImageDraw.Draw(fine), max(width, 1)
        for stroke in strokes:
            path = [tuple(2 * point) for point in np.asarray(stroke, float)]
            pen.line(path, 255, max(1, round(2 * width)))
            for x, y in path:
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
        return np.asarray(fine.reduce(2), np.float32) / 255

    def bent(self, path, size=3.0):
        """Bend a path as a hand does."""
        along = np.linspace(0, 1, 50)[:, np.newaxis]
        wave = 2 * np.pi * along * self.rng.uniform(0.7, 3, 2) + self.rng.uniform(0, 6, 2)
        return evenly_spaced(np.asarray(path, float), 50) + size * np.sin(wave)

    def drawn(self, ink):
        """Make a clean drawing of ink: black on white, sometimes of other colours."""
        if self.chance(0.5):
            return Image.fromarray((255 * (1 - ink)).astype(np.uint8))
        return picture(self.sheet(ink))

    def photo(self, sheet, lamp=1.0, light=None, noise=None):
        """Photograph a coloured sheet under uneven light."""
        height, width = sheet.shape[:2]
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
        angle, light = self.between(0, 6.3), light or self.between(0.1, 0.45)
        lamp = lamp * (1 - light * (0.5 + 0.35 * (x * np.cos(angle) + y * np.sin(angle))))
        grain = Image.fromarray(self.rng.integers(0, 256, (height, width), np.uint8))
        grain = np.asarray(grain.filter(ImageFilter.GaussianBlur(1.5)), np.float32)
        lamp *= 1 + 0.012 * (grain - grain.mean()) / grain.std()
        photo = picture(sheet * lamp[..., np.newaxis])
        photo = photo.filter(ImageFilter.GaussianBlur(self.between(0.5, 1.3)))
        noise = (noise or self.between(1, 6)) * self.rng.standard_normal((height, width, 3))
        return reopened(picture(np.asarray(photo) + noise), quality=int(self.between(60, 92)))

    def shadow(self, shape, box, soft):
        """Let a shadow fall through a box: 1 within, 0 outside, its edge `soft` pixels wide."""
        left, top, right, bottom = box
        y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
        angle = self.between(0, 6.3)
        x, y = x - self.between(left, right), y - self.between(top, bottom)
        edge = x * np.cos(angle) + y * np.sin(angle)
        return 1 / (1 + np.exp(-np.clip(edge / soft, -30, 30)))

    def paper(self):
        """Choose paper of some colour: float32 (H, W, 3)."""
        return np.full((*self.shape, 3), self.of(PAPERS), np.float32)

    def sheet(self, ink):
        """Lay ink of some colour on paper: float32 (H, W, 3)."""
        return lay(self.paper(), ink, self.of(INKS))

    def either(self, ink):
        """Make a photo or a clean drawing of ink."""
        return self.photo(self.sheet(ink)) if self.chance(0.5) else self.drawn(ink)


def lay(sheet, ink, colour):
    return sheet + (np.float32(colour) - sheet) * ink[..., np.newaxis]


def picture(levels):
    return Image.fromarray(np.rint(levels).clip(0, 255).astype(np.uint8))


def reopened(image, form="JPEG", **options):
    """Save an image to a file in memory, and open that."""
    file = BytesIO()
    image.save(file, form, **options)
    return Image.open(file)


def box_path(left, top, right, bottom):
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
