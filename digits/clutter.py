"""Components of ink in, which of them are handwriting out, with a reason for each that is not."""

from dataclasses import dataclass

import numpy as np

from digits.morphology import connected_components


@dataclass(frozen=True)
class LeftOut:
    """Something on the paper that is no handwriting of digits.

    Attributes
    ----------
    box : tuple of int
        Left, top, right and bottom, right and bottom exclusive.
    reason : {"edge", "frame", "rule", "bracket", "sign", "line", "speck"}
    is_clear : bool
        Whether it is certainly no digit.
    """

    box: tuple[int, int, int, int]
    reason: str
    is_clear: bool = True


@dataclass(frozen=True)
class _Clutter:
    """What tells clutter from digits; lengths are shares of the height of the digits.

    Chosen on pictures made of UNIPEN digits of every second writer; see `benchmarks.pictures`.
    """

    hugging: float = 0.5  # share of its longer side along which an edge of the picture has it
    frame_gap: float = 0.4  # share of every side of something that its frame passes at least
    frame_sides: float = 0.8  # the same, on the mean of the four sides
    framed: float = 0.3  # height of what is framed, as a share of the frame's
    page_frame: float = 0.8  # share of the picture from which a frame may hold something smaller
    main: float = 0.2  # area of a digit, as a share of the largest
    flat: float = 1.8  # times as wide as it is high: no digit
    straight: float = 5.0  # times as long as it is thick: a line
    thin: float = 0.35  # thickness of a line that no digit's pen drew, as a share of the pen's
    small: float = 0.45  # height and width below which something may be a sign
    speck: float = 0.16  # height and width of what is surely no digit
    near: float = 0.13  # distance within which a small piece is part of a digit
    bracket_bend: float = 0.03  # by which the middles of two brackets stand outwards, on average
    bracket_wide: float = 0.5  # width of a bracket, as a share of its height
    taller: float = 1.08  # times as tall as what stands in it: a bracket
    most: int = 400  # components that can be looked at one by one


_CLUTTER = _Clutter()


def leave_frames(mask):
    """Take what runs round something else out of a mask: the rest, and a list of `LeftOut`."""
    clutter = Clutter(connected_components(mask))
    clutter.leave_dust()
    if clutter.kept.sum() <= _CLUTTER.most:
        clutter.leave_frames()
    return clutter.found.select(clutter.kept), clutter.left_out


