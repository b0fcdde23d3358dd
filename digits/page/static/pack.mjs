// Runs pack.py in Pyodide under Node: node pack.mjs PYODIDE PROJECT OUT WHEEL...
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, project, out, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")));
const pyodide = await loadPyodide({
  indexURL: folder,
  env: { PYTHONDONTWRITEBYTECODE: "1" }, // the project is mounted as it is
});
for (const [path, source] of [["/project", project], ["/out", out]]) {
  pyodide.FS.mkdirTree(path);
  pyodide.mountNodeFS(path, source);
}
for (const wheel of wheels) {
  pyodide.unpackArchive(new Uint8Array(readFileSync(wheel)), "wheel", { extractDir: "/packages" });
}
pyodide.runPython("import sys; sys.path[:0] = ['/packages', '/project']");
pyodide.pyimport("digits.page.static.pack").pack("/out");
