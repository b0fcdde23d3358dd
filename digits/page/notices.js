// Notices: sentences below the reading, each said by one part of the page.

const SLOW_AFTER_MS = 1500; // without an answer, until the page says so

// Return a function that says a sentence, or with "" takes back the one that it said itself. A
// screen reader hears it once. With `isAside` it does not replace what another part says. Its
// `during` waits for a promise, and says a sentence if that takes long.
export function notices(element, isAside = false) {
  const notice = element.querySelector(".notice");
  let own = "";
  const say = (sentence) => {
    const isFree = notice.textContent === own;
    if (!isFree && (!sentence || (isAside && notice.textContent))) return;
    own = sentence;
    if (notice.textContent !== sentence) notice.textContent = sentence;
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
