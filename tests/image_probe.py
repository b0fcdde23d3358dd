"""Run inside the container: many readings through the page's own endpoint, as any program asks.

docker exec -i NAME python - < tests/image_probe.py
"""

import json
import os
import tempfile
import urllib.request
from base64 import b64encode
from io import BytesIO

from gradio_client import Client, handle_file
from PIL import Image, ImageDraw

PAGE = "http://127.0.0.1:" + os.environ.get("GRADIO_SERVER_PORT", "7860")

seven = Image.new("L", (520, 520), "white")
ImageDraw.Draw(seven).line([(150, 120), (370, 120), (230, 420)], "black", 24, "curve")
path = os.path.join(tempfile.mkdtemp(), "seven.png")
seven.save(path)

answer = Client(PAGE, verbose=False).predict(handle_file(path), api_name="/predict")
print(answer)
assert (answer["digit"], answer["verdict"]) == (7, "digit"), answer

# The page itself sends drawings as data URLs; a thousand show what the memory comes to.
buffer = BytesIO()
seven.save(buffer, "PNG")
with urllib.request.urlopen(PAGE + "/config") as response:
    config = json.load(response)
pad = next(c["id"] for c in config["components"] if c["type"] == "html")
body = json.dumps(
    {
        "component_id": pad,
        "fn_name": "read",
        "data": "data:image/png;base64," + b64encode(buffer.getvalue()).decode(),
        "session_hash": "probe",
    }
).encode()
for _ in range(1000):
    request = urllib.request.Request(
        PAGE + "/gradio_api/component_server", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        reading = json.load(response)
assert (reading["digit"], reading["verdict"]) == ("7", "digit"), reading
print("1000 readings")
