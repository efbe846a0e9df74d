"""Pages of the dictionaries: list, terms with filter and export, import with preview, single terms, versions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gongkai.agencies import exporting
from gongkai.agencies.models import Agency
from gongkai.agencies.pages import EXPORTS, actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed, anywhere, require
from gongkai.journal import chain
from gongkai.review import dictionaries, screening_rules
from gongkai.review.dictionaries import KEEP_OWN, KEEP_SHARED
from gongkai.review.models import Dictionary, DictionaryVersion
from gongkai.review.rule_forms import ImportForm, NameForm, ReasonForm, TakeForm, TermForm
from gongkai.screening import CONDITIONS, Term

PAGE, PREVIEW_SHOWN, VERSIONS_SHOWN = 50, 50, 50
INSTANCE = "instance"


def readable(actor: Actor) -> QuerySet[Dictionary]:
    """The dictionaries the actor may see: those of the instance, and of the agencies whose rules they may see."""
    if not anywhere(actor, screening_rules.READ):
        require(actor, screening_rules.READ, None)
    mine = agencies_for(actor, screening_rules.READ)
    return Dictionary.objects.filter(Q(agency__isnull=True) | Q(agency__in=mine)).select_related("agency")


def _dictionary(request: HttpRequest, pk: UUID, *, keep: bool = False) -> Dictionary:
    """The dictionary; 404 where the actor may not see it, or (keep) may not change it."""
    actor = actor_of(request)
    row = get_object_or_404(readable(actor), pk=pk)
    if keep and not allowed(actor, dictionaries.act_for(row.agency), row.agency):
        raise Http404
    return row


@staff_only
def dictionary_list(request: HttpRequest) -> HttpResponse:
    """Every dictionary the reader may see, with what is in force of it."""
    actor = actor_of(request)
    rows = readable(actor).order_by("agency__path", "name")
    found = [(row, dictionaries.latest(row)) for row in rows]
    whose = _whose(actor)
    table = {
        "caption": _("Dictionaries"),
        "columns": [
            {"label": label, "kind": look}
            for label, look in (
                (_("name"), "main"),
                (_("for"), ""),
                (_("terms"), "number"),
                (_("version"), "number"),
                (_("in use"), ""),
                (_("set at"), "date"),
            )
        ],
        "rows": [{"cells": _cells(row, last)} for row, last in found],
    }
    context = {
        "title": _("Dictionaries"),
        "intro": _(
            "Terms that must not go out, or are written otherwise. Those of the instance count for all agencies, an "
            "agency's for its own texts. A change is a new version, and what is public is screened again by it."
        ),
        "table": table,
        "count": len(found),
        "primary": {"label": _("Begin a dictionary"), "url": reverse("review:dictionary_begin")}
        if whose
        else None,
    }
    return render(request, "workbench/list.html", context)


def _cells(row: Dictionary, last: DictionaryVersion | None) -> list[Any]:
    return [
        {"text": row.name, "url": reverse("review:dictionary", args=[row.pk])},
        row.agency.name if row.agency else _("the whole instance"),
        last.terms if last else 0,
        last.number if last else 0,
        "" if last is None else _("in use") if last.active else _("switched off"),
        last.at if last else row.at,
    ]


def _whose(actor: Actor) -> list[tuple[str, str]]:
    """For whom the actor may begin a dictionary."""
    shared = [(INSTANCE, _("the whole instance"))] if allowed(actor, KEEP_SHARED, None) else []
    return shared + [(str(pk), name) for pk, name in agencies_for(actor, KEEP_OWN).values_list("pk", "name")]


@staff_only
def begin(request: HttpRequest) -> HttpResponse:
    """A new, empty dictionary."""
    actor = actor_of(request)
    whose = _whose(actor)
    if not whose:
        require(actor, KEEP_SHARED, None)
    form = NameForm(request.POST or None, whose=whose)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        agency = None if said["whose"] == INSTANCE else Agency.objects.get(pk=said["whose"])
        try:
            row = dictionaries.begin(actor, agency, said["name"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Begun. Import a file, or add terms one by one."))
            return redirect("review:dictionary", pk=row.pk)
    context = {
        "form": form,
        "title": _("Begin a dictionary"),
        "submit_label": _("Begin it"),
        "cancel_url": reverse("review:dictionaries"),
    }
    return render(request, "workbench/form.html", context)


def _found(terms: list[Term], words: str) -> list[Term]:
    words = words.strip()
    return [
        term
        for term in terms
        if not words or words in f"{term.wrong}\n{term.right}\n{term.why}\n{term.group}"
    ]


@staff_only
def dictionary(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The terms in force with filter, pages and export; below them the versions."""
    row = _dictionary(request, pk)
    actor = actor_of(request)
    last = dictionaries.latest(row)
    terms = _found(dictionaries.terms_of(last), request.GET.get("q", ""))
    if (form := request.GET.get("export", "")) in exporting.FORMATS:
        return _export(actor, row, form, terms)
    keeps = allowed(actor, dictionaries.act_for(row.agency), row.agency)
    page = Paginator(terms, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "title": row.name,
        "dictionary": row,
        "last": last,
        "keeps": keeps,
        "q": request.GET.get("q", ""),
        "count": len(terms),
        "page_obj": page,
        "exports": [
            {"label": label, "url": f"?{query.urlencode()}{'&' if query else ''}export={name}"}
            for name, label in EXPORTS.items()
        ],
        "table": _table(row, page.object_list, keeps=keeps),
        "versions": [_version(each) for each in row.versions.select_related("person")[:VERSIONS_SHOWN]],
        "switch": ReasonForm(),
    }
    return render(request, "review/dictionary.html", context)


