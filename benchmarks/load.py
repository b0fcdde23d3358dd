"""How the page bears many visitors at once, and a long life.

    python -m benchmarks.load                        # about 4 minutes
    python -m benchmarks.load --seconds 10 5 --json load.json
    python -m benchmarks.load --soak 100000          # readings in one process, about 5 minutes

The visitors are coroutines of this process, on this machine: they share its cores with the server,
and what they cost is in every time. A visitor of the page draws one of its examples (digits, a
number, a letter, a house), which grows over 20 pictures as the page sends them, one every 60 ms,
one on its way at a time, the last one always; then looks and thinks for 2 to 4 seconds. A program
uploads a whole drawing and asks ``/predict`` as soon as it has the answer to the one before. Times
run from sending a picture to its reading, for a program with the upload. "Busy" are the answers
that ask to try again, which is no error; visitors and programs try again after a second. After each
crowd one visitor draws alone: the recovery.

While the crowd draws, ten clients upload a byte a second and ten vanish in mid-upload every second.
"""

import argparse
import asyncio
import json
import math
import os
import platform
import random
import time
from base64 import b64encode
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np
from PIL import Image, ImageDraw

from benchmarks.server import ROOT, served
from digits.recognizer import Recognizer

PACE, RETRY = 0.06, 1  # seconds, as in digits/page/reading.js
SHEET, PEN = 320, 11  # pixels, as in digits/page/pad.js
EXAMPLES = json.loads((ROOT / "digits/page/examples.json").read_text(encoding="utf-8"))
RECOVERY = 5  # seconds within which it must answer as before


