"""Filing: one case, one file; the same records give the same bytes, and what was changed is named."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date

import pikepdf
import pypdfium2
import pytest
from django.utils import translation

from gongkai.agencies import options
from gongkai.agencies.models import IssuedNumber
from gongkai.agencies.policy import Refused
from gongkai.applications import calls, closing, decisions, incoming, merging, notices, rendering, service
from gongkai.applications.intake import Upload
from gongkai.correspondence import handling
from gongkai.files import storage
from gongkai.files.archives import filing, kinds, packages, retention
from gongkai.files.models import Filing
from gongkai.journal import chain, clock
from gongkai.journal.models import Entry
from gongkai.remedies import cases as remedies
from gongkai.rulebook.receipt import Arrival, Channel
from tests import items
from tests.applications.cases import ID, PERSON, REQUEST, came, decided, released, searched, sent, web
from tests.correspondence.letters import LETTER, answered, received
from tests.files.filed import closed, filed
from tests.remedies.lawsuits import registered
from tests.reporting.reports import published


def opened(row):
    return zipfile.ZipFile(io.BytesIO(filing.read(row.packages.latest("version"))))


def text_of(data):
    document = pypdfium2.PdfDocument(data)
    return "".join(page.get_textpage().get_text_range() for page in document)


def faults():
    """What the journal finds; the heads are written after a real commit only."""
    return [fault.message for fault in chain.verify() if "日志链头文件" not in fault.message]


def catalogue(row):
    with opened(row) as archive:
        return list(csv.reader(io.StringIO(archive.read("catalogue.csv").decode("utf-8-sig"))))[1:]


def test_the_file_of_a_case_holds_everything_in_order(office, at):
    with at(2021, 4, 23):
        paper = Upload("=身份证明.txt", "身份证明复印件。".encode())
        case = closed(office, files=(paper,))
        row = filed(office, case)
    assert row.number == "XG0123-WS·2021-D10-XXGK-0001"
    lines = catalogue(row)
    assert [line[0] for line in lines] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [line[3] for line in lines] == [
        "政府信息公开申请表",
        "申请登记数据",
        # A name that a spreadsheet would take for a formula is text.
        "'=身份证明.txt",
        "政府信息公开申请登记回执",
        "政府信息公开告知书",
        "政府信息公开告知书审查表",
        "送达回证",
    ]
    assert lines[4][1:3] == ["西工区城市改造办公室", "西城改公复〔2021〕1号"]
    assert lines[4][4:] == ["2021-04-23", "2", "正本", "documents/005-政府信息公开告知书.pdf"]
    assert lines[5][6] == "定稿"
    with opened(row) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["retention"] == "10年" and manifest["archive_number"] == row.number
        assert manifest["subject"]["number"] == case.number
        assert manifest["disclosure"] == "依申请公开：予以公开，提供信息"
        form = text_of(archive.read("documents/001-政府信息公开申请表.pdf"))
        assert PERSON.name in form and ID in form and REQUEST.description in form
        assert archive.read("documents/003-=身份证明.txt").decode() == "身份证明复印件。"
        letter = case.letters.get()
        assert PERSON.name in text_of(archive.read("documents/005-政府信息公开告知书.pdf"))
        assert letter.release.digest[:16] in text_of(
            archive.read("documents/006-政府信息公开告知书审查表.pdf")
        ).replace("\r\n", "")
        happened = json.loads(archive.read("events.json"))
        assert [each["on"] for each in happened] == ["2021-04-23"] * len(happened)
        # Beside the events: how the answer went out, and that it arrived.
        assert len(happened) == case.events.count() + 2
        # The query code is the applicant's alone.
        receipt = text_of(archive.read("documents/004-政府信息公开申请登记回执.pdf"))
        assert case.number in receipt and "2021年5月24日" in receipt
        for name in archive.namelist():
            if name.endswith(".pdf"):
                with pikepdf.open(io.BytesIO(archive.read(name))) as sheet, sheet.open_metadata() as said:
                    assert said["pdfaid:part"] == "2", name


def test_a_court_finds_searches_talks_opinions_and_service_in_the_file(office, at):
    """What the file of a case must hold (rulebook 12.5), each with its days and words, and no code of the program."""
    clerk = office.actor("handler")
    with at(2021, 4, 23):
        case = came(office, Channel.ORAL, Arrival(clock.today()))
        calls.log(clerk, case, clock.today(), number="037963000000", reached=False)
        calls.log(
            clerk, case, clock.today(), number="037963000000", reached=True, whom="申请人", said="说明了范围"
        )
    with at(2021, 4, 26):
        letter = notices.consult_third_party(clerk, case, name="演示公司", information="补偿方案附件")
        sent(office, letter, clock.today())
    with at(2021, 4, 28):
        ref = letter.terms["ref"]
        incoming.third_party_answered(
            clerk, case, clock.today(), ref=ref, opinion="disagree", text="涉及报价。"
        )
        searched(office, case)
        answer = sent(
            office, decided(office, case, "not_found"), clock.today(), "post", tracking="EA123456789CN"
        )
    with at(2021, 5, 6):
        service.prove(clerk, answer, clock.today(), words="本人签收")
        closing.close(clerk, case)
        row = filed(office, case)
    lines = catalogue(row)
    titles = [line[3] for line in lines]
    assert titles[2] == "口头申请代填记录"
    assert titles.index("检索记录") < titles.index("电话记录")
    assert titles.count("送达回证") == 2
    where = {line[3]: line[7] for line in lines}
    with opened(row) as archive:
        sheet = text_of(archive.read(where["检索记录"])).replace("\r\n", "")
        assert (
            "档案室" in sheet and "2018年至2020年" in sheet and "没有查到" in sheet and "演示·经办" in sheet
        )
        talk = text_of(archive.read(where["电话记录"])).replace("\r\n", "")
        assert "未接通" in talk and "说明了范围" in talk
        proof = text_of(archive.read(where["送达回证"])).replace("\r\n", "")
        assert "EA123456789CN" in proof and "2021年5月6日" in proof and answer.number in proof
        events = json.loads(archive.read("events.json"))
        printed = text_of(archive.read("events.pdf"))
    told = {(each["on"], each["what"]): each["words"] for each in events}
    assert told["2021-04-23", "已登记"] == "渠道：口头申请（代为填写）；收件日期：2021-04-23"
    assert "演示公司：不同意公开；涉及报价。" in told.values()
    assert any(words.startswith("检索范围：档案室，检索年份：2018年至2020年；") for words in told.values())
    assert any(words.endswith("邮政寄送，邮件号EA123456789CN") for words in told.values())
    assert told["2021-05-06", "文书送达"].endswith("，本人签收")
    assert any("经检索没有所申请信息" in words for words in told.values())
    assert "{" not in printed and '"' not in printed


def test_one_letter_that_answers_two_cases_stands_in_the_file_of_each(office, at):
    clerk = office.actor("handler")
    with at(2021, 4, 23):
        lead, other = web(office), web(office)
        merging.merge(clerk, other, lead, reason="同一申请人，内容相同")
        letter = sent(office, decided(office, lead), clock.today())
        rendering.make({"kind": "letter", "subject": str(letter.pk)})
        closing.close(clerk, lead)
        rows = [filed(office, each) for each in (lead, other)]
    for row, note in zip(rows, ("正本", f"正本；与{lead.number}共用"), strict=True):
        assert note in [line[6] for line in catalogue(row) if line[2] == letter.number]
        assert packages.verify(filing.read(row.packages.get())) == []


def test_the_same_records_give_the_same_bytes(office, at):
    with at(2021, 4, 23):
        row = filed(office)
    kind = kinds.kind_of("application")
    first = filing.read(row.packages.get())
    for year in (2021, 2024):
        with at(year, 6, 1):
            subject = filing.subject_of(kind, row.subject_id)
            entries = packages.entries_of(kinds.papers(kind, subject))
            again = packages.make(row, subject, str(kind.label), entries, kinds.happenings(kind, subject))
        assert again.data == first
    with at(2021, 6, 1), pytest.raises(Refused, match="没有新的"):
        filing.supplement(office.actor("handler"), row)


def test_what_came_later_goes_into_a_further_version_under_the_same_number(office, at):
    with at(2021, 4, 23):
        case = closed(office)
        row = filed(office, case)
    with at(2021, 8, 2):
        remedy = registered(office, "direct_litigation", application=case, case_number="（2021）豫71行初1号")
        remedies.add_file(office.actor("handler"), remedy, "判决书正文。".encode(), "行政判决书.txt")
        package = filing.supplement(office.actor("handler"), row)
    assert package.version == 2 and Filing.objects.get().number == row.number
    line = catalogue(row)[-1]
    assert line[2:4] == ["（2021）豫71行初1号", "行政判决书.txt"]
    with opened(row) as archive:
        told = json.loads(archive.read("events.json"))
    assert told[-2]["what"] == "未经复议直接起诉（复议诉讼〔2021〕1号）：已登记"
    assert "（2021）豫71行初1号" in told[-2]["words"]
    assert told[-1]["what"].endswith("：归入材料") and told[-1]["words"] == "行政判决书.txt"
    assert len(catalogue(row)) == row.packages.first().documents + 1


def rebuilt(data, change):
    """The package with its entries changed by `change(dict of name → bytes)`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def forged_manifest(files):
    said = json.loads(files["manifest.json"])
    files["events.json"] = b"[]\n"
    said["files"]["events.json"] = packages._digests(b"[]\n")
    files["manifest.json"] = packages._json(said)