class Clutter:
    """Sorts the components of one picture.

    Parameters
    ----------
    found : digits.morphology.Components

    Attributes
    ----------
    kept : ndarray of bool, shape (n,)
        Which components are handwriting.
    left_out : list of LeftOut
    """

    def __init__(self, found):
        self.found = found
        self.kept = np.ones(len(found), bool)
        self.left_out = []

    def sort(self):
        """Leave out what is no handwriting, as long as something remains.

        Returns
        -------
        Clutter
            Itself.
        """
        self.leave_dust()
        if self.kept.sum() <= _CLUTTER.most:
            self._leave_edges()
            self._leave_lines()
            self._leave_brackets()
            self._leave_small()
        return self

    def _leave(self, chosen, reason, is_clear=True):
        """Leave out some of the components that are kept, if others remain."""
        chosen = np.asarray(chosen) & self.kept
        if not chosen.any() or not (self.kept & ~chosen).any():
            return
        self.kept &= ~chosen
        for i in np.flatnonzero(chosen):
            self.left_out.append(LeftOut(tuple(map(int, self.found.boxes[i])), reason, is_clear))

    def leave_dust(self):
        """Leave out specks far smaller than the largest component, by thousands if need be."""
        found = self.found
        sizes = np.maximum(found.widths, found.heights)
        dust = sizes <= max(2, _CLUTTER.speck / 4 * sizes[found.areas.argmax()])
        if (self.kept & ~dust).any():
            self.kept &= ~dust

    def _leave_edges(self):
        """Leave out what lies along an edge of the picture: strips, corners, title bars."""
        found, labels = self.found, self.found.labels
        edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
        contact = np.bincount(edge, minlength=len(found) + 1)[1:]
        longer = np.maximum(found.widths, found.heights)
        self._leave(contact > _CLUTTER.hugging * longer, "edge")

    def leave_frames(self):
        """Leave out what runs round other components: boxes, circles, the fields of a form."""
        found = self.found
        frames, held = np.zeros((2, len(found)), bool)
        large = [i for i in np.argsort(-found.widths * found.heights)[:12] if self.kept[i]]
        for i in large:
            inner = [j for j in np.flatnonzero(self.kept) if j != i and self._frames(i, j)]
            frames[i] = bool(inner)
            held[inner] = True
        # A ring in a ring may be a hollow 0, 6 or 9; so may two rings in one be a hollow 8.
        is_clear = any(self._has_inside(j) for j in np.flatnonzero(held & ~frames))
        for i in large:  # empty fields beside the one that was filled in
            alike = [
                max(found.widths[i], found.widths[j]) <= 1.15 * min(found.widths[i], found.widths[j])
                and max(found.heights[i], found.heights[j])
                <= 1.15 * min(found.heights[i], found.heights[j])
                for j in np.flatnonzero(frames)
            ]
            if any(alike) and not frames[i]:
                frames[i] = not self._has_inside(i)
        self._leave(frames, "frame", is_clear)

    def _has_inside(self, i):
        """Tell whether a component has ink in the middle of its box."""
        crop = self.found.crop(i)
        height, width = (length // 4 for length in crop.shape)
        return bool(crop[height : len(crop) - height, width : crop.shape[1] - width].any())

    def _frames(self, i, j):
        """Tell whether component `i` is a frame round `j`, which may be a digit."""
        width, height = self.found.widths[i], self.found.heights[i]
        inner_width, inner_height = self.found.widths[j], self.found.heights[j]
        rows, columns = self.found.labels.shape
        is_page = height > _CLUTTER.page_frame * rows or width > _CLUTTER.page_frame * columns
        least = _CLUTTER.framed / 3 if is_page else _CLUTTER.framed
        return (
            inner_height >= least * height
            and inner_width <= _CLUTTER.flat * inner_height
            and self._surrounds(i, j)
        )

    def _surrounds(self, i, j):
        """Tell whether component `i` runs round component `j`."""
        left, top, right, bottom = self.found.boxes[j] - np.tile(self.found.boxes[i][:2], 2)
        if min(left, top) < 0 or right > self.found.widths[i] or bottom > self.found.heights[i]:
            return False
        crop = self.found.crop(i)
        sides = (
            crop[top:bottom, :left].any(axis=1),
            crop[:top, left:right].any(axis=0),
            crop[top:bottom, right:].any(axis=1),
            crop[bottom:, left:right].any(axis=0),
        )
        edges = (0, 0, *self.found.labels.shape[::-1])
        # An edge of the picture that cuts a frame off stands for its side.
        is_cut = self.found.boxes[i] == edges
        sides = [max(side.mean(), cut) for side, cut in zip(sides, is_cut, strict=True)]
        return (
            min(sides) >= _CLUTTER.frame_gap
            and np.mean(sides) >= _CLUTTER.frame_sides
            and crop[top:bottom, left:right].mean() < 0.05
        )

    def holds_pieces(self):
        """Tell whether something kept runs round several small pieces, as a face round its eyes."""
        kept = np.flatnonzero(self.kept)
        if len(kept) > _CLUTTER.most:
            return False
        for i in kept[np.argsort(-self.found.areas[kept])[:3]]:
            small = _CLUTTER.speck / 3 * self.found.heights[i]
            pieces = [j for j in kept if j != i and self.found.heights[j] > small]
            if sum(self._surrounds(i, j) for j in pieces) >= 2:
                return True
        return False

    def _shapes(self):
        """Measure length, thickness and angle (0 is flat, 90 upright) of each component kept."""
        lengths, thicknesses, angles = np.zeros((3, len(self.found)))
        for i in np.flatnonzero(self.kept):
            ys, xs = np.nonzero(self.found.crop(i))
            spread = np.cov(np.stack([xs, ys])) + np.eye(2) / 12 if xs.size > 1 else np.eye(2) / 12
            values, vectors = np.linalg.eigh(spread)
            lengths[i], thicknesses[i] = np.sqrt(12 * values[::-1])
            x, y = vectors[:, 1] if vectors[1, 1] <= 0 else -vectors[:, 1]
            angles[i] = np.degrees(np.arctan2(-y, x))  # from 0 to 180, less than 90 leans right
        return lengths, thicknesses, angles

    def _leave_lines(self):
        """Leave out straight lines that no digit has: rules, minus signs, slips of the pen."""
        found = self.found
        lengths, thicknesses, angles = self._shapes()
        lines = self.kept & (lengths > _CLUTTER.straight * thicknesses)
        flat = (angles < 30) | (angles > 150)
        flat_lines = self.kept & flat & (lengths > 2.2 * thicknesses) & (
            found.widths > _CLUTTER.flat * found.heights
        )
        others = self.kept & ~lines & ~flat_lines
        if others.any():
            areas = np.where(others, found.areas, 0)
            pen = np.median(
                [2 * found.areas[i] / self._outline(i) for i in np.flatnonzero(areas > areas.max() / 4)]
            )
            width = found.areas / np.maximum(lengths, 1)
            tall = found.heights[areas > areas.max() / 4].max()
            thin = lines & (width < _CLUTTER.thin * pen) & (lengths > 0.3 * tall)
            self._leave(thin, "line", is_clear=False)
        rest = self.kept & ~flat_lines
        if not rest.any():
            return
        tall = self._digit_height(rest)
        for i in np.flatnonzero(flat_lines & self.kept):
            if found.heights[i] > max(0.35 * tall, 0.15 * lengths[i]):
                continue
            if not self._is_bar(i, rest, tall) and not self._is_inside(i, np.flatnonzero(rest)):
                chosen = np.arange(len(found)) == i
                self._leave(chosen, "sign" if lengths[i] < 0.8 * tall else "rule")

    def _is_bar(self, i, rest, tall):
        """Tell whether a flat line is part of a digit, as the bar of a 5 that hangs free."""
        left, top, right, _ = self.found.boxes[i]
        for j in np.flatnonzero(rest & self.kept):
            l, t, r, b = self.found.boxes[j]
            overlap = min(right, r) - max(left, l)
            covers = left <= l + 0.05 * (r - l) and right >= r - 0.05 * (r - l)
            is_straight = right - left > _CLUTTER.straight * (self.found.boxes[i, 3] - top)
            if (
                overlap > 0.4 * (right - left)
                and right - left < 1.15 * (r - l) + 0.1 * tall
                and not (covers and is_straight)
                and self._distance(i, j) < _CLUTTER.near * tall
            ):
                return True
        return False

    def _leave_brackets(self):
        """Leave out a pair that bends round everything between: ( ) and [ ]."""
        found, kept = self.found, np.flatnonzero(self.kept)
        if len(kept) < 3:
            return
        first = kept[found.boxes[kept, 0].argmin()]
        last = kept[found.boxes[kept, 2].argmax()]
        between = [i for i in kept if i not in (first, last)]
        tall = max(found.heights[i] for i in between)
        top, bottom = found.boxes[between, 1].min(), found.boxes[between, 3].max()
        pair = np.array([first, last])
        bends = np.array([-self._bend(first), self._bend(last)])
        heights, widths = found.heights[pair], found.widths[pair]
        if (
            heights.min() > max(_CLUTTER.taller * tall, 0.85 * heights.max())
            and found.boxes[pair, 1].max() <= top
            and found.boxes[pair, 3].min() >= bottom
            and (widths < _CLUTTER.bracket_wide * heights).all()
            and bends.min() > _CLUTTER.bracket_bend / 3
            and bends.mean() > _CLUTTER.bracket_bend
        ):
            self._leave(np.isin(np.arange(len(found)), pair), "bracket")

    def _bend(self, i):
        """How far the middle of a component stands to the right of its ends, by its height."""
        crop = self.found.crop(i)
        height = len(crop)
        mass = crop.sum(axis=1)
        centres = crop @ np.arange(crop.shape[1]) / np.maximum(mass, 1)
        ends = max(1, height // 12)
        middle = centres[height // 3 : -(height // 3) or None].mean()
        return (middle - (centres[:ends].mean() + centres[-ends:].mean()) / 2) / height

    def _leave_small(self):
        """Leave out points, commas and specks, but no pieces of digits."""
        found = self.found
        tall = self._digit_height(self.kept)
        sizes = np.maximum(found.widths, found.heights)
        large = self.kept & (sizes >= _CLUTTER.small * tall)
        if not large.any():
            return
        # Where most of the ink is in small pieces, as in a dotted digit, they are the digit.
        if found.areas[self.kept & ~large].sum() > found.areas[large].sum():
            return
        for i in np.flatnonzero(self.kept & ~large):
            others = np.flatnonzero(large)
            if min(self._distance(i, j) for j in others) < _CLUTTER.near * tall:
                continue
            if sizes[i] > _CLUTTER.speck / 2 * tall and self._is_inside(i, others):
                continue
            chosen = np.arange(len(found)) == i
            if sizes[i] < _CLUTTER.speck * tall:
                self._leave(chosen, "speck")
            else:
                self._leave(chosen, "sign", is_clear=sizes[i] < 0.36 * tall)

    def _is_inside(self, i, others):
        """Tell whether the middle of component `i` is in the box of another: an eye in a face."""
        left, top, right, bottom = self.found.boxes[i]
        boxes = self.found.boxes[others]
        x, y = (left + right) / 2, (top + bottom) / 2
        return bool(
            ((boxes[:, 0] < x) & (x < boxes[:, 2]) & (boxes[:, 1] < y) & (y < boxes[:, 3])).any()
        )

    def _digit_height(self, among):
        """Estimate how tall the digits are: the height of the larger components."""
        found = self.found
        areas = np.where(among, found.areas, 0)
        large = areas > _CLUTTER.main * areas.max()
        return float(np.percentile(found.heights[large], 75, method="higher"))

    def _outline(self, i):
        """Count the pixel sides along the outline of a component."""
        crop = np.pad(self.found.crop(i), 1)
        sides = (crop[1:] != crop[:-1]).sum() + (crop[:, 1:] != crop[:, :-1]).sum()
        return sides * np.pi / 4  # of the city-block length of curves in all directions

    def _distance(self, i, j):
        """Measure from the box of component `i` to the nearest ink of component `j`."""
        left, top, right, bottom = self.found.boxes[i]
        ys, xs = np.nonzero(self.found.crop(j))
        xs, ys = xs + self.found.boxes[j, 0], ys + self.found.boxes[j, 1]
        across = np.maximum(np.maximum(left - xs, xs - right + 1), 0)
        down = np.maximum(np.maximum(top - ys, ys - bottom + 1), 0)
        return float(np.sqrt((across**2 + down**2).min()))
