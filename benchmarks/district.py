"""A district of sixty agencies and its year: compile, check and freeze every report, roll them up, beside one GROUP BY.

The peer answers one question, in one hand-written query over the same table: the dealt-with applications by agency,
row and kind. Compiling answers every figure of every report with the key of every record behind it (I5), the checks and
the frozen content come on top, and the roll-up adds the reports. What both know is compared cell by cell, and the
roll-up with the sum of the records: the run ends with exit code 1 on a difference.

With --reviewed the reports are not loaded as released: three people of each agency write, submit and approve them, the
district checks and accepts them, the journal on and the public files written, as in January.

A size that `--state` names as done is not measured again, so a broken run goes on where it stopped.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks import instances
from benchmarks.measuring import ms, note, table

YEAR = 2021
AGENCIES = 60
# On PostgreSQL what is beyond is written by the server from these.
AT_ONCE = 20_000
GROUPED = (
    "SELECT agency_id, row, applicant_kind, COUNT(*) FROM applications_application "
    "WHERE matter = 'information' AND answered_on BETWEEN '2021-01-01' AND '2021-12-31' "
    "GROUP BY agency_id, row, applicant_kind"
)
HEAD = ("applications", "step", "seconds", "queries", "ratio to the peer")


def agencies_below(cast: Any, count: int) -> list[Any]:
    """`count` departments of the demonstration's district, its office among them."""
    from gongkai.agencies.models import Agency

    more = [
        Agency.objects.create(name=f"演示机关{n:02d}", code=f"YS{n:04d}", parent=cast.district)
        for n in range(1, count)
    ]
    return [cast.office, *more]


def applications(agencies: list[Any], begin: int, end: int) -> Iterator[list[Any]]:
    """Applications of the year and of the weeks before it; one in twelve is still open at the end."""
    from benchmarks import rows

    for n in range(begin, end):
        draw = random.Random(n)
        day = date(YEAR - 1, 12, 1) + timedelta(days=draw.randrange(396))
        answered = day + timedelta(days=draw.randrange(3, 40)) if draw.randrange(12) else None
        yield [rows.case(draw.choice(agencies), n, day, answered)]


