// What was found on the paper: the boxes of the digits, drawn lightly, each with its reading, and
// a veil over what was left out.

const ROOM = 0.05; // of the side of the paper, which a label above a box or below it takes
const BLURRED = 2; // pixels of the veil that the edge of a mark may reach beyond its box
const SAMPLE = 32; // pixels of the side of the paper, to find its colour

export class Boxes {
  #element;
  #veil;
  #pad;
  #places = []; // [left, top, right, bottom] of each digit's box, from 0 to 1 on the paper

  constructor(element, veil, pad) {
    this.#element = element;
    this.#veil = veil;
    this.#pad = pad;
  }

  // Boxes are in a picture of the given size, which lies in the middle of the paper.
  show({ digits, left_out, size: [width, height] }, withDigits) {
    const side = Math.max(width, height);
    const [left, top] = [(side - width) / 2, (side - height) / 2];
    const onPaper = (box) => box.map((at, i) => (at + (i % 2 ? top : left)) / side);
    const places = digits.filter(({ box }) => box).map(({ box }) => onPaper(box)); // none if blank
    this.#cover(left_out.map(onPaper), places, onPaper([0, 0, width, height]));
    this.#places = withDigits ? places : [];
    this.#element.replaceChildren(
      ...this.#places.map(([left, top, right, bottom], i) => {
        const box = document.createElement("div");
        box.dataset.verdict = digits[i].verdict;
        box.dataset.label = digits[i].label;
        const [isHigh, isLow] = [top < ROOM, bottom > 1 - ROOM];
        if (isHigh) box.classList.add(isLow ? "labelled-within" : "labelled-below");
        box.style.inset = [top, 1 - right, 1 - bottom, left].map((at) => `${100 * at}%`).join(" ");
        return box;
      }),
    );
  }

  hide() {
    this.#places = [];
    this.#element.replaceChildren();
    this.#clearVeil();
  }

  mark(picked) {
    [...this.#element.children].forEach((box, i) => box.classList.toggle("picked", i === picked));
  }

  // The number of the smallest box around a point of the paper, or -1.
  at([x, y]) {
    const area = ([left, top, right, bottom]) => (right - left) * (bottom - top);
    const around = this.#places.filter(
      ([left, top, right, bottom]) => left <= x && x <= right && top <= y && y <= bottom,
    );
    return this.#places.indexOf(around.sort((a, b) => area(a) - area(b))[0]);
  }

  #clearVeil() {
    this.#veil.getContext("2d").clearRect(0, 0, this.#veil.width, this.#veil.height);
  }

  #cover(marks, digits, picture) {
    this.#clearVeil();
    if (!marks.length) return;
    const context = this.#veil.getContext("2d");
    context.fillStyle = paperColour(this.#pad, picture);
    const fill = (box) => context.fillRect(...rectangle(box, this.#veil.width));
    for (const mark of marks) {
      const [left, top, width, height] = rectangle(mark, this.#veil.width);
      context.fillRect(left - BLURRED, top - BLURRED, width + 2 * BLURRED, height + 2 * BLURRED);
    }
    // A frame runs round digits, and a speck may lie between the strokes of one.
    digits.forEach((box) => context.clearRect(...rectangle(box, this.#veil.width)));
    marks.filter((mark) => digits.some((digit) => isInside(mark, digit))).forEach(fill);
  }
}

// Left, top, width and height in whole pixels, all of the box within.
function rectangle(box, side) {
  const [left, top, right, bottom] = box.map((at, i) => Math[i < 2 ? "floor" : "ceil"](at * side));
  return [left, top, right - left, bottom - top];
}

function isInside(inner, outer) {
  return inner.every((at, i) => (i < 2 ? at >= outer[i] : at <= outer[i]));
}

// The colour that most of the picture has is that of its paper.
function paperColour(pad, picture) {
  const canvas = new OffscreenCanvas(SAMPLE, SAMPLE);
  pad.drawOn(canvas);
  const { data } = canvas.getContext("2d").getImageData(...rectangle(picture, SAMPLE));
  const median = (channel) => {
    const levels = data.filter((_, i) => i % 4 === channel).sort();
    return levels[levels.length >> 1];
  };
  return `rgb(${[0, 1, 2].map(median)})`;
}
