"""Questions and answers (咨询答问库) on the public site: the page of one, and the newest of each subject.

The older ones of a subject stand in their column, whose pages never shift, and in the search.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.agencies.papers import in_chinese
from gongkai.channels import addresses
from gongkai.channels.renderers import Page, Standing
from gongkai.disclosure import questions
from gongkai.disclosure.models import Item, Question
from gongkai.portal import lists, rendering, varieties
from gongkai.portal.varieties import Block, Picture, Shown
from gongkai.review.models import Release
from gongkai.review.subjects import Content

SHELF = "questions"
# So many stand on the front page, and on the page of a subject.
NEWEST, OF_SUBJECT = 20, 200


def show(item: Item, release: Release, content: Content, picture: Picture) -> Shown:
    """The question above its answer, with the document it rests on."""
    more = content["more"]
    link = (
        Question.objects.filter(item=item, policy__state=Item.State.PUBLIC)
        .select_related("policy__agency", "policy__normative")
        .first()
    )
    subject = str(dict(questions.Subject.choices).get(more["subject"], ""))
    lines = [line.strip() for line in str(more["question"]).splitlines() if line.strip()]
    after = ()
    if link is not None and link.policy is not None:
        words = {"title": _("The document it rests on"), "items": lists.rows([link.policy])}
        after = (Block("portal/partials/related.html", words),)
    return Shown(
        facts=(
            {"label": pgettext("question", "Subject"), "value": subject, "url": _address(more["subject"])},
            {
                "label": _("Where it came up"),
                "value": str(dict(questions.Source.choices).get(more.get("origin", ""), "")),
            },
        ),
        before=(Block("portal/partials/question.html", {"lines": lines}),),
        after=after,
    )


def _address(subject: str) -> str:
    return addresses.folder_url(f"{SHELF}/{subject}")


def _newest(limit: int, subject: str = "") -> list[Item]:
    """The newest public questions, of one subject where named, along the index of each subject."""
    rows = Question.objects.filter(item__state=Item.State.PUBLIC)
    rows = rows.select_related("item__agency", "item__normative").order_by("-released_at", "-pk")
    if subject:
        return [row.item for row in rows.filter(subject=subject)[:limit]]
    found = [row for code in questions.Subject.values for row in rows.filter(subject=code)[:limit]]
    found.sort(key=lambda row: (row.released_at, row.pk), reverse=True)
    return [row.item for row in found[:limit]]


@in_chinese
def pages() -> list[Page]:
    """The front page and one for each subject that has a public question."""
    named = [(code, str(label)) for code, label in questions.Subject.choices]
    held = {code: _newest(OF_SUBJECT, code) for code, _label in named}
    subjects = [{"label": label, "url": _address(code), "code": code} for code, label in named if held[code]]
    made = [(f"{SHELF}/index.html", _page(_("Questions and answers"), _newest(NEWEST), subjects, ""))]
    for code, label in named:
        if held[code]:
            made.append((f"{SHELF}/{code}/index.html", _page(label, held[code], subjects, code)))
    return made


def _page(title: str, items: list[Item], subjects: list[dict[str, Any]], current: str) -> bytes:
    name = _("Questions and answers")
    trail = [{"label": name, "url": f"/{SHELF}/"}, {"label": title}] if current else [{"label": name}]
    return rendering.page(
        "portal/questions.html",
        level="column",
        title=title,
        items=lists.rows(items),
        subjects=[subject | {"current": subject["code"] == current} for subject in subjects],
        current=current,
        full=current and len(items) == OF_SUBJECT,
        column={
            "name": name,
            "description": _("What many people ask, with the answers of the offices in charge."),
            "keywords": _("questions;answers"),
            "kind": _("interaction"),
        },
        article=None,
        section="mailbox",
        breadcrumb=trail,
    )


def beside(item: UUID | None) -> Iterable[Standing]:
    """The pages of subjects, which a question changes."""
    if item is None or Question.objects.filter(item=item).exists():
        places = [f"{SHELF}/{code}/index.html" for code in questions.Subject.values]
        yield Standing(SHELF, pages, places=places)


def register() -> None:
    """Called once, at start-up."""
    varieties.register(questions.CODE, show)
    varieties.beside(beside)
