"""Staff pages of the packages for the district's platform: what waits, where it was put, whether it is the same there."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.pages import Filters, StaffList, actor_of, kind, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed
from gongkai.channels import package_files, packages
from gongkai.channels.export_models import Package, PackageEvent

SHOWN = 50
WAITING = gettext_lazy("waits to be put up")
TO_REMOVE = gettext_lazy("waits to be removed there")


def standing(package: Package, latest: str | None) -> str:
    """How a package stands, in words."""
    if latest == PackageEvent.What.REMOVED or (latest and not package.withdrawal_id):
        return str(PackageEvent.What(latest).label)
    return str(TO_REMOVE if package.withdrawal_id else WAITING)


class PackageTable(tables.Table):
    """The newest package of each subject with how it stands."""

    title = tables.Column(attrs=kind("main"))
    agency = tables.Column(verbose_name=gettext_lazy("agency"))
    made_at = tables.DateTimeColumn(attrs=kind("date"))
    latest = tables.Column(verbose_name=gettext_lazy("state"), empty_values=(), orderable=False)
    latest_at = tables.DateTimeColumn(verbose_name=gettext_lazy("in this state since"), attrs=kind("date"))

    class Meta:
        model = Package
        fields = ("title", "agency", "what", "made_at", "latest", "latest_at")
        order_by = ("-made_at",)

    def render_title(self, record: Package) -> dict[str, Any]:
        return {"text": record.title, "url": reverse("channels:package", args=[record.pk])}

    def value_title(self, record: Package) -> str:
        return record.title

    def render_latest(self, record: Any) -> str:
        return standing(record, record.latest)


class PackageFilters(Filters):
    """By words of the title, what is to be done, and the last thing that happened."""

    q = django_filters.CharFilter(
        field_name="title", lookup_expr="icontains", label=gettext_lazy("Title contains")
    )
    what = django_filters.ChoiceFilter(choices=Package.What.choices, label=gettext_lazy("what is to be done"))
    latest = django_filters.ChoiceFilter(choices=PackageEvent.What.choices, label=gettext_lazy("state"))

    class Meta:
        model = Package
        fields = ("q", "what", "latest")


class PackageList(StaffList):
    """Packages of the reader's agencies."""

    model = Package
    table_class = PackageTable
    filterset_class = PackageFilters
    act = packages.READ
    title = gettext_lazy("Packages for the platform")
    intro = gettext_lazy(
        "Put each up on the district's platform and enter the address: the page there is read again and compared."
    )
    queryset = Package.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        self.queryset = packages.newest_packages().select_related("agency")
        return super().get_queryset()


class AddressForm(forms.Form):
    """Where it was put up."""

    address = forms.CharField(
        label=gettext_lazy("address on the platform"),
        help_text=gettext_lazy("Copy it from the browser. The page is read at once and compared."),
        max_length=500,
    )


class RemovedForm(forms.Form):
    """How the clerk made sure."""

    note = forms.CharField(
        label=gettext_lazy("how you made sure"),
        help_text=gettext_lazy("Needed only where the page there cannot be read from here."),
        max_length=500,
        required=False,
    )


def _package(request: HttpRequest, pk: int) -> Package:
    rows = Package.objects.select_related("agency", "release__revision", "withdrawal")
    row = get_object_or_404(rows, pk=pk)
    if not allowed(actor_of(request), packages.READ, row.agency):
        raise Http404
    return row


@staff_only
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """A package: what is to be done, the file, the address, what came out of each check."""
    return _page(request, _package(request, pk))


