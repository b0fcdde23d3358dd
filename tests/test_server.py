"""What the server lets out and in, asked as an attacker would."""

import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image
from plotly import package_data

from benchmarks.server import ROOT, served
from digits.recognizer import MODEL
from tests.visitor import MARKED, Visitor

WORDS = json.loads((ROOT / "digits/page/words.json").read_text(encoding="utf-8"))


@pytest.fixture
def trap():
    """A port of this machine that nobody should ask for anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(1)
        yield server


# The app, with every address that it looks up, calls or sends to written down.
WATCHED = """
import runpy
import sys

CALLS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"}
log = open(sys.argv[1], "a", buffering=1)


def note(event, arguments):
    if event in CALLS:
        print(arguments[1] if hasattr(arguments[0], "fileno") else arguments, file=log)


sys.addaudithook(note)
runpy.run_path("app.py", run_name="__main__")
"""
VISIT = f"""
import sys

from benchmarks.server import served
from tests.visitor import Visitor

with served(("-c", {WATCHED!r}, sys.argv[1]), CI="") as (address, _):
    visitor = Visitor(address)
    assert visitor.draw().json()["digit"] == "7"
    assert visitor.read()["digit"] == 7
"""


def test_it_reads_without_a_network_and_asks_nobody_for_anything(tmp_path):
    cut = ["unshare", "--net", "sh", "-ec", 'ip link set lo up; exec "$@"', "sh"]
    if (
        not shutil.which("unshare")
        or subprocess.run([*cut, "true"], capture_output=True).returncode
    ):
        cut = []  # needs root on Linux: without, what it asks for is at least watched
    command = [*cut, sys.executable, "-c", VISIT, str(tmp_path / "log")]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    asked = (tmp_path / "log").read_text().splitlines()
    assert asked  # Gradio asks itself whether it is there
    assert [line for line in asked if not line.startswith("('127.0.0.1', ")] == []


@pytest.mark.parametrize("mark", [{}, MARKED], ids=["bare", "marked"])
@pytest.mark.parametrize("field", ["path", "url"])
@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:{}/", "http://localhost:{}/seven.png", "http://[::ffff:7f00:1]:{}/"],
)
def test_no_request_goes_out_for_a_visitor(app, trap, address, field, mark):
    file = {"path": "seven.png", **mark, field: address.format(trap.getsockname()[1])}
    answer = requests.post(f"{app}/gradio_api/run/predict", json={"data": [file]}, timeout=30)
    assert "error" in answer.text
    assert "probabilities" not in answer.text
    with pytest.raises(TimeoutError):
        trap.accept()


@pytest.mark.parametrize("host", ["example.com", "169.254.169.254"])
def test_addresses_are_refused_in_a_sentence(app, host):
    [answer] = Visitor(app).predict(f"http://{host}/seven.png").json()["data"]
    assert answer["error"] == WORDS["no_address"]


@pytest.mark.parametrize("path", ["file:///etc/passwd", "ftp://localhost/x", "/etc/passwd", ".."])
def test_paths_that_were_not_uploaded_are_refused(app, path):
    answer = Visitor(app).predict(path)
    assert answer.status_code == 500
    assert answer.json()["error"] == WORDS["not_uploaded"]


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../../../etc/passwd",
        "/gradio_api/file=%2Fetc%2Fpasswd",
        f"/gradio_api/file={MODEL}",
        "/gradio_api/file=app.py",
        "/gradio_api/file=digits/../app.py",
        "/static/../../../../../../etc/passwd",
        "/assets/..%2f..%2f..%2f..%2fetc/passwd",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/stream/../../etc/passwd",
        "/gradio_api/file=https://example.com/",
    ],
)
def test_no_file_of_the_server_can_be_read(app, path):
    # As written: requests and browsers would tidy the path up first.
    connection = http.client.HTTPConnection(urlsplit(app).netloc, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status >= 400
    assert b"root:" not in body
    assert b"def main" not in body


def test_an_upload_beyond_the_limit_is_refused_and_the_server_goes_on(app, tmp_path):
    large = b"\x89PNG" + bytes(11_000_000)
    answer = requests.post(
        f"{app}/gradio_api/upload", files={"files": ("large.png", large)}, timeout=60
    )
    assert answer.status_code >= 400
    assert requests.get(app, timeout=20).status_code == 200


def test_the_name_of_an_upload_leads_nowhere(app, tmp_path):
    picture = tmp_path / "seven.png"
    Image.new("L", (30, 30), 255).save(picture)
    answer = requests.post(
        f"{app}/gradio_api/upload",
        files={"files": ("../../../../tmp/digits-was-here.png", picture.read_bytes())},
        timeout=20,
    )
    for path in answer.json() if answer.ok else []:
        assert ".." not in path
        assert not path.startswith("/tmp/digits-was-here")


def test_nonsense_gets_a_sentence_and_no_traceback(app):
    for body in ({}, {"data": []}, {"data": [None]}, {"data": [7]}, {"data": [[]]}, {"data": "x"}):
        answer = requests.post(f"{app}/gradio_api/run/predict", json=body, timeout=20)
        assert "Traceback" not in answer.text
        assert "digits/" not in answer.text
    assert requests.get(app, timeout=20).status_code == 200


def test_messages_larger_than_any_picture_are_refused(app):
    """Also those that Gradio itself would take: a long drawing, and a thousand small files."""
    visitor = Visitor(app)
    long = visitor.send(visitor.message() + b" " * 15_000_000)
    files = [("files", (f"{i}.png", bytes(1_000_000))) for i in range(15)]
    many = requests.post(f"{app}/gradio_api/upload", files=files, timeout=60)
    assert long.status_code == 400  # Gradio's own word for it
    assert many.status_code == 413
    assert many.text == WORDS["too_large"]
    assert visitor.read()["digit"] == 7


def test_visitors_who_leave_while_the_page_loads_leave_no_traceback_in_the_log(tmp_path):
    log = tmp_path / "log"
    logged = ("sh", "-c", f"exec \"$@\" 2> '{log}'", "sh")
    file = Path(package_data.__path__[0]) / "plotly.min.js"
    request = f"GET /gradio_api/file={file} HTTP/1.1\r\nHost: here\r\n\r\n".encode()
    with served(prefix=logged) as (address, _):
        server = urlsplit(address)
        for _ in range(20):
            with socket.create_connection((server.hostname, server.port)) as connection:
                connection.sendall(request)
        assert Visitor(address).read()["digit"] == 7
    assert "Traceback" not in log.read_text()


SMALL = "import app; app.KEPT, app.AT_ONCE, app.MOST_WAITING = 1, 1, 3; app.main()"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The page with little room: address and folder of its uploads."""
    folder = tmp_path_factory.mktemp("uploads")
    with served(("-c", SMALL), GRADIO_TEMP_DIR=str(folder), TMPDIR=str(folder)) as (address, _):
        yield address, folder


