"""The rules by which this instance screens: a policy with versions, and dictionaries (see dictionaries.py).

The policy says what a finding does, by kind and layer, for everything or for one column. Only the security
administrator changes it. A classification mark, and a part that could not be read, always block: no row lowers
them, because what is read from a row is raised again (保密法 2024 art. 35: what is published was examined first).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongkai import screening
from gongkai.agencies.models import Agency
from gongkai.agencies.policy import (
    Actor,
    Refused,
    audit,
    grant,
    oversees,
    require,
    security,
    staff,
)
from gongkai.journal import canon, chain, clock
from gongkai.review import dictionaries, subjects
from gongkai.review.models import ScreeningPolicy
from gongkai.screening import Kind, Layer, Severity

CHANGE, READ = "screening.policy", "screening.read"
grant(CHANGE, security, gettext_lazy("change the policy of screening"))
grant(READ, staff | oversees | security | audit, gettext_lazy("see the rules of screening"))

_SECRETS = "《中华人民共和国保守国家秘密法》第三十五条"
# Where no version was set: from so many rows of persons a warning; a twentieth of what is public each week, but
# at least twenty.
PERSONS_WARNING, SAMPLE_PERCENT, SAMPLE_LEAST = 50, 5, 20
LONGEST_VERSION = 80

Cells = Mapping[str, str]


@dataclass(frozen=True)
class InForce:
    """The policy in force: that of the highest version, or the software's own (number 0)."""

    number: int
    severities: Cells
    columns: Mapping[str, Cells]
    persons_warning: int
    sample_percent: int
    sample_least: int


def in_force() -> InForce:
    """The policy that counts now."""
    row = ScreeningPolicy.objects.order_by("-number").first()
    if row is None:
        return InForce(0, {}, {}, PERSONS_WARNING, SAMPLE_PERCENT, SAMPLE_LEAST)
    return InForce(
        row.number, row.severities, row.columns, row.persons_warning, row.sample_percent, row.sample_least
    )


def key(kind: Kind, layer: Layer | None = None) -> str:
    """How a cell of the matrix is named in a stored policy: kind, or kind@layer."""
    return f"{kind}@{layer}" if layer else str(kind)


def parsed(name: str) -> tuple[Kind, Layer | None]:
    """The kind and layer that a stored name means. Raises ValueError for one that is none."""
    kind, _at, layer = name.partition("@")
    return Kind(kind), Layer(layer) if layer else None


def policy_of(version: InForce | ScreeningPolicy | None, column: str = "") -> screening.Policy:
    """What findings do under a version (None: the software's default), for a column or (empty) for everything.

    What a row says of the fixed kinds is not read, so they block even where the row was written by hand.
    """
    if version is None:
        return screening.DEFAULT_POLICY
    policy = screening.DEFAULT_POLICY.with_overrides(_readable(version.severities))
    return policy.with_overrides(_readable(version.columns.get(column, {}))) if column else policy


def _readable(cells: Cells) -> dict[str, str]:
    return {name: said for name, said in cells.items() if parsed(name)[0] not in screening.FIXED_KINDS}


# Rules are made anew only for another version; a lexicon of twenty thousand terms takes a moment.
@lru_cache(maxsize=64)
def _made(
    policy: tuple[tuple[str, str], ...], lists: tuple[dictionaries.Used, ...], persons: int
) -> screening.Rules:
    return screening.Rules(screening.Policy.from_json(dict(policy)), dictionaries.lexicon(lists), persons)


def rules_for(agency: Agency | None, column: str = "") -> screening.Rules:
    """The rules by which a content of this agency and column is screened now."""
    version = in_force()
    cells = tuple(sorted(policy_of(version, column).to_json().items()))
    return _made(cells, dictionaries.in_use(agency), version.persons_warning)


# How the absence of own dictionaries is named.
NONE = "0"


def own_version(agency: Agency) -> str:
    """Names the dictionary versions that are the agency's alone; NONE where it has none in use."""
    own = ".".join(str(used.version) for used in dictionaries.in_use(agency) if not used.shared)
    return own if len(own) <= LONGEST_VERSION else canon.sm3(own.encode())


def version_for(agency: Agency | None) -> str:
    """Names everything by which is screened now: the software, the version of the policy, and the dictionary
    versions of the instance (i) and of the agency (a), by their numbers in the database."""
    lists = dictionaries.in_use(agency)
    policy = in_force()
    shared = ".".join(str(used.version) for used in lists if used.shared)
    own = ".".join(str(used.version) for used in lists if not used.shared)
    said = f"{screening.rules_version()}/p{policy.number}/i{shared or 0}/a{own or 0}"
    if len(said) <= LONGEST_VERSION:
        return said
    digest = canon.sm3(f"{shared}|{own}".encode())[:16]
    return f"{screening.rules_version()}/p{policy.number}/d{digest}"[:LONGEST_VERSION]


