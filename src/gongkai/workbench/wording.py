"""What a reminder says: kind, number, step, due day and working days left. Never a title, never a person.

A title may be that of a thing that is withheld, or hold a name; so none goes out of the workbench.
"""

from django.utils.translation import gettext as _

from gongkai.agencies.deadlines import remaining
from gongkai.agencies.navigation import Waiting
from gongkai.workbench.templatetags.workbench_look import days_left, due_date

LONGEST = 300


def matter(row: Waiting, *, named: bool = False) -> str:
    """Kind and number, as 政府信息公开申请 2021-0001; the kind alone where there is no number.

    named: the agency too, for who works for several, whose numbers may be alike.
    """
    said = f"{row.kind} {row.number}".strip()[:120]
    return _("%(matter)s (%(agency)s)") % {"matter": said, "agency": row.agency.brief} if named else said


def term(row: Waiting) -> str:
    """The due day with weekday and the working days left, as 2021年12月31日（星期五），剩余3个工作日."""
    said = _("%(due)s, %(left)s") % {"due": due_date(row.due_on), "left": days_left(remaining(row.due_on))}
    return _("%(term)s (provisional)") % {"term": said} if row.provisional else said


def message(row: Waiting) -> str:
    """The whole text of a message about a thing with a due day."""
    said = _("[Disclosure reminder] %(matter)s: %(step)s. Due %(term)s.")
    return (said % {"matter": matter(row), "step": row.step, "term": term(row)})[:LONGEST]
