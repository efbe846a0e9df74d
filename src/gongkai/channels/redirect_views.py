"""Staff pages of moved addresses: the list, one by hand, many from a table with a preview, and giving one up."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link
from gongkai.agencies.pages import Filters, StaffList, actor_of, kind, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, anywhere, require
from gongkai.channels import redirects
from gongkai.channels.redirect_models import Redirect
from gongkai.channels.redirects import EDIT, Target, Wanted
from gongkai.disclosure.models import Item

MOST_ROWS, LARGEST_FILE = 2000, 1024 * 1024


def target(text: str) -> Target:
    """What a person wrote as the new place: an index number, or an address of this site. Raises Refused."""
    said = text.strip()
    if said.startswith(("/", "http://", "https://")):
        return said
    item = Item.objects.select_related("agency").filter(index_number=said).exclude(index_number="").first()
    if item is None:
        words = _("“%(text)s” is neither an index number nor an address of this site.")
        raise Refused(words % {"text": said[:80]})
    return item


class RedirectTable(tables.Table):
    """Addresses of before with where they lead."""

    old = tables.Column(attrs=kind("main"))
    leads = tables.Column(verbose_name=gettext_lazy("leads to"), empty_values=(), orderable=False)
    at = tables.DateTimeColumn(attrs=kind("date"))

    class Meta:
        model = Redirect
        fields = ("old", "leads", "reason", "person", "at")
        order_by = ("-at",)

    def render_old(self, record: Redirect) -> Any:
        if not redirects.leads(record):
            return record.old
        return {"text": record.old, "url": reverse("channels:redirect_retire", args=[record.pk])}

    def value_old(self, record: Redirect) -> str:
        return record.old

    def render_leads(self, record: Redirect) -> Any:
        if not redirects.leads(record):
            return _("leads nowhere any more")
        place = redirects.target_of(record)
        return {"text": place, "url": place} if place else _("not yet: the item is not released")

    def value_leads(self, record: Redirect) -> str:
        return redirects.target_of(record)


class RedirectFilters(Filters):
    """By a part of the address."""

    q = django_filters.CharFilter(
        field_name="old", lookup_expr="contains", label=gettext_lazy("Address contains")
    )

    class Meta:
        model = Redirect
        fields = ("q",)


class RedirectList(StaffList):
    """The addresses of before that count now."""

    model = Redirect
    template_name = "channels/redirects.html"
    table_class = RedirectTable
    filterset_class = RedirectFilters
    act = EDIT
    title = gettext_lazy("Moved addresses")
    intro = gettext_lazy(
        "Who opens a former address comes to the page here. It is never said what stands there: a withdrawn item shows its notice."
    )

    def get_queryset(self) -> QuerySet[Any]:
        mine = Q(item__isnull=True) | Q(item__agency__in=self.agencies())
        return redirects.in_force().filter(mine).select_related("item", "person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        primary = {"label": _("Enter an address"), "url": reverse("channels:redirect_add")}
        return super().get_context_data(**kwargs) | {"primary": primary}


class RedirectForm(forms.Form):
    """One address."""

    old = forms.CharField(
        label=gettext_lazy("Address of before"),
        max_length=1000,
        help_text=gettext_lazy(
            "From the host on, with its query: /art/2021/3/5/art_123.html, /show.asp?id=7"
        ),
    )
    target = forms.CharField(
        label=gettext_lazy("Leads to"),
        max_length=300,
        help_text=gettext_lazy("The index number of an item, or the address of a page of this site."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


def _allowed(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not anywhere(actor, EDIT):
        require(actor, EDIT, None)
    return actor


@staff_only
def add(request: HttpRequest) -> HttpResponse:
    """Enter where one address leads."""
    actor = _allowed(request)
    form = RedirectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            redirects.add(actor, said["old"], target(said["target"]), said["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Entered: the address leads there from now on."))
            return redirect("channels:redirects")
    context = {
        "form": form,
        "title": _("Enter an address of before"),
        "submit_label": _("Enter it"),
        "consequence": _("It counts at once, also on exported sites."),
        "cancel_url": reverse("channels:redirects"),
    }
    return render(request, "workbench/form.html", context)


class RetireForm(forms.Form):
    """Giving an address up."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


