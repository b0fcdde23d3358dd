"""What programs get: the same answer in every way, from a real server asked by real clients."""

import ast
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from itertools import pairwise
from types import SimpleNamespace

import anyio
import numpy as np
import pytest
import requests
from fastapi.testclient import TestClient
from gradio_client import Client, handle_file
from gradio_client.utils import encode_file_to_base64
from PIL import Image
from playwright.sync_api import expect

from benchmarks.server import ROOT
from digits.page import TEXT
from digits.page.api import http_api
from digits.picture_reading import PictureReading
from digits.program_answer import program_answer
from digits.reading import BLANK
from tests.conftest import missing
from tests.handwriting import write_number
from tests.processes import run_python
from tests.visitor import MARK, Visitor

README = (ROOT / "README.md").read_text(encoding="utf-8")
NOT_A_PICTURE = "This file is not a picture that can be read"


@pytest.fixture(scope="module")
def client(app):
    client = Client(app, verbose=False)
    yield client
    client.close()


@pytest.fixture
def ask_mcp(app):
    if not find_spec("mcp"):
        missing("There is no package mcp (run: pip install -r requirements-test.txt).")
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    def ask(question):
        async def connect():
            async with (
                streamable_http_client(f"{app}/gradio_api/mcp/") as (read, write, _),
                ClientSession(read, write) as session,
            ):
                await session.initialize()
                return await question(session)

        with ThreadPoolExecutor() as thread:  # Playwright keeps an event loop running in this one
            return thread.submit(anyio.run, connect).result()

    return ask


@pytest.fixture
def call_tool(ask_mcp):
    def call(image):
        result = ask_mcp(lambda session: session.call_tool("read_digits", {"image": image}))
        text = result.content[0].text
        return text if result.isError else ast.literal_eval(text)

    return call


# --- The answer -------------------------------------------------------------------------------


