"""Make the functions that the page's worker calls, with a network of the browser; answers are JSON.

It runs in Pyodide only. All reading is that of `digits.Recognizer`.
"""

import json

import numpy as np

from digits import Recognizer
from digits.page.answers import (
    features_answer,
    occlusion_answer,
    page_answer,
    preview_answer,
)

_BATCH = 16  # drawings at once: what the network takes for a whole occlusion map is never freed


def page_reader(run_network, thresholds):
    """Make the functions that page.js asks of a reader.

    Parameters
    ----------
    run_network : callable
        Takes model inputs, float32 (n, 28, 28); gives features and logits, two typed arrays of
        JavaScript with n rows each.
    thresholds : str
        Those of the model's metadata, as JSON.

    Returns
    -------
    dict of str to callable
        Each takes and returns JSON; see `digits.page.answers`.
    """

    def infer_batch(model_input):
        outputs = run_network(np.ascontiguousarray(model_input, np.float32))
        return [
            np.frombuffer(each.to_bytes(), np.float32).reshape(len(model_input), -1)
            for each in outputs
        ]

    def infer(model_input):
        starts = range(0, len(model_input), _BATCH)
        batches = [infer_batch(model_input[start : start + _BATCH]) for start in starts]
        return tuple(map(np.concatenate, zip(*batches, strict=True)))

    recognizer = Recognizer(infer, json.loads(thresholds))
    functions = {
        "read": lambda question: page_answer(recognizer, **question),
        "occlusion_map": lambda model_input: occlusion_answer(recognizer, model_input),
        "features": lambda model_input: features_answer(recognizer, model_input),
        "preview": preview_answer,
    }

    def in_json(function):
        return lambda question: json.dumps(function(json.loads(question)))

    return {name: in_json(function) for name, function in functions.items()}
