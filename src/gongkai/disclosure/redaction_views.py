"""Pages of redaction: take out of an attachment, mask the columns of a list, take out of the text; what came of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Refused, allowed
from gongkai.disclosure import content as contents
from gongkai.disclosure import redacting
from gongkai.disclosure.models import Item
from gongkai.disclosure.redaction_forms import MaskForm, RedactForm
from gongkai.disclosure.views import item_for
from gongkai.files import cleaning, storage
from gongkai.files.models import Attachment
from gongkai.review import drafts
from gongkai.screening import KIND_LABELS, LAYER_LABELS, Result, Severity, Verdict, redaction


def _draft_item(request: HttpRequest, pk: UUID) -> Item:
    """The item, where the reader may write its draft; else 404."""
    item = item_for(request, pk)
    if not allowed(actor_of(request), "item.draft", item.agency):
        raise Http404
    return item


def _file_of(item: Item, attachment: UUID) -> Attachment:
    """A file that the draft holds now; else 404: what was replaced or taken off is not worked on."""
    for row in redacting.chosen(item):
        if row.pk == attachment:
            return row
    raise Http404


def _findings(result: Result) -> list[dict[str, Any]]:
    return [
        {
            "severity": "blocking" if finding.severity is Severity.BLOCK else "warning",
            "title": KIND_LABELS[finding.kind],
            "where": f"{LAYER_LABELS[finding.layer]}，{finding.location}",
            "excerpt": finding.excerpt,
            "advice": finding.why,
        }
        for finding in result.findings
    ]


@staff_only
def redact(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """What screening finds in a file, and what of it is to go; the new version takes its place in the draft."""
    item = _draft_item(request, pk)
    row = _file_of(item, attachment)
    sent = request.POST if request.method == "POST" else None
    try:
        targets = redaction.survey(storage.read(row.file_id), row.name)
    except redaction.Unreadable as error:
        messages.error(request, str(error))
        return redirect("disclosure:edit", pk=item.pk)
    form = RedactForm(sent, targets=targets, extension=row.file.extension)
    if sent is not None and form.is_valid():
        try:
            new = redacting.redact(actor_of(request), item, row, form.order())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("disclosure:made", pk=item.pk, attachment=new.pk)
    result = redacting.screened(item, row)
    return render(
        request,
        "disclosure/redact.html",
        {
            "form": form,
            "title": _("Redact: %(name)s") % {"name": row.name},
            "findings": _findings(result),
            "unreadable": result.reason if result.verdict is Verdict.UNREADABLE else "",
            "file_url": reverse("files:attachment", args=[row.pk]),
            "submit_label": _("Make the redacted version"),
            "consequence": _(
                "A new file is made from which this is gone, and takes the place of this one in the draft. "
                "This one stays closed in the store."
            ),
            "cancel_url": reverse("disclosure:edit", args=[item.pk]),
        },
    )


@staff_only
def mask(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """The lists of a file: how each column is masked, the first rows before and after, then the new file."""
    item = _draft_item(request, pk)
    row = _file_of(item, attachment)
    try:
        lists = redaction.lists(storage.read(row.file_id), row.name)
    except redaction.Unreadable as error:
        messages.error(request, str(error))
        return redirect("disclosure:edit", pk=item.pk)
    if not lists:
        messages.error(
            request,
            _("“%(name)s” holds no list with a heading row; use “Redact” instead.") % {"name": row.name},
        )
        return redirect("disclosure:edit", pk=item.pk)
    form = MaskForm(lists, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            new = redacting.redact(actor_of(request), item, row, form.order())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("disclosure:made", pk=item.pk, attachment=new.pk)
    return render(
        request,
        "disclosure/mask.html",
        {
            "form": form,
            "lists": form.previews(),
            "title": _("Mask a list: %(name)s") % {"name": row.name},
            "consequence": _(
                "A new file is made with the columns masked, and takes the place of this one in the draft. "
                "This one stays closed in the store."
            ),
            "cancel_url": reverse("disclosure:edit", args=[item.pk]),
        },
    )


@staff_only
def made(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """How a file of the draft came about: what went, what screening says of it now, and the closed originals."""
    item = _draft_item(request, pk)
    row = _file_of(item, attachment)
    result = redacting.screened(item, row)
    steps = [
        {
            "words": step.get_how_display(),
            "when": step.at,
            "who": step.person.name if step.person else "",
            "rows": [
                {"what": what, "where": where, "excerpt": excerpt, "count": count}
                for what, where, excerpt, count in step.removed
            ],
            "original_url": reverse("files:original", args=[step.pk]),
        }
        for step in cleaning.made(row)
    ]
    return render(
        request,
        "disclosure/made.html",
        {
            "title": _("Made from its original: %(name)s") % {"name": row.name},
            "steps": steps,
            "findings": _findings(result),
            "unreadable": result.reason if result.verdict is Verdict.UNREADABLE else "",
            "blocked": result.verdict is Verdict.BLOCK,
            "may_read_original": allowed(actor_of(request), cleaning.READ, item.agency),
            "file_url": reverse("files:attachment", args=[row.pk]),
            "redact_url": reverse("disclosure:redact", args=[item.pk, row.pk]),
            "edit_url": reverse("disclosure:edit", args=[item.pk]),
        },
    )


@staff_only
def redact_text(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is to go from title, fields and text of the draft."""
    item = _draft_item(request, pk)
    draft = drafts.draft_of(contents.KIND, item.pk)
    if draft is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = RedactForm(sent, targets=redacting.survey_text(draft), text=True)
    form.fields["version"].initial = draft.version
    if sent is not None and form.is_valid():
        try:
            removed = redacting.redact_text(
                actor_of(request), item, form.order(), version=form.cleaned_data["version"]
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            count = sum(row.count for row in removed)
            messages.success(request, _("Taken out of the text at %(n)d places.") % {"n": count})
            return redirect("disclosure:edit", pk=item.pk)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Redact the text: %(title)s") % {"title": item.title},
            "submit_label": _("Take it out of the text"),
            "consequence": _(
                "In its place stands ■■■, whatever its length. The words are not kept in the draft."
            ),
            "cancel_url": reverse("disclosure:edit", args=[item.pk]),
        },
    )
