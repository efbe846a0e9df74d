"""What applicants think of the handling: once for each case, after the answer, by number and query code.

The words are sealed under the case key (I7); the score is a figure that opens to its cases.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.policy import Actor, Refused, require
from gongkai.applications import events, tracking
from gongkai.applications.models import KIND, Application, Satisfaction
from gongkai.files import sealing
from gongkai.journal import chain, clock
from gongkai.journal.chain import Who

SCORES = [
    (5, gettext_lazy("very content")),
    (4, gettext_lazy("content")),
    (3, gettext_lazy("fair")),
    (2, gettext_lazy("not content")),
    (1, gettext_lazy("not content at all")),
]
LONGEST = 1000


def open_for(case: Application) -> bool:
    """Whether the applicant may rate now: answered, and not rated yet."""
    return case.answered_on is not None and not Satisfaction.objects.filter(application=case).exists()


def rate(number: str, code: str, address: str, *, score: int, words: str = "") -> Satisfaction:
    """Record the rating of whoever has the number and the query code of the case.

    address: the network address, as for tracking. Raises Refused: a wrong code, no answer yet, rated before.
    """
    if score not in dict(SCORES):
        raise Refused(_("Choose one of the five answers."))
    if len(words) > LONGEST:
        raise Refused(_("At most %(n)d characters.") % {"n": LONGEST})
    found = tracking.find_from(number, code, address)
    with transaction.atomic():
        case = events.lock(found.pk)
        if case.answered_on is None:
            raise Refused(_("You can rate the handling once the answer has been sent."))
        if not open_for(case):
            raise Refused(_("You have rated this case already; thank you."))
        row = Satisfaction.objects.create(
            application=case, score=score, sealed=sealing.seal(case.case_key, words.strip()), at=clock.now()
        )
        chain.record(
            "application.rated",
            Who("public:web", address=address),
            agency=case.agency_id,
            subject=(KIND, case.pk),
            covers=[row],
            score=score,
        )
    return row


def words_of(actor: Actor, row: Satisfaction) -> str:
    """The applicant's own words, for showing them; the journal says who read them. Raises Refused."""
    case = row.application
    require(actor, "application.personal", case.agency)
    with transaction.atomic():
        chain.record(
            "application.shown",
            actor.who,
            agency=case.agency_id,
            subject=(KIND, case.pk),
            page="satisfaction",
        )
    return sealing.unseal(row.sealed)
