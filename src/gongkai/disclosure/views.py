"""The handler's pages of an item: list, begin, write, item page, file as not public, withdraw."""

import base64
import hashlib
import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongkai.agencies.deadlines import deadline
from gongkai.agencies.pages import StaffList, actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, agencies_for, allowed
from gongkai.disclosure import content as contents
from gongkai.disclosure import items, joint_releases, redacting, wordfile
from gongkai.disclosure.forms import (
    AttachmentForm,
    ClosedForm,
    ItemForm,
    VarietyForm,
    WithdrawForm,
    WordForm,
    variety_choices,
)
from gongkai.disclosure.kind import publishing_due
from gongkai.disclosure.models import Item
from gongkai.disclosure.tables import ItemFilters, ItemTable
from gongkai.files import cleaning, storage
from gongkai.files.models import Attachment, StoredFile
from gongkai.review import drafts, referrals, releases, submission
from gongkai.review.models import Draft, ReviewState, Revision
from gongkai.review.views import steps

_IMPORT_MAP = re.compile(r'<script type="importmap"[^>]*>(.*?)</script>', re.S)


class ItemList(StaffList):
    """The items of the reader's agencies."""

    model = Item
    table_class = ItemTable
    filterset_class = ItemFilters
    act = "item.read"
    title = gettext_lazy("Items of government information")
    primary = {"label": gettext_lazy("Draft an item"), "url": "/workbench/items/new/", "act": "item.draft"}

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("agency", "column", "created_by")
        return rows.annotate(referred=referrals.waiting_for(contents.KIND))


def item_for(request: HttpRequest, pk: UUID) -> Item:
    """The item, where the policy lets the reader see it; else 404."""
    item = get_object_or_404(Item.objects.select_related("agency", "column", "live", "created_by"), pk=pk)
    if not (allowed(actor_of(request), "item.read", item.agency)):
        raise Http404
    return item


@staff_only
def begin(request: HttpRequest) -> HttpResponse:
    """A new item, empty or from a Word file."""
    actor = actor_of(request)
    agencies = list(agencies_for(actor, "item.draft")[:2])
    if not agencies:
        raise Refused(_("You may not draft items for this agency."))
    form = WordForm(request.POST or None, request.FILES or None)
    chosen = VarietyForm(request.POST if "empty" in request.POST else None)
    if chosen.is_bound and chosen.is_valid():
        item, _draft = items.begin(actor, agencies[0], chosen.cleaned_data)
        return redirect("disclosure:edit", pk=item.pk)
    if chosen.is_bound:
        form = WordForm()
    if form.is_bound and form.is_valid():
        try:
            item = _from_word(request, actor, agencies[0], form.cleaned_data["word"])
        except Refused as refusal:
            form.add_error("word", refusal.message)
        else:
            return redirect("disclosure:edit", pk=item.pk)
    context = {"form": form, "variety_form": chosen, "title": _("Draft an item")}
    return render(request, "disclosure/begin.html", context)


def _from_word(request: HttpRequest, actor: Actor, agency: Any, upload: Any) -> Item:
    data = upload.read(storage.LARGEST + 1)
    # The file is judged before anything is written, so a refused one leaves no empty item behind.
    storage.accept(data, upload.name)
    item, draft = items.begin(actor, agency, {})
    try:
        imported = wordfile.read(actor, agency, item, data, upload.name)
    except Refused:
        items.discard(actor, item)
        raise
    said = contents.EMPTY | {"title": imported.title, "body": imported.html}
    items.save(actor, item, said, version=draft.version)
    for warning in imported.warnings:
        messages.warning(request, warning)
    messages.success(request, _("Taken over from “%(name)s”.") % {"name": upload.name})
    return item


