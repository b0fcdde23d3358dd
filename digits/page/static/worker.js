// The reader in a worker: Python reads, TensorFlow.js computes the network.
//
// The first message says where everything lies: see `reader` in digits/page/static/build.py. While
// it loads, the worker reports { loaded }, in bytes, and then { ready } or { error }. Every further
// message { id, method, argument } is answered by { id, answer } or { id, error }.

let started = null; // a promise of the functions of digits/page/static/reader.py

self.addEventListener("message", async ({ data }) => {
  if (!started) {
    started = start(data);
    started.then(
      () => self.postMessage({ ready: true }),
      (error) => self.postMessage({ error: String(error) }),
    );
    return;
  }
  const { id, method, argument } = data;
  try {
    const reader = await started;
    self.postMessage({ id, answer: reader[method](argument) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
});

async function start({ base, runtime, scripts, files, sizes, operations, thresholds }) {
  const address = (path) => new URL(path, base).href;
  let loaded = 0;
  const report = (bytes) => self.postMessage({ loaded: (loaded += bytes) });
  const own = ["packages", "reading", "weights"].map((name) => address(files[name]));
  // Pyodide neither reports what it has loaded, nor fails if it cannot load its own parts. The
  // status of what a service worker answers is 0 in Firefox: downloads tell of their own failure.
  // So is that of a script in a sandboxed frame: scripts tell of theirs, too.
  const broken = new Promise((_, reject) => {
    new PerformanceObserver((list) => {
      for (const { name, initiatorType, responseStatus } of list.getEntries()) {
        if (own.includes(name)) continue;
        const isFailure = responseStatus === 0 || responseStatus >= 400;
        if (isFailure && initiatorType === "fetch") reject(new Error(`${name} is missing`));
        else report(sizes[name.slice(address(".").length)] ?? 0);
      }
    }).observe({ type: "resource", buffered: true });
  });

  // All at once: Python takes the longest to start, and needs the others only then.
  const downloads = own.map((each) => download(each, report));
  const [python, ...others] = scripts.map(address);
  self.importScripts(python);
  const loading = loadPyodide({ indexURL: address(runtime), stdLibURL: address(files.stdlib) });
  self.importScripts(...others);
  const [packages, reading, weights] = await Promise.all(downloads);
  const network = await loadNetwork(operations, weights, address(runtime));
  const pyodide = await Promise.race([loading, broken]);
  for (const archive of [packages, reading]) {
    pyodide.unpackArchive(archive, "zip", { extractDir: "/reader" });
  }
  pyodide.runPython("import sys; sys.path.append('/reader')");
  const { page_reader } = pyodide.pyimport("digits.page.static.reader");
  const functions = page_reader(network, thresholds);
  const named = ["read", "occlusion_map", "features", "preview"].map((name) => {
    const inJson = functions.get(name);
    return [name, (argument) => JSON.parse(inJson(JSON.stringify(argument)))];
  });
  return Object.fromEntries(named);
}

// Fetch a file and report its bytes as they come.
async function download(address, report) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const chunks = [];
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks).arrayBuffer();
    chunks.push(value);
    report(value.length);
  }
}
