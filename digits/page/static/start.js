// Opens the page of the free edition: its theme, its reader, and its second visit without a network.

const folder = new URL(".", import.meta.url);
const element = document.querySelector(".sketchpad");
const { page: settings, reader: files } = JSON.parse(document.querySelector(".settings").textContent);
const { text } = settings;
element.classList.add("started"); // which guard.js looks for
let say = (sentence) => (element.querySelector(".notice").textContent = sentence);

const dark = matchMedia("(prefers-color-scheme: dark)");
const followTheme = () => document.body.classList.toggle("dark", dark.matches);
dark.addEventListener("change", followTheme);
followTheme();

let isLoading = true; // a report of progress may come after a failure

const megabytes = (bytes) => Math.round(bytes / 1e6);

// In a sandboxed frame already the mention of `serviceWorker` fails.
async function keepPage() {
  await navigator.serviceWorker?.register("service-worker.js");
}

try {
  const names = ["page.js", "reader.js", "notices.js"];
  const modules = names.map((name) => import(new URL(name, folder)));
  const [{ openPage }, { startReader }, { notices }] = await Promise.all(modules);
  const sayAside = notices(element, true);
  say = notices(element);
  const reader = startReader(files, text, (loaded, total) => {
    const progress = text.loading
      .replace("{loaded}", megabytes(loaded))
      .replace("{total}", megabytes(total));
    if (isLoading) sayAside(progress);
  });
  await openPage(element, settings, reader);
  isLoading = false;
  sayAside("");
  // Only now: what it keeps is in the browser's cache, and is not downloaded twice.
  keepPage().catch(() => {}); // some frames forbid it
} catch (error) {
  isLoading = false;
  say(error.sentence ?? text.no_page);
}
