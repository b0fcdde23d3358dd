import json
import os
import subprocess
import sys
from functools import partial

import pytest
from PIL import Image, ImageDraw

from digits import __version__
from tests.handwriting import write, write_number
from tests.processes import ENVIRONMENT, run_python


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    write(3).save(folder / "three.png")
    write(7).convert("RGB").save(folder / "seven.jpg")
    write_number(4, 5, 0).save(folder / "number.png")
    Image.new("L", (50, 50), 255).save(folder / "blank.png")
    (folder / "notes.txt").write_text("no picture")
    return folder


digits = partial(run_python, "-m", "digits")


def test_one_json_object_a_line_in_order(pictures):
    files = ["three.png", "notes.txt", "seven.jpg", "missing.png", "number.png"]
    result = digits("read", *files, "--json", cwd=pictures)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["file"] for answer in answers] == files
    assert [answer.get("digit") for answer in answers[:4]] == [3, None, 7, None]
    assert [answer.get("text") for answer in answers] == ["3", None, "7", None, "450"]
    assert [answer.keys() == {"file", "error"} for answer in answers] == [0, 1, 0, 1, 0]
    assert result.returncode == 1
    assert "Traceback" not in result.stderr


def test_lines_for_people(pictures):
    result = digits("read", "three.png", "number.png", "blank.png", cwd=pictures)
    assert "This is a folder" in digits("read", ".", cwd=pictures).stdout
    three, number, blank = result.stdout.splitlines()
    assert three.startswith("three.png: 3 (digit, ")
    assert number == "number.png: 450 (3 digits)"
    assert blank == "blank.png: blank"
    assert result.returncode == 0
    missing = digits("read", "missing.png", "three.png", cwd=pictures)
    assert missing.stdout.splitlines()[0].startswith("missing.png: error: There is no such file")
    assert "check its name" in digits("read", "three.png/four.png", cwd=pictures).stdout
    assert missing.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="pipes of another kind")
def test_a_reader_that_has_enough_of_it_ends_it(pictures):
    command = [sys.executable, "-m", "digits", "read", *["three.png"] * 3000, "--json"]
    with subprocess.Popen(
        command, cwd=pictures, env=ENVIRONMENT, stdout=-1, stderr=-1, text=True
    ) as process:
        assert json.loads(process.stdout.readline())["digit"] == 3
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_gets_a_sentence(pictures):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "digits", "read", "three.png"]
        result = subprocess.run(
            command, cwd=pictures, env=ENVIRONMENT, stdout=full, stderr=-1, text=True
        )
    assert result.stderr == "The answers cannot be written: No space left on device.\n"
    assert result.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="file names are Unicode on Windows")
def test_a_file_takes_one_line_whatever_its_name(tmp_path):
    write(3).save(tmp_path / "a\nb.png")
    [line] = digits("read", "a\nb.png", cwd=tmp_path).stdout.splitlines()
    assert line.startswith("a\\nb.png: 3")


@pytest.mark.skipif(os.name == "nt", reason="file names are Unicode on Windows")
def test_a_file_name_may_be_any_bytes(tmp_path):
    for name in (b"\xff.png", b"three.png"):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            write(3).save(file, "PNG")
    names = [os.fsdecode(b"\xff.png"), "three.png"]
    said = digits("read", *names, cwd=tmp_path, PYTHONIOENCODING="utf-8:strict").stdout
    odd, three = said.splitlines()
    assert odd.startswith("\\udcff.png: 3 (digit, ")
    assert three.startswith("three.png: 3 (digit, ")


def test_a_digit_beside_a_word_is_told_as_the_answer_has_it(tmp_path):
    pen = ImageDraw.Draw(picture := Image.new("L", (900, 300), 255))
    pen.text((200, 150), "abc", 0, font_size=120, anchor="mm")
    picture.paste(write(7).resize((260, 260)), (600, 20))
    picture.save(tmp_path / "word.png")
    [line] = digits("read", "word.png", cwd=tmp_path).stdout.splitlines()
    assert line.startswith("word.png: 7 (unsure, ")


def test_a_missing_model_is_one_sentence(pictures):
    result = digits("read", "three.png", cwd=pictures, DIGITS_MODEL="none.keras")
    assert result.returncode == 1
    assert result.stderr.startswith("There is no model none.keras")
    assert len(result.stderr.splitlines()) == 1


def test_version(tmp_path):
    assert digits("--version", cwd=tmp_path).stdout == f"digits {__version__}\n"
