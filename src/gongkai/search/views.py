"""The synonyms of the search, for administrators: what there is, add a group, change or retire one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, require
from gongkai.search import editing
from gongkai.search.forms import SynonymForm
from gongkai.search.models import SynonymGroup


@staff_only
def synonyms(request: HttpRequest) -> HttpResponse:
    """Every group, in use or retired."""
    require(actor_of(request), editing.ACT, None)
    rows = list(SynonymGroup.objects.order_by("-active", "pk"))
    looks = ((_("synonymous terms"), "main"), (_("reason"), ""), (_("in use"), ""))
    context = {
        "title": _("Synonyms of the search"),
        "intro": _(
            "Who searches for one term of a group finds the others too, and is told so. A change acts at once."
        ),
        "primary": {"label": _("Add synonyms"), "url": reverse("search:synonyms_new")},
        "count": len(rows),
        "table": {
            "caption": _("Synonyms of the search"),
            "columns": [{"label": label, "sort": "", "kind": look} for label, look in looks],
            "rows": [
                {
                    "cells": [
                        {"text": str(row), "url": reverse("search:synonyms_edit", args=[row.pk])},
                        row.why,
                        _("yes") if row.active else _("retired"),
                    ]
                }
                for row in rows
            ],
        },
    }
    return render(request, "workbench/list.html", context)


@staff_only
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a group; a refused one comes back with the sentence and what was typed."""
    actor = actor_of(request)
    require(actor, editing.ACT, None)
    row = get_object_or_404(SynonymGroup, pk=pk) if pk else None
    now = {"terms": "\n".join(row.terms), "why": row.why, "active": row.active} if row else None
    form = SynonymForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            saved = editing.save(actor, said["terms"], why=said["why"], active=said["active"], pk=pk)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": saved})
            return redirect("search:synonyms")
    context = {
        "form": form,
        "title": str(row) if row else _("Add synonyms"),
        "submit_label": _("Save the synonyms"),
        "consequence": _("The next search follows; nothing has to be rebuilt."),
        "cancel_url": reverse("search:synonyms"),
    }
    return render(request, "workbench/form.html", context)
