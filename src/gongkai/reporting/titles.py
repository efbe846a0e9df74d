"""How pages name the rules that findings cite."""

from django.utils.translation import gettext as _

from gongkai.reporting import followups
from gongkai.rulebook.report_rules import RULES


def title_of(rule: str) -> str:
    """What a rule demands, behind the number that a rule of the form is known by (C1 to C15)."""
    if rule == followups.RULE:
        return _("Last year's problem")
    if rule not in RULES:
        return rule
    statement = RULES[rule].statement
    return f"{rule} {statement}" if rule[1:].isdigit() else statement
