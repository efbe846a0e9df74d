"""The records of a review, by subject: the review itself, what the confidentiality review asks and decides, the
rules by which is screened, what is screened again afterwards."""

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

__all__ = [
    "STEPS",
    "Approval",
    "Cancellation",
    "Content",
    "Dispute",
    "Draft",
    "DraftEditor",
    "Erasure",
    "Finding",
    "Release",
    "Resolution",
    "ReviewState",
    "Revision",
    "RevisionEditor",
    "Screening",
    "Subject",
    "Withdrawal",
]
