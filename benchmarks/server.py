"""The page on a free port of this machine, and the browser that visits it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks.common import ROOT

EXPOSE_GC = "--js-flags=--expose-gc"


@contextmanager
def served(command=("app.py",), prefix=(), log=None, **environment):
    """Serve a page in a process of its own, and stop it afterwards.

    Python runs `command`, which must listen on the port in ``GRADIO_SERVER_PORT``; `prefix` runs
    Python, and must become that process itself in the end. What it says of errors goes to the file
    `log`, or to the terminal. Yields its address and process once the page answers.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    own = {"GRADIO_SERVER_PORT": str(port), "PYTHONPATH": str(ROOT)}
    with open(log or os.devnull, "w") as errors:
        process = subprocess.Popen(
            [*prefix, sys.executable, *command],
            cwd=ROOT,
            env=os.environ | own | environment,
            stdout=subprocess.DEVNULL,
            stderr=errors if log else None,
        )
    try:
        while True:
            if process.poll() is not None:
                raise RuntimeError(f"The page ended with status {process.returncode}.")
            try:
                urlopen(f"{address}/config", timeout=30).close()
                break
            except OSError:
                time.sleep(0.02)
        yield address, process
    finally:
        process.terminate()
        process.wait(30)


def launch_chromium(chromium, *options):
    """Start headless Chromium: the one installed on this machine, else Playwright's own."""
    installed = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    return chromium.launch(
        executable_path=next(installed, None),
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", *options],
    )


def renderer_mb(page):
    """Measure the memory of the largest page of a browser on Linux, in MB; see `private_mb`.

    The garbage of `page` is collected first: Chromium lets some 100 MB of it lie. That of its
    workers is, too, if the browser was launched with `EXPOSE_GC`.
    """
    for worker in page.workers:
        worker.evaluate("globalThis.gc?.()")
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    session = page.context.browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max(private_mb(each["id"]) for each in processes if each["type"] == "renderer")


def private_mb(pid):
    """Measure the memory of a process on Linux that it shares with no other one, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    kilobytes = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return round(kilobytes * 1.024 / 1000, 1)
