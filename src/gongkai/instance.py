"""An instance: one folder that holds the database, files, index, keys and the written site.

`instance.json` in that folder marks what kind of instance it is. Only a folder marked as a
demonstration lets the clock be set.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARK = "instance.json"


class NotAnInstance(Exception):
    """The folder named by --home or GONGKAI_HOME holds no instance."""


@dataclass(frozen=True)
class Instance:
    """What `instance.json` says.

    home: the folder; demo: whether the clock may be set and demonstration log-ins are printed;
    created: ISO date-time; small: whether one small agency runs it, so that an administrator may
    also hold a business role.
    """

    home: Path
    demo: bool = False
    created: str = ""
    small: bool = True

    @classmethod
    def load(cls, home: Path) -> "Instance":
        """Read the mark of `home`; NotAnInstance where there is none or it cannot be read."""
        try:
            said: dict[str, Any] = json.loads((home / MARK).read_text("utf-8"))
            return cls(home, bool(said["demo"]), str(said.get("created", "")), bool(said.get("small", True)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotAnInstance(str(home)) from error

    @classmethod
    def found(cls, home: Path, *, demo: bool, created: str, small: bool = True) -> "Instance":
        """Make the folder with its mark and keys, readable by its owner only."""
        home.mkdir(parents=True, exist_ok=True)
        # The database and the files hold what is not public: nobody else on the machine reads them.
        home.chmod(0o700)
        for name in ("keys", "files", "site", "journal", "index"):
            (home / name).mkdir(exist_ok=True)
        (home / "keys").chmod(0o700)
        write_secret(home / "keys" / "django.secret", secrets.token_urlsafe(50).encode())
        mark = {"demo": demo, "created": created, "small": small}
        (home / MARK).write_text(json.dumps(mark, ensure_ascii=False, indent=1), "utf-8")
        return cls.load(home)

    def secret_key(self) -> str:
        return (self.home / "keys" / "django.secret").read_text("ascii")


def write_secret(path: Path, content: bytes) -> None:
    """Write a key once, with mode 0600; an existing key is never replaced."""
    if path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
