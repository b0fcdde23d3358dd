"""A visitor without a browser: asks of a running page what its script and its programs ask."""

import json
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


class Visitor:
    """Someone at a page.

    Parameters
    ----------
    address : str
        Of the page.
    pad : int, optional
        Number of the component whose functions the page's script calls; asked for if not given.
    """

    def __init__(self, address, pad=None):
        self._api = f"{address}/gradio_api"
        self._session = requests.Session()
        self._session.headers["Connection"] = "close"  # one left idle may be cut by the server
        if pad is None:
            config = self._session.get(f"{address}/config", timeout=30).json()
            pad = next(c["id"] for c in config["components"] if c["type"] == "html")
        self.pad = pad

    def message(self, drawing=None, function="read"):
        """Write what the page's script sends: the bytes of a picture, as JSON."""
        data = (
            "data:image/png;base64," + b64encode(seven() if drawing is None else drawing).decode()
        )
        return json.dumps(
            {
                "component_id": self.pad,
                "fn_name": function,
                "data": data,
                "session_hash": "visitor",
            }
        ).encode()

    def send(self, message):
        """Send bytes to the page's own door."""
        return self._session.post(
            f"{self._api}/component_server",
            message,
            headers={"Content-Type": "application/json"},
            timeout=60,
        )

    def draw(self, drawing=None):
        """Send a drawing as the page does, of a 7 if it is not given."""
        return self.send(self.message(drawing))

    def upload(self, file=None, name="seven.png"):
        """Upload a file: the answer is the list of its path on the server."""
        files = {"files": (name, seven() if file is None else file)}
        return self._session.post(f"{self._api}/upload", files=files, timeout=60)

    def predict(self, path, mark=MARKED, **more):
        """Ask ``/predict`` about a path on the server."""
        data = [{"path": path, **mark, **more}]
        return self._session.post(f"{self._api}/run/predict", json={"data": data}, timeout=60)

    def read(self, file=None):
        """Upload a file and have it read."""
        [path] = self.upload(file).json()
        [answer] = self.predict(path).json()["data"]
        return answer
