"""Documents as PDF/A-2a (tagged, fonts embedded), set by typst with the bundled fonts and nothing else.

Text reaches the templates only as strings inside one JSON value, never as markup. The same value gives the same
bytes on every machine: no system font is used and the time inside the file is the document's own.
"""

from __future__ import annotations

import datetime
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

from gongkai.paperwork.document import FormalReply, Letter, OfficialDocument, Paragraph
from gongkai.paperwork.errors import LayoutFailed
from gongkai.paperwork.forms import Form
from gongkai.paperwork.pdf_headers import with_headers
from gongkai.paperwork.registers import Register
from gongkai.paperwork.report import (
    LEFT,
    PARTS,
    Grid,
    ReportDocument,
    application_grid,
    disclosure_grid,
    remedy_grid,
)
from gongkai.paperwork.setting import (
    MARK_LIMITS,
    SIGNATORY_CHARACTERS,
    TITLE_CHARACTERS,
    mark_lines,
    mark_size,
)
from gongkai.paperwork.sheets import Receipt, ReviewSheet, ReviewStep
from gongkai.paperwork.text import FONTS, breakable, chinese_date, chinese_time, narrow, prepared, title_lines

TEMPLATES = Path(__file__).parent / "templates"
WHOLE_PARAGRAPH = 280  # characters: ten lines
STANDARDS: list[Any] = ["a-2a", "ua-1"]


def letter_pdf(letter: Letter) -> bytes:
    """A letter in 信函格式. Raises PaperworkError (GlyphMissing names character and field)."""
    ready = prepared(letter, check_glyphs=True)
    return _compile("letter.typ", _official(ready, "letter"), ready.date)


def reply_pdf(reply: FormalReply) -> bytes:
    """A formal reply in 文件格式 with red head and 版记. Raises PaperworkError."""
    ready = prepared(reply, check_glyphs=True)
    data = _official(ready, "reply")
    data |= {"printed_by": ready.printed_by, "printed_on": chinese_date(ready.printed_on)}
    return _compile("reply.typ", data, ready.date)


def report_pdf(report: ReportDocument) -> bytes:
    """An annual report with its three tables. Raises PaperworkError."""
    ready = prepared(report, check_glyphs=True)
    grids = (
        disclosure_grid(ready.disclosure),
        application_grid(ready.applications),
        remedy_grid(ready.remedies),
    )
    two, three, four = (_grid(grid) for grid in grids)
    data = {
        "title": title_lines(ready.title, TITLE_CHARACTERS),
        "plain_title": ready.title.replace("\n", ""),
        "parts": PARTS,
        "opening": _paragraphs(ready.opening),
        "overview": _paragraphs(ready.overview, depth=2),
        "disclosure": two,
        "applications": three,
        "remedies": four,
        "problems": _paragraphs(ready.problems, depth=2),
        "other": _paragraphs(ready.other, depth=2),
        "signatory": title_lines(ready.signatory, SIGNATORY_CHARACTERS),
        "date": chinese_date(ready.date),
    }
    return with_headers(_compile("report.typ", data, ready.date), grids)


def review_sheet_pdf(sheet: ReviewSheet) -> bytes:
    """The review sheet, with room for ink where a step is open. Raises PaperworkError."""
    ready = prepared(sheet, check_glyphs=True)
    data = {
        "title": ready.title,
        "agency": breakable(ready.agency),
        "number": breakable(ready.number),
        "subject": breakable(ready.subject),
        "facts": [[breakable(fact.name), breakable(fact.value)] for fact in ready.facts],
        "conclusion": breakable(ready.conclusion),
        "points": [
            {"question": breakable(p.question), "answer": breakable(p.answer), "remark": breakable(p.remark)}
            for p in ready.points
        ],
        "records": [[breakable(row.name), breakable(row.value)] for row in ready.records],
        "steps": _steps(ready.steps),
        "digest": breakable(ready.digest),
        "qr": segno.make_qr(ready.qr, error="m").svg_inline(scale=4, border=4),
        "qr_text": ready.qr,
        "made_on": chinese_time(ready.made_on),
    }
    return _compile("review_sheet.typ", data, ready.made_on.date())


def receipt_pdf(receipt: Receipt) -> bytes:
    """The receipt of an application. Raises PaperworkError."""
    ready = prepared(receipt, check_glyphs=True)
    due = chinese_date(ready.due) + (f"（{ready.due_note}）" if ready.due_note else "")
    rows = [
        ("登记编号", ready.number),
        ("申请人", ready.applicant),
        ("收到申请之日", chinese_date(ready.received_on)),
        ("接收渠道", ready.channel),
        ("申请内容", ready.content),
        ("答复期限", due),
    ]
    place = f"登录{ready.query_address}，" if ready.query_address else ""
    remarks = [f"凭登记编号和查询码，可以{place}查询办理进度和答复。查询码请妥善保管，不要告诉他人。"]
    if ready.contact:
        remarks.append(f"联系方式：{ready.contact}")
    data = {
        "title": ready.title,
        "agency": breakable(ready.agency),
        "signatory": title_lines(ready.agency, SIGNATORY_CHARACTERS),
        "rows": [[name, breakable(value)] for name, value in rows],
        "materials": [breakable(name) for name in ready.materials],
        "query_code": " ".join(ready.query_code[at : at + 4] for at in range(0, len(ready.query_code), 4)),
        "remarks": [breakable(remark) for remark in remarks],
        "date": chinese_date(ready.date),
    }
    return _compile("receipt.typ", data, ready.date)


