"""Text and files in, findings out: no Django, no clock, no network."""

from gongkai.screening.finding import (
    DEFAULT_POLICY,
    FIXED_KINDS,
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
from gongkai.screening.lexicon import CONDITIONS, Lexicon, Term, builtin_lexicon, merged
from gongkai.screening.reading import html_text, persons_in, screen_file, screen_html, screen_text
from gongkai.screening.rules import DEFAULT_RULES, Rules, rules_version
from gongkai.screening.sniffing import Sniffed, sniff
from gongkai.screening.term_files import Terms, read_terms

__all__ = [
    "CONDITIONS",
    "DEFAULT_POLICY",
    "DEFAULT_RULES",
    "FIXED_KINDS",
    "KIND_LABELS",
    "LAYER_LABELS",
    "VERDICT_LABELS",
    "Finding",
    "Kind",
    "Layer",
    "Lexicon",
    "Policy",
    "Result",
    "Rules",
    "Severity",
    "Sniffed",
    "Term",
    "Terms",
    "Verdict",
    "builtin_lexicon",
    "html_text",
    "merged",
    "persons_in",
    "read_terms",
    "rules_version",
    "screen_file",
    "screen_html",
    "screen_text",
    "sniff",
    "verdict_of",
]
