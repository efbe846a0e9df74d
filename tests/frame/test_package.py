"""What is installed from a wheel is whole, and the repository says nothing of machines or registries."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "gongkai"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names in the wheel that this source builds."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
            "--disable-pip-version-check", "--no-cache-dir", "-w", str(folder), str(ROOT),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_package(wheel):
    ours = {
        str(path.relative_to(ROOT / "src"))
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not sorted(ours - wheel)[:10]


def test_lock_files_and_scripts_name_no_host(tmp_path):
    for name in ("requirements/run.txt", "requirements/dev.txt", "Makefile", ".ci/run", "pyproject.toml"):
        text = (ROOT / name).read_text("utf-8")
        addresses = [found for found in re.findall(r"\w+://[^\s\"']+", text) if "127.0.0.1" not in found]
        assert not addresses, f"{name}: {addresses}"


def test_every_requirement_is_locked_with_its_hash():
    for name in ("run", "dev"):
        blocks = re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{name}.txt").read_text("utf-8"))
        pinned = [block for block in blocks if re.match(r"[A-Za-z0-9]", block)]
        assert pinned and all("==" in block and "--hash=sha256:" in block for block in pinned)


def test_no_file_of_the_source_has_more_than_one_subject_by_its_length():
    long = [
        f"{path.relative_to(SOURCE)}: {count}"
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts and (count := len(path.read_text("utf-8").splitlines())) > 520
    ]
    assert not long


def test_no_room_is_called_utils():
    bad = {"utils", "common", "core", "helpers", "misc"}
    assert not [path for path in SOURCE.rglob("*") if path.stem in bad]
