// Photos: chosen or taken, pasted, or dropped on the page, and shown on the pad.

const MAX_SIDE = 1000; // pixels of the picture that is read: enough for any number
const MAX_FILE_MB = 25; // more than phones make

export function acceptPhotos(element, pad, text, say) {
  const sheet = element.querySelector(".sheet");
  const input = element.querySelector(".file");

  async function show(file) {
    if (!file) return;
    if (file.size > MAX_FILE_MB * 1e6) return say(text.photo_too_large);
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (bitmap) pad.showPhoto(scaled(bitmap));
    else say(text.no_picture);
  }

  element.querySelector(".photo").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    show(input.files[0]);
    input.value = ""; // so that the same file can be chosen again
  });
  document.addEventListener("paste", (event) => show(event.clipboardData.files[0]));
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault(); // all over the page: beside the pad the browser would open the file
    sheet.classList.add("awaiting");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) sheet.classList.remove("awaiting");
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    sheet.classList.remove("awaiting");
    show(event.dataTransfer.files[0]);
  });
}

function carriesFile(event) {
  return event.dataTransfer.types.includes("Files");
}

// Copy a picture to a canvas, with white under what is transparent.
function scaled(bitmap) {
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}
