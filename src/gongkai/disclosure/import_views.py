"""Pages on which an old site's items are sent in, their columns mapped, and what came of each row is read."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Refused, agencies_for, allowed
from gongkai.disclosure import import_closing, import_fields, imports
from gongkai.disclosure.import_forms import LABELS, MappingForm, RowForm, SendForm
from gongkai.disclosure.import_tables import ImportFilters, ImportTable, RowFilters, RowTable
from gongkai.disclosure.models import ItemImport, ItemImportRow
from gongkai.review import manifests

PREVIEWED = ("title", "published_on", "column", "address", "body", "attachments")


class ImportList(StaffList):
    """Files of old sites that were sent in."""

    model = ItemImport
    table_class = ImportTable
    filterset_class = ImportFilters
    act = "item.read"
    title = gettext_lazy("Items of a former site")
    intro = gettext_lazy(
        "What was public elsewhere comes in by a list that three people approve together; what was never public is drafted one by one."
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency", "created_by").annotate(held=Count("rows"))

    @property
    def primary(self) -> dict[str, Any]:  # type: ignore[override]
        return {"label": _("Send a list in"), "url": reverse("disclosure:import_begin")}


class RowList(StaffList):
    """The rows of one file with what came of them; exported, the report of what was not taken."""

    model = ItemImportRow
    table_class = RowTable
    filterset_class = RowFilters
    act = "item.read"
    agency_field = "imported__agency"
    title = gettext_lazy("Rows of the import")

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(imported=self.kwargs["pk"]).select_related("item")


@staff_only
def rows(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The rows of one file."""
    import_for(request, pk)
    return RowList.as_view()(request, pk=pk)


def import_for(request: HttpRequest, pk: UUID) -> ItemImport:
    """The import, where the reader may see its agency's items; else 404."""
    row = get_object_or_404(ItemImport.objects.select_related("agency", "created_by", "manifest"), pk=pk)
    if not allowed(actor_of(request), "item.read", row.agency):
        raise Http404
    return row


@staff_only
def begin(request: HttpRequest) -> HttpResponse:
    """Send a file in; its columns are shown next."""
    actor = actor_of(request)
    form = SendForm(request.POST or None, request.FILES or None, agencies=agencies_for(actor, "item.draft"))
    if not form.fields["agency"].queryset.exists():
        raise Refused(_("You may not draft items for this agency."))
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            data = upload.read(imports.LARGEST + 1)
            row = imports.receive(actor, form.cleaned_data["agency"], upload.name, data)
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("disclosure:import", pk=row.pk)
    context = {
        "form": form,
        "title": _("Take over a former site"),
        "intro": _("Nothing becomes public by this: the columns are shown, then each row is screened, then three people approve the list."),
        "submit_label": _("Read the file"),
        "cancel_url": reverse("disclosure:imports"),
    }  # fmt: skip
    return render(request, "workbench/form.html", context)