def files_in(folder):
    return [file for file in folder.rglob("*") if file.is_file()]


def test_beyond_capacity_visitors_are_asked_to_try_again(small):
    address, _ = small
    visitor = Visitor(address)
    large = BytesIO()
    Image.new("L", (5000, 5000), 255).save(large, "PNG")
    messages = 30 * [visitor.message(large.getvalue())]

    def draw(message):
        return Visitor(address, visitor.pad).send(message).json()

    with ThreadPoolExecutor(len(messages)) as threads:
        drawn = threads.map(draw, messages)
        drawn = list(drawn)
    assert {"busy": True} in drawn
    assert sum(answer.get("verdict") == "blank" for answer in drawn) >= 4
    assert visitor.draw().json()["digit"] == "7"
    assert visitor.read()["digit"] == 7


def test_uploads_are_removed_with_time(small):
    address, folder = small
    visitor = Visitor(address)
    [path] = visitor.upload().json()
    for _ in range(100):
        if not files_in(folder):
            break
        time.sleep(0.2)
    assert files_in(folder) == []
    assert "error" in visitor.predict(path).text
    assert visitor.read()["digit"] == 7


UPLOAD = b"""POST /gradio_api/upload HTTP/1.1\r
Host: here\r
Content-Length: 100000\r
Content-Type: multipart/form-data; boundary=b\r
\r
--b\r
Content-Disposition: form-data; name="files"; filename="a.png"\r
\r
"""


def test_slow_uploads_keep_nobody_waiting_and_those_given_up_leave_nothing(small):
    address, folder = small
    visitor = Visitor(address)
    host, port = urlsplit(address).netloc.split(":")
    slow = [socket.create_connection((host, int(port))) for _ in range(50)]
    for connection in slow:
        connection.sendall(UPLOAD + bytes(5000))
    assert visitor.draw().json()["digit"] == "7"
    assert visitor.read()["digit"] == 7
    for connection in slow:
        connection.sendall(bytes(100))
        connection.close()
    for _ in range(100):
        if not files_in(folder):
            break
        time.sleep(0.2)
    assert files_in(folder) == []
    assert visitor.draw().json()["digit"] == "7"
