"""The page: Gradio around the reading wing."""

import json
from pathlib import Path

# Every sentence that a visitor or a program may get to read.
TEXT = json.loads(Path(__file__).with_name("text.json").read_text(encoding="utf-8"))
