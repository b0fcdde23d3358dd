"""A folder of files on a free port of this machine, served compressed as static hosts do."""

import gzip
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

COMPRESSED = {".html", ".css", ".js", ".json", ".wasm", ".svg", ".md", ".ipynb"}


class Files(SimpleHTTPRequestHandler):
    """Answers with the files of a folder and `further` headers."""

    protocol_version = "HTTP/1.1"
    further = (("Cache-Control", "max-age=600"),)  # that of GitHub Pages

    def do_GET(self):
        """Send a file, or say that there is none."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_error(HTTPStatus.NOT_FOUND)
        data, is_compressed = contents(path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", len(data))
        for header in self.further:
            self.send_header(*header)
        if is_compressed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Stay silent."""


class _Host(ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # a browser that is closed resets its connections


@cache
def contents(path):
    """Read a file: its bytes as they are sent, and whether they are compressed."""
    data, is_compressed = path.read_bytes(), path.suffix in COMPRESSED
    return gzip.compress(data, 6) if is_compressed else data, is_compressed


@contextmanager
def hosted(folder, files=Files):
    """Serve a folder, whose address this yields, and stop afterwards."""
    handler = partial(files, directory=folder)
    with _Host(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
