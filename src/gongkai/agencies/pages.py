"""Building blocks of staff pages: who may open them, lists that filter, sort, page and export."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import View
from django_filters.views import FilterView
from django_tables2.views import SingleTableMixin
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed, require

# A list page counts and pages no further than this; filters lead to the rest.
COUNTED = 10_000
EXPORTED = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        if self.act and not (
            allowed(self.actor, self.act, None) or agencies_for(self.actor, self.act).exists()
        ):
            require(self.actor, self.act, None)
        return super().dispatch(request, *args, **kwargs)

    def agencies(self) -> QuerySet[Agency]:
        """The agencies whose rows this page may show."""
        return agencies_for(self.actor, self.act)


class StaffList(StaffPage, SingleTableMixin, FilterView):
    """A list that filters, sorts, pages and exports to xlsx (?export=xlsx), narrowed to the actor's agencies.

    Subclasses set model or queryset, table_class, filterset_class, act, title; agency_field names the
    path to the agency (default "agency"). A column's render_… may return the dict of a table cell
    ({text, url, note, light, deadline}); its value_… then gives the text for the export.
    """

    template_name = "workbench/list.html"
    paginate_by = 30
    strict = False
    agency_field = "agency"
    title: object = ""
    intro: object = ""
    # The one primary act of the page: {"label", "url"}, or None.
    primary: dict[str, Any] | None = None

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        seats = list(self.agencies().values_list("pk", flat=True)[:2])
        if len(seats) == 1:
            # Named by its key, one agency's rows are read along the index in the order of the list.
            return rows.filter(**{self.agency_field: seats[0]})
        return rows.filter(**{f"{self.agency_field}__in": self.agencies()})

    def get_paginate_by(self, rows: Any) -> None:
        """The table pages itself; the view would page, and count every row, a second time."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        if request.GET.get("export") == "xlsx":
            return xlsx(self.get_table(**self.get_table_kwargs()), str(self.title))
        return answer

    def get_table_pagination(self, table: tables.Table) -> dict[str, Any] | bool:
        return {"per_page": self.paginate_by, "paginator_class": CountedPaginator, "silent": True}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        table: tables.Table = context["table"]
        counted = table.paginator.count
        query = self.request.GET.copy()
        query["export"] = "xlsx"
        return context | {
            "title": self.title,
            "intro": self.intro,
            "primary": self.primary,
            "filters": context["filter"].form,
            "page_obj": table.page,
            "count": counted,
            "export_url": f"?{query.urlencode()}",
            "table": look(table, str(self.title)),
        }


class CountedPaginator(Paginator):
    """Pages of a list; counts no further than COUNTED rows, so a list of a million opens as fast as one of ten."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if hasattr(rows, "data") and hasattr(rows.data, "data"):
            rows = rows.data.data
        if isinstance(rows, QuerySet):
            return rows.order_by()[:COUNTED].count()
        return min(len(rows), COUNTED)


def look(table: tables.Table, caption: str) -> dict[str, Any]:
    """A django-tables2 table as the context of workbench/partials/table.html."""
    columns = [
        {
            "label": column.header,
            "sort": column.name if column.orderable else "",
            "kind": column.attrs.get("td", {}).get("class", ""),
            "name": column.name,
        }
        for column in table.columns
    ]
    rows = table.paginated_rows if hasattr(table, "page") else table.rows
    return {
        "caption": caption,
        "columns": columns,
        "rows": [{"cells": [_cell(table, row, column["name"]) for column in columns]} for row in rows],
    }


def _cell(table: tables.Table, row: Any, name: str) -> Any:
    """The cell of a row; a plain day or moment as it is, so that the page writes it in the form of lists."""
    column = table.columns[name].column
    if isinstance(column, tables.DateColumn | tables.DateTimeColumn):
        return row.get_cell_value(name)
    return row.get_cell(name)


def kind(name: str) -> dict[str, Any]:
    """attrs for a column: name is date, number or main."""
    return {"td": {"class": name}}


class Filters(django_filters.FilterSet):
    """A filter set whose unknown values are ignored, not errors."""


def xlsx(table: tables.Table, title: str) -> HttpResponse:
    """The rows of a table as a workbook, texts only: a cell that begins with “=” stays text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31].translate({ord(c): "" for c in "[]:*?/\\"}) or "Sheet")
    for number, row in enumerate(table.as_values(exclude_columns=("acts",))):
        if number > EXPORTED:
            break
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value="" if value is None else str(value))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    response = HttpResponse(content_type=XLSX)
    stamp = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{stamp}.xlsx"'
    book.save(response)
    return response
