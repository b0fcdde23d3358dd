// The boxes of the digits that were found, drawn lightly on the paper, each with its reading.

export class Boxes {
  #element;
  #places = []; // [left, top, right, bottom] of each, from 0 to 1 on the paper

  constructor(element) {
    this.#element = element;
  }

  // `size` is that of the picture, which lies in the middle of the paper.
  show(digits, [width, height]) {
    const side = Math.max(width, height);
    const [left, top] = [(side - width) / 2, (side - height) / 2];
    this.#places = digits.map(({ box }) => box.map((at, i) => (at + (i % 2 ? top : left)) / side));
    this.#element.replaceChildren(
      ...digits.map(({ label, verdict }, i) => {
        const box = document.createElement("div");
        const [left, top, right, bottom] = this.#places[i].map((share) => 100 * share);
        box.dataset.verdict = verdict;
        box.dataset.label = label;
        box.classList.toggle("high", top < 5); // no room for its label above
        box.style.inset = `${top}% ${100 - right}% ${100 - bottom}% ${left}%`;
        return box;
      }),
    );
  }

  hide() {
    this.#places = [];
    this.#element.replaceChildren();
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
}
