"""The demonstration instance, built once for all test processes and copied for each that changes it."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any


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
        timeout=300,
    )


def built(factory: Any) -> Path:
    """The folder of the instance; whichever test process comes first builds it. Not to be changed."""
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    home: Path = shared / "demonstration"
    with open(shared / "demonstration.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            done = gongkai("demo", "--no-serve", "--home", str(home))
            assert done.returncode == 0, done.stdout + done.stderr
    return home


def copied(factory: Any, name: str) -> Path:
    """A copy of the instance that a test may change."""
    home: Path = factory.mktemp(name) / "instance"
    shutil.copytree(built(factory), home)
    return home
