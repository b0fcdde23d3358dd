"""What the benchmarks share: options, data, Markdown tables, and the figures as JSON."""

import argparse
import json
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
"""Of the project."""


def command_line(description, json_file=None):
    """Make a parser with the option ``--json``, described by a module's docstring."""
    parser = argparse.ArgumentParser(description=description.partition("\n")[0])
    parser.add_argument(
        "--json", type=Path, default=json_file, help="write the figures to this file"
    )
    return parser


def write_json(path, figures):
    """Write figures to a file, or not at all if `path` is None."""
    if path:
        path.write_text(json.dumps(figures, indent=2, default=float) + "\n", encoding="utf-8")


def table(header, rows):
    """Make a Markdown table, as one string."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def percent(share, digits=2):
    """Write a share of 1 as a percentage; None, of nothing, as a dash."""
    return "-" if share is None else f"{share:.{digits}%}"


def spread(values, digits=1):
    """Return median, 95th percentile and number of some values; None if there are none."""
    if not len(values):
        return None
    median, p95 = (round(float(value), digits) for value in np.percentile(values, [50, 95]))
    return {"median": median, "p95": p95, "n": len(values)}


def subsample(items, limit):
    """Take `limit` to twice as many of some items, evenly spaced; all if `limit` is None."""
    return items[:: max(1, len(items) // limit)] if limit else items


def unipen_digits(path=None):
    """Load the UNIPEN digits, without the segments that do not hold one whole character."""
    from digits.training.stroke_shapes import isolated_digits
    from digits.training.unipen import load_unipen

    return isolated_digits(load_unipen(path))


def digits_of_test_writers(path=None):
    """Load the UNIPEN digits that a benchmark may read: those of the test writers."""
    from digits.training.writers import split_by_writer

    return split_by_writer(unipen_digits(path))["test"]


def environment(*packages):
    """Describe the machine and the versions of Python and of those packages that are installed."""
    versions = {}
    for name in packages:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": versions,
    }


def print_environment(environment):
    """Print what `environment` describes, in two lines."""
    print(f"{environment['machine']}, Python {environment['python']}")
    print(", ".join(f"{name} {number}" for name, number in environment["versions"].items()))


def resident_mb(pid):
    """Measure the resident memory of a process, in MB."""
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    kilobytes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return round(int(kilobytes) / 1000, 1)


def private_mb(pid):
    """Measure the memory of a process on Linux that it shares with no other one, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    kilobytes = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return round(kilobytes * 1.024 / 1000, 1)
