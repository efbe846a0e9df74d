"""The acts of a case as its page offers them: the next step first, the others in groups, what is refused folded."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gongkai.applications.acts import ACTS, Verdict
from gongkai.applications.models import Application

GROUPS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "clarify": (
        _("Correction and reasons"),
        ("confirm", "request_correction", "receive_correction", "ask_reasons", "receive_reasons"),
    ),
    "consult": (
        _("Consultation"),
        (
            "consult_third_party",
            "third_party_answered",
            "consult_co_maker",
            "consult_agency",
            "agency_answered",
            "tell_consultation",
            "tell_third_party",
        ),
    ),
    "term": (
        _("Term and fee"),
        ("approve_extension", "extend", "delay", "notify_fee", "receive_fee"),
    ),
    "handle": (
        _("Handling"),
        (
            "decide",
            "decide_amendment",
            "drop_decision",
            "withdraw",
            "assign",
            "record_search",
            "log_call",
            "note",
            "split",
            "merge",
            "separate",
            "close",
            "convert",
        ),
    ),
}
# Sending is done at the letter.
_ELSEWHERE = frozenset({"answer"})
_placed = [key for _label, keys in GROUPS.values() for key in keys]
if sorted(_placed) != sorted(set(ACTS) - _ELSEWHERE):
    raise ValueError("the groups of the case page do not hold every act once")


def act_url(row: Application, key: str) -> str:
    """The page of an act."""
    if key == "decide":
        return reverse("applications:decide", args=[row.pk])
    return reverse("applications:act", args=[row.pk, key])


def grouped(row: Application, found: Sequence[Verdict], without: str = "") -> list[dict[str, Any]]:
    """The groups as [{label, acts, refused}], without the act whose page is `without`: it stands in front."""
    verdicts = {each.act.key: each for each in found}
    groups = []
    for label, keys in GROUPS.values():
        here = [verdicts[key] for key in keys if key in verdicts]
        acts = [
            {"label": each.act.label, "url": act_url(row, each.act.key)}
            for each in here
            if each.allowed and act_url(row, each.act.key) != without
        ]
        refused = [
            {"label": each.act.label, "reason": each.reason, "article": each.article}
            for each in here
            if not each.allowed
        ]
        if acts or refused:
            groups.append({"label": label, "acts": acts, "refused": refused})
    return groups
