"""A network of the browser in, out the functions that the page's worker calls, answers as JSON.

It runs in Pyodide alone. All reading is that of `digits.Recognizer`.
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

    def infer(model_input):
        outputs = run_network(np.ascontiguousarray(model_input, np.float32))
        return tuple(
            np.frombuffer(each.to_bytes(), np.float32).reshape(len(model_input), -1)
            for each in outputs
        )

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
