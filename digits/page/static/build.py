"""Build a folder from the project that any static host can serve as the page.

The folder has ``index.html``, ``service-worker.js`` and three folders whose names end in a hash of
all that is in them, so that a browser may keep each file for good: ``runtime-*`` (Pyodide, NumPy,
Pillow and TensorFlow.js), ``chart-*`` (Plotly) and ``page-*`` (this project).
"""

import base64
import gzip
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

from digits.model_file import load_metadata, model_path
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
TFJS_SCRIPT = "tf-core.min.js"
TFJS_WASM_SCRIPT = "tf-backend-wasm.min.js"
TFJS_WASM_BINARY = "tfjs-backend-wasm-simd.wasm"
KINDS = ("runtime", "page", "chart")  # of folders
_LICENCE = re.compile(r"\.dist-info/.*LICENSE")  # a file of a wheel

GUARD = (STATIC / "guard.js").read_text(encoding="utf-8")
_GUARD_HASH = base64.b64encode(sha256(GUARD.encode()).digest()).decode()
POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src 'self' 'wasm-unsafe-eval' 'sha256-{_GUARD_HASH}'",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "img-src 'self' data: blob:",
        # The hash of nothing: Plotly fills a style element of its own that is empty at first.
        "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)
"""What the page may do: run and fetch what lies in its own folder, and the script in itself."""


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
        If a part cannot be downloaded, `out` is not an earlier build, or Node.js is missing.
    digits.model_file.ModelFileError
        If the model cannot be used.
    """
    if not _may_be_replaced(out):
        raise BuildError(f"{out} is not an earlier build and not empty: give a new folder.")
    model = model_path()
    metadata = load_metadata(model)
    operations, weights = browser_network(model)
    cache = cache_folder()
    from_npm = pyodide, *tfjs = [npm_package(spec, cache) for spec in NPM_PACKAGES]
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    wheel_paths = [pyodide_package(name, lock, cache, wheels) for name in ("numpy", "pillow")]
    archives = pack(pyodide, wheel_paths)
    runtime = _runtime_files(pyodide, lock, *tfjs, archives)
    page = _page_files(archives, weights)

    for kind in KINDS:  # only now that all parts of the new one are there
        for old in out.glob(f"{kind}-*"):
            shutil.rmtree(old)
    out.mkdir(parents=True, exist_ok=True)
    licences = {"licences.txt": _licences(from_npm, wheel_paths).encode()}
    chart = {PLOTLY.name: PLOTLY.read_bytes()}
    folders = {
        kind: write_hashed(out, kind, files)
        for kind, files in zip(KINDS, (runtime | licences, page, chart), strict=True)
    }
    reader = _reader_settings(folders, runtime, page)
    reader |= {"operations": operations, "thresholds": json.dumps(metadata["thresholds"])}
    html = _index(folders, reader, metadata["sha256"])
    (out / "index.html").write_text(html, encoding="utf-8")
    (out / "service-worker.js").write_text(_service_worker(out, folders, html), encoding="utf-8")


def _may_be_replaced(out):
    """Return whether a folder is new, empty, or an earlier build."""
    is_site = (out / "service-worker.js").is_file()
    return is_site or not out.exists() or (out.is_dir() and not any(out.iterdir()))


def _runtime_files(pyodide, lock, tfjs, tfjs_wasm, archives):
    """Gather what changes with an upgrade only: file names with their bytes."""
    paths = [pyodide / name for name in PYODIDE_FILES]
    paths += [tfjs / "dist" / TFJS_SCRIPT]
    paths += [tfjs_wasm / "dist" / name for name in (TFJS_WASM_SCRIPT, TFJS_WASM_BINARY)]
    no_packages = {"info": lock["info"], "packages": {}}  # all that it needs is in packages.zip
    return {path.name: path.read_bytes() for path in paths} | {
        "stdlib.zip": archives["stdlib.zip"],
        "packages.zip": archives["packages.zip"],
        "pyodide-lock.json": json.dumps(no_packages).encode(),
    }


def _licences(npm_packages, wheels):
    """Say under which licence each part of the runtime is, and where its source is."""
    parts = ["Python, PSF-2.0: https://github.com/python/cpython"]
    for folder in npm_packages:
        package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        source = package["repository"]["url"]
        parts.append(f"{package['name']} {package['version']}, {package['license']}: {source}")
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            name = next(name for name in archive.namelist() if _LICENCE.search(name))
            parts.append(f"{name.partition('.dist-info')[0]}:\n{archive.read(name).decode()}")
    return "\n\n".join(parts)


def _page_files(archives, weights):
    """Gather this project's files, what the page links to among them: paths with their bytes."""
    files = {path.name: path.read_bytes() for path in MODULES}
    files |= {name: (STATIC / name).read_bytes() for name in OWN_MODULES}
    files |= {path: (ROOT / path).read_bytes() for path in _linked().values()}
    style = (STATIC / "static.css").read_text(encoding="utf-8")
    return files | {
        "reading.zip": archives["reading.zip"],
        "weights.bin": weights,
        "page.css": f"{style}\n.sketchpad {{\n{page_style()}}}\n".encode(),
    }