@pytest.mark.parametrize(
    ("change", "kind", "path"),
    [
        (lambda files: files.update({"events.json": b"[]"}), "changed", "events.json"),
        (lambda files: files.pop("record.pdf"), "missing", "record.pdf"),
        (lambda files: files.update({"documents/999-x.txt": b"x"}), "added", "documents/999-x.txt"),
        (lambda files: files.pop("manifest.sig"), "unsigned", "manifest.json"),
        (forged_manifest, "unsigned", "manifest.json"),
        (lambda files: files.pop("manifest.json"), "unreadable", "manifest.json"),
        (lambda files: files.update({"manifest.json": b"{"}), "unreadable", "manifest.json"),
        (
            lambda files: files.update({"manifest.json": b'{"files": {"a": 1}}'}),
            "unreadable",
            "manifest.json",
        ),
    ],
)
def test_what_was_changed_is_named(office, at, change, kind, path):
    with at(2021, 4, 23):
        data = filing.read(filed(office).packages.get())
    assert packages.verify(data) == []
    found = packages.verify(rebuilt(data, change))
    assert [(each.kind, each.path) for each in found] == [(kind, path)]
    assert found[0].message.endswith("。")


def test_hostile_packages_end_in_one_sentence(office, at):
    with at(2021, 4, 23):
        data = filing.read(filed(office).packages.get())
    for bad in (b"", b"PK\x03\x04", data[: len(data) // 2], data[100:], b"x" * 1000):
        [found] = packages.verify(bad)
        assert found.kind == "unreadable"
    for place in range(1, 10):
        flipped = bytearray(data)
        flipped[len(data) * place // 10] ^= 0xFF
        assert packages.verify(bytes(flipped)), place
    # Twice the same name, the second with other bytes.
    twice = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("events.json", b"[]")
    assert {each.kind for each in packages.verify(twice.getvalue())} == {"added", "changed"}


def test_hostile_text_of_an_applicant_does_not_keep_a_case_from_being_filed(office, at):
    with at(2021, 4, 23):
        applicant = replace(PERSON, address="演示路😀\u202e一号")
        wanted = replace(REQUEST, description="../../etc/passwd\n=1+1\n" + "长" * 2000)
        paper = Upload("../../恶意\u202egpj.txt", "内容。".encode())
        row = filed(office, closed(office, person=applicant, request=wanted, files=(paper,)))
    with opened(row) as archive:
        assert all(".." not in name and "\u202e" not in name for name in archive.namelist())
        assert "〔U+1F600〕" in text_of(archive.read("documents/001-政府信息公开申请表.pdf"))
        assert "😀" in json.loads(archive.read("documents/002-申请登记数据.json"))["person"]["address"]


def test_only_what_is_finished_is_filed_once_by_who_may(office, at):
    kind = kinds.kind_of("application")
    with at(2021, 4, 23):
        running = web(office)
        with pytest.raises(Refused, match="尚未办结"):
            filing.file(office.actor("handler"), kind, running.pk, 10)
        decided(office, running)
        case = closed(office)
        for name in ("reviewer", "approver", "supervisor", "security"):
            with pytest.raises(Refused, match="归档"):
                filing.file(office.actor(name), kind, case.pk, 10)
        with pytest.raises(Refused, match="100"):
            filing.file(office.actor("handler"), kind, case.pk, 101)
        row = filed(office, case)
        with pytest.raises(Refused, match="已经归档"):
            filed(office, case)
        with pytest.raises(Refused, match="打开"):
            filing.open_package(office.actor("supervisor"), row.packages.get())
    assert IssuedNumber.objects.filter(kind="archive.D10").count() == 1


def test_the_package_is_sealed_and_each_opening_stands_in_the_journal(office, at):
    with at(2021, 4, 23):
        row = filed(office)
        package = row.packages.get()
        assert package.file.sealed
        kept = storage.path_of(package.file_id).read_bytes()
        assert b"manifest.json" not in kept and not zipfile.is_zipfile(io.BytesIO(kept))
        filing.open_package(office.actor("reviewer"), package, "catalogue.pdf")
    [entry] = Entry.objects.filter(action="archive.opened")
    assert entry.actor == str(office.people["reviewer"].pk) and "catalogue.pdf" in entry.data
    for entry in Entry.objects.filter(action__startswith="archive."):
        assert PERSON.name not in entry.data and ID not in entry.data
    assert faults() == []


def test_archive_numbers_run_without_gaps_by_year_and_period(office, at):
    with at(2021, 4, 23):
        first, second = closed(office), closed(office)
        rows = [filed(office, first), filed(office, second), filed(office, closed(office), years=0)]
    with at(2022, 4, 22):
        rows.append(filed(office, closed(office)))
    assert [row.number.partition("·")[2] for row in rows] == [
        "2021-D10-XXGK-0001",
        "2021-D10-XXGK-0002",
        "2021-Y-XXGK-0001",
        "2022-D10-XXGK-0001",
    ]
    assert retention.appraised_from(office.agency, 2021, 10) == date(2032, 1, 1)
    # Permanently kept: handed over after ten years to the archives of a county (档案法实施条例 20).
    assert rows[2].state.appraise_on == date(2032, 1, 1)


@pytest.mark.parametrize("form", ["{fonds}-{year}", "{nothing}-{n}", "{n.x}", "{", "{n}" + "长" * 80, "{0}"])
def test_a_form_of_numbers_that_gives_none_is_refused_before_anything_is_written(office, at, form):
    with at(2021, 4, 23):
        case = closed(office)
        options.change(office.actor("head"), office.agency, {retention.FORM: form})
        with pytest.raises(Refused, match="档号格式"):
            filed(office, case)
    assert not Filing.objects.exists()


def test_the_agency_sets_fonds_form_and_periods(office, at):
    with at(2021, 4, 23):
        said = {retention.FONDS: "Z109{x}", retention.OFFICE: "BGS", kinds.years_option("application"): 30}
        options.change(office.actor("head"), office.agency, said)
        assert retention.years_of(office.agency, "application") == 30
        assert filed(office, years=30).number == "Z109x-WS·2021-D30-BGS-0001"


def test_a_void_letter_stays_in_the_file(office, at):
    with at(2021, 4, 23):
        case = web(office)
        letter = released(office, decided(office, case))
        rendering.make({"kind": "letter", "subject": str(letter.pk)})
        decisions.drop(office.actor("handler"), case, "认定有误")
        sent(office, decided(office, case), clock.today())
        closing.close(office.actor("handler"), case)
        row = filed(office, case)
    notes = [line[6] for line in catalogue(row) if line[2] == letter.number]
    assert notes == ["正本；作废", "定稿；作废"]


def test_a_matter_an_item_and_a_report_are_filed_too(office, at):
    with at(2021, 3, 1):
        matter = answered(office)
        item = items.released(office)
        handling.close(office.actor("handler"), matter)
    with at(2022, 1, 10):
        report = published(office)
        filings = {
            kind: filing.file(office.actor("handler"), kinds.kind_of(kind), pk, years)
            for kind, pk, years in (
                ("matter", matter.pk, 10),
                ("item", item.pk, 30),
                ("report", report.pk, 0),
            )
        }
    lines = {kind: catalogue(row) for kind, row in filings.items()}
    assert [line[3] for line in lines["matter"]][:2] == ["来信来电登记表", "来信来电登记数据"]
    assert LETTER.name in text_of(opened(filings["matter"]).read("documents/001-来信来电登记表.pdf"))
    assert filings["matter"].packages.get().file.sealed and LETTER.name not in filings["matter"].title
    assert [line[6] for line in lines["item"]] == ["正本；第1稿", "数据；第1稿", "定稿"]
    assert opened(filings["item"]).read(lines["item"][1][7]).decode().startswith("{")
    assert [line[6].partition("；")[0] for line in lines["report"]] == ["正本", "可编辑版", "数据", "定稿"]
    for row in filings.values():
        assert packages.verify(filing.read(row.packages.get())) == []
        assert row.ended_on.year in (2021, 2022)
    assert filings["item"].reference == item.index_number and filings["report"].reference == "2021"


def test_a_file_is_titled_in_chinese_whoever_files_it(office, at):
    """A letter that nobody titled has the words of its kind and topic, and the filing keeps them for good."""
    with at(2021, 3, 1), translation.override("en"):
        matter = received(office).matter
        handling.redirect(office.actor("handler"), matter, to="application", words="已告知申请公开的途径")
        row = filing.file(office.actor("handler"), kinds.kind_of("matter"), matter.pk, 10)
    matter.refresh_from_db()
    assert row.title == matter.shown_title and not re.search("[A-Za-z]", row.title)


def test_documents_too_large_for_one_package_are_told(office, monkeypatch):
    monkeypatch.setattr(packages, "LARGEST", 10)
    with pytest.raises(Refused, match="512 MB"):
        packages.entries_of([kinds.Paper("扫描件", b"x" * 11, "pdf")])
