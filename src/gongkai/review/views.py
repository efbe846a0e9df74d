"""The review page, for every kind of subject, on desktop and phone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai import screening
from gongkai.agencies.deadlines import deadline
from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, allowed
from gongkai.journal import clock
from gongkai.review import (
    approvals,
    consultations,
    differences,
    examination,
    referrals,
    sheet,
    subjects,
    submission,
)
from gongkai.review.forms import DecisionForm, GroundForm, SheetForm
from gongkai.review.models import STEPS, Approval, Finding, Release, ReviewState, Revision
from gongkai.review.roles import STEP_OF_STATE, STEP_ROLES
from gongkai.rulebook.examination import Conclusion

CONSEQUENCES = {
    1: gettext_lazy("It then goes to the confidentiality reviewer."),
    2: gettext_lazy("It then goes to the principal leader."),
}


def revision_for(request: HttpRequest, pk: UUID) -> Revision:
    """The revision, where the policy lets the reader see its agency's reviews; else 404."""
    revision = get_object_or_404(Revision.objects.select_related("agency", "state", "submitted_by"), pk=pk)
    kind = subjects.kind_of(revision.subject_kind)
    if not allowed(actor_of(request), kind.read_act, revision.agency):
        raise Http404
    return revision


@staff_only
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET: the exact content, what changed, findings, checklist. POST: approve or return."""
    revision = revision_for(request, pk)
    actor = actor_of(request)
    kind = subjects.kind_of(revision.subject_kind)
    step = STEP_OF_STATE.get(ReviewState.State(revision.state.state), 0)
    may_decide = bool(step) and actor.holds(STEP_ROLES[step], revision.agency) is not None
    form = DecisionForm(request.POST or None, kind=kind, step=step) if may_decide else None
    answering = _sheet_form(request, revision, step) if form is not None and kind.examined(step) else None
    if request.method == "POST" and form is not None and form.is_valid() and _well_formed(answering):
        try:
            return _decide(request, actor, revision, step, form, answering)
        except examination.NotYet as refusal:
            if answering is not None:
                answering.refuse(refusal.obstacles)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = _context(actor, revision, kind, step) | {
        "form": form,
        "sheet_form": answering,
        "action": reverse("review:page", args=[revision.pk]) if form is not None else "",
    }
    return render(request, "review/page.html", context)


def _well_formed(form: SheetForm | None) -> bool:
    return form is None or form.is_valid()


def _sheet_form(request: HttpRequest, revision: Revision, step: int) -> SheetForm:
    """The ten points to answer: one's own latest answers, or for the reviewer those of the handler."""
    proposed = examination.latest(revision, 1)
    own = examination.latest(revision, step) or proposed
    if own is not None:
        values = examination.initial(own)
    else:
        content = submission.content_of(revision.digest)
        outlet = subjects.kind_of(revision.subject_kind).outlet(content or {}, revision.agency)
        values = {"channel": outlet.channel, "column": outlet.column, "planned": outlet.planned}
    before = examination.answers_of(proposed) if proposed is not None and step == 2 else {}
    return SheetForm(request.POST or None, initial=values, on=clock.today(), before=before)


def _decide(
    request: HttpRequest,
    actor: Actor,
    revision: Revision,
    step: int,
    form: DecisionForm,
    answering: SheetForm | None,
) -> HttpResponse:
    opinion = form.cleaned_data["opinion"]
    statement = answering.statement() if answering is not None else None
    if request.POST.get("decision") == "return":
        approvals.return_(actor, revision, step=step, opinion=opinion)
        messages.success(request, _("Returned with your reason."))
    elif step == 2 and statement is not None and statement.concludes is Conclusion.WITHHELD:
        approvals.withhold(actor, revision, statement, opinion=opinion)
        messages.success(request, _("Not disclosed: the text went back, with the ground on record."))
    elif step == 2 and statement is not None and statement.concludes is Conclusion.REFERRED:
        approvals.refer(actor, revision, statement)
        messages.success(
            request, _("Examined: enter to whom it is referred. The review waits for the answer.")
        )
        return redirect("review:refer", pk=revision.pk)
    else:
        approvals.approve(
            actor,
            revision,
            step=step,
            opinion=opinion or _("agreed"),
            checklist=form.checklist(),
            ground=form.cleaned_data.get("ground", ""),
            release_at=form.cleaned_data.get("release_at"),
            statement=statement,
        )
        messages.success(request, _("Done: %(title)s") % {"title": revision.title})
    return redirect("workbench:inbox")


