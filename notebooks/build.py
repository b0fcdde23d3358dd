"""Run the notebooks from top to bottom and write them with their outputs.

Each notebook is a text, a ``.py`` file in Jupytext's percent format, and the ``.ipynb`` made of it.

    python notebooks/build.py                         # both, in full: more than an hour
    python notebooks/build.py digits_detector_cnn_training
    python notebooks/build.py --set epochs=1 subset=2000 --to /tmp
"""

import argparse
import re
import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
MACHINE_PATH = re.compile(r"(?<![\w./:])(/|[A-Z]:\\)(home|root|Users|tmp|opt|work|mnt)\b")
NAMES = [path.stem for path in HERE.glob("*.ipynb")]


def main():
    """Read the texts, set parameters, run, and write the notebooks."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", default=NAMES, help="which notebooks (default: all)")
    parser.add_argument(
        "--set", nargs="*", default=[], metavar="NAME=VALUE", help="parameters of the notebooks"
    )
    parser.add_argument("--to", type=Path, default=HERE, help="folder to write them to")
    parser.add_argument(
        "--check",
        action="store_true",
        help="only check that the notebooks match their texts",
    )
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    for name in options.names:
        text = jupytext.read(HERE / f"{name}.py")
        path = options.to / f"{name}.ipynb"
        if options.check:
            if problem := find_problem(text, path):
                sys.exit(f"{path.name} {problem}: run python notebooks/build.py {name}.")
        else:
            nbformat.write(execute(text, options.set), path)


def execute(notebook, assignments):
    """Run all cells of a notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Changed in place; one of its cells has the tag ``parameters``.
    assignments : list of str
        Such as ``epochs=1``: a cell of them is inserted after that of the parameters.

    Returns
    -------
    nbformat.NotebookNode
        With its outputs, without what differs between two runs for no reason of the notebook's.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    parameters = next(
        i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", ())
    )
    if assignments:
        lines = (assignment.replace("=", " = ", 1) for assignment in assignments)
        notebook.cells.insert(parameters + 1, nbformat.v4.new_code_cell("\n".join(lines)))
    NotebookClient(
        notebook,
        timeout=None,
        kernel_name="python3",
        coalesce_streams=True,  # keeps only the final state of a progress bar
        resources={"metadata": {"path": HERE}},
    ).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":  # on stderr, libraries report about this machine
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def find_problem(text, path):
    """Find what is wrong with a committed notebook.

    Its cells must match its text, have been run in order, and print no path of the machine that
    they ran on.

    Parameters
    ----------
    text : nbformat.NotebookNode
    path : Path
        The ``.ipynb`` file.

    Returns
    -------
    str or None
        A predicate of the notebook, or None if nothing is wrong.
    """
    notebook = nbformat.read(path, as_version=4)
    if [cell.source for cell in notebook.cells] != [cell.source for cell in text.cells]:
        return "does not match its text"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        return "was not run from top to bottom"
    for output in (output for cell in code for output in cell.outputs):
        printed = output.get("text", "") + output.get("data", {}).get("text/plain", "")
        if MACHINE_PATH.search(printed):
            return f"prints a path of the machine it ran on: {printed}"
    return None


if __name__ == "__main__":
    main()
