// The eraser: which strokes a piece of its path, from `a` to `b`, leaves. Points are [x, y].

export function erase(strokes, a, b, radius) {
  const isHit = (stroke) =>
    stroke.some((point, i) => distance(a, b, stroke[Math.max(i - 1, 0)], point) < radius);
  return strokes.filter((stroke) => !isHit(stroke));
}

// The distance between two line segments.
function distance(a, b, c, d) {
  const cross = side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
  return cross ? 0 : Math.min(reach(a, c, d), reach(b, c, d), reach(c, a, b), reach(d, a, b));
}

// On which side of the line from `a` to `b` a point is: the sign tells.
function side(a, b, point) {
  return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
}

// The distance of a point from the line segment from `a` to `b`.
function reach(point, a, b) {
  const [x, y] = [b[0] - a[0], b[1] - a[1]];
  const along = ((point[0] - a[0]) * x + (point[1] - a[1]) * y) / (x * x + y * y || 1);
  const nearest = Math.min(Math.max(along, 0), 1);
  return Math.hypot(point[0] - a[0] - nearest * x, point[1] - a[1] - nearest * y);
}
