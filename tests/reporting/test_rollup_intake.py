"""Reports of offices that do not use this system: sent in as files, read, looked at, taken in."""

import io
import random
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.agencies.policy import Refused
from gongkai.files.models import Attachment
from gongkai.journal.models import Entry
from gongkai.reporting import rollup_intake, rollup_members
from gongkai.reporting.models import MemberFile, MemberUpload
from tests.reporting.districts import district_of
from tests.reporting.report_rendering import as_lines, balanced, blocks

pytestmark = pytest.mark.django_db
NAME = "西工区供销合作社"


@pytest.fixture
def district(office, at):
    with at(2022, 1, 10):
        made = district_of(office, agencies=0)
        rollup_members.add_outside(made.supervisor, made.agency, 2021, NAME, group="department")
        yield made


def text_of(tables, name=NAME, year=2021):
    return as_lines(blocks(tables, name, year)).encode()


def sent(district, *files):
    return rollup_intake.receive(district.supervisor, district.agency, 2021, files)


def read_all(district):
    while rollup_intake.read_next(district.agency, 2021):
        pass
    return rollup_intake.waiting(district.agency, 2021)


def hindrance(district, row):
    return rollup_intake.hindrance(row, rollup_members.members(district.agency, 2021))


def test_a_file_counts_once_a_person_took_it_in(district):
    tables = balanced(random.Random(5))
    sent(district, ("供销社年报.txt", text_of(tables)))
    [row] = read_all(district)
    assert hindrance(district, row) == ""
    assert MemberFile.objects.count() == 0, "reading alone changes nothing"
    taken = rollup_intake.take_in(district.supervisor, row)
    assert taken.tables == tables.to_json()
    assert row.read["places"]["applications.r1.total"].startswith("第")
    # The file is kept closed by its digest, and the journal names it.
    assert Attachment.objects.get(owner_id=taken.pk).file_id == taken.file_id
    assert taken.file_id in Entry.objects.get(action="rollup.taken_in").data
    assert MemberUpload.objects.count() == 0


def test_a_correction_needs_a_reason_and_both_stay(district):
    first, second = balanced(random.Random(5)), balanced(random.Random(6))
    for tables in (first, second):
        sent(district, ("年报.txt", text_of(tables)))
    one, two = read_all(district)
    rollup_intake.take_in(district.supervisor, one)
    with pytest.raises(Refused, match="写明本次更换的理由"):
        rollup_intake.take_in(district.supervisor, two)
    later = rollup_intake.take_in(district.supervisor, two, reason="原报告漏计行政许可")
    assert (later.number, MemberFile.objects.count()) == (2, 2)
    sent(district, ("年报.txt", text_of(second)))
    [again] = read_all(district)
    with pytest.raises(Refused, match="已经录入"):
        rollup_intake.take_in(district.supervisor, again, reason="再次")


def test_what_is_another_years_or_nobodys_or_incomplete_is_refused_in_one_sentence(district):
    tables = balanced(random.Random(5))
    whole = text_of(tables).decode()
    cut = whole[: len(whole) * 2 // 3].encode()
    sent(
        district,
        ("去年.txt", text_of(tables, year=2020)),
        ("别处.txt", text_of(tables, name="洛阳市涧西区商务局")),
        ("截断.txt", cut),
        ("说明.txt", "本单位今年无年报。".encode()),
    )
    said = {row.filename: hindrance(district, row) for row in read_all(district)}
    assert "2020" in said["去年.txt"] and "2021" in said["去年.txt"]
    assert "洛阳市涧西区商务局" in said["别处.txt"]
    assert "未能完整读取" in said["截断.txt"] and "未能完整读取" in said["说明.txt"]
    for row in rollup_intake.waiting(district.agency, 2021):
        with pytest.raises(Refused):
            rollup_intake.take_in(district.supervisor, row)
        rollup_intake.discard(district.supervisor, row)
    assert MemberUpload.objects.count() == 0


def test_a_scan_counts_only_when_a_person_compared_it(district):
    sent(district, ("年报.txt", text_of(balanced(random.Random(5)))))
    [row] = read_all(district)
    row.read["scanned"] = True
    row.save()
    with pytest.raises(Refused, match="扫描件"):
        rollup_intake.take_in(district.supervisor, row)
    assert rollup_intake.take_in(district.supervisor, row, compared=True).scanned


def test_an_archive_of_reports_is_taken_apart(district):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("各单位/供销社.txt", text_of(balanced(random.Random(5))))
        archive.writestr("各单位/空.txt", b"")
        archive.writestr("__MACOSX/._供销社.txt", b"x")
    found = sent(district, ("全区.zip", packed.getvalue()), ("坏.zip", b"PK\x03\x04broken"))
    assert [row.filename for row in found.uploads] == ["供销社.txt"]
    assert len(found.refused) == 2


def test_who_is_not_of_the_government_sends_nothing_in(district, office, client):
    with pytest.raises(Refused):
        rollup_intake.receive(office.actor("handler"), district.agency, 2021, [])
    client.force_login(office.people["handler"])
    for name in ("intake", "members", "outside", "towns"):
        assert client.get(reverse(f"reporting:{name}", args=["410303", 2021])).status_code == 404


def test_on_the_page_a_file_is_sent_in_read_and_taken_in(district, office, client):
    client.force_login(office.people["supervisor"])
    here = reverse("reporting:intake", args=["410303", 2021])
    file = SimpleUploadedFile("供销社年报.txt", text_of(balanced(random.Random(5))))
    assert client.post(here, {"files": [file]}).status_code == 302
    assert "尚未读取" in client.get(here).content.decode()
    client.post(reverse("reporting:read_next", args=["410303", 2021]))
    assert "可以录入" in client.get(here).content.decode()
    row = MemberUpload.objects.get()
    page = reverse("reporting:upload", args=["410303", 2021, row.pk])
    shown = client.get(page).content.decode()
    assert "一、本年新收政府信息公开申请数量" in shown and NAME in shown
    assert client.post(page, {}).status_code == 302
    taken = MemberFile.objects.get()
    after = client.get(reverse("reporting:taken_in", args=["410303", 2021, taken.pk])).content.decode()
    assert "供销社年报.txt" in after