def _context(actor: Actor, revision: Revision, kind: subjects.SubjectKind, step: int) -> dict[str, Any]:
    content = submission.content_of(revision.digest)
    before = _released_before(revision)
    found = Finding.objects.filter(screening__revision=revision).select_related("dispute", "resolution")
    hindrance = approvals.hindrance(actor, revision, step) if step else ""
    consequence = CONSEQUENCES.get(step) or (
        _("It is released at once and then cannot be changed.") if kind.public else _("It may then be sent.")
    )
    holder = kind.holds(revision) if step == 3 else ""
    if holder:
        consequence = str(kind.held_consequence) % {"agency": holder}
    waits = referrals.open_of(revision) is not None and bool(step)
    due = revision.state.due_on
    return {
        "title": revision.title,
        "revision": revision,
        "kind_label": kind.label,
        "steps": steps(revision),
        "preview": _preview(actor, revision, kind, content),
        "stylesheet": kind.stylesheet,
        "diff": _diff(kind, before, content),
        "before": _("released on %(day)s") % {"day": timezone.localdate(before.release.released_at)}
        if before
        else "",
        "after": _("this revision"),
        "findings": [_finding(actor, finding, step) for finding in found],
        "deadline": deadline(due) if due and step else None,
        "term": referrals.term(due) if waits else "",
        "waits": referrals.hindrance(revision) if waits else "",
        "lines": examination.lines(revision),
        "conclusions": _conclusions(revision),
        "warning": examination.warnings(revision) if kind.public else None,
        "referrals": revision.referrals.select_related("answer", "person").order_by("pk"),
        "consultations": revision.consultations.select_related("answer", "person").order_by("pk"),
        "consulting": consultations.hindrance(revision) if step else "",
        "may_refer": bool(step) and allowed(actor, "review.refer", revision.agency),
        "body": examination.body_of(revision.agency),
        "hindrance": hindrance,
        "consequence": hindrance or consequence,
        "approve_label": kind.held_label if holder else approve_words(step, kind),
        "beside": kind.beside(revision),
        "subject_url": kind.page(revision.subject_id),
        "recall_url": reverse("review:recall", args=[revision.pk])
        if revision.state.state in ReviewState.OPEN and allowed(actor, "review.draft", revision.agency)
        else "",
        "sheet_url": reverse("review:sheet", args=[revision.pk]),
    }


def _conclusions(revision: Revision) -> list[dict[str, Any]]:
    """What handler and reviewer concluded, as the facts of the page."""
    rows = [(_("Proposed by the handler"), 1), (_("Concluded by the confidentiality reviewer"), 2)]
    found = [(label, examination.latest(revision, step)) for label, step in rows]
    return [
        {"label": label, "value": f"{examination.conclusion_of(row)} {row.person.name} {row.note}".strip()}
        for label, row in found
        if row is not None
    ]


def _preview(
    actor: Actor, revision: Revision, kind: subjects.SubjectKind, content: subjects.Content | None
) -> str:
    if content is None:
        return ""
    kind.seen(revision.subject_id, actor)
    return kind.preview(content, revision.agency)


def approve_words(step: int, kind: subjects.SubjectKind) -> str:
    """The verb on the button of a step."""
    if step == 1:
        return _("Confirm and send to the confidentiality reviewer")
    if step == 2:
        return _("Send to the principal leader")
    return _("Approve and release") if kind.public else _("Approve")


def steps(revision: Revision) -> list[dict[str, Any]]:
    """The three steps as portal/partials/steps.html takes them."""
    taken = {row.step: row for row in revision.approvals.select_related("person")}
    now = STEP_OF_STATE.get(ReviewState.State(revision.state.state), 0)
    rows = []
    for number, label in STEPS.items():
        row = taken.get(number)
        state = "current" if number == now else "todo"
        if row is not None:
            state = "returned" if row.decision == Approval.RETURNED else "done"
        rows.append(
            {
                "label": label,
                "state": state,
                "who": row.person.name if row else "",
                "when": row.at if row else None,
                "words": row.opinion if row else "",
            }
        )
    return rows


