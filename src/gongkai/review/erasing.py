"""Erasing content for good, by two people: the confidentiality reviewer asks, the security administrator erases.

What stays is the digest: revision, approvals, release and journal still verify. What goes is the canonical
text, the working copy made from it, and the files that only this content used. Each erasure is also written
into a signed list outside the database (journal/erasures.jsonl), so that a backup made before it, once
restored, loses the content again.
"""

import fcntl
import json
import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from gongkai.agencies.models import Role
from gongkai.agencies.policy import Actor, Refused, require
from gongkai.files import cleaning
from gongkai.files import erasing as file_erasing
from gongkai.journal import canon, chain, clock, outbox
from gongkai.review import releases
from gongkai.review.models import Content, Draft, Erasure, ReviewState, Revision, Withdrawal
from gongkai.review.submission import cancel, live_release

log = logging.getLogger(__name__)
LIST = "erasures.jsonl"


def erase(reviewer: Actor, security: Actor, digest: str, ground: str) -> Erasure:
    """Erase the content of a revision, and the files that only it used.

    reviewer: the confidentiality reviewer of its agency, who asks; security: the security administrator, who
    erases; digest: of the revision; ground: why and on which paper (鉴定 and 销毁清册, or the order after a leak).
    Its title stays in the records. Raises Refused where a person, the ground or the state stands against it.
    """
    revision = Revision.objects.filter(digest=digest).select_related("agency").order_by("-number").first()
    if revision is None:
        raise Refused(_("No revision has this digest."))
    require(reviewer, "review.erase", revision.agency)
    require(security, "review.erase", revision.agency)
    if reviewer.holds(Role.REVIEWER, revision.agency) is None:
        raise Refused(_("The confidentiality reviewer of the agency asks for an erasure."))
    if not any(row.role == Role.SECURITY_ADMIN for row in security.appointments):
        raise Refused(_("The security administrator carries out an erasure."))
    if reviewer.person.pk == security.person.pk:
        raise Refused(_("Two people erase: the one who asks and the one who carries it out."))
    if not ground.strip():
        raise Refused(_("Give the ground and the paper on which the erasure rests."))
    try:
        with transaction.atomic():
            chain.hold()
            _idle(revision)
            row = Erasure(
                digest=digest,
                ground=ground.strip()[:500],
                asked_by=reviewer.person,
                erased_by=security.person,
                on_day=clock.today(),
                at=clock.now(),
            )
            _carry_out(row, revision, security.who, "review.erased")
    except IntegrityError as error:
        raise Refused(_("This content is erased already, or may not be erased now.")) from error
    return row


def _idle(revision: Revision) -> None:
    """Refuse where the content is public or under review: it is withdrawn or recalled first."""
    for other in Revision.objects.filter(digest=revision.digest):
        state = ReviewState.objects.select_for_update().filter(revision=other).first()
        if state is not None and state.state in ReviewState.OPEN:
            raise Refused(_("This content is under review: recall it first."))
        live = live_release(other.subject_kind, other.subject_id)
        if live is not None and live.digest == revision.digest:
            raise Refused(_("This content is public: withdraw it first."))


def _carry_out(row: Erasure, revision: Revision, who: chain.Who, action: str) -> None:
    content = Content.objects.filter(pk=row.digest).first()
    files = _only_here(content) if content is not None else []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Otherwise SQLite leaves the text in the free pages of its file.
            cursor.execute("PRAGMA secure_delete=ON")
    row.save()
    # What a file was made from goes with it: it held what was removed from the file.
    everything = [*files, *_unheld(cleaning.behind(files))]
    gone = [erased for file in everything if (erased := file_erasing.erase(file, row.ground))]
    Content.objects.filter(pk=row.digest).delete()
    _blank_draft(revision)
    chain.record(
        action,
        who,
        agency=revision.agency_id,
        subject=(revision.subject_kind, revision.subject_id),
        covers=[row, *gone],
        digest=row.digest,
        asked_by=str(row.asked_by_id),
    )
    # What was made from the content elsewhere goes too: copies of its text are no smaller leak.
    outbox.emit("review.erased", kind=revision.subject_kind, subject=str(revision.subject_id))
    transaction.on_commit(keep_list, robust=True)


