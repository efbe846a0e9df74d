"""Many at once: what is public elsewhere already enters by a manifest that the same three people approve.

1. `begin` makes the manifest; each subject is frozen and screened for it by `enlist`. One with any finding is refused
   and stays a draft, to be submitted by itself.
2. `submit` freezes the list: digests, original addresses and days, as canonical JSON with its own digest. That revision
   passes the three steps, with one examination by the ten points for all.
3. `take_out` removes single ones: the list is frozen anew, and the approvals begin anew.
4. After the third approval `release_waiting` writes the releases in portions, each naming the manifest. It goes on
   after a kill where it stopped, and the database refuses what the manifest does not name (manifest_guards.py).

What was never public before has no place here: it enters one by one (I1).
"""

import logging
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, grant, require, three
from gongkai.journal import chain, clock, outbox
from gongkai.journal.models import AppendOnly
from gongkai.review import drafts, releases, subjects, submission
from gongkai.review.manifest_guards import KIND
from gongkai.review.models import (
    Draft,
    Manifest,
    ManifestEntry,
    ManifestRemoval,
    Release,
    ReviewState,
    Revision,
)
from gongkai.review.subjects import Content, Part, Problem, SubjectKind

log = logging.getLogger(__name__)
TAKE_OUT = "manifest.take_out"
grant(TAKE_OUT, three, gettext_lazy("take single items out of an import manifest"))

# More than a person looks through before signing; a larger import makes several manifests.
MOST = 2000
# Releases written in one transaction, and how long one sweep works.
PORTION, SECONDS = 50, 20.0
TOLD = "review.together"
LONGEST_REASON = 500


class ManifestKind(SubjectKind):
    """The list itself as a subject of the review."""

    kind = KIND
    label = gettext_lazy("import manifest")
    public = True
    checklists = {
        1: (
            ("before", gettext_lazy("Each item was public before at the address or on the day that is stated.")),
            ("true", gettext_lazy("Titles, days and columns were compared with the old site, at least by sample.")),
            ("personal", gettext_lazy("No personal data goes out beyond what the law asks for.")),
        ),
        3: (
            ("read", gettext_lazy("I have looked through the list and opened items as they will appear.")),
            ("agree", gettext_lazy("I agree to the publication of all items of this list by this agency.")),
        ),
    }  # fmt: skip

    def title(self, content: Content) -> str:
        return _("%(name)s: %(n)d items") % {"name": content["name"], "n": len(content["entries"])}

    def problems(self, draft: Draft) -> list[Problem]:
        n = listed(draft.subject_id).count()
        if not n:
            return [Problem("", _("No item stands in this manifest."))]
        if n > MOST:
            return [Problem("", _("A manifest holds at most %(n)d items; divide it.") % {"n": MOST})]
        return []

    def freeze(self, draft: Draft) -> Content:
        rows = listed(draft.subject_id).select_related("revision").order_by("revision__submitted_at", "pk")
        return {
            "manifest": str(draft.subject_id),
            "name": draft.content["name"],
            "entries": [_line(row.revision) for row in rows],
        }

    def frozen(self, revision: Revision, content: Content) -> Sequence[AppendOnly]:
        """The lines as rows, by which pages list them and the database finds them."""
        return ManifestEntry.objects.bulk_create(
            ManifestEntry(
                manifest=revision,
                revision_id=UUID(line["revision"]),
                digest=line["digest"],
                address=line["address"],
                published_on=line["published_on"] or None,
            )
            for line in content["entries"]
        )

    def parts(self, content: Content) -> list[Part]:
        return [Part("清单", "\n".join(f"{line['title']} {line['address']}" for line in content["entries"]))]

    def facts(self, content: Content) -> list[tuple[str, str]]:
        days = sorted(line["published_on"] for line in content["entries"] if line["published_on"])
        return [
            ("清单件数", f"{len(content['entries'])}件，逐件筛查均未发现问题"),
            ("原发布日期", f"{days[0]}至{days[-1]}" if days else "未注明"),
            ("拟公开方式、渠道、时间", "原网站已公开信息迁移，审批后按清单公开"),
        ]

    def preview(self, content: Content, agency: Agency) -> str:
        return render_to_string(
            "review/manifest_preview.html",
            {
                "content": content,
                "facts": self.facts(content),
                "shown": [
                    line | {"url": reverse("review:page", args=[line["revision"]])}
                    for line in content["entries"][:SHOWN]
                ],
                "more": max(0, len(content["entries"]) - SHOWN),
                "list_url": reverse("review:manifest", args=[content["manifest"]]),
            },
        )

    def lines(self, content: Content) -> list[str]:
        return [f"{line['title']} {line['published_on']} {line['address']}" for line in content["entries"]]

    def released(self, release: Release, content: Content, actor: Actor | None) -> None:
        """From now on the sweeper releases what the list names."""
        Manifest.objects.filter(pk=release.subject_id).update(releasing=True)

    def page(self, subject_id: UUID) -> str:
        return reverse("review:manifest", args=[subject_id])


