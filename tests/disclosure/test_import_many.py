"""An archive of 2,000 items moves in: read, screened, approved once, released, on the site.

The long run says what each part took of the processor; it is no test of time.
"""

import time

import pytest

from gongkai.channels import site, tree
from gongkai.disclosure import imports
from gongkai.disclosure.models import Item
from gongkai.journal import chain
from gongkai.review import manifests
from tests.disclosure.import_files import row, sheet
from tests.portal import sites
from tests.review.manifests import approved


def moved_in(office, number):
    """Seconds of reading and screening, of the approvals, of releasing with all pages."""
    sites.fresh()
    sites.name_site(office)
    site.write_all()
    body = "<p>旧站第{n}号公告。征收范围东至王城大道，西至健康路，南至中州中路。</p>" * 5
    rows = [row(n, 正文内容=body.format(n=n)) for n in range(1, number + 1)]
    handler = office.actor("handler")
    begun = time.process_time()
    imported = imports.receive(handler, office.agency, "旧站.xlsx", sheet(rows))
    imports.confirm(handler, imported, imports.proposed(imported))
    while imports.read_some(imported, 60):
        pass
    read = time.process_time()
    imported.refresh_from_db()
    approved(office, imported.manifest)
    signed = time.process_time()
    while manifests.release_waiting(60):
        pass
    out = time.process_time()
    assert Item.objects.filter(state="public").count() == number
    return read - begun, signed - read, out - signed


def test_sixty_items_move_in_and_the_site_is_whole(committed):
    moved_in(committed, 60)
    # Two closed pages of twenty and the newest: written once each.
    assert tree.read("columns/notice/p/2/index.html")
    assert site.verify() == []


@pytest.mark.soak
def test_two_thousand_items_are_public_and_the_site_is_whole(committed, record_property):
    read, signed, out = moved_in(committed, 2000)
    for name, seconds in (("read", read), ("signed", signed), ("released", out)):
        record_property(name, round(seconds, 1))
        print(f"{name}: {seconds:.1f} s")
    assert site.verify() == []
    assert list(chain.verify()) == []
