// The reading: shows what was read, and the probabilities of the digit that is picked.

const SPEECH_DELAY_MS = 600; // a screen reader hears the result of a drawing, not every step to it

export class Reading {
  #panel;
  #numbers;
  #top;
  #spoken;
  #chart;
  #view;
  #picked = 0; // which digit of a number
  #speech = null;

  constructor(element, chart, view) {
    this.#panel = element.querySelector(".reading");
    this.#numbers = element.querySelector(".number");
    this.#top = element.querySelector(".top");
    this.#spoken = element.querySelector(".spoken");
    this.#chart = chart;
    this.#view = view;
  }

  show({ verdict, label, text, digits }) {
    this.#panel.dataset.verdict = verdict;
    this.#panel.querySelector(".text").textContent = text;
    this.#panel.querySelector(".digit").textContent = label;
    this.#speak(text);
    this.#showNumber(digits.length > 1 ? digits : []);
    if (digits.length) this.#showDigit(digits[this.#picked]);
  }

  #speak(text) {
    clearTimeout(this.#speech);
    this.#speech = setTimeout(() => (this.#spoken.textContent = text), SPEECH_DELAY_MS);
  }

  #showDigit(digit) {
    this.#chart.show(digit);
    this.#view.show(digit);
    this.#top.replaceChildren(...digit.top.map(item));
  }

  // The digits of a number are buttons.
  #showNumber(digits) {
    if (this.#picked >= digits.length) this.#picked = 0;
    this.#numbers.hidden = !digits.length;
    this.#numbers.style.setProperty("--count", digits.length);
    const buttons = this.#numbers.children;
    while (buttons.length > digits.length) this.#numbers.lastChild.remove();
    while (buttons.length < digits.length) this.#numbers.append(document.createElement("button"));
    digits.forEach((digit, i) => {
      buttons[i].type = "button";
      buttons[i].textContent = digit.label;
      buttons[i].dataset.verdict = digit.verdict;
      buttons[i].setAttribute("aria-label", digit.text);
      buttons[i].setAttribute("aria-pressed", i === this.#picked);
      buttons[i].onclick = () => this.#pick(i, digit);
    });
  }

  #pick(i, digit) {
    this.#numbers.children[this.#picked].setAttribute("aria-pressed", false);
    this.#picked = i;
    this.#numbers.children[i].setAttribute("aria-pressed", true);
    this.#showDigit(digit);
  }
}

function item(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}