def register_pdf(register: Register) -> bytes:
    """A register or record sheet of the archive. Raises PaperworkError."""
    ready = prepared(register, check_glyphs=True)
    data = {
        "title": ready.title,
        "agency": breakable(ready.agency),
        "number": breakable(ready.number),
        "facts": [[breakable(fact.name), breakable(fact.value)] for fact in ready.facts],
        "columns": [{"name": c.name, "share": c.share, "centred": c.centred} for c in ready.columns],
        "lines": [[narrow(cell.text) for cell in line.cells] for line in ready.lines],
        "text": [breakable(paragraph) for paragraph in ready.text],
        "steps": _steps(ready.steps),
        "remarks": [breakable(remark) for remark in ready.remarks],
        "date": chinese_date(ready.date),
        "landscape": ready.landscape,
    }
    return _compile("register.typ", data, ready.date)


def form_pdf(form: Form) -> bytes:
    """A form to fill in or a record to sign. Raises PaperworkError."""
    ready = prepared(form, check_glyphs=True)
    data = {
        "title": ready.title,
        "agency": breakable(ready.agency),
        "number": breakable(ready.number),
        "lines": [
            {
                "name": breakable(line.name),
                "value": [breakable(part) for part in line.value.split("\n") if part],
                "room": line.room,
            }
            for line in ready.lines
        ],
        "remarks": [breakable(remark) for remark in ready.remarks],
    }
    return _compile("form.typ", data, ready.date)


def _steps(steps: tuple[ReviewStep, ...]) -> list[dict[str, str]]:
    return [
        {
            "role": breakable(step.role),
            "person": breakable(step.person),
            "opinion": breakable(step.opinion),
            "time": chinese_time(step.time) if step.time else "",
        }
        for step in steps
    ]


def _official(document: OfficialDocument, layout: str) -> dict[str, Any]:
    contact = document.contact.line()
    return {
        "mark": mark_lines(document.mark, *MARK_LIMITS[layout]),
        "mark_size": mark_size(document.mark, *MARK_LIMITS[layout]),
        "number": document.number,
        "title": title_lines(document.title, TITLE_CHARACTERS),
        "plain_title": document.title.replace("\n", ""),
        "addressee": breakable(document.addressee),
        "body": _paragraphs(document.body),
        "attachments": [breakable(name) for name in document.attachments],
        "signatory": title_lines(document.signatory, SIGNATORY_CHARACTERS),
        "date": chinese_date(document.date),
        "sealed": document.sealed,
        "notes": [breakable(note) for note in (*document.notes, *([contact] if contact else []))],
        "copies": document.copies,
    }


def _paragraphs(items: tuple[Paragraph, ...], depth: int = 1) -> list[dict[str, Any]]:
    """Paragraphs for a template, under a heading of level `depth`; the file may skip no heading level."""
    result = []
    for item in items:
        depth = min(item.level + 1, depth + 1) if item.level else depth
        result.append(
            {
                "text": breakable(item.text),
                "level": item.level,
                "depth": depth,
                "lead": item.lead,
                "lead_level": item.lead_level,
                "short": len(item.text) <= WHOLE_PARAGRAPH,
            }
        )
    return result


def _grid(grid: Grid) -> dict[str, Any]:
    """A grid for the template; lengths in points."""
    return {
        "widths": [width / 20 for width in grid.widths],
        "rows": [grid.tall[row] / 20 if row in grid.tall else 0 for row in range(grid.rows)],
        "height": grid.height / 20,
        "line": grid.line / 8,
        "header_rows": grid.header_rows,
        "whole": [first for first, _count in grid.blocks],
        "cells": [
            {
                "row": cell.row,
                "column": cell.column,
                "rows": cell.rows,
                "columns": cell.columns,
                "role": cell.role,
                "size": grid.size(cell),
                "margin": grid.margin_of(cell) / 20,
                "left": cell.role in LEFT,
                "text": breakable(cell.text),
            }
            for cell in grid.cells
        ],
    }


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The bundled fonts and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _compile(template: str, data: dict[str, Any], day: datetime.date) -> bytes:
    moment = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
    try:
        result = typst.compile(
            str(TEMPLATES / template),
            root=str(TEMPLATES),
            font_paths=fonts(),
            format="pdf",
            sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
            pdf_standards=STANDARDS,
            timestamp=moment,
        )
    except typst.TypstError as error:
        raise LayoutFailed(error.message) from error
    return bytes(result)
