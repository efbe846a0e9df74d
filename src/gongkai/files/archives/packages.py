"""An archive package: one zip of a filed subject, and what `verify` finds changed in one.

Holds documents/NNN-title.ext in the order of the 卷内目录, catalogue.pdf and catalogue.csv (卷内目录), events.json
and events.pdf (办理过程), record.pdf (备考表), manifest.json with size, SM3 and SHA-256 of each of these files, and
manifest.sig, the instance's signature of the manifest. Times inside are fixed and nothing is compressed, so the
same records give the same bytes.
"""

import csv
import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Refused
from gongkai.files.archives.kinds import Happening, Paper, Subject
from gongkai.files.models import Filing
from gongkai.journal import canon, chain
from gongkai.paperwork import pdf
from gongkai.paperwork.errors import FieldEmpty, PaperworkError
from gongkai.paperwork.registers import Column, Register, line, printable
from gongkai.paperwork.sheets import Fact
from gongkai.rulebook.letters import missing_elements

FORMAT = "gongkai-archive/1"
LARGEST = 512 * 1024 * 1024
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
CATALOGUE, RECORD = "catalogue.pdf", "record.pdf"
# 卷内目录 in rulebook 5.3.
CATALOGUE_KIND = 32
PICTURES = frozenset({"png", "jpg", "gif", "webp", "bmp"})
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|\u200b-\u200f\u202a-\u202e]+')
_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class Entry:
    """One line of the 卷内目录. pages: None where a document of its kind is not counted in pages."""

    n: int
    path: str
    paper: Paper
    pages: int | None


@dataclass(frozen=True)
class Made:
    """A package: its bytes, their SM3 digest, and what the catalogue counts."""

    data: bytes
    digest: str
    documents: int
    pages: int


def period(years: int) -> str:
    """The retention period in words: 永久, 30年, 10年."""
    return f"{years}年" if years else "永久"


