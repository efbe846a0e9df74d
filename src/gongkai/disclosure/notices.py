"""Notices with an end date (公示), solicitations of opinions (征求意见), hearings (听证): types of items with a period.

Both texts and the day are one frozen content, reviewed together. What the public reads on a day follows from that
content and the clock alone: until the last day is over the first text, from then on the second, or none (rulebook 6.4:
公示期满撤下或者去标识化). The sweeper brings the pages there; it decides nothing.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_prose_editor.fields import ProseEditorFormField

from gongkai.agencies import calendars
from gongkai.agencies.policy import Refused
from gongkai.disclosure import body, varieties
from gongkai.disclosure import content as contents
from gongkai.disclosure.forms import BLANK, EXTENSIONS
from gongkai.disclosure.models import Item, Period, PeriodWatch
from gongkai.disclosure.varieties import PREFIX, More, Variety
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review import drafts
from gongkai.review.models import Draft
from gongkai.review.subjects import Problem
from gongkai.rulebook import postings
from gongkai.rulebook.calendar import CalendarError

NOTICE, SOLICITATION, HEARING = "notice", "solicitation", "hearing"
WITH_PERIOD = (NOTICE, SOLICITATION, HEARING)
# Those of which the public is owed a result.
WITH_RESULT = (SOLICITATION, HEARING)
KEEP, REPLACE, CLEAR = "keep", "replace", "clear"
AT_END = {
    REPLACE: gettext_lazy("the second text takes the place of the first"),
    CLEAR: gettext_lazy("text and attachments go; a line says that the period is over"),
    KEEP: gettext_lazy("the text stays, marked as over"),
}
COMING, OPEN, ENDED = "coming", "open", "ended"
LONGEST_PERIOD = timedelta(days=366)
LONGEST = {"how": 500, "contact": 200, "after_summary": 1000, "shorter": 300, "held": 200}
CLEARED = "公示期已满，公示内容不再显示。"


def begins(more: More) -> date | None:
    return contents.day(str(more.get("begins", "")))


def ends(more: More) -> date | None:
    return contents.day(str(more.get("ends", "")))


def phase(more: More, today: date | None = None) -> str:
    """coming, open or ended: the last day counts in full, until 24:00."""
    day, first, last = today or clock.today(), begins(more), ends(more)
    if last is not None and day > last:
        return ENDED
    return COMING if first is not None and day < first else OPEN


def days_left(more: More) -> int | None:
    """Calendar days until the last day; 0 on it, None once it is over or unknown."""
    last = ends(more)
    left = (last - clock.today()).days if last else -1
    return left if left >= 0 else None


def now(content: dict[str, Any]) -> dict[str, Any]:
    """What of a released notice the public may read today: the first text until the last day is over, then what
    stands instead of it; the second text never before."""
    more = dict(content.get("more") or {})
    after, summary = more.pop("after", ""), more.pop("after_summary", "")
    dropped = {file["digest"] for file in more.pop("drops", None) or ()}
    if phase(more) != ENDED:
        return content | {"more": more}
    files = [file for file in content["attachments"] if file["digest"] not in dropped]
    at_end = more.get("at_end")
    if at_end == KEEP:
        return content | {"more": more, "attachments": files}
    more["explanation"] = ""
    if at_end == REPLACE:
        return content | {"more": more, "body": after, "summary": summary, "attachments": files}
    # Whatever is not understood is taken down rather than left standing.
    return content | {"more": more, "body": "", "summary": CLEARED, "attachments": []}


def until(content: Mapping[str, Any]) -> datetime | None:
    """The midnight at which the first text goes; None where it stays, or is gone."""
    more = content.get("more") or {}
    last = ends(more)
    if last is None or phase(more) == ENDED or (more.get("at_end") == KEEP and not more.get("drops")):
        return None
    return datetime.combine(last + timedelta(days=1), time.min, timezone.get_default_timezone())


def _day(label: object, words: object = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=words,
    )


def _prose(label: object, words: object = "") -> ProseEditorFormField:
    return ProseEditorFormField(
        label=label, required=False, config={"extensions": EXTENSIONS}, preset="configurable", help_text=words
    )


def _files(item: Item) -> list[tuple[str, str]]:
    draft = drafts.draft_of(contents.KIND, item.pk)
    chosen = [str(pk) for pk in draft.content.get("attachments", [])] if draft else []
    names = {
        str(row.pk): row.name
        for row in Attachment.objects.filter(owner_kind=contents.KIND, owner_id=item.pk, pk__in=chosen)
    }
    return [(pk, names[pk]) for pk in chosen if pk in names]


def _kinds(of: str) -> list[tuple[str, str]]:
    words = {True: "{label}（{term}）", False: "{label}"}
    return BLANK + [
        (kind.key, words[bool(kind.term)].format(label=kind.label, term=kind.term))
        for kind in postings.KINDS.values()
        if kind.of == of
    ]


def _fields(of: str) -> Any:
    def fields(item: Item) -> Mapping[str, forms.Field]:
        made: dict[str, forms.Field] = {
            "posting": forms.ChoiceField(
                label=gettext_lazy("Kind of notice"), choices=_kinds(of), required=False
            ),
            "begins": _day(
                gettext_lazy("First day"), gettext_lazy("Not before the day on which it is published.")
            ),
            "ends": _day(
                gettext_lazy("Last day"),
                gettext_lazy("Counts in full; the page changes by itself when it is over, at 24:00."),
            ),
        }
        if of == SOLICITATION:
            made["shorter"] = forms.CharField(
                label=gettext_lazy("Why the term is shorter"), max_length=LONGEST["shorter"], required=False,
                help_text=gettext_lazy("Only where the law allows a shorter term with its reason; the page shows it."),
            )  # fmt: skip
            made["explanation"] = _prose(gettext_lazy("Explanation of the draft"))
        if of == HEARING:
            made["held"] = forms.CharField(
                label=gettext_lazy("Time and place of the hearing"),
                max_length=LONGEST["held"],
                required=False,
            )
        made |= {
            "how": forms.CharField(
                label=gettext_lazy("How to object or take part"), required=False, max_length=LONGEST["how"],
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=gettext_lazy("In which form, with what, to whom."),
            ),
            "contact": forms.CharField(
                label=gettext_lazy("Contact, telephone and address"), required=False, max_length=LONGEST["contact"]
            ),
            "online": forms.BooleanField(
                label=gettext_lazy("Take registrations through this site") if of == HEARING
                else gettext_lazy("Take opinions through this site"),
                required=False, initial=True,
            ),
            "named": forms.BooleanField(
                label=gettext_lazy("A name is required"), required=False, initial=of == HEARING,
                help_text=gettext_lazy("Else a name may be given or not."),
            ),
            "at_end": forms.ChoiceField(
                label=gettext_lazy("When the last day is over"), choices=[("", "—"), *AT_END.items()],
                required=False, initial="" if of == NOTICE else KEEP,
            ),
            "after": _prose(
                gettext_lazy("Second text"),
                gettext_lazy("Stands in the place of the text from the day after the last day; nobody reads it before."),
            ),
            "after_summary": forms.CharField(
                label=gettext_lazy("Summary of the second text"), required=False, max_length=LONGEST["after_summary"],
                widget=forms.Textarea(attrs={"rows": 2}),
            ),
        }  # fmt: skip
        if files := _files(item):
            made["drops"] = forms.MultipleChoiceField(
                label=gettext_lazy("Attachments that go when it is over"), choices=files, required=False,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        for name in ("posting", "begins", "ends", "how", "contact", "at_end"):
            made[name].needed = True
        return made

    return fields


def _problems(more: More, draft: Draft) -> list[Problem]:
    """Whether the period is one, keeps the least term of its kind, and what stands afterwards is there."""
    found: list[Problem] = []

    def need(field: str, message: str, wrong: bool) -> None:
        if wrong:
            found.append(Problem(PREFIX + field, message))

    first, last = begins(more), ends(more)
    kind = postings.KINDS.get(str(more.get("posting", "")))
    public = Item.objects.filter(pk=draft.subject_id, released_at__isnull=False).exists()
    need("posting", _("Choose the kind of notice: the least term depends on it."), kind is None)
    need("begins", _("Give the first day."), first is None)
    need("ends", _("Give the last day."), last is None)
    if first and last:
        need("ends", _("The last day lies before the first."), last < first)
        need("ends", _("A period is at most a year long."), last - first > LONGEST_PERIOD)
        need(
            "begins",
            _("The first day lies in the past: a notice begins at the earliest when it is published."),
            not public and first < clock.today(),
        )
        if kind:
            need("ends", _too_short(kind, first, last), not _long_enough(kind, more, first, last))
    at_end = more.get("at_end")
    need("at_end", _("Choose what stands when the last day is over."), at_end not in AT_END)
    if at_end == REPLACE:
        need("after", _("Write the second text."), not body.text_lines(str(more.get("after", ""))))
        need(
            "after_summary",
            _("Give the summary of the second text: lists and search show it then."),
            not str(more.get("after_summary", "")).strip(),
        )
    need("how", _("Say how one objects or takes part."), not str(more.get("how", "")).strip())
    need(
        "contact",
        _("Give contact, telephone and address for objections."),
        not str(more.get("contact", "")).strip(),
    )
    if str(draft.content.get("variety")) == HEARING:
        need("held", _("Give time and place of the hearing."), not str(more.get("held", "")).strip())
    for field, length in LONGEST.items():
        need(
            field,
            _("Shorten this to %(n)d characters.") % {"n": length},
            len(str(more.get(field, ""))) > length,
        )
    return found


def _long_enough(kind: postings.PostingKind, more: More, first: date, last: date) -> bool:
    if not kind.binding or (kind.explained and str(more.get("shorter", "")).strip()):
        return True
    try:
        return last >= kind.earliest_end(first, calendars.current())
    except CalendarError:
        return False


def _too_short(kind: postings.PostingKind, first: date, last: date) -> str:
    try:
        earliest = kind.earliest_end(first, calendars.current()).isoformat()
    except CalendarError:
        earliest = "—"
    words = _("%(kind)s: %(term)s (%(law)s). From %(first)s the last day is %(earliest)s or later.")
    said = {"kind": kind.label, "term": kind.term, "law": kind.law, "first": first, "earliest": earliest}
    return (words % said) + (_(" A shorter term needs its reason.") if kind.explained else "")


def _metadata(more: More) -> list[tuple[str, str]]:
    kind = postings.KINDS.get(str(more.get("posting", "")))
    first, last = begins(more), ends(more)
    drops = "、".join(str(file["name"]) for file in more.get("drops") or () if isinstance(file, dict))
    rows = [
        (_("kind of notice"), kind.label if kind else ""),
        (_("period"), f"{period_words(first, last)}" if first and last else ""),
        (_("least term"), f"{kind.term}（{kind.law}）" if kind and kind.term else ""),
        (_("why the term is shorter"), str(more.get("shorter", ""))),
        (_("time and place of the hearing"), str(more.get("held", ""))),
        (_("how to object or take part"), str(more.get("how", ""))),
        (_("contact"), str(more.get("contact", ""))),
        (_("opinions through the site"), _("yes") if more.get("online") else _("no")),
        (_("a name is required"), _("yes") if more.get("named") else _("no")),
        (_("when the last day is over"), str(AT_END.get(str(more.get("at_end", "")), ""))),
        (_("summary of the second text"), str(more.get("after_summary", ""))),
        (_("attachments that go when it is over"), drops),
    ]
    return [(label, value) for label, value in rows if value]


# What lists and pages call the three phases of each type.
PHASE_WORDS = {
    NOTICE: {COMING: "公示未开始", OPEN: "公示中", ENDED: "公示期满"},
    SOLICITATION: {COMING: "征集未开始", OPEN: "征集中", ENDED: "征集结束"},
    HEARING: {COMING: "报名未开始", OPEN: "报名中", ENDED: "报名截止"},
}
_MARKS = {COMING: "none", OPEN: "in_force", ENDED: "expired"}


def mark(item: Item) -> tuple[str, str] | None:
    """(code, label) of the phase in which a public item stands today, for lists; None for any other item."""
    if item.variety not in WITH_PERIOD or item.live_id is None:
        return None
    row = Period.objects.filter(release_id=item.live_id).values("begins", "ends").first()
    if row is None:
        return None
    return phase_mark(item.variety, phase({name: day.isoformat() for name, day in row.items()}))


def phase_mark(variety: str, found: str) -> tuple[str, str]:
    """(code, label) of a phase."""
    return _MARKS[found], PHASE_WORDS[variety][found]


WEEKDAYS = "一二三四五六日"


def day_words(day: date) -> str:
    """2021年3月1日（星期一）"""
    return f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def period_words(first: date, last: date) -> str:
    return f"{day_words(first)}至{day_words(last)}"


def entered(item: Item, content: Mapping[str, Any]) -> None:
    """Enter the period of a release. Raises Refused where the text was approved too late for its own days.

    A first release after the first day would cut the term short; nobody may shorten it by waiting.
    """
    more = content["more"]
    first, last = begins(more), ends(more)
    kind = postings.KINDS.get(str(more.get("posting", "")))
    if first is None or last is None or kind is None or item.live is None:
        raise Refused(_("A notice needs its kind, its first and its last day."))
    today = clock.today()
    if item.released_at == item.live.released_at:
        if today > last:
            raise Refused(_("The last day is over already: return the text and set new days."))
        if today > first and not _long_enough(kind, more, today, last):
            raise Refused(_too_short(kind, today, last) + _(" Return the text and set new days."), kind.law)
    owed = item.variety in WITH_RESULT
    row = Period.objects.create(
        item=item,
        release=item.live,
        agency=item.agency,
        variety=item.variety,
        posting=kind.key,
        begins=first,
        ends=last,
        online=bool(more.get("online")),
        result_due=postings.result_due(last) if owed else None,
        at=clock.now(),
    )
    chain.record(
        "notice.period",
        chain.SWEEPER,
        agency=item.agency_id,
        subject=(contents.KIND, item.pk),
        covers=[row],
        begins=first.isoformat(),
        ends=last.isoformat(),
    )
    if today <= last:
        PeriodWatch.objects.update_or_create(item=item, defaults={"period": row, "on": today})
    else:
        PeriodWatch.objects.filter(item=item).delete()


TEXTS = {
    "how": "异议或参与方式",
    "contact": "联系方式",
    "shorter": "缩短期限的理由",
    "held": "听证时间和地点",
    "after_summary": "期满后的内容概述",
}
AFTER = "期满后的正文（截止日次日零时起替换正文）"


def _variety(code: str, label: object, words: object) -> Variety:
    return Variety(
        code,
        label,
        words,
        fields=_fields(code),
        texts=TEXTS,
        bodies={"explanation": "起草说明", "after": AFTER} if code == SOLICITATION else {"after": AFTER},
        files=("drops",),
        problems=_problems,
        metadata=_metadata,
        entered=entered,
        now=now,
        until=until,
    )


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    varieties.register(
        _variety(
            NOTICE,
            gettext_lazy("Notice with an end date"),
            gettext_lazy("public for a set period, with the way to object"),
        )
    )
    varieties.register(
        _variety(
            SOLICITATION,
            gettext_lazy("Solicitation of opinions"),
            gettext_lazy("a draft on which the public is asked"),
        )
    )
    varieties.register(
        _variety(
            HEARING,
            gettext_lazy("Hearing"),
            gettext_lazy("announced with time and place; one registers to take part"),
        )
    )