def multiplied(times: int) -> None:
    """Write every application so many times in all, inside PostgreSQL: under other keys and numbers, else alike."""
    from django.db import connection

    from gongkai.applications.models import Application

    anew = {
        field.column: "gen_random_uuid()"
        for field in Application._meta.concrete_fields
        if field.primary_key or field.column in ("submission", "case_key")
    }
    names = [field.column for field in Application._meta.concrete_fields]
    said = [anew.get(name) or (f"{name} || '之' || n" if name == "number" else name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO applications_application ({', '.join(names)}) SELECT {', '.join(said)} "
            f"FROM applications_application, generate_series(2, {times}) AS n"
        )


def grouped() -> dict[tuple[str, str, str], int]:
    """The peer: agency, row and kind of applicant → dealt-with applications."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(GROUPED)
        return {(str(key).replace("-", ""), row, kind): n for key, row, kind, n in cursor.fetchall()}


def differences(
    agencies: list[Any], compiled: Mapping[Any, Any], peer: Mapping[tuple[str, str, str], int]
) -> list[str]:
    """Where a compiled report says another number than the peer, or counts what the peer does not."""
    found = []
    for agency in agencies:
        own = {(row, kind): n for (key, row, kind), n in peer.items() if key == agency.pk.hex}
        for (row, kind), n in own.items():
            said = compiled[agency.pk].value(f"applications.{row}.{kind}")
            if said != n:
                found.append(f"{agency}: {row} {kind} is {said}, the records give {n}")
        if (said := compiled[agency.pk].value("applications.r3_7.total")) != sum(own.values()):
            found.append(f"{agency}: {said} dealt with, the records give {sum(own.values())}")
    return found


def publish(agencies: list[Any], contents: Mapping[Any, dict[str, Any]], handler: Any) -> None:
    """Each report as if three people had released it, loaded past the journal (see rows.py)."""
    from django.db import transaction

    from benchmarks import rows
    from gongkai.agencies.models import REVIEWERS, Person
    from gongkai.journal import canon
    from gongkai.reporting.models import AnnualReport
    from gongkai.review.models import Content, Release, ReviewState, Revision, RevisionEditor, Screening

    people = [
        Person.objects.create_user(f"sanren{n}", None, name=f"三人之{n}（演示）", agency=agencies[0])
        for n in (1, 2, 3)
    ]
    for agency in agencies[1:]:
        for person, role in zip(people, REVIEWERS, strict=True):
            rows.appoint(person, agency, role)
    seats, at = rows.seats(), rows.at_noon(date(YEAR + 1, 1, 20))
    for n, agency in enumerate(agencies):
        text = canon.text({"content": contents[agency.pk]})
        digest = canon.sm3(text.encode())
        report = AnnualReport.objects.create(agency=agency, year=YEAR, created_by=handler, created_at=at)
        revision = Revision(
            subject_kind="report", subject_id=report.pk, agency=agency, number=1, title=str(report),
            digest=digest, submitted_by=handler, submitted_at=at,
        )  # fmt: skip
        release = Release(subject_kind="report", subject_id=report.pk, agency=agency, released_at=at, revision=revision, digest=digest)  # fmt: skip
        made = [
            Content(digest=digest, text=text),
            revision,
            RevisionEditor(revision=revision, person=handler),
            Screening(revision=revision, digest=digest, rules_version="benchmark", verdict="clear", at=at),
            *(
                row
                for step, seat in enumerate(seats[agency.pk], 1)
                for row in rows.taken(revision, step, seat, at)
            ),
            release,
            rows.state_of(revision, ReviewState.State.RELEASED),
        ]
        with transaction.atomic():
            rows.insert(iter([made]))
            report.live, report.state, report.published_at = release, AnnualReport.State.PUBLIC, at
            report.save()
        note(f"  report {n + 1} of {len(agencies)} loaded as released") if n % 20 == 19 else None


PROBLEMS = """（一）存在的主要问题
{0}公开第{1}类事项的时限把握不够严；与第{2}次检查提出的要求相比，解读形式仍然单一。
（二）改进情况
{0}按月核对第{1}类事项，逐项登记第{2}次检查的整改结果。"""


def staffed(agency: Any) -> list[Any]:
    """Three people for the three roles of the agency, as actors."""
    from benchmarks import rows
    from gongkai.agencies.models import REVIEWERS, Person
    from gongkai.agencies.policy import actor_for

    people = []
    for n, role in enumerate(REVIEWERS, 1):
        name = f"{agency.short_name or agency.name}之{n}（演示）"
        person = Person.objects.create_user(f"{agency.code}-{n}", None, name=name, agency=agency)
        rows.appoint(person, agency, role)
        people.append(person)
    return [actor_for(person) for person in people]


def reviewed(cast: Any, agencies: list[Any], clock: Callable[[], float]) -> list[list[Any]]:
    """The reports taken through the real review, filed, checked and accepted: the steps with time and queries."""
    from gongkai.cli.demo_year.cast import morning
    from gongkai.journal import outbox
    from gongkai.reporting import collecting, filing, filing_checks, reports
    from gongkai.reporting.models import Filing
    from gongkai.review import approvals, examination, subjects

    def write(n: int, actor: Any, agency: Any) -> tuple[Any, int]:
        report, draft = reports.begin(actor, agency, YEAR)
        said = PROBLEMS.format(agency.name, n + 1, n * 7 % 11 + 1)
        return report, reports.save(
            actor, report, draft.content | {"problems": said}, version=draft.version
        ).version

    def approve(revision: Any, three: list[Any]) -> None:
        kind = subjects.kind_of(revision.subject_kind)
        for step, actor in enumerate(three, 1):
            seen = examination.nothing_in_the_way(revision) if kind.examined(step) else None
            asked = dict.fromkeys((key for key, _words in kind.asked(step)), True)
            approvals.approve(actor, revision, step=step, opinion="同意。", checklist=asked, statement=seen)

    def check_all() -> None:
        filing_checks.ask(supervisor, YEAR)
        while filing_checks.work(60):
            pass

    with morning(date(YEAR + 1, 1, 20)):
        supervisor = cast.actor("quban")
        collecting.set_rule(supervisor, cast.district, collects=True, first_year=YEAR)
        people = [staffed(agency) for agency in agencies]
        written = [
            write(n, three[0], agency) for n, (three, agency) in enumerate(zip(people, agencies, strict=True))
        ]
        done = []
        revisions, used, asked = measured(
            clock,
            lambda: [
                reports.submit(three[0], report, version=version)
                for three, (report, version) in zip(people, written, strict=True)
            ],
        )
        done.append([f"submit {len(agencies)} reports: compile, freeze, screen, journal", used, asked])
        _none, used, asked = measured(clock, outbox.sweep)
        done.append(["keep the records behind each figure", used, asked])
        _none, used, asked = measured(
            clock,
            lambda: [approve(revision, three) for revision, three in zip(revisions, people, strict=True)],
        )
        done.append(["three people approve each; it is filed", used, asked])
        _none, used, asked = measured(clock, check_all)
        done.append(["the district checks all, with copied text", used, asked])
        filings = list(Filing.objects.filter(report__year=YEAR).select_related("report__agency", "revision"))
        _none, used, asked = measured(clock, lambda: [filing.accept(supervisor, each) for each in filings])
        done.append(["the district accepts each: published, public files written", used, asked])
    return done


def measured(clock: Callable[[], float], way: Callable[[], Any]) -> tuple[Any, float, int]:
    """What a step gives, how long it took, and how many queries it asked."""
    from benchmarks import plans

    begin = clock()
    with plans.watched() as seen:
        answer = way()
    return answer, clock() - begin, seen.count


def measure(cast: Any, agencies: list[Any], *, walked: bool = False) -> tuple[list[list[Any]], list[str]]:
    """The steps of January with their times, and every difference between figures and records."""
    from gongkai.journal import canon
    from gongkai.reporting import compiling, reports, rollup
    from gongkai.reporting.figures import Period
    from gongkai.reporting.models import AnnualReport
    from gongkai.rulebook.record_checks import check_rollup

    year, clock, lines = Period.of_year(YEAR), instances.clock(), []
    grouped()
    peer, base, asked = measured(clock, grouped)
    lines.append(["peer: one GROUP BY over the district", base, asked])
    compiled, used, asked = measured(
        clock, lambda: {one.pk: compiling.compile_figures(one, year) for one in agencies}
    )
    lines.append([f"compile {len(agencies)} reports", used, asked])
    wrong = differences(agencies, compiled, peer)
    contents, used, asked = measured(
        clock, lambda: {one.pk: reports.content_now(None, one, YEAR) for one in agencies}
    )
    lines.append(["compile, check and freeze them", used, asked])
    size = sum(len(canon.text(each)) for each in contents.values())
    lines.append([f"frozen contents: {size / 1e6:.1f} million characters", None, None])
    if not AnnualReport.objects.exists():
        if walked:
            lines += reviewed(cast, agencies, clock)
        else:
            publish(agencies, contents, cast.people["jingban"])
        own = compiling.compile_figures(cast.district, year)
        whole, used, asked = measured(clock, lambda: rollup.add_up(cast.district, YEAR, own))
        lines.append(["roll up", used, asked])
        members = {one.name: one.tables for one in whole.counted if one.tables}
        found, used, asked = measured(clock, lambda: check_rollup(whole.compiled.tables, members))
        lines.append(["check the roll-up (C14)", used, asked])
        wrong += [one.message for one in found]
        wrong += [f"no figures of {one.name}: {one.missing}" for one in whole.missing]
        said = whole.compiled.value("applications.r3_7.total")
        if said != sum(peer.values()):
            wrong.append(f"roll-up: {said} dealt with, the records give {sum(peer.values())}")
    return [[name, used, asked, base] for name, used, asked in lines], wrong


def run(size: int, *, agencies: int, postgresql: bool, walked: bool) -> dict[str, Any]:
    """One size in an instance of its own: {"lines", "wrong"}."""
    with instances.temporary(postgresql=postgresql) as cast:
        from benchmarks import rows

        below = agencies_below(cast, agencies)
        note(f"loading {size:,} applications of {agencies} agencies past the journal …")
        begin = time.monotonic()
        first = min(size, AT_ONCE) if postgresql else size
        rows.insert(applications(below, 0, first))
        if first < size:
            multiplied(size // first)
        rows.settle()
        note(f"  loaded in {time.monotonic() - begin:.0f} s; compiling …")
        lines, wrong = measure(cast, below, walked=walked)
    return {"lines": lines, "wrong": wrong}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.district", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="applications of the district")
    parser.add_argument("--agencies", type=int, default=AGENCIES)
    parser.add_argument("--state", type=Path, help="a JSON file that keeps the sizes done")
    parser.add_argument("--postgresql", action="store_true", help=f"on the server of {instances.POSTGRESQL}")
    parser.add_argument(
        "--reviewed", action="store_true", help="three people release each report, one by one"
    )
    said = parser.parse_args()
    done: dict[str, Any] = {}
    if said.state and said.state.exists():
        done = json.loads(said.state.read_text("utf-8"))
    place = f"{'postgresql' if said.postgresql else 'sqlite'} {said.size} {said.agencies}{' reviewed' if said.reviewed else ''}"
    if place not in done:
        done[place] = run(said.size, agencies=said.agencies, postgresql=said.postgresql, walked=said.reviewed)
        if said.state:
            said.state.write_text(json.dumps(done, ensure_ascii=False, indent=1), "utf-8")
    rows_ = [
        (
            f"{said.size:,}",
            name,
            "" if used is None else ms(used) + " ms",
            "" if asked is None else asked,
            "" if used is None else f"{used / base:.1f}",
        )
        for name, used, asked, base in done[place]["lines"]
    ]
    table(
        f"A district of {said.agencies} agencies, {place.split()[0]}",
        ("applications", "step", "time", "queries", "ratio to the peer"),
        rows_,
    )
    for line in done[place]["wrong"]:
        note(line)
    return 1 if done[place]["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
