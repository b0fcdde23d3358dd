"""How long the page takes from ``python app.py`` to the first 200, and what it weighs then.

    python -m benchmarks.startup                 # the backends that are installed, 5 starts each
    python -m benchmarks.startup --starts 10 --json startup.json

Each start is a process of its own, after one that warms the disk's cache and is not counted; the
backends take turns. Memory is what the process holds (resident) after its first answer. The
packages of an environment with requirements.txt alone start fastest: Keras also imports some
others when it finds them.
"""

import argparse
import json
import os
import platform
import subprocess
import time
import urllib.request
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from benchmarks.server import served

BACKENDS = ("openvino", "tensorflow", "jax", "torch")


def main():
    """Measure, print the table, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--starts", type=int, default=5, help="of each backend")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()

    backends = [name for name in BACKENDS if find_spec(name)]
    starts = {name: [] for name in backends}
    for turn in range(options.starts + 1):
        for name in backends:
            figures = start(name)
            if turn:
                starts[name].append(figures)

    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(", ".join(f"{package} {version(package)}" for package in ("gradio", "keras", *backends)))
    print(
        "\n| backend | n | seconds, median | min | max | MB resident |\n|---|---|---|---|---|---|"
    )
    for name, figures in starts.items():
        seconds, memory = (sorted(column) for column in zip(*figures, strict=True))
        middle = len(figures) // 2
        print(
            f"| {name} | {len(figures)} | {seconds[middle]:.1f} | {seconds[0]:.1f} | "
            f"{seconds[-1]:.1f} | {memory[middle]:.0f} |"
        )
    for name in set(BACKENDS) - set(backends):
        print(f"\n{name} is not installed: left out.")
    if options.json:
        options.json.write_text(json.dumps(starts, indent=2) + "\n")


def start(backend):
    """Start the page once; return the seconds until it answers and its memory in MB."""
    begin = time.perf_counter()
    with served(KERAS_BACKEND=backend) as (address, server):
        urllib.request.urlopen(address, timeout=30).close()
        return time.perf_counter() - begin, resident(server.pid)


def resident(pid):
    """Return the resident memory of a process in MB."""
    kilobytes = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
    ).stdout
    return int(kilobytes) / 1000


if __name__ == "__main__":
    main()