def test_a_picture_of_one_digit(recognizer, seven):
    found = program_answer(recognizer, seven, "seven.png")
    assert list(found) == ["file", "verdict", "digit", "probabilities", "text", "digits"]
    assert (found["file"], found["verdict"], found["digit"]) == ("seven.png", "digit", 7)
    assert np.argmax(found["probabilities"]) == 7
    assert sum(found["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert found["text"] == "7"
    [digit] = found["digits"]
    assert list(digit) == ["digit", "verdict", "probability", "box", "line"]
    assert (digit["digit"], digit["verdict"], digit["line"]) == (7, "digit", 0)
    assert digit["probability"] == found["probabilities"][7]
    assert digit["box"] == pytest.approx([155, 113, 317, 387], abs=12)


def test_a_picture_of_a_number(recognizer, tmp_path):
    picture = write_number(2, 0, 2, 6)
    picture.save(tmp_path / "year.png")
    found = program_answer(recognizer, tmp_path / "year.png", "year.png")
    assert found["text"] == "2026"
    assert [digit["digit"] for digit in found["digits"]] == [2, 0, 2, 6]
    boxes = [digit["box"] for digit in found["digits"]]
    for (*_, right, _), (left, *_) in pairwise(boxes):
        assert right < left
    whole = recognizer.read(picture)
    assert (found["verdict"], found["digit"]) == (whole.verdict, whole.digit)
    assert found["probabilities"] == pytest.approx(whole.probabilities, abs=1e-5)


def test_a_picture_without_digits(recognizer, tmp_path):
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    found = program_answer(recognizer, tmp_path / "blank.png", "blank.png")
    assert (found["verdict"], found["digit"]) == ("blank", None)
    assert (found["text"], found["digits"]) == ("", [])


def test_the_text_has_a_line_for_each_line_of_the_picture(seven):
    places = [(1, 0), (2, 0), (3, 1)]
    digits = [replace(BLANK, digit=d, line=line, box=(0, 0, 9, 9)) for d, line in places]
    two_lines = PictureReading(BLANK, digits, layout=None)
    reader = SimpleNamespace(read_picture=lambda _: two_lines)
    found = program_answer(reader, seven, "seven.png")
    assert found["text"] == "12\n3"
    assert [digit["line"] for digit in found["digits"]] == [0, 0, 1]


def test_every_way_gives_the_same_answer(app, client, call_tool, recognizer, tmp_path):
    file = tmp_path / "number 41.png"
    write_number(4, 1).save(file)
    expected = program_answer(recognizer, file, file.name)
    assert expected["text"] == "41"
    visitor, sent = Visitor(app), encode_file_to_base64(file)
    [path] = visitor.upload(file.read_bytes(), file.name).json()
    line = run_python("-m", "digits", "read", "--json", str(file)).stdout
    form = requests.post(f"{app}/read", files={"any": (file.name, file.read_bytes())}, timeout=20)
    for found in (
        json.loads(line) | {"file": file.name},
        form.json(),
        visitor.post(file.read_bytes()).json() | {"file": file.name},
        client.predict(handle_file(file), api_name="/predict"),
        visitor.predict({"path": path, **MARK}),
        visitor.predict(f"{app}/gradio_api/file={path}") | {"file": file.name},
        call_tool(sent) | {"file": file.name},
        call_tool(f"https://somewhere.invalid/gradio_api/file={path}") | {"file": file.name},
    ):
        assert found == expected
    named = visitor.predict({"path": path, "orig_name": "41?.png", **MARK})
    assert named == expected | {"file": "41?.png"}


def test_every_way_answers_a_file_that_is_no_picture_with_the_same_sentence(app, client, tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear network")
    found = client.predict(handle_file(file), api_name="/predict")
    assert found.keys() == {"file", "error"}
    assert found["file"] == "letter.txt"
    assert found["error"].startswith(NOT_A_PICTURE)
    posted = requests.post(
        f"{app}/read", files={"file": (file.name, file.read_bytes())}, timeout=20
    )
    assert posted.status_code == 422
    assert posted.json() == found


# --- Whatever is sent -------------------------------------------------------------------------


def test_data_urls_are_read_in_any_form(app, client, seven):
    url = encode_file_to_base64(seven)
    bare, escaped = url.replace("image/png", ""), url.replace("+", "%2B").replace("=", "%3D")
    for sent in (
        *(url, bare, escaped, "DATA:" + url[5:]),
        *({"path": url}, {"url": url}, {"path": None, "url": url}, {"name": "7", "data": url}),
        *({"path": url, **MARK}, {"url": url, "orig_name": "7.png", **MARK}),
    ):
        assert Visitor(app).predict(sent)["digit"] == 7
        if "path" not in sent:  # the client looks for such a file
            assert client.predict(sent, api_name="/predict")["digit"] == 7


BAD_DATA_URLS = [
    "data:",
    "data:,",
    "data:image/png;base64,",
    "data:;base64,x",
    "data:,Dear%20network",
]


@pytest.mark.parametrize(
    "sent",
    [
        *(None, True, 7, 1.5, "", "seven.png", "\0", "\ud800", "x" * 5000),
        *([], [7], [None], [[{"path": "seven.png", **MARK}]]),
        *({}, {"path": None}, {"path": 7, **MARK}, {"path": ["x"]}, {"orig_name": "\ud800"}, MARK),
        *({"path": "seven.png", "size": "large", **MARK}, {"path": "\0", **MARK}),
        *BAD_DATA_URLS,
        *({"url": url, **MARK} for url in BAD_DATA_URLS),
    ],
    ids=lambda sent: repr(sent)[:40],
)
def test_predict_answers_whatever_is_sent_with_a_sentence(app, sent):
    found = Visitor(app).predict(sent)
    assert found.keys() == {"file", "error"}
    assert re.fullmatch(r"[A-Z].+\.", found["error"])


@pytest.mark.parametrize(
    "body", [b"", b"x", b"{}", b"[]", b"null", b'{"data": null}', b'{"data": "x"}', b"\xff\xfe"]
)
def test_predict_refuses_what_is_no_call(app, body):
    found = requests.post(
        f"{app}/gradio_api/run/predict",
        data=body,
        headers={"Content-Type": "application/json"},
        timeout=20,
    )
    assert found.status_code == 422
    assert found.json()["detail"][0]["msg"]


@pytest.mark.parametrize("data", [[], [None, 7]])
def test_predict_answers_calls_with_too_few_or_too_many_parameters(app, data):
    found = requests.post(f"{app}/gradio_api/run/predict", json={"data": data}, timeout=20).json()
    assert found["data"] == [{"file": "", "error": TEXT["no_file"]}]


FORM = {"Content-Type": "multipart/form-data; boundary=b"}
NO_CHARSET = {"Content-Type": "multipart/form-data; boundary=b; charset=undefined"}
BROKEN_FORM = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n123'


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"data": b""}, NOT_A_PICTURE),
        ({"data": b"Dear network"}, NOT_A_PICTURE),
        ({"data": b'{"data": 7}', "headers": {"Content-Type": "application/json"}}, NOT_A_PICTURE),
        ({"files": {"file": ("empty.png", b"")}}, NOT_A_PICTURE),
        ({"files": {"file": (None, "seven.png")}}, TEXT["no_file"]),
        ({"files": [("a", ("a.png", b"x")), ("b", ("b.png", b"x"))]}, TEXT["no_file"]),
        ({"data": BROKEN_FORM, "headers": FORM}, TEXT["no_file"]),
        ({"data": BROKEN_FORM + b"\r\n--b--", "headers": NO_CHARSET}, TEXT["no_file"]),
        ({"data": b"", "headers": FORM}, TEXT["no_file"]),
        ({"data": b"x", "headers": {"Content-Type": "multipart/form-data"}}, TEXT["no_file"]),
    ],
)
def test_read_answers_whatever_is_sent_with_a_sentence(app, options, error):
    found = requests.post(f"{app}/read", timeout=20, **options)
    assert found.status_code == 422
    assert found.json().keys() == {"file", "error"}
    assert found.json()["error"].startswith(error)