def _released_before(revision: Revision) -> Revision | None:
    earlier = Release.objects.filter(
        subject_kind=revision.subject_kind,
        subject_id=revision.subject_id,
        revision__number__lt=revision.number,
    )
    last = earlier.order_by("-pk").select_related("revision").first()
    return last.revision if last else None


def _diff(
    kind: subjects.SubjectKind, before: Revision | None, content: subjects.Content | None
) -> list[dict[str, Any]]:
    old = submission.content_of(before.digest) if before else None
    if old is None or content is None:
        return []
    return differences.diff(kind.lines(old), kind.lines(content))


def _finding(actor: Actor, finding: Finding, step: int) -> dict[str, Any]:
    disputed = getattr(finding, "dispute", None)
    resolved = getattr(finding, "resolution", None)
    blocks = finding.severity == "block"
    url = ""
    if blocks and not resolved and (finding.kind != approvals.MARK or referrals.determines(finding)):
        if step == 1 and not disputed:
            url = reverse("review:dispute", args=[finding.pk])
        elif step == 2:
            url = reverse("review:resolve", args=[finding.pk])
    words = [finding.why]
    if disputed:
        words.append(
            _("Disputed by %(who)s: %(ground)s") % {"who": disputed.person.name, "ground": disputed.ground}
        )
    if resolved:
        words.append(
            _("Resolved by %(who)s: %(ground)s") % {"who": resolved.person.name, "ground": resolved.ground}
        )
    label = screening.KIND_LABELS.get(screening.Kind(finding.kind), finding.kind)
    layer = screening.LAYER_LABELS.get(screening.Layer(finding.layer), finding.layer)
    act = _("Dispute with a ground") if step == 1 else _("Resolve with a ground")
    return {
        "severity": "blocking" if blocks else "warning",
        "title": label,
        "where": f"{finding.location} · {layer}",
        "excerpt": finding.excerpt,
        "advice": " ".join(word for word in words if word),
        "resolved": resolved is not None,
        "acts": [{"label": act, "url": url}] if url else [],
    }


def _finding_for(request: HttpRequest, pk: int) -> Finding:
    finding = get_object_or_404(Finding.objects.select_related("screening__revision__agency"), pk=pk)
    revision_for(request, finding.screening.revision_id)
    return finding


def _ground_page(request: HttpRequest, pk: int, act: Any, title: str, label: str) -> HttpResponse:
    finding = _finding_for(request, pk)
    back = reverse("review:page", args=[finding.screening.revision_id])
    form = GroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(actor_of(request), finding, form.cleaned_data["ground"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect(back)
    intro = (
        f"{screening.KIND_LABELS.get(screening.Kind(finding.kind), '')} {finding.excerpt} {finding.location}"
    )
    return render(
        request,
        "workbench/form.html",
        {"form": form, "title": title, "submit_label": label, "cancel_url": back, "intro": intro},
    )


@staff_only
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """The handler disputes a blocking finding."""
    return _ground_page(request, pk, approvals.dispute, _("Dispute a finding"), _("Dispute this finding"))


@staff_only
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """The confidentiality reviewer resolves a finding."""
    return _ground_page(request, pk, approvals.resolve, _("Resolve a finding"), _("Resolve this finding"))


@staff_only
@require_POST
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a revision back from its review."""
    revision = revision_for(request, pk)
    submission.recall(actor_of(request), revision)
    messages.success(request, _("Taken back; what is public stays as it is."))
    return redirect(subjects.kind_of(revision.subject_kind).page(revision.subject_id))


@staff_only
def review_sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The review sheet as PDF."""
    revision = revision_for(request, pk)
    # The words of those who endorsed it may speak of the person concerned.
    subjects.kind_of(revision.subject_kind).seen(revision.subject_id, actor_of(request))
    response = HttpResponse(sheet.pdf(revision), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="review-{revision.pk}.pdf"'
    return response
