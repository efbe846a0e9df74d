"""Offices that do not use this system, beside those of the collection: by when their reports are due, who is late."""

from datetime import date
from typing import Any

from django.urls import reverse

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, allowed
from gongkai.journal import clock
from gongkai.reporting import collecting, rollup_members
from gongkai.reporting.collecting import Rules
from gongkai.reporting.models import MemberFile
from gongkai.reporting.rollup_members import READ, Member

# An office of this name is a government of its own, whose report is due with those of governments (art. 49).
GOVERNMENT_NAME = "人民政府"


class Terms:
    """The days of the members of one government and year, in one query however many there are."""

    def __init__(self, government: Agency, year: int) -> None:
        self.year, self._rules = year, Rules.load()
        rule = self._rules.by_agency.get(government.pk)
        applies = rule is not None and rule.collects and year >= rule.first_year
        self._rule = rule if applies else self._rules.over(government, year)

    def publish_by(self, member: Member) -> date | None:
        """The day by which a member's report is public, by the rule above it; None before the regulation."""
        if member.agency is not None:
            terms = self._rules.terms(member.agency, self.year)
        else:
            government = member.name.endswith(GOVERNMENT_NAME)
            terms = collecting.days(self._rule, self.year, government=government)
        return terms.publish_by if terms else None


def standing(actor: Actor, government: Agency, year: int) -> dict[str, Any] | None:
    """How many offices outside this system count in, whose reports are there and who is late: {agency, url, all,
    there, late}; None for an agency that sums no members, or whose members the actor may not see."""
    if not government.government or not allowed(actor, READ, government):
        return None
    terms, today = Terms(government, year), clock.today()
    outside = [each for each in rollup_members.members(government, year) if each.outside and each.counted]
    there = set(
        MemberFile.objects.filter(government=government, year=year).values_list("name", flat=True).distinct()
    )
    late = []
    for each in outside:
        due = terms.publish_by(each)
        if each.name not in there and due is not None and today > due:
            late.append(each.name)
    return {
        "agency": government.name,
        "url": reverse("reporting:members", args=[government.code, year]),
        "all": len(outside),
        "there": sum(each.name in there for each in outside),
        "late": late,
    }
