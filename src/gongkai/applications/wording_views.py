"""Staff pages of an agency's wordings of its letters: what is in force, its versions, the editor with its check."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.models import Agency
from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, agencies_for, allowed, require
from gongkai.applications import samples
from gongkai.applications import wording as words
from gongkai.applications import wordings as use_cases
from gongkai.applications.models import LetterWording
from gongkai.applications.views import download, with_article
from gongkai.applications.wording_forms import RestoreForm, WordingForm
from gongkai.journal import clock
from gongkai.paperwork import pdf
from gongkai.paperwork.errors import PaperworkError
from gongkai.review.differences import diff
from gongkai.rulebook.letters import LETTER_KINDS


@staff_only
def wordings(request: HttpRequest) -> HttpResponse:
    """Every kind of letter of the reader's agencies, with the wording in force."""
    actor = actor_of(request)
    agencies = list(agencies_for(actor, "wording.read").order_by("path")[:50])
    if not agencies:
        require(actor, "wording.read", None)
    newest: dict[tuple[Any, int], LetterWording] = {}
    for row in LetterWording.objects.filter(agency__in=agencies).select_related("person").order_by("version"):
        newest[row.agency_id, row.kind] = row
    looks = (
        (_("letter"), "main"),
        (_("number in the list"), "number"),
        (_("agency"), ""),
        (_("wording"), ""),
    )
    context = {
        "title": _("Wordings of letters"),
        "intro": _("Each letter prints what the law asks of it; how it says so is for the agency."),
        "count": len(agencies) * len(words.TEMPLATES),
        "table": {
            "caption": _("Wordings of letters"),
            "columns": [{"label": label, "sort": "", "kind": look} for label, look in looks],
            "rows": [
                {
                    "cells": [
                        {
                            "text": LETTER_KINDS[kind].title,
                            "url": reverse("applications:wording", args=[agency.pk, kind]),
                            "note": LETTER_KINDS[kind].when,
                        },
                        kind,
                        agency.brief,
                        _standing(newest.get((agency.pk, kind))),
                    ]
                }
                for agency in agencies
                for kind in sorted(words.TEMPLATES)
            ],
        },
    }
    return render(request, "workbench/list.html", context)


def _standing(row: LetterWording | None) -> str:
    if row is None or not row.paragraphs:
        return _("standard text")
    return _("own text, version %(n)d") % {"n": row.version}


def _place(request: HttpRequest, agency: UUID, kind: int) -> Agency:
    """The agency, where the reader may see its wordings and the kind is a letter; else 404."""
    row = get_object_or_404(Agency, pk=agency)
    if kind not in words.TEMPLATES or not allowed(actor_of(request), "wording.read", row):
        raise Http404
    return row


@staff_only
def wording(request: HttpRequest, agency: UUID, kind: int) -> HttpResponse:
    """One wording: as a sample letter, against the standard, version by version."""
    where = _place(request, agency, kind)
    now = use_cases.in_force(where, kind)
    versions = use_cases.versions(where, kind)
    said = [use_cases.of(row) for row in versions]
    plain = use_cases.standard(kind)
    may = allowed(actor_of(request), "wording.edit", where)
    context = {
        "title": LETTER_KINDS[kind].title,
        "facts": [
            {"label": _("agency"), "value": where.name},
            {"label": _("used"), "value": LETTER_KINDS[kind].when},
            {"label": _("wording"), "value": _standing(versions[0] if versions else None)},
            {
                "label": _("must contain"),
                "value": "、".join(each.label for each in LETTER_KINDS[kind].possible),
                "wide": True,
            },
        ],
        "primary": _act(_("Change the wording"), "wording_edit", where, kind) if may else None,
        "acts": [_act(_("Return to the standard text"), "wording_restore", where, kind)]
        if may and now.own
        else [],
        "sample": _sample(where, now),
        "sample_url": reverse("applications:wording_sample", args=[where.pk, kind]),
        "against_standard": diff(_lines(plain), _lines(now)) if now.own else None,
        "versions": [
            {
                "row": row,
                "words": _standing(row),
                "diff": diff(_lines(before), _lines(this)),
            }
            for row, this, before in zip(versions, said, [*said, plain][1:], strict=True)
        ],
    }
    return render(request, "applications/wording.html", context)


def _act(label: str, name: str, agency: Agency, kind: int) -> dict[str, Any]:
    return {"label": label, "url": reverse(f"applications:{name}", args=[agency.pk, kind])}


