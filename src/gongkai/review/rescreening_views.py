"""What is public, screened again: how far the rounds are, what was found, and what is decided on it."""

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

from gongkai import screening
from gongkai.agencies.models import Role
from gongkai.agencies.pages import Filters, StaffList, actor_of, kind, staff_only
from gongkai.agencies.policy import Actor, Refused, allowed
from gongkai.journal import clock
from gongkai.review import releases, rescreening, screening_rules, subjects
from gongkai.review.models import NewFinding, Release, Rescreening, RescreeningRound, Withdrawal
from gongkai.screening import Kind, Layer

ROUNDS_SHOWN, HISTORY_SHOWN = 10, 50
READ = "review.read"
WAITS, DISMISSED, GONE = "waits", "dismissed", "gone"
STANDINGS = {
    WAITS: gettext_lazy("waits for a decision"),
    DISMISSED: gettext_lazy("no problem"),
    GONE: gettext_lazy("withdrawn, replaced or screened again"),
}


class FoundTable(tables.Table):
    """What screenings afterwards found anew."""

    title = tables.Column(
        accessor="release__revision__title",
        attrs=kind("main"),
        verbose_name=gettext_lazy("title"),
        orderable=False,
    )
    news = tables.Column(attrs=kind("number"))
    at = tables.DateTimeColumn(attrs=kind("date"))
    standing = tables.Column(empty_values=(), orderable=False, verbose_name=gettext_lazy("standing"))

    class Meta:
        model = Rescreening
        fields = ("title", "agency", "reason", "news", "standing", "at")
        order_by = ("-at",)

    def render_title(self, record: Rescreening) -> dict[str, Any]:
        return {
            "text": record.release.revision.title,
            "url": reverse("review:rescreened", args=[record.release_id]),
        }

    def value_title(self, record: Rescreening) -> str:
        return record.release.revision.title

    def render_standing(self, record: Rescreening) -> str:
        return str(STANDINGS[standing(record)])


def standing(row: Rescreening) -> str:
    """Where what was found stands: waits for a decision, was dismissed, or is out of the world."""
    if hasattr(row, "dismissal"):
        return DISMISSED
    return WAITS if hasattr(row.release, "screened") and not row.later else GONE


class FoundFilters(Filters):
    """By reason, agency and day."""

    reason = django_filters.ChoiceFilter(
        choices=RescreeningRound.Reason.choices, label=gettext_lazy("Reason")
    )
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=gettext_lazy("Since"))
    title = django_filters.CharFilter(
        field_name="release__revision__title", lookup_expr="icontains", label=gettext_lazy("Title contains")
    )

    class Meta:
        model = Rescreening
        fields = ("title", "reason", "since")