def test_read_answers_a_file_name_that_is_no_text(app):
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="+2AA-"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b; charset=utf-7"}
    body = head + b"Dear network\r\n--b--\r\n"
    found = requests.post(f"{app}/read", body, headers=kind, timeout=20)
    assert (found.status_code, found.json()["file"]) == (422, "?")


def test_mcp_answers_whatever_is_sent_in_words(call_tool):
    for sent in (None, 7, [1], {"path": "/etc/passwd"}, {"path": "https://[::1]/x", **MARK}):
        assert "not valid" in call_tool(sent)
    for sent in ("", "seven.png", "/etc/passwd", "https://[::1]/x", *BAD_DATA_URLS):
        assert call_tool(sent).keys() == {"file", "error"}


def test_a_fault_of_the_reader_is_answered_in_words(seven, caplog):
    class Faulty:
        def read_picture(self, _):
            raise ValueError("seen in the log alone")

    response = TestClient(http_api(Faulty())).post("/read", content=seven.read_bytes())
    assert response.status_code == 500
    assert response.json() == {"file": "", "error": TEXT["failed"]}
    assert "seen in the log alone" in caplog.text


# --- What it says about itself ----------------------------------------------------------------


def test_predict_is_the_only_public_endpoint_and_says_what_it_takes_and_gives(client):
    endpoints = client.view_api(return_format="dict")
    assert list(endpoints["named_endpoints"]) == ["/predict"]
    assert not endpoints["unnamed_endpoints"]
    predict = endpoints["named_endpoints"]["/predict"]
    assert predict["description"].startswith("Read the handwritten digits")
    [parameter], [returned] = predict["parameters"], predict["returns"]
    assert parameter["parameter_name"] == "image"
    assert "filepath" in parameter["python_type"]["type"]
    for field in ("text: str", "digit: int | None", "probabilities: list[float]", "error: str"):
        assert field in returned["python_type"]["type"]


def test_mcp_offers_one_tool_and_says_what_it_takes_and_gives(ask_mcp):
    [tool] = ask_mcp(lambda session: session.list_tools()).tools
    assert tool.name == "read_digits"
    assert tool.description.startswith("Read the handwritten digits")
    assert '"not_a_digit"' in tool.description
    assert tool.inputSchema["required"] == ["image"]
    image = tool.inputSchema["properties"]["image"]
    assert {kind["type"] for kind in image["anyOf"]} == {"string"}
    assert "data URL" in image["description"]


def test_openapi_describes_read_and_nothing_of_gradio(app):
    described = requests.get(f"{app}/openapi.json", timeout=20).json()
    assert list(described["paths"]) == ["/read"]
    read = described["paths"]["/read"]["post"]
    assert set(read["requestBody"]["content"]) == {"multipart/form-data", "image/*"}
    assert set(read["responses"]) == {"200", "413", "422", "500", "503"}
    fields = ["file", "verdict", "digit", "probabilities", "text", "digits"]
    assert list(described["components"]["schemas"]["Answer"]["properties"]) == fields


def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


def python(code, folder):
    result = run([sys.executable, "-c", code], folder)
    assert "'text': '7'" in result.stdout, result.stderr


def shell(lines, folder):
    result = run(["sh", "-ec", lines], folder)
    assert result.stdout.count('"text":"7"') == lines.count("curl ") > 0, result.stderr


def test_the_docs_load_nothing_from_elsewhere_and_their_examples_run(app, tab, seven):
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{app}/docs")
    curl, client = tab.locator("pre").all_inner_texts()
    for field in ("verdict", "text", "probability", "box", "line", "error"):
        expect(tab.get_by_role("rowheader", name=field, exact=True).first).to_be_visible()
    tab.get_by_role("link", name="openapi.json").click()
    tab.wait_for_url("**/openapi.json")
    assert all(address.startswith(app) for address in asked)
    shell(curl, seven.parent)
    python(client, seven.parent)


def test_the_docs_cannot_be_made_to_show_something_else(app):
    headers = {"Host": "<script>"}
    assert "<script>" not in requests.get(f"{app}/docs", headers=headers, timeout=20).text
    assert requests.head(f"{app}/docs", timeout=20).status_code == 200


def test_the_example_of_the_api_page_runs_as_printed(app, seven):
    info = requests.get(f"{app}/gradio_api/info", timeout=20).json()
    example = info["named_endpoints"]["/predict"]["code_snippets"]["python"]
    assert app in example
    python(example, seven.parent)


def test_the_examples_of_readme_and_serving_run_as_printed(app, seven):
    serving = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    [client] = re.findall(r"```python\n(.*?)```", serving, re.S)
    python(client.replace("http://localhost:7860", app), seven.parent)
    curl = re.findall("^curl .*$", README + serving, re.M)
    shell("\n".join(curl).replace("localhost:7860", app), seven.parent)


def test_the_documents_name_the_gradio_that_is_pinned():
    pin = re.search(r"^gradio==(\S+)$", (ROOT / "requirements.txt").read_text(), re.M)[1]
    serving = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    assert f"gradio[mcp]=={pin}" in serving
