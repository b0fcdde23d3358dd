// Photos: chosen or taken, pasted, or dropped on the page; shown on the pad in place of strokes.

const PHOTO = 1000; // most pixels of a side of what is sent: enough for any number
const LARGEST = 25; // megabytes of a picture file, more than phones make

const words = props.words;
const notice = element.querySelector(".notice");
const file = element.querySelector(".file");

async function take(picture) {
  if (!picture) return;
  if (picture.size > LARGEST * 1e6) return (notice.textContent = words.photo_too_large);
  let bitmap;
  try {
    bitmap = await createImageBitmap(picture);
  } catch {
    return (notice.textContent = words.no_picture);
  }
  const scale = Math.min(1, PHOTO / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height].map((side) =>
    Math.max(1, Math.round(side * scale)),
  );
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "white"; // under what is transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  change([], canvas);
}

element.querySelector(".photo").addEventListener("click", () => file.click());
file.addEventListener("change", () => {
  take(file.files[0]);
  file.value = ""; // so that the same file can be chosen again
});

const firstFile = (transfer) => [...transfer.files][0];
const carriesFile = (event) => event.dataTransfer.types.includes("Files");

document.addEventListener("paste", (event) => take(firstFile(event.clipboardData)));
document.addEventListener("dragover", (event) => {
  if (!carriesFile(event)) return;
  event.preventDefault(); // beside the pad, too: the browser would leave the page for the file
  element.querySelector(".sheet").classList.add("awaiting");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) element.querySelector(".sheet").classList.remove("awaiting");
});
document.addEventListener("drop", (event) => {
  if (!carriesFile(event)) return;
  event.preventDefault();
  element.querySelector(".sheet").classList.remove("awaiting");
  take(firstFile(event.dataTransfer));
});