def _table(row: Dictionary, terms: Any, *, keeps: bool) -> dict[str, Any]:
    columns = (
        _("term to find"),
        _("what should stand there"),
        _("why"),
        _("group"),
        _("condition"),
        _("weight"),
    )
    return {
        "caption": _("Terms of the dictionary"),
        "columns": [{"label": label, "kind": "main" if n == 0 else ""} for n, label in enumerate(columns)],
        "rows": [
            {
                "cells": [
                    {
                        "text": term.wrong,
                        "url": f"{reverse('review:dictionary_term', args=[row.pk])}?of={term.wrong}",
                    }
                    if keeps
                    else term.wrong,
                    *_line(term)[1:],
                ]
            }
            for term in terms
        ],
    }


def _line(term: Term) -> list[Any]:
    weight = _("always blocks") if term.severity else _("as the policy says")
    return [term.wrong, term.right, term.why, term.group, CONDITIONS[term.before], weight]


def _export(actor: Actor, row: Dictionary, form: str, terms: list[Term]) -> HttpResponseBase:
    """The terms in the columns that an import reads; the journal keeps who took them away."""
    with transaction.atomic():
        chain.record(
            "list.exported", actor.who, agency=row.agency_id or "", subject=("dictionary", row.pk), form=form
        )
    heads = ["错误", "规范", "理由", "分组", "条件", "例外", "处置"]
    lines = [
        [
            term.wrong,
            term.right,
            term.why,
            term.group,
            "日期" if term.before else "",
            "；".join(term.allowed),
            "阻断" if term.severity else "",
        ]
        for term in terms
    ]
    return exporting.download(form, [heads, *lines], row.name)


def _version(row: DictionaryVersion) -> dict[str, Any]:
    change = _("%(added)d added, %(changed)d changed, %(removed)d removed; %(terms)d terms") % {
        "added": row.added,
        "changed": row.changed,
        "removed": row.removed,
        "terms": row.terms,
    }
    return {
        "when": row.at,
        "title": _("Version %(n)d") % {"n": row.number} + f"：{row.get_change_display()}",
        "who": row.person.name,
        "detail": "；".join(part for part in (change, row.source, row.reason) if part),
    }