@staff_only
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Map the columns; then how far the reading is, what came of the rows, and the manifests."""
    imported = import_for(request, pk)
    to_map = imported.mapping is None and imported.closed_at is None
    return _mapping(request, imported) if to_map else _outcome(request, imported)


def _mapping(request: HttpRequest, imported: ItemImport) -> HttpResponse:
    actor = actor_of(request)
    guessed = imports.proposed(imported)
    form = MappingForm(request.POST or None, heads=imported.heads, guessed=guessed)
    mapping, column = guessed, ""
    if request.method == "POST" and form.is_valid():
        mapping, column = form.mapping(), form.cleaned_data["default_column"]
        if "confirm" in request.POST:
            try:
                imports.confirm(actor, imported, mapping, default_column=column)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("The rows are read now; this page says how far it is."))
                return redirect("disclosure:import", pk=imported.pk)
    shown = imports.preview(imported, imported.rows.order_by("number")[: imports.SHOWN], mapping, column)
    names = dict(form.fields["default_column"].choices)
    context = {
        "form": form,
        "title": _("Columns of “%(name)s”") % {"name": imported.name},
        "intro": _("Say which column is what; below are the first rows as they would look."),
        "cancel_url": reverse("disclosure:imports"),
        "close_url": reverse("disclosure:import_close", args=[imported.pk]),
        "table": {
            "caption": _("The first rows as they would look"),
            "columns": [{"label": _("row"), "kind": "number"}]
            + [{"label": LABELS[name], "kind": "main" if name == "title" else ""} for name in PREVIEWED]
            + [{"label": _("what is wrong"), "kind": ""}],
            "rows": [{"cells": _previewed(number, read, names)} for number, read in shown],
        },
    }
    return render(request, "disclosure/import_columns.html", context)


def _previewed(number: int, read: import_fields.Read, names: dict[str, str]) -> list[Any]:
    text = " ".join(import_fields.body.text_lines(import_fields.body.clean(read.content["body"])))
    return [
        number,
        read.content["title"] or read.text_file or "—",
        read.published_on,
        names.get(read.content["column"], ""),
        read.address,
        text[:60],
        "；".join(read.attachments),
        read.faults,
    ]


def _outcome(request: HttpRequest, imported: ItemImport) -> HttpResponse:
    actor, counts = actor_of(request), imports.counts(imported)
    rows_url = reverse("disclosure:import_rows", args=[imported.pk])
    total = sum(counts.values())
    may = allowed(actor, "item.draft", imported.agency)
    context = {
        "title": imported.name,
        "imported": imported,
        "facts": [
            {"label": _("agency"), "value": imported.agency.name},
            {"label": _("sent in by"), "value": imported.created_by.name},
            {"label": _("sent in"), "value": imported.created_at},
            {"label": _("digest"), "value": imported.file_id},
            {"label": _("done with on"), "value": imported.closed_at},
        ],
        "counts": [
            {"label": label, "n": counts[state], "url": f"{rows_url}?state={state}"}
            for state, label in ItemImportRow.State.choices
        ],
        "done": total - counts["waiting"],
        "all": total,
        "read_url": reverse("disclosure:import_read", args=[imported.pk]) if may else "",
        "rows_url": rows_url,
        "close_url": reverse("disclosure:import_close", args=[imported.pk])
        if may and not imported.closed_at and not import_closing.why_open(imported)
        else "",
        "kept": import_closing.kept_days(imported),
        "manifests": [
            {
                "name": each.name,
                "url": reverse("review:manifest", args=[each.pk]),
                "n": manifests.listed(each.pk).count(),
            }
            for each in imports.of_import(imported)
        ],
        "back": reverse("disclosure:imports"),
    }
    return render(request, "disclosure/import.html", context)


@staff_only
@require_POST
def read_next(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read some rows now, without waiting for the sweeper, and come back."""
    imported = import_for(request, pk)
    if not allowed(actor_of(request), "item.draft", imported.agency):
        raise Http404
    imports.read_some(imported)
    return redirect("disclosure:import", pk=pk)


@staff_only
@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that an import is done with."""
    imported = import_for(request, pk)
    try:
        import_closing.close(actor_of(request), imported)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Closed: it waits for nobody any more."))
    return redirect("disclosure:import", pk=pk)


@staff_only
def row(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """One row: its cells, why it was left out; correct them, or take it all the same."""
    imported = import_for(request, pk)
    one = get_object_or_404(
        ItemImportRow.objects.select_related("imported__agency"), imported=imported, number=number
    )
    actor = actor_of(request)
    form = RowForm(request.POST or None, heads=imported.heads, cells=one.cells)
    if request.method == "POST" and form.is_valid():
        try:
            if "forced" in request.POST:
                imports.take_all_the_same(actor, one)
            else:
                imports.correct(actor, one, form.cells())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The row is read again."))
            return redirect("disclosure:import", pk=pk)
    context = {
        "form": form,
        "title": _("Row %(n)d") % {"n": number},
        "intro": one.reason,
        "known": one.state == ItemImportRow.State.KNOWN,
        "cancel_url": reverse("disclosure:import_rows", args=[pk]),
    }
    return render(request, "disclosure/import_row.html", context)
