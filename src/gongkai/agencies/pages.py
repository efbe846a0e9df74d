"""Building blocks of staff pages: who may open them, lists that filter, sort, page and export."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import DateField, DateInput, Form, IntegerField, NullBooleanField, NullBooleanSelect, Select
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from django_filters.views import FilterView
from django_tables2.views import SingleTableMixin

from gongkai.agencies import bulk as bulks
from gongkai.agencies import exporting, saved
from gongkai.agencies.bulk import Bulk
from gongkai.agencies.models import Agency
from gongkai.agencies.paging import COUNTED, HEADS, CountedPaginator
from gongkai.agencies.policy import Actor, Refused, agencies_for, anywhere, require
from gongkai.journal import chain

EXPORTS = {"xlsx": _("Export as xlsx"), "csv": _("Export as csv")}
# Where the outcome of an act on several rows waits for the page that shows it.
OUTCOME = "bulk_outcome"
# Characters of an agency's name that a narrow column does not part.
UNBROKEN = 6


def actor_of(request: HttpRequest) -> Actor:
    """The acting person; Refused where nobody is logged in."""
    actor = getattr(request, "actor", None)
    if not actor:
        raise Refused("Log in first.")
    return actor


def staff_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Send who is not logged in to the log-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not getattr(request, "actor", None):
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


class StaffPage(View):
    """A page for people whom the policy lets do `act` in some agency; its rows are narrowed to those."""

    act = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not getattr(request, "actor", None):
            return redirect_to_login(request.get_full_path())
        self.actor = actor_of(request)
        if self.act and not anywhere(self.actor, self.act):
            require(self.actor, self.act, None)
        return super().dispatch(request, *args, **kwargs)

    def agencies(self) -> QuerySet[Agency]:
        """The agencies whose rows this page may show."""
        return agencies_for(self.actor, self.act)


class StaffList(StaffPage, SingleTableMixin, FilterView):
    """A list that filters, sorts, pages and exports (?export=xlsx, ?export=csv), narrowed to the actor's agencies.

    Subclasses set model or queryset, table_class, filterset_class, act, title; agency_field names the
    path to the agency (default "agency"). A column's render_… may return the dict of a table cell
    ({text, url, note, light, deadline}); its value_… then gives the text for the export. Columns named in
    export_only stand in the files alone. bulk: acts offered for rows that are chosen by check boxes.
    """

    template_name = "workbench/list.html"
    paginate_by = 30
    strict = False
    agency_field = "agency"
    title: object = ""
    intro: object = ""
    # The one primary act of the page: {"label", "url"} and, where not everybody may do it, its "act"; or None.
    primary: dict[str, Any] | None = None
    export_only: tuple[str, ...] = ()
    bulk: tuple[Bulk, ...] = ()
    # Whether the rows are those of the reader's agencies; a list of something else asks for its rows itself.
    narrowed = False

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        self.narrowed = True
        if len(self.seats) == 1:
            # Named by its key, one agency's rows are read along the index in the order of the list.
            return rows.filter(**{self.agency_field: self.seats[0]})
        return rows.filter(**{f"{self.agency_field}__in": self.agencies()})

    @cached_property
    def seats(self) -> list[Any]:
        """The keys of the agencies whose rows the list may show."""
        return list(self.agencies().values_list("pk", flat=True)[: HEADS + 1])

    def get_paginate_by(self, rows: Any) -> None:
        """The table pages itself; the view would page, and count every row, a second time."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = request.GET.get("export", "")
        return self._export(form) if form in exporting.FORMATS else super().get(request, *args, **kwargs)

    def _export(self, form: str) -> HttpResponseBase:
        """The rows found as a file; the journal keeps who took them away, and by which filters."""
        self.filterset = self.get_filterset(self.get_filterset_class())
        self.object_list = self.filterset.qs
        filters = sorted(name for name, value in self.request.GET.items() if value and name != "export")
        with transaction.atomic():
            agency = self.actor.person.agency_id
            subject = ("list", self.request.path[:64])
            chain.record(
                "list.exported", self.actor.who, agency=agency, subject=subject, form=form, by=filters
            )
        return exporting.export(form, self.get_table(**self.get_table_kwargs()), str(self.title))

    def offered(self) -> tuple[Bulk, ...]:
        """The acts on several rows that the actor may do in some agency of this list."""
        return tuple(each for each in self.bulk if anywhere(self.actor, each.act))

    def forms(self, posted: str = "") -> dict[str, Form]:
        """The form of each act, its fields named after it; that of the act `posted` is bound."""
        return {
            each.name: each.form(
                self.request.POST if each.name == posted else None,
                self.actor,
                agencies_for(self.actor, each.act),
            )
            for each in self.offered()
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An act on the rows chosen; what is refused is told row by row on the list."""
        name = request.POST.get("bulk", "")
        act = next((each for each in self.offered() if each.name == name), None)
        if act is None:
            raise Refused(_("This list does not offer that act."))
        self.bulk_forms = self.forms(act.name)
        form = self.bulk_forms[act.name]
        try:
            seen = bulks.chosen(request.POST.getlist("row"), self.offered(), act)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        if not form.is_valid():
            return super().get(request, *args, **kwargs)
        rows = list(self.get_queryset().filter(pk__in=_keys(self.get_queryset().model, seen)))
        outcome = bulks.run(self.actor, act, rows, form.cleaned_data, seen)
        request.session[OUTCOME] = outcome.as_json() | {"list": request.path}
        return redirect(request.get_full_path())

    def get_table_pagination(self, table: tables.Table) -> dict[str, Any] | bool:
        return {
            "per_page": self.paginate_by,
            "paginator_class": CountedPaginator,
            "silent": True,
            "seats": self.seats if self.narrowed and len(self.seats) > 1 else (),
            "seat_field": self.agency_field if self.narrowed else "pk",
        }

    def _primary(self) -> dict[str, Any] | None:
        act = (self.primary or {}).get("act", "")
        return None if act and not anywhere(actor_of(self.request), act) else self.primary

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        table: tables.Table = context["table"]
        counted = table.paginator.count
        acts = self.offered()
        return context | {
            "title": self.title,
            "intro": self.intro,
            "primary": self._primary(),
            "filters": context["filter"].form,
            "more_filters": getattr(context["filter"], "more", ()),
            "page_obj": table.page,
            "count": counted,
            "counted": COUNTED,
            "exports": [{"label": label, "url": self._with(export=form)} for form, label in EXPORTS.items()],
            "table": look(table, str(self.title), skip=self.export_only, choose=self._choices(acts)),
            "bulk": self._bulk(acts),
            "outcome": self._outcome(),
            "views": saved.chips(self.actor, self.request.path, self.request.GET.urlencode()),
            "view_query": saved.canonical(self.request.GET.urlencode()),
        }

    def _with(self, **more: str) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        query.update(more)
        return f"?{query.urlencode()}"

    def _choices(self, acts: tuple[Bulk, ...]) -> Callable[[Any], dict[str, Any]] | None:
        if not acts:
            return None
        ticked = set(self.request.POST.getlist("row"))

        def choice(row: Any) -> dict[str, Any]:
            value = bulks.value_of(acts, row)
            return {"value": value, "label": str(row), "checked": value in ticked}

        return choice

    def _bulk(self, acts: tuple[Bulk, ...]) -> list[dict[str, Any]]:
        forms = getattr(self, "bulk_forms", None) or self.forms()
        return [
            {
                "name": each.name,
                "label": each.label,
                "consequence": each.consequence,
                "form": forms[each.name],
            }
            for each in acts
        ]

    def _outcome(self) -> dict[str, Any] | None:
        outcome = self.request.session.get(OUTCOME)
        if not outcome or outcome["list"] != self.request.path:
            return None
        del self.request.session[OUTCOME]
        return outcome


def _keys(model: Any, seen: Iterable[str]) -> list[Any]:
    """The values that are keys of the model; what somebody else made up is left out."""
    found = []
    for value in seen:
        try:
            found.append(model._meta.pk.to_python(value))
        except ValidationError:
            continue
    return found


def look(
    table: tables.Table,
    caption: str,
    *,
    skip: tuple[str, ...] = (),
    choose: Callable[[Any], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """A django-tables2 table as the context of workbench/partials/table.html. skip: columns left out; choose:
    gives the check box of a row."""
    columns = [
        {
            "label": column.header,
            "sort": column.name if column.orderable else "",
            "kind": column.attrs.get("td", {}).get("class", ""),
            "name": column.name,
        }
        for column in table.columns
        if column.name not in skip
    ]
    rows = table.paginated_rows if hasattr(table, "page") else table.rows
    return {
        "caption": caption,
        "columns": columns,
        "choose": choose is not None,
        "rows": [
            {
                "cells": [_cell(table, row, column["name"]) for column in columns],
                "choice": choose(row.record) if choose else None,
            }
            for row in rows
        ],
    }


def _cell(table: tables.Table, row: Any, name: str) -> Any:
    """The cell of a row; a plain day or moment as it is, so that the page writes it in the form of lists."""
    column = table.columns[name].column
    if isinstance(column, tables.DateTimeColumn) and not hasattr(table, f"render_{name}"):
        # What such a column gives for an export is text, in the time of the database.
        return table.columns[name].accessor.resolve(row.record, quiet=True)
    if isinstance(column, tables.DateColumn | tables.DateTimeColumn):
        return row.get_cell_value(name)
    shown = row.get_cell(name)
    return agency_cell(shown) if isinstance(shown, Agency) else shown


def agency_cell(agency: Agency) -> dict[str, Any]:
    """An agency in a list, in one line where its name is short; exports have the full name."""
    return {"text": agency.brief, "unbroken": len(agency.brief) <= UNBROKEN}


def kind(name: str) -> dict[str, Any]:
    """attrs for a column: name is date, number or main."""
    return {"td": {"class": name}}


class YesNo(NullBooleanSelect):
    """Yes, no, or nothing chosen, which stands in no address."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        Select.__init__(self, attrs, [("", "—"), ("true", _("yes")), ("false", _("no"))])

    def format_value(self, value: Any) -> Any:
        """A list, so that nothing chosen is no part of another value."""
        found = super().format_value(value)
        return ["" if found == "unknown" else found]


class YearFilter(django_filters.Filter):
    """By the year of a day. What is no year of our calendar is ignored, like any value that is not known."""

    field_class = IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, lookup_expr="year", min_value=1900, max_value=2999, **kwargs)


class Filters(django_filters.FilterSet):
    """A filter set whose unknown values are ignored, not errors.

    more: names of the fields that stand behind “More filters”.
    """

    more: tuple[str, ...] = ()

    def get_form_class(self) -> type[Form]:
        found = super().get_form_class()
        for field in found.base_fields.values():
            if isinstance(field, NullBooleanField):
                field.widget = YesNo()
            elif isinstance(field, DateField) and field.widget.input_type == "text":
                # A day is chosen as everywhere else, not typed in a form that one has to guess.
                field.widget = DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return found
