// The reader of the free edition: hands what the page asks to Python in a worker.

// Returns a reader as digits/page/page.js describes it. `ready` is rejected with an error that has
// a `sentence` for the visitor.
export function startReader(files, text, showProgress) {
  const waiting = new Map(); // the questions on their way: resolve and reject, by number
  let asked = 0;
  let worker = null;

  const ready = new Promise((resolve, reject) => {
    const fail = (sentence) => reject(Object.assign(new Error(sentence), { sentence }));
    if (typeof WebAssembly !== "object") return fail(text.no_webassembly);
    showProgress(0, files.bytes);
    worker = startWorker(files.worker);
    worker.addEventListener("error", (error) => {
      fail(text.no_reader);
      for (const id of [...waiting.keys()]) settle({ id, error: error.message });
    });
    worker.addEventListener("message", ({ data }) => {
      if (data.id) settle(data);
      else if (data.error) fail(text.no_reader);
      else if (data.loaded) showProgress(data.loaded, files.bytes);
      else if (data.ready) resolve();
    });
    worker.postMessage({ ...files, base: document.baseURI });
  });

  function settle({ id, answer, error }) {
    const question = waiting.get(id); // none if it was settled by a failure before
    waiting.delete(id);
    if (error) question?.reject(new Error(error));
    else question?.resolve(answer);
  }

  async function ask(method, argument) {
    await ready;
    return new Promise((resolve, reject) => {
      waiting.set(++asked, { resolve, reject });
      worker.postMessage({ id: asked, method, argument });
    });
  }

  return {
    ready,
    read: (question) => ask("read", question),
    occlusion_map: (modelInput) => ask("occlusion_map", modelInput),
    features: (modelInput) => ask("features", modelInput),
    preview: (picture) => ask("preview", picture),
  };
}

// A worker that starts from a blob is under the page's Content-Security-Policy; one that starts from
// a file would be under none, since a static host sends no such header.
function startWorker(address) {
  const script = `importScripts(${JSON.stringify(new URL(address, document.baseURI))})`;
  return new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
}
