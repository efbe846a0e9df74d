"""Whose site this is: name, domain, codes, sponsor, as the top agency states them.

They stand in `Agency.options` of the top agency: site_name, site_tagline, site_domain, site_id_code, site_icp,
site_police, site_police_url, site_corrections_url, site_organ_mark_url, site_accent, site_data_licence
(under which terms the open data of the reports may be used).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings

from gongkai.agencies.models import Agency

# 公共信息资源开放试点工作方案: open data is free, for every use, with its source named.
FREE_USE = "任何人可以免费获取、使用、复制、传播和加工，用途不限；使用时请注明来源和取得日期。"
# What rulebook 7.1 requires on every page and an instance has not been given yet is said, not left out.
UNREGISTERED = "未备案"


@dataclass(frozen=True)
class Identity:
    """The site as its pages name it; empty text is left out. origin: scheme and host of its addresses."""

    name: str
    tagline: str
    domain: str
    id_code: str
    sponsor: str
    contact: str
    address: str
    icp: str
    police: str
    police_url: str
    corrections_url: str
    organ_mark_url: str
    accent: str
    data_licence: str
    demo: bool

    @property
    def origin(self) -> str:
        return f"https://{self.domain}"


_asked: ContextVar[list[Agency | None] | None] = ContextVar("gongkai_top_agency", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Ask the database once whose site this is, for a few seconds of work on many pages."""
    if _asked.get() is not None:
        yield
        return
    token = _asked.set([])
    try:
        yield
    finally:
        _asked.reset(token)


def top_agency() -> Agency | None:
    """The agency whose site this is: the first without a superior."""
    asked = _asked.get()
    if asked:
        return asked[0]
    agency = Agency.objects.filter(parent__isnull=True).order_by("path").first()
    if asked is not None:
        asked.append(agency)
    return agency


def identity() -> Identity:
    """The identity of the site now."""
    agency = top_agency()

    def option(name: str, default: str = "") -> str:
        return str(agency.option(f"site_{name}", default)) if agency else default

    name = agency.name if agency else ""
    return Identity(
        name=option("name", f"{name}政府信息公开" if not name.endswith("政府") else f"{name}信息公开"),
        tagline=option("tagline"),
        domain=option("domain", settings.ALLOWED_HOSTS[0]),
        id_code=option("id_code", UNREGISTERED),
        sponsor=option("sponsor", (agency.disclosure_office or name) if agency else ""),
        contact=option("contact", agency.phone if agency else ""),
        address=option("address", agency.address if agency else ""),
        icp=option("icp"),
        police=option("police"),
        police_url=option("police_url"),
        corrections_url=option("corrections_url"),
        organ_mark_url=option("organ_mark_url"),
        accent=option("accent", "red"),
        data_licence=option("data_licence", FREE_USE),
        demo=settings.INSTANCE.demo,
    )