# Lines on the review page itself; all of them stand on the manifest's own list.
SHOWN = 30


def _line(revision: Revision) -> dict[str, str]:
    content = submission.content_of(revision.digest)
    if content is None:
        raise Refused(_("The content of “%(title)s” was erased; take it out.") % {"title": revision.title})
    address, day = subjects.kind_of(revision.subject_kind).original(content)
    return {
        "revision": str(revision.pk),
        "kind": revision.subject_kind,
        "subject": str(revision.subject_id),
        "digest": revision.digest,
        "title": revision.title,
        "address": address,
        "published_on": day,
    }


def listed(manifest: UUID) -> QuerySet[ReviewState]:
    """The states of the revisions that stand in a manifest and are not released yet."""
    return ReviewState.objects.filter(state=ReviewState.State.LISTED, revision__batch=manifest)


def begin(actor: Actor, agency: Agency, name: str) -> Manifest:
    """A new manifest with its draft. Raises Refused."""
    require(actor, "review.draft", agency)
    if not name.strip():
        raise Refused(_("Give the manifest a name."))
    with transaction.atomic():
        row = Manifest.objects.create(
            agency=agency, name=name.strip()[:200], created_by=actor.person, created_at=clock.now()
        )
        drafts.save(actor, KIND, row.pk, agency, {"name": row.name}, version=0)
        chain.record("manifest.begun", actor.who, agency=agency.pk, subject=(KIND, row.pk))
    return row


def enlist(actor: Actor, manifest: Manifest, draft: Draft) -> Revision:
    """Freeze and screen one subject for the manifest. Raises Refused, Incomplete, Found.

    Refused too: what was public here before, and what was public nowhere.
    """
    if draft.agency_id != manifest.agency_id:
        raise Refused(_("A manifest holds items of its own agency only."))
    if Release.objects.filter(subject_kind=draft.subject_kind, subject_id=draft.subject_id).exists():
        raise Refused(_("It was published here before; a change of it is submitted by itself."))
    kind = subjects.kind_of(draft.subject_kind)
    if not any(kind.original(kind.freeze(draft))):
        raise Refused(
            _(
                "A manifest takes only what was public elsewhere: give its original address or day, or submit it by itself."
            )
        )
    if listed(manifest.pk).count() >= MOST:
        raise Refused(_("A manifest holds at most %(n)d items; divide it.") % {"n": MOST})
    return submission.submit(actor, draft, version=draft.version, batch=manifest)


def submit(actor: Actor, manifest: Manifest) -> Revision:
    """Freeze the list and begin its approval; a running one is cancelled. Raises Refused, Incomplete."""
    draft = drafts.draft_of(KIND, manifest.pk)
    if draft is None or approved(manifest) is not None:
        raise Refused(_("This manifest is approved already; begin another."))
    return submission.submit(actor, draft, version=draft.version)


