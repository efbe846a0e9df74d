"""The ledger of applications as a list: its columns and its filters."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gongkai.agencies.deadlines import light, remaining
from gongkai.agencies.models import Agency, Appointment, Person
from gongkai.agencies.pages import kind as looks
from gongkai.agencies.policy import effective
from gongkai.applications import assigning, figures, ledger
from gongkai.applications.models import Application, Matter, SubReason
from gongkai.applications.tables import CaseFilters, CaseTable
from gongkai.journal import clock
from gongkai.rulebook.report_form import APPLICANT_COLUMNS, APPLICATION_ROWS


class LedgerTable(CaseTable):
    """The ledger: each case of `ledger.with_steps` with its handler, its next step and the working days left."""

    left = tables.Column(
        verbose_name=_("working days left"), accessor="due_on", order_by="due_on", attrs=looks("date")
    )
    handler = tables.Column(verbose_name=_("handler"), accessor="handler__name", empty_values=())
    step = tables.Column(verbose_name=_("next step"), orderable=False, empty_values=(), attrs=looks("words"))

    class Meta:
        model = Application
        fields = (
            "number", "agency", "received_on", "due_on", "left", "handler", "step", "state", "outcome",
            "answered_on", "channel", "applicant_kind", "matter",
        )  # fmt: skip
        order_by = ("-number",)

    def render_number(self, record: Application) -> dict[str, Any]:
        url = reverse("applications:case", args=[record.pk])
        return {"text": record.number, "url": url, "note": _note(record)}

    def render_due_on(self, value: date, record: Application) -> Any:
        return {"text": value, "note": gettext("provisional") if record.provisional else ""}

    def render_left(self, value: date, record: Application) -> Any:
        if record.answered_on is not None:
            return ""
        left = remaining(value)
        return {"deadline": {"due": None, "remaining": left, "state": light(left)}}

    def value_left(self, value: date | None, record: Application) -> Any:
        """A number, so that the file can be sorted by it."""
        return "" if record.answered_on is not None else remaining(value)

    def render_handler(self, record: Application) -> str:
        return record.handler.name if record.handler else "—"

    def value_handler(self, record: Application) -> str:
        return record.handler.name if record.handler else ""

    def render_outcome(self, record: Application) -> dict[str, Any]:
        day = record.answered_on.isoformat() if record.answered_on else ""
        return {"text": record.get_outcome_display(), "note": day}

    def value_outcome(self, record: Application) -> str:
        return record.get_outcome_display()

    def render_step(self, record: Application) -> str:
        return ledger.next_step(record)


def _note(record: Application) -> str:
    """Beneath the number: what the case is, where it is no plain application."""
    words = [] if record.matter == Matter.INFORMATION else [record.get_matter_display()]
    if record.origin_id is not None and record.matter == Matter.INFORMATION:
        words.append(gettext("split off from another application"))
    return "，".join(str(word) for word in words)


DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TERMS = {
    "overdue": (ledger.overdue, _("overdue")),
    "week": (ledger.this_week, _("due this week")),
}
# The filters by the day of receipt, and by that of the answer.
_OF_RECEIPT = ("received", "received_from", "received_to")
_OF_ANSWER = ("answered", "answered_from", "answered_to")
# So many handlers are offered by name; the address may name any.
OFFERED = 200


class LedgerFilters(CaseFilters):
    """By whose they are, what is due, what they are and what became of them; and the cases that a figure counts.

    cell: a cell of table three, as "2021.r3_1.natural_person"; under: an agency with all below it; both, and the days
    from which and to which, are what figures lead here with. `agencies` are those of the list.
    """

    more = (
        "matter", "joint", "channel", "applicant_kind", "outcome", "sub_reason", "late", "received", "answered",
        "received_from", "received_to", "answered_from", "answered_to", "open_on",
    )  # fmt: skip

    agency = django_filters.ModelChoiceFilter(
        queryset=lambda request: Agency.objects.none(), label=_("Agency")
    )
    q = django_filters.CharFilter(method="by_number", label=_("Number contains"))
    handler = django_filters.ChoiceFilter(method="by_handler", label=_("handler"))
    term = django_filters.ChoiceFilter(
        method="by_term", choices=[(key, label) for key, (_q, label) in TERMS.items()], label=_("Term")
    )
    within = django_filters.NumberFilter(
        method="by_days", min_value=0, max_value=60, label=_("Due within working days")
    )
    joint = django_filters.ChoiceFilter(
        method="by_joint",
        choices=[(key, label) for key, (_q, label) in ledger.JOINT.items()],
        label=_("Split or joined"),
    )
    sub_reason = django_filters.ChoiceFilter(label=_("Sub-reason"))
    late = django_filters.BooleanFilter(method="only_late", label=_("Answered late"))
    received_from = django_filters.DateFilter("received_on", "gte", label=_("Received from"), widget=DAY)
    received_to = django_filters.DateFilter("received_on", "lte", label=_("Received to"), widget=DAY)
    answered_from = django_filters.DateFilter("answered_on", "gte", label=_("Answered from"), widget=DAY)
    answered_to = django_filters.DateFilter("answered_on", "lte", label=_("Answered to"), widget=DAY)
    open_on = django_filters.DateFilter(method="was_open", label=_("Unanswered at the end of"), widget=DAY)
    cell = django_filters.CharFilter(method="by_cell", widget=forms.HiddenInput)
    under = django_filters.UUIDFilter(method="by_subtree", widget=forms.HiddenInput)

    class Meta:
        model = Application
        fields = (
            "q", "agency", "handler", "term", "within", "open", "state", "matter", "joint", "channel",
            "applicant_kind", "outcome", "sub_reason", "late", "received", "answered", "received_from",
            "received_to", "answered_from", "answered_to", "open_on", "cell", "under",
        )  # fmt: skip

    def __init__(self, *args: Any, agencies: Any, me: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me = me
        seats = list(agencies[:2])
        if len(seats) == 1:
            del self.filters["agency"]
        else:
            self.filters["agency"].queryset = agencies
        # Numbers of many agencies are looked up along their index; those of one are searched for a part.
        self.by_beginning = len(seats) > 1 and not (self.data or {}).get("agency")
        if self.by_beginning:
            self.filters["q"].label = _("Number begins with")
        self.filters["handler"].extra["choices"] = self._handlers(agencies)
        reasons = SubReason.objects.values_list("key", "label")
        self.filters["sub_reason"].extra["choices"] = list(reasons)

    def _handlers(self, agencies: Any) -> list[tuple[str, object]]:
        held = Appointment.objects.filter(
            effective(clock.today()), agency__in=agencies, role__in=assigning.SEATS
        ).values("person")
        people = dict(Person.objects.filter(pk__in=held).order_by("name").values_list("pk", "name")[:OFFERED])
        asked = _uuid((self.data or {}).get("handler", ""))
        if asked and asked not in people:
            # Named by a figure: somebody who handles cases here no more.
            people |= dict(Person.objects.filter(pk=asked).values_list("pk", "name"))
        return [
            (ledger.MINE, _("mine")),
            (ledger.NOBODY, _("handed over to nobody")),
            *((str(pk), name) for pk, name in people.items()),
        ]

    def by_number(self, rows: Any, name: str, value: str) -> Any:
        if self.by_beginning:
            return rows.filter(number__gte=value, number__lt=f"{value}\U0010ffff")
        return rows.filter(number__icontains=value)

    def by_handler(self, rows: Any, name: str, value: str) -> Any:
        if value == ledger.NOBODY:
            return rows.filter(handler__isnull=True)
        return rows.filter(handler=self.me.pk if value == ledger.MINE else value)

    def by_term(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(TERMS[value][0]())

    def by_days(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(ledger.within_days(int(value)))

    def by_joint(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(ledger.JOINT[value][0])

    def only_late(self, rows: Any, name: str, value: bool) -> Any:
        return (
            rows.filter(ledger.LATE) if value else rows.filter(answered_on__isnull=False).exclude(ledger.LATE)
        )

    def was_open(self, rows: Any, name: str, value: date) -> Any:
        return rows.filter(figures.open_on(value))

    def by_cell(self, rows: Any, name: str, value: str) -> Any:
        named = cell_of(value)
        return rows.filter(figures.cell(*named)) if named else rows.none()

    def by_subtree(self, rows: Any, name: str, value: UUID) -> Any:
        top = Agency.objects.filter(pk=value).first()
        return rows.filter(agency__in=top.subtree()) if top else rows.none()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def order_of(said: Mapping[str, str]) -> tuple[str, ...]:
    """The order of a list that these filters narrow: by the day they ask about, the newest first, else by number.

    So it is read along the index of that day, however many cases of other years there are.
    """
    cell = cell_of(said.get("cell", ""))
    counted = cell[1] if cell else ""
    if counted == figures.RECEIVED or any(said.get(name) for name in _OF_RECEIPT):
        return ("-received_on", "-number")
    if counted.startswith("r3_") or any(said.get(name) for name in _OF_ANSWER):
        return ("-answered_on", "-number")
    return ("-number",)


def cell_of(text: str) -> tuple[int, str, str] | None:
    """A cell of table three as an address names it, as (year, row, column); None for no cell."""
    parts = text.split(".")
    if len(parts) != 3 or not (parts[0].isascii() and parts[0].isdigit() and len(parts[0]) == 4):
        return None
    year, row, column = int(parts[0]), parts[1], parts[2]
    known = year > 1 and row in figures.ROWS and column in figures.COLUMNS
    return (year, row, column) if known else None


def cell_words(text: str) -> str:
    """The cell in the words of the form; empty for no cell."""
    named = cell_of(text)
    if named is None:
        return ""
    year, row, column = named
    rows = {each.key: each.full_label for each in APPLICATION_ROWS}
    columns = {each.key: each.label for each in APPLICANT_COLUMNS}
    return gettext("Table three of %(year)d: %(row)s, column %(column)s.") % {
        "year": year,
        "row": rows[row],
        "column": columns[column],
    }
