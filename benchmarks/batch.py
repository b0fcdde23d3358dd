"""Read a folder of any number of pictures with Dask, on the cores of this machine or on a cluster.

    pip install distributed
    python -m benchmarks.batch scans readings               # a worker for each core
    python -m benchmarks.batch scans readings --cluster tcp://scheduler:8786

Every worker loads the model once. `readings` gets files of JSON lines, each line as
``python -m digits read --json`` prints it, pictures that cannot be read with their error. A part
is written whole or not at all, and what is written is not read again: stop it, or lose a machine,
and the same command goes on. On a cluster all machines need both folders.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from uuid import uuid4

from distributed import Client, LocalCluster, WorkerPlugin, as_completed, get_worker

from digits import Recognizer
from digits.drawing import PictureError

PART = 500  # pictures in one task and one file


class Model(WorkerPlugin):
    """The recognizer of a worker."""

    def setup(self, worker):
        """Load it, once, before the worker's first task."""
        worker.recognizer = Recognizer.load()


def main():
    """Read what is not read yet; exit with 1 if a part could not be written."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pictures", type=Path)
    parser.add_argument("readings", type=Path)
    parser.add_argument("--cluster", help="address of a Dask scheduler; default: this machine")
    options = parser.parse_args()

    options.readings.mkdir(parents=True, exist_ok=True)
    done = {
        json.loads(line)["file"]
        for part in options.readings.glob("*.jsonl")
        for line in part.read_text(encoding="utf-8").splitlines()
    }
    files = sorted(str(path) for path in options.pictures.rglob("*") if path.is_file())
    left = [file for file in files if file not in done]
    parts = [left[start : start + PART] for start in range(0, len(left), PART)]
    print(f"{len(files)} pictures, {len(left)} to read")

    here = None if options.cluster else LocalCluster(threads_per_worker=1, dashboard_address=None)
    with Client(options.cluster or here) as client:
        client.register_plugin(Model())
        tasks = client.map(read_part, parts, folder=options.readings.resolve(), retries=3)
        failed = 0
        for number, task in enumerate(as_completed(tasks), 1):
            failed += task.status != "finished"
            print(f"part {number} of {len(tasks)}", flush=True)
    if here:
        here.close()
    if failed:
        sys.exit(f"{failed} parts could not be written: run the same command again.")


def read_part(files, folder):
    """Read some pictures, on a worker, and write their lines at once."""
    lines = []
    for file in files:
        try:
            lines.append({"file": file, **get_worker().recognizer.read_file(file)})
        except PictureError as error:
            lines.append({"file": file, "error": str(error)})
    unfinished = folder / f"{uuid4()}.unfinished"
    unfinished.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    os.replace(unfinished, unfinished.with_suffix(".jsonl"))


if __name__ == "__main__":
    main()