def change(
    actor: Actor,
    *,
    severities: Cells,
    column: str,
    persons_warning: int,
    sample_percent: int,
    sample_least: int,
    reason: str,
    seen: int | None = None,
) -> ScreeningPolicy:
    """Set a new version of the policy: the cells of one column (empty: of everything), and the numbers.

    severities: {kind or kind@layer: block or warn} as it is to be, the default left out or not. seen: the version
    the person had before them. Raises Refused with one sentence that says what to do.
    """
    require(actor, CHANGE, None)
    if not reason.strip():
        raise Refused(_("Give the reason for the change; it stays with the version."))
    if column and column not in columns():
        raise Refused(_("There is no such column."))
    for label, number, least, most in (
        (_("Rows of persons"), persons_warning, 1, 100_000),
        (_("Share of the week"), sample_percent, 1, 100),
        (_("Least number of the week"), sample_least, 0, 10_000),
    ):
        if not least <= number <= most:
            raise Refused(
                _("“%(label)s”: a whole number from %(least)d to %(most)d.")
                % {"label": label, "least": least, "most": most}
            )
    with transaction.atomic():
        chain.hold()
        before = in_force()
        if seen is not None and seen != before.number:
            raise Refused(_("Someone else changed the policy in the meantime. Look at it again."))
        cells = _cleaned(severities, policy_of(before) if column else screening.DEFAULT_POLICY)
        others = {code: said for code, said in before.columns.items() if code != column}
        after = {
            "severities": before.severities if column else cells,
            "columns": {**others, column: cells} if column and cells else others,
            "persons_warning": persons_warning,
            "sample_percent": sample_percent,
            "sample_least": sample_least,
        }
        if all(getattr(before, name) == value for name, value in after.items()):
            raise Refused(_("Nothing was changed."))
        row = ScreeningPolicy.objects.create(
            number=before.number + 1,
            **after,
            reason=reason.strip()[:500],
            person=actor.person,
            on_day=clock.today(),
            at=clock.now(),
        )
        chain.record(
            "screening.policy_set",
            actor.who,
            subject=("screening_policy", row.number),
            covers=[row],
            version=row.number,
            column=column,
        )
    return row


def _cleaned(severities: Cells, base: screening.Policy) -> dict[str, str]:
    """The cells that say something: known names, allowed values, and only what differs from `base`."""
    said: dict[tuple[Kind, Layer | None], Severity] = {}
    for name, value in severities.items():
        try:
            cell, severity = parsed(name), Severity(value)
        except ValueError:
            raise Refused(_("“%(cell)s” is no cell of the matrix.") % {"cell": name[:60]}) from None
        if cell[0] in screening.FIXED_KINDS and severity is not Severity.BLOCK:
            label = screening.KIND_LABELS[cell[0]]
            raise Refused(_("“%(kind)s” always blocks; it cannot be lowered.") % {"kind": label}, _SECRETS)
        said[cell] = severity
    kept: dict[str, str] = {}
    # Kinds first: a layer is named where it differs from what its kind then does.
    for (kind, layer), severity in sorted(said.items(), key=lambda each: each[0][1] is not None):
        if base.with_overrides(kept).severity_of(kind, layer) is not severity:
            kept[key(kind, layer)] = str(severity)
    return kept


def columns() -> dict[str, str]:
    """The columns for which a policy of its own can be set: code → name, as the kinds tell them."""
    return {code: name for kind in subjects.kinds() for code, name in kind.columns()}


@dataclass(frozen=True)
class Difference:
    """One cell that two versions of the policy weigh differently."""

    column: str
    kind: Kind
    layer: Layer | None
    before: Severity
    after: Severity


def differences(
    before: InForce | ScreeningPolicy | None, after: InForce | ScreeningPolicy
) -> list[Difference]:
    """What `after` weighs otherwise than `before` (None: the software's default), by column, kind and layer."""
    found = []
    for column in sorted({"", *after.columns, *(before.columns if before else {})}):
        old, new = policy_of(before, column), policy_of(after, column)
        for kind in Kind:
            for layer in (None, *Layer):
                was, now = old.severity_of(kind, layer), new.severity_of(kind, layer)
                whole = (old.severity_of(kind), new.severity_of(kind))
                if was is not now and (layer is None or (was, now) != whole):
                    found.append(Difference(column, kind, layer, was, now))
    return found
