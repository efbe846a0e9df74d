"""docs/permissions.md, made from the permission policy as the server has it.

    python tools/permissions.py          writes the file
    python tools/permissions.py check    fails where the file is not what the policy says

Who may do an act is found by asking the policy for a person with one role, not by reading its predicates.
"""

import atexit
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "permissions.md"
HEAD = """# Who may do what

Made by `python tools/permissions.py` from the one permission policy (`src/gongkai/agencies/policy.py` and the rooms' calls of
`grant`); a test fails where this file is stale. Every page, file, search, export and command asks this table (I6).

- A right counts **in the agency of the appointment**. A supervisor's counts in the whole subtree below; an administrator's in
  the whole instance.
- Rights come from confirmed appointments that hold on the day. No flag on a person grants anything; there is no superuser.
- Who holds a business role and an administrator's acts under one hat at a time; the rights never add up.
- The policy says who; whether the act is lawful **now** (state, term, three different people) is asked by the use case and,
  for reviews and releases, by the database.

| Act | Who | 可以做的事 | May |
|---|---|---|---|
"""


def start() -> None:
    """Start Django on an empty instance in a temporary folder, which holds no data."""
    from gongkai.instance import Instance

    home = Path(tempfile.mkdtemp(prefix="gongkai-permissions-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    Instance.found(home, demo=True, created=datetime.now(UTC).isoformat(timespec="seconds"))
    os.environ["GONGKAI_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.config.settings"
    import django

    django.setup()


def holders(act: str) -> list[str]:
    """The roles whose holder may do the act in their agency (a supervisor: in one below), in the order of Role."""
    from gongkai.agencies.models import ADMINISTRATORS, Agency, Appointment, Person, Role
    from gongkai.agencies.policy import ADMINISTRATION, BUSINESS, Actor, allowed

    superior = Agency(name="superior", code="1")
    superior.path = f"/{superior.pk.hex}/"
    agency = Agency(name="agency", code="2")
    agency.path = f"{superior.path}{agency.pk.hex}/"
    person = Person(username="someone", agency=agency)
    found = []
    for role in Role:
        seat = superior if role == Role.SUPERVISOR else agency
        hat = ADMINISTRATION if role in ADMINISTRATORS else BUSINESS
        actor = Actor(person, hat, (Appointment(person=person, agency=seat, role=role),))
        if allowed(actor, act, agency):
            found.append(role.value)
    return found


def document() -> str:
    """The whole text of docs/permissions.md."""
    from django.urls import get_resolver
    from django.utils import translation

    from gongkai.agencies import policy
    from gongkai.agencies.models import Role

    # Loading every address imports every use case, and with it every act, as the server does.
    assert get_resolver().url_patterns
    rows = []
    for act in sorted(policy.POLICY):
        roles = [Role(name) for name in holders(act)]
        with translation.override("zh-hans"):
            who = "、".join(str(role.label) for role in roles)
            chinese = str(policy._WORDS[act])
        with translation.override("en"):
            english = str(policy._WORDS[act])
        rows.append(f"| `{act}` | {who} | {chinese} | {english} |")
    return HEAD + "\n".join(rows) + "\n"


def main(argv: list[str]) -> int:
    """Write or check; the exit code."""
    start()
    text = document()
    if argv == ["check"]:
        if DOCUMENT.exists() and DOCUMENT.read_text("utf-8") == text:
            return 0
        print("docs/permissions.md is stale: run python tools/permissions.py", file=sys.stderr)
        return 1
    DOCUMENT.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
