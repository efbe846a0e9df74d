"""Which agencies count into a government's report of a year: proposed from the tree, kept by the supervisor.

A government reports on itself, on its departments and, where it decides so, on its towns and subdistricts
(条例第四十九条). What stands below another government counts into that government's report, not into this one.
Offices that do not use this system are members by name. What the supervisor said of one year holds for the
following years until they say otherwise.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai.agencies.models import Agency
from gongkai.agencies.policy import Actor, Refused, grant, handler, head, oversees, require, staff
from gongkai.journal import chain, clock
from gongkai.reporting.rollup_models import Group, RollupMember, RollupRule
from gongkai.rulebook.terms import REPORT_LAW

READ, KEEP, TAKE_IN = "rollup.read", "rollup.keep", "rollup.take_in"
grant(READ, staff | oversees, gettext_lazy("see what the report of this government is summed from"))
grant(KEEP, oversees, gettext_lazy("say which agencies count into the report of this government"))
grant(TAKE_IN, handler | head | oversees, gettext_lazy("take in reports of members of this government"))

LONGEST_NAME, LONGEST_REASON = 100, 300
MOST_MEMBERS = 1000
# How offices of towns and subdistricts are called that are no governments of their own in the tree.
TOWN_NAMES = ("街道办事处", "街道办", "镇人民政府", "乡人民政府", "苏木人民政府")
Ground = RollupMember.Ground


@dataclass(frozen=True)
class Member:
    """An agency on the list. ground, reason: why it was added or left out; since: the year of that word, if any.

    agency: None for an office that does not use this system.
    """

    name: str
    agency: Agency | None
    group: str
    counted: bool
    ground: str = ""
    reason: str = ""
    since: int | None = None

    @property
    def own(self) -> bool:
        return self.group == Group.OWN

    @property
    def outside(self) -> bool:
        return self.agency is None

    @property
    def ground_name(self) -> str:
        return str(Ground(self.ground).label) if self.ground else ""


def require_government(government: Agency) -> None:
    """Refused for an agency whose report is counted from its own records alone."""
    if not government.government:
        raise Refused(
            _("“%(agency)s” is no government: its report is counted from its own records.")
            % {"agency": government.name},
            REPORT_LAW,
        )


def towns_count(government: Agency, year: int) -> bool:
    """Whether towns and subdistricts count into the report of that year; not, before somebody says so."""
    rule = RollupRule.objects.filter(government=government, year__lte=year).order_by("-year", "-pk").first()
    return rule is not None and rule.towns


def group_of(agency: Agency) -> str:
    """Whether an agency below a government is a town or subdistrict, or one of its departments."""
    return Group.TOWN if agency.government or agency.name.endswith(TOWN_NAMES) else Group.DEPARTMENT


def members(government: Agency, year: int) -> list[Member]:
    """Everyone who could count in: the government itself, its departments by their codes, then towns; those who do
    not use this system after the others of their group. Three queries, however many there are.
    """
    require_government(government)
    towns = towns_count(government, year)
    said: dict[object, RollupMember] = {}
    rows = RollupMember.objects.filter(government=government, year__lte=year)
    for row in rows.select_related("agency").order_by("year", "pk"):
        said[row.agency_id or row.name] = row
    found = [Member(government.name, government, Group.OWN, counted=True)]
    for agency, group in _below(government):
        word = said.pop(agency.pk, None) or said.pop(agency.name, None)
        found.append(_member(agency.name, agency, group, towns, word))
    for word in sorted(said.values(), key=lambda row: row.pk):
        # What left the tree stays on the list as it was said, so that nothing disappears from a sum unseen.
        found.append(_member(word.name, word.agency, word.group, towns, word))
    order = list(Group.values)
    found.sort(
        key=lambda each: (
            order.index(each.group),
            each.agency is None,
            each.agency.code if each.agency else "",
            each.name,
        )
    )
    return found


def _below(government: Agency) -> Iterator[tuple[Agency, str]]:
    """The agencies of the subtree with their groups; not what stands below another government."""
    closed: list[str] = []
    towns: list[str] = []
    for agency in government.subtree().exclude(pk=government.pk).order_by("path"):
        if any(agency.path.startswith(path) for path in closed):
            continue
        if agency.government:
            closed.append(agency.path)
        group = group_of(agency)
        if any(agency.path.startswith(path) for path in towns):
            group = Group.TOWN
        elif group == Group.TOWN:
            towns.append(agency.path)
        yield agency, group


def _member(name: str, agency: Agency | None, group: str, towns: bool, word: RollupMember | None) -> Member:
    if word is not None:
        # A reason once given holds; towns that were added by name still follow the rule of the year.
        counted = word.counted and (word.group != Group.TOWN or towns or word.ground != Ground.OUTSIDE)
        return Member(name, agency, word.group, counted, word.ground, word.reason, word.year)
    if group == Group.TOWN and not towns:
        reason = _("Towns and subdistricts do not count into the report of this year.")
        return Member(name, agency, group, counted=False, reason=reason)
    return Member(name, agency, group, counted=True)


def set_towns(actor: Actor, government: Agency, year: int, *, towns: bool, reason: str) -> RollupRule:
    """Say whether towns and subdistricts count in from this year on. Raises Refused."""
    require(actor, KEEP, government)
    require_government(government)
    said = _reason(reason)
    with transaction.atomic():
        row = RollupRule.objects.create(
            government=government, year=year, towns=towns, reason=said, person=actor.person, at=clock.now()
        )
        chain.record(
            "rollup.towns_set",
            actor.who,
            agency=government.pk,
            subject=("rollup", f"{government.code}/{year}"),
            covers=[row],
            year=year,
            towns=towns,
        )
    return row


def set_member(
    actor: Actor, government: Agency, year: int, name: str, *, counted: bool, ground: str, reason: str
) -> RollupMember:
    """Say that a member on the list counts in, or is left out, from this year on; with a reason. Raises Refused."""
    require(actor, KEEP, government)
    known = next((each for each in members(government, year) if each.name == name), None)
    if known is None:
        raise Refused(_("“%(name)s” is not on the list; add it first.") % {"name": name[:LONGEST_NAME]})
    if known.own:
        raise Refused(_("The government's own office always counts in."), REPORT_LAW)
    return _say(
        actor,
        government,
        year,
        known.name,
        known.agency,
        known.group,
        counted=counted,
        ground=ground,
        reason=_reason(reason),
    )


def add_outside(
    actor: Actor, government: Agency, year: int, name: str, *, group: str, reason: str = ""
) -> RollupMember:
    """Put an office that does not use this system on the list, by its full name. Raises Refused."""
    require(actor, KEEP, government)
    listed = members(government, year)
    full = "".join(name.split())
    if not full or len(full) > LONGEST_NAME:
        raise Refused(
            _("Enter the full name of the office, of at most %(n)d characters.") % {"n": LONGEST_NAME}
        )
    if group not in (Group.DEPARTMENT, Group.TOWN):
        raise Refused(_("Choose whether it is a department, or a town or subdistrict."))
    if any(each.name == full for each in listed):
        raise Refused(_("“%(name)s” is on the list already.") % {"name": full})
    if len(listed) >= MOST_MEMBERS:
        raise Refused(_("The list holds at most %(n)d members.") % {"n": MOST_MEMBERS})
    agency = Agency.objects.filter(name=full).first()
    if agency is not None:
        raise Refused(
            _("“%(name)s” uses this system; its place is in the tree of agencies, below this government.")
            % {"name": full}
        )
    return _say(
        actor,
        government,
        year,
        full,
        None,
        group,
        counted=True,
        ground=Ground.OUTSIDE,
        reason=reason.strip()[:LONGEST_REASON],
    )


def _say(
    actor: Actor,
    government: Agency,
    year: int,
    name: str,
    agency: Agency | None,
    group: str,
    *,
    counted: bool,
    ground: str,
    reason: str,
) -> RollupMember:
    if ground not in Ground.values:
        raise Refused(_("Choose the ground."))
    with transaction.atomic():
        row = RollupMember.objects.create(
            government=government,
            year=year,
            name=name,
            agency=agency,
            group=group,
            counted=counted,
            ground=ground,
            reason=reason,
            person=actor.person,
            at=clock.now(),
        )
        chain.record(
            "rollup.member_set",
            actor.who,
            agency=government.pk,
            subject=("rollup", f"{government.code}/{year}"),
            covers=[row],
            year=year,
            member=name,
            counted=counted,
        )
    return row


def _reason(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Refused(_("Give the reason, in at most %(n)d characters.") % {"n": LONGEST_REASON})
    return said


def history(government: Agency, year: int) -> list[RollupMember | RollupRule]:
    """What was said on the list up to this year, latest first."""
    about = {"government": government, "year__lte": year}
    said: list[RollupMember | RollupRule] = [
        *RollupMember.objects.filter(**about).select_related("person"),
        *RollupRule.objects.filter(**about).select_related("person"),
    ]
    return sorted(said, key=lambda row: row.at, reverse=True)
