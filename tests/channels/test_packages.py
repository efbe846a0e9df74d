"""Packages for an agency without a site of its own: made with each release, put up, compared, followed until gone."""

import http.server
import io
import json
import threading
import zipfile
from datetime import date

import pytest
from django.test import Client

from gongkai.agencies.policy import Refused
from gongkai.channels import fetching, package_files, package_views, packages
from gongkai.channels.export_models import Package, PackageEvent
from gongkai.disclosure import normative, notice_watch
from gongkai.journal import canon, chain
from gongkai.review import manifests, releases
from gongkai.review.models import Release
from tests.channels.test_site_follows import with_files
from tests.disclosure.test_notices import at_moment, notice
from tests.items import released
from tests.portal import sites
from tests.review.manifests import approved, enlisted


@pytest.fixture
def office(committed):
    sites.fresh()
    sites.name_site(committed)
    committed.agency.options = {packages.ON: True, packages.HOSTS: "127.0.0.1"}
    committed.agency.save()
    return committed


@pytest.fixture
def platform():
    """A platform of a district: path → (status, bytes)."""
    pages = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, data = pages.get(self.path, (404, b""))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", data.decode())
                data = b""
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pages["address"] = f"http://127.0.0.1:{server.server_port}"
    yield pages
    server.shutdown()


def put_up(platform, package, *, text=None):
    """The clerk pastes text.html into the platform, which frames it and gives the files names of its own."""
    archive = zipfile.ZipFile(io.BytesIO(packages.built(package)))
    body = archive.read("text.html").decode()
    for name in archive.namelist():
        if name.startswith("files/"):
            platform[f"/upload/{canon.sm3(name.encode())}"] = 200, archive.read(name)
            body += f'<a href="/upload/{canon.sm3(name.encode())}">附件</a>'
    platform["/p/1.html"] = 200, (text or f"<html><body><h2>区政府网站</h2>{body}</body></html>").encode()
    return platform["address"] + "/p/1.html"


def test_a_release_makes_a_package_that_is_put_up_and_compared(office, at, platform):
    with at(2021, 3, 2):
        item = with_files(office)
        package = Package.objects.get()
        archive = zipfile.ZipFile(io.BytesIO(packages.built(package)))
        names = archive.namelist()
        assert {"page.html", "text.html", "metadata.json", "digests.txt", "digests.sig", "key.pem"} < set(
            names
        )
        assert any(name.endswith("补偿-标准（2021）.txt") for name in names)
        said = json.loads(archive.read("metadata.json"))
        assert said["索引号"] == item.index_number and said["公开方式"]
        assert chain.signed(archive.read("digests.txt"), archive.read("digests.sig").decode())
        assert canon.sm3(packages.built(package)) == package.digest

        actor = office.actor("handler")
        assert [each.title for each in package_views.waiting(actor)] == [item.title]
        client = Client()
        client.force_login(office.people["handler"])
        page = f"/workbench/packages/{package.pk}/"
        assert client.post(f"{page}file/").content == packages.built(package)
        answer = client.post(f"{page}place/", {"address": put_up(platform, package)}, follow=True)
        assert "一致" in answer.content.decode()
        assert package_views.waiting(actor) == []


def test_what_differs_there_is_said(office, at, platform, monkeypatch):
    with at(2021, 3, 2):
        with_files(office)
        package, actor = Package.objects.get(), office.actor("handler")
        address = put_up(platform, package, text="<html><body>别的文字</body></html>")
        event = packages.place(actor, package, address)
    assert event.what == PackageEvent.What.DIFFERS
    assert "标题不符" in event.note and "正文不符" in event.note and "附件" in event.note
    # The name of a file is shown while its content is here; what is kept for good has its digest alone.
    assert "补偿-标准" in packages.note_of(event) and "补偿-标准" not in event.note
    monkeypatch.setattr(packages, "texts", lambda package: None)
    assert packages.note_of(event) == event.note and "SM3 " in event.note
    assert len(package_views.waiting(actor)) == 1


