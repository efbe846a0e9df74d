"""An instance of its own in a process of its own, for tests that kill, cut and restore.

python -m tests.cli.living HOME build     an office with two released items, one withdrawn, a file
python -m tests.cli.living HOME work      drafts, submits, approves, releases and withdraws until killed
python -m tests.cli.living HOME look      sweeps what was cut off; what is not as it should be, as JSON
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATHS = os.pathsep.join([str(ROOT / "src"), str(ROOT)])


def environment(home: Path) -> dict[str, str]:
    """For a process on the instance in `home`, which has SQLite whatever the tests run on."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GONGKAI_")}
    return kept | {"PYTHONPATH": PATHS, "GONGKAI_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def start(home: Path, what: str) -> subprocess.Popen[str]:
    """One of the three, begun; its lines come through stdout."""
    command = [sys.executable, "-m", "tests.cli.living", str(home), what]
    return subprocess.Popen(command, env=environment(home), cwd=ROOT, stdout=subprocess.PIPE, text=True)


def gongkai(home: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """The command, away from any terminal; `said` is what a person types."""
    program = "import sys; from gongkai.cli import main; sys.argv[0] = 'gongkai'; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env=environment(home),
        cwd=ROOT,
        input=said,
        capture_output=True,
        text=True,
        timeout=600,
        start_new_session=True,
    )


def build(home: Path) -> None:
    from gongkai.instance import Instance

    Instance.found(home, demo=True, created="2021-01-01T00:00:00+08:00")
    _setup()
    from django.db import connection

    from gongkai.disclosure import items
    from gongkai.review import releases
    from tests import migrated
    from tests.conftest import make_office
    from tests.items import approve, drafted, released, submitted

    migrated.fill(connection)
    office = make_office()
    released(office)
    item = drafted(office, title="带附件的公告", body="<p>只在这里出现的一段话。</p>")
    items.attach(office.actor("handler"), item, "附件正文：征收范围说明。".encode(), "说明.txt")
    revision = submitted(office, item)
    for step in (1, 2, 3):
        approve(office, revision, step)
    releases.withdraw(office.actor("handler"), released(office, title="撤下的公告").live, reason="error")


def the_office() -> object:
    from gongkai.agencies.models import Agency, Person
    from tests.conftest import Office

    agencies = {agency.code: agency for agency in Agency.objects.all()}
    people = {person.username: person for person in Person.objects.select_related("agency")}
    return Office(agencies["XG0123"], agencies["410303"], people)


def work() -> None:
    from gongkai.review import releases
    from tests.items import approve, drafted, submitted

    office = the_office()
    number = 0
    while True:
        number += 1
        item = drafted(office, title=f"第{number}件")
        print("drafted", flush=True)
        revision = submitted(office, item)
        print("submitted", flush=True)
        for step in (1, 2, 3):
            approve(office, revision, step)
            print(f"step {step}", flush=True)
        if number % 2 == 0:
            releases.withdraw(office.actor("handler"), revision.release, reason="error")
            print("withdrawn", flush=True)


def look() -> list[str]:
    """Everything that a reader could see half done, after the sweeper has run."""
    from datetime import timedelta

    from gongkai.channels import site
    from gongkai.disclosure.models import Item
    from gongkai.journal import chain, clock, guards, sweeping
    from gongkai.journal.models import Outbox
    from gongkai.review import caches
    from gongkai.review.models import Content, Release, Revision

    with clock.at(clock.now() + timedelta(minutes=10)):
        sweeping.sweep(everything=True)
    found = [fault.message for fault in chain.verify()] + guards.missing() + caches.differences()
    found += site.differences()
    found += [f"outbox {row} {row.last_error}" for row in Outbox.objects.filter(done_at__isnull=True)]
    for revision in Revision.objects.all():
        whole = (
            revision.editors.exists()
            and revision.screenings.count() == 1
            and Content.objects.filter(pk=revision.digest).exists()
        )
        found += [] if whole else [f"half a revision {revision.pk}"]
    for release in Release.objects.select_related("revision"):
        item = Item.objects.get(pk=release.subject_id)
        public = not hasattr(release, "withdrawal")
        right = (
            item.index_number
            and (item.state == "public") == public
            and (item.live_id == release.pk) == public
        )
        right = right and release.revision.approvals.filter(decision="passed").count() == 3
        found += [] if right else [f"half a release {release.pk} {item.state}"]
    public = Item.objects.filter(state="public").exclude(live__isnull=False)
    return found + [f"public without a release {item.pk}" for item in public]


def _setup() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.config.settings"
    import django

    django.setup()


if __name__ == "__main__":
    if sys.argv[2] == "build":
        build(Path(sys.argv[1]))
    else:
        _setup()
        if sys.argv[2] == "work":
            work()
        print(json.dumps(look(), ensure_ascii=False))
