"""Kinds of entries, for administrators: what there is, add one, change one."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, require
from gongkai.supervision import kinds as use_cases
from gongkai.supervision.definition import GROUPS
from gongkai.supervision.forms import KindForm
from gongkai.supervision.models import Kind

EXAMPLE = {
    "code": "example",
    "group": "work",
    "name": "示例事项",
    "number": "示例〔{year}〕{n}号",
    "open_by": ["staff"],
    "fields": [{"name": "content", "label": "内容", "type": "longtext", "required": True}],
    "states": [
        {"code": "open", "name": "办理中", "waits_for": "lead"},
        {"code": "done", "name": "已办结", "end": "done"},
    ],
    "moves": [{"code": "finish", "label": "办结", "from": ["open"], "to": "done", "by": ["lead"]}],
}


@staff_only
def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind, in use or not."""
    require(actor_of(request), "configuration.edit", None)
    rows = Kind.objects.order_by("order", "code")
    return render(
        request,
        "workbench/list.html",
        {
            "title": _("Kinds of entries"),
            "primary": {"label": _("Add a kind"), "url": reverse("supervision:kind_new")},
            "count": len(rows),
            "table": {
                "caption": _("Kinds of entries"),
                "columns": [
                    {"label": label, "sort": "", "kind": look}
                    for label, look in (
                        (_("name"), "main"),
                        (_("code"), ""),
                        (_("group"), ""),
                        (_("in use"), ""),
                    )
                ],
                "rows": [
                    {
                        "cells": [
                            {"text": row.name, "url": reverse("supervision:kind", args=[row.pk])},
                            row.pk,
                            GROUPS[row.group],
                            _("yes") if row.active else _("no"),
                        ]
                    }
                    for row in rows
                ],
            },
        },
    )


@staff_only
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Add or change a kind as JSON; a refused one comes back with the sentence and what was typed."""
    actor = actor_of(request)
    require(actor, "configuration.edit", None)
    row = get_object_or_404(Kind, pk=code) if code else None
    shown = json.dumps(row.data if row else EXAMPLE, ensure_ascii=False, indent=1)
    form = KindForm(
        request.POST or None, initial={"definition": shown, "active": row.active if row else True}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        data = said["definition"]
        try:
            if row is not None and isinstance(data, dict) and data.get("code") != row.pk:
                raise Refused(_("The code of a kind stays “%(code)s”.") % {"code": row.pk})
            saved = use_cases.save(actor, data, active=said["active"])
        except Refused as refusal:
            form.add_error("definition", refusal.message)
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": saved.name})
            return redirect("supervision:kinds")
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": row.name if row else _("Add a kind"),
            "intro": _(
                "Fields, states and moves of this kind; what each word means stands in the user guide."
            ),
            "submit_label": _("Save the kind"),
            "consequence": _("Open entries follow the new states and moves at once."),
            "cancel_url": reverse("supervision:kinds"),
        },
    )
