"""Text and files in, findings out: no Django, no clock, no network."""

from gongkai.screening.finding import (
    DEFAULT_POLICY,
    KIND_LABELS,
    LAYER_LABELS,
    VERDICT_LABELS,
    Finding,
    Kind,
    Layer,
    Policy,
    Result,
    Severity,
    Verdict,
    verdict_of,
)
from gongkai.screening.reading import html_text, screen_file, screen_html, screen_text
from gongkai.screening.rules import rules_version
from gongkai.screening.sniffing import Sniffed, sniff

__all__ = [
    "DEFAULT_POLICY",
    "KIND_LABELS",
    "LAYER_LABELS",
    "VERDICT_LABELS",
    "Finding",
    "Kind",
    "Layer",
    "Policy",
    "Result",
    "Severity",
    "Sniffed",
    "Verdict",
    "html_text",
    "rules_version",
    "screen_file",
    "screen_html",
    "screen_text",
    "sniff",
    "verdict_of",
]
