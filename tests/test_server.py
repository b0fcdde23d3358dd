"""What the server lets out and in, asked as an attacker would."""

import http.client
import re
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image

from benchmarks.server import ROOT, served
from digits.model_file import MODEL
from digits.page import TEXT
from digits.page.content import PLOTLY
from tests.picture_files import saved
from tests.visitor import MARK, Visitor


def connect(address):
    return socket.create_connection((urlsplit(address).hostname, urlsplit(address).port))


# --- What goes out ----------------------------------------------------------------------------

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
ADDRESSES = [
    "http://example.com/seven.png",
    "https://169.254.169.254/seven.png",
    "http://127.0.0.1:{}/",
    "http://localhost:{}/seven.png",
    "http://[::ffff:7f00:1]:{}/",
    "ftp://localhost:{}/seven.png",
]
VISIT = f"""
import sys
import time

from benchmarks.server import served
from tests.visitor import Visitor

with served(("-c", {WATCHED!r}, sys.argv[1]), CI="") as (address, _):
    visitor = Visitor(address)
    visitor.expect_seven()
    for sent in {ADDRESSES!r}:
        assert "error" in visitor.predict({{"path": sent, **{MARK!r}}})
    time.sleep(12)  # usage data are collected for about ten seconds before they are sent
"""
# A network of its own, with a way out that leads nowhere; what goes that way is counted.
NETWORK = """
ip link set lo up
ip link add out type veth peer name far
for end in out far; do
  echo 1 >/proc/sys/net/ipv6/conf/$end/disable_ipv6
  ip link set $end up
done
ip address add 192.0.2.1/24 dev out
ip route add default dev out
"$@"
cat /proc/net/dev
"""


def test_it_reads_without_a_network_and_asks_nobody_for_anything(tmp_path):
    visit = [sys.executable, "-c", VISIT, tmp_path / "log"]
    apart = ["unshare", "--net", "sh", "-ec", NETWORK, "sh"]
    if not shutil.which("ip") or subprocess.run([*apart, "true"], capture_output=True).returncode:
        apart = []  # needs root on Linux: without, only what Python calls is seen
    result = subprocess.run(
        [*apart, *visit], cwd=ROOT, check=True, timeout=120, stdout=subprocess.PIPE, text=True
    )
    asked = (tmp_path / "log").read_text().splitlines()
    assert asked  # Gradio asks itself whether it is there
    assert [line for line in asked if not line.startswith("('127.0.0.1', ")] == []
    if apart:
        sent = re.search(r"out:(?: +\d+){9} +(\d+)", result.stdout)[1]
        assert sent == "0"  # packets, of native code too


def test_no_request_goes_out_for_a_visitor(app):
    visitor = Visitor(app)
    with socket.create_server(("127.0.0.1", 0)) as trap:
        port = trap.getsockname()[1]
        for address in (address.format(port) for address in ADDRESSES):
            marked = {"path": address, **MARK}
            for sent in (address, {"path": address}, {"url": address}, marked):
                assert visitor.predict(sent)["error"] == TEXT["no_address"]
            for sent in ({"path": "seven.png", "url": address, **MARK}, [marked], {"a": [marked]}):
                assert visitor.predict(sent).keys() == {"file", "error"}
        trap.settimeout(1)
        with pytest.raises(TimeoutError):
            trap.accept()


# --- What can be read -------------------------------------------------------------------------


