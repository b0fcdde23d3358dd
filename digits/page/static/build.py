"""The project in, out a folder that any static host serves as the page.

The folder has ``index.html``, ``service-worker.js`` and three folders whose names end in a hash of
all that is in them, so that a browser may keep each file for good: ``runtime-*`` (Pyodide, NumPy,
Pillow and TensorFlow.js), ``chart-*`` (Plotly) and ``page-*`` (this project).
"""

import gzip
import json
import shutil
import subprocess
import tempfile
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

from digits.engine import load_metadata, model_path
from digits.page import TEXT
from digits.page.content import (
    LINKED_FILES,
    MODULES,
    PLOTLY,
    ROOT,
    page_html,
    page_settings,
    page_style,
)
from digits.page.static.downloads import (
    NPM_PACKAGES,
    BuildError,
    cache_folder,
    npm_package,
    pyodide_package,
)
from digits.page.static.network import browser_network

STATIC = Path(__file__).resolve().parent
OWN_MODULES = ("start.js", "reader.js", "worker.js", "network.js")
PYODIDE_FILES = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm")
TFJS_FILES = ("tf-core.min.js",)
KINDS = ("runtime", "page", "chart")  # of folders
TFJS_WASM_FILES = ("tf-backend-wasm.min.js", "tfjs-backend-wasm-simd.wasm")

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "img-src 'self' data: blob:",
        # The hash of nothing: Plotly fills a style element of its own that is empty at first.
        "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)
"""What the page may do: run and fetch what lies in its own folder, and nothing else."""


def build(out, wheels=None):
    """Build the page.

    Parameters
    ----------
    out : Path
        The folder to write. What an earlier build wrote there is replaced, and nothing else: it may
        be a clone of a repository that a host publishes.
    wheels : path-like, optional
        A folder with the wheels of NumPy and Pillow that belong to Pyodide; by default they are
        downloaded from its release.

    Raises
    ------
    BuildError
        If a part cannot be had, `out` holds something else, or Node.js is missing.
    digits.keras_file.ModelFileError
        If the model cannot be used.
    """
    is_site = (out / "service-worker.js").is_file()
    if out.exists() and not is_site and (not out.is_dir() or any(out.iterdir())):
        raise BuildError(f"{out} holds something else: give a new folder.")
    cache = cache_folder()
    pyodide, tfjs, tfjs_wasm = (npm_package(spec, cache) for spec in NPM_PACKAGES)
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    wheel_paths = [pyodide_package(name, lock, cache, wheels) for name in ("numpy", "pillow")]
    with tempfile.TemporaryDirectory() as packed:
        pack(pyodide, packed, wheel_paths)
        archives = {path.name: path.read_bytes() for path in Path(packed).iterdir()}

    runtime = {name: (pyodide / name).read_bytes() for name in PYODIDE_FILES}
    runtime |= {name: (tfjs / "dist" / name).read_bytes() for name in TFJS_FILES}
    runtime |= {name: (tfjs_wasm / "dist" / name).read_bytes() for name in TFJS_WASM_FILES}
    runtime |= {name: archives[name] for name in ("stdlib.zip", "packages.zip")}
    no_packages = {"info": lock["info"], "packages": {}}  # all that it needs is in packages.zip
    runtime["pyodide-lock.json"] = json.dumps(no_packages).encode()
    model = model_path()
    metadata = load_metadata(model)
    operations, weights = browser_network(model)
    page = {path.name: path.read_bytes() for path in MODULES}
    page |= {name: (STATIC / name).read_bytes() for name in OWN_MODULES}
    linked = {label: path.relative_to(ROOT).as_posix() for label, path in LINKED_FILES.items()}
    page |= {path: (ROOT / path).read_bytes() for path in linked.values()}
    page |= {"reading.zip": archives["reading.zip"], "weights.bin": weights}
    style = (STATIC / "static.css").read_text(encoding="utf-8")
    page["page.css"] = f"{style}\n.sketchpad {{\n{page_style()}}}\n".encode()

    for kind in KINDS:  # only now that all parts of the new one are there
        for old in out.glob(f"{kind}-*"):
            shutil.rmtree(old)
    out.mkdir(parents=True, exist_ok=True)
    runtime_folder = write_hashed(out, "runtime", runtime)
    page_folder = write_hashed(out, "page", page)
    chart_folder = write_hashed(out, "chart", {PLOTLY.name: PLOTLY.read_bytes()})
    text = TEXT | TEXT["static"]
    settings = page_settings(f"{chart_folder}/{PLOTLY.name}", metadata["sha256"], text)
    reader = {
        "worker": f"{page_folder}/worker.js",
        "scripts": [
            f"{runtime_folder}/pyodide.js",
            *(f"{runtime_folder}/{name}" for name in (*TFJS_FILES, TFJS_WASM_FILES[0])),
            f"{page_folder}/network.js",
        ],
        "runtime": f"{runtime_folder}/",
        "files": {
            "stdlib": f"{runtime_folder}/stdlib.zip",
            "packages": f"{runtime_folder}/packages.zip",
            "reading": f"{page_folder}/reading.zip",
            "weights": f"{page_folder}/weights.bin",
        },
        "sizes": {
            f"{runtime_folder}/{name}": wire_bytes(data)
            for name, data in runtime.items()
            if name != "packages.zip"
        },
        "operations": operations,
        "thresholds": json.dumps(metadata["thresholds"]),
    }
    downloaded = (runtime["packages.zip"], archives["reading.zip"], weights)
    reader["bytes"] = sum(reader["sizes"].values()) + sum(map(len, downloaded))
    links = {label: f"{page_folder}/{path}" for label, path in linked.items()}
    html = Template((STATIC / "index.html").read_text(encoding="utf-8")).substitute(
        {name: escape(sentence) for name, sentence in text.items() if isinstance(sentence, str)},
        policy=POLICY,
        page=page_folder,
        modules="\n".join(
            f'<link rel="modulepreload" href="{page_folder}/{path.name}">' for path in MODULES
        ),
        settings=json.dumps({"page": settings, "reader": reader}).replace("<", "\\u003c"),
        content=page_html(links, metadata["sha256"], text),
    )
    (out / "index.html").write_text(html, encoding="utf-8")
    kept = (path for kind in KINDS for path in out.glob(f"{kind}-*/**/*") if path.is_file())
    files = sorted({path.relative_to(out).as_posix() for path in kept} - {*links.values()})
    worker = Template((STATIC / "service-worker.js").read_text(encoding="utf-8")).substitute(
        files=json.dumps(files), version=sha256(html.encode()).hexdigest()[:12]
    )
    (out / "service-worker.js").write_text(worker, encoding="utf-8")


def pack(pyodide, out, wheels):
    """Write the archives of byte code to a folder; see pack.py."""
    node = shutil.which("node")
    if node is None:
        raise BuildError("There is no node: install Node.js, version 20 or newer.")
    command = [node, STATIC / "pack.mjs", f"{pyodide}/", ROOT, out, *wheels]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise BuildError(f"The reader cannot be packed:\n{done.stderr[-2000:]}")


def write_hashed(out, name, files):
    """Write files, by their paths, to a folder whose name has their hash; give this name."""
    digest = sha256()
    for path, data in sorted(files.items()):
        digest.update(f"{path} {len(data)} ".encode() + data)
    folder = f"{name}-{digest.hexdigest()[:12]}"
    for path, data in files.items():
        target = out / folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def wire_bytes(data):
    """Count what a file takes on its way, compressed by the host as most do."""
    return len(gzip.compress(data, 6))
