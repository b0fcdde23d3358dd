"""Make the page's HTML and the settings of its script from the page's files.

It knows nothing of Gradio: whoever serves the page gives the addresses of what it links to.
"""

import json
from html import escape
from pathlib import Path
from string import Template

from digits import __version__
from digits.chart import CONFIG, probability_chart
from digits.image_file import FORMATS, MAX_FILE_BYTES, MAX_PIXELS
from digits.page import TEXT
from digits.page.answers import blank_answer

PAGE = Path(__file__).resolve().parent
ROOT = PAGE.parent.parent
MODULES = sorted(PAGE.glob("*.js"))
"""The ES modules. ``page.js`` imports the others from beside it, and exports ``openPage``."""

PLOTLY = PAGE / "vendor" / "plotly-basic.min.js"
"""Plotly's own bundle with bar charts, from npm's ``plotly.js-basic-dist-min``.

The one in Plotly's Python package has all charts: a browser takes four times as long to start it,
about a second, and draws no ink meanwhile.
"""

STYLES = ("sketchpad.css", "pad.css", "reading.css", "screens.css")
"""The style sheet in parts. The last one changes the others for small screens."""

LINKED_FILES = {text: ROOT / path for text, path in TEXT["links"]}
"""What the page links to in any edition, by the text of the link."""


def page_html(links, sha256, text=TEXT):
    """Fill in the page's template.

    Parameters
    ----------
    links : dict
        Where a browser finds what the page links to, by the text of the link.
    sha256 : str
        Of the model file. Accuracy is given only for the model that was measured.
    text : dict
        The sentences of the page.

    Returns
    -------
    str
    """
    sentences = {name: escape(value) for name, value in text.items() if isinstance(value, str)}
    return Template(page_file("sketchpad.html")).substitute(
        sentences,
        version=__version__,
        how_list="".join(f"<li>{escape(step)}</li>" for step in text["how"]),
        network_svg=page_file("network.svg"),
        figures_rows="".join(
            f'<tr><th scope="row">{escape(label)}</th><td>{share}</td></tr>'
            for label, share in _accuracy(sha256)
        ),
        links_list="".join(
            # In another tab, since a drawing is lost with its page.
            f'<li><a href="{escape(address)}" target="_blank">{escape(label)}</a></li>'
            for label, address in links.items()
        ),
    )


def page_style():
    """Return the page's style sheet."""
    return "\n".join(map(page_file, STYLES))


def page_settings(plotly, sha256, text=TEXT):
    """Return what ``openPage`` needs to know, ready for JSON.

    Parameters
    ----------
    plotly : str
        Where a browser finds the script of Plotly.
    sha256 : str
        Of the model file.
    text : dict
        The sentences of the page.

    Returns
    -------
    dict
    """
    figure = json.loads(probability_chart([0] * 10).to_json())
    del figure["layout"]["height"]  # here the chart fills its place on the page
    return {
        "text": text,
        "examples": json.loads(page_file("examples.json")),
        "figure": figure | {"config": CONFIG},
        "plotly": plotly,
        "model": sha256,
        "blank": blank_answer(),
        "photos": {
            "types": [f"image/{name.lower()}" for name in FORMATS],
            "bytes": MAX_FILE_BYTES,
            "pixels": MAX_PIXELS,
        },
    }


def page_file(name):
    """Read one of the page's files."""
    return (PAGE / name).read_text(encoding="utf-8")


def _accuracy(sha256):
    measured = json.loads((ROOT / "benchmarks" / "accuracy.json").read_text(encoding="utf-8"))
    if measured["sha256"] != sha256:
        return []
    return [[text.format(**measured) for text in row] for row in TEXT["figures"]]