def _linked():
    """Return what the page links to: paths within the project, by the text of the link."""
    return {label: path.relative_to(ROOT).as_posix() for label, path in LINKED_FILES.items()}


def _reader_settings(folders, runtime, page):
    """Tell reader.js where its files are, and how many bytes each has on its way."""
    runtime_folder, page_folder = folders["runtime"], folders["page"]
    scripts = ("pyodide.js", TFJS_SCRIPT, TFJS_WASM_SCRIPT)
    sizes = {
        f"{runtime_folder}/{name}": wire_bytes(data)
        for name, data in runtime.items()
        if name != "packages.zip"
    }
    downloaded = (runtime["packages.zip"], page["reading.zip"], page["weights.bin"])
    return {
        "worker": f"{page_folder}/worker.js",
        "scripts": [
            *(f"{runtime_folder}/{name}" for name in scripts),
            f"{page_folder}/network.js",
        ],
        "runtime": f"{runtime_folder}/",
        "files": {
            "stdlib": f"{runtime_folder}/stdlib.zip",
            "packages": f"{runtime_folder}/packages.zip",
            "reading": f"{page_folder}/reading.zip",
            "weights": f"{page_folder}/weights.bin",
        },
        "sizes": sizes,
        "bytes": sum(sizes.values()) + sum(map(len, downloaded)),
    }


def _index(folders, reader, sha256):
    """Fill in the template of the page."""
    page_folder = folders["page"]
    text = TEXT | TEXT["static"]
    settings = page_settings(f"{folders['chart']}/{PLOTLY.name}", sha256, text)
    settings["photos"]["types"].remove("image/avif")  # which Pillow does not read in Pyodide
    links = {label: f"{page_folder}/{path}" for label, path in _linked().items()}
    return Template((STATIC / "index.html").read_text(encoding="utf-8")).substitute(
        {name: escape(sentence) for name, sentence in text.items() if isinstance(sentence, str)},
        policy=POLICY,
        guard=GUARD,
        page=page_folder,
        modules="\n".join(
            f'<link rel="modulepreload" href="{page_folder}/{path.name}">' for path in MODULES
        ),
        settings=json.dumps({"page": settings, "reader": reader}).replace("<", "\\u003c"),
        content=page_html(links, sha256, text),
    )


def _service_worker(out, folders, html):
    """Fill in the template of the service worker, which keeps all but what the page links to."""
    linked = {f"{folders['page']}/{path}" for path in _linked().values()}
    kept = (path for folder in folders.values() for path in (out / folder).rglob("*"))
    files = sorted({path.relative_to(out).as_posix() for path in kept if path.is_file()} - linked)
    return Template((STATIC / "service-worker.js").read_text(encoding="utf-8")).substitute(
        files=json.dumps(files), version=sha256(html.encode()).hexdigest()[:12]
    )


def pack(pyodide, wheels):
    """Make the archives of byte code: their names with their bytes; see pack.py."""
    node = shutil.which("node")
    if node is None:
        raise BuildError("Node.js was not found: install version 20 or newer.")
    with tempfile.TemporaryDirectory() as out:
        command = [node, STATIC / "pack.mjs", f"{pyodide}/", ROOT, out, *wheels]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise BuildError(f"The reader cannot be packed:\n{done.stderr[-2000:]}")
        return {path.name: path.read_bytes() for path in Path(out).iterdir()}


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
