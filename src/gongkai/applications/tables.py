"""Lists of the room: the ledger of applications, and the letters."""

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.deadlines import deadline_cell
from gongkai.agencies.pages import Filters, YearFilter
from gongkai.agencies.pages import kind as looks
from gongkai.applications.models import OPEN_STATES, Application, Letter
from gongkai.applications.wording import TEMPLATES
from gongkai.rulebook.letters import LETTER_KINDS


class CaseTable(tables.Table):
    """The applications of the agencies the reader may see; nothing personal stands in a list."""

    number = tables.Column(attrs=looks("main"))
    received_on = tables.Column(attrs=looks("date"))
    due_on = tables.Column(attrs=looks("date"))
    answered_on = tables.Column(attrs=looks("date"))

    class Meta:
        model = Application
        fields = (
            "number",
            "agency",
            "channel",
            "applicant_kind",
            "received_on",
            "due_on",
            "state",
            "outcome",
            "answered_on",
        )
        order_by = ("-number",)

    def render_number(self, record: Application) -> dict[str, Any]:
        return {"text": record.number, "url": reverse("applications:case", args=[record.pk])}

    def value_number(self, record: Application) -> str:
        return record.number

    def render_received_on(self, value: date) -> date:
        return value

    def render_answered_on(self, value: date) -> date:
        return value

    def render_due_on(self, value: date, record: Application) -> Any:
        return deadline_cell(value, done=record.answered_on is not None, provisional=record.provisional)

    def value_due_on(self, value: date) -> date:
        return value


class CaseFilters(Filters):
    """By number, state, channel, applicant, outcome and the years that the report counts."""

    q = django_filters.CharFilter(field_name="number", lookup_expr="icontains", label=_("Number contains"))
    open = django_filters.BooleanFilter(method="only_open", label=_("Not yet closed"))
    received = YearFilter(field_name="received_on", label=_("Received in year"))
    answered = YearFilter(field_name="answered_on", label=_("Answered in year"))

    class Meta:
        model = Application
        fields = ("q", "open", "state", "channel", "applicant_kind", "outcome", "received", "answered")

    def only_open(self, rows: Any, name: str, value: bool) -> Any:
        if value:
            # No open case is answered; said so that the index of the unanswered ones serves.
            return rows.filter(state__in=OPEN_STATES, answered_on__isnull=True)
        return rows.exclude(state__in=OPEN_STATES)


class LetterTable(tables.Table):
    """The letters of the agencies the reader may see."""

    kind = tables.Column(verbose_name=_("letter"), attrs=looks("main"))
    number = tables.Column(verbose_name=_("document number"))
    case = tables.Column(verbose_name=_("application"), accessor="application__number")
    dated = tables.Column(verbose_name=_("dated"), attrs=looks("date"))
    sent = tables.Column(verbose_name=_("sent"), accessor="sent_on", attrs=looks("date"))

    class Meta:
        model = Letter
        fields = ("kind", "number", "case", "dated", "sent")
        order_by = ("-created_at",)

    def render_kind(self, record: Letter) -> dict[str, Any]:
        return {"text": TEMPLATES[record.kind].title, "url": reverse("applications:letter", args=[record.pk])}

    def value_kind(self, record: Letter) -> str:
        return TEMPLATES[record.kind].title

    def render_number(self, record: Letter) -> Any:
        """A number once given stays in its series; of a letter given up it is void (作废)."""
        return {"text": record.number, "note": _("void")} if record.dropped else record.number

    def value_number(self, record: Letter) -> str:
        return f"{record.number}（作废）" if record.dropped else record.number

    def render_dated(self, value: date) -> date:
        return value

    def render_sent(self, value: date) -> date:
        return value


class LetterFilters(Filters):
    """By number, kind, and whether the letter went out."""

    q = django_filters.CharFilter(field_name="number", lookup_expr="icontains", label=_("Number contains"))
    kind = django_filters.ChoiceFilter(
        choices=[(number, LETTER_KINDS[number].title) for number in TEMPLATES], label=_("Letter")
    )
    sent = django_filters.BooleanFilter(method="only_sent", label=_("Sent"))

    class Meta:
        model = Letter
        fields = ("q", "kind", "sent")

    def only_sent(self, rows: Any, name: str, value: bool) -> Any:
        """Sent; or still to be sent: what was given up is neither."""
        return (
            rows.filter(sent_on__isnull=False) if value else rows.filter(sent_on__isnull=True, dropped=False)
        )
