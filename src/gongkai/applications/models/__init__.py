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
from gongkai.applications.models.likeness import (
    CommonFeature,
    DeclinedWish,
    Likeness,
    LikenessFeature,
)

__all__ = [
    "APPLICANT_KINDS",
    "KIND",
    "LETTER",
    "OPEN_STATES",
    "Application",
    "CaseEvent",
    "CommonFeature",
    "Conversion",
    "Decision",
    "DeclinedWish",
    "Dispatch",
    "Diverted",
    "Endorsement",
    "Letter",
    "LetterWording",
    "Likeness",
    "LikenessFeature",
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
