"""The public pages of subscriptions: the form, confirming, changing and ending by a link, and the feed of a search."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.policy import Refused
from gongkai.channels import addresses, subscriptions
from gongkai.channels.subscription_models import Subscription, Wanted
from gongkai.disclosure.models import Column
from gongkai.portal import challenge, rendering, views

FREQUENCIES = Subscription.Frequency.choices


class SubscribeForm(forms.Form):
    """An address, and how often."""

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("A link is sent there; news begins once you have confirmed it."),
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=FREQUENCIES,
        widget=forms.RadioSelect,
        initial=Subscription.Frequency.DAILY,
        help_text=gettext_lazy("Only when there is something new."),
    )


def _page(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page of subscriptions; no cache keeps it."""
    context |= {"site": rendering.site(), "breadcrumb": [{"label": _("Subscribe")}]}
    response = render(request, f"portal/subscribe/{name}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    return _page(request, "no_link", 404)


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """GET /subscribe/?column=… or the address of a search: the form; POST takes it. What was typed is kept."""
    chosen = {name: value for name, value in views.chosen_of(request).items() if value}
    query = chosen.pop("q", "")
    chosen.pop("sort", None)
    form = SubscribeForm(request.POST if request.method == "POST" else None)
    refusal = ""
    try:
        query, chosen = subscriptions.wanted_of(query, chosen)
    except Refused as refused:
        refusal = refused.message
    if request.method == "POST" and form.is_valid() and not refusal:
        try:
            proof = challenge.check(request.POST)
            subscriptions.ask(
                form.cleaned_data["email"],
                query,
                chosen,
                form.cleaned_data["frequency"],
                network=request.META.get("REMOTE_ADDR", ""),
                proved=proof.worked,
            )
            return redirect("portal:subscribe_sent")
        except Refused as refused:
            form.add_error(None, refused.message)
    return _page(
        request,
        "form",
        form=form,
        refusal=refusal,
        columns=_columns() if refusal else [],
        label="" if refusal else subscriptions.label(Wanted(query=query, chosen=chosen)),
        feed="" if refusal else feed_address(query, chosen),
        mail=subscriptions.offered(),
        action=request.get_full_path(),
        challenge=challenge.issue(),
    )


def feed_address(query: str, chosen: dict[str, str]) -> str:
    """The feed of what is wanted: of a column its file, of a search the one made when it is asked for."""
    if not query and set(chosen) == {"column"}:
        return addresses.folder_url(addresses.column_folder(chosen["column"])) + "feed.xml"
    return views.address({"q": query, **chosen}).replace("/search/", "/search/feed.xml", 1)


def _columns() -> list[dict[str, str]]:
    rows = Column.objects.filter(active=True).values_list("code", "name")
    return [{"label": name, "url": f"{reverse('portal:subscribe')}?column={code}"} for code, name in rows]


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for everybody, whether the address is known here or not."""
    return _page(request, "sent", mails=subscriptions.MAILS_A_DAY, days=subscriptions.CONFIRM_WITHIN.days)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button, because programs that look through mail open every link; the button confirms."""
    try:
        if request.method == "POST":
            row = subscriptions.confirm(token)
            return redirect("portal:subscribe_manage", token=subscriptions.manage_token(row))
        row = subscriptions.asked_by(token)
    except subscriptions.NoSuchLink:
        return _gone(request)
    return _page(request, "confirm", label=subscriptions.label(row.wanted), frequency=row)


@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that goes to the address of the link: how often, or no longer."""
    refusal = done = ""
    try:
        if request.method == "POST":
            if "end" in request.POST:
                subscriptions.end_of(token, request.POST["end"])
                done = _("Ended and deleted.")
            else:
                subscriptions.change(token, request.POST.get("change", ""), request.POST.get("frequency", ""))
                done = _("Changed.")
        rows = subscriptions.all_of(token)
    except subscriptions.NoSuchLink:
        return _page(request, "ended") if done else _gone(request)
    except Refused as refused:
        refusal, rows = refused.message, subscriptions.all_of(token)
    shown = [
        {
            "pk": row.pk,
            "label": subscriptions.label(row.wanted),
            "url": views.address({"q": row.wanted.query, **row.wanted.chosen}),
            "frequency": row.frequency,
            "since": row.confirmed_at,
        }
        for row in rows
    ]
    return _page(request, "manage", rows=shown, frequencies=FREQUENCIES, done=done, refusal=refusal)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """End a subscription: by a button, or by the reader's mail program with one POST (RFC 8058)."""
    try:
        if request.method == "POST":
            subscriptions.end(token)
            return _page(request, "ended")
        label = subscriptions.ends(token)
    except subscriptions.NoSuchLink:
        return _gone(request)
    return _page(request, "end", label=label)
