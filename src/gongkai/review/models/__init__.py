"""The records of a review, by subject: the review itself, what the confidentiality review asks and decides, the
rules by which is screened, what is screened again afterwards."""

from gongkai.review.models.rescreening import (
    Dismissal,
    NewFinding,
    Rescreening,
    RescreeningRound,
    ScreenedRelease,
)
from gongkai.review.models.reviews import (
    STEPS,
    Approval,
    Cancellation,
    Content,
    Dispute,
    Draft,
    DraftEditor,
    Erasure,
    Finding,
    Release,
    Resolution,
    ReviewState,
    Revision,
    RevisionEditor,
    Screening,
    Subject,
    Withdrawal,
)
from gongkai.review.models.screening_rules import (
    Dictionary,
    DictionaryTerms,
    DictionaryVersion,
    ScreeningPolicy,
)

__all__ = [
    "STEPS",
    "Approval",
    "Cancellation",
    "Content",
    "Dictionary",
    "DictionaryTerms",
    "DictionaryVersion",
    "Dismissal",
    "Dispute",
    "Draft",
    "DraftEditor",
    "Erasure",
    "Finding",
    "NewFinding",
    "Release",
    "Rescreening",
    "RescreeningRound",
    "Resolution",
    "ReviewState",
    "Revision",
    "RevisionEditor",
    "ScreenedRelease",
    "Screening",
    "ScreeningPolicy",
    "Subject",
    "Withdrawal",
]
