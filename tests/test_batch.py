import csv
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.handwriting import write, write_number
from tests.processes import ENVIRONMENT, run_python

COMMAND = ["-m", "digits", "batch", "pictures", "--out"]


def batch(cwd, out="readings.csv", **environment):
    return run_python(*COMMAND, out, cwd=cwd, **environment)


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def folder(tmp_path):
    """A folder with a folder `pictures`: a digit, a number, not a picture, something hidden."""
    pictures = tmp_path / "pictures"
    (pictures / "deeper").mkdir(parents=True)
    write(7).save(pictures / "deeper" / "se,ven é.png")
    write_number(4, 5, 0).save(pictures / "number.png")
    (pictures / "notes.txt").write_text("no picture")
    (pictures / ".hidden").write_text("no picture")
    return tmp_path


def test_a_file_of_any_name_takes_the_readings(folder):
    result = batch(folder, "ö.csv", PYTHONIOENCODING="ascii")
    assert result.stdout.startswith("\\xf6.csv: 3 files")
    assert result.stderr.count("Traceback") == 0


def test_a_row_for_each_file(folder):
    result = batch(folder)
    seven, notes, number = rows(folder / "readings.csv")
    assert (seven["file"], seven["digit"], seven["verdict"]) == (
        "deeper/se,ven é.png",
        "7",
        "digit",
    )
    assert seven["text"] == "7"
    assert seven["probability"] == seven["min_probability"] > "0.9"
    assert notes["file"] == "notes.txt"
    assert "not a picture" in notes["error"]
    assert (number["file"], number["text"], number["error"]) == ("number.png", "450", "")
    assert result.returncode == 1  # one file could not be read, as for `read`
    assert result.stdout == "readings.csv: 3 files, 1 of which could not be read\n"


def test_a_row_that_was_cut_off_is_written_again(folder):
    batch(folder)
    out = folder / "readings.csv"
    complete = out.read_bytes()
    header, first, second, _ = complete.splitlines(keepends=True)
    for unfinished in (
        b"",
        header[:10],
        header + first[:20],
        header + first + second[:-1],
        header + first + second + b'number.png,digit,4,0.9,"4\n',
    ):
        out.write_bytes(unfinished)
        batch(folder)
        assert out.read_bytes() == complete


def test_only_what_is_new_is_read(folder):
    batch(folder)
    out = folder / "readings.csv"
    before = out.read_bytes()
    (folder / "pictures" / "number.png").write_text("changed")
    write(3).save(folder / "pictures" / "another.png")
    said = "readings.csv: 4 files, 1 of which could not be read; 3 had been read before\n"
    assert batch(folder).stdout == said
    assert out.read_bytes().startswith(before)
    assert [row["file"] for row in rows(out)[3:]] == ["another.png"]


def test_another_file_is_left_as_it_is(folder):
    batch(folder)
    out = folder / "readings.csv"
    header, *readings = out.read_bytes().splitlines(keepends=True)
    for content in (b"precious", b"".join([header, b"a note of mine\r\n", *readings])):
        out.write_bytes(content)
        result = batch(folder)
        sentence = "readings.csv holds something other than readings: give another --out."
        assert result.stderr.strip() == sentence
        assert result.returncode == 1
        assert out.read_bytes() == content


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path):
    result = batch(tmp_path)
    assert result.stderr == "There is no folder pictures: check its name.\n"
    assert result.returncode == 1


@pytest.mark.parametrize("out", [".", "missing/out.csv", os.devnull])
def test_what_cannot_be_written_is_a_sentence(tmp_path, out):
    (tmp_path / "pictures").mkdir()
    result = batch(tmp_path, out)
    assert result.stderr.startswith(out)
    assert result.stderr.endswith("give another --out.\n")
    assert result.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL and SIGINT")
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_batch_that_was_stopped_goes_on_and_loses_no_file(tmp_path, kill):
    pictures, out = tmp_path / "pictures", tmp_path / "readings.csv"
    for i in range(1200):
        path = pictures / f"{i % 7}" / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if i < 10:
            write(i, size=100, pen=5).save(path)
        else:
            os.link(pictures / f"{i % 10 % 7}" / f"{i % 10}.png", path)

    command = [sys.executable, *COMMAND, out.name]
    first = subprocess.Popen(
        command, cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE, start_new_session=True
    )
    while first.poll() is None and not (out.exists() and out.stat().st_size > 2000):
        time.sleep(0.02)
    os.kill(first.pid, kill)
    _, said = first.communicate(timeout=30)  # once its processes are gone, too
    if kill == signal.SIGINT:
        assert b"Stopped: run the same command again to resume." in said
        assert b"Traceback" not in said
    before = out.read_bytes()
    assert 0 < before.count(b"\n") < 1201

    assert batch(tmp_path).returncode == 0
    assert out.read_bytes().startswith(before[: before.rfind(b"\n") + 1])
    read = {row["file"]: row["digit"] for row in rows(out)}
    assert len(rows(out)) == len(read) == 1200
    assert all(read[f"{i % 7}/{i}.png"] == f"{i % 10}" for i in range(1200))
