"""What goes wrong round the app: broken models, full and read-only disks, a clock that is set back.

Other faults are tested where they belong: a missing or truncated model, a model of another shape
and facts that do not match in test_recognizer, an occupied port in test_page, the kill of a
training and of an export in test_training, the network that is cut in test_server. The tests that
need root, Linux or libfaketime are skipped without.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

import keras
import pytest
import requests

from benchmarks.server import ROOT, served
from digits.recognizer import MODEL, ModelFileError, Recognizer
from tests.test_recognizer import FACTS
from tests.visitor import Visitor


def describe(model):
    """Write the facts of a model that somebody else made."""
    facts = FACTS | {"sha256": sha256(model.read_bytes()).hexdigest()}
    model.with_suffix(".json").write_text(json.dumps(facts))


def change_config(model, change):
    """Copy the shipped model with another configuration."""
    with zipfile.ZipFile(MODEL) as old, zipfile.ZipFile(model, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "config.json":
                data = change(data.decode()).encode()
            new.writestr(name, data)
    describe(model)


@pytest.mark.parametrize(
    "change",
    [
        lambda config: config.replace('"Conv2D"', '"Conv2DOfTomorrow"'),
        lambda config: config.replace('"filters"', '"filters_of_tomorrow"'),
        lambda config: "{}",
        lambda config: config[:-50],
    ],
    ids=["layer", "option", "empty", "cut"],
)
def test_a_model_of_another_keras_gets_a_sentence(tmp_path, change):
    change_config(tmp_path / "other.keras", change)
    with pytest.raises(ModelFileError, match=r"no model that Keras .* can load: restore it"):
        Recognizer.load(tmp_path / "other.keras")


def test_code_in_a_model_does_not_run(tmp_path):
    code = f"lambda x: (__import__('pathlib').Path({str(tmp_path / 'ran')!r}).touch(), x)[1]"
    layers = keras.layers
    network = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Lambda(eval(code)), layers.Flatten(), layers.Dense(10)]
    )
    network.save(tmp_path / "lambda.keras")
    describe(tmp_path / "lambda.keras")
    (tmp_path / "ran").unlink()
    keras.saving.load_model(tmp_path / "lambda.keras", safe_mode=False)
    (tmp_path / "ran").unlink()  # so much for what it would do
    with pytest.raises(ModelFileError, match="no model that Keras"):
        Recognizer.load(tmp_path / "lambda.keras")
    assert not (tmp_path / "ran").exists()


KILL_BETWEEN = """
import os
import signal
import sys
from pathlib import Path

from digits.network import build_network
from digits.training import export

replace = Path.replace


def replace_and_die(self, target):
    replace(self, target)
    os.kill(os.getpid(), signal.SIGKILL)


Path.replace = replace_and_die
export(build_network(), {}, sys.argv[1])
"""


def test_a_kill_between_model_and_facts_gets_a_sentence(tmp_path):
    model = tmp_path / MODEL.name
    for file in (MODEL, MODEL.with_suffix(".json")):
        shutil.copy(file, tmp_path)
    command = [sys.executable, "-c", KILL_BETWEEN, str(model)]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert model.read_bytes() != MODEL.read_bytes()
    with pytest.raises(ModelFileError, match="restore both or run the training notebook again"):
        Recognizer.load(model)


@pytest.fixture(scope="module")
def own_mounts():
    """What runs a command among mounts of its own, which are made first: nobody else sees them."""
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
        assert visitor.draw().json()["digit"] == "7"
        assert visitor.read()["digit"] == 7
        filler = Path(f"/proc/{process.pid}/root/mnt/filler")
        with pytest.raises(OSError, match="No space left"):
            filler.write_bytes(bytes(9_000_000))
        refused = visitor.upload()
        assert refused.status_code >= 500
        assert "Traceback" not in refused.text
        assert visitor.draw().json()["digit"] == "7"
        filler.unlink()
        assert visitor.read()["digit"] == 7


@pytest.mark.parametrize("full", [False, True], ids=["read-only", "full"])
def test_nowhere_to_write_stops_the_start(own_mounts, full):
    fill = "; head -c 9m /dev/zero >/mnt/filler || true"
    mounts = READ_ONLY + fill if full else READ_ONLY.partition(";")[0]
    command = [*own_mounts(mounts), sys.executable, "app.py"]
    environment = os.environ | {"TMPDIR": "/mnt"}
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("There is no folder for uploads")
    assert "Traceback" not in result.stderr


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
            assert visitor.draw().json()["digit"] == "7"
            assert visitor.read()["digit"] == 7
            assert visitor.predict(before).json()["data"][0]["digit"] == 7


def days_behind(address):
    time.sleep(1.5)  # the server makes a new Date every second
    date = parsedate_to_datetime(requests.get(address, timeout=30).headers["date"])
    return round((datetime.now(UTC) - date).total_seconds() / 86400)
