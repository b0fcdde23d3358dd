"""Make the notebooks from their texts and run them from top to bottom.

python notebooks/build.py                         # the real thing: an hour and more for both
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
MADE = [path.stem for path in HERE.glob("*.ipynb")]


def main():
    """Read the texts, set parameters, execute, write the notebooks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=MADE, help="which; by default all there are")
    parser.add_argument(
        "--set", nargs="*", default=[], metavar="NAME=VALUE", help="parameters of the notebooks"
    )
    parser.add_argument("--to", type=Path, default=HERE, help="the folder to write them into")
    parser.add_argument(
        "--check",
        action="store_true",
        help="only compare the texts with the cells of the notebooks",
    )
    options = parser.parse_args()
    for name in options.names:
        text = jupytext.read(HERE / f"{name}.py")
        path = options.to / f"{name}.ipynb"
        if options.check:
            if problem := compare(text, path):
                sys.exit(f"{path.name} {problem}: run python notebooks/build.py {name}.")
        else:
            nbformat.write(execute(text, options.set), path)


def execute(notebook, assignments):
    """Run all cells, with a cell of assignments after that of the parameters."""
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
    return notebook


def compare(text, path):
    """Say what is wrong with a committed notebook, or None.

    Its cells are as in its text, were run in order, and tell no path of the machine they ran on.
    """
    notebook = nbformat.read(path, as_version=4)
    if [cell.source for cell in notebook.cells] != [cell.source for cell in text.cells]:
        return "is not in step with its text"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        return "was not run from top to bottom"
    for output in (output for cell in code for output in cell.outputs):
        told = output.get("text", "") + output.get("data", {}).get("text/plain", "")
        if MACHINE_PATH.search(told):
            return f"tells a path of the machine it ran on: {told}"
    return None


if __name__ == "__main__":
    main()
