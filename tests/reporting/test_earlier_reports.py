"""Reports of years before this system: sent in as files, read, looked at, taken over by a person."""

import io
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.agencies.policy import Refused
from gongkai.journal import sweeping
from gongkai.journal.models import Entry
from gongkai.reporting import earlier_intake, previous, received
from gongkai.reporting.models import EarlierReport, Upload
from gongkai.reporting.reading import isolated
from tests.reporting.report_rendering import as_lines, balanced, blocks
from tests.reporting.reports import published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwritten")]
HERE = "/workbench/reports/earlier/"
ASKS_AGAIN = 'hx-trigger="every 10s"'


@pytest.fixture
def handler(office, at):
    with at(2022, 1, 10):
        yield office.actor("handler")


def report_of(office, year, seed=5, **instead):
    tables = balanced(random.Random(seed))
    return as_lines(blocks(tables, instead.get("name", office.agency.name), year)).encode()


def read_all(office):
    while earlier_intake.read_next(earlier_intake.waiting(office.agency)):
        pass
    return earlier_intake.waiting(office.agency)


def test_several_years_are_sent_in_read_and_taken_over_each(handler, office):
    files = [(f"{year}年年报.txt", report_of(office, year, seed=year)) for year in (2019, 2020)]
    earlier_intake.receive(handler, office.agency, files)
    assert EarlierReport.objects.count() == 0
    rows = read_all(office)
    assert [earlier_intake.hindrance(row) for row in rows] == ["", ""]
    for row in rows:
        earlier_intake.take_over(handler, row)
    assert previous.tables(office.agency, 2020) == balanced(random.Random(2020))
    assert previous.tables(office.agency, 2019) == balanced(random.Random(2019))
    assert Upload.objects.count() == 0
    said = Entry.objects.filter(action="report.taken_over").first().data
    assert '"compared":false' in said.replace(" ", "")


def test_a_scan_is_taken_over_only_by_a_person_who_compared_it_and_the_journal_says_so(handler, office):
    earlier_intake.receive(handler, office.agency, [("2020年年报.txt", report_of(office, 2020))])
    (row,) = read_all(office)
    row.said["scanned"] = True
    row.save()
    with pytest.raises(Refused, match="扫描件"):
        earlier_intake.take_over(handler, row)
    assert EarlierReport.objects.count() == 0
    earlier_intake.take_over(handler, row, compared=True)
    said = Entry.objects.get(action="report.taken_over").data.replace(" ", "")
    assert '"scanned":true' in said and '"compared":true' in said


