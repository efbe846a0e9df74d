"""The public page for having a record about oneself amended (更正申请, art. 41); receipt and progress are those of
an application."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gongkai.agencies.policy import Refused
from gongkai.applications import amendments, intake
from gongkai.applications.amendment_forms import AmendmentFields
from gongkai.portal import challenge
from gongkai.portal.apply_forms import ApplyForm
from gongkai.portal.apply_views import page, registered, retyped, with_receipt


class AmendForm(AmendmentFields, ApplyForm):
    """A request to amend a record on one page: to whom, who, what is wrong, how the answer comes."""

    # Declared by ApplyForm too; AmendmentFields, which the register shares, would bring the field back.
    submission = None
    agency = forms.ChoiceField(
        label=gettext_lazy("Agency you apply to"), help_text=gettext_lazy("The agency that keeps the record.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.WANTED:
            # What is looked up while typing is information, not a record about oneself.
            self.fields[name].widget.attrs.pop("data-wanted", None)
            # Asked of everybody on this page; the evidence may also come as a file.
            self.fields[name].required = name != "proof"
        self.fields["proof"].needed = True

    def sections(self) -> list[dict[str, Any]]:
        """As of an application, with the third and the fourth step of art. 41."""
        who, contact, *_rest = super().sections()
        return [
            who,
            contact,
            {
                "id": "step-record",
                "label": gettext_lazy("What is to be amended"),
                "words": gettext_lazy(
                    "A record about yourself (与自身相关的政府信息) that is not accurate, and what shows it (证据)."
                ),
                "fields": [self[name] for name in self.WANTED],
            },
            {
                "id": "step-answer",
                "label": gettext_lazy("Evidence and answer"),
                "words": gettext_lazy("Papers that show it, and how the answer is to reach you."),
                "fields": [self[name] for name in self.ACCESS],
            },
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest) -> HttpResponse:
    """The form; what was typed is kept when something is wrong, and when one more applicant is added."""
    agencies = intake.open_agencies()
    if request.method != "POST":
        return _form(request, AmendForm(agencies=agencies))
    changed = retyped(request.POST)
    if changed is not None:
        return _form(request, AmendForm(initial=changed, agencies=agencies), kept=True)
    form = AmendForm(request.POST, request.FILES, agencies=agencies)
    if form.is_valid():
        try:
            proof = challenge.check(request.POST)
            case = amendments.submit(
                form.agency_chosen(),
                form.taken(),
                submission=UUID(proof.token),
                address=request.META.get("REMOTE_ADDR", ""),
                worked=proof.worked,
            )
        except intake.Incomplete as refusal:
            form.blame(refusal.problems)
        except intake.RegisteredAlready as refusal:
            form.add_error(None, refusal.message)
            return with_receipt(request, _form(request, form, kept=True, already=True), refusal.case)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return registered(request, case)
    return _form(request, form, kept=True)


def _form(
    request: HttpRequest, form: AmendForm, *, kept: bool = False, already: bool = False
) -> HttpResponse:
    # Asked before the folds are laid out, which open where something is wrong.
    wrong = bool(form.errors)
    return page(
        request,
        "amend",
        _("Have a record amended"),
        form=form,
        sections=form.sections(),
        wrong=wrong,
        kept=kept,
        already=already,
        again=[file.name[:100] for _name, files in request.FILES.lists() for file in files],
        challenge=challenge.issue(),
        open=bool(form.agencies),
    )
