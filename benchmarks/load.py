"""How the page serves many visitors at once.

    python -m benchmarks.load                        # about 4 minutes
    python -m benchmarks.load --seconds 10 5 --json load.json

The visitors are coroutines of this process, on this machine: they share its cores with the server,
so every time includes their own cost. A visitor of the page draws one of its examples, which grows
over 20 pictures as the page sends them: one every 45 ms, one on its way at a time, the last one
always; then pauses for 2 to 4 seconds. A program uploads a whole drawing and asks ``/predict`` as
soon as it has the previous answer. Times run from sending a picture to its reading, for a program
with the upload. "Busy" are the answers that ask to try again, which is not an error: a program and
a visitor whose drawing is done do so after a second, and the time of the reading goes on. After
each crowd one visitor draws alone: the recovery. Memory is what the server shares with no other
process.
"""

import asyncio
import json
import math
import random
import time
from base64 import b64encode
from io import BytesIO

import httpx
import numpy as np
from PIL import Image

from benchmarks import common
from benchmarks.server import ROOT, private_mb, served
from digits.training.render import render

INTERVAL_S, RETRY_S = 0.045, 1  # as in digits/page/sender.js
VISITORS, PROGRAMS = 50, 200
SIDE, PEN = 320, 11  # pixels, as in digits/page/pad.js
EXAMPLES = json.loads((ROOT / "digits/page/examples.json").read_text(encoding="utf-8"))
RECOVERY_S = 5  # within which the server must answer as before


def main():
    """Run both phases of load, print the table, write the figures."""
    parser = common.command_line(__doc__)
    parser.add_argument("--seconds", type=float, nargs=2, default=(120, 30), help="of either crowd")
    options = parser.parse_args()
    results = asyncio.run(crowds(options.seconds))
    common.print_environment(common.environment("gradio", "onnxruntime"))
    header = next(iter(results.values()))
    print(common.table(["", *header], [[name, *row.values()] for name, row in results.items()]))
    common.write_json(options.json, results)


async def crowds(seconds):
    """Serve the page and let both crowds use it, one after the other."""
    results = {}
    with served() as (address, process):
        crowd = Crowd(address, process)
        await crowd.measure(1, 3, crowd.visitor)  # what is slow only the first time
        for name, count, each_s, person in (
            ("visitors drawing", VISITORS, seconds[0], crowd.visitor),
            ("programs asking", PROGRAMS, seconds[1], crowd.program),
        ):
            results[f"{count} {name}"] = await crowd.measure(count, each_s, person)
            results[f"one after {count} {name}"] = await crowd.measure(1, RECOVERY_S, crowd.visitor)
        await crowd.client.aclose()
    return results


class Crowd:
    """People and programs that use one page, and the statistics of their answers."""

    def __init__(self, address, process):
        self.process = process
        # Uvicorn closes an idle connection after 5 s, and httpx drops it after 5 s, too: a request
        # that was sent on it at that moment would fail.
        limits = httpx.Limits(max_connections=None, keepalive_expiry=2)
        self.client = httpx.AsyncClient(base_url=address, timeout=60, limits=limits)
        config = httpx.get(f"{address}/config").json()
        pad = next(c["id"] for c in config["components"] if c["type"] == "html")
        self.drawings = drawings()
        # Made beforehand: browsers do it on cores of their own.
        self.messages = [[message(pad, picture) for picture in each] for each in self.drawings]

    async def measure(self, count, seconds, person):
        """Let so many of them use the page for so long; return the statistics."""
        self.times, self.busy, self.errors = [], 0, []
        begin = time.perf_counter()
        self.end = begin + seconds
        before = private_mb(self.process.pid)
        await asyncio.gather(*(person(random.Random(seed)) for seed in range(count)))
        seconds = time.perf_counter() - begin
        p50, p95, p99 = np.percentile(self.times or [np.nan], [50, 95, 99]) * 1000
        return {
            "readings": len(self.times),
            "a second": round(len(self.times) / seconds, 1),
            "p50 ms": round(p50, 1),
            "p95 ms": round(p95, 1),
            "p99 ms": round(p99, 1),
            "busy": self.busy,
            "errors": len(self.errors),
            "first error": self.errors[0] if self.errors else None,
            "MB before": before,
            "MB after": private_mb(self.process.pid),
        }

    def running(self):
        """Return whether the crowd is still there."""
        return time.perf_counter() < self.end

    async def visitor(self, rng):
        """Draw digit after digit, at a human pace."""
        await asyncio.sleep(rng.uniform(0, 3))
        while self.running():
            pending = set()
            *growing, whole = rng.choice(self.messages)
            for message in growing:
                if not pending:
                    pending.add(task := asyncio.create_task(self.draw(message)))
                    task.add_done_callback(pending.discard)
                await asyncio.sleep(INTERVAL_S)
            await self.draw(whole, until_read=True)  # pen up
            await asyncio.gather(*pending)
            await asyncio.sleep(rng.uniform(2, 4))

    async def draw(self, message, until_read=False):
        """Send one picture as the page does."""
        begin = time.perf_counter()
        kind = {"Content-Type": "application/json"}
        while found := await self.post("component_server", content=message, headers=kind):
            is_busy = found.get("busy")
            await self.note(begin, found, is_busy, found.get("verdict") != "failed")
            if not (is_busy and until_read):
                break

    async def program(self, rng):
        """Ask again and again."""
        while self.running():
            begin = time.perf_counter()
            picture = rng.choice(self.drawings)[-1]
            uploaded = await self.post("upload", files={"files": ("digit.png", picture)})
            if not uploaded:
                continue
            file = {"path": uploaded[0], "meta": {"_type": "gradio.FileData"}}
            while found := await self.post("run/predict", json={"data": [file]}):
                error = found["data"][0].get("error", "")
                is_busy = "try again" in error
                await self.note(begin, found, is_busy, not error)
                if not is_busy:
                    break

    async def note(self, begin, found, busy, read):
        """Keep the time of a reading, or the answer that has none."""
        if busy:
            self.busy += 1
            await asyncio.sleep(RETRY_S)
        elif read:
            self.times.append(time.perf_counter() - begin)
        else:
            self.errors.append(f"{found}")

    async def post(self, name, **content):
        """Return the answer, or note the error."""
        try:
            response = await self.client.post(f"/gradio_api/{name}", **content)
            response.raise_for_status()
            return response.json()
        except (httpx.HTTPError, ValueError) as error:
            self.errors.append(repr(error))


def message(pad, picture):
    """Write what the page sends for a picture."""
    data = {"picture": "data:image/png;base64," + b64encode(picture).decode()}
    message = {"component_id": pad, "fn_name": "read", "data": data, "session_hash": "load"}
    return json.dumps(message).encode()


def drawings():
    """Draw the examples of the page: of each the 20 pictures of its growth, as bytes of PNGs."""
    return [[png(strokes, share / 20) for share in range(1, 21)] for strokes in EXAMPLES]


def png(strokes, share):
    """Draw that share of the points of some strokes, where they stand on the sheet."""
    left, drawn = math.ceil(share * sum(map(len, strokes))), []
    for stroke in strokes:
        drawn += [np.float32(stroke[:left])] * (left > 0)
        left -= len(stroke)
    points = np.concatenate(drawn)
    low, high = points.min(0), points.max(0)
    file = BytesIO()
    canvas = render(drawn, SIDE, (high - low)[1], (low + high) / 2, PEN / SIDE)
    Image.fromarray(canvas).save(file, "PNG")
    return file.getvalue()


if __name__ == "__main__":
    main()
