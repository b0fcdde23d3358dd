"""How much accuracy varies from training to training: the notebook, run with other seeds.

    python -m benchmarks.seeds --seeds 1 2 --json benchmarks/seeds.json

Each run executes `notebooks/digits_detector_cnn_training.py` from top to bottom, which takes about
as long as training, and exports to `checkpoints/`. A seed that is in the JSON file already is not
run again, and an interrupted training resumes where it was. A network that is still in
`checkpoints/` is measured again, as is the shipped one, which counts as one more seed. Real hands
are the digits of the test writers, read by `Recognizer.read_many`; the mean is over writing sites.
"""

import json
from pathlib import Path

import jupytext
import numpy as np

from benchmarks import tables
from benchmarks.common import ROOT, command_line, digits_of_test_writers, write_json
from digits import Recognizer
from digits.model_file import MODEL, load_metadata
from digits.training.metrics import macro_accuracy
from digits.training.render import CONDITIONS, draw
from notebooks.build import execute

NOTEBOOK = ROOT / "notebooks" / "digits_detector_cnn_training.py"
CHECKPOINTS = ROOT / "checkpoints"
FIGURES = ("mnist_test_accuracy", "mnist_test_accuracy_undisputed", "mnist_validation_accuracy")


def main():
    """Run the notebook for every seed, write the figures after each, print the table."""
    parser = command_line(__doc__, Path("seeds.json"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()

    results = json.loads(options.json.read_text()) if options.json.exists() else {}
    results[str(load_metadata(MODEL)["trained"]["seed"])] = measure(MODEL)
    for seed in options.seeds:
        name = f"seed-{seed}"
        model = CHECKPOINTS / f"{name}.keras"
        if model.exists() or str(seed) not in results:
            results[str(seed)] = measure(model if model.exists() else train(name, [f"seed={seed}"]))
        write_json(options.json, results)
    print(tables.varied(results))


def train(name, parameters):
    """Run the notebook with some parameters: the path of the model, which has that name."""
    run = CHECKPOINTS / name
    model = run.with_suffix(".keras")
    run.mkdir(parents=True, exist_ok=True)
    own = [f"checkpoint_dir={str(run)!r}", f"model_path={str(model)!r}"]
    execute(jupytext.read(NOTEBOOK), [*parameters, *own])
    return model


def measure(model):
    """Collect the figures that the notebook exported, and measure accuracy on real hands."""
    exported = load_metadata(model)["figures"]
    figures = {name: exported[name] for name in FIGURES}
    recognizer, drawings = Recognizer.load(model), digits_of_test_writers()
    sites = [drawing.site for drawing in drawings]
    for condition in CONDITIONS:
        right = is_right(recognizer, drawings, condition)
        figures[f"real_hands_{condition}"] = macro_accuracy(right, sites)
    return figures


def is_right(recognizer, drawings, condition):
    """Tell which drawings are read right, whatever the verdict: (n,) bool."""
    readings = recognizer.read_many(draw(drawing, condition) for drawing in drawings)
    truth = np.array([int(drawing.label) for drawing in drawings])
    return truth == [reading.top[0][0] for reading in readings]


if __name__ == "__main__":
    main()
