"""Submitting a draft: freeze a revision, screen it, and put it before the handler for step one."""

import json
import logging
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai import screening
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.files import storage
from gongkai.journal import canon, chain, clock, outbox
from gongkai.review import screening_rules, subjects
from gongkai.review.models import (
    Cancellation,
    Content,
    Draft,
    Erasure,
    Finding,
    Manifest,
    Release,
    ReviewState,
    Revision,
    RevisionEditor,
    Screening,
)

log = logging.getLogger(__name__)
# So many digests stand in one query.
AT_ONCE = 500


class Incomplete(Refused):
    """The draft lacks something; `problems` says what and how to mend it."""

    def __init__(self, problems: list[subjects.Problem]) -> None:
        super().__init__("；".join(problem.message for problem in problems))
        self.problems = problems


class Found(Refused):
    """The screening of what was to go into a manifest found something; `findings` says what."""

    def __init__(self, findings: list[screening.Finding], persons: int) -> None:
        labels = dict.fromkeys(str(screening.KIND_LABELS[finding.kind]) for finding in findings)
        super().__init__(
            _("Screening found: %(what)s. Submit it by itself.") % {"what": "、".join(labels)}
            if labels
            else _("It names %(n)d persons; submit it by itself and explain why they are named.")
            % {"n": persons}
        )
        self.findings = findings


@dataclass(frozen=True)
class Frozen:
    """A content with its canonical text, digest and screening, before anything is written.

    screened_at: before the rules were read, so that rules set meanwhile are known to be later.
    """

    content: subjects.Content
    text: str
    digest: str
    verdict: str
    findings: list[screening.Finding]
    persons: int
    rules_version: str
    screened_at: datetime
    writers: frozenset[UUID]


@dataclass(frozen=True)
class Searched:
    """What a screening found in a whole content; persons: rows of its lists that name a person."""

    findings: list[screening.Finding]
    persons: int


def writers(draft: Draft) -> frozenset[UUID]:
    """Who wrote what the draft holds beyond what is public: none of them re-checks or approves it.

    Everyone who saved since the last release; where that was withdrawn, who wrote that too, since all of it
    would come back.
    """
    people = set(draft.editors.values_list("person", flat=True))
    last = _last_release(draft.subject_kind, draft.subject_id)
    if last is not None and hasattr(last, "withdrawal"):
        people |= set(last.revision.editors.values_list("person", flat=True))
    return frozenset(people)


def freeze(draft: Draft, submitter: UUID) -> Frozen:
    """Canonical text, digest and screening of a draft; writes nothing and runs outside transactions.

    Where nobody saved since the last release and the content still differs (a kind that freezes more than was
    typed), the submitter counts as its writer.
    """
    kind = subjects.kind_of(draft.subject_kind)
    content = kind.freeze(draft)
    wrote = writers(draft) or frozenset({submitter})
    body = {
        "kind": draft.subject_kind,
        "subject": draft.subject_id,
        "agency": draft.agency_id,
        "content": content,
        "files": [[file.digest, file.name] for file in kind.files(content)],
        "editors": sorted(str(pk) for pk in wrote),
    }
    text = canon.text(body)
    moment = clock.now()
    version = screening_rules.version_for(draft.agency)
    searched = screen(kind, content, screening_rules.rules_for(draft.agency, kind.column(content)))
    verdict = str(screening.verdict_of(searched.findings).value)
    return Frozen(
        content,
        text,
        canon.sm3(text.encode()),
        verdict,
        searched.findings,
        searched.persons,
        version,
        moment,
        wrote,
    )


