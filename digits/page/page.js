// The page: connects the pad, the reader, and what shows its answers.
//
// The reader is whatever has these two functions, both of which return promises:
//   read(picture) takes a picture as a data URL and returns the answer of digits/page/answers.py;
//   occlusion_map(modelInput) takes one answer's `model_input` and returns its occlusion map.
// If it takes time to load, it also has `ready`, a promise: until then the pad can be drawn on.

// The query of this module's address is a hash of all modules. They are imported with it, so that
// a browser never uses one that it kept from an older version of the page.
const { search } = new URL(import.meta.url);
const load = (name) => import(`./${name}.js${search}`);

export async function openPage(element, { text, examples, figure, plotly, blank }, reader) {
  const names = ["pad", "photo", "examples", "chart", "view", "reading", "sender", "save"];
  const modules = Object.assign({}, ...(await Promise.all(names.map(load))));
  const { Pad, acceptPhotos, offerExamples, Chart, View, Reading, Sender, offerSaving } = modules;
  const find = (selector) => element.querySelector(selector);
  const say = (sentence) => (find(".notice").textContent = sentence);

  const pad = new Pad(find(".pad"));
  const chart = new Chart(find(".chart"), figure, text);
  const view = new View(find(".view"), text, reader);
  const reading = new Reading(element, chart, view);
  reading.show(blank);
  offerExamples(find(".examples"), pad, examples, text.examples);
  acceptPhotos(element, pad, text, say);
  let sender = null;
  offerSaving(find(".save"), pad, view, () => sender?.answer);
  chart.load(plotly);
  await reader.ready;
  sender = new Sender(pad, reader, text, {
    show: (answer) => reading.show(answer),
    say,
    busy: (is) => find(".reading").setAttribute("aria-busy", is),
    blank,
  });
}
