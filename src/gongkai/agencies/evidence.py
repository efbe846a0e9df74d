"""What `journal verify` checks of this room beyond its rows: every series of numbers is without gaps (I8)."""

from collections.abc import Iterator

from django.db.models import Count, Max

from gongkai.agencies.models import Agency, IssuedNumber, NumberSeries
from gongkai.journal.chain import Fault

Series = tuple[object, str, int]


def faults() -> Iterator[Fault]:
    """Series whose numbers are not 1, 2, 3 … up to the last one given out."""
    given: dict[Series, tuple[int, int]] = {
        (row["agency"], row["kind"], row["year"]): (row["count"], row["highest"])
        for row in IssuedNumber.objects.values("agency", "kind", "year").annotate(
            count=Count("pk"), highest=Max("value")
        )
    }
    names = dict(Agency.objects.values_list("pk", "name"))
    for series in NumberSeries.objects.order_by("pk").iterator(chunk_size=2000):
        count, highest = given.pop((series.agency_id, series.kind, series.year), (0, 0))
        if not count == highest == series.last:
            yield _fault(names, (series.agency_id, series.kind, series.year))
    for key in given:
        yield _fault(names, key)


def _fault(names: dict[object, str], series: Series) -> Fault:
    agency, kind, year = series
    words = f"{names.get(agency, agency)}{year}年“{kind}”编号有缺号或与序列不符。"
    return Fault(None, f"agencies_numberseries:{agency}/{kind}/{year}", words)
