"""The page around the recognizer, served by Gradio or as static files; here, its texts."""

import json
from pathlib import Path

# The sentences of the page and its API; those about a broken file are where it is opened.
TEXT = json.loads(Path(__file__).with_name("text.json").read_text(encoding="utf-8"))
