import json
import os
import subprocess
import sys

import pytest

from digits import __version__
from tests.conftest import ROOT
from tests.handwriting import write, write_number


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    write(3).save(folder / "three.png")
    write(7).convert("RGB").save(folder / "seven.jpg")
    write_number(4, 5, 0).save(folder / "number.png")
    (folder / "notes.txt").write_text("no picture")
    return folder


def digits(*arguments, cwd):
    environment = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    return subprocess.run(
        [sys.executable, "-m", "digits", *arguments],
        cwd=cwd,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def test_one_json_object_a_line_in_order(pictures):
    files = ["three.png", "notes.txt", "seven.jpg", "missing.png"]
    result = digits("read", *files, "--json", cwd=pictures)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["file"] for answer in answers] == files
    assert [answer.get("digit") for answer in answers] == [3, None, 7, None]
    assert ["error" in answer for answer in answers] == [False, True, False, True]
    assert list(answers[0]) == ["file", "verdict", "digit", "digits", "probabilities"]
    assert [answer.get("digits") for answer in answers] == [[3], None, [7], None]
    assert sum(answers[0]["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr


def test_lines_for_people(pictures):
    result = digits("read", "three.png", "seven.jpg", "number.png", cwd=pictures)
    first, second, third = result.stdout.splitlines()
    assert first.startswith("three.png: 3 (digit, ")
    assert second.startswith("seven.jpg: 7 (")
    assert third == "number.png: 450 (number)"
    assert result.returncode == 0


def test_a_missing_model_is_one_sentence(pictures):
    os.environ["DIGITS_MODEL"] = "none.keras"
    try:
        result = digits("read", "three.png", cwd=pictures)
    finally:
        del os.environ["DIGITS_MODEL"]
    assert result.returncode == 1
    assert result.stderr.strip().startswith("There is no model none.keras")
    assert len(result.stderr.strip().splitlines()) == 1


def test_version(tmp_path):
    assert digits("--version", cwd=tmp_path).stdout == f"digits {__version__}\n"
