"""Save a trained network as a ``.keras`` file, with its metadata in a ``.json`` file beside it."""

import hashlib
import json
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

import keras


def export(network, metadata, path):
    """Replace a model and its metadata, each in one step: no reader ever sees half a file.

    Parameters
    ----------
    network : keras.Model
        Written as it is, but without optimizer, loss and metrics.
    metadata : dict
        What is known about the model; its ``sha256`` and the versions that made it are added.
    path : path-like
        The ``.keras`` file, whose folder is made; the metadata go into the ``.json`` file of the
        same name.

    Returns
    -------
    dict
        The metadata as written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A .keras file contains the optimizer's state, twice the size of the weights. A clone made by
    # keras.models.clone_model would be compiled, too; one made from the layers alone is not.
    bare = type(network).from_config(network.get_config())
    bare.set_weights(network.get_weights())
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        model_file, metadata_file = Path(folder, path.name), Path(folder, "metadata.json")
        bare.save(model_file)
        backend = keras.backend.backend()
        metadata = {
            "model": path.name,
            "sha256": hashlib.sha256(model_file.read_bytes()).hexdigest(),
            **metadata,
            "versions": {
                "python": platform.python_version(),
                **{name: version(name) for name in ("keras", backend, "albumentations")},
            },
        }
        metadata_file.write_text(json.dumps(metadata, indent=2) + "\n", encoding="utf-8")
        model_file.replace(path)
        metadata_file.replace(path.with_suffix(".json"))
    return metadata
