"""Choose the dtype policy that trains fastest on this machine."""

from pathlib import Path

import keras


def fast_precision():
    """Choose the Keras dtype policy that trains fastest on this machine.

    Returns
    -------
    {"mixed_bfloat16", "float32"}
        bfloat16 on a processor that has instructions for it, as Linux reports; elsewhere it would
        be emulated, and slow. float32 with a GPU, unless Keras runs on PyTorch.
    """
    # Keras has no list of PyTorch's devices: the notebook in PyTorch looks for a GPU itself.
    if keras.backend.backend() != "torch" and keras.distribution.list_devices("gpu"):
        return "float32"
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        flags = set()
    return "mixed_bfloat16" if flags & {"avx512_bf16", "amx_bf16"} else "float32"
