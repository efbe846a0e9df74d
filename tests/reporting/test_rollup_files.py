"""Reports of outside offices in the files that they really send: sent in, read, looked at and taken in as a user does."""

import html
import random
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.paperwork.document import paragraphs_of
from gongkai.paperwork.pdf import report_pdf
from gongkai.paperwork.report import ReportDocument
from gongkai.paperwork.word import report_docx
from gongkai.reporting import rollup_intake, rollup_members
from gongkai.reporting.document import application_table, disclosure_blocks, remedy_table
from gongkai.reporting.models import MemberFile, MemberUpload
from gongkai.rulebook.report_form import ReportTables
from tests.reporting.districts import district_of
from tests.reporting.report_rendering import balanced
from tests.reports import producers
from tests.reports.paper import filled_in
from tests.reports.scanning import as_file, scanned

pytestmark = pytest.mark.django_db
HERE = ["410303", 2021]
NAMES = ("西工区供销合作社", "西工区残疾人联合会", "西工区红十字会", "西工区文学艺术联合会", "西工区档案馆")


@pytest.fixture
def district(office, at):
    with at(2022, 1, 10):
        made = district_of(office, agencies=0)
        for name in NAMES:
            rollup_members.add_outside(made.supervisor, made.agency, 2021, name, group="department")
        yield made


@pytest.fixture
def desk(client, office):
    client.force_login(office.people["supervisor"])
    return client


def as_published(tables, name):
    """The report as this system sets it for another office."""
    return ReportDocument(
        title=f"{name}\n2021年政府信息公开工作年度报告",
        overview=paragraphs_of("（一）主动公开\n主动公开政府信息9项。"),
        disclosure=disclosure_blocks(tables),
        applications=application_table(tables),
        remedies=remedy_table(tables),
        problems=paragraphs_of("公开内容的针对性有待提升。"),
        other=paragraphs_of("无需要说明的其他事项。"),
        date=date(2022, 1, 10),
        signatory=name,
    )


def made_by(producer):
    return lambda tables, name: producer(filled_in(tables, name))


def own_docx(tables, name):
    return report_docx(as_published(tables, name)), ".docx"


def send(desk, files):
    """All at once, as from a folder; then the page asks until each is read."""
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    assert desk.post(reverse("reporting:intake", args=HERE), {"files": sent}).status_code == 302
    while MemberUpload.objects.filter(read__isnull=True).exists():
        desk.post(reverse("reporting:read_next", args=HERE))


def page_of(desk, row):
    answer = desk.get(reverse("reporting:upload", args=[*HERE, row.pk]))
    return html.unescape(answer.content.decode())


def test_files_of_every_program_come_in_with_every_cell_right(district, desk):
    programs = (
        made_by(producers.word),
        own_docx,
        made_by(producers.pdf_drawn),
        made_by(producers.workbook),
        made_by(producers.html_office),
    )
    expected, files = {}, []
    for seed, (name, program) in enumerate(zip(NAMES, programs, strict=True)):
        expected[name] = balanced(random.Random(seed))
        data, ending = program(expected[name], name)
        files.append((f"{name}年报{ending}", data))
    send(desk, files)
    for row in list(MemberUpload.objects.all()):
        shown = page_of(desk, row)
        assert "录入这份报告" in shown, (row.filename, row.read["findings"])
        assert MemberFile.objects.filter(name=row.read["agency"]).count() == 0
        # Each figure names its place in the file.
        assert len(row.read["places"]) == len(list(expected[NAMES[0]].cells())), row.filename
        assert row.read["places"]["applications.r1.total"] in shown
        desk.post(reverse("reporting:upload", args=[*HERE, row.pk]))
    taken = {row.name: row for row in MemberFile.objects.all()}
    assert set(taken) == set(NAMES)
    for name, tables in expected.items():
        assert ReportTables.from_json(taken[name].tables) == tables, name
        assert taken[name].stated["items_released"] == "9"


def test_a_files_own_errors_are_shown_before_it_is_taken_in(district, desk):
    """A sum that is wrong in the office's report: it can be taken in, and who does so has seen it."""
    tables = balanced(random.Random(1))
    wrong = dict(tables.applications)
    wrong["r3_1"] = (*wrong["r3_1"][:-1], wrong["r3_1"][-1] + 1)
    data, ending = producers.workbook(filled_in(replace(tables, applications=wrong), NAMES[0]))
    send(desk, [(f"年报{ending}", data)])
    [row] = MemberUpload.objects.all()
    assert row.read["errors"] > 0
    shown = page_of(desk, row)
    # Each finding stands on the page with the place of both its sides in the file.
    said = row.read["findings"][0]["advice"]
    assert said in shown and "工作表‘年报’第" in said
    desk.post(reverse("reporting:upload", args=[*HERE, row.pk]))
    assert MemberFile.objects.get().errors == row.read["errors"]


@pytest.mark.soak
def test_a_scan_is_read_and_counts_only_when_a_person_compared_it(district, desk):
    tables = balanced(random.Random(3))
    pages = scanned(report_pdf(as_published(tables, NAMES[0])), dpi=200, tilt=0.3, dirt=0.2)
    sent = [SimpleUploadedFile("供销社年报（扫描）.pdf", as_file(pages, "pdf"))]
    assert desk.post(reverse("reporting:intake", args=HERE), {"files": sent}).status_code == 302
    rollup_intake.read_waiting()  # A scan takes long: the sweeper reads it, and no request waits for it.
    [row] = MemberUpload.objects.all()
    assert row.read["scanned"]
    page = reverse("reporting:upload", args=[*HERE, row.pk])
    assert "扫描件" in page_of(desk, row)
    assert "扫描件" in html.unescape(desk.post(page, {}).content.decode())
    assert MemberFile.objects.count() == 0, "not before somebody compared it"
    desk.post(page, {"compared": "on"})
    taken = MemberFile.objects.get()
    assert taken.scanned
    assert ReportTables.from_json(taken.tables) == tables
