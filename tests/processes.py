"""Python in a process of its own, which finds this project wherever it runs."""

import os
import subprocess
import sys

from benchmarks.server import ROOT

ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def run_python(*arguments, cwd=ROOT, **environment):
    """Run Python and wait for its end: status, output and errors."""
    command, environment = [sys.executable, *arguments], ENVIRONMENT | environment
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
