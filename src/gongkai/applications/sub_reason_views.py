"""The table of sub-reasons of 其他处理, for administrators: what there is, add one, change or retire one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, require
from gongkai.applications import sub_reasons as use_cases
from gongkai.applications.models import SubReason
from gongkai.applications.wording_forms import SubReasonForm
from gongkai.rulebook.letters import LETTER_KINDS


@staff_only
def sub_reasons(request: HttpRequest) -> HttpResponse:
    """Every sub-reason, in use or retired."""
    require(actor_of(request), use_cases.ACT, None)
    rows = list(SubReason.objects.order_by("-active", "pk"))
    looks = (
        (_("sub-reason"), "main"),
        (_("letter"), ""),
        (_("article"), ""),
        (_("tells of remedies"), ""),
        (_("in use"), ""),
    )
    context = {
        "title": _("Sub-reasons of 其他处理"),
        "intro": _(
            "The decision page offers them; each names the letter by which the applicant is answered."
        ),
        "primary": {"label": _("Add a sub-reason"), "url": reverse("applications:sub_reason_new")},
        "count": len(rows),
        "table": {
            "caption": _("Sub-reasons of 其他处理"),
            "columns": [{"label": label, "sort": "", "kind": look} for label, look in looks],
            "rows": [
                {
                    "cells": [
                        {"text": row.label, "url": reverse("applications:sub_reason", args=[row.key])},
                        LETTER_KINDS[row.letter].title,
                        row.law,
                        _("yes") if row.remedy else _("no"),
                        _("yes") if row.active else _("retired"),
                    ]
                }
                for row in rows
            ],
        },
    }
    return render(request, "workbench/list.html", context)


@staff_only
def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """Add or change a sub-reason; a refused one comes back with the sentence and what was typed."""
    actor = actor_of(request)
    require(actor, use_cases.ACT, None)
    row = get_object_or_404(SubReason, key=key) if key else None
    names = ("label", "letter", "remedy", "law", "conclusion", "active")
    form = SubReasonForm(
        request.POST or None, initial={name: getattr(row, name) for name in names} if row else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = use_cases.save(actor, use_cases.Said(**form.cleaned_data), key=key)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": saved.label})
            return redirect("applications:sub_reasons")
    context = {
        "form": form,
        "title": row.label if row else _("Add a sub-reason"),
        "submit_label": _("Save the sub-reason"),
        "consequence": _("The decision page follows at once; letters already begun keep their text."),
        "cancel_url": reverse("applications:sub_reasons"),
    }
    return render(request, "workbench/form.html", context)
