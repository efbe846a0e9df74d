"""Applications, decisions and letters as they are stored."""

from gongkai.applications.models.beside import Conversion, Diverted, PartyPrint, Satisfaction, Tally
from gongkai.applications.models.cases import (
    APPLICANT_KINDS,
    KIND,
    OPEN_STATES,
    Application,
    CaseEvent,
    Matter,
    State,
    SubReason,
)
from gongkai.applications.models.letters import (
    LETTER,
    Decision,
    Dispatch,
    Endorsement,
    Letter,
    LetterWording,
    SealUse,
    ServiceProof,
    Stage,
    ThirdPartyResult,
    Way,
)

__all__ = [
    "APPLICANT_KINDS",
    "KIND",
    "LETTER",
    "OPEN_STATES",
    "Application",
    "CaseEvent",
    "Conversion",
    "Decision",
    "Dispatch",
    "Diverted",
    "Endorsement",
    "Letter",
    "LetterWording",
    "Matter",
    "PartyPrint",
    "Satisfaction",
    "SealUse",
    "ServiceProof",
    "Stage",
    "State",
    "SubReason",
    "Tally",
    "ThirdPartyResult",
    "Way",
]
