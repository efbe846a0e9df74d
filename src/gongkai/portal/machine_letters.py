"""Published letters with their answers for programs, cut by the year of publication."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from functools import partial
from uuid import UUID

from django.utils import timezone

from gongkai.agencies.papers import in_chinese
from gongkai.channels import addresses
from gongkai.channels.identity import identity
from gongkai.channels.renderers import Page, Standing
from gongkai.correspondence import publication
from gongkai.correspondence.models import Kind, Publication
from gongkai.portal import machine
from gongkai.portal.machine import SHELF, Row
from gongkai.portal.machine_lists import csv_of
from gongkai.review.submission import contents_of

FOLDER = f"{SHELF}/letters"
FIELDS = {
    "标题": "title",
    "类别": "kind",
    "来信日期": "received_on",
    "答复日期": "answered_on",
    "办理用时（工作日）": "days",
    "答复单位": "agency",
    "发布时间": "published",
    "来信": "question",
    "答复": "answer",
    "网址": "url",
}


def beside(subject: UUID | None) -> Iterator[Standing]:
    """The files that a letter changes; all of them for None."""
    if subject is None:
        years = _years()
    else:
        row = Publication.objects.filter(pk=subject, published_at__isnull=False).first()
        years = [timezone.localtime(row.published_at).year] if row else []
    for year in years:
        paths = tuple(f"{FOLDER}/{year}.{form}" for form in ("json", "csv"))
        yield Standing(f"data-letters:{year}", partial(_of_year, year), places=paths)
    yield Standing("data-letters", index)


def _years() -> list[int]:
    found = publication.letters().order_by().datetimes("published_at", "year", "DESC")
    return [timezone.localtime(moment).year for moment in found]


@in_chinese
def _of_year(year: int) -> list[Page]:
    site = identity()
    first, after = (
        timezone.make_aware(datetime.combine(date(each, 1, 1), time())) for each in (year, year + 1)
    )
    found = list(publication.letters().filter(published_at__gte=first, published_at__lt=after))
    rows = list(_rows(found, site.origin))
    if not rows:
        return []
    said = machine.head("letters", site, year=year)
    return [
        (f"{FOLDER}/{year}.json", machine.listed(said, "letters", rows)),
        (f"{FOLDER}/{year}.csv", csv_of(FIELDS, rows)),
    ]


def _rows(letters: Iterable[Publication], origin: str) -> Iterator[Row]:
    letters = list(letters)
    contents = contents_of([row.live.digest for row in letters])
    for row in letters:
        content = contents.get(row.live.digest)
        if content is None:
            continue
        yield {
            "title": content["title"],
            "kind": str(Kind(content["kind"]).label),
            "received_on": content["received_on"],
            "answered_on": content["answered_on"],
            "days": content.get("days"),
            "agency": row.agency.name,
            "published": machine.moment(row.published_at),
            "question": content["question"],
            "answer": content["answer"],
            "url": origin + addresses.folder_url(f"letters/{row.pk}"),
        }


def index() -> list[Page]:
    """Which years there are letters of."""
    site = identity()
    folder = f"{site.origin}/{FOLDER}"
    years = [
        {"year": year, "json": f"{folder}/{year}.json", "csv": f"{folder}/{year}.csv"} for year in _years()
    ]
    return [(f"{FOLDER}/index.json", machine.listed(machine.head("years", site), "years", years))]
