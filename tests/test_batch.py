import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT
from tests.handwriting import write


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups to kill")
def test_a_batch_that_was_killed_goes_on_and_loses_no_file(tmp_path):
    pictures, readings = tmp_path / "pictures", tmp_path / "readings"
    for i in range(2400):
        path = pictures / f"{i % 7}" / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if i < 10:
            write(i, size=100, pen=5).save(path)
        else:
            os.link(pictures / f"{i % 10 % 7}" / f"{i % 10}.png", path)
    (pictures / "none.png").write_text("no picture")
    command = [sys.executable, "-m", "benchmarks.batch", pictures, readings]
    environment = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}

    first = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    while first.poll() is None and not list(readings.glob("*.jsonl")):
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    before = {path: path.read_bytes() for path in readings.glob("*.jsonl")}
    assert 0 < len(before) < 5

    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    assert all(path.read_bytes() == content for path, content in before.items())
    parts = [path.read_text().splitlines() for path in readings.glob("*.jsonl")]
    lines = [json.loads(line) for part in parts for line in part]
    assert sorted(line["file"] for line in lines) == sorted(
        str(path) for path in pictures.rglob("*.png")
    )
    read = {line["file"]: line for line in lines}
    assert "no picture" in read[str(pictures / "none.png")]["error"]
    digits = [read[str(pictures / f"{i % 7}" / f"{i}.png")]["digit"] for i in range(2400)]
    assert digits == [i % 10 for i in range(2400)]
