"""The readings of tests/golden.py are those in tests/data/golden.json, on every backend."""

import json
import os
import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest

from benchmarks.server import ROOT
from digits.recognizer import MODEL
from tests.golden import GOLDEN, unpack

EXPECTED = json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_golden_readings_are_those_of_this_model():
    assert EXPECTED["sha256"] == sha256(MODEL.read_bytes()).hexdigest(), (
        "The model was replaced. If that was meant, run: python -m tests.golden --write"
    )


@pytest.mark.parametrize("backend", ["openvino", "tensorflow"])
def test_every_reading_is_the_golden_one(backend):
    command = [sys.executable, "-m", "tests.golden"]
    environment = os.environ | {"KERAS_BACKEND": backend}
    printed = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    readings = json.loads(printed)["readings"]
    assert readings.keys() == EXPECTED["readings"].keys()
    for name, reading in readings.items():
        expected = EXPECTED["readings"][name]
        assert (reading["verdict"], reading["number"]) == (
            expected["verdict"],
            expected["number"],
        ), name
        for key, values in (("probabilities", np.array), ("seen", unpack)):
            difference = np.abs(values(reading[key]) - values(expected[key])).max()
            assert difference < 1e-4, (name, key, difference)
