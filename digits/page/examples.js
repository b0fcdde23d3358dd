// Example drawings: each is a button that shows it on the pad.

export function offerExamples(element, pad, drawings, names) {
  drawings.forEach((strokes, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.title = names[i];
    button.setAttribute("aria-label", names[i]);
    button.innerHTML = icon(strokes);
    button.addEventListener("click", () => pad.showStrokes(strokes));
    element.append(button);
  });
}

function icon(strokes) {
  const [xs, ys] = [0, 1].map((axis) => strokes.flat().map((point) => point[axis]));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const box = [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
  const path = strokes.map((stroke) => `M${stroke.join("L")}`).join("");
  return `<svg viewBox="${box}" aria-hidden="true"><path d="${path}"/></svg>`;
}
