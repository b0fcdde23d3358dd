// The reading: sends the sheet to the server while it changes, and shows what comes back.

const PACE = 60; // least milliseconds between two pictures while the pen is down
const PATIENCE = 1500; // milliseconds without an answer before the page says so
const RETRY = 1000; // milliseconds before it asks again when there is no connection

const panel = element.querySelector(".reading");
const spoken = element.querySelector(".spoken");
const chart = element.querySelector(".chart");
const number = element.querySelector(".number");
const top3 = element.querySelector(".top");
const seen = element.querySelector(".seen");

let asked = 0; // number and time of the last picture sent
let askedAt = -Infinity;
let shown = 0; // number of the picture whose reading is on the page
const pending = new Set(); // numbers of the pictures on their way
let timer = null; // of the next picture
let answered = props.value; // the answer that is on the page
let reading = props.value; // that of the digit whose probabilities are shown
let picked = 0; // which digit of a number that is
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
    const answer = await server.read(pictured());
    if (answer.busy) throw words.busy;
    notice.textContent = "";
    if (number > shown) {
      shown = number;
      show(answer);
    }
  } catch (problem) {
    notice.textContent = problem === words.busy ? problem : words.lost;
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

// While the pen is down one picture is on its way at a time, so that they do not pile up before a
// busy server.
function askInTurn() {
  if (!pending.size) ask();
  else timer = setTimeout(askInTurn, PACE);
}

// The answer to what is on the pad now, if it has come.
function upToDate() {
  return !timer && shown === asked ? answered : null;
}

function show(answer) {
  answered = answer;
  panel.dataset.verdict = answer.verdict;
  panel.querySelector(".words").textContent = answer.words;
  clearTimeout(speech); // a screen reader hears what the drawing came to, not every step to it
  speech = setTimeout(() => (spoken.textContent = answer.words), 600);
  showNumber(answer.number ?? []);
  panel.querySelector(".digit").textContent = answer.digit;
  if (answer.number) showReading(answer.number[picked]);
  else if (answer.chart) showReading(answer);
}

function showReading(digit) {
  reading = digit;
  paint(digit.seen);
  chart.setAttribute("aria-label", digit.top.length ? words.chart.replace("{top}", digit.top.join(", ")) : words.nothing);
  top3.replaceChildren(...digit.top.map(item));
  if (chart.data && !moveBars(coloured(digit.chart))) Plotly.restyle(chart, coloured(digit.chart));
}

// Plotly takes 10 ms to lay out again what a new reading does not change, such as axes: so bars and
// labels are moved in its picture, its data are changed, and it draws them once somebody points at
// them. It does all of it where labels come or go.
let outdated = false;

function moveBars(update) {
  const points = [...chart.querySelectorAll(".point")];
  const text = update.text[0];
  if (!points.every((point, i) => text[i] && point.querySelector("text"))) return false;
  points.forEach((point, i) => {
    const [bar, label] = point.children;
    const [left, base, top, right] = bar.getAttribute("d").match(/[\d.]+/g).map(Number);
    const [x, y] = label.getAttribute("transform").match(/[\d.]+/g).map(Number);
    const level = +(base * (1 - update.y[0][i] / props.figure.layout.yaxis.range[1])).toFixed(2);
    bar.setAttribute("d", `M${left},${base}V${level}H${right}V${base}Z`);
    bar.style.fill = update["marker.color"][0][i];
    label.setAttribute("transform", `translate(${x},${y + level - top})`);
    label.textContent = text[i];
  });
  const { y, customdata, "marker.color": color } = update;
  const [trace] = chart.data;
  Object.assign(trace, { y: y[0], text, customdata: customdata[0] });
  trace.marker.color = color[0];
  outdated = true;
  return true;
}

chart.addEventListener("pointerenter", () => {
  if (outdated) Plotly.redraw(chart);
  outdated = false;
});

function item(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}

// Several digits are buttons: the chart belongs to the one that is picked.
function showNumber(digits) {
  const buttons = number.children;
  number.hidden = !digits.length;
  number.style.setProperty("--count", digits.length);
  while (buttons.length > digits.length) number.lastChild.remove();
  while (buttons.length < digits.length) {
    const button = document.createElement("button");
    button.type = "button";
    button.onclick = () => pick([...buttons].indexOf(button));
    number.append(button);
  }
  if (picked >= digits.length) picked = 0;
  digits.forEach((digit, i) => {
    buttons[i].reading = digit;
    buttons[i].textContent = digit.digit;
    buttons[i].dataset.verdict = digit.verdict;
    buttons[i].setAttribute("aria-label", digit.words);
    buttons[i].setAttribute("aria-pressed", i === picked);
  });
}

function pick(i) {
  number.children[picked].setAttribute("aria-pressed", false);
  picked = i;
  number.children[i].setAttribute("aria-pressed", true);
  showReading(number.children[i].reading);
}

// Paint a picture of 28x28 bytes in grey; `heat`, such bytes too, dims the ink that did not count.
function paint(ink, heat) {
  const context = seen.querySelector("canvas").getContext("2d");
  const picture = context.createImageData(28, 28);
  const [grey, share] = [ink, heat ?? ""].map((bytes) => [...atob(bytes)].map((b) => b.charCodeAt(0)));
  grey.forEach((value, i) => {
    const counted = heat === undefined ? 1 : Math.sqrt(share[i] / 255);
    const colour = heat === undefined ? [255, 255, 255] : [255, 120 + 135 * counted, 190 * counted];
    picture.data.set(colour.map((c) => (value / 255) * (0.3 + 0.7 * counted) * c), 4 * i);
    picture.data[4 * i + 3] = 255;
  });
  context.putImageData(picture, 0, 0);
  seen.setAttribute("aria-pressed", heat !== undefined);
  seen.querySelector("span").textContent = heat === undefined ? words.seen : words.evidence;
}

seen.onclick = async () => {
  const { seen: ink, verdict } = reading;
  if (seen.getAttribute("aria-pressed") === "true") return paint(ink);
  if (verdict === "blank") return;
  const heat = await server.evidence(ink).catch(() => null);
  if (heat && ink === reading.seen) paint(ink, heat);
};

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

// Gradio's loading screen goes on moving its spring and counting seconds after it is gone, frame by
// frame for as long as the page is open (Gradio 6.31). The spring's frames pass through the window;
// the counter kept the window's function for itself, but asks for the time before its next frame.
function endLoading() {
  const request = window.requestAnimationFrame;
  window.requestAnimationFrame = (callback) => (/\.tasks\.forEach/.test(callback) ? 0 : request(callback));
  performance.now = () => {
    const [, caller] = new Error().stack.replace(/^Error\n/, "").split("\n");
    if (/statustracker/.test(caller)) {
      delete performance.now;
      const frame = request(() => {});
      queueMicrotask(() => cancelAnimationFrame(frame + 1));
    }
    return Performance.prototype.now.call(performance);
  };
}

async function showChart() {
  const recolour = () => {
    takeColours();
    Plotly.update(chart, coloured(reading.chart), { "font.color": colours.text });
  };
  await Plotly.newPlot(chart, props.figure.data, props.figure.layout, props.figure.config);
  recolour();
  new MutationObserver(recolour).observe(document.body, { attributeFilter: ["class"] });
}

show(reading);
endLoading();
const plotly = document.createElement("script"); // large: loaded once the pad can be drawn on
plotly.src = props.plotly;
plotly.onload = showChart;
plotly.onerror = () => (chart.textContent = words.no_chart);
document.head.append(plotly);
