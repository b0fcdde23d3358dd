"""Accuracy on a new place: the notebook, run without the writers of one UNIPEN site.

    python -m benchmarks.sites --json benchmarks/sites.json

The notebook runs once with all sites, and once without each site that has at least 50 digits of
validation and test writers, for fewer epochs than the shipped model. Each network reads these
digits by `Recognizer.read_many`. A site that is in the JSON file already is not measured again.
"""

import json
from pathlib import Path

from benchmarks import tables
from benchmarks.common import command_line, unipen_digits, write_json
from benchmarks.seeds import is_right, train
from digits import Recognizer
from digits.training.writers import SITES, split_by_writer

EPOCHS = 2  # of each training
MIN_DIGITS = 50
CONDITIONS = ("anywhere", "coarse")


def main():
    """Run the notebook for every site, write the figures after each, print the table."""
    options = command_line(__doc__, Path("sites.json")).parse_args()
    parts = split_by_writer(unipen_digits())
    unseen = parts["validation"] + parts["test"]
    by_site = {site: [one for one in unseen if one.site == site] for site in SITES}

    results = {"epochs": EPOCHS, "sites": {}}
    if options.json.exists():
        results = json.loads(options.json.read_text())
    everything = train("all-sites", [f"epochs={EPOCHS}"])
    for site, drawings in by_site.items():
        if len(drawings) < MIN_DIGITS or site in results["sites"]:
            continue
        left_out = [f"epochs={EPOCHS}", f"left_out_site={site!r}"]
        figures = {"n": len(drawings)}
        for name, model in {"with": everything, "without": train(f"no-{site}", left_out)}.items():
            recognizer = Recognizer.load(model)
            for condition in CONDITIONS:
                right = is_right(recognizer, drawings, condition)
                figures[f"{name}, {condition}"] = float(right.mean())
        results["sites"][site] = figures
        write_json(options.json, results)
    print(tables.new_places(results))


if __name__ == "__main__":
    main()
