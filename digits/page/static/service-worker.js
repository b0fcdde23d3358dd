// Keeps the whole page, so that it opens without a network and starts at once the next time.

const FILES = ${files}; // all that the page uses, in folders named by their hash
// The folder is in the name of the cache: another page of its kind may be on the same host.
const PAGE = registration.scope;
const OURS = `digits-$${PAGE}-`;
const CACHE = `$${OURS}${version}`;
const PATIENCE_MS = 3000; // with the host, until the page opens as it was kept

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(dropOlder()));
self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});

// The browser has most files in its own cache already, since the page has just used them. A host that
// is being updated may send the page of the build before for a while: then the next visit tries again.
async function keepAll() {
  const cache = await caches.open(CACHE);
  await cache.add(new Request("./", { cache: "no-cache" }));
  const html = await (await cache.match("./", { ignoreVary: true })).text();
  if (!FILES.every((file) => html.includes(file.split("/")[0]))) throw new Error("Of another build");
  await Promise.all(FILES.map((file) => cache.add(new Request(file, { cache: "force-cache" }))));
  await self.skipWaiting();
}

async function dropOlder() {
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && name !== CACHE) await caches.delete(name);
  }
}

// The page itself comes from the host when that answers, so that a new build is seen; all other
// files are those of their hash, whenever they were kept.
async function answer(request) {
  const [address] = request.url.split(/[?#]/);
  if (request.mode === "navigate" && [PAGE, `$${PAGE}index.html`].includes(address)) {
    return page(request);
  }
  return (await kept(request)) ?? fetch(request);
}

// A browser waits for minutes on a line that is there but carries nothing, as in a train.
async function page(request) {
  const old = await kept("./");
  const fresh = fetch(request);
  if (!old) return fresh;
  const usable = fresh.then((response) => (response.status < 500 ? response : old), () => old);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, old));
  return Promise.race([usable, late]);
}

// A host may say that its answers vary, such as with what the browser accepts, which is another for
// the page than it was here. These files do not.
function kept(file) {
  return caches.match(file, { ignoreVary: true });
}