@staff_only
def import_(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose a file and see what it would change; nothing counts yet."""
    row = _dictionary(request, pk, keep=True)
    actor = actor_of(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        data = file.read(dictionaries.LARGEST_FILE + 1)
        try:
            seen = dictionaries.preview(actor, row, data, file.name, form.cleaned_data["mode"])
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return _preview(request, row, seen, TakeForm(initial={"token": seen.token}))
    context = {
        "form": form,
        "title": _("Import into “%(name)s”") % {"name": row.name},
        "submit_label": _("See what changes"),
        "cancel_url": reverse("review:dictionary", args=[row.pk]),
    }
    return render(request, "workbench/form.html", context)


def _preview(
    request: HttpRequest, row: Dictionary, seen: dictionaries.Preview, form: TakeForm
) -> HttpResponse:
    groups = (
        (_("New terms"), seen.added),
        (_("Changed terms"), seen.changed),
        (_("Terms that go"), seen.removed),
    )
    context = {
        "title": _("Import into “%(name)s”: what changes") % {"name": row.name},
        "dictionary": row,
        "form": form,
        "total": seen.terms,
        "problems": seen.problems[:PREVIEW_SHOWN],
        "more_problems": max(len(seen.problems) - PREVIEW_SHOWN, 0),
        "groups": [
            {
                "label": label,
                "count": len(terms),
                "terms": [_line(term) for term in terms[:PREVIEW_SHOWN]],
                "more": max(len(terms) - PREVIEW_SHOWN, 0),
            }
            for label, terms in groups
        ],
        "changes": any(terms for _label, terms in groups),
        "cancel_url": reverse("review:dictionary", args=[row.pk]),
    }
    return render(request, "review/dictionary_preview.html", context)


@staff_only
@require_POST
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the previewed import count."""
    row = _dictionary(request, pk, keep=True)
    form = TakeForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("This preview is no longer valid: choose the file again."))
        made = dictionaries.take(
            actor_of(request), row, form.cleaned_data["token"], form.cleaned_data["reason"]
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("review:dictionary_import", pk=row.pk)
    messages.success(
        request, _("Version %(n)d is in force: %(terms)d terms.") % {"n": made.number, "terms": made.terms}
    )
    return redirect("review:dictionary", pk=row.pk)


@staff_only
def term(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a term, or change (?of=…) one."""
    row = _dictionary(request, pk, keep=True)
    last = dictionaries.latest(row)
    of = request.GET.get("of", "")
    there = next((each for each in dictionaries.terms_of(last) if each.wrong == of), None)
    initial = {"seen": last.number if last else 0} | (TermForm.initial_of(there) if there else {})
    form = TermForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            dictionaries.put(
                actor_of(request),
                row,
                form.term(),
                instead_of=there.wrong if there else "",
                seen=form.cleaned_data["seen"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The term counts from now on."))
            return redirect("review:dictionary", pk=row.pk)
    context = {
        "form": form,
        "title": _("Change the term") if there else _("Add a term"),
        "submit_label": _("Let it count"),
        "cancel_url": reverse("review:dictionary", args=[row.pk]),
        "dictionary": row,
        "there": there,
    }
    return render(request, "review/dictionary_term.html", context)


@staff_only
@require_POST
def drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a term out."""
    row = _dictionary(request, pk, keep=True)
    seen = request.POST.get("seen", "")
    return _done(
        request,
        row,
        lambda: dictionaries.drop(
            actor_of(request), row, request.POST.get("wrong", ""), seen=int(seen) if seen.isdecimal() else -1
        ),
        _("The term is taken out."),
    )


@staff_only
@require_POST
def switch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the dictionary out of use, or into use again."""
    row = _dictionary(request, pk, keep=True)
    on = request.POST.get("on") == "1"
    return _done(
        request,
        row,
        lambda: dictionaries.switch(actor_of(request), row, on=on, reason=request.POST.get("reason", "")),
        _("It is in use again.") if on else _("It is switched off."),
    )


def _done(request: HttpRequest, row: Dictionary, act: Any, words: str) -> HttpResponse:
    try:
        act()
        messages.success(request, words)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("review:dictionary", pk=row.pk)