class FoundList(StaffList):
    """What was found anew in the reader's agencies, below how far the rounds are."""

    model = Rescreening
    table_class = FoundTable
    filterset_class = FoundFilters
    template_name = "review/rescreenings.html"
    act = READ
    title = gettext_lazy("Screening after publication")
    intro = gettext_lazy(
        "Each week a part of what is public is screened again, and everything when the rules changed. "
        "A screening changes nothing by itself: people withdraw, or say with a ground that it is no problem."
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().filter(result=Rescreening.Result.NEW)
        return (
            rows.select_related("agency", "release__revision", "release__screened", "dismissal")
            .annotate(later=rescreening.later())
            .order_by("-pk")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = RescreeningRound.objects.filter(agency__isnull=True) | RescreeningRound.objects.filter(
            agency__in=self.seats
        )
        rounds = mine.select_related("agency").order_by("-pk")[:ROUNDS_SHOWN]
        return super().get_context_data(**kwargs) | {
            "rounds": [progress(row) for row in rounds],
            "sample": screening_rules.in_force(),
        }


def progress(row: RescreeningRound) -> dict[str, Any]:
    """One round as the page shows it: done of all, since when, how long."""
    until = row.ended_at or clock.now()
    minutes = int((until - row.began_at).total_seconds() // 60)
    return {
        "round": row,
        "most": max(row.total, row.done),
        "share": 100 if row.ended_at else int(100 * row.done / max(row.total, row.done, 1)),
        "minutes": minutes,
        # What another round screened in the meantime this one need not.
        "spared": max(row.total - row.done, 0) if row.ended_at else 0,
    }


class WithdrawForm(forms.Form):
    """Why it is taken off, and what the public page then says."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=Withdrawal.Reason.choices)
    show_title = forms.BooleanField(
        label=gettext_lazy("Show the title on the public page (never after a leak)"), required=False
    )
    note = forms.CharField(label=gettext_lazy("Internal note"), max_length=500, required=False)


class DismissForm(forms.Form):
    """Why what was found is no problem."""

    ground = forms.CharField(
        label=gettext_lazy("Ground"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stays with the finding, and the same is not told again for this content."),
    )


@staff_only
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what was found in one release, masked, with where. POST: withdraw it, or say that it is no problem."""
    release = get_object_or_404(
        Release.objects.select_related("agency", "revision", "withdrawal__person"), pk=pk
    )
    actor = actor_of(request)
    if not allowed(actor, READ, release.agency):
        raise Http404
    found = rescreening.open_finding(release)
    posted = request.POST.get("act", "")
    withdraw = WithdrawForm(
        request.POST if posted == "withdraw" else None,
        prefix="withdraw",
        initial={"reason": preset(found)},
    )
    dismiss = DismissForm(request.POST if posted == "dismiss" else None, prefix="dismiss")
    if request.method == "POST":
        form = withdraw if posted == "withdraw" else dismiss
        if form.is_bound and form.is_valid():
            try:
                _decide(actor, release, found, form)
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                words = (
                    _("Withdrawn.") if posted == "withdraw" else _("Noted as no problem, with your ground.")
                )
                messages.success(request, words)
                return redirect("review:rescreened", pk=release.pk)
    context = _context(actor, release, found) | {"withdraw_form": withdraw, "dismiss_form": dismiss}
    return render(request, "review/rescreened.html", context)


def preset(found: Rescreening | None) -> str:
    """The reason of a withdrawal that fits what was found: a leak where a finding blocks."""
    blocks = found is not None and found.findings.filter(severity="block").exists()
    return Withdrawal.Reason.LEAK if blocks else Withdrawal.Reason.ERROR


def _decide(
    actor: Actor, release: Release, found: Rescreening | None, form: WithdrawForm | DismissForm
) -> None:
    said = form.cleaned_data
    if isinstance(form, WithdrawForm):
        releases.withdraw(
            actor, release, reason=said["reason"], show_title=said["show_title"], note=said["note"]
        )
    elif found is None:
        raise Refused(_("There is nothing left to decide here."))
    else:
        rescreening.dismiss(actor, found, said["ground"])


def _context(actor: Actor, release: Release, found: Rescreening | None) -> dict[str, Any]:
    subject = subjects.kind_of(release.subject_kind)
    public = hasattr(release, "screened")
    rows = list(release.rescreenings.select_related("dismissal__person").order_by("-pk")[:HISTORY_SHOWN])
    shown = found or next((row for row in rows if row.news), None)
    return {
        "title": release.revision.title,
        "release": release,
        "found": found,
        "subject_url": subject.page(release.subject_id),
        "kind_label": subject.label,
        "facts": [
            {"label": _("agency"), "value": release.agency.name},
            {"label": _("released at"), "value": release.released_at},
            {"label": _("state"), "value": state_words(release, found, public=public)},
            {"label": _("screened at"), "value": shown.at if shown else None},
            {"label": _("reason"), "value": shown.get_reason_display() if shown else ""},
            {"label": _("rules"), "value": shown.rules_version if shown else ""},
        ],
        "found_rows": [_finding(row) for row in _ordered(shown)],
        "more": shown.news - rescreening.KEPT if shown and shown.news > rescreening.KEPT else 0,
        "may_withdraw": public and allowed(actor, "review.withdraw", release.agency),
        "may_dismiss": found is not None and actor.holds(Role.REVIEWER, release.agency) is not None,
        "marked": found is not None and found.findings.filter(kind=str(Kind.CLASSIFICATION_MARK)).exists(),
        "timeline": [_event(row) for row in rows],
    }


def state_words(release: Release, found: Rescreening | None, *, public: bool) -> str:
    """Where the matter stands, in one line."""
    if hasattr(release, "withdrawal"):
        return _("withdrawn by %(who)s") % {"who": release.withdrawal.person.name}
    if not public:
        return _("replaced by a later release")
    return _("public; waits for a decision") if found else _("public; nothing is open")


def _ordered(row: Rescreening | None) -> list[NewFinding]:
    """Blocking ones first."""
    return sorted(row.findings.all(), key=lambda each: (each.severity != "block", each.pk)) if row else []


def _finding(row: NewFinding) -> dict[str, Any]:
    layer = screening.LAYER_LABELS.get(Layer(row.layer), row.layer)
    return {
        "severity": "blocking" if row.severity == "block" else "warning",
        "title": screening.KIND_LABELS.get(Kind(row.kind), row.kind),
        "where": f"{row.location} · {layer}",
        "excerpt": row.excerpt,
        "advice": row.why,
    }


def _event(row: Rescreening) -> dict[str, Any]:
    said = getattr(row, "dismissal", None)
    news = _("%(n)d new findings") % {"n": row.news} if row.news else _("nothing new")
    return {
        "when": row.at,
        "title": f"{row.get_reason_display()}：{news}",
        "who": said.person.name if said else "",
        "detail": _("No problem: %(ground)s") % {"ground": said.ground} if said else "",
    }
