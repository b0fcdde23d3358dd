"""What programs get: the endpoint and the MCP tool of a real server, asked by real clients."""

import ast
import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import anyio
import numpy as np
import pytest
import requests
from gradio_client import Client, handle_file
from PIL import Image
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.handwriting import write, write_number

WORDS = json.loads((ROOT / "digits/page/words.json").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
MARK = {"meta": {"_type": "gradio.FileData"}}


@pytest.fixture(scope="module")
def client(app):
    client = Client(app, verbose=False)
    yield client
    client.close()


@pytest.fixture
def seven(tmp_path):
    write(7).save(tmp_path / "seven.png")
    return tmp_path / "seven.png"


def upload(app, file):
    """Send a file's bytes; give where the server put them."""
    answer = requests.post(
        f"{app}/gradio_api/upload", files={"files": (file.name, file.read_bytes())}, timeout=20
    )
    return answer.json()[0]


def check_seven(answer, name="seven.png"):
    assert list(answer) == ["file", "verdict", "digit", "digits", "probabilities"]
    assert answer["file"] == name
    assert answer["verdict"] == "digit"
    assert answer["digit"] == 7
    assert answer["digits"] == [7]
    assert np.argmax(answer["probabilities"]) == 7
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-4)


# --- The endpoint -----------------------------------------------------------------------------


def test_predict_reads_a_file(client, seven):
    check_seven(client.predict(handle_file(seven), api_name="/predict"))


def test_predict_reads_a_number(client, tmp_path):
    write_number(2, 0, 2, 6).save(tmp_path / "year.png")
    answer = client.predict(handle_file(tmp_path / "year.png"), api_name="/predict")
    assert answer["digits"] == [2, 0, 2, 6]
    assert answer["digit"] is None


def post(app, path):
    """Ask with what programs without a client write: a path, and the mark of a file."""
    data = {"data": [{"path": str(path), **MARK}]}
    [answer] = requests.post(f"{app}/gradio_api/run/predict", json=data, timeout=20).json()["data"]
    return answer


def test_predict_reads_what_was_uploaded_without_any_client(app, seven):
    check_seven(post(app, upload(app, seven)))


def test_the_address_of_an_upload_is_as_good_as_its_path(app, seven):
    where = upload(app, seven)
    check_seven(post(app, f"{app}/gradio_api/file={where}"))
    check_seven(post(app, f"https://somewhere.invalid/gradio_api/file={where}"))
    picture = ROOT / "media/page.png"
    for path in (picture, f"{where}/../../../../{picture}", ""):
        answer = post(app, f"{app}/gradio_api/file={path}")
        assert answer["error"] == WORDS["no_address"]


def test_predict_answers_a_file_that_is_no_picture_with_a_sentence(client, tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear network")
    answer = client.predict(handle_file(file), api_name="/predict")
    assert answer.keys() == {"file", "error"}
    assert answer["file"] == "letter.txt"
    assert answer["error"].endswith(".")
    assert str(tmp_path) not in answer["error"]


@pytest.mark.parametrize("mark", [{}, MARK], ids=["bare", "marked"])
def test_predict_reads_only_what_was_uploaded(app, tmp_path, mark):
    private = tmp_path / "private.png"
    Image.linear_gradient("L").save(private)
    answer = requests.post(
        f"{app}/gradio_api/run/predict", json={"data": [{"path": str(private), **mark}]}, timeout=20
    )
    assert "error" in answer.text
    assert "probabilities" not in answer.text


def test_predict_is_the_only_public_endpoint_and_says_what_it_takes_and_gives(client):
    endpoints = client.view_api(return_format="dict")
    assert list(endpoints["named_endpoints"]) == ["/predict"]
    assert not endpoints["unnamed_endpoints"]
    predict = endpoints["named_endpoints"]["/predict"]
    assert predict["description"].startswith("Read the handwritten digit")
    [parameter], [answer] = predict["parameters"], predict["returns"]
    assert parameter["parameter_name"] == "image"
    assert parameter["python_type"]["type"] == "filepath"
    for field in ("file: str", "digit: None | int", "digits: list[int]", "probabilities: list["):
        assert field in answer["python_type"]["type"]


def test_the_link_on_the_page_opens_the_api_page(app, chromium):
    page = chromium.new_page()
    page.goto(app)
    page.locator(".chart .main-svg").first.wait_for()
    page.get_by_text(WORDS["more"]).click()
    page.get_by_role("link", name=WORDS["api"]).click()
    expect(page.get_by_role("heading", name="documentation")).to_be_visible()
    page.close()


def run(example, folder, app):
    """Run an example, with the address of the server in it, where the picture lies."""
    code = example.replace("http://localhost:7860", app)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60
    )


def test_the_example_of_the_api_page_runs_as_printed(app, seven):
    info = requests.get(f"{app}/gradio_api/info", timeout=20).json()
    example = info["named_endpoints"]["/predict"]["code_snippets"]["python"]
    assert app in example
    result = run(example, seven.parent, app)
    assert "'digits': [7]" in result.stdout, result.stderr


def test_the_examples_of_the_readme_run_as_printed(app, seven):
    examples = re.findall(r"```python\n(.*?)```", README, re.S)
    [example] = [code for code in examples if "gradio_client" in code]
    result = run(example, seven.parent, app)
    assert "'digits': [7]" in result.stdout, result.stderr


def test_the_curl_example_of_the_readme_runs_as_printed(app, seven):
    [example] = [code for code in re.findall(r"```sh\n(.*?)```", README, re.S) if "curl" in code]
    result = subprocess.run(
        ["sh", "-c", example.replace("localhost:7860", app)],
        cwd=seven.parent, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert '"digits":[7]' in result.stdout, result.stderr


def test_the_readme_names_the_gradio_that_is_pinned():
    pin = re.search(r"^gradio==(\S+)$", (ROOT / "requirements.txt").read_text(), re.M)[1]
    assert f"gradio[mcp]=={pin}" in README


# --- The MCP tool -----------------------------------------------------------------------------


@pytest.fixture
def ask_mcp(app):
    if not find_spec("mcp"):
        reason = "The mcp package is not installed (run: pip install -r requirements-test.txt)."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
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


def test_mcp_offers_one_tool_and_tells_what_it_takes_and_gives(ask_mcp):
    [tool] = ask_mcp(lambda session: session.list_tools()).tools
    assert tool.name == "read_digits"
    assert tool.description.startswith("Read the handwritten digit")
    assert '"not_a_digit"' in tool.description
    assert tool.inputSchema["required"] == ["image"]
    image = tool.inputSchema["properties"]["image"]
    assert image["type"] == "string"
    assert "data URL" in image["description"]


def test_mcp_reads_a_picture_and_an_upload(app, ask_mcp, seven):
    data_url = f"data:image/png;base64,{b64encode(seven.read_bytes()).decode()}"
    for image in (data_url, f"{app}/gradio_api/file={upload(app, seven)}"):
        result = ask_mcp(lambda session: session.call_tool("read_digits", {"image": image}))  # noqa: B023
        assert not result.isError
        answer = ast.literal_eval(result.content[0].text)
        check_seven(answer, answer["file"])


@pytest.mark.parametrize("image", ["/etc/passwd", str(ROOT / "media/page.png"), "https://[::1]/x"])
def test_mcp_reads_no_file_of_the_server_and_fetches_nothing(ask_mcp, image):
    result = ask_mcp(lambda session: session.call_tool("read_digits", {"image": image}))
    assert "probabilities" not in result.content[0].text
    assert result.isError or WORDS["no_address"] in result.content[0].text
