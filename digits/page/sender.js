// The sender: sends the drawing to the reader while it changes, and passes the newest answer on.

const SEND_INTERVAL_MS = 45; // between two pictures while the pen is down: 60 with all delays
const MAX_PENDING = 2; // pictures on their way: what is drawn while the pen is down, and when it is up
const LOOK_AGAIN_MS = 10; // whether the answer that the next picture waits for is there
const SLOW_AFTER_MS = 1500; // without an answer, until the page says so
const RETRY_AFTER_MS = 1000; // when there was no answer
const LOST_AFTER_MS = 15_000; // without an answer to a drawing: it is lost, as is its question
const STALE_AFTER_MS = 250; // until what is shown of another drawing is dimmed

export class Sender {
  #pad;
  #reader;
  #text;
  #show; // called with each answer
  #say; // called with a sentence, or with "" when all is well
  #busy; // called with whether an answer to what is on the pad is still to come, ...
  #late; // ... and whether it takes so long that what is shown is no answer to it
  #blank; // the answer to an empty pad
  #sent = 0; // number of the newest picture that was sent, and when
  #sentAt = -Infinity;
  #shown = 0; // number of the picture whose answer is shown
  #answer; // that answer
  #pending = new Set(); // numbers of the pictures on their way
  #timer = null; // of the next picture

  constructor(pad, reader, text, { show, say, busy, late, blank }) {
    this.#pad = pad;
    this.#reader = reader;
    this.#text = text;
    this.#show = show;
    this.#say = say;
    this.#busy = busy;
    this.#late = late;
    this.#answer = this.#blank = blank;
    if (!pad.isBlank) this.#send(); // drawn while the reader loaded
    pad.addEventListener("ink", () => {
      this.#busy(true);
      this.#timer ??= setTimeout(
        () => this.#sendInTurn(),
        this.#sentAt + SEND_INTERVAL_MS - performance.now(),
      );
    });
    pad.addEventListener("replace", () => {
      setTimeout(() => this.answer ?? this.#late(true), STALE_AFTER_MS);
    });
    pad.addEventListener("change", () => {
      this.#busy(true);
      clearTimeout(this.#timer);
      this.#shown = this.#sent; // answers to older pictures are not worth the time to show them
      this.#sendInTurn(MAX_PENDING);
    });
  }

  // The answer to what is on the pad now, or null if it has not come yet.
  get answer() {
    return !this.#timer && this.#shown === this.#sent ? this.#answer : null;
  }

  // Send what is on the pad once fewer than `limit` pictures are on their way: while the pen is down
  // one at a time. A busy server gets no pile of them.
  #sendInTurn(limit = 1) {
    if (this.#pending.size < limit || this.#pad.isBlank) this.#send();
    else this.#timer = setTimeout(() => this.#sendInTurn(limit), LOOK_AGAIN_MS);
  }

  // Read what is on the pad once more.
  again() {
    this.#busy(true);
    clearTimeout(this.#timer);
    this.#send();
  }

  async #send() {
    this.#timer = null;
    const number = ++this.#sent;
    this.#sentAt = performance.now();
    this.#pending.add(number);
    const slow = setTimeout(() => {
      if (number > this.#shown) this.#sayWhy(this.#text.slow);
      this.#pending.delete(number); // whatever becomes of it, newer pictures do not wait for it
    }, SLOW_AFTER_MS);
    const answer = await Promise.race([this.#read().catch(() => null), this.#lost()]);
    clearTimeout(slow);
    this.#pending.delete(number);
    if (number <= this.#shown) return; // a newer one is shown, or asked for
    if (!answer || answer.busy) {
      this.#sayWhy(answer ? this.#text.busy : this.#text.lost);
      this.#timer ??= setTimeout(() => this.#send(), RETRY_AFTER_MS);
      return;
    }
    this.#sayWhy("");
    this.#shown = number;
    this.#answer = answer;
    this.#show(answer);
    this.#busy(!this.answer);
  }

  async #read() {
    return this.#pad.isBlank ? this.#blank : this.#reader.read(this.#pad.picture());
  }

  // A photo may take as long as it has to, on a slow line.
  #lost() {
    return new Promise((resolve) => {
      if (!this.#pad.photo) setTimeout(resolve, LOST_AFTER_MS);
    });
  }

  // Say why there is no answer yet; "" if there is one.
  #sayWhy(sentence) {
    this.#say(sentence);
    this.#late(Boolean(sentence));
  }
}
