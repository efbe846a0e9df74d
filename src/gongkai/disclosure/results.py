"""What came of a solicitation, a hearing or a notice: an item of its own, drafted from the counts, reviewed by the three.

The result names its subject and stands on its page; both ways follow from what is released.
"""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.disclosure import content as contents
from gongkai.disclosure import items, notices, opinions, varieties
from gongkai.disclosure.models import Item, ParticipationResult, Period
from gongkai.disclosure.notice_models import Outcome
from gongkai.disclosure.varieties import PREFIX, More, Variety
from gongkai.journal import chain, clock
from gongkai.review.models import Draft
from gongkai.review.subjects import Problem
from gongkai.rulebook import postings

RESULT = "result"
HEADINGS = {
    Outcome.ADOPTED: "一、采纳的意见",
    Outcome.PARTLY: "二、部分采纳的意见",
    Outcome.DECLINED: "三、未采纳的意见及理由",
    Outcome.NOTED: "四、与文稿无直接关系、已转有关单位的意见",
}
# So many different reasons of an outcome are written into the draft; the handler sums up the rest.
REASONS = 50
OFFERED = 200


def subjects(agency: Agency) -> QuerySet[Item]:
    """What a result of this agency may be about: its public notices, solicitations and hearings, the newest first."""
    rows = Item.objects.filter(agency=agency, state=Item.State.PUBLIC, variety__in=notices.WITH_PERIOD)
    return rows.order_by("-released_at")


def _fields(item: Item) -> Mapping[str, forms.Field]:
    offered = [(str(row.pk), row.title) for row in subjects(item.agency)[:OFFERED]]
    made = forms.ChoiceField(
        label=gettext_lazy("Result of"), choices=[("", "—"), *offered], required=False,
        help_text=gettext_lazy("The notice, solicitation or hearing; each page leads to the other."),
    )  # fmt: skip
    made.needed = True
    return {"about": made}


def about(more: More) -> Item | None:
    try:
        pk = UUID(str(more.get("about", "")))
    except ValueError:
        return None
    return Item.objects.filter(pk=pk, variety__in=notices.WITH_PERIOD).select_related("agency").first()


def _problems(more: More, draft: Draft) -> list[Problem]:
    found = about(more)
    if found is None or found.agency_id != draft.agency_id:
        return [Problem(f"{PREFIX}about", _("Choose of what this is the result."))]
    return []


def _metadata(more: More) -> list[tuple[str, str]]:
    found = about(more)
    return [(_("result of"), found.title if found else "")]


def _entered(item: Item, content: Mapping[str, Any]) -> None:
    found = about(content["more"])
    if found is None or item.live is None:
        raise Refused(_("Choose of what this is the result."))
    row = ParticipationResult.objects.create(item=item, about=found, release=item.live, at=clock.now())
    chain.record(
        "notice.result",
        chain.SWEEPER,
        agency=item.agency_id,
        subject=(contents.KIND, item.pk),
        covers=[row],
        about=str(found.pk),
    )


def of(item_id: UUID) -> list[Item]:
    """The public results of an item, the oldest first."""
    live = ParticipationResult.objects.filter(about=item_id, item__state="public", release=F("item__live"))
    return [row.item for row in live.select_related("item__agency").order_by("pk")]


def subject_of(item_id: UUID) -> Item | None:
    """Of what a released item is the result."""
    row = (
        ParticipationResult.objects.filter(item=item_id, release=F("item__live"))
        .select_related("about")
        .first()
    )
    return row.about if row else None


def connected(item_id: UUID) -> list[UUID]:
    """The items whose pages show this one: its subject, whatever release named it, and its results."""
    rows = ParticipationResult.objects
    return [
        *rows.filter(item=item_id).values_list("about_id", flat=True),
        *rows.filter(about=item_id).values_list("item_id", flat=True),
    ]


