// Notices: sentences below the reading, each said by one part of the page.

// Return a function that says a sentence, or with "" takes back the one that it said itself. A
// screen reader hears it once. With `isAside` it does not replace what another part says.
export function notices(element, isAside = false) {
  const notice = element.querySelector(".notice");
  let own = "";
  return (sentence) => {
    const isFree = notice.textContent === own;
    if (!isFree && (!sentence || (isAside && notice.textContent))) return;
    own = sentence;
    if (notice.textContent !== sentence) notice.textContent = sentence;
  };
}
