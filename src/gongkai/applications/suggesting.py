"""The applicant's suggestion to make public for everybody what they were given (art. 44(2))."""

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Refused
from gongkai.applications import events, tracking
from gongkai.applications.models import Application, Matter
from gongkai.journal import clock
from gongkai.journal.chain import Who
from gongkai.rulebook.norms import cite

EVENT = "suggested"
LAW = cite("regulation", 44, 2)
# The outcomes by which information was given that is not public yet.
GIVEN = ("provided", "partly_provided")


def refusal(case: Application) -> str:
    """Why nothing can be suggested now; empty where it can."""
    if case.matter == Matter.AMENDMENT or case.answered_on is None or case.outcome not in GIVEN:
        return _("Only information that was given to you can be suggested.")
    if case.events.filter(type=EVENT).exists():
        return _("You have suggested this already; the agency examines it.")
    return ""


def suggest(number: str, code: str, address: str) -> Application:
    """Record the suggestion of whoever has number and query code, as an event that the handlers see; they
    examine it, and what belongs to proactive disclosure becomes an item. Raises Refused."""
    found = tracking.find_from(number, code, address)
    with transaction.atomic():
        case = events.lock(found.pk)
        if reason := refusal(case):
            raise Refused(reason, LAW)
        events.write(case, EVENT, clock.today(), None, who=Who("public:web", address=address))
    return case