@staff_only
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the draft. POST with X-Autosave answers JSON; otherwise saves, or submits for review."""
    item = item_for(request, pk)
    actor = actor_of(request)
    draft = drafts.draft_of(contents.KIND, item.pk)
    if draft is None or not allowed(actor, "item.draft", item.agency):
        raise Http404
    said = contents.EMPTY | draft.content
    form = ItemForm(
        request.POST or None,
        initial=said | {"version": draft.version},
        item=item,
        variety=request.POST.get("shown_variety", request.POST.get("variety", said["variety"])),
    )
    if request.method == "POST":
        quiet = request.headers.get("X-Autosave") == "1"
        if form.is_valid():
            try:
                said = contents.EMPTY | {"attachments": draft.content.get("attachments", [])} | form.content()
                saved = items.save(actor, item, said, version=form.cleaned_data["version"])
                if quiet:
                    return JsonResponse({"version": saved.version})
                if form.turned:
                    _say_turned(request, item, saved)
                    return redirect("disclosure:edit", pk=item.pk)
                if "submit" in request.POST:
                    revision = submission.submit(actor, saved, version=saved.version)
                    return redirect("review:page", pk=revision.pk)
                messages.success(request, _("Saved. Nothing that is public has changed."))
                return redirect("disclosure:edit", pk=item.pk)
            except submission.Incomplete as refusal:
                # What was typed is saved; the form shows it again with what is missing beside each field.
                form = _again(request, item, saved)
                for problem in refusal.problems:
                    form.add_error(problem.field if problem.field in form.fields else None, problem.message)
            except Refused as refusal:
                if quiet:
                    return JsonResponse({"error": refusal.message}, status=409)
                form.add_error(None, refusal.message)
        elif quiet:
            return JsonResponse({"error": _("One of the fields is not well formed.")}, status=400)
    return _editor(request, item, draft, form)


def _say_turned(request: HttpRequest, item: Item, saved: Draft) -> None:
    """That the draft is of another type now; nothing goes to review before its fields were seen."""
    label = dict(variety_choices())[saved.content["variety"]]
    messages.success(request, _("Saved. The information type is now “%(type)s”.") % {"type": label})
    if "submit" in request.POST:
        messages.warning(request, _("Look at the fields of this type, then send it for review."))


def _again(request: HttpRequest, item: Item, saved: Draft) -> ItemForm:
    data = request.POST.copy()
    data["version"] = str(saved.version)
    form = ItemForm(data, initial=contents.EMPTY | saved.content, item=item, variety=data.get("variety", ""))
    form.is_valid()
    return form


def _editor(request: HttpRequest, item: Item, draft: Any, form: ItemForm) -> HttpResponse:
    chosen = set(draft.content.get("attachments", []))
    held = redacting.chosen(item)
    rows = [row for row in held if str(row.pk) in chosen]
    for row in rows:
        # Only these kinds of files hold lists whose columns can be masked.
        row.listed = row.file.extension in ("xlsx", "csv", "docx")
    formed = contents.day(draft.content.get("formed_on", ""))
    response = render(
        request,
        "disclosure/edit.html",
        {
            "form": form,
            "item": item,
            "title": _("Write: %(title)s") % {"title": item.title},
            "attachments": rows,
            "pictures": [row for row in held if str(row.pk) not in chosen],
            "attachment_form": AttachmentForm(),
            "deadline": deadline(publishing_due(formed))
            if formed and item.state == Item.State.DRAFT
            else None,
            "closed_url": reverse("disclosure:closed", args=[item.pk]),
        },
    )
    response.script_hashes = [
        "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in _IMPORT_MAP.findall(response.content.decode())
    ]
    return response


@staff_only
@require_POST
def attach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a file to the draft; a refused one is told with its reason, the rest of the draft is kept."""
    item = item_for(request, pk)
    form = AttachmentForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file first."))
        return redirect("disclosure:edit", pk=item.pk)
    upload = form.cleaned_data["attachment"]
    try:
        data = upload.read(storage.LARGEST + 1)
        row = items.attach(
            actor_of(request), item, data, upload.name, tell=lambda said: messages.warning(request, said)
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if cleaning.made(row):
            messages.success(
                request,
                _("“%(name)s” was added without its properties; the file as it came is kept closed.")
                % {"name": row.name},
            )
    return redirect("disclosure:edit", pk=item.pk)


@staff_only
@require_POST
def detach(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """Take a file off the draft; what was released keeps it."""
    items.detach(actor_of(request), item_for(request, pk), attachment)
    return redirect("disclosure:edit", pk=pk)


@staff_only
@require_POST
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Upload a picture for the text; answers {"url"} or {"error"}."""
    item = item_for(request, pk)
    upload = request.FILES.get("picture")
    if upload is None:
        return JsonResponse({"error": _("Choose a file first.")}, status=400)
    try:
        row = items.picture(actor_of(request), item, upload.read(storage.LARGEST + 1), upload.name)
    except Refused as refusal:
        return JsonResponse({"error": refusal.message}, status=400)
    return JsonResponse({"url": reverse("files:attachment", args=[row.pk])})


@staff_only
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where an item stands, the one next act, its history."""
    row = item_for(request, pk)
    actor = actor_of(request)
    history = releases.history(contents.KIND, row.pk)
    open_review = next((r for r in history if r.state.state in ReviewState.OPEN), None)
    may_draft = allowed(actor, "item.draft", row.agency)
    context = {
        "title": row.title,
        "number": row.index_number,
        "item": row,
        "facts": [
            {"label": _("state"), "value": row.get_state_display()},
            {"label": _("agency"), "value": row.agency.name},
            {"label": _("index number"), "value": row.index_number},
            {"label": _("column"), "value": row.column.name if row.column else ""},
            {"label": _("disclosure attribute"), "value": contents.ATTRIBUTES.get(row.attribute, "")},
            {"label": _("document number"), "value": row.document_number},
            {"label": _("formed on"), "value": row.formed_on},
            {"label": _("published"), "value": row.released_at},
            {"label": _("drafted by"), "value": row.created_by.name},
            *joint_releases.facts(row),
        ],
        "deadline": _term(row),
        "term": _referred(row, open_review),
        "steps": steps(open_review) if open_review else None,
        "primary": _primary(row, open_review, may_draft),
        "acts": [*joint_releases.acts(actor, row), *_acts(actor, row, may_draft)],
        "timeline": [_event(revision) for revision in history],
        "decisions": row.attribute_decisions.order_by("-pk"),
        "reexaminations": row.reexaminations.select_related("person").order_by("-pk"),
        "public_url": f"/items/{row.index_number.replace('/', '-')}/" if row.live_id else "",
    }
    return render(request, "disclosure/item.html", context)


def _term(row: Item) -> dict[str, Any] | None:
    """The term for publishing what is in drafting."""
    if not row.formed_on or row.state != Item.State.DRAFT:
        return None
    return deadline(publishing_due(row.formed_on))


def _referred(row: Item, open_review: Revision | None) -> str:
    """While a referral is open, that the term runs on all the same."""
    if open_review is None or referrals.open_of(open_review) is None:
        return ""
    return referrals.term(publishing_due(row.formed_on) if row.formed_on else None)


def _primary(row: Item, open_review: Revision | None, may_draft: bool) -> dict[str, Any] | None:
    if open_review:
        return {"label": _("Open the review"), "url": reverse("review:page", args=[open_review.pk])}
    if may_draft and row.state != Item.State.WITHHELD:
        words = _("Go on writing") if row.state == Item.State.DRAFT else _("Amend")
        return {"label": words, "url": reverse("disclosure:edit", args=[row.pk])}
    if may_draft:
        return {"label": _("Examine again"), "url": reverse("disclosure:reexamine", args=[row.pk])}
    return None


def _acts(actor: Actor, row: Item, may_draft: bool) -> list[dict[str, Any]]:
    acts = []
    if row.live_id and allowed(actor, "review.withdraw", row.agency):
        acts.append(
            {"label": _("Withdraw from the public"), "url": reverse("disclosure:withdraw", args=[row.pk])}
        )
    if may_draft and row.state == Item.State.WITHHELD:
        acts.append(
            {"label": _("Change attribute or ground"), "url": reverse("disclosure:closed", args=[row.pk])}
        )
    if may_draft and row.state == Item.State.DRAFT:
        acts.append({"label": _("File as not public"), "url": reverse("disclosure:closed", args=[row.pk])})
    return acts


def _event(revision: Revision) -> dict[str, Any]:
    taken = "；".join(
        f"{row.person.name}{'（退回）' if row.decision == 'returned' else ''}：{row.opinion}"
        for row in revision.approvals.all()
    )
    return {
        "when": revision.submitted_at,
        "title": _("Revision %(n)d: %(state)s")
        % {"n": revision.number, "state": joint_releases.state_words(revision.state)},
        "who": revision.submitted_by.name,
        "detail": taken,
        "url": reverse("review:page", args=[revision.pk]),
        "link": _("Open the review"),
    }


@staff_only
def closed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """File an item as open on application only, or withheld."""
    row = item_for(request, pk)
    form = ClosedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            items.file_closed(actor_of(request), row, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Filed as not public; its next examination is set."))
            return redirect("disclosure:item", pk=row.pk)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("File as not public: %(title)s") % {"title": row.title},
            "submit_label": _("File as not public"),
            "consequence": _("It is never released, and is examined again each year (art. 18)."),
            "cancel_url": reverse("disclosure:item", args=[row.pk]),
        },
    )


@staff_only
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an item off the public at once."""
    row = item_for(request, pk)
    if row.live is None:
        raise Refused(_("This is not public any more."))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            releases.withdraw(actor_of(request), row.live, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Withdrawn: page, attachments and lists no longer show it."))
            return redirect("disclosure:item", pk=row.pk)
    return render(
        request,
        "workbench/form.html",
        {
            "form": form,
            "title": _("Withdraw: %(title)s") % {"title": row.title},
            "submit_label": _("Withdraw now"),
            "consequence": _(
                "It disappears at once. A page stays that says the index number, the day and this reason."
            ),
            "cancel_url": reverse("disclosure:item", args=[row.pk]),
        },
    )


@staff_only
def revision_file(request: HttpRequest, digest: str) -> HttpResponse:
    """A file of a revision, for those who may read items of an agency that has it attached."""
    mine = agencies_for(actor_of(request), "item.read")
    rows = list(
        Attachment.objects.filter(file_id=digest, owner_kind=contents.KIND, agency__in=mine).select_related(
            "file", "agency"
        )
    )
    if not rows:
        raise Http404
    # What one item has closed may still stand open in another.
    row = next((each for each in rows if not cleaning.closed(each)), rows[0])
    if cleaning.closed(row) and not allowed(actor_of(request), cleaning.READ, row.agency):
        raise Http404
    file: StoredFile = row.file
    response = HttpResponse(cleaning.open_attachment(actor_of(request), row), content_type=file.media_type)
    inline = file.media_type.startswith("image/")
    response["Content-Disposition"] = content_disposition_header(not inline, row.name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
