"""What the server hands out as files before anything is released: styles, scripts, standing pages."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from gongkai.channels import ledger, tree
from gongkai.channels.manifest import WRITING, put


def collect() -> None:
    """Copy the static files of all rooms into the instance, and write the site where it has not been written."""
    from gongkai.channels import site

    collect_static()
    if tree.read("404.html") is None or not ledger.root().complete:
        site.write_all()


def collect_static() -> None:
    """Bring the static files to what the package holds, and enter them into the list of the site.

    Files are compared by their bytes: Django's own command goes by times, which who changes a file can set.
    """
    top = Path(settings.STATIC_ROOT)
    files = list(packaged())
    for path, data in files:
        place = top / path
        if place.is_symlink() or not place.is_file() or place.read_bytes() != data:
            put(place, data, ledger.folder() / WRITING)
    ledger.put_static(files)


def packaged() -> Iterator[tuple[str, bytes]]:
    """Every static file as the package holds it; of two with one path the first counts, as Django serves them."""
    seen: set[str] = set()
    for finder in get_finders():
        for path, storage in finder.list([]):
            if path in seen:
                continue
            seen.add(path)
            with storage.open(path) as stream:
                yield path, stream.read()
