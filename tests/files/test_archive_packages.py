"""Filing: one case, one file; the package says what is in it, and what was changed."""

import io
import json
import zipfile

from gongkai.files.archives import filing, packages
from tests.files.filed import filed


def opened(package):
    return zipfile.ZipFile(io.BytesIO(filing.read(package)))


def test_the_file_of_a_case_holds_everything_in_order(office, at):
    with at(2021, 4, 23):
        row = filed(office)
    package = row.packages.get()
    with opened(package) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    print(json.dumps(manifest, ensure_ascii=False, indent=1))
    assert packages.verify(filing.read(package)) == []
