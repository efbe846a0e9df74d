"""Pages of the ledger: the list of cases, the load of the handlers, table three of a year as it stands now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import exporting
from gongkai.agencies.bulk import Bulk
from gongkai.agencies.models import Agency, Appointment, Person
from gongkai.agencies.pages import EXPORTS, StaffList, actor_of, staff_only
from gongkai.agencies.policy import Actor, agencies_for, effective, require
from gongkai.applications import assigning, figures, ledger, ledger_year
from gongkai.applications.ledger_tables import DAY, LedgerFilters, LedgerTable, cell_words, order_of
from gongkai.applications.models import Application
from gongkai.journal import clock
from gongkai.rulebook.report_form import APPLICANT_COLUMNS, APPLICATION_ROWS

READ, ASSIGN = "application.read", "application.assign"
# The regulation of 2019 and its calendar begin here; the report knows no earlier cases.
FIRST_YEAR = 2019


class AssignForm(forms.Form):
    """To whom the chosen cases go, and why."""

    prefix = "assign"
    to = forms.ModelChoiceField(Person.objects.none(), label=gettext_lazy("Hand over to"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


def assign_form(data: Any, actor: Actor, agencies: QuerySet[Agency]) -> AssignForm:
    """The form with everybody who handles cases in the agencies where the actor may hand over."""
    form = AssignForm(data)
    held = Appointment.objects.filter(
        effective(clock.today()), agency__in=agencies, role__in=assigning.SEATS
    ).values("person")
    form.fields["to"].queryset = Person.objects.filter(pk__in=held).order_by("name", "username")
    return form


def hand_over(actor: Actor, case: Application, said: Mapping[str, Any], seen: str) -> None:
    """One of the chosen cases goes to the person named; see `assigning.assign`."""
    assigning.assign(actor, case, said["to"], said["reason"], seen=seen)


class Ledger(StaffList):
    """The applications of the reader's agencies."""

    model = Application
    table_class = LedgerTable
    filterset_class = LedgerFilters
    act = READ
    title = gettext_lazy("Applications")
    export_only = ("answered_on", "channel", "applicant_kind", "matter")
    bulk = (
        Bulk(
            "assign",
            gettext_lazy("Hand over to a handler"),
            ASSIGN,
            hand_over,
            assign_form,
            lambda case: str(case.handler_id or ""),
            gettext_lazy("Each case is handed over with all that is in it; an event says by whom and why."),
        ),
    )

    def get_queryset(self) -> Any:
        return ledger.with_steps(super().get_queryset())

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        more = {"agencies": self.agencies(), "me": self.actor.person}
        return super().get_filterset_kwargs(filterset_class) | more

    def get_table_kwargs(self) -> dict[str, Any]:
        return super().get_table_kwargs() | {
            "exclude": ["agency"] if len(self.seats) == 1 else [],
            "order_by": order_of(self.request.GET),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if agencies_for(self.actor, "application.register").exists():
            self.primary = {"label": _("Register an application"), "url": reverse("applications:register")}
        self.intro = self._counted_by()
        return super().get_context_data(**kwargs)

    def _counted_by(self) -> str:
        """What the figure counts that led here, in words."""
        words = cell_words(self.request.GET.get("cell", ""))
        under = self.request.GET.get("under", "")
        top = next((each for each in self.agencies() if str(each.pk) == under), None) if under else None
        if top is None:
            return words
        return words + _("All of %(agency)s and the agencies below it.") % {"agency": top.name}


def opens(**filters: Any) -> str:
    """The address of the ledger with these filters; None and "" are left out."""
    said = {name: value for name, value in filters.items() if value not in (None, "")}
    return f"{reverse('applications:list')}?{urlencode(said)}"


@dataclass(frozen=True)
class Chosen:
    """The agency a page of figures is about, alone or with all below it."""

    agency: Agency
    below: bool

    @property
    def scope(self) -> figures.Scope:
        return self.agency.subtree() if self.below else self.agency

    @property
    def filters(self) -> dict[str, str]:
        """The same cases, as the address of the ledger names them."""
        return {"under" if self.below else "agency": str(self.agency.pk)}

    @property
    def words(self) -> str:
        return _("%(agency)s and all below it") % {"agency": self.agency} if self.below else str(self.agency)


class ScopeForm(forms.Form):
    """Which agency; with all below it, where the reader oversees them."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=gettext_lazy("Agency"), required=False)
    below = forms.BooleanField(label=gettext_lazy("With all below it"), required=False)

    def __init__(self, data: Any, *, actor: Actor, act: str, **more: Any) -> None:
        super().__init__(data, **more)
        self.agencies = agencies_for(actor, act)
        self.actor = actor
        self.fields["agency"].queryset = self.agencies
        if len(self.agencies[:2]) == 1:
            del self.fields["agency"], self.fields["below"]

    @cached_property
    def chosen(self) -> Chosen:
        """What was chosen; at first the agency where the reader is appointed, a supervisor's with all below it."""
        said = self.cleaned_data if self.is_valid() else {}
        seats = [each.agency_id for each in self.actor.appointments]
        agency = said.get("agency") or self.agencies.filter(pk__in=seats).first() or self.agencies[0]
        below = bool(said.get("below")) if "agency" in self.data else True
        overseen = "below" in self.fields and self.actor.oversees(agency) and agency.children.exists()
        return Chosen(agency, below and overseen)


class PeriodForm(ScopeForm):
    """From which to which day."""

    first = forms.DateField(label=gettext_lazy("Answered from"), required=False, widget=DAY)
    last = forms.DateField(label=gettext_lazy("Answered to"), required=False, widget=DAY)

    def period(self) -> tuple[date, date]:
        """The days asked for; else the year so far. The earlier one comes first."""
        today = clock.today()
        said = self.cleaned_data if self.is_valid() else {}
        days = said.get("first") or date(today.year, 1, 1), said.get("last") or today
        return min(days), max(days)


class YearForm(ScopeForm):
    """Which year."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, required=False)

    def asked(self) -> int:
        """The year asked for, none later than this one."""
        said = self.cleaned_data.get("year") if self.is_valid() else None
        return min(said or clock.today().year, clock.today().year)


def _require(actor: Actor, act: str) -> None:
    if not agencies_for(actor, act).exists():
        require(actor, act, None)


@staff_only
def load(request: HttpRequest) -> HttpResponse:
    """What each handler has in hand now, and how punctually they answered in a period."""
    actor = actor_of(request)
    _require(actor, ledger.LOAD)
    form = PeriodForm(request.GET, actor=actor, act=ledger.LOAD)
    chosen = form.chosen
    first, last = form.period()
    also = None if chosen.below else assigning.candidates(chosen.agency)
    *rows, total = ledger.loads(chosen.scope, first, last, also)
    context = {
        "title": _("Load and punctuality"),
        "filters": form,
        "heading": chosen.words,
        "first": first,
        "last": last,
        "table": {
            "caption": _("Load of the handlers: %(where)s") % {"where": chosen.words},
            "columns": [
                {"label": label, "kind": kind, "sort": ""}
                for label, kind in (
                    (_("handler"), "main"),
                    (_("open"), "number"),
                    (_("due this week"), "number"),
                    (_("overdue now"), "number"),
                    (_("answered"), "number"),
                    (_("of these late"), "number"),
                    (_("median of working days used"), "number"),
                )
            ],
            "rows": [
                {"cells": _load_cells(row, chosen, first, last, everybody=row is total)}
                for row in (*rows, total)
            ],
        },
    }
    return render(request, "applications/ledger_load.html", context)


def _load_cells(row: ledger.Load, chosen: Chosen, first: date, last: date, *, everybody: bool) -> list[Any]:
    """A row of the table; each figure but 0 opens to its cases."""
    who = "" if everybody else str(row.person) if row.person else ledger.NOBODY
    mine = chosen.filters | {"handler": who}
    answered = mine | {"answered_from": first.isoformat(), "answered_to": last.isoformat()}
    middle = "" if row.median_days is None else f"{row.median_days:g}"
    return [
        row.name,
        _figure(row.open, **mine, open="true"),
        _figure(row.week, **mine, term="week"),
        _figure(row.overdue, **mine, term="overdue"),
        _figure(row.answered, **answered),
        _figure(row.late, **answered, late="true"),
        {"text": middle, "url": opens(**answered)} if middle else "—",
    ]


def _figure(n: int, **filters: Any) -> Any:
    return {"text": n, "url": opens(**filters)} if n else 0


@staff_only
def year(request: HttpRequest) -> HttpResponseBase:
    """Table three of a year as the records stand now; every figure opens to its cases."""
    actor = actor_of(request)
    _require(actor, READ)
    form = YearForm(request.GET, actor=actor, act=READ)
    chosen, asked = form.chosen, form.asked()
    counts = figures.table(chosen.scope, asked)
    compared = ledger_year.spans(chosen.scope, asked, clock.today())
    title = _("Table three of %(year)d: %(where)s") % {"year": asked, "where": chosen.words}
    wanted = request.GET.get("export", "")
    if wanted in EXPORTS:
        return exporting.download(wanted, ledger_year.sheet(title, counts, compared), title)
    printed = request.GET.get("print") == "1"
    query = request.GET.copy()
    context = {
        "title": title if printed else _("Table three, as it stands now"),
        "filters": form,
        "heading": chosen.words,
        "year": asked,
        "today": clock.today(),
        "columns": APPLICANT_COLUMNS,
        "rows": [_year_row(row, counts[row.key], chosen, asked) for row in APPLICATION_ROWS],
        "checks": ledger_year.checks(counts),
        "spans": compared,
        "measures": [
            {"label": words, "cells": [_measured(name, span, chosen) for span in compared]}
            for name, words in ledger_year.measures().items()
        ],
        "printed": printed,
        "exports": [
            {"label": label, "url": _address(query, export=form_)} for form_, label in EXPORTS.items()
        ],
        "print_url": _address(query, print="1"),
    }
    # On paper there is no way to another page.
    return render(request, "applications/ledger_year.html", context | ({"nav": None} if printed else {}))


def _address(query: Any, **more: str) -> str:
    said = query.copy()
    said.update(more)
    return f"?{said.urlencode()}"


def _year_row(row: Any, counts: dict[str, int], chosen: Chosen, year: int) -> dict[str, Any]:
    cells = [
        _figure(counts[column.key], cell=f"{year}.{row.key}.{column.key}", **chosen.filters)
        for column in APPLICANT_COLUMNS
    ]
    return {"label": row.full_label, "sum": row.key in (figures.RECEIVED, figures.TOTAL_ROW), "cells": cells}


def _measured(name: str, span: ledger_year.Span, chosen: Chosen) -> Any:
    first, last = span.first.isoformat(), span.last.isoformat()
    filters = {
        ledger_year.RECEIVED: {"received_from": first, "received_to": last, "matter": "information"},
        ledger_year.ANSWERED: {"answered_from": first, "answered_to": last, "matter": "information"},
        ledger_year.OPEN: {"open_on": last},
    }[name]
    return _figure(span.counts[name], **filters, **chosen.filters)
