// Examples: drawings to start with, each a button that shows it.

props.examples.forEach((drawing, i) => {
  const [across, down] = [0, 1].map((axis) => drawing.flat().map((point) => point[axis]));
  const [left, top] = [Math.min(...across), Math.min(...down)];
  const [width, height] = [Math.max(...across) - left, Math.max(...down) - top];
  const button = document.createElement("button");
  button.type = "button";
  button.title = props.words.examples[i];
  button.setAttribute("aria-label", button.title);
  button.innerHTML = `<svg viewBox="${[left, top, width, height]}" aria-hidden="true"><path
    d="${drawing.map((stroke) => `M${stroke.join("L")}`).join("")}"/></svg>`;
  button.onclick = () => change(drawing, null);
  element.querySelector(".examples").append(button);
});