def main():
    """Let the crowds in, print the table, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--visitors", type=int, default=50, help="who draw on the page")
    parser.add_argument("--programs", type=int, default=200, help="that ask /predict")
    parser.add_argument("--seconds", type=float, nargs=2, default=(120, 30), help="of either crowd")
    parser.add_argument("--soak", type=int, help="read so many drawings in one process instead")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    results = soak(options.soak) if options.soak else asyncio.run(crowds(options))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in ("gradio", "keras", "openvino")))
    for name, figures in results.items():
        print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in figures.items()))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


async def crowds(options):
    """Serve the page and let both crowds in, one after the other."""
    results = {}
    with served() as (address, process):
        page = Page(address)
        await page.measure(1, 3, page.visit)  # what is slow only the first time
        for name, count, seconds, person in (
            ("visitors drawing", options.visitors, options.seconds[0], page.visit),
            ("programs asking", options.programs, options.seconds[1], page.program),
        ):
            before = memory(process.pid)
            results[f"{count} {name}"] = await page.measure(count, seconds, person) | {
                "MB before": before,
                "MB after": memory(process.pid),
            }
            results[f"one after {count} {name}"] = await page.measure(1, RECOVERY, page.visit)
        await page.client.aclose()
    return results


class Page:
    """A page that is asked by many."""

    def __init__(self, address):
        limits = httpx.Limits(max_connections=None)
        self.client = httpx.AsyncClient(base_url=address, timeout=60, limits=limits)
        self.where = urlsplit(address)
        config = httpx.get(f"{address}/config").json()
        self.pad = next(c["id"] for c in config["components"] if c["type"] == "html")
        self.drawings = drawings()
        self.messages = [[*map(self.message, growing)] for growing in self.drawings]

    def message(self, picture):
        """Write what the page sends, beforehand: browsers do it on cores of their own."""
        message = {
            "component_id": self.pad,
            "fn_name": "read",
            "data": "data:image/png;base64," + b64encode(picture).decode(),
            "session_hash": "load",
        }
        return json.dumps(message).encode()

    async def measure(self, count, seconds, person):
        """Let so many in for so long; return what they met."""
        self.times, self.busy, self.errors = [], 0, []
        self.end = time.perf_counter() + seconds
        nuisances = 10 if count > 1 else 0
        await asyncio.gather(
            *(person(random.Random(seed)) for seed in range(count)),
            *(self.trickle() for _ in range(nuisances)),
            *(self.vanish() for _ in range(nuisances)),
        )
        p50, p95, p99 = np.percentile(self.times, [50, 95, 99]) if self.times else [np.nan] * 3
        return {
            "readings": len(self.times),
            "a second": round(len(self.times) / seconds, 1),
            "p50 ms": round(p50 * 1000, 1),
            "p95 ms": round(p95 * 1000, 1),
            "p99 ms": round(p99 * 1000, 1),
            "busy": self.busy,
            "errors": len(self.errors),
            "first error": self.errors[0] if self.errors else None,
        }

    def running(self):
        """Tell whether the crowd is still there."""
        return time.perf_counter() < self.end

    async def visit(self, rng):
        """Draw digit after digit, at a human pace."""
        await asyncio.sleep(rng.uniform(0, 3))
        while self.running():
            pending = set()
            *growing, whole = rng.choice(self.messages)
            for message in growing:
                if not pending:
                    pending.add(task := asyncio.create_task(self.draw(message)))
                    task.add_done_callback(pending.discard)
                await asyncio.sleep(PACE)
            await self.draw(whole)  # pen up
            await asyncio.gather(*pending)
            await asyncio.sleep(rng.uniform(2, 4))

    async def draw(self, message):
        """Send one picture as the page does."""
        begin = time.perf_counter()
        kind = {"Content-Type": "application/json"}
        answer = await self.post("component_server", content=message, headers=kind)
        if answer and answer.get("busy"):
            self.busy += 1
            await asyncio.sleep(RETRY)
        elif answer:
            self.note(begin, answer["verdict"] != "failed", answer)

    async def program(self, rng):
        """Ask again and again."""
        while self.running():
            begin = time.perf_counter()
            picture = rng.choice(self.drawings)[-1]
            uploaded = await self.post("upload", files={"files": ("digit.png", picture)})
            if not uploaded:
                continue
            file = {"path": uploaded[0], "meta": {"_type": "gradio.FileData"}}
            answer = await self.post("run/predict", json={"data": [file]})
            [answer] = answer["data"] if answer else [None]
            if answer and "try again" in answer.get("error", ""):
                self.busy += 1
                await asyncio.sleep(RETRY)
            elif answer:
                self.note(begin, "error" not in answer, answer)

    def note(self, begin, read, answer):
        """Keep the time of a reading, or the answer that is none."""
        if read:
            self.times.append(time.perf_counter() - begin)
        else:
            self.errors.append(f"{answer}")

    async def post(self, name, **what):
        """Give the answer, or note the error."""
        try:
            answer = await self.client.post(f"/gradio_api/{name}", **what)
            answer.raise_for_status()
            return answer.json()
        except (httpx.HTTPError, ValueError) as error:
            self.errors.append(repr(error))

    async def trickle(self):
        """Upload a byte a second."""
        _, writer = await self.begin_upload()
        while self.running():
            writer.write(b"x")
            await asyncio.sleep(1)
        writer.close()

    async def vanish(self):
        """Begin an upload every second, and go away in the middle of it."""
        while self.running():
            _, writer = await self.begin_upload()
            await asyncio.sleep(1)
            writer.close()

    async def begin_upload(self):
        """Say that a file comes, and send none of it."""
        reader, writer = await asyncio.open_connection(self.where.hostname, self.where.port)
        writer.write(
            b"POST /gradio_api/upload HTTP/1.1\r\nHost: page\r\nContent-Length: 100000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
            b'Content-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
        )
        return reader, writer


def drawings():
    """Draw the examples of the page as it does: of each its 20 pictures, as the bytes of PNGs."""
    return [[sheet(strokes, share / 20) for share in range(1, 21)] for strokes in EXAMPLES]


def sheet(strokes, share):
    """Draw that share of the points of some strokes."""
    picture = Image.new("L", (SHEET, SHEET), "white")
    pen = ImageDraw.Draw(picture)
    left = math.ceil(share * sum(map(len, strokes)))
    for stroke in strokes:
        points = [(x * SHEET, y * SHEET) for x, y in stroke[:left]]
        left = max(0, left - len(stroke))
        if points:
            pen.line(points, "black", PEN, "curve")
        for x, y in points:
            pen.circle((x, y), PEN / 2, "black")
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def soak(count):
    """Read so many drawings in this process; compare memory and answers at both ends."""
    recognizer = Recognizer.load()
    files = [BytesIO(picture) for growing in drawings() for picture in growing]

    def read(file):
        file.seek(0)
        return recognizer.read_file(file)

    first = [read(file) for file in files]
    warm = max(count // 20, len(files))  # until caches are full
    for i in range(warm):
        read(files[i % len(files)])
    before, begin = memory(os.getpid()), time.perf_counter()
    for i in range(count - warm):
        read(files[i % len(files)])
    after, seconds = memory(os.getpid()), time.perf_counter() - begin
    return {
        f"{count} readings in one process": {
            "a second": round((count - warm) / seconds, 1),
            f"MB after {warm}": before,
            f"MB after {count}": after,
            "growth %": round(100 * (after / before - 1), 2),
            "same answers": [read(file) for file in files] == first,
        }
    }


def memory(pid):
    """Resident megabytes of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.partition("VmRSS:")[2].split()[0]) / 1024, 1)


if __name__ == "__main__":
    main()