def test_what_is_not_this_agencys_or_not_over_or_not_whole_is_refused_in_one_sentence(handler, office):
    whole = report_of(office, 2020).decode()
    files = [
        ("别处.txt", report_of(office, 2020, name="洛阳市涧西区商务局")),
        ("今年.txt", report_of(office, 2022)),
        ("截断.txt", whole[: len(whole) * 2 // 3].encode()),
        ("空.txt", b""),
    ]
    sent = earlier_intake.receive(handler, office.agency, files)
    assert len(sent.refused) == 1 and "空.txt" in sent.refused[0]
    said = {row.name: earlier_intake.hindrance(row) for row in read_all(office)}
    assert "洛阳市涧西区商务局" in said["别处.txt"]
    assert "今年.txt" in said["今年.txt"]
    assert "未能完整读取" in said["截断.txt"]
    for row in earlier_intake.waiting(office.agency):
        with pytest.raises(Refused):
            earlier_intake.take_over(handler, row)
        earlier_intake.discard(handler, row)
    assert not Upload.objects.exists() and not EarlierReport.objects.exists()


def test_the_same_file_waits_once_and_is_taken_over_once(handler, office):
    file = ("年报.txt", report_of(office, 2020))
    assert len(earlier_intake.receive(handler, office.agency, [file, file]).refused) == 1
    (row,) = read_all(office)
    earlier_intake.take_over(handler, row)
    earlier_intake.receive(handler, office.agency, [file])
    (again,) = read_all(office)
    with pytest.raises(Refused, match="已经"):
        earlier_intake.take_over(handler, again)


def test_a_correction_needs_a_reason_and_both_stay(handler, office):
    for seed in (5, 6):
        earlier_intake.receive(handler, office.agency, [(f"年报{seed}.txt", report_of(office, 2020, seed))])
    one, two = read_all(office)
    first = earlier_intake.take_over(handler, one)
    assert earlier_intake.original(first).file_id == first.digest, "the file is kept closed by its digest"
    with pytest.raises(Refused, match="理由"):
        earlier_intake.take_over(handler, two)
    second = earlier_intake.take_over(handler, two, reason="原文件漏计行政许可")
    assert (second.reason, second.scanned, EarlierReport.objects.count()) == ("原文件漏计行政许可", False, 2)
    assert previous.tables(office.agency, 2020) == balanced(random.Random(6))
    with pytest.raises(Refused, match="载入过"):
        earlier_intake.take_over(handler, two, reason="再次")


def test_a_year_that_is_published_here_takes_no_file(handler, office, at):
    published(office)
    with at(2023, 1, 10):
        earlier_intake.receive(handler, office.agency, [("年报.txt", report_of(office, 2021))])
        (row,) = read_all(office)
        assert "2021" in earlier_intake.hindrance(row)


def test_others_neither_send_in_nor_see_nor_take_over(handler, office, client):
    earlier_intake.receive(handler, office.agency, [("年报.txt", report_of(office, 2020))])
    (row,) = read_all(office)
    supervisor = office.actor("supervisor")
    for act in (
        lambda: earlier_intake.receive(supervisor, office.agency, []),
        lambda: earlier_intake.take_over(supervisor, row),
        lambda: earlier_intake.discard(supervisor, row),
    ):
        with pytest.raises(Refused):
            act()
    client.force_login(office.people["supervisor"])
    assert "年报.txt" not in client.get(HERE).content.decode()
    assert client.get(reverse("reporting:earlier_file", args=[row.pk])).status_code == 404


def test_on_the_page_a_file_is_sent_in_looked_at_and_taken_over(handler, office, client):
    client.force_login(office.people["handler"])
    file = SimpleUploadedFile("2020年年报.txt", report_of(office, 2020))
    answer = client.post(HERE, {"agency": office.agency.pk, "files": [file]}, follow=True)
    assert "可以载入" in answer.content.decode(), "what is no scan is read at once"
    row = Upload.objects.get()
    page = reverse("reporting:earlier_file", args=[row.pk])
    shown = client.get(page).content.decode()
    assert "一、本年新收政府信息公开申请数量" in shown
    # What report check says of the parts and the text stands there too, each sentence with its place.
    assert "没有写明情况；请补写，没有的写明没有（第59行）。" in shown
    answer = client.post(page, {}, follow=True)
    assert "已载入2020年度报告" in answer.content.decode()
    assert EarlierReport.objects.get().year == 2020


def test_a_page_never_waits_for_a_scan_the_sweeper_reads_it(handler, office, client, monkeypatch):
    asked = []
    read = isolated.read

    def noting(file, name="", **limits):
        asked.append(limits.get("recognise", True))
        return read(file, name, **limits)

    monkeypatch.setattr(isolated, "read", noting)
    client.force_login(office.people["handler"])
    scan = SimpleUploadedFile("2020年年报.tif", blank_page())
    answer = client.post(HERE, {"agency": office.agency.pk, "files": [scan]}, follow=True).content.decode()
    assert "尚未读取" in answer and ASKS_AGAIN in answer
    answer = client.post(reverse("reporting:earlier_next"), follow=True).content.decode()
    assert "后台" in answer
    row = Upload.objects.get()
    page = reverse("reporting:earlier_file", args=[row.pk])
    assert ASKS_AGAIN in client.get(page).content.decode()
    assert not any(asked), "no request recognises writing"
    sweeping.sweep(everything=True)
    assert asked[-1] is True
    after = client.get(page).content.decode()
    assert ASKS_AGAIN not in after and "未能完整读取" in after


def blank_page():
    from PIL import Image

    stream = io.BytesIO()
    Image.new("L", (800, 1100), 255).save(stream, "TIFF")
    return stream.getvalue()


def test_a_file_that_is_gone_from_the_store_is_said_and_stops_nobody(handler, office, monkeypatch):
    earlier_intake.receive(
        handler,
        office.agency,
        [("一.txt", report_of(office, 2019)), ("二.txt", report_of(office, 2020))],
    )
    first, second = earlier_intake.waiting(office.agency)
    from gongkai.files import storage

    storage.path_of(first.digest).unlink()
    earlier_intake.read_waiting()
    first, second = earlier_intake.waiting(office.agency)
    assert received.not_whole(first.said, first.name)
    assert not received.not_whole(second.said, second.name)
