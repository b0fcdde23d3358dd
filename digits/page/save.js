// Saving: the drawing and its reading as one PNG, made in the browser.

element.querySelector(".save").addEventListener("click", () => {
  const [side, below, margin] = [1000, 240, 50];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [side, side + below];
  drawAll(canvas);
  const context = canvas.getContext("2d");
  context.fillStyle = "#f7f7f4";
  context.fillRect(0, side, side, below);
  const answer = upToDate(); // none for a drawing that no answer has come for
  if (answer) {
    const top = answer.number?.map((digit) => digit.top[0]) ?? answer.top;
    context.textBaseline = "middle";
    for (const [text, font, colour, y] of [
      [answer.words, "600 60px system-ui, sans-serif", "#1b1c20", side + 85],
      [top.join("  ·  "), "36px system-ui, sans-serif", "#5b5e6a", side + 160],
    ]) {
      [context.font, context.fillStyle] = [font, colour];
      context.fillText(text, margin, y, side - below - margin);
    }
    context.imageSmoothingEnabled = false;
    context.drawImage(seen.querySelector("canvas"), side - below + margin - 20, side + 35, 170, 170);
  }
  canvas.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = ["digits", answer?.digit.replace(/\D/g, "")].filter(Boolean).join("-") + ".png";
    link.click();
    setTimeout(URL.revokeObjectURL, 10000, link.href);
  });
});
