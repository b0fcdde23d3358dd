"""What the benchmarks share: options, data, the machine, Markdown tables, and figures as JSON."""

import argparse
import json
import os
import platform
from importlib.metadata import version
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
    """Return median, 95th percentile (of fewer than 20 the largest) and number of some values.

    None if there are none.
    """
    if not len(values):
        return None
    percentiles = np.percentile(values, [50, 95 if len(values) >= 20 else 100])
    median, high = (round(float(value), digits) for value in percentiles)
    return {"median": median, "high": high, "n": len(values)}


def subsample(items, limit):
    """Take `limit` of some items, evenly spaced; all if there are fewer, or `limit` is None."""
    if limit is None or len(items) <= limit:
        return items
    picked = np.linspace(0, len(items) - 1, limit).astype(int)
    return items[picked] if isinstance(items, np.ndarray) else [items[i] for i in picked]


def unipen_digits():
    """Load the UNIPEN digits, without the segments that do not hold one whole character."""
    from digits.training.stroke_shapes import isolated_digits
    from digits.training.unipen import load_unipen

    return isolated_digits(load_unipen())


def digits_of_test_writers():
    """Load the UNIPEN digits that a benchmark may read: those of the test writers."""
    from digits.training.writers import split_by_writer

    return split_by_writer(unipen_digits())["test"]


def hands(drawings):
    """Sort drawings by who drew them: a list of each writer's."""
    by_writer = {}
    for drawing in drawings:
        by_writer.setdefault(drawing.writer, []).append(drawing)
    return [by_writer[writer] for writer in sorted(by_writer)]


def environment(*packages):
    """Describe the machine and the versions of Python and of some packages."""
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in packages},
    }


def print_environment(environment):
    """Print what `environment` describes, in two lines."""
    print(f"{environment['machine']}, Python {environment['python']}")
    print(", ".join(f"{name} {number}" for name, number in environment["versions"].items()))
