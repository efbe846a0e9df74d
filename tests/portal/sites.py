"""A site of its own for one test, and how a visitor reads it."""

import shutil
import time
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings

from gongkai.channels import site

NAMES = {
    "site_domain": "www.example.gov.cn",
    "site_id_code": "4103030001",
    "site_icp": "豫ICP备00000000号",
}


def fresh() -> None:
    """Empty the site and the index of the test instance."""
    for name in ("site", "index"):
        folder = settings.INSTANCE.home / name
        # A reader that still lets go of its files may put one back while the folder is being removed.
        for _attempt in range(20):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
            time.sleep(0.05)
        folder.mkdir(exist_ok=True)


def name_site(office: Any) -> None:
    """Give the site what the site guide wants on every page."""
    office.district.options = NAMES | {"site_name": "西工区政府信息公开"}
    office.district.save()


def written(office: Any) -> Any:
    """The office, with its named site written from what is public now."""
    fresh()
    name_site(office)
    site.write_all()
    return office


def get(application: Any, path: str, method: str = "GET", query: str = "", **headers: str) -> Any:
    """One request to a WSGI application: (status, headers, body)."""
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    environ |= {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": "127.0.0.1",
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    said: list[Any] = []
    body = b"".join(application(environ, lambda status, names, error=None: said.append((status, names))))
    status, names = said[0]
    return int(status.split()[0]), {name.lower(): value for name, value in names}, body
