// The pad: strokes of one black pen on white paper, or a photo in their place. It knows nothing of
// the network that reads them: `onInk(last)` is called after every change, with `last` true once the
// pen is lifted.

const PEN = 18 / 520; // width of the line, as a part of the side of the paper
const SHEET = 320; // side in pixels of the picture that is read, the same on every screen

const paper = element.querySelector(".paper");
const sheet = document.createElement("canvas");
sheet.width = sheet.height = SHEET;
sheet.getContext("2d", { willReadFrequently: true }); // kept in memory: quick to encode

let strokes = []; // each a list of points [x, y], both from 0 to 1
let photo = null; // a canvas that is shown and read in place of strokes
let before = []; // what [strokes, photo] was before each change
let pen = null; // the pointer that draws, while it draws
let onInk = () => {};

// Draw the piece of a stroke that ends in point `i`, as a curve through the points before it.
function inkPiece(canvas, stroke, i) {
  const context = canvas.getContext("2d");
  const [a, b, c] = [i - 2, i - 1, i].map((j) => stroke[Math.max(j, 0)].map((v) => v * canvas.width));
  context.lineWidth = PEN * canvas.width;
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

// Draw all that is on the paper, a square as wide as the canvas.
function drawAll(canvas) {
  const context = canvas.getContext("2d");
  const side = canvas.width;
  context.fillStyle = "white";
  context.fillRect(0, 0, side, side);
  context.fillStyle = context.strokeStyle = "black";
  if (photo) {
    const scale = side / Math.max(photo.width, photo.height);
    const [width, height] = [photo.width * scale, photo.height * scale];
    context.drawImage(photo, (side - width) / 2, (side - height) / 2, width, height);
  }
  for (const stroke of strokes) stroke.forEach((_, i) => inkPiece(canvas, stroke, i));
}

function redraw() {
  for (const canvas of [paper, sheet]) drawAll(canvas);
  mark(isBlank());
}

function mark(blank) {
  element.querySelector(".pad").classList.toggle("blank", blank);
  element.querySelector(".save").disabled = blank;
}

function isBlank() {
  return !strokes.length && !photo;
}

// What is to be read, as a data URL.
function pictured() {
  return photo ? photo.toDataURL("image/jpeg", 0.9) : sheet.toDataURL();
}

function replace(drawing) {
  [strokes, photo] = drawing;
  redraw();
  onInk(true);
}

function change(...drawing) {
  if (pen) return;
  before.push([strokes, photo]);
  replace(drawing);
}

function undo() {
  if (before.length && !pen) replace(before.pop());
}

function clear() {
  if (!isBlank()) change([], null);
}

function extend(event) {
  const stroke = strokes.at(-1);
  const { left, top, width } = pen.box;
  stroke.push([(event.clientX - left) / width, (event.clientY - top) / width]);
  for (const canvas of [paper, sheet]) inkPiece(canvas, stroke, stroke.length - 1);
}

paper.addEventListener("pointerdown", (event) => {
  if (pen || event.button !== 0) return; // a second finger or a palm
  event.preventDefault();
  paper.setPointerCapture(event.pointerId);
  pen = { id: event.pointerId, box: paper.getBoundingClientRect() };
  before.push([strokes, photo]);
  strokes = [...strokes, []];
  if (photo) {
    photo = null;
    redraw();
  }
  mark(false);
  extend(event);
  onInk(false);
});

paper.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pen?.id) return;
  const points = event.getCoalescedEvents?.() ?? [];
  for (const point of points.length ? points : [event]) extend(point);
  onInk(false);
});

for (const end of ["pointerup", "pointercancel"]) {
  paper.addEventListener(end, (event) => {
    if (event.pointerId !== pen?.id) return;
    pen = null;
    onInk(true);
  });
}

element.querySelector(".undo").addEventListener("click", undo);
element.querySelector(".clear").addEventListener("click", clear);
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.shiftKey && event.key.toLowerCase() === "z") undo();
  else if (!command && ["Escape", "Delete"].includes(event.key)) clear();
  else return;
  event.preventDefault();
});

new ResizeObserver(() => {
  paper.width = paper.height = Math.round(paper.clientWidth * devicePixelRatio);
  redraw();
}).observe(paper);
