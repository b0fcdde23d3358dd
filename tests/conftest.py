import os
from contextlib import ExitStack

# One backend a process: the tests of training need TensorFlow.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "Agg")

import pytest

from benchmarks.server import launch_chromium, served
from digits import Recognizer
from tests.handwriting import write


def missing(what):
    """Skip a test for want of something that the continuous integration must have."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


@pytest.fixture(scope="session")
def mnist_train():
    from digits.training import mnist

    if not os.environ.get("DIGITS_MNIST"):
        pytest.skip("set DIGITS_MNIST to the path of mnist.npz to test with the real images")
    return mnist.load_train()


@pytest.fixture(scope="session")
def unipen():
    from digits.training.unipen import load_unipen

    if not os.environ.get("DIGITS_UNIPEN"):
        pytest.skip("set DIGITS_UNIPEN to the folder of a UNIPEN collection to test with it")
    return load_unipen()


@pytest.fixture(scope="session")
def recognizer():
    return Recognizer.load()


@pytest.fixture
def seven(tmp_path):
    """A picture file with a 7 in it."""
    write(7).save(tmp_path / "seven.png")
    return tmp_path / "seven.png"


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """The address of the page, whose log has no traceback in the end, whatever was sent."""
    log = tmp_path_factory.mktemp("app") / "log"
    with served(log=log) as (address, _):
        yield address
    assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def chromium():
    # The browser is only for these tests: without it the others still run.
    from playwright.sync_api import Error, expect, sync_playwright

    expect.set_options(timeout=20_000)  # milliseconds: a machine may be busy
    with sync_playwright() as playwright:
        try:
            browser = launch_chromium(playwright.chromium)
        except Error as error:
            missing(f"There is no Chromium (run: playwright install chromium). {error.message}")
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    """An empty tab of a browser that was never at the page."""
    tab = chromium.new_page()
    yield tab
    tab.context.close()


@pytest.fixture
def open_page(app, chromium):
    """Have one more visitor at the page, with the arguments of `Visit`."""
    from tests.browser import Visit

    with ExitStack() as visits:
        yield lambda **how: visits.enter_context(Visit(chromium, app, **how))


@pytest.fixture(scope="module")
def desktop(app, chromium):
    from tests.browser import DESKTOP, Visit

    with Visit(chromium, app, **DESKTOP) as visit:
        yield visit


@pytest.fixture
def page(desktop):
    """The page on a desktop, with a blank pad."""
    from tests.browser import DESKTOP

    desktop.page.set_viewport_size(DESKTOP["viewport"])
    desktop.complaints.clear()
    desktop.clear()
    return desktop


@pytest.fixture(scope="module")
def pocket(app, chromium):
    from tests.browser import PHONE, Visit

    with Visit(chromium, app, **PHONE) as visit:
        yield visit


@pytest.fixture
def phone(pocket):
    """The page on a phone, in the dark, with a blank pad."""
    from tests.browser import PHONE

    pocket.page.set_viewport_size(PHONE["viewport"])
    pocket.clear()
    return pocket
