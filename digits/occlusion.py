"""Map the ink of a model input that its reading rests on."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class _Occlusion:
    """The patches of the occlusion map, in pixels of the model input."""

    side: int = 5  # side of a square patch
    # Distance of each patch from the next, but for the last, which ends with the model input.
    stride: int = 3


_OCCLUSION = _Occlusion()


def occlusion_map(infer, model_input):
    """Find the ink that a reading rests on; see `digits.Recognizer.occlusion_map`.

    Parameters
    ----------
    infer : callable
        See `digits.Recognizer`.
    model_input : ndarray of float32, shape (28, 28)

    Returns
    -------
    ndarray of float32, shape (28, 28)
    """
    heat, times = np.zeros((2, *model_input.shape), np.float32)
    side = _OCCLUSION.side
    last = len(model_input) - side
    steps = [*range(0, last, _OCCLUSION.stride), last]
    patches = [np.s_[y : y + side, x : x + side] for y in steps for x in steps]
    patches = [patch for patch in patches if model_input[patch].any()]
    if not patches:
        return heat
    pictures = np.repeat(model_input[np.newaxis], len(patches) + 1, axis=0)
    for picture, patch in zip(pictures[1:], patches, strict=True):
        picture[patch] = 0
    _, logits = infer(pictures)
    scores = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    losses = (scores[0] - scores[1:])[:, scores[0].argmax()]
    for patch, loss in zip(patches, losses, strict=True):
        heat[patch] += max(loss, 0)
        times[patch] += 1
    heat *= (model_input > 0) / np.maximum(times, 1)
    return heat / max(heat.max(), 1e-9)
