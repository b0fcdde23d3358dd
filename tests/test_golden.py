"""The readings of tests/golden.py are those in tests/data/golden.json."""

import json
from hashlib import sha256

import numpy as np

from digits.model_file import MODEL
from tests.golden import GOLDEN, golden, unpack

EXPECTED = json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_golden_readings_are_those_of_this_model():
    assert EXPECTED["sha256"] == sha256(MODEL.read_bytes()).hexdigest(), (
        "The model was replaced. If that was meant, run: python -m tests.golden --write"
    )


def test_every_reading_is_the_golden_one():
    readings = golden()["readings"]
    assert readings.keys() == EXPECTED["readings"].keys()
    for name, reading in readings.items():
        expected = EXPECTED["readings"][name]
        assert (reading["verdict"], reading["number"]) == (
            expected["verdict"],
            expected["number"],
        ), name
        for key, values in (("probabilities", np.array), ("model_input", unpack)):
            difference = np.abs(values(reading[key]) - values(expected[key])).max()
            assert difference < 1e-4, (name, key, difference)