def _lines(said: use_cases.Wording) -> list[str]:
    """A wording as lines to compare: its paragraphs, then what its elements begin with."""
    labels = {each.key: each.label for each in words.TEMPLATES[said.kind].written}
    return [
        *said.paragraphs,
        *(f"{labels.get(name, name)}：{text}" for name, text in said.texts.items() if text),
    ]


def _sample(agency: Agency, said: use_cases.Wording) -> str:
    paper = samples.letter(agency, said.kind, said.paragraphs, said.texts, day=clock.today())
    return render_to_string("applications/letter_preview.html", {"paper": paper, "mark": samples.MARK})


@staff_only
def edit(request: HttpRequest, agency: UUID, kind: int) -> HttpResponse:
    """The editor: check and look at a sample, or put in force."""
    where = _place(request, agency, kind)
    actor = actor_of(request)
    require(actor, "wording.edit", where)
    now = use_cases.in_force(where, kind)
    initial = dict(now.texts) | {"paragraphs": "\n".join(now.paragraphs), "version": now.version}
    form = WordingForm(request.POST or None, kind=kind, initial=initial)
    sample = ""
    if request.method == "POST" and _passes(form, kind, only_look="check" in request.POST):
        lines, texts = form.lines(), form.texts()
        if "check" in request.POST:
            sample = _sample(where, use_cases.Wording(kind, 0, tuple(lines), texts))
        else:
            said = form.cleaned_data
            try:
                use_cases.save(
                    actor,
                    where,
                    kind,
                    paragraphs=lines,
                    texts=texts,
                    reason=said["reason"],
                    version=said["version"],
                )
            except Refused as refusal:
                form.add_error(None, with_article(refusal))
            else:
                messages.success(request, _("In force for letters begun from now on."))
                return redirect("applications:wording", agency=where.pk, kind=kind)
    template = words.TEMPLATES[kind]
    must = {each.key: each.label for each in LETTER_KINDS[kind].possible}
    context = {
        "form": form,
        "sections": form.sections,
        "title": _("Wording of “%(letter)s”") % {"letter": LETTER_KINDS[kind].title},
        "intro": _("Letters begun from now on take it; drafts keep theirs and are offered the new one."),
        "placeholders": [
            {"name": f"{{{name}}}", "label": must.get(name, _OTHER.get(name, name)), "must": name in must}
            for name in template.allowed
        ],
        "sample": sample,
        "submit_label": _("Put in force"),
        "cancel_url": reverse("applications:wording", args=[where.pk, kind]),
    }
    return render(request, "applications/wording_edit.html", context)


# What may be printed beside the required elements.
_OTHER = {
    words.YOU: "您（对组织：贵单位）",
    "received_on": "收到申请日期",
    "channel": "收到渠道",
    "registration_number": "登记编号",
    "request_excerpt": "申请内容（原文摘录）",
}


def _passes(form: WordingForm, kind: int, *, only_look: bool) -> bool:
    """Whether the form is filled in and the check finds nothing; what it finds stands beside the fields."""
    if only_look:
        reason = form.fields["reason"]
        reason.required, reason.needed = False, True
    if not form.is_valid():
        return False
    faults = use_cases.faults(kind, form.lines(), form.texts())
    for fault in faults:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
    return not faults


@staff_only
def restore(request: HttpRequest, agency: UUID, kind: int) -> HttpResponse:
    """Return to the standard text."""
    where = _place(request, agency, kind)
    actor = actor_of(request)
    require(actor, "wording.edit", where)
    form = RestoreForm(request.POST or None, initial={"version": use_cases.in_force(where, kind).version})
    if request.method == "POST" and form.is_valid():
        try:
            use_cases.restore(actor, where, kind, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, with_article(refusal))
        else:
            messages.success(request, _("The standard text is in force again."))
            return redirect("applications:wording", agency=where.pk, kind=kind)
    context = {
        "form": form,
        "title": _("Return “%(letter)s” to the standard text") % {"letter": LETTER_KINDS[kind].title},
        "submit_label": _("Return to the standard text"),
        "consequence": _("Earlier versions stay in the list; drafts keep theirs."),
        "cancel_url": reverse("applications:wording", args=[where.pk, kind]),
    }
    return render(request, "workbench/form.html", context)


@staff_only
def sample(request: HttpRequest, agency: UUID, kind: int) -> HttpResponse:
    """The sample letter of the wording in force as PDF."""
    where = _place(request, agency, kind)
    now = use_cases.in_force(where, kind)
    paper = samples.letter(where, kind, now.paragraphs, now.texts, day=clock.today())
    try:
        data = pdf.letter_pdf(paper)
    except PaperworkError as error:
        raise Refused(str(error)) from error
    return download(data, "application/pdf", f"{LETTER_KINDS[kind].title}（样张）.pdf")
