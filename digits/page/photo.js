// Photos: chosen or taken, pasted, or dropped on the page, shown on the pad, and read as they are.

const SHOWN_SIDE = 1000; // pixels: enough for any number
const MAX_FILE_MB = 25; // more than phones make
// What the reader takes as it is: see digits/image_file.py. Of anything else it gets a JPEG.
const READABLE = { type: /^image\/(png|jpeg|webp|avif|gif|bmp|tiff)$/, bytes: 10e6, pixels: 50e6 };

export function acceptPhotos(element, pad, reader, text, say) {
  const sheet = element.querySelector(".sheet");
  const input = element.querySelector(".file");

  async function show(file) {
    if (!file) return;
    if (file.size > MAX_FILE_MB * 1e6) return say(text.photo_too_large);
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (!bitmap) return showWithReader(file);
    const canvas = scaled(bitmap);
    const isReadable =
      READABLE.type.test(file.type) &&
      file.size <= READABLE.bytes &&
      bitmap.width * bitmap.height <= READABLE.pixels;
    const jpeg = () => canvas.toDataURL("image/jpeg", 0.9);
    const own = () => (file.type === "image/avif" ? avifOr(jpeg, file) : dataUrl(file));
    pad.showPhoto({ canvas, dataUrl: isReadable ? own : jpeg });
  }

  // Pillow has AVIF in most places, but not where it runs in a browser.
  async function avifOr(jpeg, file) {
    const own = await dataUrl(file);
    return (await reader.preview(own))?.picture ? own : jpeg();
  }

  // Of what the browser cannot show, the reader makes a picture that it can.
  async function showWithReader(file) {
    if (file.size > READABLE.bytes) return say(text.no_picture);
    const preview = await reader.preview(await dataUrl(file)).catch(() => null);
    const { picture, error } = preview ?? {}; // Gradio's client gives nothing without a connection
    if (!picture) return say(error ?? text.lost_photo);
    const image = new Image();
    image.src = picture;
    await image.decode();
    pad.showPhoto({ canvas: scaled(image), dataUrl: () => dataUrl(file) });
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

function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

// Copy a picture to a canvas. What is transparent is white, or black under light ink.
function scaled(picture) {
  const scale = Math.min(1, SHOWN_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = isLightInk(context) ? "black" : "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  return canvas;
}

// As digits/pixels.py tells it.
function isLightInk(context) {
  const { data } = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  let [light, weight, thinnest] = [0, 0, 255];
  for (let i = 0; i < data.length; i += 4) {
    light += data[i + 3] * (0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]);
    weight += data[i + 3];
    thinnest = Math.min(thinnest, data[i + 3]);
  }
  return thinnest < 128 && light > 127 * weight;
}
