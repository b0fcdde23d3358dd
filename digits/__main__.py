"""Read picture files on the command line, or a folder of them into a CSV file.

python -m digits read FILE... [--json]
python -m digits batch FOLDER --out results.csv
"""

import argparse
import json
import os
import sys
from concurrent.futures.process import BrokenProcessPool

from digits import Recognizer, __version__
from digits.batch import BatchError, read_folder
from digits.model_file import ModelFileError, load_metadata, model_path
from digits.program_answer import program_answer


def main(arguments=None):
    """Run a command.

    Parameters
    ----------
    arguments : list of str, optional
        Default: those of the process.

    Returns
    -------
    int
        Exit status: 0; 1 if the model, a file or a folder could not be used; 130 if it was
        interrupted; 141 if the reader of its output has closed the pipe.
    """
    parser = argparse.ArgumentParser(
        prog="python -m digits", description="Read handwritten digits."
    )
    parser.add_argument("--version", action="version", version=f"digits {__version__}")
    commands = parser.add_subparsers(required=True)
    read = commands.add_parser("read", help="read the digits in each picture, one line per file")
    read.add_argument("files", nargs="+", metavar="FILE")
    read.add_argument("--json", action="store_true", help="print one JSON object per line")
    read.set_defaults(run=_read)
    batch = commands.add_parser(
        "batch", help="read a folder on all cores; if interrupted, run it again to resume"
    )
    batch.add_argument("folder", metavar="FOLDER")
    batch.add_argument(
        "--out", required=True, metavar="FILE", help="the CSV file to write, one for each folder"
    )
    batch.set_defaults(run=_batch)
    options = parser.parse_args(arguments)
    sys.stdout.reconfigure(errors="backslashreplace")  # a file name may be any bytes
    try:
        return options.run(options)
    except ModelFileError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:  # of the output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for Python's last flush
        if isinstance(error, BrokenPipeError):  # as of `| head`
            return 141  # what a shell returns for it
        print(f"The answers cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130  # what a shell returns for it


def _read(options):
    recognizer, status = Recognizer.load(), 0
    for file in options.files:
        found = program_answer(recognizer, file, file)
        print(json.dumps(found) if options.json else _in_words(found))
        if "error" in found:
            status = 1
    sys.stdout.flush()
    return status


def _batch(options):
    load_metadata(model_path())  # a sentence now, instead of one from each process
    try:
        files, failed, earlier = read_folder(options.folder, options.out, _show_progress)
    except (BatchError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenProcessPool:
        print("\nA process was killed: run the same command again to resume.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped: run the same command again to resume.", file=sys.stderr)
        return 130
    before = f"; {earlier:,} had been read before" if earlier else ""
    print(f"{options.out}: {files:,} files, {failed:,} of which could not be read{before}")
    return int(failed > 0)


def _show_progress(read, files):
    end = "\n" if read == files else ""
    print(f"\r{read:,} of {files:,} files", end=end, file=sys.stderr, flush=True)


def _in_words(found):
    if "error" in found:
        said = f"error: {found['error']}"
    elif len(found["digits"]) > 1:
        unsure = sum(digit["verdict"] == "unsure" for digit in found["digits"])
        said = f"{' '.join(found['text'].split())} ({len(found['digits'])} digits"
        said += f", {unsure} unsure)" if unsure else ")"
    elif found["digits"]:
        [digit] = found["digits"]
        said = f"{digit['digit']} ({digit['verdict']}, {digit['probability']:.1%})"
    else:
        said = found["verdict"].replace("_", " ")
    name = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in found["file"])
    return f"{name}: {said}"  # one line, whatever the name


if __name__ == "__main__":
    sys.exit(main())
