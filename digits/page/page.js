// The page: connects the pad, the reader, and what shows its answers.
//
// The reader is whatever has these functions, all of which return promises of what the functions of
// digits/page/answers.py return:
//   read({ picture, taught }) takes a picture as a data URL, and what the visitor taught;
//   occlusion_map(modelInput) and features(modelInput) take one answer's `model_input`;
//   preview(picture) takes a picture that the browser cannot show.
// If it takes time to load, it also has `ready`, a promise: until then the pad can be drawn on.

// The query of this module's address is a hash of all modules. They are imported with it, so that
// a browser never uses one that it kept from an older version of the page.
const { search } = new URL(import.meta.url);
const load = (name) => import(`./${name}.js${search}`);

export async function openPage(element, settings, reader) {
  const { text, examples, figure, plotly, model, blank, photos } = settings;
  const names = [
    ...["pad", "pointers", "history", "eraser", "photo", "examples", "boxes", "chart", "view"],
    ...["reading", "sender", "lessons", "teach", "save", "download", "notices"],
  ];
  const modules = Object.assign({}, ...(await Promise.all(names.map(load))));
  const { Pad, followPointers, History, erase, acceptPhotos, offerExamples, Boxes } = modules;
  const { Chart, View, Reading, Sender, Lessons, offerTeaching, offerSaving, download } = modules;
  const { notices } = modules;
  const find = (selector) => element.querySelector(selector);

  const pad = new Pad(find(".pad"), new History(), erase);
  followPointers(find(".paper"), pad);
  const chart = new Chart(find(".chart"), figure, text);
  const view = new View(find(".view"), text, reader, notices(element));
  const boxes = new Boxes(find(".boxes"), find(".veil"), pad);
  const reading = new Reading(element, chart, view, boxes);
  reading.show(blank);
  offerExamples(find(".examples"), pad, examples, text.examples);
  acceptPhotos(element, pad, reader, photos, text, notices(element));
  let sender = null;
  offerSaving(find(".save"), pad, view, () => sender?.answer, download);
  chart.load(plotly);
  const showWaiting = () => reading.show(pad.isBlank ? blank : { ...blank, text: text.waiting });
  if (reader.ready) reading.speak(text.loading_spoken);
  await loaded(reader, pad, showWaiting);
  if (reader.ready && pad.isBlank) reading.speak(text.ready); // else the reading tells it
  const lessons = new Lessons(reader, model, text);
  sender = new Sender(pad, lessons, text, {
    show: (answer) => reading.show(answer, answer.digits.length > 1 || Boolean(pad.photo)),
    say: notices(element),
    busy: (is) => find(".reading").setAttribute("aria-busy", is),
    late: (is) => {
      find(".reading").classList.toggle("late", is);
      const { verdict, text: said } = reading.answer;
      if (is && verdict === "blank" && said !== text.waiting) showWaiting(); // which is spoken
    },
    blank,
  });
  pad.addEventListener("replace", () => reading.forgetPick());
  pad.addEventListener("change", () => boxes.hide()); // until there are new ones
  pad.addEventListener("tap", (event) => {
    const i = boxes.at(event.detail);
    if (i < 0) return;
    event.preventDefault();
    reading.pick(i);
  });
  offerTeaching(element, { pad, reading, sender, lessons, text, say: notices(element), download });
}

// Wait for the reader; until then, call `show` when the pad is blank no longer, or again.
async function loaded(reader, pad, show) {
  const loading = new AbortController();
  let isBlank = true;
  for (const event of ["ink", "change"]) {
    const follow = () => {
      if (pad.isBlank !== isBlank) show();
      isBlank = pad.isBlank;
    };
    pad.addEventListener(event, follow, { signal: loading.signal });
  }
  await reader.ready;
  loading.abort();
}
