"""What each wing loads: reading, the page and training are apart, and none needs the app."""

import ast
import sys

import pytest

from benchmarks.server import ROOT
from tests.processes import run_python

READING = sorted(path.stem for path in (ROOT / "digits").glob("*.py"))
READING += [f"layout_analysis.{path.stem}" for path in ROOT.glob("digits/layout_analysis/*.py")]
PAGE = sorted(path.stem for path in (ROOT / "digits" / "page").glob("*.py"))
# Besides digits.training: what is installed to train, and the engine of before version 2.
TRAINING = {"albumentations", "keras", "matplotlib", "openvino", "scipy", "sklearn", "tensorflow"}


def loaded(*names):
    """Import modules in a process of their own, and give the names of all that it loaded."""
    code = f"import sys, {', '.join(names)}; print(*sys.modules)"
    output = run_python("-c", code)
    assert output.returncode == 0, output.stderr
    return set(output.stdout.split())


def packages(modules):
    return {name.partition(".")[0] for name in modules}


def test_reading_needs_numpy_and_pillow_alone():
    """So that it runs in a browser as well: also the engine is imported when a model is loaded."""
    modules = loaded(*(f"digits.{name}" for name in READING))
    foreign = packages(modules - loaded("multiprocessing")) - set(sys.stdlib_module_names)
    assert foreign <= {"digits", "numpy", "PIL"}
    assert not [name for name in modules if name.startswith(("digits.page", "digits.training"))]


def test_the_page_loads_nothing_of_training():
    modules = loaded("app", *(f"digits.page.{name}" for name in PAGE))
    assert "gradio" in modules
    assert not TRAINING & packages(modules)
    assert not [name for name in modules if name.startswith("digits.training")]


def test_training_loads_nothing_of_the_page():
    rooms = (ROOT / "digits" / "training").glob("*.py")
    modules = loaded(*(f"digits.training.{room.stem}" for room in rooms))
    assert "gradio" not in modules
    assert not [name for name in modules if name.startswith("digits.page")]


@pytest.mark.parametrize("folder", ["digits", "benchmarks", "notebooks", "tests"])
def test_nothing_imports_the_app(folder):
    files = list((ROOT / folder).rglob("*.py"))
    assert files
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert "app" not in names, path