def test_no_path_is_read_but_that_of_an_upload(app, tmp_path):
    visitor = Visitor(app)
    private = tmp_path / "private.png"
    shutil.copy(ROOT / "media/page.png", private)
    [upload] = visitor.upload().json()
    outside = f"{upload}/../../../../../../{private}"
    address = f"{app}/gradio_api/file="
    for path in ("/etc/passwd", "..", "", str(private), outside, MODEL.name, "file:///etc/passwd"):
        for sent in (path, {"path": path}, {"path": path, **MARK}, f"{address}{path}"):
            answer = visitor.predict(sent)
            assert answer.keys() == {"file", "error"}
            assert answer["error"] in (TEXT["not_uploaded"], TEXT["no_file"], TEXT["no_address"])
    assert visitor.predict(upload)["digit"] == 7


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
        "/docs/../app.py",
    ],
)
def test_no_file_of_the_server_can_be_downloaded(app, path):
    # As written: requests and browsers would tidy the path up first.
    connection = http.client.HTTPConnection(urlsplit(app).netloc, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status >= 400
    assert b"root:" not in body
    assert b"def main" not in body


def test_the_name_of_an_upload_leads_nowhere(app):
    [path] = Visitor(app).upload(name="../../../../tmp/digits-was-here.png").json()
    assert ".." not in path
    assert not path.startswith("/tmp/digits-was-here")


# --- How much comes in ------------------------------------------------------------------------


def chunks(size):
    """Send a body without saying how long it is."""
    for _ in range(0, size, 1_000_000):
        yield bytes(1_000_000)


def test_messages_larger_than_any_picture_are_refused_in_a_sentence(app):
    """Also those that Gradio would take: a long drawing, a thousand small files."""
    visitor = Visitor(app)
    files = [("files", (f"{i}.png", bytes(1_000_000))) for i in range(15)]
    for answer in (
        visitor.send(visitor.message() + b" " * 15_000_000),
        requests.post(f"{app}/gradio_api/upload", files=files, timeout=60),
        visitor.post(bytes(15_000_000)),
        visitor.post(chunks(15_000_000)),
        visitor.post(chunks(60_000_000)),
    ):
        assert answer.status_code == 413
        assert answer.json() == {"file": "", "error": TEXT["too_large"]}
    assert visitor.upload(b"\x89PNG" + bytes(11_000_000)).status_code == 413
    assert visitor.read()["digit"] == 7


def test_a_message_that_says_it_is_too_large_is_refused_before_it_comes(app):
    with connect(app) as connection:
        connection.settimeout(5)
        connection.sendall(
            b"POST /read HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999999\r\n\r\n"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_who_reads_the_answer_only_after_sending_everything_gets_it(app):
    connection = http.client.HTTPConnection(urlsplit(app).netloc, timeout=20)
    connection.request("POST", "/read", bytes(40_000_000))
    assert connection.getresponse().status == 413
    connection.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The page with little room: its address, the folder of its uploads, its log."""
    folder, log = tmp_path_factory.mktemp("uploads"), tmp_path_factory.mktemp("log") / "log"
    limits = {"MAX_CONCURRENT": "1", "MAX_WAITING": "3", "UPLOAD_TTL_S": "2"}
    environment = {f"DIGITS_{name}": value for name, value in limits.items()}
    environment |= {"GRADIO_TEMP_DIR": str(folder), "TMPDIR": str(folder)}
    with served(log=log, **environment) as (address, _):
        yield address, folder, log


def test_beyond_capacity_visitors_and_programs_are_asked_to_try_again(small):
    address, *_ = small
    visitor = Visitor(address)
    large = saved(Image.new("L", (5000, 5000), 255))
    message = visitor.message(large)
    ways = [
        lambda: Visitor(address, visitor.pad).send(message).json(),
        lambda: Visitor(address, visitor.pad).post(large),
    ]
    drawn, posted = [], []
    with ThreadPoolExecutor(40) as threads:
        for _ in range(5):  # which of them meet on the server is chance
            answers = list(threads.map(lambda way: way(), 20 * ways))
            drawn, posted = drawn + answers[::2], posted + answers[1::2]
            if {"busy": True} in drawn and any(each.status_code == 503 for each in posted):
                break
    assert {"busy": True} in drawn
    [refused] = {answer.text for answer in posted if answer.status_code == 503}
    assert TEXT["try_again"] in refused
    assert {answer.headers.get("Retry-After") for answer in posted} == {None, "1"}
    verdicts = [answer.get("verdict") for answer in drawn] + [
        answer.json().get("verdict") for answer in posted
    ]
    assert verdicts.count("blank") >= 4
    visitor.expect_seven()


# --- What stays -------------------------------------------------------------------------------


def wait_until_empty(folder):
    for _ in range(100):
        files = [file for file in folder.rglob("*") if file.is_file()]
        if not files:
            return
        time.sleep(0.2)
    assert files == []


def test_uploads_are_removed_with_time(small):
    address, folder, _ = small
    visitor = Visitor(address)
    [path] = visitor.upload().json()
    assert Path(path).is_relative_to(folder)
    wait_until_empty(folder)
    assert "error" in visitor.predict(path)
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
    address, folder, log = small
    visitor = Visitor(address)
    slow = [connect(address) for _ in range(50)]
    for connection in slow:
        connection.sendall(UPLOAD + bytes(5000))
    visitor.expect_seven()
    for connection in slow:
        connection.sendall(bytes(100))
        connection.close()
    wait_until_empty(folder)
    assert visitor.draw().json()["label"] == "7"
    assert "Traceback" not in log.read_text()


def test_visitors_who_leave_while_the_page_loads_leave_no_traceback_in_the_log(small):
    address, _, log = small
    for _ in range(20):
        with connect(address) as connection:
            connection.sendall(
                f"GET /gradio_api/file={PLOTLY} HTTP/1.1\r\nHost: h\r\n\r\n".encode()
            )
    assert Visitor(address).read()["digit"] == 7
    assert "Traceback" not in log.read_text()
