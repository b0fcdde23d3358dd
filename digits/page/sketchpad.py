"""Make the page of a recognizer, as a Gradio component: HTML, style, script, server functions."""

from hashlib import sha256

import gradio as gr

from digits.page import TEXT
from digits.page.answers import (
    features_answer,
    occlusion_answer,
    page_answer,
    preview_answer,
)
from digits.page.content import (
    LINKED_FILES,
    MODULES,
    PLOTLY,
    page_html,
    page_settings,
    page_style,
)
from digits.page.limits import limited

THEME = gr.themes.Base(
    font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
).set(
    body_background_fill="#f7f7f4",
    body_background_fill_dark="#111216",
    body_text_color_subdued="#5b5e6a",
    body_text_color_subdued_dark="#a6aab7",
    block_padding="0",
)
"""The theme that the page's style goes with."""

SCRIPT = """
import(new URL(props.script, document.baseURI))
  .then(({ openPage }) => openPage(element, props.settings, server))
  .catch((error) => {
    console.error(error);
    element.querySelector(".notice").textContent = props.settings.text.no_page;
  });
"""


class Sketchpad(gr.HTML):
    """The whole page: a pad to draw on, and beside it what is read there while it is drawn.

    Parameters
    ----------
    recognizer : digits.Recognizer
    """

    def __init__(self, recognizer):
        def read(question: dict) -> dict:
            fields = question if isinstance(question, dict) else {}
            return page_answer(recognizer, fields.get("picture"), fields.get("taught"))

        def preview(picture: str) -> dict:
            return preview_answer(picture)

        def features(model_input: str) -> str | None:
            return features_answer(recognizer, model_input)

        def occlusion_map(model_input: str) -> str | None:
            return occlusion_answer(recognizer, model_input)

        gr.set_static_paths([PLOTLY, *MODULES, *LINKED_FILES.values()])
        links = {text: _address(path) for text, path in LINKED_FILES.items()}
        modules = {path.name: f"{_address(path)}?{_hash(*MODULES)}" for path in MODULES}
        super().__init__(
            html_template=page_html(links | {TEXT["programs"]: "docs"}, recognizer.sha256),
            css_template=page_style(),
            js_on_load=SCRIPT,
            # Otherwise the browser would find the other modules only once it has the first one.
            head="".join(f'<link rel="modulepreload" href="{src}">' for src in modules.values()),
            apply_default_css=False,
            server_functions=[
                limited(read, lambda _: {"busy": True}),
                limited(occlusion_map, lambda _: None),
                limited(features, lambda _: None),
                limited(preview, lambda _: {"error": TEXT["try_again"]}),
            ],
            script=modules["page.js"],
            settings=page_settings(f"{_address(PLOTLY)}?{_hash(PLOTLY)}", recognizer.sha256),
        )


def _address(path):
    """Return the address of a static file, relative to that of the page."""
    return f"gradio_api/file={path.as_posix()}"


def _hash(*files):
    """Hash all files: browsers keep them for as long as their address stays the same."""
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
