"""Keys of the instance folder: each made once, whole or not at all, and never replaced."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """The key `name` of the instance, made by `make` at first use, readable by its owner only.

    Written beside its place and linked into it, so no other process ever reads half a key.
    """
    place: Path = settings.INSTANCE.home / "keys" / name
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes the file with mode 0600.
        descriptor, beside = tempfile.mkstemp(dir=place.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(make())
                stream.flush()
                os.fsync(stream.fileno())
            os.link(beside, place)
        except FileExistsError:
            # Another process made it a moment ago: that one counts.
            pass
        finally:
            os.unlink(beside)
    return place.read_bytes()
