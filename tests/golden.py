"""Readings that must stay as they are whatever is upgraded, on every Python and system.

    python -m tests.golden > after.json     # what is read here and now
    python -m tests.golden --write          # the same, into tests/data/golden.json

Only a new model, or an intended change of how pictures are read, is a reason to write them anew.
"""

import json
import sys
import zlib
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from digits import Recognizer
from digits.model_file import MODEL
from tests.handwriting import write, write_number

GOLDEN = Path(__file__).parent / "data" / "golden.json"


def drawings():
    """Make the drawings: name and picture, of all the ways in which ink comes."""
    for digit in range(10):
        yield f"{digit}", write(digit)
    yield "3 in a corner", write(3, left=0.02, top=0.8, wide=0.12, tall=0.18, pen=8)
    yield "4 with a hair", write(4, pen=1)
    yield "6 with a marker", write(6, pen=60)
    yield "5 of 28 pixels", write(5, size=28, pen=2)
    yield "2 in a photo's size", write(2, size=1600, pen=40)
    yield "8 in white on black", ImageOps.invert(write(8))
    ink = Image.new("RGBA", (520, 520), "navy")
    ink.putalpha(ImageOps.invert(write(9)))
    yield "9 in blue on nothing", ink
    yield "0 in four colours", write(0).convert("CMYK")
    deep = np.asarray(write(7)).astype(np.uint16) * 257
    yield "7 in 16 bits", Image.fromarray(deep)
    yield "42", write_number(4, 2)
    yield "2026", write_number(2, 0, 2, 6)
    scribble = Image.new("L", (520, 520), 255)
    zigzag = [(40 + 17 * i, (60, 470, 200)[i % 3]) for i in range(26)]
    ImageDraw.Draw(scribble).line(zigzag, 0, 12)
    yield "a scribble", scribble
    blot = Image.new("L", (520, 520), 255)
    ImageDraw.Draw(blot).ellipse((150, 180, 380, 330), fill=0)
    yield "a blot", blot
    yield "nothing", Image.new("L", (520, 520), 255)


def golden():
    """Read them all: what the file holds."""
    recognizer = Recognizer.load()
    readings = {}
    for name, picture in drawings():
        reading = recognizer.read(picture)
        readings[name] = {
            "verdict": reading.verdict,
            "number": [each.digit for each in recognizer.read_digits(picture)],
            "probabilities": [round(float(p), 6) for p in reading.probabilities],
            "model_input": pack(reading.model_input),
        }
    return {"sha256": sha256(MODEL.read_bytes()).hexdigest(), "readings": readings}


def pack(model_input):
    """Write 28x28 shares from 0 to 1 as text, to 1/65535."""
    return b64encode(
        zlib.compress(np.rint(model_input * 65535).astype("<u2").tobytes(), 9)
    ).decode()


def unpack(text):
    """Read what `pack` wrote."""
    return np.frombuffer(zlib.decompress(b64decode(text)), "<u2").reshape(28, 28) / 65535


if __name__ == "__main__":
    found = golden()
    rows = (f" {json.dumps(name)}: {json.dumps(row)}" for name, row in found["readings"].items())
    rows = ",\n".join(rows)
    written = f'{{"sha256": "{found["sha256"]}", "readings": {{\n{rows}\n}}}}\n'
    if "--write" in sys.argv[1:]:
        GOLDEN.write_text(written, encoding="utf-8")
    else:
        sys.stdout.write(written)
