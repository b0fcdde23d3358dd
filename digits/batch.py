"""Read a folder of pictures on all cores, and write a CSV file with one row for each picture."""

import csv
import signal
from itertools import repeat
from pathlib import Path

from digits.processes import start_workers
from digits.program_answer import program_answer
from digits.recognizer import Recognizer

COLUMNS = ("file", "verdict", "digit", "probability", "text", "min_probability", "error")
_FOREIGN = "{} holds something other than readings: give another --out."
_PICTURES = 50  # in one task: its rows are written together
_CODING = {"encoding": "utf-8", "errors": "surrogateescape"}  # a file name may be any bytes


class BatchError(ValueError):
    """The folder or the CSV file cannot be used; the message says what to do."""


def read_folder(folder, out, progress):
    """Read all files of a folder and of the folders in it, except hidden ones.

    Each process loads the model of `digits.Recognizer.load` once. Rows are appended in the order of
    the file names. Files that have a row already are not read again: after an interruption the same
    call reads the rest. A row has these columns, empty where they do not apply:

    - ``file``: the path in `folder`, with ``/``
    - ``verdict``, ``digit``, ``probability``: of the picture as one digit
    - ``text``: all digits found, in reading order, lines separated by a newline
    - ``min_probability``: of the least certain of these digits
    - ``error``: a sentence, if the file cannot be read

    Parameters
    ----------
    folder, out : path-like
        `out` may be in `folder`.
    progress : callable
        Called with the number of rows that are written and the number of files.

    Returns
    -------
    files, failed, earlier : int
        Rows in `out`, and how many of them have an error and are of an earlier call.

    Raises
    ------
    BatchError
        If there is no such folder, or `out` cannot be written or holds anything but rows of an
        earlier call.
    concurrent.futures.process.BrokenProcessPool
        If a process is ended from outside.
    """
    folder, out = Path(folder), Path(out)
    if not folder.is_dir():
        raise BatchError(f"There is no folder {folder}: check its name.")
    try:
        rows = _rows_of_earlier_call(out)
    except OSError as error:
        raise BatchError(f"{out} cannot be written ({error}): give another --out.") from error
    done, failed = {row["file"] for row in rows}, sum(bool(row["error"]) for row in rows)
    written = len(rows)
    files = sorted(_files(folder, out) - done)
    tasks = [files[i : i + _PICTURES] for i in range(0, len(files), _PICTURES)]
    workers = start_workers(None, _load_recognizer)
    try:
        with out.open("a", newline="", **_CODING) as file:
            writer = csv.DictWriter(file, COLUMNS)
            if not file.tell():
                writer.writeheader()
            for new in workers.map(_read, repeat(folder), tasks):
                writer.writerows(new)
                file.flush()
                failed += sum("error" in row for row in new)
                written += len(new)
                progress(written, len(done) + len(files))
    finally:
        workers.shutdown(cancel_futures=True)
    return written, failed, len(rows)


def _files(folder, out):
    found = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    if out.resolve().is_relative_to(folder.resolve()):
        found.discard(out.resolve().relative_to(folder.resolve()))
    visible = (path for path in found if not any(part.startswith(".") for part in path.parts))
    return {path.as_posix() for path in visible}


def _rows_of_earlier_call(out):
    """Read the rows of a file, made if there is none, and cut off a last one that is unfinished."""
    rows, header = [], (",".join(COLUMNS) + "\r\n").encode()
    if not out.exists():
        out.touch()
        return rows
    if not out.is_file():
        raise BatchError(f"{out} is not a regular file: give another --out.")
    with out.open("r+b") as file:
        start = file.readline(len(header))
        if not header.startswith(start):
            raise BatchError(_FOREIGN.format(out))
        complete = file.tell() if start == header else 0
        whole_lines = (line.decode(**_CODING) for line in file if line.endswith(b"\n"))
        try:
            for row in csv.reader(whole_lines, strict=True):
                rows.append(dict(zip(COLUMNS, row, strict=True)))
                complete = file.tell()
        except (csv.Error, ValueError) as error:
            if file.read(1):
                raise BatchError(_FOREIGN.format(out)) from error
            # The last row: it ended within a quoted text.
        file.truncate(complete)
    return rows


def _load_recognizer():
    global _recognizer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one
    _recognizer = Recognizer.load()


def _read(folder, files):
    return [_row(program_answer(_recognizer, folder / file, file)) for file in files]


def _row(found):
    if "error" in found:
        return found
    row = {column: found[column] for column in ("file", "verdict", "digit", "text")}
    if found["digit"] is not None:
        row["probability"] = found["probabilities"][found["digit"]]
    if found["digits"]:
        row["min_probability"] = min(digit["probability"] for digit in found["digits"])
    return row
