// Photos: chosen or taken, pasted, or dropped on the page, shown on the pad, and read as they are.

const SHOWN_SIDE = 1000; // pixels: enough for any number
const MAX_FILE_MB = 25; // more than phones make

// `readable`: the types, bytes and pixels of what the reader takes as it is. Of anything else it
// gets a JPEG.
export function acceptPhotos(element, pad, reader, readable, text, say) {
  const sheet = element.querySelector(".sheet");
  const input = element.querySelector(".file");
  let newest = 0; // number of the file that was given last, or of what was drawn since
  for (const event of ["ink", "change"]) {
    pad.addEventListener(event, () => {
      newest++;
      say("");
    });
  }

  async function accept(file) {
    if (!file) return;
    say("");
    if (file.size > MAX_FILE_MB * 1e6) return say(text.photo_too_large);
    const number = ++newest;
    const { photo, sentence } = await photoOf(file).catch((error) => ({
      sentence: error.sentence ?? text.lost_photo,
    }));
    if (number !== newest) return;
    if (photo) pad.showPhoto(photo);
    else say(sentence);
  }

  // The photo as the pad takes it, or a sentence that says why there is none.
  async function photoOf(file) {
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (!bitmap) return photoByReader(file);
    const canvas = scaled(bitmap);
    const isReadable =
      readable.types.includes(file.type) &&
      file.size <= readable.bytes &&
      bitmap.width * bitmap.height <= readable.pixels;
    // At once: the file may change or be gone when it is to be read again.
    const picture = isReadable ? await dataUrl(file) : canvas.toDataURL("image/jpeg", 0.9);
    return { photo: { canvas, picture } };
  }

  // Of what the browser cannot show, the reader makes a picture that it can.
  async function photoByReader(file) {
    if (file.size > readable.bytes) return { sentence: text.photo_too_large_here };
    const picture = await dataUrl(file);
    say(text.opening);
    const { picture: preview, error } = (await reader.preview(picture)) ?? {}; // or no connection
    if (!preview) return { sentence: error ?? text.lost_photo };
    const image = new Image();
    image.src = preview;
    await image.decode();
    return { photo: { canvas: scaled(image), picture } };
  }

  element.querySelector(".photo").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    accept(input.files[0]);
    input.value = ""; // so that the same file can be chosen again
  });
  document.addEventListener("paste", (event) => accept(event.clipboardData.files[0]));
  document.addEventListener("dragover", (event) => {
    if (!carriesPicture(event)) return;
    event.preventDefault(); // all over the page: beside the pad the browser would open it
    sheet.classList.add("awaiting");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) sheet.classList.remove("awaiting");
  });
  document.addEventListener("drop", (event) => {
    if (!carriesPicture(event)) return;
    event.preventDefault();
    sheet.classList.remove("awaiting");
    const [file] = event.dataTransfer.files;
    if (file) accept(file);
    else say(text.no_file_dropped);
  });
}

// A file, or the address of a picture that was dragged from another page.
function carriesPicture(event) {
  return ["Files", "text/uri-list"].some((type) => event.dataTransfer.types.includes(type));
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
