// The drawing pad: strokes of one black pen on white paper, or a photo in their place. It sends an
// "ink" event while the pen is down, and a "change" event once the drawing is complete, after a
// "replace" event if nothing of the last drawing remains. A "tap" event says where the paper was
// touched; if it is cancelled, the tap leaves no dot. On a photo it never does.

const PEN_WIDTH = 18 / 520; // relative to the side of the paper
const SHEET_SIDE = 320; // pixels of the picture that is read, the same on every screen
const CORNER = Math.cos(Math.PI / 3); // a stroke that turns by more has a corner there
const TAP_SIZE = 0.012; // of the side of the paper: a stroke that is no longer may be a tap

export class Pad extends EventTarget {
  #element;
  #paper; // the canvas on the page, as sharp as the screen
  #ahead; // the canvas over it, for ink where the pen will be by the time it is seen
  #sheet; // the canvas that is read
  #history;
  #erase; // see eraser.js
  #drawing = { strokes: [], photo: null }; // strokes are lists of points [x, y], both from 0 to 1
  #pen = null; // while it is down: the drawing before, where it was last, and whether it erases

  constructor(element, history, erase) {
    super();
    this.#element = element;
    this.#history = history;
    this.#erase = erase;
    this.#paper = element.querySelector(".paper");
    this.#ahead = element.querySelector(".ahead");
    this.#sheet = document.createElement("canvas");
    this.#sheet.width = this.#sheet.height = SHEET_SIDE;
    // Kept in memory and without transparency: quick to encode.
    this.#sheet.getContext("2d", { alpha: false, willReadFrequently: true });
    this.#listenToKeys();
    for (const action of ["undo", "redo", "clear"]) {
      element.querySelector(`.${action}`).addEventListener("click", () => this[action]());
    }
    new ResizeObserver(() => this.#resize()).observe(this.#paper);
  }

  get isBlank() {
    return !this.#drawing.strokes.length && !this.#drawing.photo;
  }

  get strokes() {
    return this.#drawing.strokes;
  }

  get photo() {
    return this.#drawing.photo;
  }

  showStrokes(strokes) {
    this.#change({ strokes, photo: null });
  }

  // `photo` has a `canvas` to show, and the `picture` to read, as a data URL.
  showPhoto(photo) {
    this.#change({ strokes: [], photo });
  }

  clear() {
    if (!this.isBlank) this.#change({ strokes: [], photo: null });
  }

  undo() {
    if (this.#history.canUndo && !this.#pen) this.#show(this.#history.undo(this.#drawing));
  }

  redo() {
    if (this.#history.canRedo && !this.#pen) this.#show(this.#history.redo(this.#drawing));
  }

  // The drawing or the photo as a data URL.
  picture() {
    return this.photo ? this.photo.picture : this.#sheet.toDataURL();
  }

  // Draw the paper as a square that is as wide as the canvas.
  drawOn(canvas) {
    const { strokes, photo } = this.#drawing;
    const context = canvas.getContext("2d");
    const side = canvas.width;
    context.fillStyle = "white";
    context.fillRect(0, 0, side, side);
    context.fillStyle = context.strokeStyle = "black";
    if (photo) {
      const scale = side / Math.max(photo.canvas.width, photo.canvas.height);
      const [width, height] = [photo.canvas.width * scale, photo.canvas.height * scale];
      context.drawImage(photo.canvas, (side - width) / 2, (side - height) / 2, width, height);
    }
    for (const stroke of strokes) {
      stroke.forEach((_, i) => drawPiece(canvas, stroke, i));
      drawEnd(canvas, stroke);
    }
  }

  // --- what the pointer does: see pointers.js ---

  begin(point, isEraser) {
    this.#pen = { before: this.#drawing, last: point, isEraser };
    this.#element.classList.add("drawing");
    if (isEraser) return this.#eraseTo(point);
    this.#drawing = { strokes: [...this.strokes, []], photo: null };
    if (this.#pen.before.photo) this.#redraw();
    this.#element.classList.remove("blank");
    this.extend([point]);
  }

  extend(points) {
    if (this.#pen.isEraser) return points.forEach((point) => this.#eraseTo(point));
    const stroke = this.strokes.at(-1);
    for (const point of points) {
      stroke.push(point);
      for (const canvas of [this.#paper, this.#sheet]) drawPiece(canvas, stroke, stroke.length - 1);
    }
    this.predict([]);
    this.dispatchEvent(new Event("ink"));
  }

  // Show ink up to the pen, and where the browser expects it, until its next event tells more.
  predict(points) {
    this.#ahead.getContext("2d").clearRect(0, 0, this.#ahead.width, this.#ahead.height);
    if (!this.#pen || this.#pen.isEraser) return;
    const start = this.strokes.at(-1).slice(-2);
    const stroke = [...start, ...points];
    for (let i = start.length; i < stroke.length; i++) drawPiece(this.#ahead, stroke, i);
    drawEnd(this.#ahead, stroke);
  }

  end() {
    const { before, isEraser } = this.#pen;
    this.#lift();
    if (this.#drawing.strokes === before.strokes) return; // nothing was erased
    const tap = !isEraser && tapPoint(this.strokes.at(-1));
    if (tap) {
      const isFree = this.dispatchEvent(new CustomEvent("tap", { detail: tap, cancelable: true }));
      if (!isFree || before.photo) return this.#show(before);
    }
    if (!isEraser) for (const canvas of [this.#paper, this.#sheet]) drawEnd(canvas, this.strokes.at(-1));
    this.#history.add(before);
    this.#announce();
  }

  cancel() {
    const { before } = this.#pen;
    this.#lift();
    this.#show(before);
  }

  #lift() {
    this.#pen = null;
    this.predict([]);
    this.#element.classList.remove("drawing");
  }

  #eraseTo(point) {
    const { strokes, photo } = this.#drawing;
    const left = this.#erase(strokes, this.#pen.last, point, PEN_WIDTH);
    this.#pen.last = point;
    if (left.length === strokes.length) return;
    this.#drawing = { strokes: left, photo };
    this.#redraw();
    this.dispatchEvent(new Event("ink"));
  }

  // --- what is on the paper ---

  #change(drawing) {
    if (this.#pen) return;
    this.#history.add(this.#drawing);
    this.dispatchEvent(new Event("replace"));
    this.#show(drawing);
  }

  #show(drawing) {
    this.#drawing = drawing;
    this.#redraw();
    this.#announce();
  }

  #announce() {
    const [undo, redo] = [".undo", ".redo"].map((name) => this.#element.querySelector(name));
    const focused = document.activeElement; // which a button loses that is disabled
    undo.disabled = !this.#history.canUndo;
    redo.disabled = !this.#history.canRedo;
    if (focused === undo && undo.disabled) redo.focus();
    if (focused === redo && redo.disabled) undo.focus();
    this.dispatchEvent(new Event("change"));
  }

  #redraw() {
    for (const canvas of [this.#paper, this.#sheet]) this.drawOn(canvas);
    this.#element.classList.toggle("blank", this.isBlank);
  }

  #resize() {
    const side = Math.round(this.#paper.clientWidth * devicePixelRatio);
    for (const canvas of [this.#paper, this.#ahead]) canvas.width = canvas.height = side;
    this.#redraw();
  }

  // Whether something lies over the paper, as Gradio's dialogs do.
  #isCovered() {
    const { left, top, width, height } = this.#paper.getBoundingClientRect();
    const seen = document.elementFromPoint(left + width / 2, top + height / 2);
    return seen !== null && !this.#element.contains(seen);
  }

  #listenToKeys() {
    document.addEventListener("keydown", (event) => {
      const isText = event.target.closest?.("input, textarea, select, [contenteditable]");
      if (isText || event.defaultPrevented || this.#isCovered()) return;
      // Where letters are not Latin, the key at the place of the Latin one.
      const place = /^\W$/u.test(event.key) && /^Key(.)$/.exec(event.code)?.[1];
      const key = (place || event.key).toLowerCase();
      const isPlain = !event.shiftKey && !event.altKey;
      if (event.ctrlKey || event.metaKey) {
        if (key === "z" && !event.shiftKey) this.undo();
        else if (key === "z" || (key === "y" && !event.shiftKey)) this.redo();
        else return;
      } else if (isPlain && ["escape", "delete"].includes(key)) this.clear();
      else return;
      event.preventDefault();
    });
  }
}

// Where a stroke taps on the paper, or null if it is longer than a tap.
function tapPoint(stroke) {
  const [[x, y]] = stroke;
  return stroke.every((point) => Math.hypot(point[0] - x, point[1] - y) < TAP_SIZE) ? [x, y] : null;
}

// Draw the piece of a stroke that point `i` settles: up to half-way to it, as a curve, or round a
// corner. How the stroke goes on from there, the next point tells.
function drawPiece(canvas, stroke, i) {
  const at = (j) => stroke[Math.max(j, 0)].map((share) => share * canvas.width);
  const [a, b, c] = [at(i - 2), at(i - 1), at(i)];
  const context = penOn(canvas);
  if (i === 0) {
    context.arc(...c, context.lineWidth / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.moveTo(...middle(a, b));
  if (isCorner(a, b, c)) context.lineTo(...b);
  context.quadraticCurveTo(...b, ...middle(b, c));
  context.stroke();
}

// Draw the rest of a stroke, up to its last point.
function drawEnd(canvas, stroke) {
  const [b, c] = stroke.slice(-2).map((point) => point.map((share) => share * canvas.width));
  if (!c) return; // a dot
  const context = penOn(canvas);
  context.moveTo(...middle(b, c));
  context.lineTo(...c);
  context.stroke();
}

function penOn(canvas) {
  const context = canvas.getContext("2d");
  context.lineWidth = PEN_WIDTH * canvas.width;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  return context;
}

function middle([x, y], [u, v]) {
  return [(x + u) / 2, (y + v) / 2];
}

function isCorner(a, b, c) {
  const [x, y, u, v] = [b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]];
  return x * u + y * v < CORNER * Math.hypot(x, y) * Math.hypot(u, v);
}
