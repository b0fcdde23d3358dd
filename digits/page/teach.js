// Teaching: under a reading, the visitor says which digit it is: see lessons.js. What was taught can
// be downloaded and deleted.

export function offerTeaching(element, { pad, reading, sender, lessons, text, say, download }) {
  const find = (selector) => element.querySelector(selector);
  const [opener, choices] = [find(".teach"), find(".lesson")];
  const [state, saver, forgetter] = [find(".kept"), find(".download"), find(".forget")];

  for (let digit = 0; digit < 10; digit++) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = digit;
    button.addEventListener("click", () => teach(digit));
    choices.append(button);
  }

  function open(is) {
    const hasFocus = choices.contains(document.activeElement);
    choices.hidden = !is;
    opener.setAttribute("aria-expanded", is);
    say("");
    if (is) {
      ask();
      choices.querySelector("button").focus();
      choices.scrollIntoView({ block: "nearest" });
    } else if (hasFocus) opener.focus();
  }

  function ask() {
    choices.querySelector("p").textContent = question();
  }

  function question() {
    const { digits } = reading.answer;
    const place = digits.indexOf(reading.digit) + 1;
    const asked = digits.length > 1 ? text.lesson_of : text.lesson;
    return asked.replace("{place}", place).replace("{count}", digits.length);
  }

  // What is on the pad may have changed since it was read.
  function isRead() {
    return reading.answer === sender.answer;
  }

  async function teach(digit) {
    if (!isRead()) return open(false);
    const { verdict, label, top, model_input } = reading.digit;
    const drawing = { read: { verdict, label, top }, strokes: strokesOfDigit(), model_input };
    open(false);
    const added = say.during(lessons.add(digit, drawing), text.slow_answer);
    await added.catch(() => say(text.lost_lesson));
  }

  // Of a number, the strokes whose middle is in the box of the digit.
  function strokesOfDigit() {
    const { digits, size } = reading.answer;
    if (digits.length === 1) return pad.strokes;
    const [left, top, right, bottom] = reading.digit.box.map((at, i) => at / size[i % 2]);
    return pad.strokes.filter((stroke) => {
      const [x, y] = [0, 1].map((axis) => middle(stroke.map((point) => point[axis])));
      return left <= x && x <= right && top <= y && y <= bottom;
    });
  }

  function showState() {
    saver.disabled = forgetter.disabled = !lessons.kept.length;
    confirmForgetting(false);
  }

  // What is deleted cannot be had back: the button asks, and deletes when it is pressed again.
  function confirmForgetting(is) {
    const count = lessons.kept.length;
    const kept = (count && !lessons.isLasting ? text.kept_briefly : text.kept).replace("{count}", count);
    state.textContent = is ? `${kept}. ${text.forget_sure}.` : kept;
    forgetter.textContent = is ? text.forget_sure : text.forget;
    forgetter.dataset.sure = is ? "sure" : "";
  }

  async function forget({ detail }) {
    if (!forgetter.dataset.sure) return confirmForgetting(true);
    if (detail > 1) return; // the second click of a double-click is no answer
    try {
      await lessons.clear();
      find(".more summary").focus(); // the button is disabled now
    } catch {
      say(text.still_kept);
    }
  }

  opener.addEventListener("click", () => {
    open(choices.hidden && isRead());
    if (!isRead()) say(text.waiting);
  });
  const followKeys = (event) => {
    if (choices.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select")) return;
    if (event.key === "Escape") open(false);
    else if (/^[0-9]$/.test(event.key)) teach(Number(event.key));
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", followKeys, { capture: true }); // Escape would clear the pad
  for (const event of ["ink", "change"]) pad.addEventListener(event, () => open(false));
  reading.addEventListener("pick", () => {
    const hadFocus = document.activeElement === opener;
    opener.hidden = reading.digit.verdict === "blank";
    if (hadFocus && opener.hidden) find(".view").focus({ preventScroll: true });
    if (!choices.hidden) ask(); // for the digit that is picked now
  });

  saver.addEventListener("click", () => {
    const drawings = lessons.kept.map(({ digit, read, strokes, model_input, id }) => {
      return { digit, read, strokes, model_input, written: new Date(id).toISOString() };
    });
    const file = JSON.stringify({ format: "digits drawings", version: 1, drawings }, null, 1);
    download(new Blob([file], { type: "application/json" }), "my-drawings.json");
  });
  forgetter.addEventListener("click", forget);
  forgetter.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
  forgetter.addEventListener("blur", () => confirmForgetting(false));
  lessons.addEventListener("change", () => {
    showState();
    if (!pad.isBlank) sender.again();
  });
  showState();
}

function middle(values) {
  return (Math.min(...values) + Math.max(...values)) / 2;
}
