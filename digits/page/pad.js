// The drawing pad: strokes of one black pen on white paper, or a photo in their place. It sends an
// "ink" event while the pen is down, and a "change" event once the drawing is complete.

const PEN_WIDTH = 18 / 520; // relative to the side of the paper
const SHEET_SIDE = 320; // pixels of the picture that is read, the same on every screen

export class Pad extends EventTarget {
  #element;
  #paper; // the canvas on the page, as sharp as the screen
  #sheet; // the canvas that is read
  #strokes = []; // each a list of points [x, y], both from 0 to 1
  #photo = null; // a canvas that is shown and read in place of strokes
  #history = []; // the drawings [strokes, photo] before each change
  #pen = null; // while a stroke is drawn: its pointer, and where the paper is

  constructor(element) {
    super();
    this.#element = element;
    this.#paper = element.querySelector(".paper");
    this.#sheet = document.createElement("canvas");
    this.#sheet.width = this.#sheet.height = SHEET_SIDE;
    // Kept in memory and without transparency: quick to encode.
    this.#sheet.getContext("2d", { alpha: false, willReadFrequently: true });
    this.#listenToPointers();
    this.#listenToKeys();
    element.querySelector(".undo").addEventListener("click", () => this.undo());
    element.querySelector(".clear").addEventListener("click", () => this.clear());
    new ResizeObserver(() => this.#resize()).observe(this.#paper);
  }

  get isBlank() {
    return !this.#strokes.length && !this.#photo;
  }

  showStrokes(strokes) {
    this.#change(strokes, null);
  }

  showPhoto(canvas) {
    this.#change([], canvas);
  }

  clear() {
    if (!this.isBlank) this.#change([], null);
  }

  undo() {
    if (this.#history.length && !this.#pen) this.#replace(this.#history.pop());
  }

  // The drawing or the photo as a data URL.
  picture() {
    return this.#photo ? this.#photo.toDataURL("image/jpeg", 0.9) : this.#sheet.toDataURL();
  }

  // Draw the paper as a square that is as wide as the canvas.
  drawOn(canvas) {
    const context = canvas.getContext("2d");
    const side = canvas.width;
    context.fillStyle = "white";
    context.fillRect(0, 0, side, side);
    context.fillStyle = context.strokeStyle = "black";
    if (this.#photo) {
      const scale = side / Math.max(this.#photo.width, this.#photo.height);
      const [width, height] = [this.#photo.width * scale, this.#photo.height * scale];
      context.drawImage(this.#photo, (side - width) / 2, (side - height) / 2, width, height);
    }
    for (const stroke of this.#strokes) stroke.forEach((_, i) => drawPiece(canvas, stroke, i));
  }

  #change(...drawing) {
    if (this.#pen) return;
    this.#history.push([this.#strokes, this.#photo]);
    this.#replace(drawing);
  }

  #replace([strokes, photo]) {
    this.#strokes = strokes;
    this.#photo = photo;
    this.#redraw();
    this.dispatchEvent(new Event("change"));
  }

  #redraw() {
    for (const canvas of [this.#paper, this.#sheet]) this.drawOn(canvas);
    this.#element.classList.toggle("blank", this.isBlank);
  }

  #resize() {
    this.#paper.width = this.#paper.height = Math.round(this.#paper.clientWidth * devicePixelRatio);
    this.#redraw();
  }

  #extend({ clientX, clientY }) {
    const stroke = this.#strokes.at(-1);
    const { left, top, width } = this.#pen.box;
    stroke.push([(clientX - left) / width, (clientY - top) / width]);
    for (const canvas of [this.#paper, this.#sheet]) drawPiece(canvas, stroke, stroke.length - 1);
  }

  #listenToPointers() {
    const paper = this.#paper;
    paper.addEventListener("pointerdown", (event) => {
      if (this.#pen || event.button !== 0) return; // a second finger or a palm
      event.preventDefault();
      paper.setPointerCapture(event.pointerId);
      this.#pen = { id: event.pointerId, box: paper.getBoundingClientRect() };
      this.#history.push([this.#strokes, this.#photo]);
      this.#strokes = [...this.#strokes, []];
      if (this.#photo) {
        this.#photo = null;
        this.#redraw();
      }
      this.#element.classList.remove("blank");
      this.#extend(event);
      this.dispatchEvent(new Event("ink"));
    });
    paper.addEventListener("pointermove", (event) => {
      if (event.pointerId !== this.#pen?.id) return;
      const points = event.getCoalescedEvents?.() ?? [];
      for (const point of points.length ? points : [event]) this.#extend(point);
      this.dispatchEvent(new Event("ink"));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      paper.addEventListener(end, (event) => {
        if (event.pointerId !== this.#pen?.id) return;
        this.#pen = null;
        this.dispatchEvent(new Event("change"));
      });
    }
  }

  #listenToKeys() {
    document.addEventListener("keydown", (event) => {
      if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
      const command = event.ctrlKey || event.metaKey;
      if (command && !event.shiftKey && event.key.toLowerCase() === "z") this.undo();
      else if (!command && ["Escape", "Delete"].includes(event.key)) this.clear();
      else return;
      event.preventDefault();
    });
  }
}

// Draw the piece of a stroke that ends in point `i`, as a curve through the points before it.
function drawPiece(canvas, stroke, i) {
  const context = canvas.getContext("2d");
  const at = (j) => stroke[Math.max(j, 0)].map((share) => share * canvas.width);
  const [a, b, c] = [at(i - 2), at(i - 1), at(i)];
  context.lineWidth = PEN_WIDTH * canvas.width;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  if (i === 0) {
    context.arc(...c, context.lineWidth / 2, 0, 2 * Math.PI);
    context.fill();
  } else {
    context.moveTo((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    context.quadraticCurveTo(...b, (b[0] + c[0]) / 2, (b[1] + c[1]) / 2);
    context.lineTo(...c);
    context.stroke();
  }
}
