// Saving: the drawing and its reading as one PNG, made in the browser.

const SIDE = 1000; // pixels of the drawing
const BELOW = 240; // pixels under it, for the reading
const MARGIN = 50;
const MAX_NAME = 40; // characters of the file's name
const MAX_TEXT = 100; // characters that can be read in a line

export function offerSaving(button, pad, view, currentAnswer, download) {
  const update = () => {
    if (pad.isBlank && document.activeElement === button) button.previousElementSibling.focus();
    button.disabled = pad.isBlank;
  };
  for (const event of ["ink", "change"]) pad.addEventListener(event, update);
  update();
  button.addEventListener("click", () => {
    const answer = currentAnswer();
    const name = ["digits", ...(answer?.label.match(/\d+/g) ?? [])].join("-").slice(0, MAX_NAME);
    draw(pad, view, answer).toBlob((blob) => download(blob, `${name}.png`));
  });
}

function draw(pad, view, answer) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SIDE, SIDE + BELOW];
  pad.drawOn(canvas);
  const context = canvas.getContext("2d");
  context.fillStyle = "#f7f7f4";
  context.fillRect(0, SIDE, SIDE, BELOW);
  if (!answer?.digits.length) return canvas;
  const [digit, ...others] = answer.digits;
  const top = others.length ? answer.digits.map(({ top }) => top[0]) : digit.top;
  context.textBaseline = "middle";
  for (const [text, weight, size, colour, y] of [
    [answer.text, 600, 60, "#1b1c20", SIDE + 85],
    [top.join("   "), 400, 36, "#5b5e6a", SIDE + 160],
  ]) {
    context.fillStyle = colour;
    fillLine(context, shortened(text), weight, size, y);
  }
  context.imageSmoothingEnabled = false;
  context.drawImage(view.canvas, SIDE - BELOW + MARGIN - 20, SIDE + 35, 170, 170);
  return canvas;
}

// Write a line as large as it may be, and as fits beside the view.
function fillLine(context, text, weight, size, y) {
  const setFont = (pixels) => (context.font = `${weight} ${pixels}px system-ui, sans-serif`);
  const room = SIDE - BELOW - MARGIN;
  setFont(size);
  setFont(size * Math.min(1, room / context.measureText(text).width));
  context.fillText(text, MARGIN, y, room);
}

function shortened(text) {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}
