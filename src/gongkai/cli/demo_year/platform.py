"""What the public platform holds beyond plain texts, one or two of each: a policy document with its interpretation, a
project by stages, notices whose day comes or is over, a solicitation, a service guide, questions, a former address."""

import json
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from django.utils import timezone

from gongkai.channels import redirects
from gongkai.cli.demo_year.cast import Cast, morning
from gongkai.cli.demo_year.items import NOTE, release
from gongkai.disclosure import interpretations, items, opinions, projects, questions, standards
from gongkai.disclosure.content import KIND
from gongkai.disclosure.models import Item, Project, StandardField
from gongkai.reporting import statistics
from gongkai.review import drafts

FORMER = "/html/2022/0315/1088.html"
# Periods of the notices that are seen running and over today, in days from today.
ENDED, RUNNING, SOLICITED = (-24, -10), (-6, 12), (-9, 22)
HOW = {
    "how": "网上提交，或者书面送交本办综合科，写明事项和理由。",
    "contact": "综合科（演示），0379-00000000（演示）",
    "online": True,
}


def texts() -> dict[str, Any]:
    """The texts as written in data/platform.json."""
    text = files("gongkai.cli.demo_year").joinpath("data/platform.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def build(cast: Cast) -> None:
    """From 2022 to today, each on its day."""
    said = texts()
    with morning("2022-01-18"):
        fields = StandardField.objects.filter(code="expropriation")
        standards.set_duties(cast.actor("zonghe"), cast.office, list(fields))
    with morning("2022-03-15"):
        guide = release(cast, said["guide"] | {"formed_on": "2022-03-14"})
        redirects.add(None, FORMER, guide)
    _policy(cast, said)
    _project(cast, said["project"])
    _questions(cast, said)
    _notices(cast, said)
    statistics.refresh()


def _policy(cast: Cast, said: dict[str, Any]) -> None:
    """Document and interpretation are released in one act."""
    with morning("2022-04-12"):
        row = said["policy"] | {
            "attribute": "proactive",
            "variety": "policy",
            "formed_on": "2022-04-08",
            "effective_on": "2022-05-01",
            "source": cast.office.name,
            "how_obtained": "made",
        }
        clerk = cast.actor("jingban")
        document, _draft = items.begin(clerk, cast.office, row | {"body": row["body"] + NOTE})
        told = interpretations.begin(clerk, document)
        _complete(cast, told, said["interpretation"] | {"formed_on": "2022-04-08"})
        for item in (document, told):
            cast.review(cast.submit(KIND, item.pk))


def _complete(cast: Cast, item: Item, said: dict[str, Any]) -> None:
    draft = drafts.draft_of(KIND, item.pk)
    assert draft is not None
    points = {"points": said.pop("points"), "who": "drafter"}
    said |= {"body": said["body"] + NOTE, "source": cast.office.name, "how_obtained": "made"}
    content = draft.content | said | {"more": draft.content["more"] | points}
    items.save(cast.actor("jingban"), item, content, version=draft.version)


def _questions(cast: Cast, said: dict[str, Any]) -> None:
    with morning("2022-06-20"):
        for row in said["questions"]:
            more = {
                "question": row["question"],
                "subject": row["subject"],
                "origin": "hotline",
                "policy": "",
            }
            text = {
                "title": row["title"],
                "summary": row["question"],
                "body": row["body"],
                "column": questions.COLUMN,
                "five_open": "service",
                "formed_on": "2022-06-17",
                "variety": questions.CODE,
                "more": more,
            }
            release(cast, text)


def _project(cast: Cast, said: dict[str, Any]) -> None:
    """The points that are not items of 2021: a decision, what was posted within the area or put on record."""
    project = Project.objects.get(agency=cast.office)
    for point, day, until, where, note in said["postings"]:
        with morning(day):
            projects.post(
                cast.actor("jingban"),
                project,
                point=point,
                where=where,
                on=date.fromisoformat(day),
                until=date.fromisoformat(until) if until else None,
                by="综合科（演示）",
                note=note,
            )
    with morning("2022-04-18"):
        release(
            cast, said["decision"] | {"formed_on": "2022-04-15", "project_point": f"{project.code}/decision"}
        )


def _notices(cast: Cast, said: dict[str, Any]) -> None:
    """One that is over and shows its second text, one that runs, and a draft on which two people have written."""
    _posted(cast, said["ended"], ENDED)
    _card(cast, said["project"]["card"])
    row = dict(said["solicitation"])
    more = {"posting": "other_solicitation", "at_end": "keep", "explanation": row.pop("explanation")}
    asked = _notice(cast, row | {"variety": "solicitation"}, more, SOLICITED)
    _posted(cast, said["running"], RUNNING)
    for place, (stance, text) in enumerate(said["opinions"]):
        with morning(timezone.localdate() - timedelta(days=5 - place)):
            opinions.receive(asked, opinions.Said(text=text, name="来信群众（演示）"), stance=stance)


def _card(cast: Cast, said: dict[str, Any]) -> None:
    day = timezone.localdate() - timedelta(days=14)
    with morning(day):
        project = Project.objects.get(agency=cast.office)
        more = said["more"] | {"project": project.code, "figures_on": day.isoformat()}
        release(cast, said | {"formed_on": day.isoformat(), "variety": "project", "more": more})


def _posted(cast: Cast, said: dict[str, Any], days: tuple[int, int]) -> None:
    row = dict(said)
    more = {"posting": "resettlement", "at_end": "replace", "after": row.pop("after") + NOTE}
    more["after_summary"] = row.pop("after_summary")
    _notice(cast, row | {"variety": "notice"}, more, days)


def _notice(cast: Cast, row: dict[str, Any], more: dict[str, Any], days: tuple[int, int]) -> Item:
    first, last = (timezone.localdate() + timedelta(days=each) for each in days)
    with morning(first):
        period = {"begins": first.isoformat(), "ends": last.isoformat()}
        return release(cast, row | {"formed_on": first.isoformat(), "more": HOW | more | period})