def _only_here(content: Content) -> list[str]:
    """The digests of files that this content holds and no other does."""
    files = {digest for digest, _name in json.loads(content.text)["files"]}
    others = Content.objects.exclude(pk=content.pk)
    return sorted(digest for digest in files if not others.filter(text__contains=digest).exists())


def _unheld(originals: list[str]) -> list[str]:
    """Those that no content holds."""
    return [digest for digest in originals if not Content.objects.filter(text__contains=digest).exists()]


def _blank_draft(revision: Revision) -> None:
    """Empty the working copy that went out as this revision; one that a later revision holds stays."""
    later = Revision.objects.filter(
        subject_kind=revision.subject_kind, subject_id=revision.subject_id, number__gt=revision.number
    )
    draft = Draft.objects.filter(subject_kind=revision.subject_kind, subject_id=revision.subject_id).first()
    if draft is not None and not later.exists():
        draft.content = _blank(draft.content)
        draft.version += 1
        draft.save(update_fields=["content", "version"])


def _blank(value: Any) -> Any:
    """The same form without what was written in it."""
    match value:
        case dict():
            return {key: _blank(inner) for key, inner in value.items()}
        case list():
            return []
        case str():
            return ""
    return value if isinstance(value, bool) else None


def keep_list() -> int:
    """Write every erasure that the signed list outside the database lacks; how many. Also run by the sweeper."""
    place = settings.INSTANCE.home / "journal" / LIST
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(place, "a+", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        known = {said["digest"] for said in read_list(stream)}
        missing = [row for row in Erasure.objects.order_by("pk") if row.digest not in known]
        for row in missing:
            stream.write(_line(row) + "\n")
    if connection.vendor == "sqlite" and missing and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # The write-ahead log holds older pages until it is written back.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(missing)


def _line(row: Erasure) -> str:
    statement = canon.text(
        {
            "digest": row.digest,
            "ground": row.ground,
            "asked_by": row.asked_by_id,
            "erased_by": row.erased_by_id,
            "on_day": row.on_day,
            "at": row.at,
        }
    )
    signature = chain.sign(statement.encode())
    return json.dumps({"statement": statement, "signature": signature}, ensure_ascii=False)


def read_list(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The erasures of a list; lines that do not carry this instance's signature are left out and logged."""
    found = []
    for line in lines:
        try:
            parts = json.loads(line)
            if not chain.signed(parts["statement"].encode(), parts["signature"]):
                raise ValueError("signature")
            found.append(json.loads(parts["statement"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            log.error("a line of the list of erasures is not this instance's own")
    return found


def apply_again(lines: Iterable[str]) -> tuple[int, list[str]]:
    """Carry out the listed erasures that a restored database does not know yet: (how many, digests that resist).

    An erasure resists where the restored database is older than the appointment of one of the two people.
    """
    done, resisting = 0, []
    for said in read_list(lines):
        if Erasure.objects.filter(digest=said["digest"]).exists():
            continue
        revision = Revision.objects.filter(digest=said["digest"]).order_by("-number").first()
        if revision is None:
            # Written after the backup: there is nothing to erase.
            continue
        row = Erasure(
            digest=said["digest"],
            ground=said["ground"],
            asked_by_id=UUID(said["asked_by"]),
            erased_by_id=UUID(said["erased_by"]),
            on_day=said["on_day"],
            at=said["at"],
        )
        try:
            with transaction.atomic():
                chain.hold()
                _stop(Actor(row.asked_by, "restore"), row.digest)
                _carry_out(row, revision, chain.SWEEPER, "review.erased_again")
        except (IntegrityError, ObjectDoesNotExist):
            resisting.append(said["digest"])
        else:
            done += 1
    return done, resisting


def _stop(actor: Actor, digest: str) -> None:
    """Take down, and take out of review, what was so when the restored backup was made."""
    for revision in Revision.objects.filter(digest=digest):
        state = ReviewState.objects.select_for_update().filter(revision=revision).first()
        if state is not None and state.state in ReviewState.OPEN:
            cancel(actor, state, "recalled")
        live = live_release(revision.subject_kind, revision.subject_id)
        if live is not None and live.digest == digest:
            reason = Withdrawal.Reason.LEAK
            releases.take_down(actor, live, reason=reason, show_title=False, note="")