def _page(request: HttpRequest, row: Package, form: forms.Form | None = None) -> HttpResponse:
    may = allowed(actor_of(request), packages.EDIT, row.agency)
    latest = packages.latest_of(row)
    address = packages.address_of(row)
    newest = packages.newest_packages().filter(pk=row.pk).exists()
    file = {"label": _("Download the package"), "url": reverse("channels:package_file", args=[row.pk])}
    blank = RemovedForm() if row.withdrawal_id else AddressForm(initial={"address": address})
    step = "channels:package_removed" if row.withdrawal_id else "channels:package_place"
    again = address and newest and not row.withdrawal_id
    context = {
        "title": row.title,
        "primary": file if may and newest else None,
        "newest": newest,
        # The one filled button is the next step: take the file, then say where it is.
        "taken": bool(latest) or bool(row.withdrawal_id),
        "told": PackageList.intro if may and newest and not address and not row.withdrawal_id else "",
        "facts": [
            {"label": _("what is to be done"), "value": row.get_what_display()},
            {"label": _("state"), "value": standing(row, latest.what if latest else None)},
            {"label": _("agency"), "value": row.agency.name},
            {"label": _("made"), "value": row.made_at},
            {"label": _("address on the platform"), "value": address, "wide": True},
            {"label": _("SM3 of the package"), "value": row.digest, "wide": True},
        ],
        "timeline": [
            {
                "when": event.at,
                "title": event.get_what_display(),
                "who": event.person.name if event.person else "",
                "detail": packages.note_of(event),
                "url": event.address,
                "link": event.address,
            }
            for event in row.events.select_related("person").order_by("-pk")
        ],
        "form": (form or blank) if may and newest and not (latest and latest.what == "removed") else None,
        "action": reverse(step, args=[row.pk]),
        "submit_label": _("Confirm the removal") if row.withdrawal_id else _("Enter the address and compare"),
        "check_url": reverse("channels:package_check", args=[row.pk]) if may and again else "",
    }
    return render(request, "channels/package.html", context)


@staff_only
@require_POST
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file; the first time it is taken away is kept."""
    row = _package(request, pk)
    answer = HttpResponse(packages.delivered(actor_of(request), row), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{package_files.file_name(row)}"'
    return answer


def _told(request: HttpRequest, event: PackageEvent) -> None:
    good = (PackageEvent.What.SAME, PackageEvent.What.REMOVED)
    tell = messages.success if event.what in good else messages.warning
    tell(request, f"{event.get_what_display()}{'：' if event.note else ''}{packages.note_of(event)}")


@staff_only
@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Where it was put up; it is read there at once."""
    row = _package(request, pk)
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            _told(request, packages.place(actor_of(request), row, form.cleaned_data["address"].strip()))
            return redirect("channels:package", pk=pk)
        except Refused as refusal:
            form.add_error("address", refusal.message)
    return _page(request, row, form)


@staff_only
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the page there again."""
    row = _package(request, pk)
    packages.require_edit(actor_of(request), row)
    _told(request, packages.check(row, actor_of(request)))
    return redirect("channels:package", pk=pk)


@staff_only
@require_POST
def removed(request: HttpRequest, pk: int) -> HttpResponse:
    """It is gone there."""
    row = _package(request, pk)
    form = RemovedForm(request.POST)
    if form.is_valid():
        try:
            _told(request, packages.removed(actor_of(request), row, form.cleaned_data["note"]))
            return redirect("channels:package", pk=pk)
        except Refused as refusal:
            form.add_error("note", refusal.message)
    return _page(request, row, form)


def waiting(actor: Actor) -> list[Waiting]:
    """For those who handle packages: what is to be put up, set right or removed there."""
    rows = packages.open_for(agencies_for(actor, packages.EDIT)).select_related("agency")
    return [
        Waiting(
            kind=_("Package for the platform"),
            title=row.title,
            step=standing(row, row.latest),
            url=reverse("channels:package", args=[row.pk]),
            agency=row.agency,
            since=row.made_at,
        )
        for row in rows.order_by("made_at")[:SHOWN]
    ]


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(
            gettext_lazy("Public site"),
            gettext_lazy("Packages for the platform"),
            "channels:packages",
            packages.READ,
            58,
        )
    )
    navigation.provide("packages", waiting)
