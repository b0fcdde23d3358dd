import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.test_recognizer import TRAINING_WING

START = """
import sys

parsed = []
sys.addaudithook(lambda event, args: event == "compile" and parsed.append(args[1]))

import app
from digits import Recognizer

app.build(Recognizer.load())
print(parsed.count("<unknown>"))
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def started():
    """What it took to build the page, in a process of its own: sources parsed, modules."""
    environment = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    output = subprocess.run(
        [sys.executable, "-c", START], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert output.returncode == 0, output.stderr
    parsed, modules = output.stdout.splitlines()[-2:]
    return int(parsed), modules.split()


def test_the_page_loads_nothing_of_training(started):
    assert "gradio" in started[1]
    assert not set(TRAINING_WING) & set(started[1])


def test_gradio_does_not_parse_its_sources_to_write_stubs(started):
    assert started[0] < 40  # of 168 otherwise
