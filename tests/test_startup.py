import subprocess
import sys

from benchmarks.server import ROOT

START = "import sys, app, digits.page.api, digits.page.sketchpad; print(*sys.modules)"
TRAINING = {"keras", "tensorflow", "albumentations", "cv2", "sklearn", "scipy", "digits.training"}


def test_the_page_loads_nothing_of_training():
    command = [sys.executable, "-c", START]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "gradio" in output.split()
    assert not TRAINING & set(output.split())
