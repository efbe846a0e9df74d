"""Policy documents on the public site: what a page shows of its relations, and the register of normative documents.

The register (规章和行政规范性文件) holds what was released here and is public now, cut by the year of issue, so that a
new document changes its year and the front page alone.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _

from gongkai.agencies.papers import in_chinese
from gongkai.channels import addresses, validity
from gongkai.channels.renderers import Page, Standing
from gongkai.disclosure import normative
from gongkai.disclosure.content import KIND, day
from gongkai.disclosure.models import Interpretation, Item, NormativeDocument, NormativeEvent, Question
from gongkai.journal import clock
from gongkai.portal import lists, rendering, varieties
from gongkai.portal.varieties import Block, Picture, Shown
from gongkai.review.models import Release
from gongkai.review.subjects import Content
from gongkai.review.submission import content_of

SHELF = "normative"
NEWEST = 30
# Answered questions that the page of a document names; the rest stand under their subject.
QUESTIONS = 10


def show(item: Item, release: Release, content: Content, picture: Picture) -> Shown:
    """Of any item: its last day of validity, its interpretations, what it ended, questions that rest on it."""
    document = getattr(item, "normative", None)
    told = Item.objects.filter(interpretation__policy=item, state=Item.State.PUBLIC)
    told = told.select_related("agency", "normative").order_by("released_at", "pk")
    asked = Item.objects.filter(question__policy=item, state=Item.State.PUBLIC)
    asked = asked.select_related("agency", "normative").order_by("-released_at", "-pk")[:QUESTIONS]
    blocks = [
        Block("portal/partials/related.html", {"title": title, "items": rows})
        for title, rows in (
            (_("Interpretation of this document"), lists.rows(told)),
            (_("Documents that it repeals or amends"), _ended(item)),
            (_("Questions and answers on this document"), lists.rows(asked)),
        )
        if rows
    ]
    facts = ({"label": _("Valid to"), "value": document.expires_on},) if document is not None else ()
    return Shown(facts=facts, after=tuple(blocks))


def _ended(item: Item) -> list[dict[str, Any]]:
    """The public documents that this paper repealed or amended, each once, with how they stand now."""
    events = NormativeEvent.objects.filter(by=item, document__item__state=Item.State.PUBLIC)
    found = {event.document_id: event for event in events.select_related("document__item__agency")}
    return lists.rows(event.document.item for event in found.values() if event.document.item is not None)


def related(item: UUID) -> Iterable[UUID]:
    """The other pages that show a document: its interpretations and questions, its policy, earlier and later ones."""
    own = Interpretation.objects.filter(item=item, policy__isnull=False).values_list("policy", flat=True)
    told = Interpretation.objects.filter(policy=item).values_list("item", flat=True)
    rests = Question.objects.filter(item=item, policy__isnull=False).values_list("policy", flat=True)
    asked = Question.objects.filter(policy=item).values_list("item", flat=True)
    ended = NormativeEvent.objects.filter(by=item, document__item__isnull=False)
    ended_by = NormativeEvent.objects.filter(document__item=item, by__isnull=False)
    for found in (
        own,
        told,
        rests,
        asked,
        ended.values_list("document__item", flat=True),
        ended_by.values_list("by", flat=True),
    ):
        yield from found


# The register


def documents() -> Any:
    """What the public register holds: rules and normative documents that are public items now, newest first."""
    rows = NormativeDocument.objects.filter(kind__in=normative.COUNTED, item__state=Item.State.PUBLIC)
    return rows.select_related("item", "agency").prefetch_related("events__by").order_by("-issued_on", "-pk")


def rows(year: int | None = None) -> Iterator[dict[str, Any]]:
    """Every document of the public register, or those issued in a year, for tables and files."""
    found = documents() if year is None else documents().filter(issued_on__year=year)
    for document in found.iterator(chunk_size=500):
        yield _row(document)


def _row(document: NormativeDocument) -> dict[str, Any]:
    stands = validity.of_document(document)
    item = document.item
    return {
        "title": item.title if item is not None else "",
        "url": lists.item_url(item) if item is not None else "",
        "number": document.document_number,
        "agency": document.agency.name,
        "kind": document.get_kind_display(),
        "issued_on": document.issued_on,
        "effective_on": document.effective_on,
        "expires_on": document.expires_on,
        "validity": {"code": stands.code, "label": stands.label},
        "since": stands.on,
        "by": stands.paper,
        "by_url": stands.url,
    }


def beside(item: UUID | None) -> Iterable[Standing]:
    """The pages of the register that a document changes; all of them for None."""
    years = years_beside(item)
    if years or item is None:
        yield Standing(SHELF, front)
    for year in years:
        yield of_year(year)


def years_beside(item: UUID | None) -> list[int]:
    """The years of issue whose part of the register an item changes: its own, that of a day it had before, and those
    of the documents that it ended or amended; every year for None."""
    if item is None:
        return [issued.year for issued in NormativeDocument.objects.dates("issued_on", "year")]
    shown = NormativeDocument.objects.filter(Q(item=item) | Q(events__by=item))
    found = set(shown.values_list("issued_on__year", flat=True))
    return sorted(found | set(_released_years(item))) if found else []


def _released_years(item: UUID) -> Iterator[int]:
    """The years of issue that the releases of an item gave: where a correction moved it, the old one shows it no
    longer."""
    for digest in Release.objects.filter(subject_kind=KIND, subject_id=item).values_list("digest", flat=True):
        content = content_of(digest)
        formed = day(content["formed_on"]) if content is not None else None
        if formed is not None:
            yield formed.year


def of_year(year: int) -> Standing:
    """The page of the documents that were issued in a year; none where there is no public one."""
    path = f"{SHELF}/{year}/index.html"
    return Standing(f"{SHELF}-{year}", lambda: _year_pages(year, path), places=(path,))


@in_chinese
def _year_pages(year: int, path: str) -> list[Page]:
    found = [_row(document) for document in documents().filter(issued_on__year=year)]
    if not found:
        return []
    title = _("Rules and normative documents of %(year)d") % {"year": year}
    return [(path, _page("portal/normative_year.html", title, documents=found, year=year))]


@in_chinese
def front() -> list[Page]:
    """The front page: how many are in force, the newest, and every year with what of it is in force and what ended."""
    today = clock.today()
    gone = NormativeEvent.objects.filter(document=OuterRef("pk"), kind__in=normative.ENDED, on__lte=today)
    # Counted in the database: the page is written with the release of each document.
    by_year = documents().prefetch_related(None).order_by().values(year=ExtractYear("issued_on"))
    counted = by_year.annotate(
        made=Count("pk"), ended=Count("pk", filter=Q(expires_on__lt=today) | Q(Exists(gone)))
    ).order_by("-year")
    years = [
        {
            "year": row["year"],
            "url": addresses.folder_url(f"{SHELF}/{row['year']}"),
            "in_force": row["made"] - row["ended"],
            "ended": row["ended"],
        }
        for row in counted
    ]
    page = _page(
        "portal/normative.html",
        _("Rules and normative documents"),
        years=years,
        in_force=sum(row["in_force"] for row in years),
        ended=sum(row["ended"] for row in years),
        documents=[_row(document) for document in documents()[:NEWEST]],
    )
    return [(f"{SHELF}/index.html", page)]


def _page(template: str, title: str, **context: Any) -> bytes:
    name = _("Rules and normative documents")
    trail = [{"label": name, "url": f"/{SHELF}/"}, {"label": title}] if title != name else [{"label": name}]
    return rendering.page(
        template,
        level="column",
        title=title,
        column={
            "name": name,
            "description": _(
                "Rules and normative documents of this government and its departments, with their validity."
            ),
            "keywords": _("rules;normative documents;validity"),
            "kind": _("policy documents"),
        },
        article=None,
        section="catalogue",
        breadcrumb=trail,
        **context,
    )


def register() -> None:
    """Called once, at start-up."""
    varieties.everywhere(show)
    varieties.relate(related)
    varieties.beside(beside)
