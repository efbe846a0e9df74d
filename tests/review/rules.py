"""Rules of screening as the tests set them."""

from typing import Any

from gongkai.agencies.models import Role
from gongkai.journal import clock
from gongkai.review import dictionaries, screening_rules
from gongkai.screening import Term
from tests.invariants.attacks import appoint, person


def keeper(office: Any, agency: Any) -> Any:
    """Who keeps the dictionaries of an agency (None: of the instance)."""
    if agency is None:
        return office.actor("security", "administration")
    if agency == office.agency:
        return office.actor("head")
    name = f"head_of_{agency.code}"
    if name not in office.people:
        appoint(office, person(office, name), Role.DISCLOSURE_HEAD, agency=agency)
    return office.actor(name)


def _later() -> None:
    try:
        clock.advance()
    except clock.ClockNotSettable:
        # The real clock goes on by itself.
        return


def a_dictionary(office: Any, agency: Any, words: list[str], *, severity: str = "") -> Any:
    """A dictionary in use that holds these words; set a minute later, as nothing happens at one instant."""
    _later()
    actor = keeper(office, agency)
    row = dictionaries.begin(actor, agency, f"词库{words[0]}")
    for n, wrong in enumerate(words):
        said = {"wrong": wrong, "why": "不宜公开", **({"severity": severity} if severity else {})}
        dictionaries.put(actor, row, Term.from_json(said), seen=n)
    return row


def policy(office: Any, by: str = "security", **said: Any) -> Any:
    """A new version of the policy, a minute later; what is not said stays."""
    _later()
    now = screening_rules.in_force()
    known = {
        "severities": now.severities,
        "column": "",
        "persons_warning": now.persons_warning,
        "sample_percent": now.sample_percent,
        "sample_least": now.sample_least,
        "reason": "年度调整",
    }
    return screening_rules.change(office.actor(by, "administration"), **(known | said))


def wording_blocks(office: Any) -> Any:
    """From now on a slip of wording blocks."""
    return policy(office, severities={"wording": "block"})
