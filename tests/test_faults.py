"""What goes wrong around the app: settings, full and read-only disks, a clock that is set back.

Other faults are tested where they belong: broken and hostile models in test_engine, the kill of a
training in test_notebook, the network that is cut in test_server. The tests that need root, Linux
or a C compiler are skipped without.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests

from benchmarks.server import ROOT, served
from digits.model_file import MODEL
from tests.handwriting import write
from tests.picture_files import saved
from tests.processes import run_python
from tests.visitor import MARK, Visitor


def refusal(command=(), **environment):
    """Start the app, expect it to give up, and return the one line that it says."""
    result = subprocess.run(
        [*command, sys.executable, "app.py"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 1
    [said] = result.stderr.splitlines()
    return said


def test_what_stops_the_start_is_said_in_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        said = refusal(GRADIO_SERVER_PORT=port)
    assert port in said
    assert "GRADIO_SERVER_PORT" in said
    for name in ("::1", "nowhere.invalid"):
        said = refusal(GRADIO_SERVER_PORT=port, GRADIO_SERVER_NAME=name)
        assert said.startswith(f"Cannot listen on {name}:{port} (")
        assert said.endswith("in GRADIO_SERVER_NAME.")
    assert "'http'" in refusal(GRADIO_SERVER_PORT="http")
    lost, broken = tmp_path / "lost.keras", tmp_path / MODEL.name
    assert str(lost) in refusal(GRADIO_SERVER_PORT=port, DIGITS_MODEL=str(lost))
    shutil.copy(MODEL.with_suffix(".json"), tmp_path)
    broken.write_bytes(MODEL.read_bytes()[:1000])
    assert str(broken) in refusal(GRADIO_SERVER_PORT=port, DIGITS_MODEL=str(broken))
    for name in ("DIGITS_MAX_CONCURRENT", "DIGITS_MAX_WAITING", "DIGITS_UPLOAD_TTL_S"):
        for value in ("many", "0"):
            assert name in refusal(**{"GRADIO_SERVER_PORT": port, name: value})


@pytest.fixture(scope="module")
def own_mounts():
    """Return what runs a command with mounts of its own, which nobody else sees."""
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if not shutil.which("unshare") or subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("needs root on Linux, to mount disks of its own")
    return lambda mounts: ("unshare", "--mount", "sh", "-ec", f'{mounts}; exec "$@"', "sh")


# Not on /tmp itself, where the project may lie.
READ_ONLY = "mount -o remount,ro,bind /; mount -t tmpfs -o size=8m tmpfs /mnt"


def test_on_a_read_only_disk_and_a_full_tmp_the_page_reads_on(own_mounts):
    room = {"TMPDIR": "/mnt", "MPLCONFIGDIR": "/mnt"}
    with served(prefix=own_mounts(READ_ONLY), **room) as (address, process):
        visitor = Visitor(address)
        visitor.expect_seven()
        filler = Path(f"/proc/{process.pid}/root/mnt/filler")
        with pytest.raises(OSError, match="No space left"):
            filler.write_bytes(bytes(9_000_000))
        refused = visitor.upload()
        assert refused.status_code >= 500
        assert "Traceback" not in refused.text
        assert visitor.draw().json()["label"] == "7"
        assert visitor.post().json()["digit"] == 7
        filler.unlink()
        visitor.expect_seven()


@pytest.mark.skipif(sys.platform != "linux", reason="needs an address of its own")
def test_an_empty_port_is_the_usual_one():
    """Gradio takes the setting for a number when it is imported."""
    start = "from digits.page.settings import listen_address as l; print(l()[1]); import gradio"
    said = run_python("-c", start, GRADIO_SERVER_PORT="", GRADIO_SERVER_NAME="127.0.0.77")
    assert said.stdout == "7860\n"


def test_a_folder_for_uploads_that_cannot_be_written_stops_the_start(tmp_path):
    (tmp_path / "gradio").write_text("another user's")
    assert refusal(TMPDIR=str(tmp_path)).startswith("There is no writable folder")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM")
def test_a_server_that_is_terminated_answers_and_deletes_uploads(tmp_path):
    large = saved(write(7, size=7000, pen=240))
    with served(TMPDIR=str(tmp_path)) as (address, process), ThreadPoolExecutor() as visitors:
        visitor = Visitor(address)
        [upload] = visitor.upload().json()
        assert Path(upload).exists()
        answer = visitors.submit(visitor.post, large)
        time.sleep(0.5)
        process.terminate()
        assert answer.result().json()["digit"] == 7
        assert process.wait(30) == 0
    assert not Path(upload).exists()


@pytest.mark.parametrize("full", [False, True], ids=["read-only", "full"])
def test_nowhere_to_write_stops_the_start(own_mounts, full):
    fill = "; head -c 9m /dev/zero >/mnt/filler 2>/dev/null || true"
    mounts = READ_ONLY + fill if full else READ_ONLY.partition(";")[0]
    said = refusal(own_mounts(mounts), TMPDIR="/mnt")
    assert said.startswith("There is no writable folder")


CLOCK = """
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *t) {
  int status = syscall(SYS_clock_gettime, clock, t);
  if (clock == CLOCK_REALTIME && access("SET_BACK", F_OK) == 0) t->tv_sec -= 400 * 86400;
  return status;
}
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs LD_PRELOAD")
def test_a_clock_that_is_set_back_stops_nothing(tmp_path):
    """One of the server's own, for the machine's belongs to others."""
    source, library, set_back = (tmp_path / name for name in ("clock.c", "clock.so", "set_back"))
    source.write_text(CLOCK.replace("SET_BACK", str(set_back)))
    try:
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    except OSError:
        pytest.skip("needs a C compiler")
    with served(LD_PRELOAD=str(library)) as (address, _):
        visitor = Visitor(address)
        [before] = visitor.upload().json()
        for change, days in ((set_back.touch, 400), (set_back.unlink, 0)):
            change()
            assert days_behind(address) == days
            visitor.expect_seven()
            assert visitor.predict({"path": before, **MARK})["digit"] == 7


def days_behind(address):
    time.sleep(1.5)  # the server makes a new Date every second
    date = parsedate_to_datetime(requests.get(address, timeout=30).headers["date"])
    return round((datetime.now(UTC) - date).total_seconds() / 86400)
