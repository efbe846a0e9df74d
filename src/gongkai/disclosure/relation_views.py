"""Staff pages of relations: begin an interpretation, let a document go alone, take a question from a letter."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused
from gongkai.disclosure import interpretations, joint_releases, questions
from gongkai.disclosure.views import item_for


class AloneForm(forms.Form):
    """Why a policy document goes before its interpretation."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=joint_releases.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@staff_only
@require_POST
def interpret(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the interpretation of a policy document."""
    row = item_for(request, pk)
    begun = interpretations.begin(actor_of(request), row)
    messages.success(request, _("Begun from the plan of the document, and linked to it."))
    return redirect("disclosure:edit", pk=begun.pk)


@staff_only
def alone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let an approved policy document go before its interpretation."""
    row = item_for(request, pk)
    revision = joint_releases.held(row)
    if revision is None:
        raise Refused(_("Only a policy document that waits for its interpretation goes alone."))
    form = AloneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            joint_releases.release_alone(actor_of(request), revision, form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Released. Its interpretation is due now."))
            return redirect("disclosure:item", pk=row.pk)
    context: dict[str, Any] = {
        "form": form,
        "title": _("Release before its interpretation: %(title)s") % {"title": row.title},
        "submit_label": _("Release alone"),
        "consequence": _(
            "It is public at once; the reason stands in the journal, the interpretation becomes due."
        ),
        "cancel_url": reverse("disclosure:item", args=[row.pk]),
    }
    return render(request, "workbench/form.html", context)


@staff_only
@require_POST
def question_from_letter(request: HttpRequest, letter: UUID) -> HttpResponse:
    """Begin a question from a published letter."""
    begun = questions.begin_from_letter(actor_of(request), letter)
    messages.success(request, _("Taken over from what is public of the letter; choose its subject."))
    return redirect("disclosure:edit", pk=begun.pk)
