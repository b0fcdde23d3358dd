// Pointers over the paper: which of them draws or erases, and where.
//
// A pen wins over touch: a touch that came before or during its stroke is the hand that holds it.

const PALM_SIZE = 60; // CSS pixels of a contact: a fingertip has 20 to 40
const PINCH_MS = 100; // a second finger that comes sooner makes a gesture of the first one's stroke
const PEN_REST_MS = 500; // a touch that comes so soon after a pen is the hand that holds it
const ERASERS = [2, 5]; // the right button of a mouse or a pen, and the other end of a pen

// `pad` has begin(point, isEraser), extend(points), predict(points), end() and cancel(). A point is
// [x, y], both from 0 to 1 on the paper.
export function followPointers(paper, pad) {
  let current = null; // the pointer that draws
  let penAt = -Infinity; // when a pen was last seen, even above the paper
  const fingers = new Set(); // that touch the paper

  // The paper may move under the pen: the page is scrolled or zoomed, the window resized.
  function locate(events) {
    const { left, top, width } = paper.getBoundingClientRect();
    return events.map(({ clientX, clientY }) => [(clientX - left) / width, (clientY - top) / width]);
  }

  function finish(how) {
    if (!current) return;
    current = null;
    pad[how]();
  }

  // Whether a pointer that comes down may draw. It ends what it takes the place of.
  function wins(event) {
    if (event.pointerType === "pen") {
      if (current?.type === "pen") return false;
      finish(current?.type === "touch" ? "cancel" : "end");
      return true;
    }
    if (event.pointerType !== "touch") return !current;
    if (event.isPrimary) fingers.clear(); // no other finger is down, whatever was heard of it
    if (isPalm(event) || current?.type === "pen" || event.timeStamp - penAt < PEN_REST_MS) return false;
    fingers.add(event.pointerId);
    if (current?.type === "touch" && event.timeStamp - current.since < PINCH_MS) finish("cancel");
    return !current && fingers.size === 1;
  }

  paper.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "pen") penAt = event.timeStamp;
    const isEraser = ERASERS.includes(event.button);
    if ((event.button !== 0 && !isEraser) || !wins(event)) return;
    event.preventDefault();
    paper.setPointerCapture(event.pointerId);
    current = { id: event.pointerId, type: event.pointerType, since: event.timeStamp };
    pad.begin(...locate([event]), isEraser);
  });

  paper.addEventListener("pointermove", (event) => {
    if (event.pointerType === "pen") penAt = event.timeStamp;
    if (event.pointerId !== current?.id) return;
    if (event.pointerType === "touch" && isPalm(event)) {
      fingers.delete(event.pointerId);
      finish("cancel");
      return;
    }
    if (!event.buttons) return finish("end"); // it was released where the page heard nothing
    const passed = event.getCoalescedEvents?.() ?? [];
    pad.extend(locate(passed.length ? passed : [event]));
    pad.predict(locate(event.getPredictedEvents?.() ?? []));
  });

  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    paper.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      if (event.pointerId === current?.id) finish("end");
    });
  }
  document.addEventListener("visibilitychange", () => document.hidden && finish("end"));
  screen.orientation?.addEventListener("change", () => finish("end"));
  // Magnified, the paper may fill the screen: two fingers move it then, and make it smaller again.
  visualViewport.addEventListener("resize", () => {
    paper.style.touchAction = visualViewport.scale > 1 ? "pinch-zoom" : "";
  });
  paper.addEventListener("contextmenu", (event) => event.preventDefault()); // the button erases
}

function isPalm({ width, height }) {
  return Math.max(width, height) > PALM_SIZE;
}
