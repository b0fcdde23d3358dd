// Notices: sentences below the reading, each said by one part of the page.

const SLOW_AFTER_MS = 1500; // without an answer, until the page says so

const shown = new WeakMap(); // what each notice says, and who says it: a browser may translate it

// Return a function that says a sentence, or with "" takes back the one that it said itself. A
// screen reader hears it once. With `isAside` it hears nothing, and what another part says stays. Its
// `during` waits for a promise, and says a sentence if that takes long.
export function notices(element, isAside = false) {
  const notice = element.querySelector(".notice");
  const say = (sentence) => {
    const now = shown.get(notice) ?? { sentence: "" };
    const isFree = !now.sentence || now.say === say;
    if (!isFree && (!sentence || isAside)) return;
    shown.set(notice, { sentence, say });
    if (sentence === now.sentence) return;
    notice.setAttribute("aria-live", isAside ? "off" : "polite");
    notice.textContent = sentence;
  };
  say.during = async (promise, sentence) => {
    const slow = setTimeout(() => say(sentence), SLOW_AFTER_MS);
    try {
      return await promise;
    } finally {
      clearTimeout(slow);
      say("");
    }
  };
  return say;
}
