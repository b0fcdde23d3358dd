"""Download npm packages and Pyodide's packages by their names, and check their files."""

import json
import os
import shutil
import subprocess
import tarfile
from base64 import b64encode
from hashlib import sha256, sha512
from pathlib import Path
from urllib.request import urlopen

WHEELS = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{file}"
"""Where Pyodide's release keeps its packages."""

NPM_PACKAGES = json.loads(Path(__file__).with_name("npm.json").read_text(encoding="utf-8"))
"""Name and version of each, with its hash as ``npm view NAME dist.integrity`` prints it."""


class BuildError(Exception):
    """The page cannot be built; the message says what to do."""


class DownloadError(BuildError):
    """A part of the page cannot be downloaded, or is not the expected one."""


def npm_package(spec, folder):
    """Download a package from npm with its own client, and unpack it.

    Parameters
    ----------
    spec : str
        One of `NPM_PACKAGES`.
    folder : Path
        Where it is kept from one build to the next.

    Returns
    -------
    Path
        A folder with the files of the package.

    Raises
    ------
    BuildError
        If npm is missing.
    DownloadError
        If npm cannot get just this package.
    """
    unpacked = folder / spec.replace("/", "-")
    if unpacked.is_dir():
        return unpacked
    npm = shutil.which("npm")
    if npm is None:
        raise BuildError("npm was not found: install Node.js, version 20 or newer.")
    folder.mkdir(parents=True, exist_ok=True)
    packed = subprocess.run(
        [npm, "pack", spec, "--json", "--pack-destination", folder], capture_output=True, text=True
    )
    if packed.returncode:
        raise DownloadError(f"npm cannot get {spec}: connect to the network, and build again.")
    archive = folder / json.loads(packed.stdout)[0]["filename"]
    digest = "sha512-" + b64encode(sha512(archive.read_bytes()).digest()).decode()
    if digest != NPM_PACKAGES[spec]:
        raise DownloadError(f"{spec} from npm does not have the expected checksum: do not use it.")
    partial = unpacked.with_name(f"{unpacked.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    with tarfile.open(archive) as opened:
        opened.extractall(partial, filter="data")
    (partial / "package").rename(unpacked)
    partial.rmdir()
    archive.unlink()
    return unpacked


def pyodide_package(name, lock, folder, given=None):
    """Get a package of Pyodide's release as a wheel.

    Parameters
    ----------
    name : str
    lock : dict
        Pyodide's ``pyodide-lock.json``, which has the hash of the file.
    folder : Path
        Where it is kept from one build to the next.
    given : path-like, optional
        A folder that is looked in first.

    Returns
    -------
    Path

    Raises
    ------
    DownloadError
        If the file cannot be downloaded, or has another hash.
    """
    package = lock["packages"][name]
    file = package["file_name"]
    for place in filter(None, (given, folder)):
        if (path := Path(place) / file).is_file():
            _check(path.read_bytes(), package)
            return path
    address = WHEELS.format(version=lock["info"]["version"], file=file)
    try:
        with urlopen(address, timeout=60) as response:
            data = response.read()
    except OSError as error:
        raise DownloadError(
            f"{address} cannot be reached ({error}): connect to the network, or give a folder that "
            "has the file with --wheels."
        ) from error
    _check(data, package)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def cache_folder():
    """Return the folder where downloads are kept, as the XDG base directories have it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "digits-page"


def _check(data, package):
    if sha256(data).hexdigest() != package["sha256"]:
        raise DownloadError(
            f"{package['file_name']} is not the file that Pyodide released: delete it, and build "
            "again."
        )
