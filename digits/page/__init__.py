"""The page: Gradio, or the browser alone, around the recognizer."""

import json
from pathlib import Path

# Every sentence that a visitor or a program may get to read.
TEXT = json.loads(Path(__file__).with_name("text.json").read_text(encoding="utf-8"))
