"""Sample letters from marked demonstration data: what a wording looks like before anybody is sent it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import resources
from typing import Any

from gongkai.agencies.models import Agency
from gongkai.applications import enclosed, wording
from gongkai.paperwork.document import Contact, Letter, paragraphs_of
from gongkai.rulebook import remedies
from gongkai.rulebook.letters import LETTER_KINDS, RemedyClass
from gongkai.rulebook.norms import together
from gongkai.rulebook.outcomes import OUTCOMES

_DATA = json.loads(resources.files(__package__).joinpath("data", "samples.json").read_text(encoding="utf-8"))
MARK: str = _DATA["mark"]


def letter(
    agency: Agency, kind: int, paragraphs: Sequence[str], texts: Mapping[str, str], *, day: date
) -> Letter:
    """The sample of a kind with these paragraphs, dated that day; its note says that it is one."""
    template = wording.TEMPLATES[kind]
    lines = wording.compose(paragraphs, elements(agency, kind, texts, day=day), you="您")
    form = wording.SERIES[template.series]
    rows = [{"name": name, "pages": pages} for name, pages in _DATA["attachments"].get(str(kind), ())]
    return Letter(
        mark=agency.name,
        number=form.format(mark=agency.document_mark or agency.code, year=day.year, n=12),
        title=f"{agency.name}\n{template.title}",
        addressee=_DATA["addressee"][template.recipient],
        body=paragraphs_of("\n".join(lines)),
        attachments=enclosed.printed(kind, rows),
        signatory=agency.name,
        date=day,
        contact=Contact(
            person=agency.disclosure_office or agency.name, phone=agency.phone, address=agency.address
        ),
        notes=(MARK,),
    )


def elements(agency: Agency, kind: int, texts: Mapping[str, str], *, day: date) -> dict[str, str]:
    """What the sample of a kind says, by element key."""
    said = _drafted(kind) | {name: text for name, text in texts.items() if text}
    return said | _DATA["common"] | _DATA["kinds"].get(str(kind), {}) | {"remedy": _remedy(agency, kind, day)}


def outcome_of(kind: int) -> str:
    """The outcome that the sample of a kind tells; empty where it tells none."""
    return str(_DATA["outcomes"].get(str(kind), ""))


def _drafted(kind: int) -> dict[str, str]:
    """Articles and conclusion, as a decision drafts them."""
    reason = _DATA["sub_reasons"].get(str(kind))
    outcome = OUTCOMES.get(outcome_of(kind))
    said: dict[str, Any] = dict(wording.SUB_REASON_TEXTS[reason]) if reason else {}
    if outcome is not None:
        said |= {"law": together(outcome.law), "conclusion": wording.CONCLUSIONS[outcome.key]}
    return said


def _remedy(agency: Agency, kind: int, day: date) -> str:
    """The notice of that day's law; bodies that the agency's page does not name are left open."""
    of_kind = LETTER_KINDS[kind].remedy
    notice = remedies.notice_of_class(
        RemedyClass.ORDINARY if of_kind is RemedyClass.BY_SUB_REASON else of_kind,
        day,
        agency.reconsideration_body or "××人民政府",
        agency.superior_department or None,
        agency.court or "××人民法院",
    )
    return notice.text if notice else ""
