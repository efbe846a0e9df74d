"""Referral upward of what this agency cannot determine (条例第十七条), and what it came to.

While a referral is open steps two and three wait, and no release is written; the text may still be returned or taken
back. The term of art. 26 knows no suspension: it runs on and is shown with the reason. Whether something is a state
secret only the national or a provincial secrecy administration determines (保密法第二十五条).
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.deadlines import remaining
from gongkai.agencies.policy import Actor, Refused, grant, handler, head, require, reviewer
from gongkai.files import storage
from gongkai.files.models import Attachment
from gongkai.journal import chain, clock
from gongkai.review.models import Finding, Referral, ReferralAnswer, ReviewState, Revision
from gongkai.rulebook import examination as rules
from gongkai.rulebook.norms import cite

grant(
    "review.refer",
    handler | reviewer | head,
    gettext_lazy("refer upward, or consult others, for this agency"),
)
ARTICLE = cite("regulation", 17)
PAPER = "referral_answer"


def refer(
    actor: Actor,
    revision: Revision,
    *,
    question: str,
    matter: str,
    addressee_kind: str,
    addressee: str,
    route: str = "",
    document_number: str = "",
    sent_on: date,
) -> Referral:
    """Put on record that a question was referred upward. Raises Refused."""
    require(actor, "review.refer", revision.agency)
    if question not in Referral.Question.values or addressee_kind not in Referral.Addressee.values:
        raise Refused(_("Choose the question and to whom it is referred."), ARTICLE)
    if not matter.strip() or not addressee.strip():
        raise Refused(_("Say what is in doubt, and to which body it is referred."), ARTICLE)
    if question == Referral.Question.SECRET and addressee_kind != Referral.Addressee.SECRECY:
        raise Refused(
            _("Whether it is a state secret is referred to the secrecy administration, level by level."),
            ARTICLE,
        )
    _possible(revision, sent_on)
    with transaction.atomic():
        _under_review(revision)
        if open_of(revision):
            raise Refused(_("A referral of this revision is open already; enter its answer first."))
        row = Referral.objects.create(
            revision=revision,
            digest=revision.digest,
            question=question,
            matter=matter.strip()[:1000],
            addressee_kind=addressee_kind,
            addressee=addressee.strip()[:100],
            route=route.strip()[:300],
            document_number=document_number.strip()[:80],
            sent_on=sent_on,
            person=actor.person,
            at=clock.now(),
        )
        _record(actor, revision, row, "review.referred", question=question, to=row.addressee)
    return row


def answer(
    actor: Actor,
    referral: Referral,
    *,
    outcome: str,
    level: str,
    body: str,
    document_number: str = "",
    answered_on: date,
    note: str = "",
    paper: tuple[bytes, str] | None = None,
) -> ReferralAnswer:
    """Put on record what a referral came to. paper: the answer as a file, with its name. Raises Refused."""
    revision = referral.revision
    require(actor, "review.refer", revision.agency)
    if outcome not in dict(ReferralAnswer.OUTCOMES) or level not in rules.LEVELS:
        raise Refused(_("Choose the outcome and who answered."), ARTICLE)
    if not body.strip():
        raise Refused(_("Name the body that answered."), ARTICLE)
    if referral.question == Referral.Question.SECRET and (obstacle := rules.determining(level, answered_on)):
        raise Refused(obstacle.message, obstacle.article)
    if not referral.sent_on <= answered_on <= clock.today():
        raise Refused(_("The answer lies between the day of sending and today."))
    try:
        with transaction.atomic():
            stored = _paper(actor, revision, paper)
            row = ReferralAnswer.objects.create(
                referral=referral,
                outcome=outcome,
                level=level,
                body=body.strip()[:100],
                document_number=document_number.strip()[:80],
                answered_on=answered_on,
                paper=stored,
                note=note.strip()[:1000],
                person=actor.person,
                at=clock.now(),
            )
            _record(actor, revision, row, "review.referral_answered", outcome=outcome, by=row.body)
    except IntegrityError as error:
        raise Refused(_("This referral is answered already.")) from error
    return row


def _paper(actor: Actor, revision: Revision, paper: tuple[bytes, str] | None) -> Attachment | None:
    if paper is None:
        return None
    return storage.attach(
        *paper,
        who=actor.who,
        agency=revision.agency,
        owner=(revision.subject_kind, revision.subject_id),
        purpose=PAPER,
        person=actor.person,
    )


def _possible(revision: Revision, day: date) -> None:
    if day > clock.today():
        raise Refused(_("The day lies in the future."))


def _under_review(revision: Revision) -> None:
    """Hold the review; Refused where it has ended."""
    state = ReviewState.objects.select_for_update().filter(revision=revision).first()
    if state is None or state.state not in ReviewState.OPEN:
        raise Refused(_("This review has ended already."))


def _record(
    actor: Actor, revision: Revision, row: Referral | ReferralAnswer, action: str, **data: Any
) -> None:
    chain.record(
        action,
        actor.who,
        agency=revision.agency_id,
        subject=(revision.subject_kind, revision.subject_id),
        covers=[row],
        **data,
    )


def open_of(revision: Revision) -> Referral | None:
    """The referral of this revision that waits for its answer; None where none does."""
    return revision.referrals.filter(answer__isnull=True).order_by("pk").first()


def determines(finding: Finding) -> bool:
    """Whether the answer to a referral of this very content lets it out in spite of a classification mark."""
    screening = finding.screening
    return ReferralAnswer.objects.filter(
        referral__revision_id=screening.revision_id,
        referral__digest=screening.digest,
        referral__question=Referral.Question.SECRET,
        outcome__in=("open", "partial"),
    ).exists()


def hindrance(revision: Revision) -> str:
    """Why steps two and three wait, as one sentence with whom and since when; empty where they need not."""
    row = open_of(revision)
    if row is not None:
        return _("Referred to %(whom)s on %(day)s; this step waits for the answer.") % {
            "whom": row.addressee,
            "day": date_format(row.sent_on),
        }
    if revision.referrals.filter(answer__outcome="withheld").exists():
        return _("It was determined that this is not to be disclosed: return the text.")
    return ""


def term(due: date | None) -> str:
    """What is said of the term while a referral is open: it runs on, and how much of it is left."""
    left = remaining(due)
    words = _("being determined above; the term for disclosure runs on (art. 26)")
    if left is None:
        return words
    if left < 0:
        return _("%(words)s, overdue") % {"words": words}
    return _("%(words)s, %(n)d working days left") % {"words": words, "n": left}


def waiting_for(kind: str) -> Exists:
    """For a query of subjects of a kind: whether the running review of each waits for the answer to a referral."""
    return Exists(
        Referral.objects.filter(
            revision__subject_kind=kind,
            revision__subject_id=OuterRef("pk"),
            revision__state__state__in=ReviewState.OPEN,
            answer__isnull=True,
        )
    )
