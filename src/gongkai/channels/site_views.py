"""Staff pages of the written site: where it is exported to, what was found tampered with, and what came of it."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import navigation
from gongkai.agencies.navigation import Link, Waiting
from gongkai.agencies.pages import Filters, StaffList, actor_of, kind, staff_only
from gongkai.agencies.policy import Actor, Refused, allowed, audit, grant, require, security, system
from gongkai.channels.export_models import Export, Tampering, TamperingSeen
from gongkai.journal import chain, clock

READ, SETTLE = "site.read", "site.settle"
grant(READ, security | system | audit, gettext_lazy("see what was found tampered with on the site"))
grant(SETTLE, security | system, gettext_lazy("say what came of tampering with the site"))
SHOWN = 20

WORDS = {
    "added": gettext_lazy("a file added"),
    "missing": gettext_lazy("a file removed"),
    "changed": gettext_lazy("a file changed"),
    "link": gettext_lazy("a link or a device"),
    "mode": gettext_lazy("permissions changed"),
}


class TamperingTable(tables.Table):
    """What was found, where, how much of it was restored, and whether somebody has looked into it."""

    at = tables.DateTimeColumn(attrs=kind("date"))
    where = tables.Column(attrs=kind("main"))
    count = tables.Column(attrs=kind("number"))
    restored = tables.Column(attrs=kind("number"))
    seen = tables.Column(verbose_name=gettext_lazy("looked into"), empty_values=(), orderable=False)

    class Meta:
        model = Tampering
        fields = ("at", "where", "count", "restored", "seen")
        order_by = ("-at",)

    def render_where(self, record: Tampering) -> dict[str, Any]:
        return {"text": record.where, "url": reverse("channels:tampering", args=[record.pk])}

    def value_where(self, record: Tampering) -> str:
        return record.where

    def render_seen(self, record: Tampering) -> str:
        seen = getattr(record, "seen", None)
        return f"{seen.person.name}：{seen.note}" if seen else _("not yet")


class TamperingFilters(Filters):
    """By folder, and whether somebody has looked into it."""

    where = django_filters.CharFilter(lookup_expr="icontains", label=gettext_lazy("Folder contains"))
    open = django_filters.BooleanFilter(
        field_name="seen", lookup_expr="isnull", label=gettext_lazy("Not looked into yet")
    )

    class Meta:
        model = Tampering
        fields = ("where", "open")


class TamperingList(StaffList):
    """Tampering with written pages, with the folders to which the site is exported above it."""

    model = Tampering
    template_name = "channels/site.html"
    table_class = TamperingTable
    filterset_class = TamperingFilters
    act = READ
    title = gettext_lazy("Exports and tampering")
    intro = gettext_lazy(
        "Written pages are watched: whatever somebody changes is written anew from the records and told here."
    )

    def get_queryset(self) -> QuerySet[Any]:
        return Tampering.objects.select_related("seen__person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "exported": Export.objects.order_by("path"),
            "empty_title": _("Nothing was tampered with"),
        }


class SeenForm(forms.Form):
    """What came out."""

    note = forms.CharField(
        label=gettext_lazy("what came out"),
        help_text=gettext_lazy(
            "Who or what changed the files, and what was done so that it does not happen again."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def settle(actor: Actor, row: Tampering, note: str) -> TamperingSeen:
    """Say what came of it. Raises Refused."""
    require(actor, SETTLE, None)
    with transaction.atomic():
        chain.hold()
        if TamperingSeen.objects.filter(tampering=row).exists():
            raise Refused(_("Somebody has said already what came of it."))
        seen = TamperingSeen.objects.create(tampering=row, person=actor.person, at=clock.now(), note=note)
        chain.record("site.tampering_seen", actor.who, subject=("tampering", row.pk), covers=[seen])
    return seen


@staff_only
def tampering(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found at one time, and the form to say what came of it."""
    actor = actor_of(request)
    require(actor, READ, None)
    row = get_object_or_404(Tampering.objects.select_related("seen__person"), pk=pk)
    seen = getattr(row, "seen", None)
    form = SeenForm(request.POST or None)
    if request.method == "POST":
        require(actor, SETTLE, None)
        if form.is_valid():
            settle(actor, row, form.cleaned_data["note"])
            messages.success(request, _("Kept. It stands in the list from now on as looked into."))
            return redirect("channels:site")
    context = {
        "title": _("Tampering with pages"),
        "form": form if seen is None and allowed(actor, SETTLE, None) else None,
        "found": [{"what": WORDS.get(what, what), "path": path} for what, path in row.found],
        "more": row.count - len(row.found),
        "facts": [
            {"label": _("folder"), "value": row.where, "wide": True},
            {"label": _("found"), "value": row.at},
            {"label": _("files"), "value": row.count},
            {"label": _("restored"), "value": row.restored},
            {
                "label": _("looked into"),
                "value": f"{seen.person.name}：{seen.note}" if seen else _("not yet"),
            },
        ],
        "submit_label": _("Say what came out"),
        "action": "",
        "cancel_url": reverse("channels:site"),
    }
    return render(request, "channels/tampering.html", context)


def waiting(actor: Actor) -> list[Waiting]:
    """For system and security administrators: tampering nobody has looked into, exports that fail."""
    if not allowed(actor, SETTLE, None):
        return []
    agency = actor.person.agency
    rows = [
        Waiting(
            kind=_("Public site"),
            title=_("%(count)s files were tampered with in %(where)s")
            % {"count": row.count, "where": row.where},
            step=_("look into it"),
            url=reverse("channels:tampering", args=[row.pk]),
            agency=agency,
            since=row.at,
        )
        for row in Tampering.objects.filter(seen__isnull=True)[:SHOWN]
    ]
    rows += [
        Waiting(
            kind=_("Public site"),
            title=_("The export to %(where)s fails: %(error)s") % {"where": row.path, "error": row.error},
            step=_("make the folder reachable"),
            url=reverse("channels:site"),
            agency=agency,
            since=row.failed_since,
        )
        for row in Export.objects.filter(following=True, failed_since__isnull=False)[:SHOWN]
    ]
    return rows


def register() -> None:
    """Called once, from the room's AppConfig.ready."""
    navigation.add(
        Link(
            gettext_lazy("Public site"),
            gettext_lazy("Exports and tampering"),
            "channels:site",
            READ,
            59,
            seldom=True,
        )
    )
    navigation.provide("site", waiting)
