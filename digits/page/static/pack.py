"""Pack what the reader imports into three zip archives of byte code.

It runs in Pyodide, at build time, so that the byte code is of its version of Python. The reader
reads a few pictures, and what that has imported is packed, together with what NumPy, Pillow and
this project would import only when a function is called. So whatever modules the reader needs are
packed without a list of them: a tenth of the files of Python, NumPy and Pillow.
"""

import ast
import json
import logging
import sys
import zipfile
from base64 import b64encode
from contextlib import suppress
from importlib import import_module
from importlib.util import MAGIC_NUMBER, resolve_name
from io import BytesIO
from marshal import dumps
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from digits.image_file import FORMATS
from digits.page.static.reader import page_reader

# What no reader needs, though a function of NumPy or Pillow imports it: what is for developers,
# Fourier transforms, random numbers, downloads, drawing, fonts, textures of games, and formats that
# are not read here: PDF, PostScript, icons, JPEG 2000. NumPy's matlib imports everything.
_LEFT_OUT = (
    "PIL.BlpImagePlugin",
    "PIL.DdsImagePlugin",
    "PIL.EpsImagePlugin",
    "PIL.IcnsImagePlugin",
    "PIL.ImageDraw",
    "PIL.ImageFont",
    "PIL.Jpeg2KImagePlugin",
    "PIL.PdfImagePlugin",
    "PIL.PdfParser",
    "PIL.PyAccess",
    "numpy.f2py",
    "numpy.fft",
    "numpy.ma.mrecords",
    "numpy.matlib",
    "numpy.random",
    "numpy.testing",
    "pydoc",
    "urllib.request",
)
_DATA_FILES = ("digits/page/text.json",)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # in place of the time: the same input gives the same bytes
_UNCHECKED_HASH = (1).to_bytes(4, "little") + bytes(8)  # PEP 552: byte code without its source


def pack(out):
    """Write ``stdlib.zip``, ``packages.zip`` (NumPy and Pillow) and ``reading.zip`` to a folder.

    Parameters
    ----------
    out : path-like
    """
    _read_everything()
    for module in _modules():
        if module.__file__.startswith(("/packages/", "/project/digits/")):
            _import_what_its_functions_do(module)
    stdlib = next(path for path in sys.path if path.endswith(".zip"))
    for name, root in (("stdlib", stdlib), ("packages", "/packages"), ("reading", "/project")):
        paths = {
            module.__file__
            for module in _modules()
            if module.__file__.startswith(f"{root}/") and module.__name__ not in _LEFT_OUT
        }
        files = {path.removeprefix(f"{root}/"): _contents(root, path) for path in paths}
        if name == "reading":
            del files["digits/page/static/pack.py"]
            files |= {path: Path(root, path).read_bytes() for path in _DATA_FILES}
        Path(out, f"{name}.zip").write_bytes(_zip(files))


def _read_everything():
    """Import what the reader needs for digits, numbers, scribbles and broken files."""

    def run_network(model_input):
        logits = np.tile(np.float32(20) * np.eye(10, dtype=np.float32)[3], (len(model_input), 1))
        return _Array(np.zeros((len(model_input), 128), np.float32)), _Array(logits)

    paper = Image.new("L", (320, 240), 230)
    pen = ImageDraw.Draw(paper)
    for x in (60, 130, 200):
        pen.line([(x, 50), (x + 15, 120), (x - 10, 190)], 20, 12)
    for threshold in (-3, -99):  # everything is a digit, nothing is one
        reader = page_reader(run_network, f'{{"energy": {threshold}, "confidence": 0.5}}')
        for kind in FORMATS:  # the page sends photos as they are
            file = BytesIO()
            paper.convert("RGB").save(file, kind)
            picture = "data:," + b64encode(file.getvalue()).decode()
            taught = {"3": b64encode(bytes(4 * 128)).decode()}
            reader["read"](json.dumps({"picture": picture, "taught": taught}))
            reader["preview"](json.dumps(picture))
        reader["read"](json.dumps({"picture": picture[:99]}))
        for name in ("occlusion_map", "features"):
            reader[name](json.dumps(b64encode(bytes(range(98)) * 8).decode()))
    try:
        raise ValueError
    except ValueError:
        logging.exception("A reader logs its errors.")


def _import_what_its_functions_do(module):
    if not module.__file__.endswith(".py"):
        return
    source = Path(module.__file__).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), module.__package__)
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        for name in names:
            if name not in sys.modules and not name.startswith(_LEFT_OUT):
                with suppress(ImportError):  # an attribute, or nothing that is here
                    import_module(name)


class _Array:
    """An array with the method that typed arrays of JavaScript have in Pyodide."""

    def __init__(self, array):
        self.to_bytes = array.tobytes


def _modules():
    return [each for each in list(sys.modules.values()) if getattr(each, "__file__", None)]


def _contents(root, path):
    if root.endswith(".zip"):
        with zipfile.ZipFile(root) as archive:
            return archive.read(path.removeprefix(f"{root}/"))
    return Path(path).read_bytes()


def _zip(files):
    """Pack files by their paths, Python files as byte code without assertions and docstrings."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(files.items()):
            if name.endswith(".py"):
                keeps_docstrings = name.startswith("numpy/_core/")  # which fails without them
                optimize = 1 if keeps_docstrings else 2
                code = compile(data, name, "exec", dont_inherit=True, optimize=optimize)
                name, data = f"{name}c", MAGIC_NUMBER + _UNCHECKED_HASH + dumps(code)
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=9)
    return buffer.getvalue()
