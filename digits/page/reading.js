// The reading: shows what was read, and the probabilities of the digit that is picked. It sends a
// "pick" event when another digit is shown.

const SPEECH_DELAY_MS = 600; // a screen reader hears the result of a drawing, not every step to it

export class Reading extends EventTarget {
  #panel;
  #numbers;
  #top;
  #spoken;
  #chart;
  #view;
  #boxes;
  #answer = { digits: [] };
  #picked = 0; // which of them
  #speech = null;

  constructor(element, chart, view, boxes) {
    super();
    this.#panel = element.querySelector(".reading");
    this.#numbers = element.querySelector(".number");
    this.#top = element.querySelector(".top");
    this.#spoken = element.querySelector(".spoken");
    this.#chart = chart;
    this.#view = view;
    this.#boxes = boxes;
  }

  // What is shown, as the reader answered.
  get answer() {
    return this.#answer;
  }

  // The digit of it that is picked.
  get digit() {
    return this.#answer.digits[this.#picked];
  }

  show(answer, withBoxes = false) {
    const { verdict, label, text, digits, size, note = "" } = answer;
    this.#answer = answer;
    if (this.#picked >= digits.length) this.#picked = 0;
    this.#panel.dataset.verdict = verdict;
    this.#panel.querySelector(".text").textContent = text;
    this.#panel.querySelector(".note").textContent = note;
    this.#panel.querySelector(".digit").textContent = label;
    this.speak([text, note].filter(Boolean).join(". "));
    this.#showNumber(digits.length > 1 ? digits : []);
    if (size) this.#boxes.show(answer, withBoxes);
    else this.#boxes.hide();
    this.pick(this.#picked);
  }

  // Have a screen reader say this, and nothing that it was to say before.
  speak(text) {
    clearTimeout(this.#speech);
    this.#speech = setTimeout(() => (this.#spoken.textContent = text), SPEECH_DELAY_MS);
  }

  // Show the first digit of the next answer, whichever was picked.
  forgetPick() {
    this.#picked = 0;
  }

  pick(i) {
    this.#picked = i;
    this.#buttons.forEach((button, j) => button.setAttribute("aria-pressed", i === j));
    if (this.#buttons[i]) reveal(this.#buttons[i], this.#numbers);
    this.#boxes.mark(i);
    const { digit } = this;
    this.#chart.show(digit);
    this.#view.show(digit);
    this.#top.replaceChildren(...digit.top.map(item));
    this.dispatchEvent(new Event("pick"));
  }

  get #buttons() {
    return [...this.#numbers.querySelectorAll("button")];
  }

  // The digits of a number are buttons, in lines as on the paper. A button stays the same one from
  // reading to reading, so that it keeps the focus.
  #showNumber(digits) {
    const lines = [...new Set(digits.map(({ line }) => line))];
    const labels = (of) => digits.filter(({ line }) => line === of).map(({ label }) => label);
    const longest = Math.max(...lines.map((line) => labels(line).join("").length));
    this.#numbers.hidden = !digits.length;
    this.#numbers.style.setProperty("--count", longest);
    this.#numbers.style.setProperty("--lines", lines.length);
    this.#numbers.classList.toggle("line", lines.length === 1);
    const buttons = this.#buttons;
    const hadFocus = this.#numbers.contains(document.activeElement);
    while (buttons.length > digits.length) buttons.pop().remove();
    if (hadFocus && !this.#numbers.contains(document.activeElement)) {
      (buttons.at(-1) ?? this.#panel.querySelector(".view")).focus({ preventScroll: true });
    }
    while (buttons.length < digits.length) buttons.push(this.#addButton(buttons.length));
    digits.forEach((digit, i) => {
      buttons[i].textContent = digit.label;
      buttons[i].dataset.verdict = digit.verdict;
      buttons[i].setAttribute("aria-label", digit.text);
      buttons[i].style.gridRow = lines.indexOf(digit.line) + 1;
    });
  }

  #addButton(i) {
    const button = document.createElement("button");
    button.type = "button";
    button.addEventListener("click", () => this.pick(i));
    this.#numbers.append(button);
    return button;
  }
}

// Scroll an element into view within another. The page itself stays: the pen may be on it.
function reveal(element, within) {
  const [inner, outer] = [element, within].map((each) => each.getBoundingClientRect());
  const beyond = (start, end) => Math.min(0, inner[start] - outer[start]) + Math.max(0, inner[end] - outer[end]);
  within.scrollBy(beyond("left", "right"), beyond("top", "bottom"));
}

function item(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}
