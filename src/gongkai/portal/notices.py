"""How notices, solicitations, hearings and their results are shown: on their own pages, and on the board of taking part."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongkai.channels.renderers import Page, Standing
from gongkai.disclosure import body, notices, opinions, results
from gongkai.disclosure.models import Item, ParticipationResult, Period
from gongkai.journal import clock
from gongkai.portal import lists, rendering, varieties
from gongkai.portal.varieties import Block, Picture, Shown
from gongkai.review.models import Release
from gongkai.review.subjects import Content
from gongkai.rulebook import postings

BOARD = "participation/index.html"
# What is open now is few; of what is over the newest are named, the rest stand in their columns and in the search.
OPEN_SHOWN, OVER_SHOWN = 100, 60


def form_url(item: Item) -> str:
    return f"/opinions/{item.pk}/"


def show(item: Item, release: Release, content: Content, picture: Picture) -> Shown:
    """What a period adds to the page of its item. content: what of it may be read today (disclosure.varieties.present)."""
    more = content["more"]
    first, last, found = notices.begins(more), notices.ends(more), notices.phase(more)
    if first is None or last is None:
        return Shown()
    kind = postings.KINDS.get(str(more.get("posting", "")))
    code, label = notices.phase_mark(item.variety, found)
    facts = (
        {"label": _("Period of the notice"), "value": notices.period_words(first, last), "wide": True},
        {"label": _("Kind of notice"), "value": kind.label if kind else ""},
        {"label": _("State of the notice"), "mark": {"code": code, "label": label}},
        {"label": _("Time and place of the hearing"), "value": more.get("held", ""), "wide": True},
        {"label": _("Why the term is shorter"), "value": more.get("shorter", ""), "wide": True},
    )
    ended = found == notices.ENDED
    context: dict[str, Any] = {
        "label": label,
        "phase": found,
        "period": notices.period_words(first, last),
        "begins": notices.day_words(first),
        "ends": notices.day_words(last),
        "left": notices.days_left(more),
        "how": more.get("how", ""),
        "contact": more.get("contact", ""),
        "form": form_url(item) if more.get("online") and found == notices.OPEN else "",
        "hearing": item.variety == notices.HEARING,
        "cleared": ended and not body.text_lines(content["body"]) and not content["attachments"],
        "at_end": more.get("at_end") if ended else "",
    }
    explanation = body.show(str(more.get("explanation") or ""), picture)
    after = [Block("portal/partials/notice_after.html", context | _told(item, release, ended, explanation))]
    return Shown(
        facts=facts, before=(Block("portal/partials/notice_period.html", context),), after=tuple(after)
    )


def _told(item: Item, release: Release, ended: bool, explanation: str) -> dict[str, Any]:
    """The explanation, and once it is over what came in and what is said of it."""
    row = Period.objects.filter(release=release).first()
    published = results.of(item.pk)
    return {
        "explanation": explanation,
        "counts": opinions.counts_of(item) if ended and row and row.online else None,
        "results": [{"title": each.title, "url": lists.item_url(each)} for each in published],
        "due": results.due_words(row.result_due)
        if row and row.result_due and ended and not published
        else "",
        "overdue": bool(row and row.result_due and not published and clock.today() > row.result_due),
    }


def show_result(item: Item, release: Release, content: Content, picture: Picture) -> Shown:
    """Of what an item is the result."""
    about = results.about(content["more"])
    if about is None or about.state != Item.State.PUBLIC:
        return Shown()
    facts = ({"label": _("Result of"), "value": about.title, "url": lists.item_url(about), "wide": True},)
    return Shown(facts=facts)


def board() -> list[Page]:
    """The board of taking part: what is open now with its last day, then what is over with its result or its lack."""
    today = clock.today()
    rows = Period.objects.filter(item__live=F("release"), item__state="public").select_related("item__agency")
    running = list(rows.filter(ends__gte=today).order_by("ends", "pk")[:OPEN_SHOWN])
    over = list(rows.filter(ends__lt=today).order_by("-ends", "-pk")[:OVER_SHOWN])
    with translation.override(rendering.LANGUAGE):
        page = rendering.page(
            "portal/participation/board.html",
            groups=[
                {
                    "id": "open",
                    "label": _("Open now"),
                    "items": [_row(row) for row in running],
                    "empty": _("Nothing is open for opinions or objections now"),
                },
                {"id": "over", "label": _("Over"), "items": [_row(row) for row in over], "empty": ""},
            ],
            section="participation",
            breadcrumb=[{"label": pgettext("portal navigation", "Take part")}],
        )
    return [(BOARD, page)]


def _row(row: Period) -> dict[str, Any]:
    item = row.item
    found = notices.mark(item)
    over = clock.today() > row.ends
    published = results.of(item.pk) if over else []
    counts = opinions.counts_of(item) if over and row.online else None
    return {
        "title": item.title,
        "url": lists.item_url(item),
        "agency": item.agency.name,
        "mark": {"code": found[0], "label": found[1]} if found else None,
        "period": notices.period_words(row.begins, row.ends),
        "left": (row.ends - clock.today()).days if not over and clock.today() >= row.begins else None,
        "form": form_url(item) if opinions.open_period(item) else "",
        "hearing": item.variety == notices.HEARING,
        "counts": counts,
        "results": [{"title": each.title, "url": lists.item_url(each)} for each in published],
        "owed": notices.day_words(row.result_due) if over and row.result_due and not published else "",
        "overdue": bool(over and row.result_due and not published and clock.today() > row.result_due),
    }


BOARDS = (Standing("participation", board),)


def _beside(item: UUID | None) -> Iterable[Standing]:
    """The board is written anew for what stands on it, or ever stood."""
    if item is None:
        return BOARDS
    told = ParticipationResult.objects.filter(item=item).exists()
    return BOARDS if told or Period.objects.filter(item=item).exists() else ()


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    for code in notices.WITH_PERIOD:
        varieties.register(code, show)
    varieties.register(results.RESULT, show_result)
    varieties.relate(results.connected)
    varieties.beside(_beside)
