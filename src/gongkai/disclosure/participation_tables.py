"""Lists of taking part: periods with what came in, and opinions with what became of them."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.deadlines import deadline_cell
from gongkai.agencies.pages import Filters, YearFilter, kind
from gongkai.disclosure import notices, varieties
from gongkai.disclosure.models import Opinion, OpinionAnswer, ParticipationResult, Period
from gongkai.disclosure.notice_models import Outcome, Stance
from gongkai.journal import clock
from gongkai.rulebook import postings

PHASES = {
    notices.COMING: _("not begun"),
    notices.OPEN: _("open now"),
    notices.ENDED: _("over"),
}


def periods() -> QuerySet[Period]:
    """The period of each text that is public now, with how many opinions came, wait, and whether a result is public."""
    said = Opinion.objects.filter(item=OuterRef("item")).order_by().values("item").annotate(n=Count("pk"))
    waiting = said.filter(~Exists(OpinionAnswer.objects.filter(opinion=OuterRef("pk"))))
    told = ParticipationResult.objects.filter(
        about=OuterRef("item"), item__state="public", release=F("item__live")
    )
    rows = Period.objects.filter(item__live=F("release"), item__state="public")
    return rows.annotate(
        came=Coalesce(Subquery(said.values("n")), 0),
        waiting=Coalesce(Subquery(waiting.values("n")), 0),
        told=Exists(told),
    )


def phase_of(row: Period) -> str:
    """coming, open or ended on this day."""
    today = clock.today()
    if today > row.ends:
        return notices.ENDED
    return notices.COMING if today < row.begins else notices.OPEN


class PeriodTable(tables.Table):
    """Notices, solicitations and hearings of the agencies the reader may see."""

    title = tables.Column(verbose_name=_("title"), accessor="item__title", attrs=kind("main"))
    begins = tables.DateColumn(attrs=kind("date"))
    ends = tables.Column(attrs=kind("date"))
    phase = tables.Column(verbose_name=_("state"), accessor="ends", orderable=False)
    came = tables.Column(verbose_name=_("opinions"), attrs=kind("number"))
    waiting = tables.Column(verbose_name=_("unanswered"), attrs=kind("number"))
    result_due = tables.Column(verbose_name=_("result due"), attrs=kind("date"))

    class Meta:
        model = Period
        fields = (
            "title", "agency", "posting", "begins", "ends", "phase", "came", "waiting", "result_due",
        )  # fmt: skip
        order_by = ("-ends",)

    def render_title(self, record: Period) -> dict[str, Any]:
        url = reverse("disclosure:participation", args=[record.item_id])
        return {"text": record.item.title, "url": url}

    def render_agency(self, record: Period) -> str:
        return record.agency.brief

    def value_agency(self, record: Period) -> str:
        return record.agency.name

    def value_title(self, record: Period) -> str:
        return record.item.title

    def render_posting(self, value: str) -> str:
        found = postings.KINDS.get(value)
        return found.label if found else value

    def render_phase(self, record: Period) -> str:
        return str(PHASES[phase_of(record)])

    def render_ends(self, record: Period) -> Any:
        return (
            deadline_cell(record.ends)
            if phase_of(record) != notices.ENDED
            else notices.day_words(record.ends)
        )

    def value_ends(self, record: Period) -> Any:
        return record.ends

    def render_result_due(self, record: Period) -> Any:
        return str(_("result public")) if record.told else deadline_cell(record.result_due)

    def value_result_due(self, record: Period) -> Any:
        return record.result_due


class PeriodFilters(Filters):
    """By words of the title, type, state, and whether the result is owed."""

    q = django_filters.CharFilter(
        field_name="item__title", lookup_expr="icontains", label=_("Title contains")
    )
    variety = django_filters.ChoiceFilter(
        choices=[(code, varieties.of({"variety": code}).label or code) for code in notices.WITH_PERIOD],
        label=_("Information type"),
    )
    phase = django_filters.ChoiceFilter(method="by_phase", choices=list(PHASES.items()), label=_("State"))
    result = django_filters.ChoiceFilter(
        method="by_result",
        choices=[("owed", _("result owed")), ("overdue", _("result overdue")), ("told", _("result public"))],
        label=_("Result"),
    )
    year = YearFilter(field_name="ends", label=_("Over in year"))

    class Meta:
        model = Period
        fields = ("q", "variety", "phase", "result", "year")

    def by_phase(self, rows: QuerySet[Period], _name: str, value: str) -> QuerySet[Period]:
        today = clock.today()
        if value == notices.ENDED:
            return rows.filter(ends__lt=today)
        if value == notices.COMING:
            return rows.filter(begins__gt=today)
        return rows.filter(begins__lte=today, ends__gte=today)

    def by_result(self, rows: QuerySet[Period], _name: str, value: str) -> QuerySet[Period]:
        today = clock.today()
        if value == "told":
            return rows.filter(told=True)
        owed = rows.filter(told=False, result_due__isnull=False, ends__lt=today)
        return owed.filter(result_due__lt=today) if value == "overdue" else owed


class OpinionTable(tables.Table):
    """Opinions of the public; nothing of a writer stands here."""

    number = tables.Column(attrs=kind("main"))
    about = tables.Column(verbose_name=_("about"), accessor="item__title")
    received_at = tables.DateTimeColumn(verbose_name=_("received on"), attrs=kind("date"))
    outcome = tables.Column(verbose_name=_("outcome"), empty_values=())
    answered_at = tables.DateTimeColumn(verbose_name=_("answered on"), attrs=kind("date"))

    class Meta:
        model = Opinion
        fields = (
            "number", "about", "agency", "channel", "stance", "named", "received_at", "outcome", "answered_at",
        )  # fmt: skip
        order_by = ("-received_at",)

    def render_number(self, record: Opinion) -> dict[str, Any]:
        return {"text": record.number, "url": reverse("disclosure:opinion", args=[record.pk])}

    def render_agency(self, record: Opinion) -> str:
        return record.agency.brief

    def value_agency(self, record: Opinion) -> str:
        return record.agency.name

    def value_number(self, record: Opinion) -> str:
        return record.number

    def render_outcome(self, record: Any) -> str:
        return str(Outcome(record.outcome).label) if record.outcome else str(_("unanswered"))


class OpinionFilters(Filters):
    """By number or title, what became of it, stance, channel and year."""

    q = django_filters.CharFilter(method="by_words", label=_("Number or title contains"))
    outcome = django_filters.ChoiceFilter(
        method="by_outcome", choices=[("none", _("unanswered")), *Outcome.choices], label=_("Outcome")
    )
    stance = django_filters.ChoiceFilter(choices=Stance.choices, label=_("Stance"))
    channel = django_filters.ChoiceFilter(choices=Opinion.Channel.choices, label=_("How it came"))
    year = YearFilter(field_name="received_on", label=_("Received in year"))

    class Meta:
        model = Opinion
        fields = ("q", "outcome", "stance", "channel", "year")

    def by_words(self, rows: QuerySet[Opinion], _name: str, value: str) -> QuerySet[Opinion]:
        return rows.filter(Q(number__icontains=value) | Q(item__title__icontains=value))

    def by_outcome(self, rows: QuerySet[Opinion], _name: str, value: str) -> QuerySet[Opinion]:
        return rows.filter(outcome=None) if value == "none" else rows.filter(outcome=value)
