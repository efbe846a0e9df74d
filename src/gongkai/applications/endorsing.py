"""Countersigning and legal review (会签、合法性审核): what an agency may put before the three steps.

An endorsement is of one exact content: what three people will release. Whatever changes it asks for the
endorsements anew. Who endorses reads that letter alone, while it lies before them or once they gave their word.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies import options, policy
from gongkai.agencies.models import Agency, Role
from gongkai.agencies.navigation import Waiting
from gongkai.agencies.options import FLAG, Option
from gongkai.agencies.policy import Actor, Refused, allowed, require
from gongkai.applications import letters, wording
from gongkai.applications.acts import ACTS
from gongkai.applications.models import KIND, LETTER, Endorsement, Letter, Stage
from gongkai.files import sealing
from gongkai.journal import canon, chain, clock
from gongkai.review import subjects, submission
from gongkai.review.models import Draft, Revision
from gongkai.review.subjects import Content, Word
from gongkai.rulebook.norms import cite

LAW = cite("regulation", 17)
SHOWN = 200
# The field of the problem that only an endorser mends.
FIELD = "endorsement"
RIGHTS = {Stage.COUNTERSIGN: "application.countersign", Stage.LEGAL: "application.legal_review"}
ROLES = {Stage.COUNTERSIGN: Role.COUNTERSIGNER, Stage.LEGAL: Role.LEGAL_REVIEWER}
ASKED = {Stage.COUNTERSIGN: "letters_countersigned", Stage.LEGAL: "letters_legally_reviewed"}
TITLES = {Stage.COUNTERSIGN: "会签", Stage.LEGAL: "合法性审核"}
_GROUP = gettext_lazy("Letters")
options.declare(
    Option(
        ASKED[Stage.COUNTERSIGN], _GROUP, gettext_lazy("Letters are countersigned before the three steps"), FLAG, False,
        words=gettext_lazy("By a countersigner of this agency, each time the text has changed."),
    ),
    Option(
        ASKED[Stage.LEGAL], _GROUP, gettext_lazy("Letters pass legal review before the three steps"), FLAG, False,
        words=gettext_lazy("By a legal reviewer of this agency, after countersigning where both are asked for."),
    ),
)  # fmt: skip
policy.grant(
    RIGHTS[Stage.COUNTERSIGN],
    policy.countersigner,
    gettext_lazy("countersign letters of this agency, and read those put before one"),
)
policy.grant(
    RIGHTS[Stage.LEGAL],
    policy.legal_reviewer,
    gettext_lazy("review letters of this agency legally, and read those put before one"),
)


@dataclass(frozen=True)
class Given:
    """One endorsement for people: the stage, who, when, whether agreed, and the opinion."""

    stage: Stage
    agreed: bool
    person: str
    opinion: str
    at: datetime

    @property
    def words(self) -> str:
        return self.opinion if self.agreed else _("Returned: %(reason)s") % {"reason": self.opinion}


def wanted(agency: Agency) -> tuple[Stage, ...]:
    """The stages that an agency asks for, in their order."""
    return tuple(stage for stage in Stage if options.read(agency, ASKED[stage]))


def digest(content: Content) -> str:
    """The digest of a content to be frozen, or frozen."""
    return canon.sm3(canon.text(content).encode())


def digest_now(letter: Letter) -> str:
    """The digest of what a submission of the draft would freeze now."""
    return digest(subjects.kind_of(LETTER).freeze(_draft(letter)))


def lacking(letter: Letter, now: str = "") -> Stage | None:
    """The first stage that has not agreed to exactly this content; None where none is lacking.

    now: the digest of the content, where the caller has it.
    """
    stages = wanted(letter.agency)
    if not stages:
        return None
    agreed = set(
        letter.endorsements.filter(digest=now or digest_now(letter), agreed=True).values_list(
            "stage", flat=True
        )
    )
    return next((stage for stage in stages if stage not in agreed), None)


def offer(actor: Actor, letter: Letter, *, version: int) -> None:
    """Put the draft before the endorsers as it stands. Raises Refused; submission.Incomplete where it lacks more
    than their word."""
    require(actor, ACTS[letter.act].right, letter.agency)
    draft = _draft(letter)
    kind = subjects.kind_of(LETTER)
    if problems := [each for each in kind.problems(draft) if each.field != FIELD]:
        raise submission.Incomplete(problems)
    now = digest(kind.freeze(draft))
    with transaction.atomic():
        held = Letter.objects.select_for_update().select_related("agency").get(pk=letter.pk)
        if held.dropped or held.release_id:
            raise Refused(_("This letter was released or given up already."))
        if Draft.objects.select_for_update().get(pk=draft.pk).version != version:
            raise Refused(_("Someone else saved this draft in the meantime. Reload it and add your changes."))
        stage = lacking(held, now)
        if stage is None:
            raise Refused(_("Nothing is lacking: submit it for review."))
        if held.offered == now:
            raise Refused(_("This text waits for %(stage)s already.") % {"stage": stage.label})
        if held.endorsements.filter(digest=now, agreed=False).exists():
            raise Refused(_("Exactly this text was returned: change first what was asked for."))
        held.offered = now
        held.save(update_fields=["offered"])
        chain.record(
            "letter.offered",
            actor.who,
            agency=held.agency_id,
            subject=(KIND, held.application_id),
            letter=str(held.pk),
            digest=now,
            stage=stage.value,
        )
    letter.offered = now


def go_on(actor: Actor, letter: Letter, *, version: int) -> Revision | None:
    """Submit the letter for review where every word is given; else put it before whoever is to give the next
    (None). Raises Refused, submission.Incomplete."""
    found = subjects.kind_of(LETTER).problems(_draft(letter))
    if [each.field for each in found] == [FIELD]:
        offer(actor, letter, version=version)
        return None
    return letters.submit(actor, letter, version=version)


def problems(letter: Letter, content: Content) -> list[subjects.Problem]:
    """What the review asks of a letter before the three steps: every endorsement of exactly this content."""
    stage = lacking(letter, digest(content))
    if stage is None:
        return []
    words = _("The word of “%(stage)s” on exactly this text is missing; put it before them.")
    return [subjects.Problem(FIELD, words % {"stage": stage.label})]


def waiting_for(letter: Letter) -> Stage | None:
    """The stage before which the letter lies now, unchanged; None while it is written, or once all agreed."""
    if not letter.offered or letter.dropped or letter.release_id or digest_now(letter) != letter.offered:
        return None
    return lacking(letter, letter.offered)


def endorse(actor: Actor, letter: Letter, *, agreed: bool, opinion: str = "", seen: str) -> Endorsement:
    """Agree to the letter, or return it with the reason. seen: the digest that was shown. Raises Refused."""
    if not agreed and not opinion.strip():
        raise Refused(_("Say what is to be changed, so that the handler can mend it."))
    with transaction.atomic():
        held = Letter.objects.select_for_update().select_related("agency", "application").get(pk=letter.pk)
        stage = waiting_for(held)
        if stage is None or seen != held.offered:
            raise Refused(
                _("The text has changed, or its endorsement was given, in the meantime. Reload the page.")
            )
        require(actor, RIGHTS[stage], held.agency)
        if actor.person.pk in submission.writers(_draft(held)):
            raise Refused(_("You wrote in this text: another person must give this word."), LAW)
        row = Endorsement.objects.create(
            letter=held,
            stage=stage,
            digest=held.offered,
            agreed=agreed,
            sealed=sealing.seal(held.application.case_key, opinion.strip()[:1000] or "同意。"),
            person=actor.person,
            at=clock.now(),
        )
        if not agreed:
            held.offered = ""
            held.save(update_fields=["offered"])
        chain.record(
            "letter.endorsed" if agreed else "letter.endorsement_refused",
            actor.who,
            agency=held.agency_id,
            subject=(KIND, held.application_id),
            covers=[row],
            letter=str(held.pk),
            stage=stage.value,
            digest=row.digest,
        )
    return row


def given(letter: Letter, *, digest: str = "") -> list[Given]:
    """The endorsements of a letter, or of one content of it, in order. Raises sealing.Sealed."""
    rows = letter.endorsements.select_related("person")
    if digest:
        rows = rows.filter(digest=digest)
    return [
        Given(Stage(row.stage), row.agreed, row.person.name, sealing.unseal(row.sealed), row.at)
        for row in rows
    ]


def words(letter: Letter, content: Content) -> list[Word]:
    """The endorsements of one frozen content as the printed review sheet takes them."""
    return [
        Word(TITLES[each.stage], each.person, each.opinion, each.at)
        for each in given(letter, digest=digest(content))
        if each.agreed
    ]


def readable(actor: Actor, letter: Letter) -> bool:
    """Whether an endorser may read this letter: it lies before them, or they gave their word on it."""
    for stage, right in RIGHTS.items():
        if not allowed(actor, right, letter.agency):
            continue
        if (
            waiting_for(letter) is stage
            or letter.endorsements.filter(stage=stage, person=actor.person).exists()
        ):
            return True
    return False


def show(actor: Actor, letter: Letter) -> None:
    """Write down that an endorser read the letter. Raises Refused where it does not lie before them."""
    if not readable(actor, letter):
        raise Refused(_("This letter does not lie before you."))
    with transaction.atomic():
        chain.record(
            "application.shown",
            actor.who,
            agency=letter.agency_id,
            subject=(KIND, letter.application_id),
            page="endorse",
        )


def offered(agencies: Iterable[Agency]) -> QuerySet[Letter]:
    """Letters put before the endorsers of these agencies."""
    return (
        Letter.objects.filter(agency__in=list(agencies), dropped=False, release__isnull=True)
        .exclude(offered="")
        .select_related("agency", "application")
        .order_by("application__due_on")
    )


def waiting(actor: Actor) -> list[Waiting]:
    """What waits for a countersigner or legal reviewer, soonest due first."""
    seats = [a.agency for a in actor.appointments if a.role in ROLES.values()]
    found = []
    for letter in offered(seats)[:SHOWN] if seats else ():
        stage = waiting_for(letter)
        if stage is not None and allowed(actor, RIGHTS[stage], letter.agency):
            found.append(
                Waiting(
                    kind=_("letter"),
                    title=wording.TEMPLATES[letter.kind].title,
                    step=stage.label,
                    url=reverse("applications:letter_endorse", args=[letter.pk]),
                    agency=letter.agency,
                    due_on=letter.application.due_on,
                    since=letter.created_at,
                    number=letter.application.number,
                )
            )
    return found


def _draft(letter: Letter) -> Draft:
    draft = Draft.objects.filter(subject_kind=LETTER, subject_id=letter.pk).first()
    if draft is None:
        raise Refused(_("This letter has no draft."))
    return draft
