"""Redaction: from a file a new one is made from which the content is gone, not covered."""

from gongkai.screening.passage import Unreadable
from gongkai.screening.redaction import masks
from gongkai.screening.redaction.body import redact_body, survey_body
from gongkai.screening.redaction.orders import (
    BLOT,
    CONCEALMENT_LABELS,
    CUTTABLE,
    USUALLY_DROPPED,
    Box,
    Column,
    Concealment,
    List,
    Masking,
    Order,
    Outcome,
    Removed,
    Target,
)
from gongkai.screening.redaction.reading import clean, lists, redact, survey

__all__ = [
    "BLOT",
    "CONCEALMENT_LABELS",
    "CUTTABLE",
    "USUALLY_DROPPED",
    "Box",
    "Column",
    "Concealment",
    "List",
    "Masking",
    "Order",
    "Outcome",
    "Removed",
    "Target",
    "Unreadable",
    "clean",
    "lists",
    "masks",
    "redact",
    "redact_body",
    "survey",
    "survey_body",
]