def test_a_withdrawal_is_followed_until_it_is_gone_there(office, at, platform):
    with at(2021, 3, 2):
        item = released(office)
        actor = office.actor("handler")
        address = put_up(platform, Package.objects.get())
        packages.place(actor, Package.objects.get(), address)
        release = Release.objects.filter(subject_id=item.pk).latest("pk")
        releases.withdraw(office.actor("reviewer"), release, reason="error")
        package = Package.objects.latest("pk")
        assert package.what == Package.What.REMOVE
        data = packages.built(package)
        assert "王城大道".encode() not in b"".join(
            zipfile.ZipFile(io.BytesIO(data)).read(name)
            for name in zipfile.ZipFile(io.BytesIO(data)).namelist()
        )
        assert len(package_views.waiting(actor)) == 1
        with pytest.raises(Refused):
            packages.removed(actor, package, "已删除")
        del platform["/p/1.html"]
        assert packages.removed(actor, package, "").what == PackageEvent.What.REMOVED
    assert package_views.waiting(actor) == []


def test_without_the_setting_nothing_is_made(office, at):
    office.agency.options = {}
    office.agency.save()
    with at(2021, 3, 2):
        released(office)
    assert not Package.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://user@127.0.0.1/",
        "http://8.8.8.8:22/",
        "http:///x",
        "http://[",
    ],
)
def test_our_own_network_is_not_read(address):
    with pytest.raises(fetching.CannotRead):
        fetching.read(address)


def test_a_redirect_into_our_network_is_not_followed(platform, monkeypatch):
    monkeypatch.setattr(fetching, "is_open", lambda ip: False)
    host = "127.0.0.1"
    platform["/away"] = 302, b"http://localhost:1/secret"
    with pytest.raises(fetching.CannotRead):
        fetching.read(platform["address"] + "/away", allowed={host})
    platform["/round"] = 302, b"/round"
    with pytest.raises(fetching.CannotRead, match="重定向"):
        fetching.read(platform["address"] + "/round", allowed={host})
    platform["/large"] = 200, b"x" * 2000
    monkeypatch.setattr(fetching, "MOST_BYTES", 1000)
    with pytest.raises(fetching.CannotRead, match="超过"):
        fetching.read(platform["address"] + "/large", allowed={host})


def test_a_notice_whose_last_day_is_over_makes_a_package_anew_and_a_day_that_passes_none(office, platform):
    item = notice(office)
    actor = office.actor("handler")
    with at_moment(2021, 3, 5, 9):
        packages.place(actor, Package.objects.get(), put_up(platform, Package.objects.get()))
        notice_watch.bring_to_the_day()
        assert Package.objects.count() == 1
    with at_moment(2021, 4, 1, 0, 0, 1):
        notice_watch.bring_to_the_day()
        after = Package.objects.latest("pk")
        assert (after.what, after.again) == (Package.What.CHANGE, 1)
        assert len(package_views.waiting(actor)) == 1
        text = zipfile.ZipFile(io.BytesIO(packages.built(after))).read("text.html").decode()
        assert "期满金丝雀" in text and "首文金丝雀" not in text
        assert packages.check(after).what == PackageEvent.What.DIFFERS
        assert packages.place(actor, after, put_up(platform, after)).what == PackageEvent.What.SAME
        packages.on_item_changed({"item": str(item.pk)})
        assert Package.objects.count() == 2
    assert package_views.waiting(actor) == []
    assert list(chain.verify()) == []


def test_a_policy_document_that_ends_makes_a_package_with_its_validity(office, at):
    with at(2021, 3, 2):
        item = released(office, document_number="西城改〔2021〕1号", normative=True)
    with at(2021, 9, 1):
        normative.happen(
            office.actor("handler"),
            item.normative,
            "repealed",
            on=date(2021, 9, 1),
            paper="西城改〔2021〕9号",
        )
        first, after = Package.objects.order_by("pk")
        assert (first.again, after.again, package_files.metadata(after)["有效性"]) == (None, 1, "废止")


def test_what_comes_by_a_manifest_makes_no_package_but_what_the_platform_has_is_removed_there(office):
    manifest, [row] = enlisted(office, 1)
    approved(office, manifest)
    manifests.release_waiting()
    assert not Package.objects.exists()
    packages.make("item", row.subject_id)
    manifests.withdraw_all(office.actor("reviewer"), manifest, reason="error")
    assert Package.objects.latest("pk").what == Package.What.REMOVE