@staff_only
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an address lead nowhere any more."""
    actor = _allowed(request)
    row = get_object_or_404(redirects.in_force().select_related("item__agency"), pk=pk)
    if row.item and not agencies_for(actor, EDIT).filter(pk=row.item.agency_id).exists():
        raise Http404
    form = RetireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            redirects.retire(actor, row, form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Given up: the address answers as one that is not known."))
            return redirect("channels:redirects")
    context = {
        "form": form,
        "title": _("Give up an address"),
        "intro": f"{row.old} → {redirects.target_of(row)}",
        "submit_label": _("Give it up"),
        "consequence": _("What it led to stays in the journal."),
        "cancel_url": reverse("channels:redirects"),
    }
    return render(request, "workbench/form.html", context)


# Many from a table


class ImportForm(forms.Form):
    """A table with two columns, as a file or pasted."""

    file = forms.FileField(
        label=gettext_lazy("File (csv)"),
        required=False,
        help_text=gettext_lazy(
            "Two columns: the address of before, and the index number or address here. At most 2,000 rows and 1 MB."
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the rows"),
        required=False,
        max_length=LARGEST_FILE,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


@dataclass(frozen=True)
class Line:
    """One row of a table: what it asks for, or what is wrong with it."""

    number: int
    old: str
    place: str
    wanted: Wanted | None = None
    fault: str = ""


def read(actor: Actor, text: str) -> list[Line]:
    """The rows of a table, each looked at. Raises Refused where it holds none or too many."""
    rows = [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(csv.reader(io.StringIO(text.replace("\t", ","))), 1)
        if any(cell.strip() for cell in row)
    ]
    if rows and not rows[0][1][0].startswith(("/", "http")):
        # The headings.
        rows = rows[1:]
    if not rows:
        raise Refused(_("No row was found: one address a line, a comma, and where it leads."))
    if len(rows) > MOST_ROWS:
        raise Refused(_("These are more than %(n)d rows: divide the table.") % {"n": MOST_ROWS})
    return [_line(actor, number, row) for number, row in rows]


def _line(actor: Actor, number: int, row: list[str]) -> Line:
    old, place = row[0], row[1] if len(row) > 1 else ""
    try:
        if not place:
            raise Refused(_("The second column is empty: write where the address leads."))
        wanted = Wanted(old, target(place))
        known = redirects.checked(wanted)
        redirects.may(actor, wanted, redirects.newest([known]).get(known))
        if isinstance(wanted.target, str):
            redirects.place_of(wanted.target)
    except Refused as refusal:
        return Line(number, old, place, fault=refusal.message)
    return Line(number, old, place, wanted)


def _text(form: ImportForm) -> str:
    file = form.cleaned_data["file"]
    if file is None:
        return str(form.cleaned_data["text"])
    if file.size > LARGEST_FILE:
        raise Refused(_("This file is larger than 1 MB: divide it."))
    data = file.read()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return str(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise Refused(_("This file is no text: save the table as csv."))


@staff_only
def take_many(request: HttpRequest) -> HttpResponse:
    """Look at a table of addresses, then take all of its rows or none."""
    actor = _allowed(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    found: list[Line] = []
    text = ""
    if request.method == "POST" and form.is_valid():
        try:
            text = _text(form)
            found = read(actor, text)
            faulty = [line for line in found if line.fault]
            if "take" in request.POST and not faulty:
                redirects.add_many(
                    actor, [line.wanted for line in found if line.wanted], _("taken from a table")
                )
                messages.success(request, _("%(n)d addresses lead here from now on.") % {"n": len(found)})
                return redirect("channels:redirects")
        except (Refused, csv.Error) as refusal:
            form.add_error(None, str(refusal))
    faulty = [line for line in found if line.fault]
    context = {
        "form": ImportForm(initial={"text": text}) if found else form,
        "title": _("Enter many addresses"),
        "intro": _("You see first what each row would do; nothing counts before you confirm."),
        "submit_label": _("Look at these rows"),
        "cancel_url": reverse("channels:redirects"),
        "found": found,
        "faulty": len(faulty),
        "text": text,
        "table": {
            "caption": _("Rows of the table"),
            "columns": [
                {"label": _("row"), "kind": "number"},
                {"label": _("address of before"), "kind": "main"},
                {"label": _("leads to"), "kind": ""},
                {"label": _("what is wrong"), "kind": ""},
            ],
            "rows": [
                {"cells": [line.number, line.old, line.place, line.fault]}
                for line in sorted(found, key=lambda line: not line.fault)[:200]
            ],
        },
    }
    return render(request, "channels/redirect_import.html", context)


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    group, label = gettext_lazy("Public site"), gettext_lazy("Moved addresses")
    navigation.add(Link(group, label, "channels:redirects", EDIT, 59, seldom=True))
