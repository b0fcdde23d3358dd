"""The page, or another one, on a free port of this machine."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def served(command=("app.py",), prefix=(), **environment):
    """Run a page as a visitor's server would, until it is no longer needed.

    Parameters
    ----------
    command : sequence of str
        What Python runs; it must listen on the port in ``GRADIO_SERVER_PORT``.
    prefix : sequence of str
        What runs Python: it must become that process itself in the end, to be stopped.
    **environment : str
        Variables that are set for it. ``KERAS_BACKEND`` is not inherited: the page chooses.

    Yields
    ------
    address : str
        Once it answers.
    process : subprocess.Popen

    Raises
    ------
    RuntimeError
        If it ends before it answers.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    inherited = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    paths = {"GRADIO_SERVER_PORT": str(port), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [*prefix, sys.executable, *command],
        cwd=ROOT,
        env=inherited | paths | environment,
        stdout=subprocess.DEVNULL,
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
