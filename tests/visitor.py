"""A visitor without a browser: asks of a running page what its script and its programs ask."""

from base64 import b64encode
from io import BytesIO

import requests

from tests.handwriting import write

MARKED = {"meta": {"_type": "gradio.FileData"}}  # as gradio_client marks what it has uploaded


def seven():
    """Draw a 7, as the bytes of a PNG."""
    file = BytesIO()
    write(7).save(file, "PNG")
    return file.getvalue()


def pad(address):
    """Find the number of the component whose functions the page's script calls."""
    config = requests.get(f"{address}/config", timeout=30).json()
    return next(c["id"] for c in config["components"] if c["type"] == "html")


def draw(address, function="read", data=None):
    """Send a drawing to the page's own door, or other data to one of its functions."""
    if data is None:
        data = "data:image/png;base64," + b64encode(seven()).decode()
    return requests.post(
        f"{address}/gradio_api/component_server",
        json={
            "component_id": pad(address),
            "fn_name": function,
            "data": data,
            "session_hash": "visitor",
        },
        timeout=60,
    )


def upload(address, file=None, name="seven.png"):
    """Upload a file: the answer is the list of its path on the server."""
    files = {"files": (name, seven() if file is None else file)}
    return requests.post(f"{address}/gradio_api/upload", files=files, timeout=60)


def predict(address, path, **more):
    """Ask ``/predict`` about a path on the server."""
    file = {"path": path, **MARKED, **more}
    return requests.post(f"{address}/gradio_api/run/predict", json={"data": [file]}, timeout=60)


def read(address, file=None, name="seven.png"):
    """Upload a file and have it read."""
    [path] = upload(address, file, name).json()
    [answer] = predict(address, path).json()["data"]
    return answer