def screen(kind: subjects.SubjectKind, content: subjects.Content, rules: screening.Rules) -> Searched:
    """Search every text and file of a content by these rules; of a file its name too."""
    own = frozenset(_bare(each) for each in kind.own(content) if _bare(each))
    findings: list[screening.Finding] = []
    persons = 0
    for part in kind.parts(content):
        if part.kind == "html":
            shown = screening.html_text(part.text)
            found = screening.screen_html(part.text, location=part.location, rules=rules)
            persons += screening.persons_in(part.text, html=True)
        else:
            shown = part.text
            found = screening.screen_text(part.text, location=part.location, rules=rules)
            persons += screening.persons_in(part.text)
        findings += [_lawful(finding, shown, own) for finding in found]
    for file in kind.files(content):
        result = screening.screen_file(storage.read(file.digest), file.name, rules=rules)
        persons += result.persons
        findings += result.findings
        if result.verdict is screening.Verdict.UNREADABLE:
            # What could not be read is never clear: a person has to look at it.
            findings.append(
                screening.Finding(
                    screening.Kind.UNREADABLE_PART,
                    screening.Layer.EMBEDDED_FILE,
                    screening.Severity.BLOCK,
                    "",
                    file.name,
                    result.reason or "",
                )
            )
    return Searched(findings, persons)


# Kinds that are the particulars of one person; only these can be the addressee's own.
_PERSONAL = frozenset(
    {
        screening.Kind.RESIDENT_ID,
        screening.Kind.MOBILE_NUMBER,
        screening.Kind.HOME_ADDRESS,
        screening.Kind.BANK_CARD,
        screening.Kind.PASSPORT,
    }
)
_OWN = "是收件人本人的信息，可以写入致其本人的文书，不得公开"


def _lawful(finding: screening.Finding, text: str, own: frozenset[str]) -> screening.Finding:
    """The finding, no more than a warning where it is exactly what the addressee of a letter gave of themselves."""
    if finding.kind not in _PERSONAL or finding.start is None or finding.end is None:
        return finding
    if _bare(text[finding.start : finding.end]) not in own:
        return finding
    return replace(finding, severity=screening.Severity.WARN, why=f"{finding.why}；{_OWN}")


def _bare(text: str) -> str:
    """A particular however it is written: full-width or not, without spaces and hyphens."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


def submit(actor: Actor, draft: Draft, *, version: int, batch: Manifest | None = None) -> Revision:
    """Freeze `draft` at `version` and begin its review; a running review of the subject is cancelled.

    batch: the manifest with which it is approved instead, where the screening finds nothing at all.
    Raises Refused, Incomplete; with a batch Found. Nothing that is public changes (I10).
    """
    require(actor, "review.draft", draft.agency)
    draft.refresh_from_db()
    if draft.version != version:
        raise Refused(_("Someone else saved this draft in the meantime. Reload it and add your changes."))
    kind = subjects.kind_of(draft.subject_kind)
    if problems := kind.problems(draft):
        raise Incomplete(problems)
    frozen = freeze(draft, actor.person.pk)
    many = screening_rules.in_force().persons_warning
    if batch is not None and (frozen.findings or frozen.verdict != "clear" or frozen.persons >= many):
        raise Found(frozen.findings, frozen.persons)
    if Erasure.objects.filter(digest=frozen.digest).exists():
        raise Refused(_("Exactly this content was erased; it does not come back."))
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        _cancel_running(actor, draft)
        if locked.version != version or (writers(locked) or frozen.writers) != frozen.writers:
            raise Refused(_("Someone else saved this draft in the meantime. Reload it and add your changes."))
        live = live_release(draft.subject_kind, draft.subject_id)
        if live is not None and content_of(live.digest) == json.loads(frozen.text)["content"]:
            raise Refused(_("Nothing has changed since the last release."))
        last = (
            Revision.objects.filter(subject_kind=draft.subject_kind, subject_id=draft.subject_id)
            .order_by("-number")
            .first()
        )
        revision = _write(actor, draft, frozen, (last.number if last else 0) + 1, batch)
        draft.editors.update(frozen_in=revision)
    return revision


def _write(actor: Actor, draft: Draft, frozen: Frozen, number: int, batch: Manifest | None) -> Revision:
    kind = subjects.kind_of(draft.subject_kind)
    moment = clock.now()
    Content.objects.get_or_create(digest=frozen.digest, defaults={"text": frozen.text})
    revision = Revision.objects.create(
        subject_kind=draft.subject_kind,
        subject_id=draft.subject_id,
        agency=draft.agency,
        number=number,
        title=kind.title(frozen.content)[:300],
        digest=frozen.digest,
        submitted_by=actor.person,
        submitted_at=moment,
        batch=batch,
    )
    editors = [
        RevisionEditor.objects.create(revision=revision, person_id=pk) for pk in sorted(frozen.writers)
    ]
    searched = Screening.objects.create(
        revision=revision,
        digest=frozen.digest,
        rules_version=frozen.rules_version,
        verdict=frozen.verdict,
        persons=frozen.persons,
        at=frozen.screened_at,
    )
    found = [
        Finding.objects.create(
            screening=searched,
            kind=str(finding.kind.value),
            layer=str(finding.layer.value),
            severity=str(finding.severity.value),
            excerpt=finding.excerpt[:200],
            location=finding.location[:300],
            why=finding.why[:300],
        )
        for finding in frozen.findings
    ]
    beside = kind.frozen(revision, frozen.content)
    ReviewState.objects.create(
        revision=revision,
        subject_kind=draft.subject_kind,
        subject_id=draft.subject_id,
        agency=draft.agency,
        state=ReviewState.State.STEP1 if batch is None else ReviewState.State.LISTED,
        due_on=kind.due_on(draft),
        changed_at=moment,
    )
    chain.record(
        "review.submitted",
        actor.who,
        agency=draft.agency_id,
        subject=(draft.subject_kind, draft.subject_id),
        covers=[revision, *editors, searched, *found, *beside],
        digest=frozen.digest,
        verdict=frozen.verdict,
    )
    if batch is None:
        outbox.emit("review.submitted", revision=str(revision.pk))
    return revision


def _cancel_running(actor: Actor, draft: Draft) -> None:
    running = (
        ReviewState.objects.select_for_update()
        .filter(subject_kind=draft.subject_kind, subject_id=draft.subject_id, state__in=ReviewState.OPEN)
        .first()
    )
    if running:
        cancel(actor, running, "superseded")


def cancel(actor: Actor, state: ReviewState, reason: str) -> None:
    """End a running review, inside the caller's transaction."""
    row = Cancellation.objects.create(
        revision=state.revision, reason=reason, person=actor.person, at=clock.now()
    )
    state.state = ReviewState.State.CANCELLED
    state.changed_at = clock.now()
    state.save(update_fields=["state", "changed_at"])
    chain.record(
        "review.cancelled",
        actor.who,
        agency=state.agency_id,
        subject=(state.subject_kind, state.subject_id),
        covers=[row],
        reason=reason,
    )


