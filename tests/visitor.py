"""A visitor without a browser: asks of a running page what its script and programs ask."""

import json

import requests

from tests.handwriting import write
from tests.picture_files import data_url, saved

MARK = {"meta": {"_type": "gradio.FileData"}}  # as Gradio's clients mark a file


def seven():
    """Draw a 7, as the bytes of a PNG."""
    return saved(write(7))


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
        self._address = address
        self._session = requests.Session()
        self._session.headers["Connection"] = "close"  # one left idle may be cut by the server
        if pad is None:
            config = self._session.get(f"{address}/config", timeout=30).json()
            [pad] = [c["id"] for c in config["components"] if c["props"]["name"] == "sketchpad"]
        self.pad = pad

    def _post(self, path, **what):
        return self._session.post(f"{self._address}/{path}", **what, timeout=60)

    def message(self, drawing=None, function="read"):
        """Write what the page's script sends: the bytes of a picture, as JSON."""
        return json.dumps(
            {
                "component_id": self.pad,
                "fn_name": function,
                "data": {"picture": data_url(seven() if drawing is None else drawing)},
                "session_hash": "visitor",
            }
        ).encode()

    def send(self, message):
        """Send bytes to the page's own address."""
        headers = {"Content-Type": "application/json"}
        return self._post("gradio_api/component_server", data=message, headers=headers)

    def draw(self, drawing=None):
        """Send a drawing as the page does, of a 7 if it is not given."""
        return self.send(self.message(drawing))

    def upload(self, file=None, name="seven.png"):
        """Upload a file: the answer is the list of its path on the server."""
        files = {"files": (name, seven() if file is None else file)}
        return self._post("gradio_api/upload", files=files)

    def post(self, file=None, **options):
        """Send a file to ``POST /read``, as the body."""
        return self._post("read", data=seven() if file is None else file, **options)

    def predict(self, sent):
        """Ask ``/predict`` about anything that can be written as JSON."""
        answer = self._post("gradio_api/run/predict", json={"data": [sent]})
        answer.raise_for_status()
        return answer.json()["data"][0]

    def expect_seven(self):
        """Have a 7 read in every way."""
        assert self.draw().json()["label"] == "7"
        assert self.read()["digit"] == 7
        assert self.post().json()["digit"] == 7

    def read(self, file=None):
        """Upload a file and have it read."""
        [path] = self.upload(file).json()
        return self.predict({"path": path, **MARK})
