// Lessons: the drawings that the visitor corrected, kept in this browser and nowhere else.
//
// It wraps the reader, and adds what was taught to each question: see digits/teaching.py. It sends a
// "change" event when something was taught or deleted, in this tab of the browser or in another.

const MAX_KEPT = 200; // drawings, of about 5 kB each: the oldest one makes room
const STORE = "lessons";

export class Lessons extends EventTarget {
  #reader;
  #model; // features are those of one model: the hash of its file
  #text;
  #database = null; // without one, as in a private window, lessons last as long as the page
  #isFull = false; // or it took no more
  #kept = []; // see `add`
  #otherTabs = new BroadcastChannel("digits lessons");
  #means = {}; // of the features of each digit that was taught, as base64

  constructor(reader, model, text) {
    super();
    this.#reader = reader;
    this.#model = model;
    this.#text = text;
    this.#otherTabs.addEventListener("message", async () => {
      if (this.#database) this.#keep(await this.#stored());
    });
    this.#load();
  }

  get kept() {
    return this.#kept;
  }

  // Whether what is kept outlasts the page.
  get isLasting() {
    return this.#database !== null && !this.#isFull;
  }

  // Read a picture, a data URL.
  async read(picture) {
    return this.#corrected(await this.#reader.read({ picture, taught: this.#means }));
  }

  // Keep a drawing as `digit`. `drawing` is what the page knows of it: its strokes, if it has any,
  // what was read, and the `model_input` of the reading.
  async add(digit, drawing) {
    const features = await this.#reader.features(drawing.model_input);
    if (!features) throw new Error("The reader is busy.");
    const lesson = { ...drawing, digit, features, model: this.#model, id: Date.now() };
    const others = this.#kept.filter(({ model_input }) => model_input !== drawing.model_input);
    const kept = [...others, lesson].slice(-MAX_KEPT);
    const dropped = this.#kept.filter((old) => !kept.includes(old));
    this.#keep(kept);
    await this.#put([lesson], dropped);
  }

  // Delete all; it fails if what is stored could not be deleted.
  async clear() {
    await this.#write((store) => store.clear());
    this.#isFull = false;
    this.#keep([]);
  }

  // Store some and delete others. What cannot be stored is kept as long as the page.
  async #put(lessons, dropped = []) {
    await this.#write((store) => {
      for (const { id } of dropped) store.delete(id);
      for (const lesson of lessons) store.put(lesson);
    }).catch(() => {
      this.#isFull = true;
      this.#keep(this.#kept);
    });
  }

  // Change what is stored, if there is a database, and let other tabs know.
  async #write(change) {
    if (!this.#database) return;
    const transaction = this.#database.transaction(STORE, "readwrite");
    change(transaction.objectStore(STORE));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    this.#otherTabs.postMessage(null);
  }

  #stored() {
    return result(this.#database.transaction(STORE).objectStore(STORE).getAll());
  }

  async #load() {
    this.#database = await open().catch(() => null);
    if (!this.#database) return this.#keep(this.#kept);
    this.#database.onclose = () => {
      this.#database = null; // the visitor deleted what this site stores
      this.#keep(this.#kept);
    };
    const early = this.#kept; // taught while the database opened
    this.#keep([...(await this.#stored()), ...early]);
    if (early.length) await this.#put(early);
    for (const lesson of this.#kept.filter(({ model }) => model !== this.#model)) {
      const features = await this.#reader.features(lesson.model_input).catch(() => null);
      if (!this.#kept.includes(lesson)) continue; // deleted meanwhile
      Object.assign(lesson, { features, model: this.#model });
      if (features) await this.#put([lesson]);
    }
    this.#keep(this.#kept);
  }

  #keep(kept) {
    this.#kept = kept;
    this.#means = {};
    const usable = ({ features, model }) => features && model === this.#model;
    for (const digit of new Set(kept.map((lesson) => lesson.digit))) {
      const taught = kept.filter((lesson) => lesson.digit === digit && usable(lesson));
      if (taught.length) this.#means[digit] = mean(taught.map(({ features }) => features));
    }
    this.dispatchEvent(new Event("change"));
  }

  // The very drawings that were taught are what the visitor said, however sure the network is.
  #corrected(answer) {
    const digits = answer.digits?.map((read) => {
      const lesson = this.#kept.findLast(({ model_input }) => model_input === read.model_input);
      if (!lesson) return read;
      const text = this.#text.taught.replace("{number}", lesson.digit);
      return { ...read, verdict: "digit", label: `${lesson.digit}`, text };
    });
    if (!digits?.some((digit, i) => digit !== answer.digits[i])) return answer;
    const isOther = digits.some(({ label }, i) => label[0] !== answer.digits[i].label[0]);
    const isSure = digits.every(({ verdict }) => verdict === "digit");
    const notes = [!isSure && answer.note, isOther && this.#text.own_bars]; // no doubt of the network's
    const note = notes.filter(Boolean).join(". ");
    if (digits.length === 1) {
      const [{ verdict, label, text }] = digits;
      return { ...answer, verdict, label, text, note, digits };
    }
    const number = digits
      .map(({ label, line }, i) => (i && line !== digits[i - 1].line ? " " : "") + label[0])
      .join("");
    const text = isSure
      ? this.#text.taught.replace("{number}", number)
      : this.#text.unsure_number.replace("{number}", number);
    return { ...answer, verdict: isSure ? "digit" : "unsure", label: number, text, note, digits };
  }
}

async function open() {
  const opening = indexedDB.open("digits", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" });
  const database = await result(opening);
  if (!database.objectStoreNames.contains(STORE)) throw new Error("Of another page of this host.");
  return database;
}

function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// The mean of vectors, each of them 32-bit floating-point numbers written as base64.
function mean(vectors) {
  const bytes = vectors.map((text) => Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)));
  const numbers = bytes.map(({ buffer }) => new Float32Array(buffer));
  const means = numbers[0].map((_, i) => numbers.reduce((sum, each) => sum + each[i], 0) / numbers.length);
  return btoa(String.fromCharCode(...new Uint8Array(means.buffer)));
}
