"""Run inside the container: many readings, as programs ask for them.

docker exec -i NAME python - < tests/image_probe.py
"""

import json
import os
import tempfile
import time
import urllib.request
from pathlib import Path

from gradio_client import Client, handle_file
from PIL import Image, ImageDraw

PAGE = "http://127.0.0.1:" + os.environ.get("GRADIO_SERVER_PORT", "7860")

image = Image.new("L", (520, 520), "white")
ImageDraw.Draw(image).line([(150, 120), (370, 120), (230, 420)], "black", 24, "curve")
seven = Path(tempfile.mkdtemp()) / "seven.png"
image.save(seven)


def read():
    with urllib.request.urlopen(PAGE + "/read", seven.read_bytes()) as response:
        return json.load(response)


start = time.perf_counter()
answer = read()
print(f"first reading {1000 * (time.perf_counter() - start):.0f} ms")
assert (answer["digit"], answer["verdict"], answer["text"]) == (7, "digit", "7"), answer
told = Client(PAGE, verbose=False).predict(handle_file(seven), api_name="/predict")
assert told["probabilities"] == answer["probabilities"], told

# A thousand show what the memory comes to.
assert all(read() == answer for _ in range(1000))
print("1000 readings")