def approved(manifest: Manifest) -> Release | None:
    """The release of the manifest itself, after its third approval; None before."""
    return (
        Release.objects.filter(subject_kind=KIND, subject_id=manifest.pk).select_related("revision").first()
    )


def running(manifest: Manifest) -> ReviewState | None:
    """The review of the manifest that is open now."""
    rows = ReviewState.objects.filter(subject_kind=KIND, subject_id=manifest.pk, state__in=ReviewState.OPEN)
    return rows.select_related("revision").first()


def take_out(actor: Actor, manifest: Manifest, revisions: Sequence[UUID], reason: str) -> Revision | None:
    """Take single items out; they stay drafts. Where approval is running the list is frozen anew and the approvals
    begin anew: its new revision is given back. Raises Refused.
    """
    require(actor, TAKE_OUT, manifest.agency)
    if not reason.strip():
        raise Refused(_("Say why it is taken out."))
    if approved(manifest) is not None:
        raise Refused(_("The manifest is approved; withdraw single items instead."))
    with transaction.atomic():
        states = list(
            listed(manifest.pk)
            .select_for_update(of=("self",))
            .filter(revision__in=list(revisions))
            .select_related("revision")
        )
        if not states:
            raise Refused(_("This item does not stand in the manifest any more. Reload the page."))
        for state in states:
            row = ManifestRemoval.objects.create(
                revision=state.revision,
                reason=reason.strip()[:LONGEST_REASON],
                person=actor.person,
                at=clock.now(),
            )
            chain.record(
                "manifest.taken_out",
                actor.who,
                agency=manifest.agency_id,
                subject=(KIND, manifest.pk),
                covers=[row],
                revision=str(state.revision_id),
            )
            submission.cancel(actor, state, "recalled")
            subjects.kind_of(state.subject_kind).returned(state.subject_id, actor)
        open_one = running(manifest)
        if open_one is not None and not listed(manifest.pk).exists():
            submission.cancel(actor, open_one, "recalled")
            open_one = None
    return submit(actor, manifest) if open_one is not None else None


def release_waiting(seconds: float = SECONDS) -> int:
    """Release what approved manifests name and is not public yet; how many. Run by the sweeper."""
    end, done = time.monotonic() + seconds, 0
    for manifest in Manifest.objects.filter(releasing=True).order_by("created_at"):
        let_out = approved(manifest)
        if let_out is None or hasattr(let_out, "withdrawal"):
            continue
        while time.monotonic() < end:
            n = _release_portion(manifest, let_out.revision)
            if not n:
                Manifest.objects.filter(pk=manifest.pk).update(releasing=False)
                break
            done += n
    return done


def _release_portion(manifest: Manifest, approved_list: Revision) -> int:
    """Release the next ones in one transaction; how many were released or found to be stuck."""
    rows = listed(manifest.pk).exclude(pk__in=list(manifest.stuck)).order_by("revision__submitted_at", "pk")
    keys = list(rows.values_list("pk", flat=True)[:PORTION])
    stuck: dict[str, str] = {}
    for revision in Revision.objects.filter(pk__in=keys):
        try:
            releases.confirm_files(revision)
        except Refused as refusal:
            stuck[str(revision.pk)] = refusal.message
    with transaction.atomic():
        # The journal first: numbers and states are locked by others after it.
        chain.hold()
        states = (
            listed(manifest.pk)
            .select_for_update(of=("self",))
            .filter(pk__in=[key for key in keys if str(key) not in stuck])
            .select_related("revision__agency")
            .order_by("revision__submitted_at", "pk")
        )
        written: list[Release] = []
        for state in states:
            try:
                with transaction.atomic():
                    written.append(releases.write(state, None, approved_list))
            except (Refused, IntegrityError) as error:
                log.error("release of revision %s by a manifest refused: %s", state.pk, error)
                stuck[str(state.pk)] = (
                    error.message
                    if isinstance(error, Refused)
                    else _("The database refused it: not named, or changed.")
                )
        if written:
            chain.record(
                "review.released",
                chain.SWEEPER,
                agency=manifest.agency_id,
                subject=(KIND, manifest.pk),
                covers=written,
                manifest=approved_list.digest,
            )
            outbox.emit(
                TOLD,
                manifest=str(manifest.pk),
                releases=[_told(row) for row in written],
            )
        if stuck:
            manifest.stuck |= stuck
            manifest.save(update_fields=["stuck"])
    return len(written) + len(stuck)


