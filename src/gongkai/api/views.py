"""Pages of the administrators: which programs may call, for whom, since when; the token is shown once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed, require
from gongkai.api import integrations
from gongkai.api.forms import IntegrationForm, RevokeForm
from gongkai.api.models import Integration, Scope
from gongkai.api.tables import STANDINGS, IntegrationFilters, IntegrationTable


class IntegrationList(StaffList):
    """Every integration, those that ended too."""

    model = Integration
    table_class = IntegrationTable
    filterset_class = IntegrationFilters
    act = "api.read"
    title = gettext_lazy("Programs that may call")
    intro = gettext_lazy("Each acts for one appointed person and never has more rights than that person.")

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        return rows.select_related("agency", "person", "confirmation", "revocation", "use")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        primary = None
        if allowed(self.actor, "api.propose", None):
            primary = {"label": _("Propose an integration"), "url": reverse("integrations:propose")}
        return super().get_context_data(**kwargs) | {"primary": primary}


@staff_only
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a program that is to call."""
    actor = actor_of(request)
    require(actor, "api.propose", None)
    form = IntegrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = integrations.propose(actor, **form.said())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Proposed. It counts once the security administrator confirms it."))
            return redirect("integrations:integration", pk=row.pk)
    context = {
        "form": form,
        "title": _("Propose an integration"),
        "submit_label": _("Propose the integration"),
        "consequence": _("Nothing is open before the security administrator has confirmed it."),
        "cancel_url": reverse("integrations:list"),
    }
    return render(request, "workbench/form.html", context)


def _integration(request: HttpRequest, pk: UUID) -> Integration:
    rows = Integration.objects.select_related(
        "agency", "person", "proposed_by", "confirmation__confirmed_by", "revocation__revoked_by", "use"
    )
    row = get_object_or_404(rows, pk=pk)
    if not allowed(actor_of(request), "api.read", row.agency):
        raise Http404
    return row


@staff_only
def integration(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An integration: what it may do, where it stands, its last use, what was done with it."""
    return _page(request, _integration(request, pk))


def _page(request: HttpRequest, row: Integration, token: str = "") -> HttpResponse:
    state = integrations.standing(row)
    use = getattr(row, "use", None)
    labels = dict(Scope.choices)
    context = {
        "title": row.name,
        "token": token,
        "primary": None if token else _primary(request, row, state),
        "acts": _acts(request, row, state),
        "facts": [
            {"label": _("state"), "value": STANDINGS[state]},
            {"label": _("purpose"), "value": row.purpose},
            {"label": _("who answers for it"), "value": row.contact},
            {"label": _("agency"), "value": row.agency.name},
            {"label": _("acts for"), "value": row.person.name},
            {"label": _("calls a minute"), "value": row.per_minute},
            {
                "label": _("what it may do"),
                "value": "；".join(str(labels[each]) for each in row.scopes),
                "wide": True,
            },
            {"label": _("from which networks"), "value": "、".join(row.networks) or _("from anywhere")},
            {"label": _("last day"), "value": row.expires_on},
            {"label": _("last call"), "value": use.at if use else None},
            {"label": _("from the address"), "value": use.address if use else ""},
        ],
        "timeline": _timeline(row),
        "without_rights": state in ("confirmed", "open")
        and not integrations.appointed(row.person, row.agency),
    }
    return render(request, "integrations/integration.html", context)


def _primary(request: HttpRequest, row: Integration, state: str) -> dict[str, Any] | None:
    actor = actor_of(request)
    if state == "waiting" and allowed(actor, "api.confirm", row.agency):
        url = reverse("integrations:confirm", args=[row.pk])
        return {"label": _("Confirm this integration"), "url": url, "method": "post"}
    if state == "confirmed" and allowed(actor, "api.propose", row.agency):
        return {
            "label": _("Issue the token"),
            "url": reverse("integrations:issue", args=[row.pk]),
            "method": "post",
            "consequence": _("It is shown once; hand it to the contact yourself."),
        }
    return None


def _acts(request: HttpRequest, row: Integration, state: str) -> list[dict[str, Any]]:
    actor = actor_of(request)
    found = []
    if state == "open" and allowed(actor, "api.propose", row.agency):
        found.append(
            {
                "label": _("Issue a new token"),
                "url": reverse("integrations:issue", args=[row.pk]),
                "method": "post",
                "consequence": _("The token of now ends at once."),
            }
        )
    if state != "revoked" and allowed(actor, "api.revoke", row.agency):
        found.append({"label": _("Revoke"), "url": reverse("integrations:revoke", args=[row.pk])})
    return found


def _timeline(row: Integration) -> list[dict[str, Any]]:
    done = [(row.proposed_at, _("proposed"), row.proposed_by, "")]
    if hasattr(row, "confirmation"):
        done.append((row.confirmation.confirmed_at, _("confirmed"), row.confirmation.confirmed_by, ""))
    done += [
        (each.issued_at, _("token issued"), each.issued_by, "")
        for each in row.tokens.select_related("issued_by")
    ]
    if hasattr(row, "revocation"):
        ended = row.revocation
        done.append((ended.revoked_at, _("revoked"), ended.revoked_by, ended.reason))
    return [{"when": at, "title": title, "who": who.name, "detail": words} for at, title, who, words in done]


@staff_only
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm an integration."""
    integrations.confirm(actor_of(request), _integration(request, pk))
    messages.success(request, _("Confirmed; the system administrator issues the token."))
    return redirect("integrations:integration", pk=pk)


@staff_only
@require_POST
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue a token and show it, this once."""
    row = _integration(request, pk)
    token = integrations.issue(actor_of(request), row)
    return _page(request, _integration(request, pk), token)


@staff_only
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Revoke an integration."""
    row = _integration(request, pk)
    require(actor_of(request), "api.revoke", row.agency)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            integrations.revoke(actor_of(request), row, form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Revoked: from now on no call is answered."))
            return redirect("integrations:integration", pk=pk)
    context = {
        "form": form,
        "title": _("Revoke: %(name)s") % {"name": row.name},
        "submit_label": _("Revoke"),
        "consequence": _("At once and for good; for the same program a new integration is proposed."),
        "cancel_url": reverse("integrations:integration", args=[pk]),
    }
    return render(request, "workbench/form.html", context)