def owed(agencies: Any) -> QuerySet[Period]:
    """Periods that are over, of a public text, whose result is owed and not public yet; the first due first."""
    published = ParticipationResult.objects.filter(
        about=OuterRef("item"), item__state="public", release=F("item__live")
    )
    rows = Period.objects.filter(
        agency__in=agencies,
        result_due__isnull=False,
        ends__lt=clock.today(),
        item__state="public",
        item__live=F("release"),
    )
    rows = rows.exclude(Exists(published))
    return rows.select_related("item", "agency").order_by("result_due")


def draft(actor: Actor, item: Item) -> Item:
    """A new item with the draft of the result: how many opinions came, what became of them, the reasons by outcome.

    Raises Refused while opinions wait for an answer, or before the last day is over.
    """
    require(actor, "item.draft", item.agency)
    period = Period.objects.filter(release_id=item.live_id).first() if item.live_id else None
    if period is None:
        raise Refused(_("This text is not public, or no opinions are taken on it."))
    if clock.today() <= period.ends:
        raise Refused(_("Opinions are still being taken; the result is drafted when the last day is over."))
    counts = opinions.counts_of(item)
    if counts.waiting:
        raise Refused(
            _("%(n)d opinions wait for an answer: answer them first, so that the result is complete.")
            % {"n": counts.waiting}
        )
    content = opinions.live_content(item) or {}
    begun, _draft = items.begin(
        actor,
        item.agency,
        {
            "title": _title(item),
            "summary": _summary(item, period, counts),
            "body": _body(item, period, counts),
            "attribute": contents.PROACTIVE,
            "column": content.get("column", ""),
            "theme": content.get("theme", ""),
            "formed_on": clock.today().isoformat(),
            "variety": RESULT,
            "more": {"about": str(item.pk)},
        },
    )
    return begun


def _title(item: Item) -> str:
    what = {notices.HEARING: "听证情况", notices.NOTICE: "公示结果"}.get(item.variety, "公开征求意见情况")
    return f"关于“{item.title}”{what}的说明"[:300]


def _summary(item: Item, period: Period, counts: opinions.Counts) -> str:
    return f"{notices.period_words(period.begins, period.ends)}，共收到{_noun(item)}{counts.total}条。{_tally(counts)}"


def _noun(item: Item) -> str:
    return "报名和意见" if item.variety == notices.HEARING else "意见"


def _tally(counts: opinions.Counts) -> str:
    if not counts.total:
        return ""
    return (
        f"其中采纳{counts.adopted}条，部分采纳{counts.partly}条，未采纳{counts.declined}条，"
        f"与文稿无直接关系、已转有关单位{counts.noted}条。"
    )


def _body(item: Item, period: Period, counts: opinions.Counts) -> str:
    """The draft's text. The reasons are those the handlers wrote; no opinion is quoted."""
    lines = [
        f"<p>我单位于{notices.period_words(period.begins, period.ends)}就“{escape(item.title)}”"
        f"公开征求意见。其间共收到{_noun(item)}{counts.total}条。{_tally(counts)}现将有关情况说明如下。</p>"
    ]
    if not counts.total:
        lines.append("<p>未收到修改意见。</p>")
    told = opinions.reasons(item)
    for outcome, heading in HEADINGS.items():
        rows = [(reason, n) for found, reason, n in told if found == outcome]
        if rows:
            lines.append(f"<h2>{heading}</h2><ol>")
            lines += [f"<li><p>{escape(reason)}（{n}条）</p></li>" for reason, n in rows[:REASONS]]
            lines.append("</ol>")
    return "".join(lines)


def due_words(due: date) -> str:
    return f"{notices.day_words(due)}前公布结果（{postings.RESULT_LAW}）"


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    varieties.register(
        Variety(
            RESULT,
            gettext_lazy("Result of a solicitation, hearing or notice"),
            gettext_lazy("what came of it, in numbers and reasons"),
            fields=_fields,
            problems=_problems,
            metadata=_metadata,
            entered=_entered,
        )
    )