def recall(actor: Actor, revision: Revision) -> None:
    """Take a revision back from its review. Raises Refused where it is decided already."""
    require(actor, "review.draft", revision.agency)
    with transaction.atomic():
        state = ReviewState.objects.select_for_update().get(revision=revision)
        if state.state not in ReviewState.OPEN:
            raise Refused(_("This review has ended already."))
        cancel(actor, state, "recalled")
        subjects.kind_of(revision.subject_kind).returned(revision.subject_id, actor)


def content_of(digest: str) -> subjects.Content | None:
    """The frozen content behind a digest; None where it was erased, or is not the text that the digest names.

    What somebody changed past the guards was approved by nobody and is shown nowhere (I1); `gongkai check` names it.
    """
    return contents_of([digest]).get(digest)


def contents_of(digests: Iterable[str]) -> dict[str, subjects.Content]:
    """The frozen contents behind many digests, in few queries; those that `content_of` does not give are missing."""
    wanted, found = list(digests), {}
    for start in range(0, len(wanted), AT_ONCE):
        for row in Content.objects.filter(pk__in=wanted[start : start + AT_ONCE]):
            if canon.sm3(row.text.encode()) == row.digest:
                found[row.digest] = json.loads(row.text)["content"]
            else:
                log.error("the content %s is not what its digest names; it is shown nowhere", row.digest)
    return found


def live_release(kind: str, subject_id: object) -> Release | None:
    """The release that is public now, or None: none yet, or withdrawn."""
    last = _last_release(kind, subject_id)
    return None if last is None or hasattr(last, "withdrawal") else last


def _last_release(kind: str, subject_id: object) -> Release | None:
    return (
        Release.objects.filter(subject_kind=kind, subject_id=subject_id)
        .select_related("revision")
        .order_by("-pk")
        .first()
    )
