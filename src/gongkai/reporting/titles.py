"""How pages name the rules that findings cite, and how much of a passage they show."""

from django.utils.translation import gettext as _

from gongkai.reporting import followups
from gongkai.rulebook.report_rules import RULES

LONGEST_EXCERPT = 80


def title_of(rule: str) -> str:
    """What a rule demands, behind the number that a rule of the form is known by (C1 to C15)."""
    if rule == followups.RULE:
        return _("Last year's problem")
    if rule not in RULES:
        return rule
    statement = RULES[rule].statement
    return f"{rule} {statement}" if rule[1:].isdigit() else statement


def excerpt(words: str) -> str:
    """The first words of a passage, enough to find it again."""
    return words if len(words) <= LONGEST_EXCERPT else f"{words[:LONGEST_EXCERPT]}……"
