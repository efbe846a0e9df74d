"""The register of seal use (用印登记), and the plug by which an electronic seal is applied.

The seal is used once a letter is released and has its number and date: whoever keeps the seal compares them,
stamps, and writes one line. Nobody stamps what they approved, and nobody what they wrote. An e-seal is a plug:

    def apply(pdf: bytes, letter: Letter) -> bytes

takes the fair copy and gives back the sealed PDF that goes out. It is called in a thread of its own, outside any
transaction, with letter, agency and decision loaded; it must not touch the database. It has SECONDS to answer and
may give back at most LARGEST bytes; it may be called again for a letter whose first attempt failed or came too
late, so it keeps no count of its own. Whatever it raises is told to the seal keeper as a failure and changes nothing.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import numbering, options, policy
from gongkai.agencies.models import Appointment, Person, Role
from gongkai.agencies.options import FLAG, Option
from gongkai.agencies.policy import Actor, Refused, effective, require
from gongkai.applications import rendering, wording
from gongkai.applications.letterkind import still_the_law
from gongkai.applications.models import KIND, LETTER, Letter, SealUse
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review.models import RevisionEditor
from gongkai.review.submission import content_of

log = logging.getLogger(__name__)
Apply = Callable[[bytes, Letter], bytes]

STAMP = "stamp"
SEALED = "sealed"
SERIES, FORM = "seal", "{code}-印-{year}-{n:04d}"
MOST_COPIES = 99
LARGEST = 20 * 1024 * 1024
SECONDS = 30
REQUIRED, HEAD_APPROVES = "letters_stamped_before_sending", "seal_use_approved_by_head"
LAW = "《国务院关于国家行政机关和企业事业单位社会团体印章管理的规定》（国发〔1999〕25号）"
_GROUP = gettext_lazy("Letters")
options.declare(
    Option(
        REQUIRED, _GROUP, gettext_lazy("A letter goes out only once the use of the seal is in the register"), FLAG, True,
        words=gettext_lazy("A letter carries the seal of the agency (印章)."), law=LAW,
    ),
    Option(
        HEAD_APPROVES, _GROUP, gettext_lazy("The head of the disclosure office may approve the use of the seal"),
        FLAG, False,
        words=gettext_lazy("Otherwise the leader who approved the letter, or another principal leader."), law=LAW,
    ),
)  # fmt: skip
policy.grant(
    "application.seal",
    policy.handler | policy.head,
    gettext_lazy("stamp letters of this agency and register it"),
)
policy.grant(
    "application.seal_register",
    policy.staff | policy.oversees,
    gettext_lazy("see the register of seal use of this agency"),
)


@dataclass(frozen=True)
class Means:
    """How a letter is sealed. apply: None for the seal on paper."""

    name: str
    label: Any
    apply: Apply | None = None


_means: dict[str, Means] = {STAMP: Means(STAMP, gettext_lazy("seal on paper"))}


def register_means(name: str, label: Any, apply: Apply) -> None:
    """Plug an e-seal in, from an AppConfig.ready. name: at most 40 characters, kept in the register; label: for
    the seal keeper. Raises ValueError for a name that is taken or too long."""
    if not name or len(name) > 40 or name in _means:
        raise ValueError(f"the means of sealing {name!r} is taken, empty or too long")
    _means[name] = Means(name, label, apply)


def remove_means(name: str) -> None:
    """Take a plugged-in e-seal out again; its lines in the register stay."""
    if name == STAMP:
        raise ValueError("the seal on paper is always there")
    _means.pop(name, None)


def means() -> tuple[Means, ...]:
    """What letters may be sealed by, the seal on paper first."""
    return tuple(_means.values())


def label_of(name: str) -> str:
    """A means for people; of one that is no longer plugged in, its name."""
    return str(_means[name].label) if name in _means else name


def approvers(letter: Letter) -> QuerySet[Person]:
    """Who may have approved the use of the seal: the leader of step three, any principal leader in office today,
    and the head of the disclosure office where the agency says so."""
    roles = [Role.APPROVER] + ([Role.DISCLOSURE_HEAD] if options.read(letter.agency, HEAD_APPROVES) else [])
    held = Appointment.objects.filter(effective(clock.today()), agency=letter.agency, role__in=roles)
    found = Q(pk__in=held.values("person"))
    if letter.release is not None:
        third = letter.release.revision.approvals.filter(step=3).values("person")
        found |= Q(pk__in=third)
    return Person.objects.filter(found).order_by("name")


def approver_of(letter: Letter) -> Person | None:
    """The leader of step three, whose approval authorises the seal; None before the release."""
    if letter.release is None:
        return None
    return next(
        (row.person for row in letter.release.revision.approvals.select_related("person") if row.step == 3),
        None,
    )


def stamped(letter: Letter) -> bool:
    """Whether the register holds a line for this letter."""
    return letter.seal_uses.exists()


def lacking(letter: Letter) -> bool:
    """Whether the letter still has to be stamped before it goes out."""
    return options.read(letter.agency, REQUIRED) and not stamped(letter)


def refuse_unstamped(letter: Letter) -> None:
    """Refuse to send what the agency wants stamped first."""
    if lacking(letter):
        raise Refused(
            _("Have the letter stamped, and enter it in the register of seal use, before it goes out."), LAW
        )


def outgoing(letter: Letter) -> Attachment | None:
    """What goes out: the newest copy that an e-seal made, else the fair copy; None before it is rendered."""
    rows = Attachment.objects.filter(owner_kind=LETTER, owner_id=letter.pk, purpose__in=(SEALED, "pdf"))
    found = list(rows.select_related("file").order_by("uploaded_at", "pk"))
    by_seal = [row for row in found if row.purpose == SEALED]
    return (by_seal or found or [None])[-1]


def stamp(
    actor: Actor, letter: Letter, *, copies: int, approved_by: Person | None = None, by: str = STAMP
) -> SealUse:
    """Use the seal on a released letter and write the line of the register.

    approved_by: default the leader of step three; by: the name of a means. Raises Refused; then nothing is
    written and no number is given.
    """
    require(actor, "application.seal", letter.agency)
    chosen = _means.get(by)
    if chosen is None:
        raise Refused(_("Choose the means of sealing from the list."))
    if not 1 <= copies <= MOST_COPIES:
        raise Refused(_("Enter the number of copies, 1 to %(n)d.") % {"n": MOST_COPIES})
    held = Letter.objects.select_related("application", "agency", "decision", "release__revision").get(
        pk=letter.pk
    )
    _stampable(actor, held, approved_by)
    made = _applied(chosen, held) if chosen.apply is not None else None
    with transaction.atomic():
        Letter.objects.select_for_update().get(pk=letter.pk)
        held.refresh_from_db()
        approver = _stampable(actor, held, approved_by)
        if made is not None and held.seal_uses.exclude(method=STAMP).exists():
            raise Refused(_("This letter carries an electronic seal already."))
        return _write(actor, held, approver, copies, chosen, made)


def _stampable(actor: Actor, letter: Letter, approved_by: Person | None) -> Person:
    """Who approved, where the seal may be used on the letter now by this person. Raises Refused."""
    if letter.dropped:
        raise Refused(_("This letter will not be sent any more."))
    if letter.release is None or letter.dated is None:
        raise Refused(
            _("The seal is used once three people have released the letter and it has its number."), LAW
        )
    if hasattr(letter.release, "withdrawal"):
        raise Refused(_("The release of this letter was withdrawn."))
    if hasattr(letter, "dispatch"):
        raise Refused(_("This letter was sent already."))
    content = content_of(letter.release.digest)
    if content is None:
        raise Refused(_("The content of this revision was erased; it cannot be sent."))
    still_the_law(letter, content, clock.today())
    approver = approved_by or approver_of(letter)
    if approver is None or not approvers(letter).filter(pk=approver.pk).exists():
        raise Refused(_("The use of the seal is approved by a principal leader; choose who did."), LAW)
    if approver.pk == actor.person.pk:
        raise Refused(_("Who approved the use of the seal does not stamp: two people."), LAW)
    if RevisionEditor.objects.filter(revision=letter.release.revision, person=actor.person).exists():
        raise Refused(_("You wrote in this letter: another person keeps the seal and stamps it."), LAW)
    return approver


def _applied(chosen: Means, letter: Letter) -> bytes:
    """The sealed PDF of an e-seal. Raises Refused where it fails, is too slow, or gives back no PDF."""
    assert chosen.apply is not None
    rendering.make({"kind": LETTER, "subject": str(letter.pk)})
    fair = next(row for row in rendering.files(letter) if row.purpose == "pdf")
    data = storage.read(fair.file_id, case_key=fair.case_key)
    answer: list[Any] = []
    work = threading.Thread(target=partial(_run, chosen.apply, data, letter, answer), daemon=True)
    work.start()
    work.join(SECONDS)
    if not answer:
        raise Refused(
            _("%(means)s did not answer within %(n)d seconds.") % {"means": chosen.label, "n": SECONDS}
        )
    sealed = answer[0]
    if isinstance(sealed, Exception):
        log.error("e-seal %s failed", chosen.name, exc_info=sealed)
        raise Refused(
            _("%(means)s failed: nothing was stamped. Try again, or use the seal on paper.")
            % {"means": chosen.label}
        )
    if (
        not isinstance(sealed, bytes)
        or not sealed.startswith(b"%PDF-")
        or len(sealed) > LARGEST
        or sealed == data
    ):
        raise Refused(_("%(means)s gave back no sealed PDF of at most 20 MB.") % {"means": chosen.label})
    storage.accept(sealed, "sealed.pdf")
    return sealed


def _run(apply: Apply, data: bytes, letter: Letter, answer: list[Any]) -> None:
    try:
        answer.append(apply(data, letter))
    except Exception as error:
        answer.append(error)


def _write(
    actor: Actor, letter: Letter, approver: Person, copies: int, chosen: Means, made: bytes | None
) -> SealUse:
    number = numbering.issue(letter.agency, SERIES, FORM, who=actor.who, subject=(LETTER, letter.pk)).text
    file = None
    if made is not None:
        file = storage.attach(
            made,
            f"{wording.TEMPLATES[letter.kind].title} {letter.number}（{label_of(chosen.name)}）.pdf",
            who=actor.who,
            agency=letter.agency,
            owner=(LETTER, letter.pk),
            purpose=SEALED,
            person=actor.person,
            case_key=letter.application.case_key,
        )
    row = SealUse.objects.create(
        letter=letter,
        agency=letter.agency,
        number=number,
        on=clock.today(),
        copies=copies,
        approved_by=approver,
        sealed_by=actor.person,
        method=chosen.name,
        file=file,
        at=clock.now(),
    )
    chain.record(
        "letter.stamped",
        actor.who,
        agency=letter.agency_id,
        subject=(KIND, letter.application_id),
        covers=[row],
        letter=str(letter.pk),
        number=number,
        method=chosen.name,
        copies=copies,
        digest=file.file_id if file is not None else "",
    )
    return row