def entries_of(papers: Sequence[Paper]) -> list[Entry]:
    """The lines of the catalogue, numbered from 1. Raises Refused where all is too large for one package."""
    size = sum(len(paper.data) for paper in papers)
    if size > LARGEST:
        raise Refused(
            _("The documents hold %(n)d MB; one package holds at most 512 MB. Take the largest scans down.")
            % {"n": size // 2**20}
        )
    return [
        Entry(n, f"documents/{n:03d}-{_name(paper)}.{paper.extension}", paper, _pages(paper))
        for n, paper in enumerate(papers, start=1)
    ]


def _name(paper: Paper) -> str:
    """The title as part of a file name: without its ending, path signs and invisible characters."""
    return _UNSAFE.sub(" ", paper.title.removesuffix(f".{paper.extension}")).strip(" .")[:60] or "document"


def _pages(paper: Paper) -> int | None:
    if paper.extension in PICTURES:
        return 1
    if paper.extension != "pdf":
        return None
    try:
        document = pypdfium2.PdfDocument(paper.data)
    except pypdfium2.PdfiumError:
        return None
    try:
        return len(document)
    finally:
        document.close()


def make(
    filing: Filing, subject: Subject, label: str, entries: Sequence[Entry], events: Sequence[Happening]
) -> Made:
    """The package of a filing. label: the kind in Chinese. Raises Refused where a sheet cannot be printed."""
    head = _head(filing, subject, label)
    files = {entry.path: entry.paper.data for entry in entries}
    try:
        files |= {
            CATALOGUE: _catalogue_pdf(filing, entries),
            "catalogue.csv": _catalogue_csv(entries),
            "events.json": _json([_happening(each) for each in events]),
            "events.pdf": _events_pdf(filing, events),
            RECORD: _record_pdf(filing, label, entries),
        }
    except PaperworkError as error:
        raise Refused(str(error)) from error
    manifest = head | {
        "documents": [_line(entry) for entry in entries],
        "files": {name: _digests(data) for name, data in sorted(files.items())},
    }
    files[MANIFEST] = _json(manifest)
    files[SIGNATURE] = chain.sign(files[MANIFEST]).encode()
    data = _zip(files)
    return Made(data, canon.sm3(data), len(entries), sum(entry.pages or 0 for entry in entries))


def _head(filing: Filing, subject: Subject, label: str) -> dict[str, Any]:
    agency = filing.agency
    return {
        "format": FORMAT,
        "agency": {"name": agency.name, "code": agency.code},
        "kind": {"code": filing.kind, "label": label},
        "subject": {"id": str(filing.subject_id), "number": filing.reference, "title": filing.title},
        "archive_number": filing.number,
        "year": filing.year,
        "retention": period(filing.years),
        "finished": filing.ended_on.isoformat(),
        "filed": filing.filed_on.isoformat(),
        "disclosure": subject.disclosure,
    }


def _line(entry: Entry) -> dict[str, Any]:
    paper = entry.paper
    return {
        "n": entry.n,
        "file": entry.path,
        "responsible": paper.responsible,
        "number": paper.number,
        "title": paper.title,
        "date": paper.on.isoformat() if paper.on else "",
        "pages": entry.pages,
        "form": paper.form,
        "note": paper.note,
    }


def _digests(data: bytes) -> dict[str, Any]:
    return {"size": len(data), "sm3": canon.sm3(data), "sha256": hashlib.sha256(data).hexdigest()}


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _happening(each: Happening) -> dict[str, Any]:
    return {"on": each.on.isoformat(), "what": each.what, "who": each.who, "words": each.words}


# 件号, 责任者, 文号, 题名, 日期, 页数, 备注: the columns of DA/T 22.
COLUMNS = ("件号", "责任者", "文号", "题名", "日期", "页数", "备注")
_SHARES = (3, 9, 9, 17, 7, 3, 7)


def _cells(entry: Entry) -> tuple[str, ...]:
    paper = entry.paper
    return (
        str(entry.n),
        paper.responsible,
        paper.number,
        paper.title,
        paper.on.isoformat() if paper.on else "",
        "" if entry.pages is None else str(entry.pages),
        "；".join(part for part in (paper.form, paper.note) if part),
    )


def _catalogue_pdf(filing: Filing, entries: Sequence[Entry]) -> bytes:
    there = {"title", "file_list"} if entries else {"title"}
    if lacking := missing_elements(CATALOGUE_KIND, there):
        raise FieldEmpty("、".join(each.label for each in lacking))
    lines = tuple(line(*(printable(cell) for cell in _cells(entry))) for entry in entries)
    columns = tuple(
        Column(name=name, share=share, centred=name in ("件号", "日期", "页数"))
        for name, share in zip(COLUMNS, _SHARES, strict=True)
    )
    facts = (
        Fact(name="题名", value=filing.title),
        Fact(name="归档年度", value=str(filing.year)),
        Fact(name="保管期限", value=period(filing.years)),
    )
    return pdf.register_pdf(
        Register(
            title="卷内目录",
            agency=filing.agency.name,
            number=filing.number,
            facts=facts,
            columns=columns,
            lines=lines,
            date=filing.filed_on,
        )
    )


def _catalogue_csv(entries: Sequence[Entry]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow((*COLUMNS, "文件"))
    for entry in entries:
        writer.writerow([_cell(cell) for cell in (*_cells(entry), entry.path)])
    # With the mark by which spreadsheets know the encoding.
    return stream.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: file names are chosen by strangers."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _events_pdf(filing: Filing, events: Sequence[Happening]) -> bytes:
    columns = (
        Column(name="日期", share=3, centred=True),
        Column(name="事项", share=5),
        Column(name="经办", share=3),
        Column(name="内容", share=10),
    )
    lines = tuple(
        line(each.on.isoformat(), printable(each.what), printable(each.who), printable(each.words)[:5000])
        for each in events
    )
    return pdf.register_pdf(
        Register(
            title="办理过程",
            agency=filing.agency.name,
            number=filing.number,
            columns=columns,
            lines=lines,
            date=filing.filed_on,
        )
    )


def _record_pdf(filing: Filing, label: str, entries: Sequence[Entry]) -> bytes:
    """备考表: what the file holds, who made it up, when."""
    pages = sum(entry.pages or 0 for entry in entries)
    facts = (
        Fact(name="类别", value=label),
        Fact(name="题名", value=filing.title),
        Fact(name="办结日期", value=filing.ended_on.isoformat()),
        Fact(name="保管期限", value=period(filing.years)),
        Fact(name="卷内件数", value=f"{len(entries)}件"),
        Fact(name="卷内页数", value=f"{pages}页（不含不分页的电子文件）"),
        Fact(name="立卷人", value=filing.person.name),
        Fact(name="归档日期", value=filing.filed_on.isoformat()),
    )
    remark = "本卷文件由政府信息公开业务系统形成，各文件的大小和 SM3、SHA-256 摘要值载于 manifest.json，并经本实例密钥签名。"
    return pdf.register_pdf(
        Register(
            title="备考表",
            agency=filing.agency.name,
            number=filing.number,
            facts=facts,
            remarks=(remark,),
            date=filing.filed_on,
        )
    )


def _zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o400 << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()


@dataclass(frozen=True)
class Difference:
    """What does not hold in a package. kind: changed, missing, added, unsigned or unreadable."""

    kind: str
    path: str
    message: str


def verify(data: bytes) -> list[Difference]:
    """What was changed, taken out of or put into a package of this instance; empty where it is whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _compared(archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, RuntimeError, OSError):
        return [Difference("unreadable", "", _("This is no archive package, or it is damaged."))]


def _compared(archive: zipfile.ZipFile) -> list[Difference]:
    found = []
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if sum(info.file_size for info in infos) > 2 * LARGEST:
        return [Difference("unreadable", "", _("This is far larger than a package of this system."))]
    try:
        manifest = archive.read(MANIFEST)
        listed: dict[str, Any] = dict(json.loads(manifest)["files"])
        wanted = {name: (said["sm3"], said["sha256"]) for name, said in listed.items()}
    except (KeyError, ValueError, TypeError):
        return [Difference("unreadable", MANIFEST, _("The manifest is missing or does not read."))]
    signature = archive.read(SIGNATURE).decode("ascii", "replace") if SIGNATURE in names else ""
    if not chain.signed(manifest, signature):
        words = _("The manifest does not carry the signature of this instance.")
        found.append(Difference("unsigned", MANIFEST, words))
    for name in sorted(set(wanted) - set(names)):
        found.append(Difference("missing", name, _("“%(name)s” is missing.") % {"name": name}))
    for name in sorted(name for name in names if name not in {*wanted, MANIFEST, SIGNATURE}):
        found.append(Difference("added", name, _("“%(name)s” was put in.") % {"name": name}))
    for name in sorted({name for name in names if names.count(name) > 1}):
        found.append(Difference("added", name, _("“%(name)s” is in it twice.") % {"name": name}))
    for name in sorted(set(wanted) & set(names)):
        if not _same(archive, name, wanted[name]):
            found.append(Difference("changed", name, _("“%(name)s” was changed.") % {"name": name}))
    return found


def _same(archive: zipfile.ZipFile, name: str, wanted: tuple[str, str]) -> bool:
    try:
        data = archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False
    return (canon.sm3(data), hashlib.sha256(data).hexdigest()) == wanted


def member(data: bytes, name: str) -> bytes:
    """One file of a package. KeyError where it is not in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
