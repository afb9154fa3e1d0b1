"""The crates depend on each other in one direction only, as ARCHITECTURE.md draws it."""

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# From the bottom up; crates of one layer do not name each other.
LAYERS = [["dtype"], ["kernels"], ["core"], ["ufunc"], ["linalg", "fft", "random", "io", "expr"], ["jit"], ["facade", "py"]]
DEVELOPMENT = {"testing", "dev"}
ONLY_PY = {"pyo3", "pyo3-ffi", "numpy"}


@pytest.fixture(scope="module")
def packages():
    """Our packages by folder name, each with its dependencies: (name, kind), our own by folder name."""
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1", "--offline"]
    data = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    folders = {package["name"]: Path(package["manifest_path"]).parent.name for package in data["packages"]}
    return {
        folders[package["name"]]: [(folders.get(needed["name"], needed["name"]), needed["kind"]) for needed in package["dependencies"]]
        for package in data["packages"]
    }


def test_every_crate_has_a_layer(packages):
    assert set(packages) <= {crate for layer in LAYERS for crate in layer} | DEVELOPMENT


def test_no_crate_names_a_crate_beside_or_above_it(packages):
    height = {crate: level for level, layer in enumerate(LAYERS) for crate in layer}
    wrong = [
        f"{crate} -> {needed}"
        for crate in packages
        for needed, kind in packages[crate]
        if crate in height and kind != "dev" and needed in packages and height.get(needed, 99) >= height[crate]
    ]
    assert not wrong


def test_only_the_extension_knows_python(packages):
    assert [crate for crate in packages if ONLY_PY & {name for name, _ in packages[crate]}] == ["py"]
