"""The public forms of taking part: say something to a notice or solicitation, register for a hearing, ask what became of it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies.policy import Refused
from gongkai.applications import throttle
from gongkai.disclosure import notices, opinions
from gongkai.disclosure.models import Item, Period
from gongkai.disclosure.notice_models import Stance
from gongkai.files import storage
from gongkai.portal import challenge, lists, rendering
from gongkai.portal.receipts import Receipt, TrackForm, in_groups

RECEIPT = Receipt("gongkai_opinion_receipt", "portal:participation_done")
LARGEST_FILE = 10 * 1024 * 1024
LOOKS_AN_HOUR = 60
BOARD = "/participation/"


class OpinionForm(forms.Form):
    """What one person says."""

    stance = forms.ChoiceField(
        label=gettext_lazy("How do you stand to it?"),
        choices=Stance.choices,
        widget=forms.RadioSelect,
        initial=Stance.OTHER,
    )
    text = forms.CharField(
        label=gettext_lazy("Your opinion"),
        max_length=opinions.LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Name the passage it is about, and say what you propose and why."),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=opinions.LONGEST["name"],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=gettext_lazy("Telephone, e-mail or address"),
        max_length=opinions.LONGEST["contact"],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
        help_text=gettext_lazy("Only for questions about your opinion."),
    )
    file = forms.FileField(
        label=gettext_lazy("A file"),
        required=False,
        help_text=gettext_lazy("Word, Excel, PDF, text or a picture, at most 10 MB."),
    )

    def __init__(self, *args: Any, named: bool, hearing: bool, **kwargs: Any) -> None:
        """named: whether a name is asked for; hearing: whether one registers for a hearing."""
        super().__init__(*args, **kwargs)
        self.fields["name"].required = named
        for field in ("name", "contact"):
            # Never kept in the browser.
            self.fields[field].widget.attrs["data-private"] = ""
        if hearing:
            self.fields["text"].label = _("What you want to say at the hearing")
            self.fields["contact"].required = True
            self.fields["contact"].help_text = _("So that you are told whether you take part.")

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if upload is not None and upload.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 10 MB; send a smaller one."))
        return upload

    def said(self) -> opinions.Said:
        """What is sealed."""
        upload = self.cleaned_data.get("file")
        file = (upload.name, upload.read(storage.LARGEST + 1)) if upload else None
        return opinions.Said(
            text=self.cleaned_data["text"],
            name=self.cleaned_data["name"],
            contact=self.cleaned_data["contact"],
            file=file,
        )


def _page(request: HttpRequest, name: str, trail: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page of taking part; no cache keeps what a writer sees."""
    context |= {
        "site": rendering.site(),
        "section": "participation",
        "breadcrumb": [{"label": pgettext("portal navigation", "Take part"), "url": BOARD}, {"label": trail}],
    }
    response = render(request, f"portal/participation/{name}.html", context, status=status)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def take_part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form of one notice, solicitation or hearing; what was typed is kept when something is wrong.

    After the last day the page says so, and where to write instead.
    """
    item = (
        Item.objects.filter(pk=pk, state=Item.State.PUBLIC, variety__in=notices.WITH_PERIOD)
        .select_related("agency", "live")
        .first()
    )
    content = opinions.live_content(item) if item else None
    if item is None or content is None:
        raise Http404
    more = content["more"]
    hearing = item.variety == notices.HEARING
    sent = request.method == "POST"
    form = OpinionForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        named=bool(more.get("named")),
        hearing=hearing,
    )
    if sent and form.is_valid():
        try:
            proof = challenge.check(request.POST)
            taken = opinions.receive(
                item,
                form.said(),
                stance=form.cleaned_data["stance"],
                address=request.META.get("REMOTE_ADDR", ""),
                form=proof.token,
                proved=proof.worked,
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            # The opinion is committed: only now its number goes out (I8).
            return RECEIPT.give(request, redirect(RECEIPT.page), [taken.number, taken.code])
    return _page(
        request,
        "form",
        item.title[:40],
        form=form,
        item=item,
        item_url=lists.item_url(item),
        hearing=hearing,
        challenge=challenge.issue(),
        open=opinions.open_period(item) is not None,
        # What was typed stays in sight even where the last day passed meanwhile.
        typed=sent,
        again=[request.FILES["file"].name[:100]] if sent and "file" in request.FILES else [],
        **_period_words(item, more),
    )


def _period_words(item: Item, more: Any) -> dict[str, Any]:
    row = Period.objects.filter(release_id=item.live_id).first()
    if row is None:
        return {}
    return {
        "period": notices.period_words(row.begins, row.ends),
        "left": notices.days_left(more),
        "phase": notices.phase(more),
        "ends": notices.day_words(row.ends),
        "how": more.get("how", ""),
        "contact": more.get("contact", ""),
    }


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The receipt: number and query code, to print or write down."""
    said = RECEIPT.said(request)
    try:
        row = opinions.find(*said) if said else None
    except Refused:
        row = None
    if row is None:
        return redirect("portal:participation_track")
    return _page(
        request,
        "done",
        _("Registered"),
        opinion=row,
        code=in_groups(said[1]),
        item_url=lists.item_url(row.item),
        due=notices.day_words(row.period.result_due) if row.period.result_due else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """By number and query code: what became of an opinion. By POST, so that no address holds the code."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    trail = _("What became of my opinion?")
    if request.method != "POST" or not form.is_valid():
        return _page(request, "track", trail, form=form)
    address = request.META.get("REMOTE_ADDR", "")
    try:
        if throttle.spent("opinion", address, LOOKS_AN_HOUR):
            raise Refused(_("Too many questions came from your network in the last hour; try again later."))
        throttle.count("opinion", address)
        row = opinions.find(form.cleaned_data["number"], form.cleaned_data["code"])
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, "track", trail, form=form)
    return _page(
        request,
        "progress",
        trail,
        opinion=row,
        item_url=lists.item_url(row.item) if row.item.live_id else "",
        answer=row.answers.order_by("-pk").first(),
        due=notices.day_words(row.period.result_due) if row.period.result_due else "",
    )
