"""Where a filing stands, derived from what happened to it; FilingState is a cache of that (I2)."""

from collections.abc import Iterator
from datetime import date

from gongkai.files.archives.retention import appraised_from
from gongkai.files.models import Appraisal, DestructionList, Filing, FilingState
from gongkai.journal import canon
from gongkai.journal.chain import Fault

State = FilingState.State
Result = Appraisal.Result


def standing(filing: Filing) -> tuple[str, date | None]:
    """The state, and the day from which the next appraisal is due (None: none is, or none ever)."""
    due: date | None = first_day(filing)
    state: str = State.FILED
    for row in filing.appraised.select_related("appraisal__decision").order_by("pk"):
        decision = getattr(row.appraisal, "decision", None)
        if decision is None:
            state = State.PROPOSED
        elif decision.agreed:
            state, due = _after(row.appraisal, due)
        else:
            state = State.FILED
    for made in lists_of(filing):
        if hasattr(made, "destruction"):
            return State.DESTROYED, None
        if all(step.agreed for step in made.steps.all()):
            state = State.LISTED
    return state, (due if state == State.FILED else None)


def first_day(filing: Filing) -> date:
    """The day from which a filing is appraised for the first time, by the settings of now."""
    return appraised_from(filing.agency, filing.year, filing.years)


def _after(appraisal: Appraisal, due: date | None) -> tuple[str, date | None]:
    match appraisal.result:
        case Result.EXTEND:
            return State.FILED, appraisal.until
        case Result.TRANSFER:
            return State.TRANSFERRED, None
        case _:
            return State.DOOMED, due


def lists_of(filing: Filing) -> list[DestructionList]:
    """Every list of destruction that names a filing, ended ones too, oldest first."""
    named = DestructionList.objects.filter(agency=filing.agency_id, content__contains=filing.pk.hex)
    return list(named.select_related("destruction").prefetch_related("steps").order_by("at", "pk"))


def refresh(filing: Filing) -> FilingState:
    """Make the cache of a filing anew from its events."""
    state, appraise_on = standing(filing)
    row, _made = FilingState.objects.update_or_create(
        filing=filing, defaults={"state": state, "appraise_on": appraise_on}
    )
    return row


def faults() -> Iterator[Fault]:
    """Filings whose cache is not what their events say, and lists of destruction that were changed."""
    for filing in Filing.objects.select_related("agency", "state").order_by("at").iterator(chunk_size=500):
        cached = getattr(filing, "state", None)
        if cached is None or cached.state != standing(filing)[0]:
            yield Fault(
                None, f"files_filingstate:{filing.pk}", f"档案 {filing.number} 的状态缓存与事件不符。"
            )
    for row in DestructionList.objects.order_by("at").iterator(chunk_size=500):
        if canon.sm3(row.content.encode()) != row.digest:
            yield Fault(
                None, f"files_destructionlist:{row.pk}", f"销毁清册 {row.number} 与其摘要不符，被改动。"
            )
