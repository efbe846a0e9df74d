"""Pages of import manifests: what stands on one, what left it and why, its approval, and taking single items out."""

from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import Filters, StaffList, actor_of, kind, staff_only
from gongkai.agencies.policy import Refused, allowed
from gongkai.review import manifests
from gongkai.review.models import Manifest, ReviewState, Revision, Withdrawal

READ = "review.read"
# Named on the page; all of them are tried again.
MOST_STUCK = 20


class ManifestTable(tables.Table):
    """Manifests of the reader's agencies."""

    name = tables.Column(attrs=kind("main"))
    created_at = tables.DateTimeColumn(attrs=kind("date"))

    class Meta:
        model = Manifest
        fields = ("name", "agency", "created_by", "created_at")
        order_by = ("-created_at",)

    def render_name(self, record: Manifest) -> dict[str, Any]:
        return {"text": record.name, "url": reverse("review:manifest", args=[record.pk])}

    def value_name(self, record: Manifest) -> str:
        return record.name


class ManifestFilters(Filters):
    """By name."""

    q = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", label=gettext_lazy("Name contains")
    )

    class Meta:
        model = Manifest
        fields = ("q",)


class ManifestList(StaffList):
    """Lists of what was public elsewhere, each under one approval."""

    model = Manifest
    table_class = ManifestTable
    filterset_class = ManifestFilters
    act = READ
    title = gettext_lazy("Import manifests")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("agency", "created_by")


class LineTable(tables.Table):
    """The items of a manifest; each opens as it will appear."""

    title = tables.Column(verbose_name=gettext_lazy("title"), accessor="revision__title", attrs=kind("main"))
    state = tables.Column()
    why = tables.Column(
        verbose_name=gettext_lazy("reason"), accessor="revision__removal__reason", orderable=False
    )
    changed_at = tables.DateTimeColumn(verbose_name=gettext_lazy("since"), attrs=kind("date"))

    class Meta:
        model = ReviewState
        fields = ("title", "state", "why", "changed_at")
        order_by = ("revision__submitted_at",)

    def render_title(self, record: ReviewState) -> dict[str, Any]:
        return {"text": record.revision.title, "url": reverse("review:page", args=[record.revision_id])}

    def value_title(self, record: ReviewState) -> str:
        return record.revision.title


class LineFilters(Filters):
    """By words of the title, and where the item stands."""

    q = django_filters.CharFilter(
        field_name="revision__title", lookup_expr="icontains", label=gettext_lazy("Title contains")
    )
    state = django_filters.ChoiceFilter(
        choices=[
            choice
            for choice in ReviewState.State.choices
            if choice[0]
            in (ReviewState.State.LISTED, ReviewState.State.RELEASED, ReviewState.State.CANCELLED)
        ],
        label=gettext_lazy("State"),
    )

    class Meta:
        model = ReviewState
        fields = ("q", "state")


class LineList(StaffList):
    """Everything that was frozen for a manifest, with acts on it: submit, open the approval, take out, withdraw."""

    model = ReviewState
    table_class = LineTable
    filterset_class = LineFilters
    template_name = "review/manifest.html"
    act = READ

    def get_queryset(self) -> Any:
        rows = super().get_queryset().filter(revision__batch=self.kwargs["pk"])
        return rows.select_related("revision", "revision__removal")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        manifest = manifest_for(self.request, self.kwargs["pk"])
        actor = self.actor
        open_one, out = manifests.running(manifest), manifests.approved(manifest)
        held = manifests.counts(manifest)
        waits = held.get(ReviewState.State.LISTED, 0)
        may_out = out is None and waits and allowed(actor, manifests.TAKE_OUT, manifest.agency)
        return super().get_context_data(**kwargs) | {
            "title": manifest.name,
            "manifest": manifest,
            "facts": _facts(manifest, held, out),
            "review_url": reverse("review:page", args=[open_one.revision_id]) if open_one else "",
            "sheet_url": reverse("review:sheet", args=[out.revision_id]) if out else "",
            "may_submit": bool(waits and out is None and open_one is None) and allowed(actor, "review.draft", manifest.agency),
            "lines": list(self.filterset.qs.filter(state=ReviewState.State.LISTED)[: manifests.SHOWN]) if may_out else [],
            "may_withdraw": out is not None and allowed(actor, "review.withdraw", manifest.agency),
            "reasons": Withdrawal.Reason.choices,
            "stuck": _stuck(manifest),
            "may_again": bool(manifest.stuck and out is not None and not hasattr(out, "withdrawal"))
            and allowed(actor, "review.draft", manifest.agency),
            "releasing": manifest.releasing,
            "done": held.get(ReviewState.State.RELEASED, 0),
            "all": held.get(ReviewState.State.RELEASED, 0) + waits,
        }  # fmt: skip


def _stuck(manifest: Manifest) -> list[dict[str, str]]:
    """What could not be released, by title, with the reason."""
    titles = Revision.objects.in_bulk(list(manifest.stuck)[:MOST_STUCK])
    return [
        {"title": row.title, "url": reverse("review:page", args=[row.pk]), "why": manifest.stuck[str(row.pk)]}
        for row in titles.values()
    ]


def _facts(manifest: Manifest, held: dict[str, int], out: Any) -> list[dict[str, Any]]:
    return [
        {"label": _("agency"), "value": manifest.agency.name},
        {"label": _("begun by"), "value": manifest.created_by.name},
        {"label": _("on the list"), "value": held.get(ReviewState.State.LISTED, 0)},
        {"label": _("released"), "value": held.get(ReviewState.State.RELEASED, 0)},
        {
            "label": _("taken out or submitted by themselves"),
            "value": held.get(ReviewState.State.CANCELLED, 0),
        },
        {"label": _("digest that was approved"), "value": out.digest if out else ""},
    ]


def manifest_for(request: HttpRequest, pk: UUID) -> Manifest:
    """The manifest, where the reader may see its agency's reviews; else 404."""
    row = get_object_or_404(Manifest.objects.select_related("agency", "created_by"), pk=pk)
    if not allowed(actor_of(request), READ, row.agency):
        raise Http404
    return row


def _back(request: HttpRequest, pk: UUID, act: Any, said: str) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("review:manifest", pk=pk)


@staff_only
@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Freeze the list and put it before the handler for step one."""
    manifest = manifest_for(request, pk)
    try:
        frozen = manifests.submit(actor_of(request), manifest)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("review:manifest", pk=pk)
    return redirect("review:page", pk=frozen.pk)


@staff_only
@require_POST
def take_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the ticked items out; running approvals begin anew."""
    manifest, actor = manifest_for(request, pk), actor_of(request)
    chosen = _uuids(request.POST.getlist("revision"))
    said = _("Taken out; the approvals of the list begin anew.")
    return _back(
        request, pk, lambda: manifests.take_out(actor, manifest, chosen, request.POST.get("reason", "")), said
    )


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@staff_only
@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try again to release what could not be released."""
    manifest, actor = manifest_for(request, pk), actor_of(request)
    return _back(
        request,
        pk,
        lambda: manifests.try_again(actor, manifest),
        _("They are tried again within a minute; what still cannot go out says why."),
    )


@staff_only
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take everything of this list off the public."""
    manifest, actor = manifest_for(request, pk), actor_of(request)
    reason = request.POST.get("reason", "")
    return _back(
        request,
        pk,
        lambda: manifests.withdraw_all(actor, manifest, reason=reason),
        _("All of them are withdrawn."),
    )


@staff_only
def page(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The list of a manifest."""
    manifest_for(request, pk)
    return LineList.as_view()(request, pk=pk)
