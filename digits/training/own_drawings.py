"""Load the pen strokes of drawings that a visitor corrected and downloaded as a file."""

import json
from pathlib import Path

import numpy as np

from digits.training.unipen import Drawing


def load_own_drawings(path):
    """Read what "Download my drawings" of the page wrote; see docs/teaching.md.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    list of Drawing
        Of one writer and site, ``own``. Photos, which have no strokes, are skipped.

    Raises
    ------
    ValueError
        If it is not such a file.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != "digits drawings":
            raise ValueError(f"a file of {content['format']}")
        return [
            Drawing(
                strokes=[np.array(stroke, np.float32) for stroke in drawing["strokes"]],
                label=str(drawing["digit"]),
                writer=f"own/{path.stem}",
                site="own",
                source=f"{path.name} {i}",
            )
            for i, drawing in enumerate(content["drawings"])
            if drawing.get("strokes")
        ]
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(
            f"{path.name} has no drawings, or broken ones: give a file that the page downloaded."
        ) from error
