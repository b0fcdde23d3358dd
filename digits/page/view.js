// What the network sees: its input of 28x28 pixels, and on a click the occlusion map over it.

const SIDE = 28;
const WHITE = [255, 255, 255];

export class View {
  #button;
  #text;
  #reader;
  #say;
  #isMap = false; // whether the occlusion map is shown
  #digit = null; // whose input is shown, as the reader answered

  constructor(button, text, reader, say) {
    this.#button = button;
    this.#text = text;
    this.#reader = reader;
    this.#say = say;
    button.addEventListener("click", () => this.#toggle());
  }

  get canvas() {
    return this.#button.querySelector("canvas");
  }

  show(digit) {
    this.#digit = digit;
    this.#paint((ink) => WHITE.map((white) => white * ink));
    this.#label(false);
    this.#say("");
  }

  async #toggle() {
    const digit = this.#digit;
    if (this.#isMap) return this.show(digit);
    if (digit.verdict === "blank") return;
    const asked = this.#reader.occlusion_map(digit.model_input).catch(() => null);
    const map = await this.#say.during(asked, this.#text.slow_answer);
    if (digit !== this.#digit) return;
    if (!map) return this.#say(this.#text.no_map);
    const importance = shares(map);
    this.#paint((ink, i) => heat(ink, Math.sqrt(importance[i])));
    this.#label(true);
  }

  #paint(colour) {
    const context = this.canvas.getContext("2d");
    const picture = context.createImageData(SIDE, SIDE);
    shares(this.#digit.model_input).forEach((ink, i) => {
      picture.data.set([...colour(ink, i), 255], 4 * i);
    });
    context.putImageData(picture, 0, 0);
  }

  #label(isMap) {
    this.#isMap = isMap;
    const { occlusion_map, model_input } = this.#text;
    this.#button.querySelector("span").textContent = isMap ? occlusion_map : model_input;
  }
}

// 28x28 bytes, written as base64, as numbers from 0 to 1.
function shares(bytes) {
  return Array.from(atob(bytes), (byte) => byte.charCodeAt(0) / 255);
}

// Ink that mattered is light, ink that did not is dark and red.
function heat(ink, importance) {
  const brightness = ink * (0.3 + 0.7 * importance);
  return [255, 120 + 135 * importance, 190 * importance].map((channel) => brightness * channel);
}
