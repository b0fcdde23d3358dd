import json
import re
import shlex

import pytest
import yaml

from benchmarks.quote import QUOTING, quoted
from benchmarks.server import ROOT
from digits import __version__
from tests.processes import run_python

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", QUOTING, ids=lambda path: str(path.relative_to(ROOT)))
def test_figures_are_those_of_the_metadata_and_the_benchmarks(path):
    text = path.read_text(encoding="utf-8")
    assert quoted(text) == text
    assert quoted(text.replace("<!-- end -->", "99.99%\n\n<!-- end -->")) == text


def test_links_lead_somewhere():
    for path in (*QUOTING, *ROOT.glob("docs/*.md"), ROOT / "SECURITY.md", ROOT / "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (path.parent / target).exists(), (path, target)


def test_every_command_is_there():
    """What the documents tell a reader to run with ``python -m`` or from a folder exists."""
    for path in (*QUOTING, *ROOT.glob("docs/*.md"), ROOT / "SECURITY.md"):
        text = path.read_text(encoding="utf-8")
        for module in re.findall(r"python -m ((?:benchmarks|digits|media)[\w.]*\w)", text):
            place = ROOT / module.replace(".", "/")
            assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module


def test_the_benchmarks_are_listed():
    text = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+) \|", text.partition("## Benchmarks")[2], re.MULTILINE)
    listed = re.findall(r"`(\w+)`", " ".join(rows))
    modules = (ROOT / "benchmarks").glob("*.py")
    assert sorted(listed) == sorted(
        p.stem for p in modules if "\ndef main():" in p.read_text() and p.stem != "quote"
    )


def test_front_matter_names_what_is_there():
    front_matter = yaml.safe_load(README.split("---")[1])
    pins = dict(re.findall(r"^([\w-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.M))
    assert front_matter["sdk"] == "gradio"
    assert front_matter["sdk_version"] == pins["gradio"]
    assert len(front_matter["short_description"]) <= 60
    assert (ROOT / front_matter["app_file"]).is_file()
    assert (ROOT / front_matter["thumbnail"]).is_file()


def test_a_release_links_the_space_to_the_model(tmp_path):
    release = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
    [step] = [s for s in release["jobs"]["hub"]["steps"] if "Link" in s.get("name", "")]
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    python, *arguments = shlex.split(step["run"])
    assert python == "python"
    names = {"MODEL": "someone/mnist_cnn_albu", "SPACE": "someone/digits"}
    linked = run_python(*arguments, cwd=tmp_path, **names)
    assert linked.returncode == 0, linked.stderr
    _, front_matter, text = (tmp_path / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    before = yaml.safe_load(README.split("---")[1])
    assert yaml.safe_load(front_matter) == before | {
        "models": ["someone/mnist_cnn_albu"],
        "thumbnail": "https://huggingface.co/spaces/someone/digits/resolve/main/media/page.png",
    }
    assert text == README.split("---\n", 2)[2]


def test_no_text_of_the_page_is_given_twice():
    def check(pairs):
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names))

    json.loads((ROOT / "digits/page/text.json").read_text(), object_pairs_hook=check)


def test_no_package_is_pinned_twice():
    texts = [path.read_text() for path in ROOT.glob("requirements*.txt")]
    names = re.findall(r"^([\w-]+)==", "\n".join(texts), re.M)
    assert len(names) == len(set(names))


def test_the_python_example_runs_as_printed(seven):
    example = next(
        code for code in re.findall(r"```python\n(.*?)```", README, re.S) if "Recognizer" in code
    )
    result = run_python("-c", example, cwd=seven.parent)
    assert result.stdout.startswith("7 digit"), result.stderr


def test_one_version_everywhere():
    dockerfile, changes = ((ROOT / name).read_text() for name in ("Dockerfile", "CHANGELOG.md"))
    assert re.search(r"^ARG VERSION=(\S+)$", dockerfile, re.M)[1] == __version__
    assert re.search(r"^## (\S+)", changes, re.M)[1] == __version__


def test_the_lock_is_that_of_the_requirements():
    """Every pin of requirements.txt is locked, with hashes, and no address of any host is."""
    lock = (ROOT / "requirements.lock").read_text()
    packages = re.findall(r"^([\w.-]+==\S+).*\n((?: +--hash=sha256:\w{64}.*\n)+)", lock, re.M)
    locked = {name for name, _ in packages}
    assert len(locked) == len(re.findall(r"^\w", lock, re.M))
    pins = re.findall(r"^[\w-]+==\S+", (ROOT / "requirements.txt").read_text(), re.M)
    assert set(pins) <= locked
    assert "://" not in lock
