import os
import shutil
import subprocess
import sys

# One backend a process: the tests of training need TensorFlow. Tests of serving start processes
# of their own, which choose theirs as they do for a user.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "Agg")

import pytest

from benchmarks.server import ROOT, served
from digits import mnist


@pytest.fixture(scope="session")
def mnist_train():
    if not os.environ.get("DIGITS_MNIST"):
        pytest.skip("set DIGITS_MNIST to the path of mnist.npz to test with the real images")
    return mnist.load_train()


def start_app(**environment):
    """Start ``python app.py``, in a process that chooses its own backend."""
    inherited = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    return subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=inherited | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="session")
def app():
    with served() as (address, _):
        yield address


@pytest.fixture(scope="session")
def chromium():
    # The browser is only for these tests: without it the others still run.
    from playwright.sync_api import Error, expect, sync_playwright

    expect.set_options(timeout=20_000)  # milliseconds: a machine may be busy
    installed = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=next(installed, None),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
        except Error as error:
            reason = f"There is no Chromium (run: playwright install chromium). {error.message}"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        yield browser
        browser.close()
