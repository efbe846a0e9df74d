"""The demonstration instance, built once for each state of the sources and each day, and copied for each test that
changes it."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).resolve().parents[1] / "src" / "gongkai"
A_DAY = 86_400


def environment() -> dict[str, str]:
    """The environment of a command that a person types: nothing of the tests' own instance."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GONGKAI_", "DJANGO_", "PYTEST_"))
    }


def gongkai(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person does."""
    return subprocess.run(
        [sys.executable, "-c", "from gongkai.cli import main; main()", *arguments],
        env=environment(),
        input=stdin,
        capture_output=True,
        text=True,
        # Only what hangs is to be ended, on a busy machine too.
        timeout=1200,
    )


@lru_cache(maxsize=1)
def built() -> Path:
    """The folder of the instance; whichever test process comes first builds it. Not to be changed."""
    shared = Path(tempfile.gettempdir()) / f"gongkai-demonstration-{os.getuid()}"
    shared.mkdir(mode=0o700, exist_ok=True)
    home = shared / _state()
    # One builder for each state, and no other waits for it; the file stays, so that all lock the same one.
    with open(shared / f"{home.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            _forget_older(shared)
            done = gongkai("demo", "--no-serve", "--home", str(home))
            assert done.returncode == 0, done.stdout + done.stderr
    return home


def copied(factory: Any, name: str) -> Path:
    """A copy of the instance that a test may change."""
    home: Path = factory.mktemp(name) / "instance"
    shutil.copytree(built(), home)
    return home


def _state() -> str:
    """What the instance is made of: the sources, the interpreter with its packages, and today's date in China."""
    today = datetime.now(UTC) + timedelta(hours=8)
    digest = hashlib.blake2b(f"{today:%Y-%m-%d} {sys.executable}".encode(), digest_size=10)
    for path in sorted(SOURCES.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(SOURCES)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _forget_older(shared: Path) -> None:
    for path in shared.iterdir():
        if path.lstat().st_ctime < time.time() - A_DAY:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