def try_again(actor: Actor, manifest: Manifest) -> int:
    """Let the sweeper release what could not be released before, as when a file was put back; how many. Raises Refused."""
    require(actor, "review.draft", manifest.agency)
    with transaction.atomic():
        chain.hold()
        held = Manifest.objects.select_for_update().get(pk=manifest.pk)
        let_out = approved(held)
        if let_out is None or hasattr(let_out, "withdrawal"):
            raise Refused(_("This manifest is not approved, or was withdrawn: nothing goes out by it."))
        n = len(held.stuck)
        if not n:
            raise Refused(_("Nothing of this manifest is held up. Reload the page."))
        held.stuck, held.releasing = {}, True
        held.save(update_fields=["stuck", "releasing"])
        chain.record(
            "manifest.tried_again", actor.who, agency=held.agency_id, subject=(KIND, held.pk), items=n
        )
    return n


def withdraw_all(actor: Actor, manifest: Manifest, *, reason: str, note: str = "") -> int:
    """Take everything that a manifest let through off the public, each by its own withdrawal row; how many.

    The manifest itself is withdrawn first, so that nothing more goes out by it. Raises Refused.
    """
    require(actor, "review.withdraw", manifest.agency)
    let_out = approved(manifest)
    if let_out is None:
        raise Refused(_("Nothing went out by this manifest."))
    if not hasattr(let_out, "withdrawal"):
        releases.withdraw(actor, let_out, reason=reason, note=note)
    done = 0
    while rows := list(public_of(manifest).select_related("agency", "revision").order_by("pk")[:PORTION]):
        with transaction.atomic():
            chain.hold()
            for row in rows:
                releases.take_down(actor, row, reason=reason, show_title=False, note=note, tell=False)
            outbox.emit(TOLD, manifest=str(manifest.pk), releases=[_told(row) for row in rows])
        done += len(rows)
    return done


def _told(row: Release) -> dict[str, Any]:
    return {"release": row.pk, "kind": row.subject_kind, "subject": str(row.subject_id)}


def public_of(manifest: Manifest) -> QuerySet[Release]:
    """The releases that are public now of the subjects that came by a manifest, amended ones among them."""
    came = Release.objects.filter(manifest__subject_id=manifest.pk, manifest__subject_kind=KIND)
    later = Release.objects.filter(
        subject_kind=OuterRef("subject_kind"), subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk")
    )
    rows = Release.objects.filter(~Exists(later), subject_id__in=came.values("subject_id"))
    return rows.filter(withdrawal__isnull=True)


def counts(manifest: Manifest) -> dict[str, int]:
    """How many items of a manifest stand where: listed, released, taken out or submitted by themselves."""
    rows = (
        ReviewState.objects.filter(revision__batch=manifest)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    return dict(rows)


def entries_differ(manifest: Revision) -> bool:
    """Whether the rows of a frozen manifest are not those of its content; for `journal verify`."""
    content: dict[str, Any] | None = submission.content_of(manifest.digest)
    if content is None:
        return False
    said = {
        (line["revision"], line["digest"], line["address"], line["published_on"])
        for line in content["entries"]
    }
    rows = ManifestEntry.objects.filter(manifest=manifest)
    held = {
        (
            str(row.revision_id),
            row.digest,
            row.address,
            row.published_on.isoformat() if row.published_on else "",
        )
        for row in rows
    }
    return said != held
