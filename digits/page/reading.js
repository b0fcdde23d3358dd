// The reading: sends the sheet to the server while it changes, and shows what comes back.

const PACE = 60; // least milliseconds between two pictures while the pen is down
const LANES = 2; // most pictures on their way at a time
const PATIENCE = 1500; // milliseconds without an answer before the page says so
const RETRY = 1000; // milliseconds before it asks again when there is no connection

const words = props.words;
const panel = element.querySelector(".reading");
const notice = element.querySelector(".notice");
const spoken = element.querySelector(".spoken");
const chart = element.querySelector(".chart");

let asked = 0; // number and time of the last picture sent
let askedAt = -Infinity;
let shown = 0; // number of the picture whose reading is on the page
const pending = new Set(); // numbers of the pictures on their way
let timer = null; // of the next picture
let reading = props.value;
let speech = null;

async function ask() {
  timer = null;
  const number = ++asked;
  askedAt = performance.now();
  pending.add(number);
  const slow = setTimeout(() => {
    notice.textContent = words.slow;
    pending.delete(number); // whatever becomes of it, newer pictures do not wait for it
  }, PATIENCE);
  try {
    const answer = await server.read(sheet.toDataURL());
    notice.textContent = "";
    if (number > shown) {
      shown = number;
      show(answer);
    }
  } catch {
    notice.textContent = words.lost;
    timer ??= setTimeout(ask, RETRY);
  } finally {
    clearTimeout(slow);
    pending.delete(number);
  }
}

onInk = (last) => {
  if (last) {
    clearTimeout(timer);
    shown = asked; // older pictures are no longer worth the time to show them
    ask();
  } else {
    timer ??= setTimeout(askInTurn, askedAt + PACE - performance.now());
  }
};

function askInTurn() {
  if (pending.size < LANES) ask();
  else timer = setTimeout(askInTurn, PACE);
}

function show(answer) {
  panel.dataset.verdict = answer.verdict;
  panel.querySelector(".digit").textContent = answer.digit;
  panel.querySelector(".words").textContent = answer.words;
  clearTimeout(speech); // a screen reader hears what the drawing came to, not every step to it
  speech = setTimeout(() => (spoken.textContent = answer.words), 600);
  if (!answer.chart) return;
  reading = answer;
  showSeen(answer.seen);
  chart.setAttribute("aria-label", answer.top);
  if (chart.data) Plotly.restyle(chart, coloured(answer.chart));
}

function showSeen(ink) {
  const context = panel.querySelector(".seen canvas").getContext("2d");
  const picture = context.createImageData(28, 28);
  [...atob(ink)].forEach((byte, i) => picture.data.fill(byte.charCodeAt(0), 4 * i, 4 * i + 3));
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  context.putImageData(picture, 0, 0);
}

// The figure is made in Python; only its colours are the page's own, so that they follow the theme.
// They are looked up once a theme: asking for a style makes the browser compute it.
const colours = {};

function takeColours() {
  const style = getComputedStyle(panel);
  for (const name of ["text", "bar-first", "bar-next", "bar-rest"]) {
    colours[name] = style.getPropertyValue(`--${name}`).trim();
  }
}

function coloured(update) {
  const [roles] = update["marker.color"];
  return { ...update, "marker.color": [roles.map((role) => colours[`bar-${role}`])] };
}

async function showChart() {
  const paint = () => {
    takeColours();
    Plotly.update(chart, coloured(reading.chart), { "font.color": colours.text });
  };
  await Plotly.newPlot(chart, props.figure.data, props.figure.layout, props.figure.config);
  paint();
  new MutationObserver(paint).observe(document.body, { attributeFilter: ["class"] });
}

show(reading);
const plotly = document.createElement("script"); // large: loaded once the pad can be drawn on
plotly.src = props.plotly;
plotly.onload = showChart;
plotly.onerror = () => (chart.textContent = words.no_chart);
document.head.append(plotly);
