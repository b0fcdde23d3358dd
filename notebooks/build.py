"""Make the notebook from its text and run it from top to bottom.

python notebooks/build.py                                  # the real thing: half an hour or more
python notebooks/build.py --set epochs=1 subset=2000 --output small.ipynb
"""

import argparse
import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
TEXT = HERE / "digits_detector_cnn_training.py"


def main():
    """Read the text, set parameters, execute, write the notebook."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--set", nargs="*", default=[], metavar="NAME=VALUE", help="parameters of the notebook"
    )
    parser.add_argument("--output", type=Path, default=TEXT.with_suffix(".ipynb"))
    parser.add_argument(
        "--check", action="store_true", help="only compare the text with the cells of the notebook"
    )
    options = parser.parse_args()

    notebook = jupytext.read(TEXT)
    if options.check:
        sys.exit(compare(notebook, options.output))
    parameters = next(
        i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", ())
    )
    if options.set:
        lines = (assignment.replace("=", " = ", 1) for assignment in options.set)
        notebook.cells.insert(parameters + 1, nbformat.v4.new_code_cell("\n".join(lines)))
    NotebookClient(
        notebook,
        timeout=None,
        kernel_name="python3",
        coalesce_streams=True,  # a progress bar is kept as it looked at its end
        resources={"metadata": {"path": HERE}},
    ).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":  # stderr holds what libraries say of this machine
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    nbformat.write(notebook, options.output)


def compare(text, path):
    """Say what is wrong with a committed notebook, or None: cells as in its text, run in order."""
    notebook = nbformat.read(path, as_version=4)
    if [cell.source for cell in notebook.cells] != [cell.source for cell in text.cells]:
        return f"{path.name} is not in step with {TEXT.name}: run python notebooks/build.py."
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        return f"{path.name} was not run from top to bottom: run python notebooks/build.py."
    return None


if __name__ == "__main__":
    main()
